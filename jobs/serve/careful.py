"""A platform whose account must be careful: few people are written to in private, and messages come at uneven times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from config.wechat import Pace, WeChat
from core.budget import Allowance, Budget
from core.delivery import Ability, Answer, Destination, Never, Platform, Refusal
from core.effects import Effect, Say
from core.pacing import Apart, Limits


class Careful:
    """Implements `core.delivery.Platform` before another one. Who is one too many for the day is told in the group."""

    def __init__(self, platform: Platform, budget: Budget, now: Callable[[], datetime]) -> None:
        self._platform = platform
        self._budget = budget
        self._now = now

    @property
    def name(self) -> str:
        """See `Platform.name`."""
        return self._platform.name

    def abilities(self, group: str) -> frozenset[Ability] | None:
        """See `Platform.abilities`."""
        return self._platform.abilities(group)

    def parts(self, effect: Effect, to: Destination) -> int:
        """See `Platform.parts`."""
        return self._platform.parts(effect, to)

    def forget(self, effect: Effect, to: Destination) -> None:
        """See `Platform.forget`."""
        self._platform.forget(effect, to)

    async def perform(self, effect: Effect, to: Destination) -> Answer:
        """See `Platform.perform`."""
        if isinstance(effect, Say) and effect.to is not None and self._budget.crowded(effect.to, self._now()):
            why = "enough people were written to in private today"
            return Never(refusal=Refusal.UNREACHABLE, why=why)
        return await self._platform.perform(effect, to)


def allowance(written: WeChat) -> Allowance:
    """What the operator allows an account to say."""
    return Allowance(
        a_day=written.a_day,
        a_day_in_a_room=written.a_day_in_a_room,
        strangers_a_day=written.strangers_a_day,
        a_member_an_hour=written.a_member_an_hour,
        a_members_share=written.a_members_share,
        quiet_at_first=written.quiet_at_first,
    )


def unhurried(pace: Pace, chance: Callable[[], float]) -> Limits:
    """Limits of an account that speaks like somebody who types. `chance` gives a number from 0 to 1."""
    least, most = pace.least.total_seconds(), pace.most.total_seconds()
    apart = Apart(lambda: least + (most - least) * chance())
    return Limits(overall=None, chat_gap=None, per_group=None, apart=apart)
