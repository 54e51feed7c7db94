"""Proof in two messages: a bare keyword waits for its photo, and a photo for its keyword.

The keyword's own time decides the day and the window. A bare keyword that stays alone is answered once, gently, after a
while, because the photo is usually on its way.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from core import state
from core.decision import NOTHING, Decision, DropTimer, Put, SetTimer
from core.effects import Say
from core.events import MessageEdited, MessagePosted, TimerDue
from core.people import Account, platform_of
from core.state import Slot
from core.workflow import View
from workflows.check_in_book import Book, name_of
from workflows.check_in_options import CheckIns, Proof
from workflows.check_in_telling import fitting, media, to_show
from workflows.check_in_words import says

_LATE_FOR_A_NUDGE: Final = timedelta(minutes=30)
"""So long after its time nobody is told any more what is missing: the photo came, or the day went on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A keyword that came without its proof."""

    message: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A photo, voice message ... that came without a keyword."""

    kind: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The halves of check-ins that one member has sent, by challenge."""

    asked: dict[str, Asked] = field(default_factory=dict)
    shown: Shown | None = None


WAITING = Slot("check_in.waiting", Waiting)
NOT_WAITING = Waiting()


def proves(proof: Proof, rest: str, event: MessagePosted | MessageEdited) -> bool:
    """Whether a message with the keyword shows by itself what is asked for."""
    return (proof.min_chars is not None and says(rest, proof.min_chars)) or event.kind in proof.or_


def proven_before(proof: Proof, event: MessagePosted | MessageEdited, waiting: Waiting) -> bool:
    """Whether what is asked for was shown just before."""
    shown = waiting.shown
    return shown is not None and shown.kind in proof.or_ and _within(proof, shown.at, event.at)


def _within(proof: Proof, first: datetime, second: datetime) -> bool:
    """Whether two messages are close enough to belong together."""
    return timedelta() <= second - first <= proof.pair_within


def wait_for_proof(book: Book, waiting: Waiting, message: str) -> Decision:
    """Keep the keyword in mind, and look again in a while."""
    proof = book.challenge.proof
    assert proof is not None
    asked = Asked(message=message, at=book.at)
    return Decision(
        changes=(Put(WAITING.of(book.account), replace(waiting, asked={**waiting.asked, book.id: asked})),),
        timers=(SetTimer(key=_nudge(book.id, book.account), at=book.at + proof.remind_after, member=book.account),),
        because=("the keyword came without its proof",),
        rule=book.id,
    )


def no_longer_waiting(book: Book, view: View) -> tuple[tuple[Put, ...], tuple[DropTimer, ...]]:
    """Forget both halves once the check-in is whole."""
    waiting = view.get(WAITING.of(book.account))
    if waiting is None or (book.id not in waiting.asked and waiting.shown is None):
        return (), ()
    asked = {id_: kept for id_, kept in waiting.asked.items() if id_ != book.id}
    kept = Waiting(asked=asked) if asked else None
    return (Put(WAITING.of(book.account), kept),), (DropTimer(_nudge(book.id, book.account)),)


def nudge(event: TimerDue, options: CheckIns, view: View, account: Account) -> Decision:
    """What is missing, said once to a member whose keyword stayed alone."""
    id_ = event.key.split(":")[1]
    challenge = options.root.get(id_)
    asked = (view.get(WAITING.of(account)) or NOT_WAITING).asked.get(id_)
    if challenge is None or challenge.proof is None or asked is None or event.at - event.due > _LATE_FOR_A_NUDGE:
        return NOTHING
    group = view.group
    language = group.language_of(view.get(state.member(account)))
    values = {
        "name": name_of(id_, challenge, language),
        "challenge": id_,
        "min_chars": challenge.proof.min_chars or 0,
        "word": fitting(challenge.keywords, language),
        "media": media(group, challenge.proof, language),
    }
    key = f"check_in.nudge_{to_show(challenge.proof)}"
    if key == "check_in.nudge_words" and platform_of(account) in group.numbered:
        key = "check_in.nudge_words_anew"  # where there are no buttons, nothing can be edited, either
    words = group.texts.say(key, language, {"check_in": values})
    return Decision(
        effects=(Say(words=words, reply_to=asked.message, expires=event.due + _LATE_FOR_A_NUDGE),),
        because=("the keyword stayed without its proof",),
        rule=id_,
        about=account,
    )


def of_media(event: MessagePosted, options: CheckIns, view: View) -> list[tuple[str, Asked]]:
    """The challenges whose keyword waits for what a message without one shows, each with that keyword's message."""
    waiting = view.get(WAITING.of(event.actor.account)) or NOT_WAITING
    return [
        (id_, waiting.asked[id_])
        for id_, challenge in options.items()
        if challenge.proof is not None
        and event.kind in challenge.proof.or_
        and id_ in waiting.asked
        and _within(challenge.proof, waiting.asked[id_].at, event.at)
    ]


def _nudge(challenge: str, account: Account) -> str:
    return f"nudge:{challenge}:{account}"
