"""Rules whose conditions fail are told to the operator: in the group such a rule looks like one that nobody breaks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from config.problems import Language
from core.workflow import Group
from jobs.serve.clock import Clock
from workflows.failing import Failing, failing

log = logging.getLogger("yaji.rules")

EVERY: Final = timedelta(minutes=5)
AGAIN: Final = timedelta(days=1)
"""A rule that goes on failing is told of once a day."""


class Ailing:
    """Looks, from time to time, at which conditions failed. `told` hears how often, by group and rule."""

    def __init__(
        self,
        groups: Callable[[], Mapping[str, Group]],
        told: Callable[[Mapping[tuple[str, str], int]], None],
        clock: Clock,
        language: Language,
    ) -> None:
        self._groups, self._told, self._clock, self._language = groups, told, clock, language
        self._logged: dict[tuple[str, str, str, str], tuple[int, datetime]] = {}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._clock.sleep(EVERY.total_seconds())
            self.look()

    def look(self) -> None:
        """Once."""
        now, times = self._clock.now(), dict[tuple[str, str], int]()
        for key, group in self._groups().items():
            for one in failing(group):
                times[key, one.rule] = times.get((key, one.rule), 0) + one.times
                place = (key, one.workflow, one.rule, one.condition)  # one that was mended in vain is told at once
                held = self._logged.get(place)
                if held is None or (one.times != held[0] and now - held[1] >= AGAIN):
                    self._logged[place] = (one.times, now)
                    log.warning("%s", of_failing(key, one, self._language))
        self._told(times)


def of_failing(group: str, one: Failing, language: Language) -> str:
    """What is told of a condition that fails."""
    if language == "zh":
        return (
            f"群 {group}：{one.rule} 的条件 {one.condition} 算不出来，已有 {one.times} 次（{one.error}），"
            "每次都按不符合处理；请改条件"
        )
    return (
        f"group {group}: the condition {one.condition} of {one.rule} comes to an error, {one.times} so far "
        f"({one.error}); each counts as no match, so mend the condition"
    )
