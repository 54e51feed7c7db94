"""HTML as tdlib parses it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.botapi.errors import Refused
from tests.support.botapi.text import parsed, part, with_found


def _e(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"offset": offset, "length": length, "type": kind, **more}


PARSED: dict[str, tuple[str, str, list[dict[str, Any]]]] = {
    "plain": ("好 a", "好 a", []),
    "named letters": ("&lt;&gt;&amp;&quot;&nbsp;", '<>&"&nbsp;', []),
    "numbered letters": ("&#22909;&#x1F600;&#0;", "好😀&#0;", []),
    "without its semicolon": ("&lt a", "< a", []),
    "units are UTF-16": ("😀<b>好</b>", "😀好", [_e("bold", 2, 1)]),
    "nested": ("<b>a<i>b</i></b>", "ab", [_e("bold", 0, 2), _e("italic", 1, 1)]),
    "other names": ("<strong>a</strong><em>b</em><del>c</del><ins>d</ins>", "abcd", [
        _e("bold", 0, 1), _e("italic", 1, 1), _e("strikethrough", 2, 1), _e("underline", 3, 1)
    ]),
    "end tag without a name": ("<b>a</>", "a", [_e("bold", 0, 1)]),
    "empty": ("<b></b>a", "a", []),
    "link": ('<a href="https://x.org/?a=1&amp;b=2">x</a>', "x", [_e("text_link", 0, 1, url="https://x.org/?a=1&b=2")]),
    "person": ("<a href='tg://user?id=7'>x</a>", "x", [_e("text_mention", 0, 1, user_id=7)]),
    "link to nowhere": ("<a href='x'>y</a>", "y", []),
    "code with a language": (
        '<pre><code class="language-python">x</code></pre>', "x", [_e("pre", 0, 1, language="python")]
    ),
    "spoilers": ('<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>', "ab", [
        _e("spoiler", 0, 1), _e("spoiler", 1, 1)
    ]),
    "quotes": ("<blockquote>a</blockquote><blockquote expandable>b</blockquote>", "ab", [
        _e("blockquote", 0, 1), _e("expandable_blockquote", 1, 1)
    ]),
    "capitals": ("<B>a</b>", "a", [_e("bold", 0, 1)]),
}  # fmt: skip


@pytest.mark.parametrize(("html", "text", "entities"), PARSED.values(), ids=PARSED)
def test_html_becomes_text_and_entities(html: str, text: str, entities: list[dict[str, Any]]) -> None:
    assert parsed(html) == (text, entities)


REFUSED: dict[str, tuple[str, str]] = {
    "unknown tag": ("a <u2>", 'Unsupported start tag "u2" at byte offset 2'),
    "a less-than sign": ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    "a heart": ("好 <3 b>", 'Unsupported start tag "3" at byte offset 4'),
    "never closed": ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
    "closed by another": ("<b>好</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
    "never opened": ("a</b>", "Unexpected end tag at byte offset 1"),
    "open end tag": ("<b>a</b", "Unclosed end tag at byte offset 4"),
    "open string": ("<a href='x>y</a>", "Unclosed start tag at byte offset 0"),
    "any span": ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    "no custom emoji": ("<tg-emoji emoji-id='x'>a</tg-emoji>", "Invalid custom emoji identifier specified"),
    "line break": ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
}


@pytest.mark.parametrize(("html", "why"), REFUSED.values(), ids=REFUSED)
def test_html_that_telegram_refuses(html: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        parsed(html)
    assert refused.value.description == f"Bad Request: can't parse entities: {why}"


FOUND: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "command": ("/checkin@yaji_bot 好", [("bot_command", "/checkin@yaji_bot")]),
    "a path is none": ("a/b //c", []),
    "mention": ("😀@Xiao_Wang，你好", [("mention", "@Xiao_Wang")]),
    "e-mail, not mention": ("li@x.org", [("email", "li@x.org")]),
    "hashtag": ("#晨读 #1", [("hashtag", "#晨读")]),
    "address": ("see https://x.org/a and t.me/joinchat", [("url", "https://x.org/a"), ("url", "t.me/joinchat")]),
}


@pytest.mark.parametrize(("text", "marks"), FOUND.values(), ids=FOUND)
def test_what_telegram_finds_by_itself(text: str, marks: list[tuple[str, str]]) -> None:
    assert [(e["type"], part(text, e)) for e in with_found(text, [])] == marks


def test_nothing_is_found_in_code() -> None:
    assert with_found("/a", [_e("code", 0, 2)]) == [_e("code", 0, 2)]
