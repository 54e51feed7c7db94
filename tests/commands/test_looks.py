"""What commands look at is read with their batch: one question of a kind to the store, however many there are."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from core.events import MessagePosted
from core.memory import MemoryUnit
from tests.commands.group import ADA, ADMINS, ANA, BEN, CLEO, Steered

LOOKS = ("find", "records", "balances", "entries", "given", "days")


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the store in memory was asked for each kind of state."""
    counted: Counter[str] = Counter()

    def counting(name: str) -> None:
        asked = getattr(MemoryUnit, name)

        def look(self, *wanted):
            counted[name] += 1
            return asked(self, *wanted)

        monkeypatch.setattr(MemoryUnit, name, look)

    for name in LOOKS:
        counting(name)
    return counted


@pytest.mark.parametrize(
    "written",
    ["/help", "/rules", "/language en", "/status", "/me", "/why {}", "/warns {}", "/warn {} spam", "/mute {} 30m",
     "/unmute {}", "/ban {}", "/kick {}", "/note {} kind", "/points {} +1", "/unwarn {}", "/tier set {} old",
     "/tier recalculate {}", "/onboarding skip {}"],
)  # fmt: skip
def test_several_commands_of_a_batch_ask_once_for_each_kind_of_state(written, looks):
    group = Steered()
    batch = [
        MessagePosted(
            id=group.id(), at=group.at + timedelta(minutes=n), group="g", actor=ADA, message=str(n),
            text=written.format(one.account), admins=ADMINS,
        )
        for n, one in enumerate((ANA, BEN, CLEO), start=1)
    ]  # fmt: skip
    looks.clear()
    group.run(*batch)
    assert len(group.effects()) >= len(batch)
    assert {name: times for name, times in looks.items() if times > 1} == {}
