"""Posts by the clock: rotation without repeats, a budget for what advertises, and pictures of the home."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from adapters.sql import SqlStore
from core.effects import Say, TellAdmins, plain
from core.engine import Engine
from core.events import MessagePosted
from core.memory import MemoryStore
from core.occurrences import Hours
from core.workflow import Bound, Group
from jobs.digest.arming import arming
from jobs.digest.task import Tasks
from tests.digests.group import SHANGHAI, pauses, person
from workflows import content
from workflows.catalog import Catalog
from workflows.content_options import Contents

NOON = datetime(2026, 3, 23, 4, tzinfo=UTC)
"""Monday 12:00 in Shanghai."""
PNG = b"\x89PNG\r\n\x1a\n rest"


def group_of(written: dict[str, object]) -> Group:
    return Group(
        key="reading",
        community="晨读营",
        zone=SHANGHAI,
        platforms=("telegram",),
        texts=Catalog.shipped(),
        runs=(Bound(content.workflow, Contents.model_validate(written)),),
    )


class Days:
    """A group whose days pass; every timer rings at its time."""

    def __init__(self, written: dict[str, object], store: SqlStore | MemoryStore | None = None) -> None:
        self.store = store or MemoryStore()
        self.now = NOON
        self.set(written)

    def set(self, written: dict[str, object]) -> None:
        self.group = group_of(written)
        self.engine = Engine(self.store, {"reading": self.group})
        outcome = self.engine.process(arming([self.group], self.now))
        assert not outcome.faults, outcome.faults

    def pass_(self, days: int, messages: int = 0) -> None:
        for _ in range(days):
            said = [
                MessagePosted(
                    id=f"telegram:{self.now}:{n}",
                    at=self.now,
                    group="reading",
                    actor=person(2),
                    message=str(n),
                    text="早",
                )
                for n in range(messages)
            ]
            self.now += timedelta(days=1)
            outcome = self.engine.replay(said, until=self.now)
            assert not outcome.faults, outcome.faults

    def said(self, kind: type[Say | TellAdmins] = Say) -> list[str]:
        effects = [row.effect for row in self.store.outbox("reading") if isinstance(row.effect, kind)]
        return [plain(effect.words) for effect in effects]


def test_a_post_comes_at_its_time_on_its_days():
    days = Days({"content": {"morning": {"at": "07:00", "days": ["mon", "wed"], "text": "早安，${group.name}"}}})
    days.pass_(9)
    assert days.said() == ["早安，晨读营"] * 3
    rows = list(days.store.outbox("reading"))
    assert [row.at.astimezone(SHANGHAI).strftime("%a %H:%M") for row in rows] == ["Wed 07:00", "Mon 07:00", "Wed 07:00"]


def test_a_rotation_repeats_nothing_until_all_were_used():
    days = Days({"content": {"verse": {"at": "21:00", "rotate": "一\n二\n# 注\n\n三"}}})
    days.pass_(7)
    assert days.said() == ["一", "二", "三", "一", "二", "三", "一"]


def test_a_rotation_that_is_edited_goes_on_with_what_is_new():
    days = Days({"content": {"verse": {"at": "21:00", "text": "今日一句", "rotate": ["一", "二", "三"]}}})
    days.pass_(2)
    days.set({"content": {"verse": {"at": "21:00", "text": "今日一句", "rotate": ["零", "一", "二", "三"]}}})
    days.pass_(2)
    assert days.said() == ["今日一句\n一", "今日一句\n二", "今日一句\n零", "今日一句\n三"]


def test_a_new_round_does_not_begin_with_what_was_said_last():
    days = Days({"content": {"verse": {"at": "21:00", "rotate": ["一", "二"]}}})
    days.pass_(1)
    days.set({"content": {"verse": {"at": "21:00", "rotate": ["一"]}}})
    days.pass_(1)
    days.set({"content": {"verse": {"at": "21:00", "rotate": ["一", "三"]}}})
    days.pass_(2)
    assert days.said() == ["一", "一", "三", "一"]


def test_a_post_that_would_be_hours_late_is_left_out():
    days = Days({"content": {"morning": {"at": "07:00", "text": "早"}}})
    (row,) = days.store.timers("reading")
    days.engine.process([row.due(row.at + timedelta(hours=5))])
    assert days.said() == []
    assert "late by 5 hours: left out" in [why for note in days.store.audit("reading") for why in note.because]
    assert [timer.at for timer in days.store.timers("reading")] == [row.at + timedelta(days=1)]


@pytest.mark.parametrize("at", ["07:00", "09:00"], ids=["in the quiet hours", "behind them"])
def test_a_post_comes_at_its_time_in_quiet_hours_too_and_makes_no_sound(store, tmp_path, at):
    (tmp_path / "tea.png").write_bytes(PNG)
    written = {"words": {"at": at, "text": "早"}, "shown": {"at": at, "text": "早", "picture": "tea.png"}}
    days = Days({"content": written}, store)
    days.group = replace(days.group, quiet=Hours(time(22, 30), time(9)))
    days.engine = Engine(store, {"reading": days.group})
    days.pass_(1)
    Tasks(Premises(tmp_path, store, {"reading": days.group}), now=lambda: days.now - timedelta(hours=4)).run()
    said = list(store.outbox("reading"))
    assert [row.effect.quiet for row in said] == [at == "07:00"] * 2
    assert f"{said[0].at.astimezone(SHANGHAI):%H:%M}" == at


@pytest.mark.parametrize("picture", [{}, {"picture": "tea.png"}], ids=["words", "with a picture"])
def test_while_the_group_is_paused_nothing_is_posted_and_nothing_used_up(picture):
    store = MemoryStore()
    days = Days({"content": {"verse": {"at": "21:00", "rotate": ["一", "二"], **picture}}}, store)
    pauses(store, NOON, NOON + timedelta(days=2))
    days.pass_(2)
    assert days.said() == []
    assert list(store.tasks("reading")) == []
    days.pass_(2)
    told = [str(task.data["words"]) for task in store.tasks("reading")] if picture else days.said()
    assert told == ["一", "二"]


AD = {"at": "21:00", "text": "课程报名", "promotional": True}


def test_a_post_is_not_posted_again_on_a_day_whose_time_was_put_off():
    days = Days({"content": {"evening": {"at": "18:00", "text": "晚安"}}})
    days.now += timedelta(hours=7)
    days.engine.replay([], until=days.now)
    assert days.said() == ["晚安"]
    days.set({"content": {"evening": {"at": "21:00", "text": "晚安"}}})
    days.pass_(1)
    assert days.said() == ["晚安"]
    days.pass_(1)
    assert days.said() == ["晚安"] * 2


def test_what_advertises_is_capped_by_the_week_and_waits():
    days = Days({"content": {"course": AD}, "marketing_budget": {"promotional_per_week": 2}})
    days.pass_(7)
    assert days.said() == ["课程报名"] * 2
    assert days.said(TellAdmins) == [
        "📣 推广帖「course」先等一等：七天内已发 2 条推广，上限 2 条。有余量后会自动发出。"
    ]
    days.pass_(2)
    assert days.said() == ["课程报名"] * 4
    days.pass_(1)
    assert len(days.said(TellAdmins)) == 2


def test_a_post_that_waits_goes_on_waiting_over_a_pause_and_what_was_missed():
    ad = {**AD, "days": ["mon", "thu"]}
    days = Days({"content": {"course": ad}, "marketing_budget": {"promotional_per_week": 1}})
    days.pass_(4)
    pauses(days.store, days.now, days.now + timedelta(days=1))
    days.pass_(1)
    (row,) = days.store.timers("reading")
    days.now = row.at + timedelta(hours=5)
    assert not days.engine.process([row.due(days.now)]).faults
    assert days.said() == ["课程报名"]
    days.pass_(2)
    assert days.said() == ["课程报名"] * 2
    because = [why for note in days.store.audit("reading") for why in note.because]
    assert "the group is paused: it goes on waiting" in because
    assert "late by 5 hours: it goes on waiting" in because


def test_two_posts_share_one_budget_and_others_need_none():
    written = {
        "content": {"a": AD, "b": {**AD, "at": "22:00"}, "tea": {"at": "15:00", "text": "喝茶"}},
        "marketing_budget": {"promotional_per_week": 1},
    }
    days = Days(written)
    days.pass_(3)
    assert sorted(days.said()) == ["喝茶"] * 3 + ["课程报名"]


@pytest.mark.parametrize(
    ("messages", "posts"), [(0, 0), (9, 0), (10, 1), (30, 3)], ids=["none", "nine", "ten", "thirty"]
)
def test_what_advertises_is_a_share_of_what_members_say(messages, posts):
    """10 % of the messages of seven days."""
    days = Days({"content": {"course": AD}, "marketing_budget": {"share": "10%"}})
    days.pass_(1, messages)
    days.pass_(4)
    assert len(days.said()) == posts


def test_messages_are_counted_only_where_a_share_asks_for_it():
    days = Days({"content": {"course": AD}, "marketing_budget": {"promotional_per_week": 2}})
    event = MessagePosted(id="telegram:1", at=NOON, group="reading", actor=person(2), message="1", text="早")
    assert content.reads(event, days.group.runs[0].options) is None


@dataclass
class Premises:
    home: Path
    store: SqlStore
    groups: dict[str, Group]


@pytest.mark.parametrize(
    ("file", "picture", "why"),
    [
        ("tea.png", PNG, None),
        ("text.png", None, "it is neither PNG nor JPEG"),
        ("absent.png", None, "No such file or directory"),
        ("out.png", None, "it lies outside of the home"),
    ],
    ids=["a picture", "no picture", "absent", "outside"],
)
def test_a_picture_is_fetched_from_the_home_when_the_time_has_come(store, tmp_path, file, picture, why):
    home = tmp_path / "home"
    home.mkdir()
    (home / "tea.png").write_bytes(PNG)
    (home / "text.png").write_text("hello")
    (tmp_path / "secret.png").write_bytes(PNG)
    (home / "out.png").symlink_to(tmp_path / "secret.png")
    days = Days({"content": {"tea": {"at": "15:00", "text": "喝茶", "picture": file, "pin": True}}}, store)
    days.pass_(1)
    tasks = Tasks(Premises(home, store, {"reading": days.group}), now=lambda: NOON + timedelta(hours=3, minutes=1))
    assert tasks.waiting() == 1
    assert (tasks.run(), tasks.run()) == (1, 0)
    (row,) = store.outbox("reading")
    assert (row.id, row.effect.picture, row.effect.pin) == ("content:reading:tea:2026-03-23@telegram", picture, True)
    told = [reason for note in store.audit("reading") for reason in note.because]
    assert (f"the picture {file} cannot be used: {why}" in told) == (why is not None)


@pytest.mark.parametrize(
    "written",
    [
        {"at": "21:00"},
        {"at": "21:00", "picture": "/etc/tea.png"},
        {"at": "21:00", "picture": "../tea.png"},
        {"at": "21:00", "picture": "notes.txt"},
        {"at": "21:00", "rotate": ["x" * 3501]},
    ],
    ids=["nothing to post", "absolute", "outside", "no picture", "too long"],
)
def test_what_cannot_be_posted_is_refused(written):
    with pytest.raises(ValidationError):
        Contents.model_validate({"content": {"a": written}})


@pytest.mark.parametrize("share", ["10", "0%", "120%", "x%", 10], ids=str)
def test_a_share_is_a_percentage(share):
    with pytest.raises(ValidationError, match="is not a share; write a percentage, like 10%"):
        Contents.model_validate({"content": {}, "marketing_budget": {"share": share}})
