"""In which groups what is due waits for what was written, and how long at most."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapters.sql.connections import Stands
from jobs.earshot import FRESH, LONG, NEVER, SHORT, Earshot, behind_by

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MUTE, SPEAKS = False, True
SERVED = {"bot": ["both", "chat"], "wechat:main": ["both", "room"]}


class Ears:
    """What is known as time passes."""

    def __init__(self) -> None:
        self.passed = timedelta()
        self.known = Earshot(lambda: self.passed.total_seconds())

    def after(self, time: timedelta, **behind: bool) -> dict[str, timedelta | None]:
        """So much later, with these accounts behind: the groups that wait, each with how late a timer is that rings
        all the same; None if none does."""
        self.passed += time
        self.known.look({"wechat:main" if name == "wechat" else name: speaks for name, speaks in behind.items()})
        waiting = self.known.waiting(lambda: SERVED, NOW)
        return {group: None if until == NEVER else NOW - until for group, until in waiting.items()}


def test_where_all_accounts_are_heard_nothing_waits():
    assert Ears().after(SECOND) == {}


def test_where_nothing_can_be_said_each_timer_waits_for_two_hours():
    ears = Ears()
    assert ears.after(SECOND, bot=MUTE, wechat=MUTE) == {"both": None, "chat": None, "room": None}
    assert ears.after(LONG - SECOND, bot=MUTE) == {"chat": None}
    assert ears.after(SECOND, bot=MUTE) == {"chat": LONG}
    assert ears.after(10 * LONG, bot=MUTE) == {"chat": LONG}
    assert ears.after(SECOND) == {}


def test_a_group_on_two_platforms_waits_ten_minutes_for_the_one_that_is_away():
    ears = Ears()
    assert ears.after(SECOND, bot=MUTE) == {"both": None, "chat": None}
    assert ears.after(SHORT - SECOND, bot=MUTE) == {"both": None, "chat": None}
    assert ears.after(SECOND, bot=MUTE) == {"chat": None}


def test_a_platform_that_is_back_is_waited_for_while_it_hands_over_what_it_kept_but_ten_minutes_at_most():
    ears = Ears()
    ears.after(SECOND, bot=MUTE, wechat=MUTE)
    assert ears.after(3 * LONG, bot=MUTE, wechat=MUTE) == {"both": LONG, "chat": LONG, "room": LONG}
    assert ears.after(SECOND, bot=SPEAKS, wechat=MUTE) == {"both": None, "chat": None, "room": LONG}
    assert ears.after(SHORT - SECOND, bot=SPEAKS, wechat=MUTE) == {"both": None, "chat": None, "room": LONG}
    assert ears.after(SECOND, bot=SPEAKS, wechat=MUTE) == {"room": LONG}


def test_another_outage_is_waited_for_anew():
    ears = Ears()
    ears.after(SECOND, bot=SPEAKS)
    assert ears.after(SHORT, bot=SPEAKS) == {}
    assert ears.after(SECOND) == {}
    assert ears.after(SHORT) == {}
    assert ears.after(SECOND, bot=SPEAKS) == {"both": None, "chat": None}
    assert ears.after(SHORT - SECOND, bot=SPEAKS) == {"both": None, "chat": None}


def test_trouble_of_a_moment_now_and_then_is_waited_for_each_time():
    ears = Ears()
    for _ in range(2000):
        assert ears.after(timedelta(minutes=5), bot=SPEAKS) == {"both": None, "chat": None}
        assert ears.after(SECOND) == {}


@pytest.mark.parametrize(
    "heard", [pytest.param(timedelta(), id="never heard"), pytest.param(SECOND, id="heard for a second each time")]
)
def test_an_account_that_comes_and_goes_does_not_silence_the_other_platform(heard: timedelta):
    ears, held = Ears(), timedelta()
    for _ in range(24 * 60):
        for lasts, behind in (
            (timedelta(seconds=54), {"wechat": MUTE}), (timedelta(seconds=5), {"wechat": SPEAKS}), (SECOND, {}),
        ):  # fmt: skip
            if not behind and not heard:
                continue
            ears.after(timedelta(), **behind)
            held += lasts if "both" in ears.after(lasts, **behind) else timedelta()
    assert held < timedelta(hours=2)


def test_who_was_away_for_long_before_a_start_is_waited_for_no_more_than_before_it():
    ears, long_ago = Ears(), NOW - timedelta(days=9)
    ears.known.remember(
        {
            "bot": Stands(long_ago, NOW - SECOND, "stopped", NOW),
            "wechat:main": Stands(long_ago, long_ago, "logged out", NOW),
            "gone": Stands(long_ago, None, "connecting", NOW),
        }
    )
    assert ears.after(SECOND, bot=MUTE, wechat=MUTE) == {"both": None, "chat": None, "room": None}
    assert ears.after(SECOND, bot=SPEAKS, wechat=MUTE) == {"both": None, "chat": None, "room": None}
    assert ears.after(SECOND, wechat=MUTE) == {"room": None}
    assert ears.after(SECOND, wechat=SPEAKS) == {"both": None, "room": None}, "what it tells now is waited for"


def test_a_room_whose_account_comes_and_goes_waits_for_two_hours_all_in_all():
    ears = Ears()
    for _ in range(130):
        ears.after(timedelta(seconds=4), wechat=MUTE)
        ears.after(timedelta(seconds=56), wechat=SPEAKS)
    assert ears.after(SECOND, wechat=MUTE) == {"room": LONG}


@pytest.mark.parametrize(
    ("how", "heard", "ago", "stands"),
    [
        pytest.param("running", timedelta(), SECOND, None, id="it was heard a moment ago"),
        pytest.param("running", timedelta(), FRESH, None, id="it was heard a minute ago"),
        pytest.param("running", timedelta(), FRESH + SECOND, MUTE, id="nobody writes it down any more"),
        pytest.param("stopped", timedelta(), SECOND, MUTE, id="nobody serves it"),
        pytest.param("unreachable", SECOND, SECOND, MUTE, id="its platform is away"),
        pytest.param("catching up", timedelta(), SECOND, SPEAKS, id="what was kept has yet to come"),
        pytest.param("undelivered", SECOND, SECOND, SPEAKS, id="nothing gets through to us"),
        pytest.param("refused", timedelta(hours=1), SECOND, None, id="it is not let in, so nothing will come"),
        pytest.param("connecting", None, SECOND, None, id="it was never heard"),
    ],
)
def test_by_what_is_written_down_an_account_is_behind_or_not(
    how: str, heard: timedelta | None, ago: timedelta, stands: bool | None
):
    at = NOW - ago
    assert behind_by("main", Stands(None, at - heard if heard is not None else None, how, at), NOW) is stands


@pytest.mark.parametrize(("name", "stands"), [("main", SPEAKS), ("wechat:main", MUTE)])
def test_where_somebody_else_listens_a_bot_can_speak_and_a_wechat_account_cannot(name: str, stands: bool):
    assert behind_by(name, Stands(None, NOW, "taken", NOW), NOW) is stands
    assert behind_by(name, Stands(None, NOW, "catching up", NOW), NOW) is SPEAKS
