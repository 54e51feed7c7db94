"""Events: announced with buttons, reminded of, a limit with people who wait, and every answer where it belongs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from core.effects import Edit, Say, TellAdmins, plain
from core.engine import Engine
from core.events import ButtonPressed, MemberLeft, MessagePosted
from core.memory import MemoryStore
from core.occurrences import Hours, Weekly
from core.people import Account, Actor, ActorKind
from core.workflow import Bound, Group
from jobs.digest.arming import arming
from tests.commands.group import ALL_RIGHTS, admin
from tests.digests.group import SHANGHAI
from workflows import events, quiet
from workflows.catalog import Catalog
from workflows.event_book import ANSWERS
from workflows.event_options import Events, Once
from workflows.quiet import Reminded

MONDAY = datetime(2026, 3, 23, 4, tzinfo=UTC)
"""12:00 in Shanghai."""
TEA = {"title": {"zh": "周五茶会", "en": "Friday tea"}, "at": "fri 20:00", "place": "线上"}
BOSS = admin(10001, "馆主", *ALL_RIGHTS)


def person(number: int) -> Actor:
    return Actor(account=Account(f"telegram:{number}"), name=f"成员{number}")


class Club:
    """A group with events whose days pass; every timer rings at its time."""

    def __init__(
        self, *, store: MemoryStore | None = None, languages: tuple[str, ...] = ("zh",), **written: object
    ) -> None:
        self.store = store or MemoryStore()
        self.now, self.number, self.read = MONDAY, 0, 0
        self.set(languages=languages, **(written or {"tea": TEA}))

    def set(self, languages: tuple[str, ...] = ("zh",), **written: object) -> None:
        """The operator's file says this from now on."""
        runs = (Bound(events.workflow, Events.model_validate(written)), Bound(quiet.workflow, Reminded()))
        self.group = Group(
            key="g", community="读书会", zone=SHANGHAI, languages=languages, texts=Catalog.shipped(), runs=runs
        )
        self.engine = Engine(self.store, {"g": self.group})
        assert not self.engine.process(arming([self.group], self.now)).faults

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)
        outcome = self.engine.replay([], until=self.now)
        assert not outcome.faults, outcome.faults

    def _happens(self, kind: type, **fields: object) -> None:
        self.now += timedelta(seconds=1)
        self.number += 1
        event = kind(**{"id": f"telegram:{self.number}", "at": self.now, "group": "g", **fields})
        outcome = self.engine.replay([event])
        assert not outcome.faults, outcome.faults
        assert not outcome.buried, outcome.buried

    def says(self, who: Actor, text: str, **more: object) -> list[str]:
        self._happens(MessagePosted, actor=who, message=str(self.number), text=text, **more)
        return self.told()

    def presses(
        self, who: Actor, answer: str, day: str = "20260327", id_: str = "tea", message: str = "9", **more: object
    ) -> list[str]:
        self._happens(ButtonPressed, actor=who, data=f"event:{answer}:{id_}:{day}", message=message, **more)
        return self.told()

    def leaves(self, who: Actor) -> None:
        self._happens(MemberLeft, actor=who)

    @property
    def effects(self) -> list[object]:
        return [row.effect for row in self.store.outbox("g")]

    @property
    def said(self) -> list[str]:
        """Everything that was ever said."""
        return [plain(one.words) for one in self.effects if isinstance(one, Say)]

    def told(self) -> list[str]:
        """What was said since the last look."""
        new, self.read = self.effects[self.read :], len(self.effects)
        return [plain(one.words) for one in new if isinstance(one, Say | Edit | TellAdmins)]

    @property
    def because(self) -> list[str]:
        return [why for row in self.store.audit("g") for why in row.because]


@pytest.fixture
def club() -> Club:
    made = Club(tea={**TEA, "limit": 2})
    made.passes(days=2)
    made.told()
    return made


@pytest.mark.parametrize(
    ("written", "clocks"),
    [
        ({"at": "fri 08:00", "remind": ["12h", "1h"]}, ["26 20:00", "26 22:29"]),
        ({"at": "fri 10:30", "remind": ["3h", "2h"]}, ["27 09:00"]),
        ({"at": "fri 20:00", "remind": ["13h", "1h"]}, ["27 09:00", "27 19:00"]),
    ],
    ids=["too late behind them", "both behind them", "one of them"],
)
def test_quiet_hours_move_reminders_of_an_event_to_where_they_are_of_use(written, clocks):
    club = Club(tea={**TEA, **written})
    club.group = replace(club.group, quiet=Hours(time(22, 30), time(9)))
    club.engine = Engine(club.store, {"g": club.group})
    club.passes(days=2, hours=20)
    club.presses(person(1), "yes")
    club.passes(days=1, hours=11, minutes=30)
    rows = [row for row in club.store.outbox("g") if isinstance(row.effect, Say) and "⏰" in plain(row.effect.words)]
    assert [f"{club.group.local(row.at):%d %H:%M}" for row in rows] == clocks


def test_names_of_who_comes_lead_nowhere():
    club = Club()
    club.passes(days=2)
    club.presses(replace(person(1), name="t.me/spam"), "yes")
    (told,) = club.says(person(9), "活动")
    assert "t.\u2060me/spam" in told


def test_an_event_is_announced_outside_the_quiet_hours():
    club = Club(tea={**TEA, "at": "fri 08:00"})
    club.group = replace(club.group, quiet=Hours(time(22, 30), time(9)))
    club.engine = Engine(club.store, {"g": club.group})
    club.passes(days=8)
    assert [f"{club.group.local(row.at):%d %H:%M}" for row in club.store.outbox("g")] == ["24 08:00", "31 09:00"]


def test_an_event_of_every_day_is_announced_anew_as_soon_as_it_has_begun():
    club = Club(tea={**TEA, "at": "20:00"})
    club.passes(days=3)
    assert [why for why in club.because if why.startswith("announced")] == [
        f"announced the event of 2026-03-{day}" for day in (23, 24, 25, 26)
    ]


def test_an_event_is_announced_with_buttons_for_everybody_before_it_begins():
    club = Club()
    club.passes(days=1, hours=7)
    assert club.told() == []
    club.passes(hours=2)
    assert club.told() == [
        "📅 周五茶会\n🕗 3月27日（周五）20:00（Asia/Shanghai）\n📍 线上\n已有 0 人报名\n"
        "点按钮，或发「报名」；来不了发「取消报名」。"
    ]
    (say,) = club.effects
    assert isinstance(say, Say)
    assert [choice.label for choice in say.choices] == ["✋ 我来", "来不了", "谁来？"]
    assert [choice.data for choice in say.choices] == [f"event:{one}:tea:20260327" for one in ("yes", "no", "who")]
    assert say.chooser is None


@pytest.mark.parametrize(
    ("language", "told"),
    [("zh", "想来就发「报名」；来不了发「取消报名」。"), ("en", "Write /join to come; if you cannot, /withdraw.")],
)
def test_nobody_is_sent_to_a_button_where_there_are_none(language, told):
    club = Club(languages=(language,))
    club.group = replace(club.group, platforms=("wechat",), numbered=("wechat",))
    club.engine = Engine(club.store, {"g": club.group})
    club.passes(days=4)
    (post,) = [text for text in club.told() if "20:00" in text][:1]
    assert told in post
    assert "按钮" not in post
    assert "button" not in post


@pytest.mark.parametrize("how", ["button", "word"])
def test_who_comes_is_counted_once_however_they_say_it(club, how):
    for _ in range(2):
        if how == "button":
            club.presses(person(1), "yes")
        else:
            club.says(person(1), "报名")
    (told,) = club.says(person(9), "活动")
    assert "已报名 1 / 2 人\n来的人：成员1" in told
    assert "comes already" in club.because


def test_a_press_changes_the_post_and_says_nothing_else(club):
    (post,) = club.presses(person(1), "yes")
    assert "已报名 1 / 2 人" in post
    assert isinstance(club.effects[-1], Edit)


def test_who_is_too_late_waits_and_moves_up_when_somebody_withdraws(club):
    for n in (1, 2, 3, 4):
        club.presses(person(n), "yes")
    assert "@成员4 名额满了，你是候补第 2 位。有人退出就轮到你。" in club.said
    told = club.says(person(1), "取消报名")
    assert told[0] == "已取消：周五茶会。\n已报名 2 / 2 人，候补 1 人"
    assert told[1] == "有空位了，轮到你：周五茶会，3月27日（周五）20:00（Asia/Shanghai）\n📍 线上 @成员3"
    (listed,) = club.says(person(9), "活动安排")
    assert listed.endswith("来的人：成员2、成员3\n候补：成员4")


def test_a_seat_is_for_whoever_answered_first_and_not_for_whom_the_group_knew_first(club):
    for n in (1, 2, 3):
        club.says(person(n), "早")
    for n in (3, 2, 1):
        club.presses(person(n), "yes")
    (listed,) = club.says(person(9), "活动安排")
    assert listed.endswith("来的人：成员3、成员2\n候补：成员1")


def test_who_has_to_wait_is_told_where_they_pressed(club):
    for n in (1, 2, 3):
        club.presses(person(n), "yes", topic="7")
    waits = [one for one in club.effects if isinstance(one, Say) and "成员3" in plain(one.words)]
    assert [one.topic for one in waits] == ["7"]


def test_who_withdraws_while_waiting_moves_nobody(club):
    for n in (1, 2, 3, 4):
        club.presses(person(n), "yes")
    club.told()
    assert len(club.presses(person(3), "no")) == 1
    assert not any("轮到你：" in text for text in club.said)


def test_those_who_come_are_reminded_and_nobody_else(club):
    for n in (1, 2, 3):
        club.presses(person(n), "yes")
    club.says(person(2), "退订提醒")
    club.told()
    club.passes(days=1, hours=9)
    assert club.told() == ["⏰ 周五茶会，3月27日（周五）20:00（Asia/Shanghai）\n📍 线上 @成员1"]
    club.passes(hours=24)
    assert club.told() == ["⏰ 周五茶会，3月27日（周五）20:00（Asia/Shanghai）\n📍 线上 @成员1"]


def test_nobody_is_reminded_where_nobody_comes(club):
    club.passes(days=2, hours=6)
    assert club.told() == []
    assert "nobody is to be reminded of the event" in club.because


def test_who_left_the_group_leaves_their_seat(club):
    for n in (1, 2, 3):
        club.presses(person(n), "yes")
    club.leaves(person(1))
    club.told()
    (listed,) = club.says(person(9), "活动")
    assert listed.endswith("来的人：成员2、成员3")


def test_once_it_has_begun_answers_are_gone_and_the_next_one_is_announced(club):
    club.presses(person(1), "yes")
    club.passes(days=3)
    club.told()
    assert club.presses(person(2), "yes") == []
    assert "the event is not open for answers" in club.because
    assert list(club.store.every_record("g", ANSWERS)) == []
    club.passes(days=4)
    (post,) = club.told()
    assert "4月3日（周五）20:00" in post
    assert "已报名 0 / 2 人" in post


def test_a_button_of_last_week_answers_nothing(club):
    club.passes(days=7)
    club.told()
    assert club.presses(person(2), "yes", day="20260327") == []


def test_an_admin_cancels_and_takes_that_back_and_no_answer_is_lost(club):
    club.presses(person(1), "yes")
    club.told()
    assert club.says(BOSS, "/event 取消 周五茶会")[0] == (
        "❌ 取消了：周五茶会，3月27日（周五）20:00（Asia/Shanghai）\n📍 线上 @成员1"
    )
    assert club.presses(person(2), "yes") == []
    assert club.says(person(2), "报名") == ["❌ 这次取消了。"]
    club.passes(days=1, hours=10)
    assert club.told() == []
    restored = club.says(BOSS, "/event restore tea")
    assert restored[0].startswith("✅ 照常举行：周五茶会")
    assert "成员1" in club.says(person(9), "活动")[0]


@pytest.mark.parametrize("text", ["/event", "/event tea", "/event cancle tea"])
def test_an_order_without_its_verb_is_answered_with_how_it_is_written(club, text):
    (told,) = club.says(BOSS, text)
    assert told.startswith("请这样写：/管理活动 取消 活动名。")
    assert club.presses(person(2), "yes")


@pytest.mark.parametrize("text", ["/event", "/event tea", "/event at five"])
def test_a_member_may_mean_something_else_by_the_word_and_hears_nothing(club, text):
    assert club.says(person(1), text) == []
    assert club.presses(person(2), "yes")


def test_only_an_admin_cancels(club):
    (told,) = club.says(person(1), "/event cancel tea")
    assert "管理员" in told
    assert club.presses(person(2), "yes")


def test_with_two_events_one_has_to_be_named():
    club = Club(tea=TEA, walk={"title": "散步", "at": "sat 9:00"})
    club.passes(days=4)
    club.told()
    (told,) = club.says(person(1), "报名")
    assert told.startswith("哪一个？写上名字，比如「/报名 tea」：")
    assert club.says(person(1), "/报名 散步")[0].startswith("报上名了：散步")


WALK = {"title": "散步", "at": "sat 9:00"}


def test_with_two_events_the_one_that_is_meant_is_chosen_by_a_button():
    club = Club(tea={**TEA, "limit": 1}, walk=WALK)
    club.passes(days=4)
    club.says(person(1), "报名")
    asked = club.effects[-1]
    assert isinstance(asked, Say)
    assert [(one.label, one.data) for one in asked.choices] == [
        ("周五茶会", "event:in:tea:20260327"),
        ("散步", "event:in:walk:20260328"),
    ]
    assert asked.chooser == person(1).account
    for _ in range(2):
        assert club.presses(person(1), "in") == ["报上名了：周五茶会。\n已报名 1 / 1 人"]
        assert isinstance(club.effects[-1], Edit)
        assert club.effects[-1].choices == ()
    assert club.presses(person(2), "in") == ["名额满了，你是候补第 1 位。有人退出就轮到你。"]
    assert club.presses(person(1), "out") == [
        "已取消：周五茶会。\n已报名 1 / 1 人",
        "有空位了，轮到你：周五茶会，3月27日（周五）20:00（Asia/Shanghai）\n📍 线上 @成员2",
    ]


def test_who_asks_in_private_and_chooses_there_is_answered_there():
    club = Club(tea={**TEA, "limit": 1}, walk=WALK)
    club.passes(days=4)
    for who, words in (
        (1, "报上名了：周五茶会。\n已报名 1 / 1 人"),
        (2, "名额满了，你是候补第 1 位。有人退出就轮到你。"),
    ):
        club.says(person(who), "报名", private=True)
        asked = club.effects[-1]
        assert isinstance(asked, Say)
        club.told()
        club._happens(ButtonPressed, actor=person(who), data=asked.choices[0].data)
        answer = club.effects[-1]
        assert isinstance(answer, Say)
        assert (answer.to, club.told()) == (person(who).account, [words])


def test_of_two_events_called_alike_the_day_is_told_and_a_cancelled_one_is_no_choice():
    club = Club(tea=TEA, walk={**WALK, "title": "周五茶会"})
    club.passes(days=4)
    club.says(person(1), "报名")
    both = club.effects[-1]
    assert isinstance(both, Say)
    assert [one.label for one in both.choices] == [
        "周五茶会，3月27日（周五）20:00（Asia/Shanghai）",
        "周五茶会，3月28日（周六）09:00（Asia/Shanghai）",
    ]
    club.says(BOSS, "/event cancel walk")
    club.says(person(1), "取消报名")
    asked = club.effects[-1]
    assert isinstance(asked, Say)
    assert [one.data for one in asked.choices] == ["event:out:tea:20260327"]
    club.says(BOSS, "/event cancel")
    told = club.effects[-1]
    assert isinstance(told, Say | TellAdmins)
    assert told.choices == ()


@pytest.mark.parametrize("chosen", ["2", "第二个", "散步"])
def test_where_there_are_no_buttons_it_is_chosen_by_its_number_or_name(chosen):
    club = Club(tea=TEA, walk=WALK)
    club.group = replace(club.group, platforms=("wechat",), numbered=("wechat",), letters=frozenset("周散"))
    club.engine = Engine(club.store, {"g": club.group})
    club.passes(days=4)
    who = Actor(account=Account("wechat:li"), name="小李")
    club.says(who, "报名", id="wechat:1")
    (told,) = club.says(who, chosen, id="wechat:2")
    assert told.endswith("报上名了：散步。\n已有 1 人报名")
    assert "小李" in told


def test_where_no_post_can_be_edited_who_answers_under_it_reads_that_it_was_heard():
    club = Club(tea={**TEA, "limit": 1})
    club.group = replace(club.group, platforms=("wechat",), numbered=("wechat",), letters=frozenset("我来"))
    club.engine = Engine(club.store, {"g": club.group})
    club.passes(days=1, hours=9)
    club.told()
    li, zhao = (Actor(account=Account(f"wechat:{id_}"), name=name) for id_, name in (("li", "小李"), ("zhao", "小赵")))
    for n, text in enumerate(("1", "我来"), 1):
        assert club.says(li, text, id=f"wechat:{n}") == ["@小李 报上名了：周五茶会。\n已报名 1 / 1 人"]
    for n in (3, 4):
        assert club.says(zhao, "1", id=f"wechat:{n}") == ["@小赵 名额满了，你是候补第 1 位。有人退出就轮到你。"]
    assert club.says(li, "2", id="wechat:5") == [
        "@小李 已取消：周五茶会。\n已报名 1 / 1 人",
        "有空位了，轮到你：周五茶会，3月27日（周五）20:00（Asia/Shanghai）\n📍 线上 @小赵",
    ]
    assert club.says(li, "2", id="wechat:6") == []


@pytest.mark.parametrize("text", ["报名", "/join tea"])
def test_who_waits_for_a_seat_and_signs_up_again_still_waits(text):
    club = Club(tea={**TEA, "limit": 1})
    club.passes(days=4)
    club.says(person(1), "报名")
    for _ in range(2):
        assert club.says(person(2), text) == ["名额满了，你是候补第 1 位。有人退出就轮到你。"]


def test_who_withdraws_is_asked_about_the_events_to_which_they_come_alone():
    club = Club(tea=TEA, walk=WALK)
    club.passes(days=4)
    club.says(person(1), "报名 周五茶会")
    assert club.says(person(1), "取消报名") == ["已取消：周五茶会。\n已有 0 人报名"]
    club.says(person(1), "报名 周五茶会")
    club.says(person(1), "报名 散步")
    (told,) = club.says(person(1), "取消报名")
    assert told.splitlines()[0] == "哪一个？写上名字，比如「/取消报名 tea」："
    (told,) = club.says(person(2), "取消报名")
    assert "散步" in told


@pytest.mark.parametrize("text", ["活动", "报名", "/join tea", "取消报名"])
def test_of_an_event_that_is_not_announced_yet_it_is_told_when_one_can_sign_up(text):
    club = Club(tea={**TEA, "announce": "2d"})
    (told,) = club.says(person(1), text)
    assert told.splitlines()[0] == "📅 周五茶会"
    assert told.splitlines()[-1] == "大约 3月25日（周三）20:00（Asia/Shanghai） 在群里发布，发布后就能报名。"
    club.passes(days=3)
    assert "点按钮，或发「报名」" in club.told()[-1]


def test_where_nothing_is_to_come_that_is_said():
    club = Club(tea={**TEA, "at": "2026-03-20 20:00"})
    for text in ("报名", "活动"):
        assert club.says(person(1), text) == ["现在没有可以报名的活动。"]


@pytest.mark.parametrize("kind", [ActorKind.BOT, ActorKind.CHANNEL])
def test_only_persons_come(club, kind):
    club.presses(Actor(account=Account("telegram:77"), name="机器", kind=kind), "yes")
    assert list(club.store.every_record("g", ANSWERS)) == []


def test_an_event_that_was_moved_is_announced_again_and_answers_stay(club):
    club.presses(person(1), "yes")
    club.told()
    club.set(tea={**TEA, "limit": 2, "at": "fri 21:00"})
    club.passes(minutes=1)
    (post,) = club.told()
    assert "20:00" not in post
    assert "21:00" in post
    assert "已报名 1 / 2 人" in post


def test_an_event_that_is_no_more_is_neither_reminded_of_nor_listed(club):
    club.presses(person(1), "yes")
    club.told()
    club.set()
    club.passes(days=3)
    assert club.told() == []
    assert list(club.store.timers("g")) == []


def test_answers_to_an_event_that_is_no_more_go_with_it_and_no_others(club):
    club.set(tea={**TEA, "limit": 2}, walk={**TEA, "title": "散步"}, run={**TEA, "title": "跑步"})
    club.passes(days=1)
    for id_ in ("tea", "walk", "run"):
        club.presses(person(1), "yes", id_=id_)
    club.presses(person(2), "yes", id_="walk")
    club.set(tea={**TEA, "limit": 2})
    held = {member.account: set(answers.to) for member, answers in club.store.every_record("g", ANSWERS)}
    assert held == {person(1).account: {"tea"}}


def test_an_event_of_one_day_is_over_when_it_was():
    club = Club(talk={"title": "讲座", "at": "2026-03-25 19:30", "announce": "1d", "remind": "2h"})
    club.passes(days=1, hours=8)
    assert "3月25日（周三）19:30" in club.told()[0]
    club.passes(days=2)
    assert list(club.store.timers("g")) == []
    assert club.says(person(1), "活动") == ["现在没有可以报名的活动。"]


def test_starting_again_announces_nothing_twice(club):
    club.set(tea={**TEA, "limit": 2})
    club.passes(hours=1)
    assert club.told() == []


def test_in_english_it_reads_like_english():
    club = Club(languages=("en", "zh"), tea={**TEA, "limit": 1})
    club.passes(days=2)
    assert club.told()[0].startswith("📅 Friday tea\n🕗 Fri 27 Mar, 20:00 (Asia/Shanghai)\n📍 线上\n0 of 1 seats taken")
    club.presses(person(1), "yes")
    club.presses(person(2), "yes")
    assert any("you are number 1 on the waiting list" in text for text in club.said)


def test_spring_s_skipped_hour_moves_the_event_by_an_hour_and_not_away():
    written = Events.model_validate({"a": {"title": "x", "at": "2026-03-29 02:30", "remind": "1h"}})
    found = written.root["a"].after(MONDAY, ZoneInfo("Europe/Berlin"))
    assert found is not None
    assert (found.day, found.at) == (date(2026, 3, 29), datetime(2026, 3, 29, 1, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("at", "meant"),
    [
        ("2026-12-05 19:30", Once(day=date(2026, 12, 5), clock=time(19, 30))),
        ("fri 20:00", Weekly(clock=time(20), weekdays=frozenset({4}))),
    ],
)
def test_times_are_read_as_written(at, meant):
    (gathering,) = Events.model_validate({"tea": {**TEA, "at": at}}).root.values()
    assert gathering.at == meant
    assert gathering.model_dump()["at"] == at


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"at": "2026-13-05 19:30"}, "is not a time for an event"),
        ({"at": "soon"}, "is not a time for an event"),
        ({"announce": "1h"}, "would come before anybody knows"),
        ({"limit": 0}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_write(written, told):
    with pytest.raises(ValidationError, match=told):
        Events.model_validate({"tea": {**TEA, **written}})


def test_an_admin_who_names_no_event_is_shown_their_own_command(club):
    (told,) = club.says(BOSS, "/管理活动 取消 不知道")
    assert told.startswith("哪一个？写上名字，比如「/管理活动 取消 tea」：")
    (told,) = club.says(BOSS, "/管理活动 恢复 不知道")
    assert told.startswith("哪一个？写上名字，比如「/管理活动 恢复 tea」：")


def test_a_part_of_a_title_that_no_other_has_names_an_event():
    club = Club(tea=TEA, walk=WALK)
    club.passes(days=4)
    club.told()
    assert club.says(person(1), "/报名 茶会")[0].startswith("报上名了：周五茶会")
    assert club.says(BOSS, "/管理活动 取消 茶会")[0].startswith("❌ 取消了：周五茶会")


def test_who_names_one_that_is_not_open_yet_reads_when_it_is():
    club = Club(tea=TEA, fair={"title": "书市", "at": "2026-05-02 10:00", "announce": "7d"})
    club.passes(days=4)
    club.told()
    (told,) = club.says(person(1), "/报名 书市")
    assert told.startswith("📅 书市")
    assert "在群里发布，发布后就能报名" in told
