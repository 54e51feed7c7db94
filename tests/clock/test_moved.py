"""The operator moves the group to another time zone, or writes another time: what is promised by the clock moves with
it, once the change is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.engine import Engine
from tests.clock.test_put_back import NEXT, NOW, Hall

ON_THE_CLOCK = {
    "America/New_York": NEXT | {"look:koc": "Mon 03-30 10:00"},
    "Asia/Tokyo": NEXT,
    "Pacific/Auckland": NEXT,
    "Pacific/Pago_Pago": {
        **NEXT,
        "remind:morning": "Sun 03-29 20:00",
        "weekly": "Sun 03-29 20:00",
        "verse": "Sun 03-29 21:00",
        "look": "Sun 03-29 18:00",
        "look:koc": "Mon 03-30 10:00",
    },
}


@pytest.mark.parametrize("zone", ON_THE_CLOCK)
def test_in_another_zone_all_comes_at_its_time_on_the_new_clock(tmp_path: Path, zone: str) -> None:
    hall = Hall(tmp_path)
    hall.begins(NOW)
    hall.writes(NOW)
    assert hall.timers() == NEXT
    hall.group = replace(hall.group, zone=ZoneInfo(zone))
    hall.engine = Engine(hall.store, {"reading": hall.group})
    hall.begins(NOW + timedelta(minutes=1))
    assert hall.timers() == ON_THE_CLOCK[zone]
    before = hall.timers()
    hall.begins(NOW + timedelta(minutes=2))
    assert hall.timers() == before
