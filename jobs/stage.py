"""What happens in a rehearsal, as events of its group: who does what when, and which message an answer is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, assert_never

from config.rehearsals import Act, Played, Rehearsal
from core.effects import Choice, Say, TellAdmins
from core.events import (
    ButtonPressed,
    Event,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
    Reply,
)
from core.memory import MemoryStore
from core.people import Account, Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One happening of a test: event `index`, for the `nth` time (from 1), at an instant."""

    id: str
    index: int
    nth: int
    at: datetime
    act: Act


def moments(test: Rehearsal) -> list[Moment]:
    """Everything that happens, by time; at one instant in the order in which it is written."""
    found = [
        Moment(
            id=f"event:{index}.{n + 1}" if act.repeat is not None else f"event:{index}",
            index=index,
            nth=n + 1,
            at=test.start.astimezone(UTC) + act.at + (n * act.repeat.every if act.repeat is not None else timedelta()),
            act=act,
        )
        for index, act in enumerate(test.events)
        for n in range(act.times)
    ]
    return sorted(found, key=lambda moment: moment.at)


def actor_of(name: str, played: Played | None) -> Actor:
    """A member of a test as a platform would tell of them."""
    known = played or Played.model_validate({})
    return Actor(account=Account(f"test:{name}"), name=name, language=known.language, admin=known.admin)


@dataclass(slots=True)
class Scribe:
    """Makes events of what happens, remembering which message belongs to which event."""

    group: str
    members: Mapping[str, Played | None]
    store: MemoryStore
    posted: dict[int, tuple[str, Actor, datetime]] = field(default_factory=dict)

    def event(self, moment: Moment) -> Event:
        """The event of a moment."""
        act, actor = moment.act, self._actor(moment.act.from_)
        id_, at, group = moment.id, moment.at, self.group
        match act.does:
            case "post":
                self.posted.setdefault(moment.index, (id_, actor, at))
                return MessagePosted(
                    id=id_, at=at, group=group, actor=actor, message=id_, private=act.private, **self._content(act)
                )
            case "edit":
                message, _, posted = self._about(act)
                self.posted.setdefault(moment.index, (message, actor, posted))
                return MessageEdited(
                    id=id_, at=at, group=group, actor=actor, message=message, posted=posted, **self._content(act)
                )
            case "recall":
                return MessageDeleted(id=id_, at=at, group=group, actor=actor, message=self._about(act)[0])
            case "join":
                by = self._actor(act.by) if act.by is not None else None
                added = by is not None and by.admin
                return MemberJoined(id=id_, at=at, group=group, actor=actor, by=by, added_by_admin=added)
            case "leave":
                by = self._actor(act.by) if act.by is not None else None
                return MemberLeft(id=id_, at=at, group=group, actor=actor, by=by)
            case "request":
                return JoinRequested(id=id_, at=at, group=group, actor=actor, words=act.text)
            case "press":
                return ButtonPressed(id=id_, at=at, group=group, actor=actor, data=self._pressed(act, actor))
            case "react":
                message, author, _ = self._about(act)
                emoji = (act.data,) if act.data else ()
                return ReactionChanged(
                    id=id_, at=at, group=group, actor=actor, message=message, emoji=emoji, author=author
                )
            case _:
                assert_never(act.does)

    def _actor(self, name: str) -> Actor:
        return actor_of(name, self.members.get(name))

    def _about(self, act: Act) -> tuple[str, Actor, datetime]:
        assert act.of is not None
        return self.posted[act.of]

    def _content(self, act: Act) -> dict[str, Any]:
        reply = None
        if act.reply_to is not None:
            message, author, _ = self.posted[act.reply_to]
            reply = Reply(message=message, author=author)
        names = dict.fromkeys((*act.mentions, *_spoken_to(act.text, self.members)))
        return {
            "text": act.text,
            "kind": act.kind,
            "mentions": tuple(self._actor(name) for name in names),
            "reply_to": reply,
            "forwarded": act.forwarded,
            "topic": act.topic,
        }

    def _pressed(self, act: Act, actor: Actor) -> str:
        """What the last button with these words, shown to this member, stands for; else the words themselves."""
        for row in reversed(list(self.store.outbox(self.group))):
            for choice in _choices(row.effect, actor.account):
                if act.data and act.data in choice.label:
                    return choice.data
        return act.data


def _choices(effect: object, account: Account) -> Sequence[Choice]:
    if isinstance(effect, TellAdmins) or (isinstance(effect, Say) and effect.chooser in (None, account)):
        return effect.choices
    return ()


def _spoken_to(text: str, names: Mapping[str, object]) -> Iterator[str]:
    """The members whom a text names with @; of two names the longer one is meant."""
    if "@" not in text:
        return
    for part in text.split("@")[1:]:
        fitting = [name for name in names if part.startswith(name)]
        if fitting:
            yield max(fitting, key=len)
