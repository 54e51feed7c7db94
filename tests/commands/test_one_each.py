"""An order is about one person: who names a second one is asked for an order each, and nothing is done."""

from __future__ import annotations

import time
from typing import Any

import pytest

from core.effects import Ban, Mute, Say
from core.people import Account, Actor, ActorKind
from tests.commands.group import ADA, ANA, BEN, CLEO, GHOST, Steered

ONE_EACH = {"en": "An order is about one person", "zh": "一条指令只管一位"}
AT = {"@ana": ANA, "@ben": BEN, "@cleo": CLEO}
ROBOT = Actor(account=Account("telegram:42"), name="yaji_bot", username="yaji_bot", kind=ActorKind.BOT)


def mentions(text: str) -> tuple[Actor, ...]:
    return tuple(who for name, who in AT.items() if name in text)


def nothing_done(group: Steered) -> bool:
    return not [fact for fact in group.store.facts("g") if fact.kind in ("warning", "points")]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("told", [True, False], ids=["with who is mentioned", "by the words alone"])
@pytest.mark.parametrize("who", [ADA, GHOST], ids=["an admin", "as the group"])
@pytest.mark.parametrize(
    "text",
    [
        "/mute @ana @ben 30m",
        "/mute @ana @ben",
        "/mute @ana and @ben 30m",
        "/ban @ana & @ben",
        "/ban @ana @nobody 7d",
        "/kick @ana @ben spam",
        "/warn @ana @ben ads",
        "/unmute @ana @ben",
        "/unban @ana @ben",
        "/trust @ana @ben",
        "/mute @ana 30m @ben",
        "/mute @ana 30m @ben 1h",
        "/mute @ana 30m and @ben 1h",
        "/mute @ana spam 30m @ben",
        "/points @ana @ben +5",
        "/points @ana 5 @ben 5",
        "/points @ana +5 and @ben +5",
        "/points @ana 5 for tea, 5 @ben",
        "/points @ana 5 @nobody 5 @ben 5",
        "/tier lock @ana @ben",
        "/checkin repair @ana @ben 2026-03-01",
        "/ban 20001 20002",
        "/mute 20001 20002 30m",
        "/mute 20001 @ben 30m",
        "/禁言 @ana @ben 1小时",
        "/禁言 @ana 和 @ben 30分钟",
        "/警告 @ana @ben 发广告",
        "/移出 @ana 还有 @ben",
        "/加减分 @ana 5 @ben 5",
    ],
)
def test_a_second_person_is_asked_about(text, who, told, language):
    group = Steered(language)
    group.says(who, text, mentions=mentions(text) if told else ())
    (effect,) = group.effects()
    assert isinstance(effect, Say)
    assert ONE_EACH[language] in "".join(map(str, effect.words))
    assert not effect.choices
    assert nothing_done(group)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        (
            "en",
            "/mute @ana @ben 30m",
            "An order is about one person, and this one names Ana and @ben. Please write one for each. "
            "Nothing was done.",
        ),
        ("zh", "/禁言 @ana @ben 30分钟", "一条指令只管一位，这条写了 Ana 和 @ben。请各写一条。这次什么都没有做。"),
    ],
)
def test_both_are_named(language, text, words):
    group = Steered(language)
    group.says(ADA, text, mentions=(ANA, BEN))
    assert group.told() == [words]


@pytest.mark.parametrize("text", ["/mute @ana, @ben 30m", "/禁言 @ana、@ben 30分钟", "/封禁 @ana，@ben"])
def test_so_are_those_in_a_list(text):
    group = Steered()
    group.says(ADA, text, mentions=(ANA, BEN))
    assert "names Ana and @ben" in group.told()[0]
    assert not [effect for effect in group.effects() if isinstance(effect, Mute | Ban)]


def test_who_has_no_username_is_a_second_person_too():
    group = Steered()
    wu, lu = (Actor(account=Account(f"telegram:4000{n}"), name=name) for n, name in enumerate(("老 吴", "小卢")))
    for one in (wu, lu):
        group.says(one, "hi")
    group.told()
    for text in ("/mute 老 吴 小卢 30m", "/mute 老 吴 30m 小卢", "/mute 老 吴 30m 小卢 1h"):
        group.says(ADA, text, mentions=(wu, lu))
        assert group.told() == [
            "An order is about one person, and this one names 老 吴 and 小卢. Please write one for each. "
            "Nothing was done."
        ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/mute @ana 1h for insulting @ben", "for insulting @ben"),
        ("/mute @ana 1h @ben was insulted", "@ben was insulted"),
        ("/mute @ana for insulting @ben 1h", "for insulting @ben"),
        ("/mute @ana 1h insulted @ben 3 times", "insulted @ben 3 times"),
        ("/mute @ana 1h 骂 @ben", "骂 @ben"),
        ("/禁言 @ana 1小时 骂了@ben和@cleo", "骂了@ben和@cleo"),
        ("/mute @ana 1h write to me@ben.example", "write to me@ben.example"),
    ],
)
def test_a_name_within_a_sentence_belongs_to_the_reason(text, why):
    group = Steered()
    group.says(ADA, text, mentions=mentions(text))
    assert group.told() == [f"✅ Ana is muted for 1 h. Why: {why}"]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("/points @ana 5 for helping @ben", (5, "for helping @ben")),
        ("/points @ana 5 @ben was helped by her", (5, "@ben was helped by her")),
        ("/points @ana 20002", (20002, "an admin said so")),
    ],
)
def test_points_for_what_somebody_did_for_others_are_given(text, fact):
    group = Steered()
    group.says(ADA, text, mentions=mentions(text))
    assert [(one.amount, one.reason) for one in group.store.facts("g") if one.kind == "points"] == [fact]


def test_a_warning_may_tell_of_others():
    group = Steered()
    group.says(ADA, "/warn @ana for insulting @ben", mentions=(ANA, BEN))
    assert group.ledger("warning") == 1


def test_a_note_may_tell_of_others_at_once():
    group = Steered()
    group.says(ADA, "/note @ana @ben is her brother", mentions=(ANA, BEN))
    assert [fact.reason for fact in group.store.facts("g") if fact.kind == "note"] == ["@ben is her brother"]


@pytest.mark.parametrize("text", ["/mute @ana @ana 30m", "/mute @ana 30m @ana", "/mute @ana 30m @yaji_bot"])
def test_who_is_named_twice_and_the_assistant_itself_are_no_second_person(text):
    group = Steered()
    group.says(ADA, text, mentions=(ANA, ROBOT))
    assert "Ana is muted for 30 min." in group.told()[0]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("/mute 30m @ana", True),
        ("/mute spam 30m @ana", True),
        ("/points 5 @ana", True),
        ("/points 5 @ana 5", True),
        ("/mute 30m @ana said so", False),
        ("/mute spam against @ana 30m", False),
        ("/ban 20001 is her number", False),
    ],
)
def test_an_answer_to_somebody_names_them_first(text, asked):
    group = Steered()
    group.says(ADA, text, to=BEN, mentions=mentions(text))
    told: Any = group.told()[0]
    assert ("names Ben and @ana" in told) is asked
    assert ("Nothing was done" in told) is asked


def test_who_may_not_order_anything_hears_that_first():
    group = Steered()
    group.says(BEN, "/mute @ana @cleo 30m")
    assert group.told() == ["Only admins can use /mute."]


@pytest.mark.parametrize(
    "words", ["@ben " * 800, "5 @ben " * 600, "1" * 4000 + "x @ben", " " * 4000 + "@ben 5", "30m " * 900 + "@ben"]
)
def test_however_long_an_order_is_it_is_read_at_once(words):
    group = Steered()
    began = time.process_time()
    group.says(ADA, f"/warn @ana spam {words}", mentions=(ANA, *[BEN] * 100))
    assert time.process_time() - began < 1
    assert not [effect for effect in group.effects() if isinstance(effect, Mute | Ban)]
