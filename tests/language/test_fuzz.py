"""Whatever people write, nothing raises, nothing hangs, and nothing leaks into the text around it."""

import unicodedata

import pytest
import re2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.effects import Mention, plain
from core.people import Account
from workflows.expressions import Condition, ExpressionError, Scene, Vocabulary
from workflows.links import domains_of, host_of
from workflows.patterns import WordSet, normalized
from workflows.texts import LocalName, Text
from workflows.vocabulary import SECTIONS

ALL = Vocabulary.of(*SECTIONS)
SOMEBODY = Account("t:1")
MANY = settings(
    max_examples=250, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
SOME = settings(MANY, max_examples=120)

tricky = st.sampled_from(
    "aAzZ0 \n\r\t\0\u200b\u200d\u202e\u2066\ufeff\ufe0f\u0301\u3099か가\u1100\u1161漢汉簡加群аΝνѕ\ud800\udfff"
    "．。｡:/@?#.-_$%{}[]()'\"\\|&!=<>+*^\U000e0041🅰👩ßİﬁ①𝒜\u3164\u2028"
)
texts = st.text(st.one_of(tricky, st.characters(codec=None)), max_size=60)
PIECES = r"""
member . points name mention msg text lists ads exists ( ) w , in contains matches "a" '(?i)b' 1 2.5 && || ! == < + ? :
[ ] { } now getHours r"\\b" " \ // true has size normalized domains >= - % map filter $
"""
PATTERN_PIECES = r"""
a b c d ab abc 加 群 加群 . * + ? | ( ) (?: (?i)
[ab] [^a] [ ] {2} {0,2} { } ^ $ \b \d \. \( \x61 \pL [[:alpha:]] \Qab\E (?P<n> A
"""
sources = st.lists(st.sampled_from([" ", "\n", *PIECES.split()]), max_size=14).map("".join)
patterns = st.lists(st.sampled_from(PATTERN_PIECES.split()), min_size=1, max_size=8).map("".join)
short = st.text(st.sampled_from("abcd加群 .(1"), max_size=12)
VALUES = {
    "member": {"points": 3, "name": "a", "mention": Mention(account=SOMEBODY, name="a")},
    "msg": {"text": "a b", "normalized": "a b", "domains": ["a.com"]},
    "lists": {"ads": ("a",)},
    "group": {"timezone": "UTC"},
}
WORDS = WordSet.build(
    {"ads": ["加群", "vip", "a b", "漢"], "more": ["ss", "1"]}, {"p": [r"\bvip\b", "加.群", r"[a-z]{5}\d"]}
)


def made(kind, source):
    """What the source is, or the mistake that it is told to be."""
    try:
        return kind(source, ALL)
    except ValueError as error:
        return error


@MANY
@given(texts)
def test_folding_twice_is_folding_once(text):
    folded = normalized(text)
    assert normalized(folded) == folded
    assert unicodedata.is_normalized("NFC", folded)
    folded.encode()


@MANY
@given(texts, texts)
def test_folding_ignores_what_is_not_seen(left, right):
    assert normalized(left + "\u200b") == normalized(left)
    assert normalized(left.upper().lower()) is not None
    assert normalized(normalized(left) + normalized(right)) is not None


@MANY
@given(texts)
def test_hits_and_findings_agree(text):
    assert WORDS.hits(text) == {name for name, _ in WORDS.found(text)}
    assert WORDS.hits_in(normalized(text)) == WORDS.hits(text)


@MANY
@given(patterns, st.lists(short, min_size=1, max_size=6))
def test_what_a_pattern_matches_holds_one_of_its_gates(pattern, candidates):
    try:
        words = WordSet.build({}, {"p": [pattern]})
    except ValueError:
        return
    alone = re2.compile(f"(?i:{pattern})")
    for text in candidates:
        assert words.hits(text) == ({"p"} if alone.search(text) else set())


@MANY
@given(texts)
def test_a_word_between_spaces_is_always_found(text):
    assert "ads" in WORDS.hits(f"{text} 加群 {text}")
    assert {"ads", "p"} <= WORDS.hits(f"{text} vip {text}")


@MANY
@given(texts)
def test_hosts_are_plain_and_bounded(text):
    for host in (*domains_of(text, [text]), host_of(text)):
        assert host.isascii()
        assert host == host.lower()
        assert not set(host) & set("/@?# \n")


@MANY
@given(texts)
def test_a_link_with_a_space_around_is_always_seen(text):
    assert "evil.example" in domains_of(f"{text} https://evil.example/x {text}")


@MANY
@given(texts)
def test_a_name_never_changes_the_text_around_it(text):
    words = Text.written("[${member.name}] ${member.mention}", ALL).say(
        "zh", {"member": {"name": text, "mention": Mention(account=SOMEBODY, name=text)}}
    )
    shown = plain(words)
    assert shown.startswith("[")
    assert "\n" not in shown
    assert not any(
        unicodedata.bidirectional(char) in ("RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI")
        for char in shown
    )
    assert len(shown) <= 140
    shown.encode()


@MANY
@given(sources)
def test_any_source_is_a_condition_or_a_told_mistake(source):
    condition = made(Condition, source)
    if isinstance(condition, Condition):
        assert condition.holds(VALUES) == condition.holds(Scene(VALUES))
    else:
        assert 0 <= condition.offset <= len(source)


@SOME
@given(st.lists(st.one_of(sources.map(lambda source: "${" + source + "}"), texts), max_size=4).map("".join))
def test_any_source_is_a_text_or_a_told_mistake(source):
    text = made(Text.written, source or "x")
    if isinstance(text, Text):
        assert len(plain(text.say("zh", VALUES))) <= 4000
    elif isinstance(text, ExpressionError):
        assert 0 <= text.offset <= len(source)
    else:
        assert str(text) == "this text is empty"


@SOME
@given(texts)
def test_a_condition_can_look_at_any_text(text):
    known = {"msg": {"text": text, "normalized": normalized(text), "kind": "text"}, "lists": {"ads": ("加群", text)}}
    for source in CONDITIONS:
        source.holds(known)
        assert source.errors == 0
    assert CONDITIONS[0].holds(known)


CONDITIONS = [
    Condition(source, ALL)
    for source in (
        "msg.text in lists.ads",
        "lists.ads.exists(w, msg.normalized.contains(w))",
        r'msg.text.matches("(?i)\\bvip\\b")',
        "msg.text.size() >= 0 && msg.text.contains(msg.text)",
    )
]


@SOME
@given(texts)
def test_a_plain_name_is_one_line_or_refused(text):
    try:
        name = LocalName.written(text)
    except ValueError:
        return
    assert "\n" not in name.in_("zh")


@pytest.mark.parametrize(
    "text", ["👩\u200d" * 4096, "e" + "\u0301" * 60_000, "\U000e0041" * 60_000, "\ud800" * 60_000, "\ufdfa" * 8000]
)
def test_a_wall_of_anything_is_folded(text):
    folded = normalized(text)
    assert normalized(folded) == folded
    assert isinstance(WORDS.hits(text), frozenset)
