"""Operators' texts, plain names, and the assistant's own sentences."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from core.effects import Mention, plain
from core.people import Account
from workflows.catalog import Sentence
from workflows.expressions import ExpressionError, Scene, Vocabulary
from workflows.options import Options
from workflows.plain_text import inert
from workflows.speaking import Speaks
from workflows.texts import Catalog, LocalName, Text
from workflows.wording import Wording

WORDS = Vocabulary.of("member", "check_in", "msg", "now", "step", "lists")
WANGS = Account("telegram:10001")
WANG = Mention(account=WANGS, name="小王")


def said(source, language="zh", **values):
    known = {"member": {"name": "小王", "mention": WANG, "points": 7, "staff": True, "tags": ["a", "b"]}, **values}
    return Text.written(source, WORDS).say(language, known)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("早上好", ("早上好",)),
        ("✅ ${member.name} 连续第 ${check_in.streak} 天，+${check_in.points} 分", ("✅ 小王 连续第 3 天，+5 分",)),
        ("欢迎 ${member.mention}！", ("欢迎 ", WANG, "！")),
        ("${member.mention}", (WANG,)),
        ("${ member.points + 1 } 分", ("8 分",)),
        ('${member.points > 5 ? "多" : "少"}', ("多",)),
        ('${"}" + "${"}', ("}${",)),
        ("${member.tags} ${member.staff}", ("a、b 是",)),
        ("价格 $5, $$, $${member.name}, }", ("价格 $5, $$, ${member.name}, }",)),
        ("没有 ${member.tier}。", ("没有 。",)),
        ("${member.points / 0}分", ("分",)),
        ("${type(member.points) == int && type(member.tags) == list && type(null) == null_type}", ("是",)),
        ("${[1.5, 'a', b'a', true, 1u, {}].map(x, type(x)) == [double, string, bytes, bool, uint, map]}", ("是",)),
        ("${type(int) == type}", ("是",)),
    ],
)
def test_a_text_is_filled_in(source, words):
    assert said(source, check_in={"streak": 3, "points": 5}) == words


def test_a_text_speaks_the_language_asked_for_or_the_first_one():
    text = Text.written({"zh": "是 ${member.staff}", "en": "it is ${member.staff}"}, WORDS)
    known = {"member": {"staff": True}}
    assert [plain(text.say(language, known)) for language in ("zh", "en", "fr")] == ["是 是", "it is yes", "是 是"]
    assert plain(Text.written("一样", WORDS).say("en", {})) == "一样"


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (["a", "b"], "a、b", "a, b"),
        (False, "否", "no"),
        (2.50, "2.5", "2.5"),
        (3.0, "3", "3"),
        (date(2026, 3, 2), "2026-03-02", "2026-03-02"),
        (datetime(2026, 3, 2, 9, 5, tzinfo=UTC), "2026-03-02 09:05", "2026-03-02 09:05"),
        (timedelta(hours=26), "1 天 2 小时", "1 d 2 h"),
        (timedelta(seconds=0), "0 秒", "0 s"),
        ({"b", "a"}, "a、b", "a, b"),
    ],
)
def test_values_are_said_as_people_say_them(value, zh, en):
    for language, expected in (("zh", zh), ("en", en)):
        assert said("${member.name}", language, member={"name": value}) == (expected,)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("${member.points}", "${member.points}", id="a placeholder"),
        pytest.param("<b>*_`[x](y)", "<b>*_`[x](y)", id="markup"),
        pytest.param("a\u202ecod\u2066x\u200f", "acodx", id="direction marks"),
        pytest.param("a\nb\r\n\tc", "a b c", id="line breaks"),
        pytest.param("a\0b\x1b[31m", "ab[31m", id="control characters"),
        pytest.param("e" + "\u0301" * 50 + "x", "e" + "\u0301" * 3 + "x", id="piled marks"),
        pytest.param("王" * 100, "王" * 63 + "…", id="very long"),
        pytest.param("\ud800x", "x", id="a lone surrogate"),
        pytest.param("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", id="an emoji of several"),
        pytest.param("a\u200db", "ab", id="a hidden joiner"),
        pytest.param("\U000e0041x", "x", id="tag characters"),
        pytest.param("   ", "", id="blank"),
    ],
)
def test_a_name_is_said_literally_and_disturbs_nothing(name, shown):
    assert plain(said("[${member.name}]", member={"name": name})) == f"[{inert(shown)}]"
    mention = Mention(account=WANGS, name=name)
    assert said("${member.mention}", member={"mention": mention}) == (Mention(account=WANGS, name=shown or "10001"),)


def test_a_name_leads_nowhere_and_those_that_the_operator_gave_may():
    names = {"member": {"name": "t.me/spam"}, "group": {"name": "books.example"}}
    text = Text.written("${member.name} ${group.name}", Vocabulary.of("member", "group"))
    assert plain(text.say("en", names)) == "t.\u2060me/spam books.example"
    given = Text.written("${check_in.name} ${tier.name}", Vocabulary.of("check_in", "tier"))
    assert plain(given.say("en", {"check_in": {"name": "#晨读"}, "tier": {"name": "v.i.p"}})) == "#晨读 v.i.p"
    for who in ("order.by", "command.target", "check_in.member", "identity.known"):
        section, field = who.split(".")
        ours = Wording.of(f"${{{who}}} did it", None).filled("en", {section: {field: "@wang"}})
        assert plain(ours) == "@\u2060wang did it"


def test_what_is_said_is_bounded():
    words = said("${msg.text}" * 20, msg={"text": "很" * 5000})
    assert (len(plain(words)), plain(words)[-1]) == (4000, "…")


def test_a_message_that_is_repeated_keeps_its_lines():
    assert said("> ${msg.text}", msg={"text": "a\nb\u202e"}) == ("> a\nb",)


@pytest.mark.parametrize(
    ("source", "message", "offset"),
    [
        ("欢迎 ${member.name", '"${" has no closing "}"; for a literal one write "$${"', 3),
        ("a ${member.nmae} b", '"member.nmae" is not known; did you mean member.name?', 4),
        ("${}", "there is no expression", 2),
        ("${member}", '"member" needs a field after it: member.id, member.name, member.mention ...', 2),
        ("hi ${tier.name}", '"tier" is not known here; what is: check_in, lists, member, msg, now, step', 5),
        ("x ${member.points + 'a'}", '"+" does not work on int, string', 18),
        ("${'a' + member.mention}", "member.mention stands alone in a text: ${member.mention}", 8),
        ("${lists.ads}", "a whole word list is not for saying", 2),
        ({"zh": "好", "en": "${member.nam}"}, 'en: "member.nam" is not known; did you mean member.name?', 2),
        ("x" * 4001, "a text has at most 4000 characters; this one has 4001", 0),
    ],
)
def test_a_mistake_is_told_when_it_is_loaded_with_its_place(source, message, offset):
    with pytest.raises(ExpressionError) as caught:
        Text.written(source, WORDS)
    assert (caught.value.message, caught.value.offset) == (message, offset)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ({}, "this text has no language; write zh: ... or en: ..."),
        ({"chinese": "a"}, '"chinese" is not a language of this text; write zh: ... or en: ...'),
        ({"zh：早，en": "a"}, '"zh：早，en" has a wide colon; write zh: with a plain one and a space'),
        ({"zh": " "}, "this text is empty in zh"),
        ("", "this text is empty"),
        (True, "a text is written as text, or by language: {zh: ..., en: ...}"),
        ({"zh": ["a"]}, "a text is written as text, or by language: {zh: ..., en: ...}"),
    ],
)
def test_what_is_no_text_is_refused(written, why):
    with pytest.raises(ValueError) as caught:
        Text.written(written, WORDS)
    assert str(caught.value) == why


def test_names_are_the_variables_of_all_languages():
    text = Text.written({"zh": "${member.name} ${member.points + 1}", "en": "${check_in.streak} $${msg.text}"}, WORDS)
    assert text.names == {"member.name", "member.points", "check_in.streak"}


def test_a_scene_fills_texts_too():
    scene = Scene({"member": {"name": "小王", "points": 3}})
    assert Text.written("${member.name} ${member.points * 2}", WORDS).say("zh", scene) == ("小王 6",)


class Greeting(Options):
    hello: Annotated[Text, Speaks("member")] | None = Field(None, description="a text")
    name: LocalName = Field(LocalName("x"), description="a name")


def test_options_hold_texts_and_names():
    options = Greeting.model_validate({"hello": {"en": "Hi ${member.name}"}, "name": {"zh": "晨读", "en": " Morning "}})
    assert options.hello is not None
    assert plain(options.hello.say("en", {"member": {"name": "A"}})) == "Hi A"
    assert [options.name.in_(language) for language in ("zh", "en", "fr")] == ["晨读", "Morning", "晨读"]
    assert Greeting(name=2026).name.in_("zh") == "2026"


def test_options_tell_what_is_wrong():
    with pytest.raises(ValidationError) as caught:
        Greeting(hello="${member.nam}", name="a\nb")
    assert [problem["msg"] for problem in caught.value.errors()] == [
        'Value error, "member.nam" is not known; did you mean member.name? (at character 3)',
        "Value error, a name is one line of at most 64 characters without hidden ones",
    ]


def test_speaks_belongs_to_a_text_itself():
    with pytest.raises(TypeError, match="Speaks belongs to a Condition or Text itself"):

        class Wrong(Options):
            hello: Annotated[int, Speaks("member")]


def test_names_hold_no_expressions():
    assert LocalName.written("${member.name}").in_("zh") == "${member.name}"


# the assistant's own sentences


@pytest.fixture
def catalog() -> Catalog:
    return Catalog.shipped()


def test_every_sentence_exists_in_both_languages(catalog):
    assert catalog.keys("zh") == catalog.keys("en")


def test_both_languages_speak_of_the_same_things(catalog):
    differing = {
        key: (sorted(catalog.names(key, "zh")), sorted(catalog.names(key, "en")))
        for key in catalog.keys("zh") & catalog.keys("en")
        if catalog.names(key, "zh") != catalog.names(key, "en")
    }
    assert differing == {}


def test_an_unknown_sentence_or_a_missing_value_is_a_mistake_of_ours():
    own = Catalog({"zh": {}, "en": {}})
    with pytest.raises(KeyError):
        own.say("nothing.here", "zh", {})


def own(**sentences) -> Catalog:
    return Catalog({"zh": {f"x.{key}": Sentence.written(text) for key, text in sentences.items()}})


def test_own_sentences_take_any_names():
    source = "${member.mention} ${x.days == 1 ? '一天' : string(x.days) + ' 天'} ${count}"
    words = own(a=source).say("x.a", "zh", {"member": {"mention": WANG}, "x": {"days": 3}, "count": 9})
    assert words == (WANG, " 3 天 9")


def test_a_missing_value_names_the_sentence():
    with pytest.raises(KeyError, match=r"x.a: no value for x.days"):
        own(a="${x.days}").say("x.a", "zh", {"x": {}})


def test_a_missing_language_falls_back_to_the_first():
    assert own(a="好").say("x.a", "fr", {}) == ("好",)


def test_an_operator_overrides_a_sentence():
    changed = own(a="${member.name} 好 ${x.n}", b="旧").overridden("zh", {"x": {"a": "棒 ${x.n} ${member.name}"}})
    known = {"x": {"n": 1}, "member": {"name": "小王"}}
    assert (changed.say("x.a", "zh", known), changed.say("x.b", "zh", known)) == (("棒 1 小王",), ("旧",))


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ({"x": {"aa": "?"}}, 'there is no sentence "x.aa"; did you mean x.a?'),
        ({"x": {"a": "${x.m}"}}, '"x.a" knows nothing of x.m; did you mean x.n?'),
        ({"x": {"a": "${member.name} ${x.n}"}}, '"x.a" knows nothing of member.name'),
        ({"x": {"a": "${member.mention + x.n}"}}, '"x.a" knows nothing of member.mention'),
        ({"x": {"a": "${x.n"}}, '"x.a" (zh): "${" has no closing "}"; for a literal one write "$${"'),
        ({"x": {"a": ""}}, '"x.a" is not a sentence'),
        ({"x": "a"}, '"x" is a section; write its sentences under it'),
    ],
)
def test_an_override_that_cannot_work_is_refused(written, why):
    with pytest.raises(ValueError) as caught:
        own(a="好 ${x.n}").overridden("zh", written)
    assert str(caught.value) == why
