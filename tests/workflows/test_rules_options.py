"""What operators can get wrong about rules, and what they are told: where it is, what was wanted, a guess."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.workflows.rules_chat import rule
from workflows import rule_clauses
from workflows.rules import Rules


def problems(**sections: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        Rules.model_validate(sections)
    return [(".".join(str(step) for step in error["loc"]), error["msg"]) for error in caught.value.errors()]


@pytest.mark.parametrize(
    ("written", "place", "told"),
    [
        pytest.param(
            {"then": ["delte"]}, "then.0", '"delte" is not an action (did you mean delete?)', id="unknown verb"
        ),
        pytest.param(
            {"then": [{"delete": None, "warn": "x"}]},
            "then.0",
            "`delete` and `warn` are two actions in one item; did you forget a `-`, or to indent?",
            id="two actions in one item",
        ),
        pytest.param({"then": ["react"]}, "then.0", "`react` needs an argument, like {react: 👍}", id="no argument"),
        pytest.param(
            {"then": [{"delete": "now"}]}, "then.0", "`delete` takes no argument; write it alone", id="too much"
        ),
        pytest.param({"then": [{"mute": "soon"}]}, "then.0.mute", "is not a length of time", id="not a span"),
        pytest.param({"then": []}, "then", "at least 1 item", id="nothing to do"),
        pytest.param(
            {"then": [{"points": {"to": "mentoined", "add": 1}}]},
            "then.0.points.to",
            "'mentioned'",
            id="no such receiver",
        ),
        pytest.param(
            {"then": [{"points": {"to": "mentioned", "add": 5, "cap_per_day": 3}}]},
            "then.0.points",
            "so nothing is ever given",
            id="a cap below the award",
        ),
        pytest.param(
            {"then": [{"thank": {"to": "replied", "add": 3, "cap_per_day": 9, "per_pair_per_day": 1}}]},
            "then.0.thank",
            "per_pair_per_day: 1 is less than add: 3, so nothing is ever given",
            id="a cap of a pair below the award",
        ),
        pytest.param(
            {"then": [{"points": {"to": "mentioned", "add": 5, "cap_received_per_day": 4}}]},
            "then.0.points",
            "cap_received_per_day: 4 is less than add: 5, so nothing is ever given",
            id="a cap of the receiver below the award",
        ),
        pytest.param({"if": "member.pionts > 1"}, "if", "did you mean member.points?", id="unknown field"),
        pytest.param(
            {"if": "lists.adwords.exists(w, true)"},
            "if",
            'no list "adwords" (did you mean ad_words?)',
            id="unknown list",
        ),
        pytest.param({"if": '"adwords" in msg.hits'}, "if", 'no list or pattern "adwords"', id="unknown hit"),
        pytest.param(
            {"words": ["adwords"]}, "words.0", 'no list "adwords" (did you mean ad_words?)', id="unknown words"
        ),
        pytest.param(
            {"patterns": ["phones"]}, "patterns.0", 'no patterns "phones" (did you mean phone?)', id="unknown pattern"
        ),
        pytest.param({"when": "mesage"}, "when.0", "'message'", id="unknown event"),
        pytest.param(
            {"when": "join", "if": 'msg.text == ""'}, "if", '"msg.text" is not known `when: join`', id="no message"
        ),
        pytest.param({"when": "join"}, "", "`delete` needs a message; `when: join` has none", id="nothing to delete"),
        pytest.param({"then": ["approve"]}, "", "`approve` answers somebody who asks to join", id="nobody asked"),
        pytest.param({"when": "warned", "then": ["warn"]}, "", "would never end", id="warnings about warnings"),
        pytest.param({"when": "points", "then": [{"points": 1}]}, "", "would never end", id="points for points"),
        pytest.param(
            {"when": "join", "then": [{"points": {"to": "mentioned", "add": 1}}]},
            "",
            "`to: mentioned` needs",
            id="nobody mentioned",
        ),
        pytest.param({"escalate": {2: {"mute": "1h"}}}, "", "nothing here warns", id="a ladder without warnings"),
        pytest.param(
            {"if": "member.joined_days < 7 && member.joined_days > 30"}, "if", "can never hold", id="never holds"
        ),
        pytest.param({"if": 'msg.kind == "stiker"'}, "if", '"stiker" (did you mean sticker?)', id="unknown kind"),
        pytest.param(
            {"if": 'msg.kind == "text" && msg.kind in ["photo"]'}, "if", "no kind of message is left", id="two kinds"
        ),
        pytest.param(
            {"then": [{"reply": "${check_in.streak}"}]},
            "",
            '"check_in.streak" is not known `when: message`',
            id="a text about nothing",
        ),
        pytest.param(
            {"then": [{"propose": {"tag": "x"}}]}, "then.0", "`tag` cannot be proposed", id="cannot be proposed"
        ),
        pytest.param({"id": "two words"}, "id", "should match pattern", id="an id with a space"),
        pytest.param({"exempt": "trees"}, "exempt.0", "should match pattern", id="not an exemption"),
    ],
)
def test_a_mistake_is_told_with_its_place(written: dict[str, Any], place: str, told: str) -> None:
    found = problems(lists={"ad_words": ["代购"]}, patterns={"phone": ["1[0-9]{10}"]}, rules=[rule(**written)])
    where = ".".join(part for part in ("rules.0", place) if part)
    assert any(at.startswith(where) and told in why for at, why in found), found


@pytest.mark.parametrize(
    ("sections", "place", "told"),
    [
        pytest.param({"rules": [rule(), rule()]}, "rules.1.id", "number 1 and number 2", id="the same id twice"),
        pytest.param({"rules": [rule(id="flood")]}, "rules.0.id", "name of a section", id="the id of a section"),
        pytest.param({"lists": {"a": []}}, "lists.a", "the list is empty", id="an empty list"),
        pytest.param({"lists": {"bad words": ["x"]}}, "lists", "letters, digits and _", id="a list's name"),
        pytest.param({"patterns": {"p": ["(a"]}}, "patterns", 'in "p"', id="a broken pattern"),
        pytest.param({"patterns": {"p": ["(?=a)"]}}, "patterns", "RE2 has no look-around", id="look-ahead"),
        pytest.param(
            {"lists": {"p": ["a"]}, "patterns": {"p": ["a"]}},
            "patterns",
            "both a list and a pattern",
            id="one name twice",
        ),
        pytest.param({"links": {"allowed_domains": "hosts"}}, "links", 'no list "hosts"', id="unknown hosts"),
        pytest.param({"links": {"allowed_domains": []}}, "links", "allow at least one", id="nothing allowed"),
        pytest.param(
            {"flood": {"messages": 1}}, "flood.messages", "greater than or equal to 2", id="one message is no flood"
        ),
        pytest.param({"rlues": []}, "rlues", "not permitted", id="unknown section"),
    ],
)
def test_a_mistake_outside_rules(sections: dict[str, Any], place: str, told: str) -> None:
    assert any(at.startswith(place) and told in why for at, why in problems(**sections))


def test_all_problems_are_told_at_once() -> None:
    found = problems(rules=[rule(id="a", words=["x"]), rule(id="b", patterns=["y"]), rule(id="a")])
    assert [at for at, _ in found] == ["rules.2.id", "rules.0.words.0", "rules.1.patterns.0"]


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        pytest.param("a && b", ["a", "b"], id="two"),
        pytest.param("a && (b && c)", ["a", "b", "c"], id="nested"),
        pytest.param("a || b && c", ["a || b && c"], id="or outside brackets"),
        pytest.param("(a || b) && c", ["a || b", "c"], id="or inside brackets"),
        pytest.param('x == "a && b" && c', ['x == "a && b"', "c"], id="inside a string"),
        pytest.param("a ? b && c : d", ["a ? b && c : d"], id="a choice"),
        pytest.param("l.exists(w, w == 1 && w > 0) && c", ["l.exists(w, w == 1 && w > 0)", "c"], id="in a macro"),
        pytest.param("a && // why\n b", ["a", "b"], id="a remark"),
    ],
)
def test_a_condition_is_cut_where_all_parts_must_hold(source: str, parts: list[str]) -> None:
    assert list(rule_clauses.parts(source)) == parts


@pytest.mark.parametrize(
    ("source", "filled", "whole"),
    [
        pytest.param("msg.domains.exists(d, d == 'x')", {"domains"}, False, id="exists"),
        pytest.param("msg.domains.exists(d, true) || msg.length > 1", set(), False, id="or"),
        pytest.param("!msg.domains.exists(d, true)", set(), False, id="not"),
        pytest.param("msg.domains.exists(d, true) == false", set(), False, id="compared with false"),
        pytest.param("msg.mentions.size() > 0", {"mentions"}, True, id="size above none"),
        pytest.param("size(msg.mentions) >= 1", {"mentions"}, True, id="size as a function"),
        pytest.param("msg.mentions.size() > 3", {"mentions"}, False, id="size above three"),
        pytest.param("msg.mentions.size() >= 0", set(), False, id="size of none will do"),
        pytest.param("msg.mentions.size() < 3", set(), False, id="size below"),
        pytest.param("msg.mentions.size() == 0", set(), False, id="none wanted"),
        pytest.param("msg.domains.all(d, d == 'x')", set(), False, id="all holds for none"),
    ],
)
def test_a_gate_is_only_what_must_be_there(source: str, filled: set[str], whole: bool) -> None:
    gate = rule_clauses.gate(source)
    assert (set(gate.filled), gate.whole) == (filled, whole)


def test_a_list_from_a_file_is_one_word_a_line() -> None:
    made = Rules.model_validate({"lists": {"a": "代购\n# remark\n\n加群\n"}})
    assert made.lists["a"].words == ("代购", "加群")


def test_numbers_in_a_list_are_words() -> None:
    assert Rules.model_validate({"lists": {"a": [110, "x"]}}).lists["a"].words == ("110", "x")


def test_the_schema_of_an_action_is_a_verb_or_one_key() -> None:
    schema = Rules.model_json_schema()
    alone, with_argument = schema["$defs"]["Action"]["anyOf"]
    assert "delete" in alone["enum"]
    assert "points" not in alone["enum"]
    assert (with_argument["minProperties"], with_argument["maxProperties"]) == (1, 1)
