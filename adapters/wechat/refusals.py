"""What a failed call of a gateway means, as an `Answer`.

Gateways have no codes of their own: an error of the puppet behind them comes as UNKNOWN with the puppet's text, which
differs from puppet to puppet. The texts here were met with puppet-mock, wechat4u, padlocal and others, or are WeChat's
own. What is not known counts as unsure: a puppet may have failed after WeChat had taken the message.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from adapters.wechat.connection import REFUSING
from adapters.wechat.failures import AnswerLost, CallFailed, NotSent, Refused
from core.delivery import Ability, Answer, Done, Later, Never, Refusal, Unsure
from core.effects import Effect, Remove, Say

AWAY: Final = timedelta(seconds=5)
"""How long everything waits before it asks again whether the gateway is there."""
_LOGGED_OUT: Final = timedelta(seconds=30)
_TOO_FAST: Final = timedelta(minutes=30)
"""WeChat does not say for how long; accounts that go on at once are blocked."""


class _Texts(NamedTuple):
    means: Refusal | timedelta
    any_of: tuple[str, ...]


COMPLAINT: Final = timedelta(minutes=1)
"""How long nothing is said after an error that nobody knows."""
_HASTE: Final = ("frequen", "频繁", "频率", "blocked", "banned", "restricted", "封号", "封禁", "限制登录")
"""Said of the account itself, and not of a call, this is WeChat's word that it goes too fast, or too far."""

_KNOWN: Final = (
    _Texts(_LOGGED_OUT, ("not logged in", "not login", "no login", "logged out", "logout")),
    _Texts(_TOO_FAST, ("操作过于频繁", "操作太频繁", "too frequent", "rate limit", "ret: 1205", "too many requests")),
    _Texts(
        Refusal.UNREACHABLE,
        ("not friend", "not a friend", "not your friend", "朋友验证", "好友验证", "拒收", "stranger"),
    ),
    _Texts(Refusal.NO_RIGHT, ("not mine", "not owner", "not the owner", "no permission", "permission denied", "群主")),
    _Texts(Refusal.GONE, ("member not found", "not in the room", "not in room", "no such member")),
    _Texts(
        Refusal.NOT_THERE, ("room not found", "room  not found", "no payload found", "no such room", "chatroom not")
    ),
    _Texts(Refusal.UNABLE, ("not supported", "unsupported", "not implemented", "not support")),
)


def pause_after(error: str) -> timedelta:
    """How long to say nothing after an error that a gateway tells by itself; none for what concerns one call."""
    text = error.lower()
    if any(part in text for part in _HASTE):
        return _TOO_FAST
    known = _known(text)
    if known is None:
        return COMPLAINT
    return known.means if isinstance(known.means, timedelta) else timedelta()


def _known(text: str) -> _Texts | None:
    return next((known for known in _KNOWN if any(part in text for part in known.any_of)), None)


def answer_to(failed: CallFailed, effect: Effect) -> Answer:
    """What a failed call means for the effect that it was made for."""
    match failed:
        case NotSent():
            return Later(after=AWAY, why=str(failed), whole_bot=True)
        case AnswerLost():
            return Unsure(why=str(failed))
        case Refused():
            return _judged(failed, effect)
        case _:
            return Unsure(why=str(failed))


def _judged(failed: Refused, effect: Effect) -> Answer:
    why = str(failed)
    if failed.status in REFUSING:
        return Never(refusal=Refusal.CREDENTIALS, why=why)
    if failed.status == "UNIMPLEMENTED":
        return _never(Refusal.UNABLE, why, effect)
    if failed.status in ("RESOURCE_EXHAUSTED", "INVALID_ARGUMENT", "OUT_OF_RANGE"):
        return _never(Refusal.MALFORMED, why, effect)
    if failed.status == "UNAVAILABLE":
        return Later(after=AWAY, why=why, whole_bot=True)
    known = _known(failed.why.lower())
    if known is None:
        return Unsure(why=why)
    if isinstance(known.means, timedelta):
        return Later(after=known.means, why=why, whole_bot=True, flood=known.means == _TOO_FAST)
    return _never(known.means, why, effect)


def _never(refusal: Refusal, why: str, effect: Effect) -> Answer:
    private = isinstance(effect, Say) and effect.to is not None
    shows: Ability | None = None
    if isinstance(effect, Say) and (effect.picture is not None or effect.file is not None):
        shows = "file" if effect.picture is None else "picture"
    match refusal:
        case Refusal.GONE if isinstance(effect, Remove):
            return Done(note=why)
        case Refusal.NO_RIGHT:
            return Never(refusal=refusal, why=why, needs="remove" if isinstance(effect, Remove) else "say")
        case Refusal.NOT_THERE if private:
            return Never(refusal=Refusal.UNREACHABLE, why=why)
        case Refusal.UNABLE | Refusal.MALFORMED if shows is not None:
            return Never(refusal=Refusal.UNABLE, why=why, needs=shows)
        case _:
            return Never(refusal=refusal, why=why)
