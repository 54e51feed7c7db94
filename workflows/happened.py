"""What an event tells conditions and texts: the values of `msg`, `event`, `tier`, `check_in`, `warning` and `group`.

Only what is asked for is worked out. What needs the member's state is not here (see facts).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from core.events import (
    ButtonPressed,
    Event,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
)
from core.follow_ups import CheckedIn, OnboardingCompleted, PointsChanged, TierChanged, Warned
from core.workflow import Group
from workflows.links import domains_of, host_of

Posted = MessagePosted | MessageEdited

WHEN: Final[Mapping[str, frozenset[type]]] = {
    "message": frozenset((MessagePosted, MessageEdited)),
    "edit": frozenset((MessageEdited,)),
    "join": frozenset((MemberJoined,)),
    "leave": frozenset((MemberLeft,)),
    "join_request": frozenset((JoinRequested,)),
    "reaction": frozenset((ReactionChanged,)),
    "button": frozenset((ButtonPressed,)),
    "check_in": frozenset((CheckedIn,)),
    "tier_changed": frozenset((TierChanged,)),
    "onboarding_completed": frozenset((OnboardingCompleted,)),
    "points": frozenset((PointsChanged,)),
    "warned": frozenset((Warned,)),
}
"""What `when:` may say. A message is judged when it is posted and again when it is edited."""

SECTIONS: Final[Mapping[str, frozenset[str]]] = {
    "message": frozenset(("msg",)),
    "edit": frozenset(("msg",)),
    "check_in": frozenset(("check_in.streak", "check_in.challenge", "check_in.day", "check_in.late")),
    "tier_changed": frozenset(("tier.id", "tier.old")),
    "warned": frozenset(("warning.rule", "warning.live")),
}
"""What may be spoken of beside member, group, event, now and lists: whole sections, or some fields of one."""

_TYPES: Final[Mapping[type, str]] = {
    MessagePosted: "message",
    MessageEdited: "edit",
    MemberJoined: "join",
    MemberLeft: "leave",
    JoinRequested: "join_request",
    ReactionChanged: "reaction",
    ButtonPressed: "button",
    CheckedIn: "check_in",
    TierChanged: "tier_changed",
    OnboardingCompleted: "onboarding_completed",
    PointsChanged: "points",
    Warned: "warned",
}


def values(names: Iterable[str], event: Event, group: Group) -> dict[str, object]:
    """The sections that these variable names need, holding only the fields that are named. `now` is event.at."""
    found: dict[str, object] = {}
    for name in names:
        section, _, field = name.partition(".")
        if section == "now":
            found["now"] = event.at
            continue
        teller = _TELLERS.get(section)
        if teller is not None:
            told = found.setdefault(section, {})
            assert isinstance(told, dict)
            told[field] = teller(field, event, group)
    return found


_WORDS: Final[Mapping[type, str]] = {
    MessagePosted: "a message was written",
    MessageEdited: "a message was edited",
    MemberJoined: "somebody joined",
    MemberLeft: "somebody left",
    JoinRequested: "somebody asked to join",
    ReactionChanged: "somebody reacted",
    ButtonPressed: "a button was pressed",
    CheckedIn: "somebody checked in",
    TierChanged: "a tier changed",
    OnboardingCompleted: "onboarding was completed",
    PointsChanged: "points changed",
    Warned: "somebody was warned",
}


def kind(event: Event) -> str:
    """What happened by the word that `when:` has for it, "something" if it has none."""
    return _TYPES.get(type(event), "something")


def told(event: Event) -> str:
    """What happened in words, for a rule without any condition."""
    return _WORDS.get(type(event), "something happened")


class Fields(Mapping[str, object]):
    """Fields that are worked out when they are asked for, and never listed."""

    __slots__ = ()

    def __contains__(self, field: object) -> bool:
        return isinstance(field, str)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Telling(Fields):
    """The fields of one section. Not for `msg` and `group`."""

    __slots__ = ("_event", "_tell")

    def __init__(self, section: str, event: Event) -> None:
        self._tell = _TELLERS[section]
        self._event = event

    def __getitem__(self, field: str) -> object:
        return self._tell(field, self._event, _NO_GROUP)


class Grouped(Mapping[str, object]):
    """The fields of `group`."""

    __slots__ = ("_group",)

    def __init__(self, group: Group) -> None:
        self._group = group

    def __getitem__(self, field: str) -> object:
        return {
            "key": self._group.key,
            "name": self._group.community or self._group.key,
            "timezone": self._group.zone.key,
        }[field]

    def __iter__(self) -> Iterator[str]:
        return iter(("key", "name", "timezone"))

    def __len__(self) -> int:
        return 3


_NO_GROUP: Final = Group(key="")


def message(field: str, event: Posted) -> object:
    """One field of `msg`. `normalized` and `hits` are not told here: they need the word lists."""
    match field:
        case "text":
            return event.text
        case "kind":
            return event.kind
        case "length":
            return len(event.text)
        case "lines":
            return event.text.count("\n") + 1 if event.text else 0
        case "mentions":
            return list(dict.fromkeys(str(one.account) for one in event.mentions))
        case "links":
            return list(links(event))
        case "domains":
            return list(domains(event))
        case "reply":
            return event.reply_to is not None
        case "forwarded":
            return event.forwarded
        case "edited":
            return type(event) is MessageEdited
        case "has_media":
            return event.kind != "text"
        case "topic":
            return event.topic or ""
        case _:
            raise KeyError(field)


def links(event: Posted) -> tuple[str, ...]:
    """Every link once: those the platform told of, hidden ones included, then those written with a scheme, then the
    hosts of those that are written in any other way."""
    text = event.text
    written = [word for word in _words(text) if "://" in word] if "://" in text else ()
    told = tuple(dict.fromkeys((*event.links, *written)))
    known = frozenset(host_of(link) for link in told)
    return (*told, *(host for host in domains_of(text) if host not in known))


def domains(event: Posted) -> tuple[str, ...]:
    """Host names of the links, as `links` reads them; links without a host have none."""
    return domains_of(event.text, event.links)


# Where a link ends in running text: Chinese goes on without a space, and closing marks are not part of it.
_ENDS: Final = str.maketrans(dict.fromkeys("<>\"'`，。！？；：、（）【】《》「」『』“”‘’…()[]{}|", " "))


def _words(text: str) -> Iterable[str]:
    for word in text.translate(_ENDS).split():
        # A scheme is the run of letters before "://"; what stands before it is text that touches the link.
        start = head = max(word.find("://"), 0)
        while head > 0 and (word[head - 1].isascii() and (word[head - 1].isalnum() or word[head - 1] in "+-.")):
            head -= 1
        yield word[head if start else 0 :].rstrip(".,;:!?")


def _message(field: str, event: Event, group: Group) -> object:
    if isinstance(event, MessagePosted | MessageEdited):
        return message(field, event)
    return _NO_MESSAGE[field]


_NO_MESSAGE: Final[Mapping[str, object]] = {
    "text": "",
    "normalized": "",
    "kind": "",
    "length": 0,
    "lines": 0,
    "mentions": [],
    "links": [],
    "domains": [],
    "hits": [],
    "reply": False,
    "forwarded": False,
    "edited": False,
    "has_media": False,
    "topic": "",
}


def _event(field: str, event: Event, group: Group) -> object:
    match field:
        case "type":
            return _TYPES.get(type(event), "other")
        case "emoji":
            return list(event.emoji) if isinstance(event, ReactionChanged) else []
        case "amount":
            return event.amount if isinstance(event, PointsChanged) else 0
        case "rule":
            return event.rule if isinstance(event, Warned) else ""
        case "by_admin":
            return isinstance(event, MemberJoined) and event.added_by_admin
        case "invite":
            return (event.invite or "") if isinstance(event, MemberJoined | JoinRequested) else ""
        case "private":
            return isinstance(event, MessagePosted) and event.private
        case _:
            raise KeyError(field)


def _tier(field: str, event: Event, group: Group) -> object:
    if isinstance(event, TierChanged):
        return (event.new if field == "id" else event.old) or ""
    return ""


def _check_in(field: str, event: Event, group: Group) -> object:
    if not isinstance(event, CheckedIn):
        return {"streak": 0, "late": False}.get(field, "")
    told = {
        "streak": event.streak,
        "challenge": event.challenge,
        "day": event.day.isoformat(),
        "late": event.late,
    }
    return told[field]


def _warning(field: str, event: Event, group: Group) -> object:
    if not isinstance(event, Warned):
        return 0 if field == "live" else ""
    return event.live if field == "live" else event.rule


def _group(field: str, event: Event, group: Group) -> object:
    return Grouped(group)[field]


_TELLERS: Final = {
    "msg": _message,
    "event": _event,
    "tier": _tier,
    "check_in": _check_in,
    "warning": _warning,
    "group": _group,
}
