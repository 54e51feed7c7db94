"""One process, several platforms: each effect goes where it belongs, and admins are told once, where they are."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.effects import Mute, Say, TellAdmins
from core.events import Event, MessagePosted, TimerDue
from core.people import Account, Actor
from core.routing import announced, platforms
from core.workflow import Group
from jobs.living import living
from jobs.serve.roster import Seat
from tests.serve.accounts import MemoryAccount, Town
from tests.support.patience import eventually

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
BOTH = Group(key="reading", platforms=("telegram", "wechat"))
HELLO = Say(words=("hello",))
LINE = TellAdmins(words=("look",))
COMMUNITY = """\
community:
  name: 晨读
  timezone: Asia/Shanghai
  languages: [en, zh]
  groups:
    both: {telegram: -1001, wechat: 晨读打卡营 3 群}
    room: {wechat: 晨读打卡营 4 群}
    desk: {telegram: -1002}
  admin_group: desk
check_ins:
  morning: {keywords: [打卡, checkin], points: 5}
lists:
  ads: [加群领红包]
rules:
  - id: ads
    when: message
    words: [ads]
    then: {notify: an ad}
"""


def posted(origin: str) -> Event:
    actor = Actor(account=Account(f"{origin}:1"))
    return MessagePosted(id=f"{origin}:7", at=AT, group="reading", actor=actor, message="7")


def rang(member: str | None = None) -> Event:
    whose = Account(member) if member is not None else None
    return TimerDue(id="timer:1", at=AT, group="reading", workflow="w", key="k", due=AT, member=whose)


@pytest.mark.parametrize("origin", ["telegram", "wechat"])
def test_an_answer_goes_where_the_message_came_from(origin: str):
    assert platforms(HELLO, posted(origin), BOTH) == (origin,)


def test_a_reminder_goes_to_every_platform_of_the_group():
    assert platforms(HELLO, rang(), BOTH) == ("telegram", "wechat")


def test_a_reminder_goes_only_where_the_operator_wants_to_hear_it():
    quiet = Group(key="reading", platforms=("telegram", "wechat"), said_on=("telegram",))
    assert platforms(HELLO, rang(), quiet) == ("telegram",)
    assert announced(Group(key="reading", platforms=("wechat",), said_on=("telegram",))) == ("wechat",)


def test_what_names_its_platform_goes_there_or_nowhere():
    assert platforms(Say(words=("hello",), on="wechat"), posted("telegram"), BOTH) == ("wechat",)
    assert platforms(Say(words=("hello",), on="wechat"), rang(), BOTH) == ("wechat",)
    assert platforms(Say(words=("hello",), on="wecom"), rang(), BOTH) == ("",)


def test_a_sanction_goes_to_the_platform_of_the_account_whoever_asked_for_it():
    assert platforms(Mute(member=Account("wechat:li"), span=None), posted("telegram"), BOTH) == ("wechat",)
    assert platforms(HELLO, rang("wechat:li"), BOTH) == ("wechat",)


def test_admins_are_told_once_and_where_they_are():
    assert platforms(LINE, posted("wechat"), BOTH) == ("wechat",)
    assert platforms(LINE, rang(), BOTH) == ("telegram",)
    elsewhere = Group(key="reading", platforms=("wechat",), desks=("telegram",))
    assert platforms(LINE, posted("wechat"), elsewhere) == ("telegram",)


def test_admins_without_a_desk_are_where_their_accounts_are():
    groups = {"a": Group(key="a", staff=frozenset({Account("telegram:1")})), "b": Group(key="b")}
    there = living(groups, {"a": ["wechat"], "b": ["telegram", "wechat"]})
    assert (there["a"].platforms, there["a"].desks, there["a"].numbered) == (("wechat",), ("telegram",), ("wechat",))
    assert living(groups, {"a": ["wechat"]})["a"].desks == ()


def town(folder: Path) -> tuple[Town, MemoryAccount, MemoryAccount]:
    telegram = MemoryAccount(seat=Seat("telegram", "main"), grantable=True)
    wechat = MemoryAccount(
        seat=Seat("wechat", "main"), named={"晨读打卡营 3 群": "r3@chatroom", "晨读打卡营 4 群": "r4@chatroom"}
    )
    return Town(folder / "home", COMMUNITY, (telegram, wechat)), telegram, wechat


async def test_one_group_answers_on_each_platform_where_it_was_spoken_to(tmp_path: Path):
    here, telegram, wechat = town(tmp_path)
    async with here:
        assert here.serving.roster.groups["both"].platforms == ("telegram", "wechat")
        await here.writes("telegram:7", "checkin", "both")
        await here.writes("wechat:li", "打卡", "both")
        await eventually(lambda: bool(telegram.said.get("-1001")) and bool(wechat.said.get("r3@chatroom")))
        assert len(telegram.said["-1001"]) == len(wechat.said["r3@chatroom"]) == 1


async def test_admins_at_a_desk_on_telegram_hear_of_a_room_on_wechat(tmp_path: Path):
    here, telegram, wechat = town(tmp_path)
    async with here:
        assert here.serving.roster.groups["room"].desks == ("telegram",)
        await here.writes("wechat:li", "加群领红包", "room")
        await eventually(lambda: any("an ad" in line for line in telegram.said.get("-1002", ())))
        assert not any("an ad" in line for lines in wechat.said.values() for line in lines)


async def test_a_room_keeps_its_id_whatever_room_has_its_name_later(tmp_path: Path):
    here, _, wechat = town(tmp_path)
    async with here:
        wechat.named = {"晨读打卡营 3 群": "another@chatroom"}
        await here.serving.adopt()
        assert here.serving.roster.places("wechat:main").address_of("both") == "r3@chatroom"


async def test_a_room_whose_name_leads_nowhere_is_served_once_the_account_is_in_it(tmp_path: Path):
    here, _, wechat = town(tmp_path)
    wechat.named = {}
    async with here:
        assert "room" not in here.serving.roster.places("wechat:main").groups
        wechat.named = {"晨读打卡营 4 群": "r4@chatroom"}
        await here.serving.adopt()
        assert here.serving.roster.groups["room"].platforms == ("wechat",)
