"""What is remembered about a member's tier. The ledger holds the truth of every move; this is where they stand now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from core.quick import quick
from core.state import Slot

TIER_FACT: Final = "tier"
"""The kind of fact that a move is: `rule` is the new tier, `amount` how many tiers up or down."""

LOCK_FACT: Final = "tier_lock"
"""The kind of fact that a lock is: +1 set, -1 lifted. A balance above 0 is locked."""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class TierStanding:
    """Where a member stands.

    `since` is when they came to `tier` (None: no tier yet), `raised` their last promotion, from which the grace counts.
    `reached` holds every tier whose `on_reach` was carried out, so that no reward is paid twice. `review` and
    `recheck` are the local days at whose beginning the standing is looked at again, None if it is not.
    """

    tier: str | None = None
    since: datetime
    locked: bool = False
    raised: datetime | None = None
    reached: tuple[str, ...] = ()
    review: date | None = None
    recheck: date | None = None


TIER: Final = Slot("tiers.standing", TierStanding)
