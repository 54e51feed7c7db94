"""Codes by which somebody shows that two accounts are theirs. They wait in the house's record, beyond all groups.

A code is worked out from the event and the deployment's secret, and only its hash is kept. It names an offer and gives
no power: whoever enters it is named to whoever made it, and nothing is bound until they say yes.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from core.directory import CODE_BITS, hashed, spelled
from core.events import MessagePosted
from core.people import Account
from core.state import Slot
from core.workflow import Group

GOOD_FOR: Final = timedelta(minutes=10)
AGAIN: Final = timedelta(minutes=1)
"""Between two codes for one account."""
MOST_WRONG: Final = 5
WRONG_WITHIN: Final = timedelta(hours=1)
_MOST_OPEN: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Somebody asked for a code. `platforms` are those of all their accounts; `taken` entered the code."""

    account: Account
    name: str
    group: str
    at: datetime
    platforms: tuple[str, ...]
    taken: Account | None = None
    taken_name: str = ""
    taken_group: str = ""

    def good(self, at: datetime) -> bool:
        """Whether it can still lead to something."""
        return at < self.at + GOOD_FOR


@dataclass(frozen=True, slots=True)
class Home:
    """What a bound account is called, and in which group it is spoken to."""

    group: str
    name: str


@dataclass(frozen=True, slots=True)
class Offers:
    """What is offered, by the hash of its code; and the homes of accounts that are bound."""

    open: dict[str, Offer] = field(default_factory=dict)
    homes: dict[str, Home] = field(default_factory=dict)

    def of(self, account: Account, at: datetime) -> tuple[str, Offer] | None:
        """The offer that somebody made."""
        found = ((key, one) for key, one in self.open.items() if one.account == account and one.good(at))
        return next(found, None)

    def having(self, key: str, offer: Offer) -> Offers:
        """With one that is new or changed; older ones of the account, and those that are over, go."""
        kept = {k: one for k, one in self.open.items() if one.good(offer.at) and one.account != offer.account}
        return Offers(dict(list({**kept, key: offer}.items())[-_MOST_OPEN:]), self.homes)

    def current(self, at: datetime) -> Offers | None:
        """Without those that are over; nothing if none is left."""
        kept = {k: one for k, one in self.open.items() if one.good(at)}
        return Offers(kept, self.homes) if kept or self.homes else None

    def without(self, key: str) -> Offers | None:
        """Without one; nothing if none is left."""
        kept = {k: one for k, one in self.open.items() if k != key}
        return Offers(kept, self.homes) if kept or self.homes else None

    def bound(self, offer: Offer, taken: Account) -> Offers:
        """With the homes of both, and without all that either made or entered: they are somebody else now."""
        both: dict[str, Home] = {
            offer.account: Home(offer.group, offer.name),
            taken: Home(offer.taken_group, offer.taken_name),
        }
        kept = {k: one for k, one in self.open.items() if not {one.account, one.taken} & both.keys()}
        return Offers(kept, {**self.homes, **both})

    def parted(self, *accounts: Account) -> Offers | None:
        """Without the homes of accounts."""
        homes = {account: home for account, home in self.homes.items() if account not in accounts}
        return Offers(self.open, homes) if self.open or homes else None


OFFERS: Final = Slot("identity.offers", Offers)


@dataclass(frozen=True, slots=True)
class Tries:
    """When somebody entered codes that were none, newest last."""

    wrong: tuple[datetime, ...] = ()

    def with_one(self, at: datetime) -> Tries:
        """And once more."""
        return replace(self, wrong=(*self.wrong, at)[-MOST_WRONG:])

    def too_many(self, at: datetime) -> bool:
        """Whether to wait."""
        return sum(at - one < WRONG_WITHIN for one in self.wrong) >= MOST_WRONG


TRIES: Final = Slot("identity.tries", Tries)


def new_code(group: Group, event: MessagePosted) -> str:
    """The code that an event leads to: the same for the same event, and known to nobody without the secret."""
    told = f"link\0{event.id}\0{event.actor.account}".encode(errors="replace")
    drawn = hmac.digest(group.secret or b"simulated", told, "sha256")
    return spelled(int.from_bytes(drawn[: CODE_BITS // 8]))


def key_of(code: str) -> str:
    """What stands for a code in the record."""
    return hashed(code)


def token_of(key: str) -> str:
    """What stands for it under a button."""
    return key[:10]
