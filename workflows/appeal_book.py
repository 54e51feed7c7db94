"""What is kept of appeals, what can be appealed against, and the way there that stands under a sanction.

An appeal is about one act of the member's record (`workflows.acts`): once for each, while it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Literal

from core import state
from core.decision import Post
from core.effects import Choice, Say, Words, plain
from core.people import Account, Member
from core.state import WARNING, Entry, Key, Slot
from core.workflow import Group, Phrasebook, View
from workflows import acts, ladder
from workflows.acts import ACTS, Act, Acts, Back
from workflows.appeal_options import Appeals
from workflows.commands import Command, Place
from workflows.mutes import MUTED, Muted

NAME: Final = "appeals"
COMMANDS: Final = (
    Command(name="appeal", zh=("申诉", "反馈"), places=frozenset((Place.GROUP, Place.PRIVATE)), bare=True),
)
APPEAL: Final = "appeal"
"""The kind of the ledger's facts "this was appealed against"; the rule is the one that acted."""
UPHELD: Final = "appeal_upheld"
"""The kind of the facts "and the admins agreed with the member"."""
REMEMBERED: Final = timedelta(days=90)
"""How long it is remembered, without words, that an act was appealed against: acts are forgotten sooner."""
_MOST_RULES: Final = 100
_UNDECIDED: Final = ("early", "open")

Stage = Literal["early", "open", "upheld", "turned_down"]
"""An early one waits for its time; nobody but the member has read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """One appeal. `words` are the member's own, until they are forgotten."""

    at: datetime
    rule: str = ""
    words: str = ""
    stage: Stage = "open"
    decided: datetime | None = None


@dataclass(frozen=True, slots=True)
class Appealed:
    """The appeals of one member by the act's id; `writing` is the act whose appeal they write next, until `until`.

    It is "?" if they have to choose the act first.
    """

    of: dict[str, Appeal] = field(default_factory=dict)
    writing: str = ""
    until: datetime | None = None

    def with_one(self, id_: str, appeal: Appeal) -> Appealed:
        """With one more, or one that changed; what is long over is dropped."""
        recent = {
            key: one for key, one in self.of.items() if appeal.at - one.at < REMEMBERED or one.stage in _UNDECIDED
        }
        return replace(self, of={**recent, id_: appeal})

    def asked(self, at: datetime) -> bool:
        """Whether the member is to write an appeal next."""
        return bool(self.writing) and self.until is not None and self.until > at

    def written(self) -> Appealed:
        """With nothing that the member is to write next."""
        return replace(self, writing="", until=None)


APPEALED: Final = Slot("appeals.member", Appealed)


@dataclass(frozen=True, slots=True)
class Count:
    """How often a rule was appealed against, and what became of it."""

    appealed: int = 0
    upheld: int = 0
    turned_down: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of all rules."""

    of: dict[str, Count] = field(default_factory=dict)

    def counting(self, rule: str, stage: Stage) -> Tally:
        """With one more appeal that was made (`open`) or decided."""
        known = self.of.get(rule, Count())
        name = "appealed" if stage == "open" else stage
        counted = replace(known, **{name: getattr(known, name) + 1})
        rest = {key: one for key, one in self.of.items() if key != rule}
        return Tally(dict(list({**rest, rule: counted}.items())[-_MOST_RULES:]))

    def total(self) -> Count:
        """All rules together."""
        every = self.of.values()
        return Count(
            sum(one.appealed for one in every), sum(one.upheld for one in every), sum(one.turned_down for one in every)
        )


TALLY: Final = Slot("appeals.tally", Tally)


def reads(who: Account) -> tuple[Key[Any], ...]:
    """The state that `open_to` looks at."""
    return (ACTS.of(who), APPEALED.of(who), MUTED.of(who), state.entries(WARNING, who), state.member(who))


def standing(who: Account, view: View, at: datetime, within: timedelta) -> Iterator[tuple[str, Act]]:
    """What was done about a member and still stands, the newest first, by its id."""
    member: Member | None = view.get(state.member(who))
    muted: Muted | None = view.get(MUTED.of(who))
    warnings: tuple[Entry, ...] = view.get(state.entries(WARNING, who))
    gone = member is not None and member.left is not None
    held = view.get(ACTS.of(who)) or Acts()
    for id_, act in reversed(held.last.items()):
        if act.undone or at - act.at > within:
            continue
        for verb in (did.partition(" ")[0] for did in act.did):
            if (
                (verb == "warn" and _counts(act, at, warnings))
                or (verb == "mute" and muted is not None and acts.lasts(id_, verb, held, at))
                or (verb == "remove" and gone)
                or (verb == "ban" and gone and acts.lasts(id_, verb, held, at))
            ):
                yield id_, act
                break


def _counts(act: Act, at: datetime, warnings: tuple[Entry, ...]) -> bool:
    """Whether a warning of the act is live and not forgiven."""
    backs = [Back.read(written) for written in act.back]
    keys = {back.arguments.get("key") for back in backs if back.verb == "forgive"}
    return any(entry.key in keys for entry in ladder.counting(warnings, at))


def fact(kind: str, member: Account, id_: str, rule: str, by: Account | None = None) -> Post:
    """What the ledger keeps of an appeal: once for each act."""
    reason = "appealed" if kind == APPEAL else "the appeal was upheld"
    return Post(kind=kind, member=member, amount=1, rule=rule, reason=reason, key=id_, by=by)


# The way there


def options(group: Group) -> Appeals | None:
    """How appeals are made in a group; None where they are not."""
    found = group.options(Appeals)
    return found if found is not None and found.open else None


def way(group: Group, language: str) -> tuple[Choice, ...]:
    """The button under a sanction that opens the private chat; none where nobody may appeal."""
    if options(group) is None:
        return ()
    return _way(group.texts, language)  # type: ignore[arg-type]


@lru_cache(maxsize=64)
def _way(texts: Phrasebook, language: str) -> tuple[Choice, ...]:
    return (Choice(label=plain(texts.say(f"{NAME}.way", language, {})), data=NAME, private=True),)


def notice(group: Group, member: Account, language: str, what: str, why: str) -> Say:
    """What somebody who is put out of the group, or muted, is told in private, if they ever wrote to the assistant."""
    words = _say(group, language, "put_out" if why else "put_out_plainly", group=called(group), what=what, why=why)
    return Say(words=words, to=member, choices=way(group, language), confidential=True)


def called(group: Group) -> str:
    """The group as its members know it."""
    return group.community or group.key


def _say(own: Group, language: str, key: str, **values: object) -> Words:
    return own.texts.say(f"{NAME}.{key}", language, {"appeal": values})
