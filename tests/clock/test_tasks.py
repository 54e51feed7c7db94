"""Firing timers: once, by the home as it is now, and never for a group that nobody has configured."""

from __future__ import annotations

import json
import threading
from contextlib import closing
from datetime import timedelta

import pytest

from adapters.sql.clock import Due
from core.errors import ConfigError
from jobs.clock.premises import LOOK_EVERY, Premises, redis_url, watch
from jobs.clock.tasks import FIRE, STRAYS_WAIT, Timers, ringing, works
from tests.clock.homes import CHALLENGES, last_minute, left, make_home, remind, reminded
from tests.clock.timers import set_timers, timer

AGAIN = timedelta(seconds=10)


class Ticks:
    """A monotonic clock that the test moves."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def ticks():
    return Ticks()


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def keys(home):
    return make_home(home, 3, last_minute())


@pytest.fixture
def premises(home, keys, ticks):
    with closing(Premises(home, {}, ticks)) as opened:
        yield opened


def at_of(premises):
    """The moment at which the home reminds, today or yesterday."""
    challenge = next(iter(premises.deployment.communities.values())).options["check_in"].root["dawn"]
    now = premises.clock.now()
    at = now.replace(hour=challenge.remind.at.hour, minute=challenge.remind.at.minute, second=0, microsecond=0)
    return at if at <= now else at - timedelta(days=1)


def claimed(premises):
    return premises.clock.claim_due(premises.clock.now(), 100, AGAIN)


def look_again(premises, ticks, times=1):
    for _ in range(times):
        ticks.at += LOOK_EVERY
        assert premises.current()


def test_timers_fire_once_however_often_they_are_rung_for(premises, keys, ticks):
    at = at_of(premises)
    wanted = remind(premises.store, keys, at)
    look_again(premises, ticks)
    due = claimed(premises)
    for _ in range(3):
        Timers(premises).fire(due)
    assert reminded(premises.store, keys) == sorted(wanted)
    assert left(premises.store, keys, at) == 0


def test_a_ring_holds_all_that_is_needed_after_json(premises, keys, ticks):
    wanted = remind(premises.store, keys, at_of(premises))
    look_again(premises, ticks)
    written = json.loads(json.dumps(ringing(claimed(premises))))
    works(Timers(premises))["timers"][FIRE](written)
    assert reminded(premises.store, keys) == sorted(wanted)


def test_a_timer_that_was_moved_after_its_ring_fires_at_its_new_moment_only(premises, keys):
    remind(premises.store, keys, at_of(premises))
    due = claimed(premises)
    set_timers(premises.store, [timer(keys[0], "remind:dawn", premises.clock.now() + timedelta(days=1), "r2")])
    done = Timers(premises).fire(due)
    assert done.new == len(keys) * len(CHALLENGES) - 1


def test_a_timer_that_is_not_due_is_not_fired_whoever_rings(premises, keys):
    later = premises.clock.now() + timedelta(hours=1)
    set_timers(premises.store, [timer(keys[0], "remind:dawn", later)])
    done = Timers(premises).fire([Due(keys[0], "check_in", "remind:dawn", later, "r1", 1)])
    assert done.new == 0
    assert [row.at for row in premises.store.timers(keys[0])] == [later]


def test_a_timer_of_a_group_that_nobody_has_configured_stands_and_waits(premises):
    set_timers(premises.store, [timer("elsewhere", at=premises.clock.now() - AGAIN)])
    assert Timers(premises).fire(claimed(premises)).new == 0
    assert list(premises.store.dead_letters("elsewhere")) == []
    again = premises.clock.next_ring()
    assert again is not None
    assert again - premises.clock.now() > STRAYS_WAIT - AGAIN


def test_a_home_that_was_changed_is_used_once_two_looks_agree(premises, home, ticks):
    file = home / "communities" / "tea.yaml"
    file.write_text(file.read_text().replace("g001", "annex"))
    look_again(premises, ticks)
    assert "annex" not in premises.groups
    look_again(premises, ticks)
    assert "annex" in premises.groups


class Turns(threading.Event):
    """A wait that costs no time, and is stopped after so many."""

    def __init__(self, ticks, most):
        super().__init__()
        self.ticks, self.left = ticks, most

    def wait(self, timeout=None):
        self.ticks.at += timeout
        self.left -= 1
        return self.left < 0


def test_what_is_due_after_hours_of_rest_is_decided_by_the_home_as_it_is_then(premises, home, ticks):
    file = home / "communities" / "tea.yaml"
    file.write_text(file.read_text().replace("g001", "annex"))
    watch(premises, Turns(ticks, 2))
    _, groups = premises.current()
    assert "annex" in groups


def test_the_last_good_home_is_kept_though_nothing_was_due_while_it_was_good(premises, home, ticks):
    file = home / "communities" / "tea.yaml"
    file.write_text(file.read_text().replace("g001", "annex"))
    watch(premises, Turns(ticks, 2))
    file.write_text("community: [")
    watch(premises, Turns(ticks, 2))
    _, groups = premises.current()
    assert "annex" in groups


def test_a_home_that_became_unusable_changes_nothing_and_is_told_once(premises, home, ticks, caplog):
    (home / "communities" / "tea.yaml").write_text("community: [")
    look_again(premises, ticks, 4)
    assert "g001" in premises.groups
    assert [record.name for record in caplog.records].count("yaji.home") == 1


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "the home can be used again, and is used as it is now"), ("zh", "家又能用了，已经用上现在的样子")],
)
def test_a_home_that_is_mended_is_told_once_and_a_good_change_needs_no_word(home, keys, ticks, caplog, language, line):
    caplog.set_level("INFO", logger="yaji.home")
    file = home / "communities" / "tea.yaml"
    good = file.read_text()
    with closing(Premises(home, {}, ticks, language)) as premises:
        for written in ("community: [", good, good.replace("g001", "annex")):
            file.write_text(written)
            look_again(premises, ticks, 4)
    told = [record.getMessage() for record in caplog.records if record.name == "yaji.home"]
    assert told[1:] == [line]


def test_a_look_that_breaks_is_told_and_the_next_one_comes(premises, home, ticks, caplog):
    def stands(used):
        if not used:
            raise RuntimeError("no room")

    premises.stands = stands
    file = home / "communities" / "tea.yaml"
    good = file.read_text()
    file.write_text("community: [")
    watch(premises, Turns(ticks, 3))
    assert "the home could not be looked at" in caplog.text
    file.write_text(good.replace("g001", "annex"))
    watch(premises, Turns(ticks, 3))
    assert "annex" in premises.groups


def test_groups_live_where_the_store_knows_an_address(premises, keys, ticks):
    assert premises.groups[keys[0]].platforms == ()
    premises.store.set_address(keys[0], "telegram", "-100777")
    premises.store.set_address(keys[0], "telegram:written", "-100777")
    look_again(premises, ticks)
    assert [premises.groups[key].platforms for key in keys] == [("telegram",), (), ()]


@pytest.mark.parametrize(
    ("written", "environment", "expected"),
    [
        ("", {}, None),
        ("storage: {redis: 'unix:///run/redis.sock'}", {}, "unix:///run/redis.sock"),
        ("storage: {redis: 'redis+cluster://one,two'}", {}, "redis+cluster://one,two"),
        ("storage: {redis: 'redis://host'}", {"YAJI_REDIS_URL": "redis://other"}, "redis://other"),
        ("storage: {redis: '${env:WHERE}'}", {"WHERE": "redis://:word@host"}, "redis://:word@host"),
    ],
    ids=["a private one", "a socket", "a cluster", "the environment wins", "a secret"],
)
def test_where_redis_is(home, keys, written, environment, expected):
    (home / "yaji.yaml").write_text(f"version: 1\n{written}\n")
    with closing(Premises(home, {})) as opened:
        assert redis_url(opened.deployment.settings, environment) == expected


def test_a_redis_whose_secret_is_not_set_is_a_clear_error(home, keys):
    (home / "yaji.yaml").write_text("version: 1\nstorage: {redis: '${env:WHERE}'}\n")
    with closing(Premises(home, {})) as opened, pytest.raises(ConfigError, match="WHERE, which is not set"):
        redis_url(opened.deployment.settings, {})
