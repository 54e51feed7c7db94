"""What is known to be true of a history, to hold the rules' hits against. See docs/simulate.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from core.errors import InputRefused
from core.events import Event
from core.ports import AuditRow
from core.system_words import in_chinese
from jobs.report.people import People
from jobs.report.summary import Quote, Verdict, iso
from jobs.report.witness import is_hit, words_of
from jobs.simulate import Simulation

_LISTED = 20
_QUOTED = 3


class Known(msgspec.Struct, forbid_unknown_fields=True):
    """The events that some rules should hit, and no others. Rules are named, or meant by what they do (`delete`)."""

    name: str
    events: list[str]
    rules: list[str] = []
    then: list[str] = []


class _Truth(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    known: list[Known]


def read(path: Path) -> list[Known]:
    """The contents of a truth.json. Raises InputRefused."""
    try:
        told = msgspec.json.decode(path.read_bytes(), type=_Truth)
    except OSError as error:
        raise InputRefused(
            f"{path} cannot be read ({error.strerror}); give the truth.json of the history.",
            f"{path} 读不了（{in_chinese(error)}）；请给这段历史的 truth.json。",
        ) from None
    except msgspec.DecodeError as error:
        raise InputRefused(
            f"{path.name} is no truth file ({error}); see docs/simulate.md for its form.",
            f"{path.name} 不是 truth 文件（{error}）；写法见 docs/simulate.zh.md。",
        ) from None
    return told.known


@dataclass(slots=True)
class Comparison:
    """Collects the hits of one piece of knowledge."""

    known: Known
    rules: set[str]
    events: set[str]

    def see(self, row: AuditRow) -> None:
        """One decision."""
        if not is_hit(row) or not (row.rule in self.known.rules or self._does(row.then)):
            return
        self.rules.add(row.rule)
        self.events.add(row.event.partition(">")[0])

    def _does(self, then: Iterable[str]) -> bool:
        return any(done.split(" ")[0] in self.known.then for done in then)

    @property
    def missed(self) -> set[str]:
        """The events that should have been hit and were not."""
        return set(self.known.events) - self.events

    @property
    def wrong(self) -> set[str]:
        """The events that should not have been hit."""
        return self.events - set(self.known.events)

    def verdict(self, people: People, missed: _Listed, wrong: _Listed) -> Verdict:
        """How well they agree. Precision is None without hits, recall without anything to find."""
        wanted = set(self.known.events)
        right = len(wanted & self.events)
        return Verdict(
            name=self.known.name,
            rules=tuple(sorted(self.rules)),
            known=len(wanted),
            hits=len(self.events),
            right=right,
            precision=round(right / len(self.events), 4) if self.events else None,
            recall=round(right / len(wanted), 4) if wanted else None,
            missed=tuple(map(people.clean, missed.ids)),
            wrong=tuple(map(people.clean, wrong.ids)),
            missed_quotes=tuple(_quote(event, people) for event in missed.quoted),
            wrong_quotes=tuple(_quote(event, people) for event in wrong.quoted),
        )


class _Listed:
    """The first of some events in the order of the history; those that it does not have come last."""

    def __init__(self, wanted: set[str]) -> None:
        self._left = wanted
        self._ids: list[str] = []
        self.quoted: list[Event] = []

    def see(self, event: Event) -> None:
        """The next event."""
        if event.id not in self._left:
            return
        self._left.discard(event.id)
        self._ids.append(event.id)
        if len(self.quoted) < _QUOTED:
            self.quoted.append(event)

    @property
    def ids(self) -> list[str]:
        return [*self._ids, *sorted(self._left)][:_LISTED]


def verdicts(simulation: Simulation, compared: Sequence[Comparison], people: People) -> tuple[Verdict, ...]:
    """What came of the comparisons. The history is read once more for what is quoted."""
    listed = [(_Listed(one.missed), _Listed(one.wrong)) for one in compared]
    for event in simulation.events(id_ for one in compared for id_ in one.missed | one.wrong):
        for missed, wrong in listed:
            missed.see(event)
            wrong.see(event)
    return tuple(one.verdict(people, *lists) for one, lists in zip(compared, listed, strict=True))


def _quote(event: Event, people: People) -> Quote:
    actor = getattr(event, "actor", None)
    return Quote(
        at=iso(event.at),
        person=people.called(actor.account) if actor is not None else "",
        event=people.clean(event.id),
        text="" if people.hidden else words_of(event),
    )


def comparisons(known: Iterable[Known]) -> list[Comparison]:
    """One for each piece of knowledge, empty."""
    return [Comparison(piece, set(), set()) for piece in known]
