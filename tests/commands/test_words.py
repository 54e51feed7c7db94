"""What members write works by command and by plain word, in both languages, on both platforms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.home import load
from core.effects import Delete, React, Say, plain
from core.engine import Engine
from core.events import MemberJoined, MemberLeft, MessagePosted, Posted
from core.memory import MemoryStore
from core.people import Account, Actor
from core.workflow import Group
from tests.support.ears import Ears

START = datetime(2026, 3, 4, 2, tzinfo=UTC)
"""A Wednesday, 10:00 in Shanghai."""
HOME = """
version: 1
community:
  name: 雅集
  timezone: Asia/Shanghai
  languages: [zh, en]
  groups: {{g: null}}
  quiet_answers: {quiet}
  tidy: {tidy}
check_ins:
  m:
    points: 2
    late: {{keyword: [补卡, make up], within: 2d}}
    leave: {{keyword: [请假, leave]}}
    remind: {{at: 20:00}}
tiers: {{seed: {{from: 0}}, tree: {{from: 10}}}}
referrals: {{}}
"""


def group(folder: Path, *, quiet: bool = False, tidy: bool = False, more: str = "") -> Group:
    (folder / "communities").mkdir()
    written = HOME.format(quiet=str(quiet).lower(), tidy=str(tidy).lower()) + more
    (folder / "communities" / "a.yaml").write_text(written, encoding="utf-8")
    return load(folder).groups["g"]


class Chat(Ears):
    """One member in one group."""

    def __init__(self, of: Group, platform: str, language: str) -> None:
        self.store = MemoryStore()
        self.engine = Engine(self.store, {"g": of})
        self.who = Actor(account=Account(f"{platform}:5"), name="Li", language=language)
        self.platform, self.at, self.made = platform, START, 0
        self.happens(MemberJoined, days=-3)

    def happens(self, kind: type, days: float = 0, **told: Any) -> None:
        self.made += 1
        self.at += timedelta(minutes=2)
        id_ = f"{self.platform}:{self.made}"
        event = kind(id=id_, at=self.at + timedelta(days=days), group="g", actor=self.who, **told)
        outcome = self.engine.process([event])
        assert not outcome.faults, outcome.faults

    def says(self, text: str, **told: Any) -> list[Any]:
        self.effects()
        self.happens(MessagePosted, message=str(self.made), text=text, **told)
        return self.effects()


ASKED = {
    "zh": {
        "签到": "连续第 1 天", "打卡": "连续第 1 天", "/checkin": "连续第 1 天", "补卡": "补上了", "请假 明天": "请假",
        "积分": "升到「tree」还差", "/me": "升到「tree」还差", "我的积分": "升到「tree」还差",
        "积分榜": "积分", "/top": "「m」", "群规": "群规", "/rules": "群规", "帮助": "我能帮你做这些",
        "/help": "我能帮你做这些", "/language zh": "以后跟你说中文", "语言": "请写上语言", "退订": "不再提醒你",
        "/optout": "不再提醒你", "/optin": "提醒", "申诉": "申诉请私聊我", "/appeal": "申诉请私聊我",
    },
    "en": {
        "checkin": "1 in a row", "/checkin": "1 in a row", "make up": "made up", "leave tomorrow": "leave",
        "my points": "For tree you still need", "/me": "For tree you still need", "leaderboard": "points",
        "/top": "board of m", "rules": "rules", "group rules": "rules", "/rules": "rules", "help": "What you can",
        "/help": "What you can ask me",
        "/language en": "English it is", "language": "Which language", "stop reminders": "not be reminded",
        "/optout": "not be reminded", "/optin": "remind", "/appeal": "made in private",
    },
}  # fmt: skip


@pytest.mark.parametrize("platform", ["telegram", "wechat"])
@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [(lang, text, wanted) for lang, asked in ASKED.items() for text, wanted in asked.items()],
)
def test_a_word_is_answered(tmp_path, platform, language, text, wanted):
    told = Chat(group(tmp_path), platform, language).says(text)
    assert len(told) == 1, told
    assert wanted.casefold() in plain(told[0].words).casefold()


@pytest.mark.parametrize("text", ["/optout", "/language en"])
def test_where_the_operator_likes_it_quiet_a_reaction_is_enough_and_the_words_are_said_where_nobody_can_react(
    tmp_path, text
):
    loud, still = group(tmp_path), tmp_path / "quiet"
    still.mkdir()
    (said,) = Chat(loud, "telegram", "zh").says(text, topic="17")
    (told,) = Chat(group(still, quiet=True), "telegram", "zh").says(text, topic="17")
    assert isinstance(told, React)
    assert (told.instead, told.topic) == (said.words, "17")


def test_what_is_asked_in_private_is_answered_there(tmp_path):
    chat = Chat(group(tmp_path), "telegram", "zh")
    for text in ("积分", "/top", "群规", "帮助", "退订", "/optin"):
        (told,) = chat.says(text, private=True)
        assert told.to == chat.who.account, text


def test_who_has_left_is_told_nothing_of_the_group_in_private(tmp_path):
    chat = Chat(group(tmp_path), "telegram", "zh")
    chat.happens(MemberLeft)
    for text in ("积分", "/top", "群规", "帮助", "退订", "打卡", "邀请", "/help"):
        assert chat.says(text, private=True) == [], text
    for text in ("/mydata", "忘记我"):
        assert len(chat.says(text, private=True)) == 1, text
    (told,) = chat.says("申诉", private=True)
    assert isinstance(told, Say)
    assert "目前没有可以申诉的处理" in plain(told.words)


def posted(chat: Chat, place: str, message: str, hours: float = 0) -> list[Any]:
    """The courier tells that something stands in the group now; what follows."""
    chat.at += timedelta(hours=hours)
    chat.effects()
    chat.made += 1
    id_ = f"{chat.platform}:{chat.made}:posted"
    outcome = chat.engine.process([Posted(id=id_, at=chat.at, group="g", message=message, place=place)])
    assert not outcome.faults, outcome.faults
    return chat.effects()


def test_in_a_tidy_group_a_newer_answer_takes_the_place_of_the_older_one(tmp_path):
    chat = Chat(group(tmp_path, tidy=True), "telegram", "zh")
    (said,) = chat.says("群规")
    assert said.place == "rules"
    assert posted(chat, "rules", "501") == []
    assert posted(chat, "help", "502") == []
    assert posted(chat, "rules", "503") == [Delete(messages=("501",), own=True)]
    assert posted(chat, "rules", "503") == []
    assert posted(chat, "rules", "504", hours=48) == []
    assert posted(chat, "rules", "505") == [Delete(messages=("504",), own=True)]


def test_what_is_said_in_private_or_where_nobody_tidies_up_has_no_place(tmp_path):
    (tmp_path / "tidy").mkdir()
    (tmp_path / "usual").mkdir()
    (said,) = Chat(group(tmp_path / "tidy", tidy=True), "telegram", "zh").says("群规", private=True)
    assert said.place == ""
    (said,) = Chat(group(tmp_path / "usual"), "telegram", "zh").says("群规")
    assert said.place == ""


@pytest.mark.parametrize(("more", "place"), [("onboarding: {}\n", "welcome"), (
    "onboarding: {steps: [{id: a, ask: 同意吗, options: [{say: [同意]}]}]}\n", ""
)])  # fmt: skip
def test_a_welcome_that_asks_something_stays(tmp_path, more, place):
    chat = Chat(group(tmp_path, tidy=True, more=more), "telegram", "zh")
    (welcome,) = [effect for effect in chat.effects() if isinstance(effect, Say)]
    assert welcome.place == place
