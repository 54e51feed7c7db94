"""What may be written under `onboarding:`, and what is refused with which words."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.workflows.onboarding_scene import TEXTS
from workflows.catalog import SHIPPED
from workflows.onboarding import Options
from workflows.onboarding_options import Posts

STEP = {"id": "agree", "ask": "同意吗？", "options": [{"say": "同意"}]}
ASK = {"id": "q", "ask": "?"}
TASK = {"id": "hello", "introduce": True}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param(
            {"steps": [{"id": "a", "ask": "?"}]},
            'the step "a" needs exactly one of options, text, introduce; found none',
            id="a step of no kind",
        ),
        pytest.param(
            {"steps": [STEP | {"text": {"min_chars": 3}}]}, "found `options` and `text`", id="a step of two kinds"
        ),
        pytest.param({"steps": [{"id": "a", "text": {"min_chars": 3}}]}, 'the step "a" asks nothing', id="no question"),
        pytest.param({"steps": [STEP, STEP]}, 'two steps have the id "agree"', id="one id twice"),
        pytest.param(
            {"steps": [STEP | {"options": [{"say": ["好", "ok"]}, {"say": "OK"}]}]},
            '"OK" chooses two answers',
            id="one word for two answers",
        ),
        pytest.param({"steps": [STEP | {"id": "Agree!"}]}, "String should match pattern", id="an id with odd letters"),
        pytest.param(
            {"steps": [{"id": "a", "ask": "?", "text": {"min_chars": 9, "max_chars": 3}}]},
            "no answer could ever fit",
            id="nothing fits",
        ),
        pytest.param(
            {"steps": [{"id": "a", "ask": "?", "text": {"pattern": "(?<=a)b"}}]},
            "RE2 has no look-around",
            id="a pattern that RE2 lacks",
        ),
        pytest.param({"steps": [STEP | {"ask": "${member.nmae}"}]}, "did you mean", id="a wrong variable"),
        pytest.param(
            {"tasks": [TASK | {"react": 2}]}, 'the task "hello" needs exactly one of', id="a task of two kinds"
        ),
        pytest.param(
            {"tasks": [{"id": "a", "messages": {"count": 0}}]}, "greater than or equal to 1", id="no messages at all"
        ),
        pytest.param({"tasks": [TASK | {"within": "0s"}]}, "give `within` at least 1m", id="no time at all"),
        pytest.param({"hold": True}, "would hold nobody", id="hold without steps"),
        pytest.param({"on_give_up": ["remove"]}, "can never happen without `give_up_after`", id="a dead on_give_up"),
        pytest.param({"give_up_after": "0s", "steps": [STEP]}, "leave it out to never give up", id="zero is not never"),
        pytest.param({"remind": {"after": "0s"}}, "to have no reminders write times: 0", id="reminding at once"),
        pytest.param({"remind": {"after": "24"}}, "is not a length of time", id="a length without unit"),
        pytest.param({"entry": {"questions": []}}, "at least 1 item", id="a door without questions"),
        pytest.param(
            {"entry": {"questions": [{"id": "q", "ask": "?", "accept": ["a"], "text": {}}]}},
            "both `accept` and `text`",
            id="two ways to judge",
        ),
        pytest.param({"raid": {"within": "0s"}}, "give `within` at least 1s", id="a wave without length"),
        pytest.param(
            {"raid": {"quieter": {"for": "0s"}}}, "leave `quieter` out to have none", id="a quieter time of no length"
        ),
        pytest.param(
            {"entry": {"questions": [ASK], "within": "0s"}}, "give `within` at least 1m", id="no time to answer"
        ),
        pytest.param({"entry": {"questions": [ASK], "at": "gate"}}, "'request' or 'door'", id="a place that is none"),
        pytest.param({"entry": {"questions": [ASK], "at": []}}, "at least 1 item", id="no place at all"),
        pytest.param(
            {"entry": {"questions": [ASK], "ban_after": 1}},
            "greater than or equal to 2",
            id="a ban at the first failure",
        ),
        pytest.param(
            {"entry": {"questions": [ASK | {"options": ["a", "b"], "text": {}}]}},
            "both `options` and `text`",
            id="chosen and typed",
        ),
        pytest.param(
            {"entry": {"questions": [ASK | {"options": ["a", "b"], "accept": "c"}]}},
            '"c" is accepted by the question "q", but not one of its options',
            id="an accepted answer that is not offered",
        ),
        pytest.param(
            {"entry": {"questions": [ASK], "at": "door", "within": "5m"}, "welcome_after": "6m"},
            "the time would be over before the question",
            id="asked too late",
        ),
        pytest.param({"welcom": "hi"}, "Extra inputs are not permitted", id="an unknown key"),
    ],
)
def test_what_cannot_work_is_refused(options, words):
    with pytest.raises(ValidationError) as refused:
        Options.model_validate(options)
    assert words in str(refused.value)


def test_short_ways_to_write():
    options = Options.model_validate({"tasks": [{"id": "talk", "messages": 5}, {"id": "in", "check_in": "morning"}]})
    assert options.tasks[0].messages == Posts(count=5)
    assert options.tasks[1].check_in == ("morning",)


def test_every_option_says_what_it_is_for():
    def fields(schema):
        yield from schema.get("properties", {}).items()
        for inner in schema.get("$defs", {}).values():
            yield from inner.get("properties", {}).items()

    assert [name for name, field in fields(Options.model_json_schema()) if "description" not in field] == []


def test_every_sentence_exists_in_both_languages_and_speaks_of_the_same():
    keys = {language: {key for key in TEXTS.keys(language) if key.startswith("onboarding.")} for language in SHIPPED}
    assert keys["zh"] == keys["en"]
    assert len(keys["zh"]) > 30
    for key in keys["zh"]:
        assert TEXTS.names(key, "zh") == TEXTS.names(key, "en"), key
