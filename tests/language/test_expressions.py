"""Conditions: what they mean, what is refused when they are loaded, and what they cost."""

from datetime import UTC, datetime
from typing import Any

import pytest

from workflows.expressions import LONGEST_SEEN, Condition, ExpressionError, Scene, Value, Vocabulary
from workflows.patterns import LONGEST_SEARCHED
from workflows.vocabulary import SECTIONS

ALL = Vocabulary.of(*SECTIONS)
LATE = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai, a Monday


def values(**changed):
    member: dict[str, Any] = {
        "points": 120,
        "warnings": 0,
        "joined_days": 3,
        "roles": [],
        "tags": {"volunteer"},
        "active_days_30d": 12,
    }
    msg: dict[str, Any] = {
        "text": "Thank you! 代購",
        "normalized": "thank you! 代购",
        "kind": "voice",
        "mentions": ["telegram:1"],
    }
    msg |= {"domains": ["evil.com"], "hits": ["ads"], "reply": True, "length": 10}
    known: dict[str, Any] = {
        "member": member,
        "msg": msg,
        "group": {"timezone": "Asia/Shanghai", "key": "g", "name": "晨读"},
        "now": LATE,
        "lists": {"ad_words": ("加群", "代購"), "allowed_domains": ("github.com",)},
    }
    for name, value in changed.items():
        section, _, field = name.partition("__")
        known[section] = {**known[section], field: value} if field else value
    return known


@pytest.mark.parametrize(
    ("source", "true"),
    [
        # the shipped dialect, word for word
        ("member.warnings == 0 && member.active_days_30d >= 10", True),
        ("member.active_days_30d < 3", False),
        ("member.joined_days < 7 &&\nmsg.domains.exists(d, !(d in lists.allowed_domains))\n", True),
        ('lists.ad_words.exists(w, msg.normalized.contains(w)) && !("admin" in member.roles)', True),
        (r'msg.mentions.size() > 0 && msg.text.matches("(?i)\\b(thanks|thank you|thx|ty)\\b|谢谢|感谢")', True),
        ('now.getHours(group.timezone) >= 23 && msg.kind in ["voice", "sticker"]', True),
        # and more
        ('"ads" in msg.hits', True),
        ("true", True),
        ("!msg.reply", False),
        ('msg.text.startsWith("Thank") && msg.text.endsWith("購")', True),
        ("size(msg.text) == 13 && msg.text.size() == 13", True),
        ('msg.text.matches(r"\\bthank\\b")', False),
        ('msg.text.matches("Thank")', True),
        ('member.tags.exists(t, t.startsWith("vol"))', True),
        ('member.tags.all(t, t == "x")', False),
        ("member.points % 50 == 20 && member.points / 50 == 2", True),
        ("now.getDayOfWeek(group.timezone) == 1 && now.getHours() == 15", True),
        ('now > timestamp("2026-03-02T00:00:00Z") + duration("15h")', True),
        ("lists.ad_words.exists(w, msg.text.contains(w))", True),
        ("lists.allowed_domains.exists(w, msg.text.contains(w))", False),
        ("lists.ad_words.size() == 2", True),
        ('"github.com" in lists.allowed_domains', True),
        ("(msg.kind in lists.allowed_domains) == false", True),
        ('lists.ad_words.exists(w, w == "加群")', True),
        ("lists.ad_words.exists(w, msg.domains.exists(d, d in lists.allowed_domains))", False),
        ("member.points > 100 ? msg.reply : false", True),
        ("msg . text . contains('Thank') // said in Chinese chats", True),
        ("size('${member.points} lists.x matches') > 0", True),
    ],
)
def test_a_condition_means_what_it_says(source, true):
    condition = Condition(source, ALL)
    assert condition.holds(values()) is true
    assert condition.holds(Scene(values())) is true
    assert (condition.errors, condition.last_error) == (0, "")


def test_names_are_the_variables_that_are_used():
    source = 'lists.ads.exists(w, msg.text.contains(w)) && "msg.kind" != member.name && now.getHours() > 3'
    condition = Condition(source, ALL)
    assert condition.names == {"lists.ads", "msg.text", "member.name", "now"}
    assert condition.lists == {"ads"}


@pytest.mark.parametrize(
    ("source", "message", "offset"),
    [
        ("member.joined_dayz < 7", '"member.joined_dayz" is not known; did you mean member.joined_days?', 0),
        ("msg.reply &&\n  membr.points > 1", '"membr" is not known; did you mean member?', 15),
        ("member.points > 2.5", '">" does not work on int, double; write both as whole numbers', 14),
        ('member.points > "many"', '">" does not work on int, string', 14),
        ("member.points >", "the expression ends too early", 15),
        ("member.points", "a condition is true or false; this is a whole number", 0),
        ("member", '"member" needs a field after it: member.id, member.name, member.mention ...', 0),
        ('member["points"] > 1', '"member" needs a field after it: member.id, member.name, member.mention ...', 0),
        ("msg.kind == voice", '"voice" is not known; for a text write "voice" in quotes', 12),
        ('msg.text.contain("a")', '"contain" is not known; did you mean contains?', 16),
        ("msg.reply and msg.forwarded", 'write && instead of "and"', 10),
        ("member.points = 3", 'write == instead of "="', 14),
        ("lists.x.exists(msg, true)", '"msg" already means something; take another name', 15),
        ('member.mention == "a"', "member.mention stands alone in a text: ${member.mention}", 0),
        (
            'msg.text.matches("(?<=a)b")',
            'the pattern "(?<=a)b" cannot be used: invalid perl operator: (?<=; RE2 has no look-around',
            17,
        ),
        ("msg.text.matches(msg.kind)", 'matches needs its pattern written out: msg.text.matches("...")', 9),
        ('matches(msg.text, "a")', 'matches needs its pattern written out: msg.text.matches("...")', 0),
        ("   ", "there is no expression", 0),
        ("true" + " || true" * 300, "an expression has at most 2000 characters; this one has 2404", 0),
    ],
)
def test_a_mistake_is_told_when_it_is_loaded_with_its_place(source, message, offset):
    with pytest.raises(ExpressionError) as caught:
        Condition(source, ALL)
    assert (caught.value.message, caught.value.offset) == (message, offset)


def test_a_section_that_is_not_offered_here_is_refused():
    with pytest.raises(ExpressionError) as caught:
        Condition("msg.reply", Vocabulary.of("member", "now"))
    assert caught.value.message == '"msg" is not known here; what is: member, now'


def test_single_fields_can_be_offered():
    some = Vocabulary.of("check_in.streak")
    assert Condition("check_in.streak > 3", some).names == {"check_in.streak"}
    with pytest.raises(ExpressionError):
        Condition("check_in.points > 3", some)
    with pytest.raises(ValueError, match="did you mean member"):
        Vocabulary.of("membre")


@pytest.mark.parametrize(
    ("source", "changed", "error"),
    [
        ("member.points / member.warnings > 1", {}, "divide by zero"),
        ("lists.missing.exists(w, msg.text.contains(w))", {}, "missing"),
        ("msg.kind in lists.missing", {}, "missing"),
        ("lists.missing.size() > 0", {}, "missing"),
        ("now.getHours('nowhere') > 3", {}, "timezone"),
        ("member.points > 1", {"member__points": "many"}, "Unexpected value type"),
        ("member.points > 1", {"member__points": None}, "member.points"),
        ("member.points > 1", {"member__points": 1 << 70}, ""),
        ("member.tier == 'tree'", {}, "member.tier"),
        ("msg.text.contains('a')", {"msg__text": 5}, "msg.text"),
        ("msg.domains.exists(a, msg.domains.exists(b, a != a))", {"msg__domains": ["x"] * 500}, "Iteration budget"),
    ],
)
def test_a_run_time_error_is_no_match_and_is_counted(source, changed, error):
    condition = Condition(source, ALL)
    assert condition.holds(values(**changed)) is False
    assert condition.errors == 1
    assert error in condition.last_error


def test_what_is_decided_before_an_error_counts():
    assert Condition("member.points > 100 || member.points / member.warnings > 1", ALL).holds(values())


def test_only_what_is_named_is_worked_out():
    class Lazy(dict[str, str]):
        def __missing__(self, field):
            raise AssertionError(f"{field} was asked for")

    known = values()
    known["msg"] = Lazy(kind="text")
    assert Condition('msg.kind == "text"', ALL).holds(known)


def test_one_scene_serves_many_conditions():
    scene = Scene(values())
    conditions = [Condition(f"member.points > {n} && msg.length > {n // 20}", ALL) for n in range(0, 240, 20)]
    assert [condition.holds(scene) for condition in conditions] == [True] * 6 + [False] * 6


@pytest.mark.parametrize("name", ["\ud800", "a\0b", "\u202eabc", "👨\u200d👩", "x" * 10_000])
def test_any_text_can_be_looked_at(name):
    condition = Condition("member.name.size() > 0 && msg.text.contains(member.name)", ALL)
    assert condition.holds(values(member__name=name, msg__text=f"<{name}>"))
    assert condition.errors == 0


def test_nothing_hides_behind_a_nul():
    for source in ('msg.text.contains("ad")', 'msg.text.matches("ad")', "msg.text.size() == 4"):
        assert Condition(source, ALL).holds(values(msg__text="x\0ad"))


def test_words_are_normalized_where_the_text_is():
    source = "lists.ads.exists(w, msg.normalized.contains(w))"
    assert Condition(source, ALL).holds(values(lists={"ads": ("代購",)}))
    assert not Condition(source, ALL).holds(values(lists={"ads": ("刷单",)}))


@pytest.mark.parametrize(
    "source",
    [
        "lists.big.exists(w, msg.normalized.contains(w))",
        "lists.big.exists(w, msg.text.contains(w))",
        "msg.text in lists.big",
        r'msg.text.matches("(a|y){1,1000}z")',
        r'msg.text.matches("(y+y+)+z")',
        "msg.text.contains(msg.normalized)",
        "msg.domains.exists(d, msg.text.contains(d))",
    ],
)
def test_a_hostile_message_is_judged_without_an_error(source):
    condition = Condition(source, ALL)
    big = tuple(f"{'y' * 20}{n}" for n in range(10_000))
    long = values(msg__text="y" * 65_536, msg__normalized="y" * 65_535, msg__domains=["y" * 60 + "z"] * 100)
    long["lists"] = {"big": big}
    condition.holds(long)
    assert condition.errors == 0


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ('msg.text.contains("end")', LONGEST_SEEN),
        ("msg.text.size() > 1 && msg.text.endsWith('end')", LONGEST_SEEN),
        ("lists.ends.exists(w, msg.text.contains(w))", LONGEST_SEEN),
        ('msg.text.matches("end")', LONGEST_SEARCHED),
    ],
)
def test_an_expression_looks_at_so_much_of_a_text_and_no_more(source, seen):
    condition = Condition(source, ALL)
    fits = values(msg__text="y" * (seen - 3) + "end", lists={"ends": ("end",)})
    assert condition.holds(fits)
    assert not condition.holds(values(msg__text="y" * (seen - 2) + "end", lists={"ends": ("end",)}))


class Counted(tuple[str, ...]):
    """A word list that counts how often it was gone through."""

    times = 0

    def __iter__(self):
        Counted.times += 1
        return super().__iter__()


@pytest.mark.parametrize(
    "source",
    [
        "lists.big.exists(w, msg.normalized.contains(w))",
        "lists.big.exists(w, msg.text.contains(w))",
        "msg.text in lists.big",
    ],
)
def test_a_list_is_gone_through_when_it_is_compiled_and_never_for_a_message(source):
    condition, big = Condition(source, ALL), Counted(f"word{n}" for n in range(1000))
    assert condition.holds(values(msg__text="word7", msg__normalized="word7", lists={"big": big}))
    Counted.times = 0
    for n in range(10):
        assert not condition.holds(values(msg__text=f"w{n}", msg__normalized=f"w{n}", lists={"big": big}))
    assert Counted.times == 0


@pytest.mark.parametrize("source", ["(" * 900 + "1" + ")" * 900, "1" + "+1" * 900 + " > 0", "[" * 900, "a." * 900])
def test_a_hostile_expression_is_refused(source):
    with pytest.raises(ExpressionError):
        Condition(source, ALL)


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("member.points + 1", 121),
        ('member.name + "!"', "小王!"),
        ("member.points > 100 ? 'many' : 'few'", "many"),
        ("member.tags", ["volunteer"]),
        ("member.points / 0", None),
    ],
)
def test_a_value(source, result):
    value = Value(source, ALL)
    assert value.of(values(member__name="小王")) == result
    assert value.errors == (result is None)


@pytest.mark.parametrize("points", [0, 1, 2, -1, 3_000_000_000, True, 1.0, "1", None, ...])
@pytest.mark.parametrize("source", ['member.points == 1 ? "point" : "points"', "member.points == 0 ? 'none' : 'some'"])
def test_one_or_many_is_told_as_cel_tells_it(source, points):
    known = {"member": {} if points is ... else {"points": points}}
    quickly, by_cel = Value(source, None), Value(f"({source})", None)
    assert quickly.of(known) == by_cel.of(known)
    assert quickly.errors == by_cel.errors


def test_one_or_many_needs_no_evaluation():
    scene = Scene({"member": {"points": 7}})
    assert Value('member.points == 1 ? "point" : "points"', ALL).of(scene) == "points"
    assert scene._activation is None


@pytest.mark.parametrize("source", ["{'a': 1}", "b'x'", "null", "type(1)"])
def test_a_value_must_be_sayable(source):
    with pytest.raises(ExpressionError, match="words, numbers and lists"):
        Value(source, ALL)
