"""A community that has a name in each language is called by it in each: whoever speaks, and wherever it is said."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.home import load
from core.effects import Say, plain
from core.engine import Engine
from core.events import MemberJoined, MessagePosted
from core.memory import MemoryStore
from core.names import Named
from core.people import Account, Actor
from core.workflow import Group
from workflows.catalog import Catalog, Sentence
from workflows.happened import Grouped

COMMUNITY = """\
version: 1
community:
  name: {zh: 雅集, en: Gathering}
  timezone: Asia/Shanghai
  languages: [zh, en]
  groups: {g: {}}
  house_rules: "rules: ${group.name}"
onboarding: {welcome: "welcome: ${group.name}", tasks: [{id: hello, introduce: true}]}
check_ins: {daily: {reply: "${group.name} ${check_in.streak}"}}
faq: {hours: {ask: hours, answer: "hours: ${group.name}"}}
rules: [{id: hi, name: Hi, when: message, if: 'msg.text == "hi"', then: [{say: "hi: ${group.name}"}]}]
"""
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def group(folder: Path, written: str = COMMUNITY) -> Group:
    file = folder / "communities" / "a.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(written, encoding="utf-8")
    return load(folder).groups["g"]


@pytest.mark.parametrize(("language", "name"), [("en", "Gathering"), ("zh", "雅集")])
def test_each_member_reads_the_name_in_their_language(tmp_path, language, name):
    store = MemoryStore()
    engine = Engine(store, {"g": group(tmp_path)})
    who = Actor(account=Account("telegram:7"), name="Ann", language=language)
    texts = ("hi", "打卡", "hours", "/rules")
    events = [
        MessagePosted(id=f"telegram:{n}", at=AT, group="g", actor=who, message=str(n), text=text)
        for n, text in enumerate(texts)
    ]
    outcome = engine.process([MemberJoined(id="telegram:j", at=AT, group="g", actor=who), *events])
    assert not outcome.faults
    said = [plain(row.effect.words) for row in store.outbox("g") if isinstance(row.effect, Say)]
    for expected in (f"hi: {name}", f"{name} 1", f"hours: {name}", f"rules: {name}", f"welcome: {name}"):
        assert any(expected in words for words in said), (expected, said)


def test_a_group_is_called_as_its_community_is_or_else_by_its_key(tmp_path):
    named = group(tmp_path)
    assert (named.called("zh"), named.called("en"), named.called("fr")) == ("雅集", "Gathering", "雅集")
    assert Group(key="g").called("en") == "g"


def test_a_name_that_changed_in_its_second_language_makes_another_group(tmp_path):
    before, after = group(tmp_path), group(tmp_path, COMMUNITY.replace("Gathering", "Meeting"))
    assert before.community != after.community
    assert before.community == group(tmp_path, COMMUNITY).community


def test_names_that_equal_the_same_equal_each_other():
    every = (
        "雅集",
        Named("雅集", {}),
        Named("雅集", {"zh": "雅集"}),
        Named("雅集", {"zh": "雅集", "en": "Gathering"}),
        Named("雅集", {"en": "Gathering"}),
        Named("雅集", {"zh": "雅集", "en": "Meeting"}),
    )
    alike = [{n for n, other in enumerate(every) if other == one} for one in every]
    assert alike == [{0, 1, 2}, {0, 1, 2}, {0, 1, 2}, {3, 4}, {3, 4}, {5}]
    assert len(set(every)) == 3


@pytest.mark.parametrize(
    ("language", "shown"), [("zh", "雅集|雅集!|2"), ("en", "Gathering|Gathering!|9"), ("fr", "雅集|雅集!|2")]
)
def test_an_expression_in_a_text_sees_the_name_that_the_text_says(tmp_path, language, shown):
    """In what operators write, and in sentences of ours."""
    text = "${group.name}|${group.name + '!'}|${size(group.name)}"
    named = group(tmp_path, COMMUNITY.replace("hi: ${group.name}", text))
    who = Actor(account=Account("telegram:7"), name="Ann", language=language)
    event = MessagePosted(id="telegram:1", at=AT, group="g", actor=who, message="1", text="hi")
    (row,) = Engine(MemoryStore(), {"g": named}).process([event]).waiting
    assert isinstance(row.effect, Say)
    assert plain(row.effect.words) == shown
    own = Catalog({spoken: {"x.a": Sentence.written(text)} for spoken in ("zh", "en", "fr")})
    assert plain(own.say("x.a", language, {"group": Grouped(named)})) == shown


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda name: pickle.loads(pickle.dumps(name))])
def test_a_copy_of_a_name_is_called_the_same(copied):
    assert copied(Named("雅集", {"zh": "雅集", "en": "Gathering"})).in_("en") == "Gathering"
