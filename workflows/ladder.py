"""Warnings: one ledger of them, whoever caused them, that expires and stays as history.

A warning is a fact of kind "warning" with amount 1. It counts while it is live; afterwards it can still be read. What
follows is decided by the number of live warnings, this one included: the highest step that is reached. So a gap
between steps keeps the lower one, and past the last step the last one is repeated.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import Field, model_validator

from core import state
from core.decision import Post
from core.effects import plain
from core.events import Event
from core.follow_ups import Warned
from core.people import Account, Actor
from core.quick import maker, quick
from core.state import WARNING, Entry, Key
from core.workflow import View
from workflows.options import Options, Span, span_text
from workflows.speaking import Speaks
from workflows.texts import Text

_post: Final = maker(Post)
_warned: Final = maker(Warned)

T = TypeVar("T")

BURST: Final = timedelta(seconds=60)
"""Within this time one member is warned once, whatever they do and whichever rule it is."""
FORGIVEN: Final = "forgiven:"
"""What the key of a fact begins with by which a warning counts no more."""


class Warn(Options):
    """A warning with its reason. Written as the reason, or with how long it counts."""

    text: Annotated[Text, Speaks("member", "group")] | None = Field(
        default=None, description="the reason, told to the member; without it the name of the rule is told"
    )
    expires: Span = Field(default=timedelta(days=30), description="how long the warning counts; it stays as history")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, written: Any) -> Any:
        """`warn: no ads please` and `warn: {zh: ..., en: ...}` are the reason alone."""
        if written is None:
            return {}
        if isinstance(written, str) or (
            isinstance(written, Mapping) and written and not set(written) & {"text", "expires"}
        ):
            return {"text": written}
        return written

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.expires <= timedelta():
            raise ValueError('a warning that expires at once never counts; write how long, like "30d"')
        return self


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a warning came to. `post` is None when none was given, and `because` says why.

    `live` counts the member's warnings that have not expired, a new one included.
    """

    post: Post | None = None
    live: int = 0
    because: str = ""
    told: bool = False


_verdict: Final = maker(Verdict)


def reads(member: Account) -> Key[Any]:
    """The state that `verdict` will look at."""
    return state.entries(WARNING, member)


def verdict(
    warn: Warn,
    event: Event,
    view: View,
    *,
    member: Account,
    rule: str,
    reason: str,
    by: Account | None = None,
    cooldown: timedelta = BURST,
) -> Verdict:
    """Whether the member is warned now. One message is warned about once per rule, one burst once over all rules."""
    history = view.get(reads(member))
    live = sum(entry.amount for entry in history if entry.live(event.at))
    about = getattr(event, "message", "")
    key = f"{rule}@{about}" if about else f"{rule}#{event.id}"
    if any(entry.key == key for entry in history):
        return _verdict(live=live, because="warned about this message before", told=True)
    last = max((entry.at for entry in history if entry.amount > 0 and entry.by is None), default=None)
    if last is not None and by is None and timedelta() <= event.at - last < cooldown:
        return _verdict(
            live=live, because=f"warned {span_text(event.at - last)} ago (< {span_text(cooldown)})", told=True
        )
    post = _post(
        kind=WARNING,
        member=member,
        amount=1,
        rule=rule,
        reason=reason,
        by=by,
        key=key,
        expires=event.at + warn.expires,
    )
    return _verdict(post=post, live=live + 1, because=f"live warnings: {live + 1}")


def counting(history: Collection[Entry], at: datetime) -> list[Entry]:
    """The warnings that count, oldest first: neither expired nor forgiven."""
    gone = forgiven(history)
    return [e for e in history if e.amount > 0 and e.live(at) and e.key not in gone]


def forgiven(history: Collection[Entry]) -> frozenset[str]:
    """The keys of the warnings that were taken back."""
    return frozenset(entry.key.removeprefix(FORGIVEN) for entry in history if entry.key.startswith(FORGIVEN))


def step(escalate: Mapping[int, T], live: int) -> T | None:
    """What the ladder asks for at so many live warnings: the highest step that is reached."""
    reached = [n for n in escalate if n <= live]
    return escalate[max(reached)] if reached else None


def warned(event: Event, actor: Actor, rule: str, live: int) -> Warned:
    """The follow-up that tells other workflows and rules."""
    return _warned(id=event.id, at=event.at, group=event.group, actor=actor, rule=rule, live=live)


def reason_in(warn: Warn, languages: tuple[str, ...], values: Mapping[str, object], otherwise: str) -> str:
    """The reason as history keeps it: in the group's first language."""
    return plain(warn.text.say(languages[0], values)) if warn.text is not None else otherwise
