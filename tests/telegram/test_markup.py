"""Words become HTML in which nobody's name is markup, and what Telegram shows is what was said."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.telegram.markup import Link, Visible, blank, html, visible
from core.effects import Mention
from core.people import Account
from tests.support.botapi.text import parsed

LI = Account("telegram:10001")


def shown(*words):
    return html(visible(words))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(("plain",), "plain", id="plain text as it is"),
        pytest.param(("1 < 2 & 3 > 2 \"'",), "1 &lt; 2 &amp; 3 &gt; 2 \"'", id="the three characters that HTML needs"),
        pytest.param(("&lt;",), "&amp;lt;", id="what looks escaped already"),
        pytest.param(
            ("你好 ", Mention(account=LI, name="小李"), "!"),
            '你好 <a href="tg://user?id=10001">小李</a>!',
            id="a mention is a link to the person",
        ),
        pytest.param(
            (Mention(account=LI, name='</a><b>&"'),),
            '<a href="tg://user?id=10001">&lt;/a&gt;&lt;b&gt;&amp;"</a>',
            id="a name full of markup",
        ),
        pytest.param(
            (Mention(account=Account("telegram:@ming"), name="小明"),), "@ming", id="an account known by its username"
        ),
        pytest.param((Mention(account=Account("wechat:wxid_7"), name="阿强"),), "阿强", id="an account from elsewhere"),
        pytest.param((Mention(account=Account("telegram:-1001"), name="News"),), "News", id="a channel"),
        pytest.param(
            (Mention(account=LI, name="\u202egnp.exe\u2066"),),
            '<a href="tg://user?id=10001">gnp.exe</a>',
            id="a name that would turn the sentence around",
        ),
        pytest.param(
            (Mention(account=LI, name="a\n\n b\u2028c"),),
            '<a href="tg://user?id=10001">a b c</a>',
            id="a name on lines",
        ),
        pytest.param(
            (Mention(account=LI, name="\u3164\u200b\u2800"),),
            '<a href="tg://user?id=10001">10001</a>',
            id="a name that nobody sees",
        ),
        pytest.param((Mention(account=LI, name=""),), '<a href="tg://user?id=10001">10001</a>', id="a deleted account"),
        pytest.param(("a\0b\ud83dc\rd",), "abcd", id="what cannot be sent is left out"),
    ],
)
def test_words_as_html(words, expected) -> None:
    assert shown(*words) == expected


def test_places_of_mentions_count_what_is_shown() -> None:
    said = visible(("a\0b ", Mention(account=LI, name="Li"), " c ", Mention(account=LI, name="\u202eLi")))
    assert said == Visible("ab Li c Li", (Link(3, 5, 10001), Link(8, 10, 10001)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", True, id="nothing"),
        pytest.param(" \n\t\u3000", True, id="white space"),
        pytest.param("\u200b\u2060\ufeff", True, id="zero width"),
        pytest.param("\u2800\u3164", True, id="letters that look empty"),
        pytest.param("\u200b.", False, id="a full stop"),
        pytest.param("👍🏽", False, id="an emoji"),
    ],
)
def test_blank(text, expected) -> None:
    assert blank(text) is expected


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)


PARTS = st.one_of(
    st.text(), st.builds(Mention, account=st.just(LI), name=st.text()), st.sampled_from(("<a", "&amp;", "</a>", '">'))
)


@settings(deadline=None)
@given(st.lists(PARTS, max_size=8))
def test_html_says_what_is_visible(words) -> None:
    said = visible(words)
    reader = _Text()
    reader.feed(html(said))
    reader.close()
    assert reader.text == said.text
    assert reader.tags == ["a"] * len(said.links)


@settings(deadline=None)
@given(st.lists(PARTS, max_size=8))
def test_telegram_reads_the_same_text_and_mentions(words) -> None:
    said = visible(words)
    text, entities = parsed(html(said))
    assert text == said.text
    assert [entity.get("user_id") for entity in entities] == [10001] * len(said.links)
