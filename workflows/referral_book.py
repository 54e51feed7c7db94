"""What is kept of invitations: of who was invited, of who invites, and the codes of those who have no link."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2s
from typing import Final, Literal

from core import state
from core.decision import Post
from core.people import Account
from core.state import Entry, Key, Slot
from workflows.facts import INVITE_COUNTED
from workflows.folding import normalized

NAME: Final = "referrals"
MADE: Final = "invite_made"
"""The kind of the facts "has a link or a code", once for each member."""
INVITED: Final = "invited"
"""The kind of the facts "somebody joined by this member's invitation"; the key is the newcomer's account."""
COUNTED: Final = INVITE_COUNTED
WITH_LINKS: Final = frozenset(("telegram",))
"""Platforms that make personal links."""

BURST: Final = timedelta(hours=1)
LATEST: Final = 10
"""How many invitations a member is shown."""
_MOST_CODES: Final = 2_000
_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH: Final = 6

Stage = Literal["pending", "held", "counted", "taken_back", "left", "lapsed", "refused"]
_OPEN: Final = frozenset(("pending", "held"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """Of somebody who was invited: by which account, when they joined and as which `account`, and what it came to.
    `points` are what was paid.

    Who left without having been invited has one too, so that coming back by a link is no first time.
    """

    by: str = ""
    joined: datetime
    account: str = ""
    stage: Stage = "pending"
    counted: datetime | None = None
    points: int = 0

    @property
    def open(self) -> bool:
        """Whether it can still count."""
        return self.stage in _OPEN

    def of(self, accounts: Container[str]) -> bool:
        """Whether it is about one of these accounts, as far as was written down."""
        return not self.account or self.account in accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Inviter:
    """Of somebody who invites: their link or code, and the last newcomers by account, oldest first, with the stage."""

    link: str = ""
    code: str = ""
    asked: datetime | None = None
    last: dict[str, Stage] = field(default_factory=dict)
    told: datetime | None = None

    def having(self, account: Account, stage: Stage) -> Inviter:
        """With a newcomer at a stage. Those that are decided make room first."""
        last: dict[str, Stage] = {**self.last, account: stage}
        over = [one for one, at in last.items() if at not in _OPEN][: max(0, len(last) - 2 * LATEST)]
        return replace(self, last={one: at for one, at in last.items() if one not in over})

    def count(self, *stages: Stage) -> int:
        """How many of the last newcomers are at one of these stages."""
        return sum(stage in stages for stage in self.last.values())


@dataclass(frozen=True, slots=True)
class Codes:
    """Whose each code is, newest last."""

    of: dict[str, str] = field(default_factory=dict)


INVITEE: Final = Slot("referrals.invitee", Invitee)
INVITER: Final = Slot("referrals.inviter", Inviter)
CODES: Final = Slot("referrals.codes", Codes)

_SAID: Final = re.compile(
    r"\s*(?:邀请码|推荐码|invite code|invitation code|referral code)[\s:是]*([0-9a-z]{6})\s*[.。!]?\s*"
)
_INITIALS: Final = frozenset("邀推iIrR")


def may_say_code(opening: str) -> bool:
    """Whether a text of an opening may say a code. See `Workflow.deaf`."""
    return opening[:1] in _INITIALS


def code_in(text: str) -> str | None:
    """The code that a message says, in capitals; None for nearly all messages."""
    if text[:1] not in _INITIALS or len(text) > 40:
        return None
    found = _SAID.fullmatch(normalized(text))
    return found[1].upper() if found is not None and not found[1].isalpha() else None


def code_for(group: str, account: Account, known: Mapping[str, str]) -> str:
    """A code for a member that nobody else has, without letters that look alike, with a digit, as no word has one.

    The same one when asked again.
    """
    for n in range(1_000):
        digest = int.from_bytes(blake2s(f"{group}|{account}|{n}".encode(errors="replace"), digest_size=8).digest())
        code = "".join(_LETTERS[digest >> 5 * place & 31] for place in range(_LENGTH))
        if not code.isalpha() and known.get(code, account) == account:
            return code
    raise RuntimeError("no code is free")


def with_code(codes: Codes, code: str, account: Account) -> Codes:
    """With one more. The oldest go when there are too many."""
    return Codes(dict(list({**codes.of, code: account}.items())[-_MOST_CODES:]))


def lately(inviter: Account, at: datetime) -> Key[tuple[Entry, ...]]:
    """Who joined by a member's invitation within the longest local day."""
    return state.entries(INVITED, inviter, at - timedelta(hours=25))


def fact(kind: str, inviter: Account, key: str, reason: str, amount: int = 1) -> Post:
    """A fact of the ledger, once for each newcomer."""
    return Post(kind=kind, member=inviter, amount=amount, rule=NAME, reason=reason, key=key)
