"""The first sentence of a comparison: how many members of how many fare otherwise, or what else it is that differs."""

from __future__ import annotations

import pytest

from tests.simulate.homes import THANKS
from tests.simulate.test_against import BROAD, DAILY, NARROW, TIERS, compared, export, lines_of
from tests.simulate.test_simulate import ANN, BOB, history, said

__all__ = ["export"]

WRITTEN = {
    "en": "Nothing is done or said otherwise; only what is written, or hit in shadow, differs.",
    "zh": "助手做的、说的都一样，没有哪位成员会因此不同；不同的只是写法，或试运行里的命中。",
}
GIVING = (
    "rules:\n  - {id: thx, when: message, if: 'msg.mentions.size() > 0', then: [{thank: {to: mentioned, add: 3}}]}\n"
)
MUTED_TOO = "  - {id: more, when: message, words: ad_words, then: [{mute: 1h}]}\n"
MENTIONED = [{"account": f"telegram:{n}", "name": f"N{n}"} for n in (7, 8, 9)]


def opening(output: str) -> str:
    """What is told right below the two homes, whose names may take several lines."""
    lines = lines_of(output)
    return lines[next(n for n, line in enumerate(lines) if line.endswith("tried")) + 1]


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        ("en", "Something differs for 1 of 2 members; of people who were only mentioned, for 3."),
        ("zh", "2 名成员里，有 1 人会有不同；只被提到过的人里，有 3 人。"),
    ],
)
def test_whoever_was_only_mentioned_is_counted_apart_from_the_members(tmp_path, lang, wanted):
    export = history(tmp_path / "h", said(1, 1, BOB, "hi"), said(2, 1, ANN, "thanks", BOB, *MENTIONED))
    output, told = compared(tmp_path, export, "", GIVING, "--lang", lang)
    assert opening(output) == wanted
    against = told["against"]
    assert (against["people"], against["members"], against["mentioned"]) == (1, told["members"], 3)


def test_whoever_thanks_fares_as_before_and_whoever_is_thanked_does_not(tmp_path):
    export = history(tmp_path / "h", said(1, 1, BOB, "hi"), said(2, 1, ANN, "thanks", BOB))
    assert opening(compared(tmp_path, export, "", GIVING, "--lang", "en")[0]) == (
        "Something differs for 1 of 2 members."
    )


def test_a_reaction_to_a_message_is_felt_by_its_author(tmp_path):
    export = history(tmp_path / "h", said(1, 1, BOB, "hi"), said(2, 1, ANN, "thanks", BOB))
    assert compared(tmp_path, export, "", THANKS)[1]["against"]["people"] == 2


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(NARROW.partition("rules:")[0], BROAD.replace("[delete]", "[delete], mode: shadow"), id="shadow"),
        pytest.param(BROAD, BROAD + '  - {id: idle, when: message, if: "false", then: [delete]}\n', id="no hits"),
        pytest.param(DAILY, DAILY + "  second: {keywords: nobody, points: 2}\n", id="a challenge"),
        pytest.param(
            DAILY + TIERS.format(start=4),
            DAILY + TIERS.format(start=4) + "  sage: {name: {zh: 隐士, en: Sage}, from: 900}\n",
            id="a tier",
        ),
    ],
)
def test_where_only_what_is_written_differs_or_a_rule_in_shadow_that_is_said(tmp_path, export, lang, before, after):
    for n, (one, other) in enumerate(((before, after), (after, before))):
        output, told = compared(tmp_path / str(n), export, one, other, "--lang", lang)
        assert opening(output) == WRITTEN[lang]
        assert told["against"]["people"] == 0


@pytest.mark.parametrize(
    ("then", "people"), [("notify", 0), ("{propose: ban}", 0), ("{mute: 1h}", 2), ("{warn: no}", 2)]
)
def test_what_the_admins_alone_are_told_or_asked_is_not_felt_by_members(tmp_path, export, then, people):
    after = BROAD.replace("then: [delete]", f"then: [delete, {then}]")
    output, told = compared(tmp_path, export, BROAD, after, "--lang", "en")
    assert told["against"]["people"] == people
    assert opening(output) == (
        f"Something differs for {people} of 2 members."
        if people
        else "No member fares otherwise; only what the assistant does or says differs."
    )


def test_one_rule_split_in_two_that_do_the_same_together_is_not_felt(tmp_path, export):
    before = BROAD.replace("then: [delete]", "then: [delete, {mute: 1h}]")
    assert compared(tmp_path, export, before, BROAD + MUTED_TOO)[1]["against"]["people"] == 0
