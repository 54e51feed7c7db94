"""An operator's own sentences: what `check` accepts is said, whatever stands in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.home import load
from core.effects import Mention, Say
from core.engine import Engine
from core.events import MessagePosted
from core.memory import MemoryStore
from core.people import Account, Actor
from tests.config.test_home import home, said
from workflows.catalog import SHIPPED, Catalog

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WANG = Actor(account=Account("telegram:2"), name="小王")
MENTIONED = Mention(account=WANG.account, name="小王")
SECTIONS = "check_ins: {m: {keywords: [打卡]}}\ntiers: {seed: {from: 0}, tree: {from: 5}}\n"


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        pytest.param(
            "identity: {code: '${member.name}：${identity.code}'}",
            "texts/zh.yaml:1:21: identity.code: found `member.name`, wanted `identity.code`, `identity.minutes`",
            id="there is no member",
        ),
        pytest.param(
            "commands: {undo: '${member.mention + 1}'}",
            "texts/zh.yaml:1:21: commands.undo: found `member.mention`, wanted no ${...} here",
            id="there is nothing",
        ),
        pytest.param(
            "tiers: {top: '${member.name}'}",
            "texts/zh.yaml:1:17: tiers.top: found `member.name`, wanted no ${...} here",
            id="others of the section know one",
        ),
    ],
)
def test_a_sentence_that_knows_of_no_member_refuses_to_speak_of_one(tmp_path, sentence, line):
    assert said(home(tmp_path, texts__zh_yaml=sentence + "\n"), "problem") == [line]


def test_whoever_speaks_of_the_member_can_name_and_mention_them(tmp_path):
    """In every sentence that knows of the member both are said: where members hear it, and where admins do."""
    shipped = Catalog.shipped()
    speaking = {key for key in shipped.keys() if "member.name" in shipped.knows(key, SHIPPED[0])}  # noqa: SIM118
    texts = {
        section: [key for key in sorted(speaking) if key.startswith(f"{section}.")]
        for section in sorted({key.partition(".")[0] for key in speaking})
    }
    written = "".join(
        f"{section}:\n"
        + "".join(f"  {key.partition('.')[2]}: '${{member.mention}}/${{member.name}}'\n" for key in keys)
        for section, keys in texts.items()
    )
    assert set(texts) == {"check_in", "onboarding", "rules", "tiers"}
    engine = Engine(MemoryStore(), load(home(tmp_path, sections=SECTIONS, texts__zh_yaml=written)).groups)
    for n, text in enumerate(("打卡", "打卡", "我的等级")):
        event = MessagePosted(
            id=f"telegram:{n}", at=AT + timedelta(minutes=n), group="g", actor=WANG, message=str(n), text=text
        )
        outcome = engine.process([event])
        (words,) = [row.effect.words for row in outcome.waiting if isinstance(row.effect, Say)]
        assert outcome.faults == []
        assert words[0] == MENTIONED
        assert str(words[1]).startswith("/小王")
