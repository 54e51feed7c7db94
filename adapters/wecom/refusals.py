"""What WeCom's error codes mean (developer.work.weixin.qq.com/document/path/90313), as an `Answer`."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from adapters.wecom.webhook import CallFailed, NotSent, Refused
from core.delivery import Answer, Later, Never, Refusal, Unsure

_A_MINUTE: Final = timedelta(minutes=1)
"""Twenty messages a minute are allowed; more are refused until the minute is over."""
_LATER: Final = {-1: timedelta(seconds=5), 6000: timedelta(seconds=5), 45009: _A_MINUTE, 45033: timedelta(seconds=5)}
_NEVER: Final = {
    93000: Refusal.CREDENTIALS,  # the key is wrong, or the robot was taken out of the group
    93004: Refusal.NO_RIGHT,  # the robot is disabled
    93008: Refusal.NOT_THERE,  # not in the group
    40008: Refusal.UNABLE,  # no such kind of message
    48002: Refusal.UNABLE,  # no such call for this robot
}


def answer_to(failed: CallFailed) -> Answer:
    """What a failed post means. Codes that are not known are our own mistake: WeCom checks before it posts."""
    match failed:
        case NotSent():
            return Later(after=timedelta(seconds=5), why=str(failed), whole_bot=True)
        case Refused(code=code) if code in _LATER:
            return Later(after=_LATER[code], why=str(failed), flood=True)
        case Refused(code=code):
            refusal = _NEVER.get(code, Refusal.MALFORMED)
            return Never(refusal=refusal, why=str(failed), needs="say" if refusal is Refusal.NO_RIGHT else None)
        case _:
            return Unsure(why=str(failed))
