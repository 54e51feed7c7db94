"""Where a workflow says that it is deaf to what begins with a letter, it would have had nothing to decide about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

import workflows
from cli.init import Template, init
from config.home import load, look
from config.sections import SECTIONS
from core.events import MessagePosted, Reply
from core.interest import Listeners
from core.people import Account, Actor, ActorKind
from core.workflow import Bound, Group, Workflow

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
_WORDS = (
    "打卡 補打卡 补卡 请假 銷假 积分 我的 排行 群规 帮助 绑定 解绑 反馈 申诉 推荐 邀请 活动 报名 "
    "订阅周报 退订摘要 周报不提我 我的等级 等级 /tier "
    "取消报名 打分 作答 调查 卸任 退出达人 达人名单 /达人 摘要 别提醒我 谢谢 提问 怎么 "
    "checkin CheckIn me Points top rules help link unlink appeal invite digest yes ok /me ／me /warn /undo "
    "#打卡 ＃打卡 @somebody ＣＨＥＣＫＩＮ １ 是 https://a.example 🙂 ①"
)
WORDS = [*_WORDS.split(), "/digest on", "/checkin morning", "什么时候开始", "弹琴40分钟，打卡", "打卡呀"]
GAPS = (" ", "\n", "\u3000", "/", "／", "#", "@")
EVERYTHING = """\
version: 1
community:
  name: 晨读
  timezone: Asia/Shanghai
  languages: [zh, en]
  groups: {reading: {telegram: -1001}}
  tidy: true
onboarding:
  welcome: {zh: 欢迎, en: Welcome}
  steps: [{id: why, ask: {zh: 为什么想来？, en: Why?}, text: {min_chars: 5}}]
check_ins:
  morning: {keywords: [打卡], points: 5, late: {within: 3d}, remind: {at: "20:30", who: missing}}
tiers: {seed: {from: 0}, sprout: {from: 5}}
rules: [{id: ads, when: message, if: msg.text.contains("代购"), then: [delete]}]
faq: {when: {ask: [什么时候开始], answer: {zh: 周五, en: Friday}}}
content: {verses: {at: "08:00", to: [reading], text: {zh: 春眠不觉晓, en: A spring dawn}}}
digests: {daily: {at: "21:00", sections: [check_in_board, hot_topics, unanswered, unheard], to: [reading, subscribers]}}
events: {tea: {title: {zh: 茶会, en: Tea}, at: fri 20:00}}
surveys: {nps: {at: day 1 10:00, follow_up: {zh: 为什么？, en: Why?}}}
reactivate: {after: 14d, text: {zh: 好久不见, en: Long time}}
questions: {after: 12h}
referrals: {points: 10}
conversions: {order: {name: {zh: 下单, en: Order}}}
ambassadors: {koc: {name: {zh: 达人, en: Helper}, discover: member.active_days_30d >= 3, tag: koc}}
appeals: {wait: 1m}
"""
"""A community with every section."""
PRIVATE = {"reach"}
"""Those that hear what is written in private and nothing else."""
PIECES = some.one_of(some.sampled_from(WORDS), some.sampled_from(GAPS), some.text(max_size=3))


@cache
def groups() -> tuple[Group, ...]:
    found: list[Group] = []
    for template in Template:
        with TemporaryDirectory() as folder:
            init(Path(folder) / "home", template)
            deployment, _ = look(Path(folder) / "home")
        assert deployment is not None
        found += deployment.groups.values()
    with TemporaryDirectory() as folder:
        (Path(folder) / "communities").mkdir()
        (Path(folder) / "communities" / "everything.yaml").write_text(EVERYTHING, encoding="utf-8")
        found += load(Path(folder)).groups.values()
    return tuple(found)


def shipped() -> Iterator[Workflow[Any]]:
    """Every workflow that there is."""
    for module in iter_modules(workflows.__path__, "workflows."):
        found = getattr(import_module(module.name), "workflow", None)
        if isinstance(found, Workflow):
            yield found


def _deaf_to(message: MessagePosted) -> Iterator[Bound[Any]]:
    for group in groups():
        listeners = Listeners()
        asked = listeners.of_message(group, message)
        yield from (bound for bound in listeners.of(group, MessagePosted) if bound not in asked)


@given(
    text=some.builds("".join, some.lists(PIECES, max_size=5)),
    kind=some.sampled_from(ActorKind),
    reply=some.sampled_from(
        (None, Reply(message="5"), Reply(message="5", author=Actor(account=Account("t:1"), name="a")))
    ),
)
def test_nothing_is_missed(text: str, kind: ActorKind, reply: Reply | None):
    actor = Actor(account=Account("telegram:7"), name="小王", kind=kind, admin=True)
    message = MessagePosted(id="e", at=AT, group="g", actor=actor, message="9", text=text, reply_to=reply)
    for bound in _deaf_to(message):
        assert bound.workflow.reads(message, bound.options) is None, (bound.name, text)


def _posted(word: str) -> MessagePosted:
    actor = Actor(account=Account("telegram:7"), name="小王", admin=True)
    return MessagePosted(id="e", at=AT, group="g", actor=actor, message="9", text=word)


def test_no_word_by_itself_is_missed():
    for message in map(_posted, WORDS):
        for bound in _deaf_to(message):
            assert bound.workflow.reads(message, bound.options) is None, (bound.name, message.text)


def test_each_workflow_that_can_be_deaf_is_asked_for_something_by_a_word():
    able = {workflow.name for workflow in shipped() if workflow.deaf is not None} - PRIVATE
    runs = [bound for bound in groups()[-1].runs if bound.name in able]
    asked = {b.name for b in runs for word in WORDS if b.workflow.reads(_posted(word), b.options) is not None}
    assert asked == able


def test_one_group_runs_every_section():
    running = {bound.name for bound in groups()[-1].runs}
    assert running >= {section.workflow.name for section in SECTIONS}


def test_every_workflow_that_can_be_deaf_is_put_to_the_test():
    able = {workflow.name for workflow in shipped() if workflow.deaf is not None}
    messages = map(_posted, ("嗯，今天读了第三章", "/nobody asks"))
    assert able == {bound.name for message in messages for bound in _deaf_to(message)}


def test_a_plain_message_is_for_those_who_look_at_every_message():
    actor = Actor(account=Account("telegram:7"), name="小王")
    message = MessagePosted(id="e", at=AT, group="g", actor=actor, message="9", text="嗯，今天读了第三章")
    deaf = {bound.name for bound in _deaf_to(message)}
    assert {"check_in", "members", "steering", "identity", "appeals", "tiers"} <= deaf
    assert not {"rules", "onboarding", "topics"} & deaf


def test_a_plain_message_that_holds_the_word_is_for_the_check_ins_too():
    for text, wanted in {"弹琴40分钟，打卡": True, "弹琴40分钟": False, "他说打卡机坏了": True}.items():
        heard = {bound.name for bound in Listeners().of_message(groups()[-1], _posted(text))}
        assert ("check_in" in heard, "members" in heard) == (wanted, False), text


def test_a_command_is_for_those_whose_it_is():
    actor = Actor(account=Account("telegram:7"), name="小王", admin=True)
    hears = {
        "/warn @li": {"steering"},
        "/me": {"members"},
        "/checkin": {"check_in", "steering"},
        "/ 打卡": {"check_in"},
    }
    for text, own in hears.items():
        message = MessagePosted(id="e", at=AT, group="g", actor=actor, message="9", text=text)
        deaf = {bound.name for bound in _deaf_to(message)}
        assert {"steering", "members", "appeals", "identity", "check_in"} - deaf == own, text


def test_private_messages_and_media_are_for_everybody_who_hears_messages():
    actor = Actor(account=Account("telegram:7"), name="小王")
    for more in ({"private": True}, {"kind": "photo"}):
        message = MessagePosted(id="e", at=AT, group="g", actor=actor, message="9", text="嗯", **more)
        assert list(_deaf_to(message)) == []
