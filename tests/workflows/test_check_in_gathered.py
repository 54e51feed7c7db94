"""Quiet answers: a reaction in place of the words, or one message for the check-ins of a while."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.sql import open_store
from core.decision import NOTHING, Bind, Decision
from core.effects import React, Say, plain
from core.engine import Engine
from core.events import Event, MemberLeft, MessagePosted
from core.people import NOBODY, Account, Actor
from core.ports import RecordAt, Writes
from core.workflow import Bound, View, Workflow
from tests.workflows.check_in_camp import ADMIN, LI, WANG, Camp, person
from workflows.check_in_answers import GATHERED, Places

ANN = Actor(account=Account("telegram:7"), name="Ann", language="en-GB")
QUIETLY: dict[str, Any] = {
    "name": {"zh": "晨读", "en": "Morning reading"},
    "keywords": ["打卡", "in"],
    "points": 5,
    "streak": {"bonus": {3: 10}},
    "late": {"within": "3d", "points": 2},
    "leave": {},
    "on_delete": "withdraw",
    "gather": {"every": "10m", "most": 4},
}


def camp(**more: Any) -> Camp:
    return Camp(morning={**QUIETLY, **more})


def gathered(made: Camp) -> list[Say]:
    return [one for one in made.effects() if isinstance(one, Say) and one.on]


# One message


def test_check_ins_of_a_while_are_one_message_in_the_language_of_each_and_without_a_sound() -> None:
    made = camp()
    made.says("2026-03-02 07:00", "打卡")
    made.says("2026-03-02 07:04", "in", ANN)
    made.says("2026-03-02 07:09", "打卡", LI)
    assert made.said() == []
    made.until("2026-03-02 07:10")
    assert made.said() == [
        "✅「晨读」打卡：\n小王 连续第 1 天，+5 分\n老李 连续第 1 天，+5 分"
        "\n\n✅ Morning reading, checked in:\nAnn, day 1 in a row, +5"
    ]
    assert [one.quiet for one in gathered(made)] == [True]
    made.until("2026-03-03 07:00")
    assert len(made.said()) == 1


def test_so_many_that_wait_are_said_before_their_time_and_the_next_ones_wait_anew() -> None:
    made = camp()
    for n in range(6):
        made.says(f"2026-03-02 07:0{n}", "打卡", person(f"人{n}"))
    assert [text.count("\n") for text in made.said()] == [4]
    made.until("2026-03-02 07:13")
    assert len(made.said()) == 1
    made.until("2026-03-02 07:14")
    assert made.said()[1:] == ["✅「晨读」打卡：\n人4 连续第 1 天，+5 分\n人5 连续第 1 天，+5 分"]


def test_a_bonus_is_marked_and_a_day_made_up_is_named_with_its_day() -> None:
    made = camp(points=0)
    made.days("2026-03-02", 2, text="打卡")
    made.until("2026-03-03 08:00")
    made.says("2026-03-04 07:00", "打卡")
    made.says("2026-03-04 07:01", "打卡", LI)
    made.says("2026-03-04 07:02", "补卡", LI)
    made.until("2026-03-04 08:00")
    assert made.last == (
        "✅「晨读」打卡：\n小王 连续第 3 天，+10 分 🎉\n老李 连续第 1 天\n老李 补上 2026-03-03，连续 2 天，+2 分"
    )


def test_the_heading_is_the_operators_own_and_challenges_of_a_while_share_a_message() -> None:
    text = {"zh": "${group.key}·${check_in.name} 到齐：", "en": "${check_in.name} so far:"}
    made = Camp(
        morning={**QUIETLY, "gather": {"every": "10m", "text": text}},
        sport={"keywords": ["运动"], "gather": {"every": "2m"}},
    )
    made.says("2026-03-02 07:00", "打卡")
    made.says("2026-03-02 07:01", "运动", LI)
    made.until("2026-03-02 07:03")
    assert made.said() == ["camp·晨读 到齐：\n小王 连续第 1 天，+5 分\n\n✅「sport」打卡：\n老李 连续第 1 天"]
    made.until("2026-03-02 08:00")
    assert len(made.said()) == 1


def test_one_message_that_checks_in_to_two_challenges_is_told_for_both() -> None:
    both = {"keywords": ["打卡"], "gather": {"every": "10m", "most": 2}}
    made = Camp(one=both, two=both)
    made.says("2026-03-02 07:00", "打卡")
    made.until("2026-03-02 07:01")
    assert made.said() == ["✅「one」打卡：\n小王 连续第 1 天\n\n✅「two」打卡：\n小王 连续第 1 天"]
    made.until("2026-03-02 08:00")
    assert len(made.said()) == 1


def test_a_message_goes_to_the_topic_and_the_platform_that_its_check_ins_came_from() -> None:
    made = camp()
    made.says("2026-03-02 07:00", "打卡", WANG, topic="17")
    made.says("2026-03-02 07:01", "打卡", LI, topic="18")
    made.says("2026-03-02 07:02", "打卡", person("小李", "wechat"))
    made.says("2026-03-02 07:03", "in", ANN, topic="17")
    made.until("2026-03-02 08:00")
    told = [(one.on, one.topic, [name for name in ("小王", "老李", "小李", "Ann") if name in plain(one.words)])
            for one in gathered(made)]  # fmt: skip
    assert told == [
        ("telegram", "17", ["小王", "Ann"]),
        ("telegram", "18", ["老李"]),
        ("wechat", None, ["小李"]),
    ]


# What is said at once


def test_what_is_no_plain_success_is_said_at_once() -> None:
    made = camp()
    made.says("2026-03-02 07:00", "打卡")
    made.says("2026-03-02 07:01", "打卡")
    made.says("2026-03-02 07:02", "补卡")
    made.says("2026-03-02 07:03", "请假 明天")
    assert made.said() == [
        "小王，今天已经打过啦，连续 1 天，明天见～",
        "✅ 小王，「晨读」请假 1 天（2026-03-03），连续天数给你留着。",
    ]


@pytest.mark.parametrize("finished_by", ["a check-in", "a day made up"])
def test_who_finishes_hears_it_at_once_in_the_operators_words_and_is_not_named_again(finished_by: str) -> None:
    made = camp(starts="2026-03-02", length="5d", finish={"days": 2, "points": 50, "reply": "恭喜 ${member.mention}！"})
    made.says("2026-03-02 07:00", "打卡")
    made.until("2026-03-02 08:00")
    if finished_by == "a check-in":
        made.says("2026-03-03 07:00", "打卡")
        wanted = "✅ 小王 晨读连续第 2 天，+5 分\n恭喜 @小王！"
    else:
        made.says("2026-03-04 07:00", "补卡")
        wanted = "✅ 小王 补上了 2026-03-03 的「晨读」，现在连续 2 天，+2 分\n恭喜 @小王！"
    assert made.said()[1:] == [wanted]
    made.until("2026-03-04 09:00")
    assert len(made.said()) == 2


# Taken back


def test_a_check_in_whose_message_is_deleted_in_time_is_not_named() -> None:
    made = camp()
    message = made.says("2026-03-02 07:00", "打卡")
    made.says("2026-03-02 07:01", "打卡", LI)
    made.deletes("2026-03-02 07:02", message)
    made.until("2026-03-02 08:00")
    assert made.said() == ["✅「晨读」打卡：\n老李 连续第 1 天，+5 分"]


def test_if_all_are_taken_back_nothing_is_said_and_a_second_attempt_waits_its_whole_time() -> None:
    made = camp()
    message = made.says("2026-03-02 07:00", "打卡")
    made.deletes("2026-03-02 07:02", message)
    made.says("2026-03-02 07:05", "打卡")
    made.until("2026-03-02 07:14")
    assert made.said() == []
    made.until("2026-03-02 07:15")
    assert made.said() == ["✅「晨读」打卡：\n小王 连续第 1 天，+5 分"]


def test_a_day_that_an_admin_strikes_out_in_time_is_not_named() -> None:
    made = camp()
    made.says("2026-03-02 07:00", "打卡")
    made.says("2026-03-02 07:01", "打卡", LI)
    made.repairs("2026-03-02 07:02", "remove_day", WANG, day="2026-03-02")
    made.until("2026-03-02 08:00")
    assert plain(gathered(made)[0].words) == "✅「晨读」打卡：\n老李 连续第 1 天，+5 分"


@pytest.mark.parametrize("by", [None, ADMIN], ids=["who leaves", "who is removed"])
def test_who_is_out_of_the_group_before_it_is_said_is_not_named_and_has_the_day(by: Actor | None) -> None:
    made = camp()
    made.says("2026-03-02 07:00", "打卡")
    made.says("2026-03-02 07:01", "打卡", LI, topic="17")
    alone = person("小李")
    made.says("2026-03-02 07:02", "打卡", alone, topic="18")
    made.says("2026-03-02 07:03", "in", ANN, topic="17")
    made.leaves("2026-03-02 07:04", alone)
    made.tell(MemberLeft(id="out", at=made.at("2026-03-02 07:05"), group="camp", actor=LI, by=by))
    made.until("2026-03-02 08:00")
    assert made.said() == [
        "✅「晨读」打卡：\n小王 连续第 1 天，+5 分",
        "✅ Morning reading, checked in:\nAnn, day 1 in a row, +5",
    ]
    assert len(made.dates(LI)) == 1


def test_an_edit_takes_nothing_back_as_ever() -> None:
    made = camp()
    message = made.says("2026-03-02 07:00", "打卡")
    made.edits("2026-03-02 07:02", message, "打错了")
    made.until("2026-03-02 08:00")
    assert len(made.dates()) == len(made.said()) == 1


def test_two_accounts_that_turn_out_to_be_one_person_are_named_once() -> None:
    phone = person("小王", "wechat")

    def decide(event: Event, options: None, view: View) -> Decision:
        if isinstance(event, MessagePosted) and event.text == "bind":
            return Decision(changes=(Bind(one=WANG.account, other=phone.account),), because=("asked",))
        return NOTHING

    made = camp()
    binding = Workflow("binding", type(None), frozenset((MessagePosted,)), lambda event, options: (), decide)
    made.group = replace(made.group, runs=(*made.group.runs, Bound(binding, None)))
    made.engine = Engine(made.store, {"camp": made.group})
    made.says("2026-03-02 07:00", "打卡")
    made.says("2026-03-02 07:01", "打卡", phone)
    made.says("2026-03-02 07:02", "bind")
    made.until("2026-03-02 08:00")
    assert made.points() == 5
    assert [(one.on, plain(one.words)) for one in gathered(made)] == [
        ("telegram", "✅「晨读」打卡：\n小王 连续第 1 天，+5 分")
    ]


# Reactions


def test_a_reaction_takes_the_place_of_the_words_and_carries_them_for_where_nobody_can_react() -> None:
    made = Camp(morning={**QUIETLY, "gather": None, "react": "👍"})
    message = made.says("2026-03-02 07:00", "打卡", topic="17")
    (effect,) = made.effects()
    assert isinstance(effect, React)
    assert (effect.message, effect.emoji, effect.topic) == (message, "👍", "17")
    assert plain(effect.instead) == "✅ 小王 晨读连续第 1 天，+5 分"


def test_what_a_reaction_cannot_tell_is_said() -> None:
    made = Camp(morning={**QUIETLY, "gather": None, "react": "👍"})
    made.days("2026-03-02", 3, text="打卡")
    made.says("2026-03-05 07:00", "打卡", LI)
    made.says("2026-03-05 07:01", "补卡", LI)
    made.says("2026-03-05 07:02", "打卡", LI)
    assert made.said() == [
        "✅ 小王 晨读连续第 3 天，+15 分",
        "✅ 老李 补上了 2026-03-04 的「晨读」，现在连续 2 天，+2 分",
        "老李，今天已经打过啦，连续 2 天，明天见～",
    ]


def test_with_both_there_is_a_reaction_at_once_and_a_message_later() -> None:
    made = camp(react="👍")
    made.says("2026-03-02 07:00", "打卡")
    (effect,) = made.effects()
    assert isinstance(effect, React)
    assert effect.instead == ()
    made.until("2026-03-02 08:00")
    assert made.said() == ["✅「晨读」打卡：\n小王 连续第 1 天，+5 分"]


# Nothing is lost, and nothing is said twice


def test_it_survives_a_restart_on_disk(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'books.sqlite3'}"

    def again(store: Any, before: Camp | None = None) -> Camp:
        made = camp()
        made.store, made._count = store, before._count if before is not None else 0
        made.engine = Engine(store, {"camp": made.group})
        return made

    with closing(open_store(url)) as store:
        first = again(store)
        first.says("2026-03-02 07:00", "打卡")
        first.says("2026-03-02 07:01", "in", ANN)
    with closing(open_store(url)) as store:
        second = again(store, first)
        second.says("2026-03-02 07:02", "打卡", LI)
        second.until("2026-03-02 09:00")
        told = [plain(row.effect.words) for row in store.outbox("camp") if isinstance(row.effect, Say)]
        assert [sorted(name for name in ("小王", "Ann", "老李") if name in text) for text in told] == [
            ["Ann", "小王", "老李"]
        ]
        assert list(store.timers("camp")) == []


def test_whoever_comes_before_a_timer_that_is_late_is_told_by_it() -> None:
    made = camp()
    for at, who in (("2026-03-02 07:00", WANG), ("2026-03-02 07:11", LI)):
        posted = MessagePosted(id=at, at=made.at(at), group="camp", actor=who, message=at, text="打卡")
        made.engine.process([posted])
    assert made.said() == []
    made.until("2026-03-02 07:12")
    assert made.said() == ["✅「晨读」打卡：\n小王 连续第 1 天，+5 分\n老李 连续第 1 天，+5 分"]
    made.until("2026-03-02 08:00")
    assert len(made.said()) == 1


def test_an_answer_to_many_is_nobodys_own_and_names_fifty_at_most() -> None:
    made, at = camp(), "2026-03-02 07:00"
    people = [Actor(account=Account(f"telegram:{n}"), name=f"n{n}-") for n in range(100, 170)]
    made.engine.process(
        [
            MessagePosted(id=f"e{one.name}", at=made.at(at), group="camp", actor=one, message="1", text="打卡")
            for one in people
        ]
    )
    made.until("2026-03-02 07:01")
    assert {row.asker for row in made.store.outbox("camp")} == {None}
    named = [[one.name for one in people if one.name in plain(said.words)] for said in gathered(made)]
    assert [len(some) for some in named] == [50, 20]
    assert [*named[0], *named[1]] == [one.name for one in people]


def test_where_all_who_waited_are_forgotten_nothing_is_said_and_the_next_wait_as_ever() -> None:
    made = camp()
    made.says("2026-03-02 07:00", "打卡")
    with made.store.unit() as unit:
        unit.lock(["camp"])
        place = RecordAt("camp", NOBODY, GATHERED.name)
        held = unit.records([(place, GATHERED)])[place]
        assert isinstance(held, Places)
        empty = {name: replace(one, waiting=()) for name, one in held.of.items()}
        unit.save(Writes(records={place: Places(empty)}))
        unit.commit()
    made.says("2026-03-02 07:05", "打卡", LI)
    made.until("2026-03-02 07:14")
    assert made.said() == []
    made.until("2026-03-02 07:16")
    assert made.said() == ["✅「晨读」打卡：\n老李 连续第 1 天，+5 分"]


def test_what_waits_is_said_though_the_operator_wants_no_more_of_it() -> None:
    made = camp()
    made.says("2026-03-02 07:00", "打卡")
    made.changes(evening={"keywords": ["晚读"]})
    made.until("2026-03-02 08:00")
    assert made.said() == ["✅「morning」打卡：\n小王 连续第 1 天，+5 分"]


PEOPLE = [
    Actor(account=Account(f"{platform}:{n:05}"), name=f"n{n:02}-", language=language)
    for n, (platform, language) in enumerate(
        [
            ("telegram", "zh"),
            ("telegram", "en"),
            ("wechat", "zh"),
            ("telegram", None),
            ("wechat", "en"),
            ("telegram", "fr"),
        ]
    )
]
deeds = st.tuples(
    st.sampled_from(["in", "in", "in", "in", "late", "delete", "remove", "restart"]),
    st.sampled_from(PEOPLE),
    st.sampled_from([None, "17", "18"]),
    st.sampled_from([1, 60, 200, 400, 700, 4000, 30_000, 90_000]),
)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(2, 5), st.lists(deeds, min_size=3, max_size=40))
def test_every_day_that_counts_is_named_exactly_once_where_it_was_had(most: int, happenings: list[Any]) -> None:
    """Days that are taken back before they are told are named by nothing."""
    made = camp(gather={"every": "10m", "most": most})
    at = made.at("2026-03-02 07:00")
    wanted: Counter[tuple[str, str | None, str]] = Counter()
    last: dict[Actor, tuple[str, tuple[str, str | None, str], int]] = {}

    def day(who: Actor) -> int:
        return len(made.dates(who)) if who.account in made.store._accounts else 0

    for verb, who, topic, seconds in happenings:
        at += timedelta(seconds=seconds)
        made.tell(MessagePosted(id=f"tick{at}", at=at, group="camp", actor=WANG, message="t", text="hello"))
        where = (who.account.partition(":")[0], topic if who.account.startswith("telegram") else None, who.name)
        before, local = day(who), f"{made.group.local(at):%Y-%m-%d %H:%M:%S}"
        if verb in ("in", "late"):
            message = made.says(local, "打卡" if verb == "in" else "补卡", who, topic=where[1])
            if day(who) > before:
                wanted[where] += 1
                if verb == "in":
                    last[who] = (message, where, len(gathered(made)))
        elif verb == "restart":
            made._run(made.group)
        elif who in last:
            message, had, told = last.pop(who)
            if verb == "delete":
                made.deletes(local, message, who)
            else:
                made.repairs(local, "remove_day", who, day=max(made.dates(who), default="2026-03-02"))
            untold = not any(
                had == (one.on, one.topic, had[2]) and had[2] in plain(one.words) for one in gathered(made)[told:]
            )
            wanted[had] -= before - day(who) if untold else 0
    made.until("2026-06-01 00:00")
    named: Counter[tuple[str, str | None, str]] = Counter()
    for one in gathered(made):
        for who in PEOPLE:
            named[one.on, one.topic, who.name] += plain(one.words).count(who.name)
    assert +named == +wanted
    with made.store.unit() as unit:
        assert [*unit.records([(RecordAt("camp", NOBODY, GATHERED.name), GATHERED)]).values()] in ([], [None])
    assert [row for row in made.store.timers("camp") if row.key.startswith("gather:")] == []


# What operators write


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ({"reply": "好"}, "so `reply` would never be said"),
        ({"gather": {"every": "30s"}}, 'every is between "1m" and "12h"'),
        ({"gather": {"most": 1}}, "greater than or equal to 2"),
        ({"gather": {"text": "${check_in.nonsense}"}}, "nonsense"),
    ],
)
def test_what_cannot_be_is_refused(written: dict[str, Any], wanted: str) -> None:
    with pytest.raises(ValueError, match=re.escape(wanted)):
        camp(**written)
