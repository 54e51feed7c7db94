"""What the assistant would have done in both homes: matched by event, workflow, kind and whom it is for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from core.ports import OutboxRow
from jobs.report.against.abreast import abreast, matched, root_of
from jobs.report.against.counts import Count
from jobs.report.against.shape import AnswerChange, Both
from jobs.report.against.side import QUOTED, Side
from jobs.report.gathering import quoted
from jobs.report.summary import Sent
from jobs.report.witness import excerpt

_LATE = 40
_LEADING = 12


def answer_changes(before: Side, after: Side) -> tuple[AnswerChange, ...]:
    """Everything that either home does, by workflow and kind."""
    found: dict[tuple[str, str], _Answers] = defaultdict(_Answers)
    one = before.simulation.books.outbox(before.simulation.group.key)
    other = after.simulation.books.outbox(after.simulation.group.key)
    for left, right in abreast(one, other):
        for was, now in matched(left, right, _key, _seen):
            row = now or was
            assert row is not None, "a pair holds something"
            found[row.workflow, row.kind].see(was, now, before, after)
    return tuple(found[key].told(*key) for key in sorted(found))


def _key(row: OutboxRow) -> tuple[str, ...]:
    return root_of(row), row.workflow, row.kind, str(getattr(row.effect, "to", None) or "")


def _seen(row: OutboxRow) -> Hashable:
    """What people can see of it: words and the labels of buttons; of what has none, all of it."""
    words = getattr(row.effect, "words", None)
    if words is None:
        return row.effect
    labels = tuple(choice.label for choice in getattr(row.effect, "choices", ()))
    return words, labels, getattr(row.effect, "picture", None)


@dataclass(slots=True)
class _Answers:
    """What is gathered of one workflow and kind."""

    before: int = 0
    after: int = 0
    gained: int = 0
    lost: int = 0
    otherwise: int = 0
    new: list[Sent] = field(default_factory=list)
    gone: list[Sent] = field(default_factory=list)
    other: list[Both] = field(default_factory=list)

    def see(self, was: OutboxRow | None, now: OutboxRow | None, before: Side, after: Side) -> None:
        self.before += was is not None
        self.after += now is not None
        if was is not None and now is not None:
            if _seen(was) == _seen(now):
                return
            self.otherwise += 1
            if len(self.other) < QUOTED:
                self.other.append(_both(_whole(was, before), _whole(now, after)))
        elif now is not None:
            self.gained += 1
            if len(self.new) < QUOTED:
                self.new.append(_quoted(now, after))
        elif was is not None:
            self.lost += 1
            if len(self.gone) < QUOTED:
                self.gone.append(_quoted(was, before))

    def told(self, workflow: str, kind: str) -> AnswerChange:
        return AnswerChange(
            workflow=workflow,
            kind=kind,
            times=Count(before=self.before, after=self.after),
            gained=self.gained,
            lost=self.lost,
            otherwise=self.otherwise,
            gained_examples=tuple(self.new),
            lost_examples=tuple(self.gone),
            otherwise_examples=tuple(self.other),
        )


def _whole(row: OutboxRow, side: Side) -> Sent:
    """As `_quoted`, with all of its words, on one line."""
    return quoted(row, side.people, withheld=side.people.hidden, whole=True)


def _both(before: Sent, after: Sent) -> Both:
    """The words from shortly before they part: of long ones the beginning may be all that is the same."""
    same = next(
        (n for n, (one, other) in enumerate(zip(before.words, after.words, strict=False)) if one != other),
        min(len(before.words), len(after.words)),
    )
    start = same - _LEADING if same > _LATE else 0
    one, other = (
        replace(sent, words=excerpt(f"…{sent.words[start:]}" if start else sent.words)) for sent in (before, after)
    )
    return Both(before=one, after=other)


def _quoted(row: OutboxRow, side: Side) -> Sent:
    """An answer with the beginning of its words, which may hold words of members: none where names are hidden."""
    return quoted(row, side.people, withheld=side.people.hidden)
