"""Onboarding under anything: told twice, in any order, over any configuration, across identities."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.events import Event, MemberJoined, MemberRenamed, MessagePosted
from core.people import Account
from tests.workflows.onboarding_scene import ADMIN, ANN, START, WANG, Scene, person

AGREE = {"id": "agree", "ask": "同意吗？", "options": [{"say": ["同意", "agree"], "set": {"ok": "yes"}}]}
WHY = {"id": "why", "ask": "为什么来，${member.name}？", "text": {"min_chars": 3}}
PICK = {"id": "pick", "ask": "读什么，${member.name}？", "options": ["书", "报"], "accept": "书"}
TELL = {"id": "tell", "ask": "?", "text": {"min_chars": 3}}
HELLO = {"id": "hello", "introduce": True}
TASKS = [
    {"id": "talk", "messages": 2, "points": 1, "within": "2d"},
    {"id": "thank", "thank": True},
    {"id": "react", "react": 1, "on_missed": [{"tag": "shy"}]},
    {"id": "morning", "check_in": True},
]
HOUSES: list[dict[str, Any]] = [
    {},
    {"steps": [AGREE, WHY, HELLO], "on_complete": [{"points": 5}, {"tag": "in"}]},
    {
        "steps": [HELLO, AGREE],
        "tasks": TASKS,
        "hold": True,
        "give_up_after": "1d",
        "on_give_up": [{"notify": "admins"}],
    },
    {"steps": [WHY], "tasks": TASKS[:2], "raid": {"joins": 1, "within": "5m"}, "quiet_hours": "22:00-07:00"},
    {"tasks": TASKS, "welcome_after": "5s", "on_complete": [{"points": 5}]},
    {"entry": {"questions": [{"id": "q", "ask": "?", "accept": "书"}], "tries": 1, "otherwise": "ask_admins"}},
    {"entry": {"at": "door", "questions": [PICK], "tries": 2, "then": "ask_admins", "within": "2d", "ban_after": 2}},
    {
        "entry": {"at": ["door", "request"], "questions": [PICK, TELL]},
        "raid": {"joins": 1, "within": "5m", "quieter": {"for": "30m"}},
        "welcome_after": "5s",
        "steps": [AGREE],
        "hold": True,
    },
    {"raid": {"joins": 1, "within": "1h", "quieter": {"for": "2h", "door": True}}, "steps": [AGREE]},
    {"steps": [AGREE], "welcome": "你有 ${member.points} 分，${member.mention}", "raid": {"joins": 1}},
]
PEOPLE = [WANG, ANN, person("阿明")]
TEXTS = ["/start reading", "同意", "1", "我是小王，来自上海，喜欢读书", "谢谢", "书", "", "/rules", "嗯嗯嗯嗯嗯"]
BUTTONS = ["step:agree:1", "step:gone:1", "entry:approve:telegram:小王", "entry:decline:telegram:Ann", "step:", "x"]
BUTTONS += [f"{place}:{what}" for place in ("door", "crowd", "knock") for what in ("pick:1", "pick:2", "here:1")]
BUTTONS += ["entry:approve:telegram:阿明"]

who = st.sampled_from(PEOPLE)
deeds = st.one_of(
    st.tuples(st.just("joins"), who),
    st.tuples(st.just("leaves"), who),
    st.tuples(st.just("edits"), who, st.sampled_from(TEXTS)),
    st.tuples(st.just("unmutes"), who),
    st.tuples(st.just("posts_album"), who, st.sampled_from(TEXTS)),
    st.tuples(st.just("knocks"), who),
    st.tuples(st.just("says"), who, st.sampled_from(TEXTS)),
    st.tuples(st.just("whispers"), who, st.sampled_from(TEXTS)),
    st.tuples(st.just("answers"), who, st.sampled_from([ADMIN, ANN]), st.sampled_from(TEXTS)),
    st.tuples(st.just("presses"), st.sampled_from([*PEOPLE, ADMIN]), st.sampled_from(BUTTONS)),
    st.tuples(st.just("reacts"), who, st.sampled_from(["m1", "m2"]), st.just(ADMIN)),
    st.tuples(st.just("checks_in"), who),
    st.tuples(st.just("orders"), st.sampled_from(["restart", "complete", "skip", "x"]), who),
    st.tuples(st.just("operator_writes"), st.sampled_from(HOUSES)),
    st.tuples(st.just("waits"), st.sampled_from([0.01, 0.2, 2, 13, 30, 200])),
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(HOUSES), st.lists(deeds, min_size=5, max_size=40))
def test_whatever_happens_nothing_crashes_and_nobody_is_paid_twice(house, happenings):
    scene = Scene(house)
    for verb, *arguments in happenings:
        if verb == "waits":
            scene.pass_(hours=arguments[0])
        else:
            getattr(scene, verb)(*arguments)  # the scene itself refuses faults and dead letters
    keys = [(fact.person, fact.key) for fact in scene.store.facts("reading")]
    assert len(keys) == len(set(keys))
    for row in scene.store.audit("reading"):
        assert row.because
        assert row.mode == "on"
    timers = [row.key for row in scene.store.timers("reading")]
    assert len(timers) == len(set(timers))
    scene.pass_(days=60)
    assert scene.timers() == []


def test_the_same_updates_told_twice_change_nothing():
    scene = Scene(HOUSES[1])
    updates: list[Event] = [
        MemberJoined(id="a", at=START, group="reading", actor=WANG),
        MessagePosted(id="b", at=START, group="reading", actor=WANG, message="m1", text="同意"),
        MessagePosted(id="c", at=START, group="reading", actor=WANG, message="m2", text="想读书的"),
        MessagePosted(id="d", at=START, group="reading", actor=WANG, message="m3", text="我是小王，来自上海，喜欢读书"),
    ]
    scene.engine.process(updates)
    before = (len(scene.outbox()), scene.points(WANG), scene.tags(WANG))
    scene.engine.process(updates)
    assert (len(scene.outbox()), scene.points(WANG), scene.tags(WANG)) == before
    assert before == (4, [("onboarding:complete:0", 5)], {"ok:yes", "in"})


def test_one_join_told_by_two_updates_is_one_welcome():
    scene = Scene(HOUSES[1])
    scene.joins(WANG)
    scene.pass_(seconds=2)
    assert scene.joins(WANG) == []


def test_who_is_known_under_another_account_keeps_place_and_reminders():
    scene = Scene({"steps": [AGREE]})
    scene.joins(WANG)
    again = person("wang2")
    scene.happens(MemberRenamed, actor=again, was=WANG.account)
    assert [key for key, _ in scene.timers()] == ["next:telegram:wang2"]
    reminder = scene.pass_(days=1)
    assert len(reminder) == 1
    assert scene.last().chooser == Account("telegram:wang2")
    assert scene.says(again, "同意") != []


def test_a_newcomer_who_became_an_admin_is_left_alone():
    scene = Scene({"steps": [AGREE], "hold": True})
    scene.joins(WANG)
    assert scene.says(person("小王", admin=True), "大家好") == []
    assert scene.because() == ("is an admin now; admins are not onboarded",)
    assert scene.timers() == []
