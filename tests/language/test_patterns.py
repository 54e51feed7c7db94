"""Word lists, patterns and the one spelling they are compared in."""

import random

import pytest

from benchmarks.traffic import plain_text
from workflows.pattern_gates import gates
from workflows.patterns import Pattern, WordSet, normalized
from workflows.torn_words import alone_in, closed, odd_in


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        pytest.param("Ｈｅｌｌｏ　World", "hello world", id="full width"),
        pytest.param("fr\u200bee\u00ad", "free", id="zero width and soft hyphen"),
        pytest.param("ЅСАМ", "scam", id="Cyrillic letters"),
        pytest.param("ΝΕW", "new", id="Greek letters"),
        pytest.param("ᴠɪᴘ", "vip", id="small capitals"),
        pytest.param("🅵🆁🅴🅴 Ⓐ𝒜", "free aa", id="boxed, circled, mathematical"),
        pytest.param("漢字簡體乾杯加羣", "汉字简体干杯加群", id="traditional"),
        pytest.param("z̷̢̛a̴l̵g̶o", "zalgo", id="piled marks"),
        pytest.param("Café ÜBER", "cafe uber", id="accents"),
        pytest.param("がくせい ハングル", "がくせい ハングル", id="kana keep their voicing"),
        pytest.param("か\u3099", "が", id="voicing is composed"),
        pytest.param("한국어", "한국어", id="Hangul is composed"),
        pytest.param("STRASSE straße", "strasse strasse", id="casefold"),
        pytest.param("İstanbul", "istanbul", id="dotted capital i"),
        pytest.param("ﬁ Ⅳ ①", "fi iv 1", id="ligature, numeral, circled digit"),
        pytest.param("\ud800a\0b\r\nc\td\x85e", "ab\nc d\ne", id="lone surrogate, NUL, line breaks"),
        pytest.param("👨\u200d👩\ufe0f", "👨👩", id="emoji joiner and variation"),
        pytest.param("\U000e0041\U000e007f加\u2800\u3164群", "加群", id="tag characters and blanks"),
        pytest.param("I’m, Iʼm ‘in’", "i'm, i'm 'in'", id="curly apostrophes"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_one_spelling(written, folded):
    assert normalized(written) == folded
    assert normalized(folded) == folded


def test_every_character_folds_to_what_stays():
    unstable = [point for point in range(0x3000) if normalized(once := normalized(chr(point))) != once]
    assert unstable == []


LISTS = {"ads": ["加群", "代购", "VIP", "free money"], "animals": ["cow", "cat"], "多": ["簡體"]}


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("快来加群", {"ads"}),
        ("快來加羣", {"ads"}),
        ("加\u200b群", {"ads"}),
        ("加 群", {"ads"}),
        ("scowl at the cattle", set()),
        ("a cow.", {"animals"}),
        ("COW!", {"animals"}),
        ("cow's", {"animals"}),
        ("cow_bell", set()),
        ("cow2", set()),
        ("加vip群", {"ads"}),
        ("vip的", {"ads"}),
        ("vipé", set()),
        ("ᴠɪᴘ cаt", {"ads", "animals"}),
        ("Free Money!", {"ads"}),
        ("free moneys", set()),
        ("FREE  MONEY", {"ads"}),
        ("free\nmoney", {"ads"}),
        ("free \u3000\t\r\n money", {"ads"}),
        ("free\u1680money", {"ads"}),
        ("carefree  money", set()),
        ("free. money\n", set()),
        ("简体字", {"多"}),
        ("cowcow cow", {"animals"}),
        ("", set()),
    ],
)
def test_words_match(text, lists):
    assert WordSet.build(LISTS, {}).hits(text) == lists


@pytest.mark.parametrize(
    "text",
    [
        *(
            "代 购",
            "代.购",
            "代-购",
            "代_购",
            "代*购",
            "代💰购",
            "代❤️购",
            "代　購",
            "代 · 购",
            "代—购",
            "代~~购",
            "代 🎁💰 购",
        ),
        *("加 微 信", "加.微 信", "快加 微 信吧", "专业代 购", "代 购联系我", "专业代/购联系我", "现代，三 代 购"),
    ],
)
def test_han_words_are_found_with_gaps_between_their_letters(text):
    words = WordSet.build({"ads": ["代购", "加微信"], "latin": ["vip"]}, {})
    assert words.hits(text) == {"ads"}
    assert words.found(text) == (("ads", "加微信" if "微" in text else "代购"),)


@pytest.mark.parametrize(
    "text",
    [
        *("现代，购物", "现代。购物", "现代！购物", "现代？购物", "现代、购物", "现代：购物", "现代；购物"),
        *("现代…购物", "现代……购物", "现代...购物", "现代——购物", "现代\n购物", "现代 \n 购物", "代\n购"),
        *("《现代》购物", "（现代）购物", "“现代”购物", "现代 购物", "现代  购物", "代1购", "代a购", "代的购"),
        "v-i-p",
    ],
)
def test_what_parts_sentences_parts_words(text):
    words = WordSet.build({"ads": ["代购", "vip"]}, {})
    assert (words.hits(text), words.found(text)) == (frozenset(), ())


def test_gaps_are_no_way_to_other_words_and_patterns():
    words = WordSet.build({"ads": ["加微信", "代购 联系", "v购"]}, {"p": ["加微信"]})
    assert words.hits("加-微-信") == {"ads"}
    assert words.hits("代-购 联系") == words.hits("v-购") == frozenset()


def test_no_plain_text_is_looked_at_for_gaps():
    texts = [plain_text(random.Random(seed)) for seed in range(500)]
    assert [text for text in texts if odd_in(text) or alone_in(text)] == []


@pytest.mark.parametrize("torn", ["代 " * 4000, "代" + " ." * 4000 + "购", "代." * 4000, " " * 8000])
def test_a_text_of_gaps_is_read_in_one_go(torn):
    assert closed(closed(torn)) == closed(torn)
    assert WordSet.build({"ads": ["代购"]}, {}).hits(torn) == frozenset()


@pytest.mark.parametrize(
    ("pattern", "text", "hit"),
    [
        (r"免費.{0,4}領", "免费快来领", True),
        (r"\bfoo\b", "签foo到", True),
        (r"\bfoo\b", "food", False),
        (r"[A-Z]{3}\d+", "abc123", True),
        (r"微信：\d{5,}", "微信:12345", True),
        (r"Price \$\d+", "PRICE $5", True),
        (r"^加我$", "加我", True),
        (r"^加我$", "不加我", False),
    ],
)
def test_patterns_see_the_folded_text_whatever_their_case(pattern, text, hit):
    assert WordSet.build({}, {"p": [pattern]}).hits(text) == ({"p"} if hit else set())


def test_what_was_found_names_the_word_as_it_was_written():
    words = WordSet.build(LISTS, {"numbers": [r"\d{6}"]})
    assert words.found("加羣 123456 cow cow") == (("ads", "加群"), ("animals", "cow"), ("numbers", r"\d{6}"))


@pytest.mark.parametrize("written", ["free crypto", " free   crypto ", "free\ncrypto", "free\u3000crypto"])
def test_white_space_in_a_word_is_one_space_however_it_is_written(written):
    words = WordSet.build({"spam": [written]}, {})
    for text in ("free crypto", "FREE  CRYPTO!", "get free\ncrypto now", "ｆｒｅｅ\u3000crypto"):
        assert words.hits(text) == {"spam"}, text
        assert words.found(text) == (("spam", written),), text
    assert words.hits("freecrypto") == frozenset()


@pytest.mark.parametrize(
    ("lists", "patterns", "why"),
    [
        (
            {},
            {"p": ["(?<=a)b"]},
            'in "p": the pattern "(?<=a)b" cannot be used: invalid perl operator: (?<=; RE2 has no look-around',
        ),
        ({}, {"p": [r"(a)\1"]}, r'in "p": the pattern "(a)\1" cannot be used: invalid escape sequence: \1'),
        ({}, {"p": ["((("]}, 'in "p": the pattern "(((" cannot be used: missing ): ((('),
        ({}, {"p": ["a*"]}, 'in "p": the pattern "a*" matches every message, the empty one too'),
        ({}, {"p": ["a" * 1001]}, "is longer than 1000 characters"),
        ({}, {"p": ["(\\pL{1,20}){1,20}"]}, "too big"),
        ({"l": ["a", " \u200b"]}, {}, 'the list "l" holds an empty word'),
        ({"l": ["x" * 201]}, {}, "a word of more than 200 characters"),
        ({"l": ["a"]}, {"l": ["b"]}, '"l" is both a word list and a pattern'),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(lists, patterns, why):
    with pytest.raises(ValueError) as caught:
        WordSet.build(lists, patterns)
    assert why in str(caught.value)


def test_ten_thousand_entries_are_found_like_ten():
    words = [f"词{n}语" for n in range(8000)] + [f"word{n}" for n in range(2000)]
    big = WordSet.build({"big": words}, {"p": [f"图{n}.*案" for n in range(2000)]})
    assert big.hits("这是词77语，图5 的案") == {"big", "p"}
    assert big.hits("word1999") == {"big"}
    assert big.hits("word19990") == frozenset()


def test_nothing_to_look_for_is_never_found():
    assert WordSet.build({}, {}).hits("anything") == frozenset()
    assert WordSet.build({"empty": []}, {}).hits("anything") == frozenset()


def test_a_conditions_pattern_reads_the_text_as_written():
    assert Pattern("Ab").found_in("xAbx")
    assert not Pattern("Ab").found_in("ab")
    assert Pattern("b").found_in("\ud800b")


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"加.{0,3}微信", {"微信"}),
        (r"(?i)\bFree\s+(money|gift)\b", {"free"}),
        (r"谢谢|感谢|thanks?", {"谢谢", "感谢", "thank"}),
        (r"(?:abc|de)f", set()),
        (r"(abcd|efg)?hij", {"hij"}),
        (r"abc*d", set()),
        (r"abcd*", {"abc"}),
        (r"abc+", {"abc"}),
        (r"abc{0,2}def", {"def"}),
        (r"a\.b\.c", {"a.b.c"}),
        (r"[[:alpha:]]xyz", set()),
        (r"[]abc]xyz[^]]", {"xyz"}),
        (r"\x41bcd", set()),
        (r"\Qabc*\E", set()),
        (r"\p{Han}abc", set()),
        (r"abc|", set()),
        (r"(?P<n>abc)", {"abc"}),
        (r"a{b}cde", set()),
        (r"^abc$", {"abc"}),
        (r"foo(?i)bar", {"foobar"}),
        (r"abc(d|)efg", {"abc"}),
    ],
)
def test_a_pattern_is_only_tried_where_it_can_match(pattern, words):
    assert gates(pattern) == words
