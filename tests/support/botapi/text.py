"""Texts and their entities: HTML as tdlib parses it, and what Telegram finds by itself. Offsets are UTF-16 units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tests.support.botapi.errors import bad

_NAMES: Final = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
_SPACE: Final = b" \t\r\n\0\v"
_ENTITY: Final = re.compile(rb"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_NAMED: Final = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_ATTRIBUTE_END: Final = b" \t\r\n\0\v=>/\"'"
_FOUND: Final = (
    ("bot_command", re.compile(r"(?<![\w/<>@])/\w{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@])", re.ASCII)),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z0-9_]{3,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<!\w)#(?=\w*[^\W\d])\w{1,256}")),
    (
        "url",
        re.compile(r"https?://[^\s<>\"']+|(?<![\w@.])(?:[\w-]+\.)+(?:com|org|net|me|io|cn|ru|info|dev)\b(?:/[^\s]*)?"),
    ),
    ("email", re.compile(r"(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
)


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) + sum(letter > "\uffff" for letter in text)


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    begins: int


def parsed(html: str) -> tuple[str, list[dict[str, Any]]]:
    """HTML as text and entities. Raises Refused as tdlib words it, with byte offsets."""
    source = html.encode("utf-8", "surrogatepass") + b"\0"
    out: list[str] = []
    offset = at = 0
    entities: list[dict[str, Any]] = []
    stack: list[_Open] = []
    end = len(source) - 1
    while at < end:
        stop = min((i for i in (source.find(b"<", at), source.find(b"&", at)) if i >= 0), default=end)
        if stop > at:
            run = source[at:stop].decode("utf-8", "surrogatepass")
            out.append(run)
            offset += units(run)
            at = stop
            continue
        if source[at : at + 1] == b"&":
            letter, at = _letter(source, at)
            out.append(letter)
            offset += units(letter)
        elif source[at + 1 : at + 2] != b"/":
            opened, at = _start(source, at)
            stack.append(_Open(*opened, offset, len(out)))
        else:
            if not stack:
                raise _cannot(f"Unexpected end tag at byte offset {at}")
            at = _end(source, at, stack[-1].tag)
            last = stack.pop()
            if offset > last.offset:
                _close(entities, last, offset, "".join(out[last.begins :]))
    if stack:
        raise _cannot(f'Can\'t find end tag corresponding to start tag "{stack[-1].tag}"')
    entities.sort(key=lambda e: (e["offset"], -e["length"]))
    return "".join(out), entities


def _cannot(why: str) -> Exception:
    return bad(f"Can't parse entities: {why}")


def _letter(source: bytes, at: int) -> tuple[str, int]:
    found = _ENTITY.match(source, at)
    if found is None:
        return "&", at + 1
    if name := found[3]:
        return _NAMED[name], found.end()
    code = int(found[1], 16) if found[1] else int(found[2])
    if code == 0 or code >= 0x10FFFF or found.end() - at >= 11:
        return "&", at + 1
    return chr(code), found.end()


def _until(source: bytes, at: int, stops: bytes) -> int:
    while source[at] not in stops:
        at += 1
    return at


def _past_space(source: bytes, at: int) -> int:
    while source[at] in _SPACE and at < len(source) - 1:
        at += 1
    return at


def _start(source: bytes, begin: int) -> tuple[tuple[str, str], int]:
    end = len(source) - 1
    at = _until(source, begin + 1, _SPACE + b">")
    if at >= end:
        raise _cannot(f"Unclosed start tag at byte offset {begin}")
    tag = source[begin + 1 : at].decode("utf-8", "replace").lower()
    if tag not in _NAMES:
        raise _cannot(f'Unsupported start tag "{tag}" at byte offset {begin}')
    argument = ""
    while source[at] != ord(">"):
        at = _past_space(source, at)
        if source[at] == ord(">"):
            break
        name_begins = at
        at = _until(source, at, _ATTRIBUTE_END)
        name = source[name_begins:at].decode("utf-8", "replace")
        if not name:
            raise _cannot(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        at = _past_space(source, at)
        if source[at] != ord("="):
            if at >= end:
                raise _cannot(f'Unclosed start tag "{tag}" at byte offset {begin}')
            if tag == "blockquote" and name == "expandable":
                argument = "1"
            continue
        at = _past_space(source, at + 1)
        if at >= end:
            raise _cannot(f'Unclosed start tag "{tag}" at byte offset {begin}')
        value, at = _value(source, at)
        if at >= end:
            raise _cannot(f"Unclosed start tag at byte offset {begin}")
        argument = _argument(tag, name, value, argument)
    if tag == "span" and argument != "spoiler":
        raise _cannot(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
    return (tag, argument), at + 1


def _value(source: bytes, at: int) -> tuple[str, int]:
    quote = source[at : at + 1]
    if quote not in (b"'", b'"'):
        begins = at
        while chr(source[at]).isascii() and (chr(source[at]).isalnum() or source[at] in b".-"):
            at += 1
        if source[at] not in _SPACE + b">":
            raise _cannot(f"Unexpected end of name token at byte offset {begins}")
        return source[begins:at].decode().lower(), at
    end = source.find(quote, at + 1)
    if end < 0:
        return "", len(source) - 1
    raw = source[at + 1 : end]
    value, here = [], 0
    while here < len(raw):
        if raw[here : here + 1] == b"&":
            letter, here = _letter(raw, here)
            value.append(letter.encode("utf-8", "surrogatepass"))
        else:
            value.append(raw[here : here + 1])
            here += 1
    return b"".join(value).decode("utf-8", "replace"), end + 1


def _argument(tag: str, name: str, value: str, before: str) -> str:
    match tag, name:
        case ("a", "href") | ("tg-emoji", "emoji-id") | ("tg-time", "unix"):
            return value
        case "code", "class" if value.startswith("language-"):
            return value.removeprefix("language-")
        case "span", "class" if value.startswith("tg-"):
            return value.removeprefix("tg-")
        case "blockquote", "expandable":
            return "1"
    return before


def _end(source: bytes, begin: int, wanted: str) -> int:
    at = _until(source, begin + 1, _SPACE + b">")
    found = source[begin + 2 : at].decode("utf-8", "replace").lower()
    at = _past_space(source, at)
    if source[at] != ord(">"):
        raise _cannot(f"Unclosed end tag at byte offset {begin}")
    if found and found != wanted:
        raise _cannot(f'Unmatched end tag at byte offset {begin}, expected "</{wanted}>", found "</{found}>"')
    return at + 1


def _close(entities: list[dict[str, Any]], last: _Open, end: int, inside: str) -> None:
    entity: dict[str, Any] = {"offset": last.offset, "length": end - last.offset, "type": _NAMES[last.tag]}
    span = (entity["offset"], entity["length"])
    before = entities[-1] if entities and (entities[-1]["offset"], entities[-1]["length"]) == span else None
    match last.tag:
        case "a":
            url = last.argument or inside
            if person := re.fullmatch(r"tg://user\?id=(\d+)", url):
                entity.update(type="text_mention", user_id=int(person[1]))
            elif re.match(r"[\w.+-]+://|mailto:|tel:", url) or "." in url:
                entity["url"] = url if "://" in url or url.startswith(("mailto:", "tel:")) else f"http://{url}/"
            else:
                return
        case "tg-emoji":
            if not re.fullmatch(r"-?\d+", last.argument) or int(last.argument) == 0:
                raise _cannot("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = last.argument
        case "tg-time":
            entity["unix_time"] = int(last.argument or 0)
        case "blockquote" if last.argument:
            entity["type"] = "expandable_blockquote"
        case "pre" if before and before["type"] == "code":
            before["type"] = "pre"
            return
        case "code" if before and before["type"] == "pre":
            return
        case "code" if last.argument:
            entity["language"] = last.argument
    entities.append(entity)


def found_in(text: str) -> Iterator[dict[str, Any]]:
    """Entities that Telegram sees by itself: commands, mentions, hashtags, addresses."""
    if not any(mark in text for mark in "/@#."):
        return
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            yield {"type": kind, "offset": units(text[: match.start()]), "length": units(match[0])}


def with_found(text: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The given entities and those found in the text that touch none of code, links and each other."""
    taken = [e for e in entities if e["type"] in ("code", "pre", "text_link", "text_mention")]
    added: list[dict[str, Any]] = []
    for new in found_in(text):
        if all(
            new["offset"] >= e["offset"] + e["length"] or e["offset"] >= new["offset"] + new["length"] for e in taken
        ):
            taken.append(new)
            added.append(new)
    return sorted([*entities, *added], key=lambda e: (e["offset"], -e["length"]))


def part(text: str, entity: dict[str, Any]) -> str:
    """The marked part of the text."""
    raw = text.encode("utf-16-le", "surrogatepass")
    begin = 2 * entity["offset"]
    return raw[begin : begin + 2 * entity["length"]].decode("utf-16-le", "surrogatepass")
