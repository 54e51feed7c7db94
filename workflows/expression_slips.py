"""What is written out of habit and no expression can hold: signs of a Chinese keyboard, quotes left open, words and
operators of other languages. Each is told with what to write instead."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from workflows.expression_source import ExpressionError, Token

_WIDE: Final = {
    **dict.fromkeys("“”„‟〝〞「」『』", '"'),
    **dict.fromkeys("‘’", "'"),
    **dict.fromkeys("【〔", "["),
    **dict.fromkeys("】〕", "]"),
    "。": ".",
    "、": ",",
    "—": "-",
    "…": "...",
}
_SIGNS: Final = {
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "×": "*",
    "÷": "/",
    "&": "&&",
    "|": "||",
    "@": "",
    "#": "",
    ";": "",
    "；": "",
}
_DOUBLED: Final = {"&": "&&", "|": "||", "=": "=="}
_PAIRS: Final = {
    ("=", ">"): ">=",
    ("=", "<"): "<=",
    ("=", "!"): "!=",
    ("<", ">"): "!=",
    ("!=", "="): "!=",
    ("==", "="): "==",
}
_WORDS: Final = {
    **dict.fromkeys(("and", "且", "并且", "而且", "和", "与", "同时"), "&&"),
    **dict.fromkeys(("or", "或", "或者", "或是"), "||"),
    **dict.fromkeys(("not", "非", "不是"), "!"),
    **dict.fromkeys(("is", "eq", "等于", "是", "="), "=="),
    **dict.fromkeys(("大于",), ">"),
    **dict.fromkeys(("小于",), "<"),
    **dict.fromkeys(("大于等于", "不小于", "至少"), ">="),
    **dict.fromkeys(("小于等于", "不大于", "至多"), "<="),
    **dict.fromkeys(("真",), "true"),
    **dict.fromkeys(("假",), "false"),
}
_ASKED_OF_TEXTS: Final = ("contains", "matches", "startsWith", "endsWith", "包含")
_SAME: Final = re.compile(r"[０-９Ａ-Ｚａ-ｚ＿]+|([＆｜＝])\1*|.", re.DOTALL)
_SPACE: Final = re.compile(r"[^\S \t\r\n]")


def mistyped(source: str, words: list[Token]) -> ExpressionError | None:
    """The first sign that no expression can hold: a wide one, an odd space, or a quote that is never closed."""
    end = 0
    for word in words:
        odd = _SPACE.search(source, end, word.start)
        if odd is not None and "//" not in source[end : odd.start()]:
            return ExpressionError("there is a wide or hard space here; write a plain one", odd.start())
        end = word.end
        if word.kind == "mark" and word.text in "\"'":
            return _open(source, word)
        wide = _SAME.match(source, word.start)
        if wide is not None and word.kind in ("mark", "number") and (plain := _plain(wide[0])):
            return ExpressionError(f"the wide {wide[0]} should be a plain {plain}", word.start)
    return None


def foreign(words: list[Token]) -> ExpressionError | None:
    """The first word or operator of another language. To be asked only about what is refused."""
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else None
        if word.kind == "number" and following is not None and following.start == word.end:
            unit = following.text if following.kind == "word" else _chinese(words, at + 1)
            if unit:
                return _instead(word.text + unit, word.text, word.start)
        if word.kind == "mark":
            if following is not None and following.start == word.end and (word.text, following.text) in _PAIRS:
                pair = word.text + following.text
                return ExpressionError(f'write {_PAIRS[word.text, following.text]} instead of "{pair}"', word.start)
            if word.text in _SIGNS:
                return _instead(word.text, _SIGNS[word.text], word.start)
        written = word.text if word.kind == "word" else _chinese(words, at)
        if written in _ASKED_OF_TEXTS and (not at or words[at - 1].text != "."):
            asked = "contains" if written == "包含" else written
            return ExpressionError(f'"{written}" is asked like this: msg.text.{asked}("...")', word.start)
        meant = _WORDS.get(written) or _WORDS.get(written.lower())
        meant = meant or (
            written.lower() if written.lower() in ("true", "false") and written != written.lower() else ""
        )
        if written and meant and (word.kind != "word" or not at or words[at - 1].text != "."):
            return _instead(written, meant, word.start)
        if written and word.kind == "mark":
            return ExpressionError(f'"{written}" is not known; for a text write "{written}" in quotes', word.start)
        if word.text == "=":
            return _instead("=", "==", word.start)
    return None


def _instead(written: str, meant: str, start: int) -> ExpressionError:
    told = f'write {meant} instead of "{written}"' if meant else f'"{written}" means nothing here; leave it out'
    return ExpressionError(told, start)


def _open(source: str, quote: Token) -> ExpressionError:
    """A quote that is not closed, or closed by a wide one."""
    for at in range(quote.end, len(source)):
        if _WIDE.get(source[at]) == quote.text:
            return ExpressionError(f"the wide {source[at]} should be a plain {quote.text}", at)
    return ExpressionError(f"the quote {quote.text} is never closed", quote.start)


def _plain(signs: str) -> str:
    """What wide signs are on a plain keyboard, "" for what is none. Operators of two signs are often written as one."""
    if signs in _WIDE:
        return _WIDE[signs]
    folded = unicodedata.normalize("NFKC", signs) if all("！" <= sign <= "～" for sign in signs) else ""
    return _DOUBLED.get(folded, folded) if folded.isascii() and folded != ";" else ""


def _chinese(words: list[Token], at: int) -> str:
    """The Chinese word that begins here, outside of quotes."""
    text = ""
    for word in words[at:]:
        if not ("㐀" <= word.text <= "鿿") or (text and word.start != words[at].start + len(text)):
            break
        text += word.text
    return text
