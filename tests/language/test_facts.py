"""What is known of a member: the right windows, in the group's own days, and no more state than asked for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.effects import Mention
from core.people import Account, Member, PersonId
from core.state import Day, Entry
from core.workflow import Group
from workflows import facts

ME = Account("telegram:1")
AT = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)  # 00:30 on 1 April in Shanghai
SHANGHAI = ZoneInfo("Asia/Shanghai")
MEMBER = Member(
    person=PersonId(1),
    account=ME,
    name="小\u202e王\n",
    seen=AT - timedelta(days=3),
    roles=frozenset({"admin"}),
    tags=frozenset("ba"),
)


class Known:
    """A view over given state that refuses what was not declared, as the engine's does."""

    def __init__(self, declared, given, zone=SHANGHAI):
        self.group = Group(key="g", zone=zone)
        self.declared = set(declared)
        self.given = given

    def actor(self):
        return MEMBER

    def person(self):
        return MEMBER.person

    def language(self):
        return "en"

    def get(self, key):
        assert key in self.declared, key
        found = self.given.get((key.what, key.name), {"balance": 0, "record": None}.get(key.what, ()))
        if key.what == "days":
            return tuple(day for day in found if day.day >= key.since)
        if key.what == "entries" and key.since is not None:
            return tuple(entry for entry in found if entry.at >= key.since)
        return found


def told(*names, member=MEMBER, zone=SHANGHAI, at=AT, **given):
    asked = [f"member.{name}" for name in names]
    held = {tuple(name.split("__")) if "__" in name else (name, ""): value for name, value in given.items()}
    view = Known(facts.reads(asked, member.account, at), held, zone)
    return facts.values(asked, view, member, at)


def entry(kind, at, *, by=None, amount=1, expires=None):
    return Entry(kind, f"{at}{by}", at, PersonId(1), amount, by, "e", "r", "", expires)


def test_what_is_not_named_costs_nothing():
    plain = ["member.name", "member.staff", "member.joined_days", "msg.text", "now"]
    assert facts.reads(plain, ME, AT) == ()
    assert facts.reads([], ME, AT) == ()


def test_windows_share_one_read():
    names = ["member.active_days_30d", "member.messages_7d", "member.check_ins_30d"]
    assert [key.what for key in facts.reads(names, ME, AT)] == ["days"]


def test_every_field_of_the_vocabulary_can_be_told():
    found = told(*facts.MEMBER)
    assert set(found) == set(facts.MEMBER)
    kinds = {"int": int, "string": str, "bool": bool, "mention": Mention, "list(string)": list}
    assert {name for name, value in found.items() if type(value) is not kinds[facts.MEMBER[name].type]} == set()


def test_who_it_is():
    found = told("id", "name", "mention", "language", "staff", "roles", "tags")
    assert found == {
        "id": "telegram:1",
        "name": "小王",
        "mention": Mention(account=ME, name="小王"),
        "language": "",
        "staff": True,
        "roles": ["admin"],
        "tags": ["a", "b"],
    }


def test_a_member_without_a_name_is_called_by_their_number():
    assert told("name", member=replace(MEMBER, name=" \u202e "))["name"] == "1"


@pytest.mark.parametrize(
    ("joined", "days"),
    [
        pytest.param(None, 36500, id="nobody saw it"),
        pytest.param(AT, 0, id="now"),
        pytest.param(AT - timedelta(minutes=31), 1, id="yesterday on the group's clock"),
        pytest.param(AT - timedelta(minutes=30), 0, id="just after the group's midnight"),
        pytest.param(AT - timedelta(days=7), 7, id="a week ago"),
        pytest.param(AT + timedelta(hours=1), 0, id="a clock that ran ahead"),
    ],
)
def test_joined_days(joined, days):
    assert told("joined_days", member=replace(MEMBER, joined=joined)) == {"joined_days": days}


def test_a_window_holds_today_and_the_local_days_before():
    days = [Day(date(2026, 4, 1) - timedelta(days=n), messages=1) for n in range(120)][::-1]
    found = told(
        "active_days_7d", "active_days_14d", "active_days_30d", "active_days_90d", "messages_7d", days=tuple(days)
    )
    assert found == {
        "active_days_7d": 7,
        "active_days_14d": 14,
        "active_days_30d": 30,
        "active_days_90d": 90,
        "messages_7d": 7,
    }


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC", "Asia/Shanghai"])
def test_windows_are_whole_in_every_zone(zone):
    today = AT.astimezone(ZoneInfo(zone)).date()
    days = tuple(Day(today - timedelta(days=n), messages=1) for n in range(40, -1, -1))
    assert told("messages_30d", "active_days_7d", zone=ZoneInfo(zone), days=days) == {
        "messages_30d": 30,
        "active_days_7d": 7,
    }


def test_being_answered_is_not_activity():
    days = (
        Day(date(2026, 3, 30), replies_received=3),
        Day(date(2026, 3, 31), reactions_given=1),
        Day(date(2026, 4, 1), messages=2, replies_given=1, check_ins=1),
    )
    names = ("active_days_7d", "messages_30d", "replies_given_30d", "replies_received_30d", "check_ins_30d")
    assert told(*names, days=days) == {
        "active_days_7d": 2,
        "messages_30d": 2,
        "replies_given_30d": 1,
        "replies_received_30d": 3,
        "check_ins_30d": 1,
    }


def test_only_live_warnings_count():
    warnings = (
        entry("warning", AT - timedelta(days=40), expires=AT - timedelta(days=10)),
        entry("warning", AT - timedelta(days=1), expires=AT),
        entry("warning", AT, expires=AT + timedelta(days=30)),
        entry("warning", AT - timedelta(days=400)),
    )
    assert told("warnings", entries__warning=warnings) == {"warnings": 2}
    taken = (*warnings, entry("warning", AT, amount=-5))
    assert told("warnings", entries__warning=taken) == {"warnings": 0}


def test_helped_counts_different_people_other_than_oneself():
    thanks = (
        entry("thanks", AT - timedelta(days=31), by=9),
        entry("thanks", AT - timedelta(days=29), by=2),
        entry("thanks", AT - timedelta(days=2), by=2),
        entry("thanks", AT - timedelta(days=1), by=3),
        entry("thanks", AT, by=1),
        entry("thanks", AT, by=None),
    )
    assert told("helped_30d", entries__thanks=thanks) == {"helped_30d": 2}


def test_thanks_are_read_from_one_place_all_day():
    later = AT.replace(hour=23)
    assert facts.reads(["member.helped_30d"], ME, AT) == facts.reads(["member.helped_30d"], ME, later)


def test_points_tier_and_their_absence():
    standing = facts.TierStanding(tier="tree", since=AT)
    assert told("points", "tier", **{"balance__points": 12, "record__tiers.standing": standing}) == {
        "points": 12,
        "tier": "tree",
    }
    assert told("points", "tier", "streak") == {"points": 0, "tier": "", "streak": 0}


def test_a_field_that_does_not_exist_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        told("karma")
