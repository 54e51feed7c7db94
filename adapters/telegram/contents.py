"""What a message says beside its text or caption: in a poll, a checklist, a rich message, on its buttons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeVar

import msgspec
from msgspec import Raw, Struct

from adapters.telegram.updates import NOT_SENT, Entity, Link, Message

_INLINE: Final = ("summary", "text", "expression", "credit", "caption")
_NESTED: Final = ("blocks", "items", "cells")
_T = TypeVar("_T")


class Part(NamedTuple):
    """One line with its marked parts, and the addresses behind it that are not marked in it."""

    text: str
    marks: Sequence[Entity] = ()
    links: tuple[str, ...] = ()


class _Media(Struct, gc=False):
    link: Link | None = None


class _Option(Struct, gc=False):
    text: str = ""
    text_entities: list[Entity] | None = None
    media: _Media | None = None


class _Poll(Struct, gc=False):
    question: str = ""
    question_entities: list[Entity] | None = None
    description: str = ""
    description_entities: list[Entity] | None = None
    explanation: str = ""
    explanation_entities: list[Entity] | None = None
    options: list[_Option] = []
    media: _Media | None = None


class _Checklist(Struct, gc=False):
    title: str = ""
    title_entities: list[Entity] | None = None
    tasks: list[_Option] = []


def beside(message: Message) -> Iterator[Part]:
    """What it says, line by line; nothing for what is not shaped as documented."""
    if (poll := _decoded(message.poll, _Poll)) is not None:
        yield Part(poll.question, poll.question_entities or (), _link_of(poll.media))
        yield Part(poll.description, poll.description_entities or ())
        yield from _options(poll.options)
        yield Part(poll.explanation, poll.explanation_entities or ())
    if (checklist := _decoded(message.checklist, _Checklist)) is not None:
        yield Part(checklist.title, checklist.title_entities or ())
        yield from _options(checklist.tasks)
    if (rich := _decoded(message.rich_message, dict[str, object])) is not None:
        yield from _rich(rich)
    if message.reply_markup is not None:
        for row in message.reply_markup.inline_keyboard:
            for button in row:
                login = button.login_url.url if button.login_url is not None else None
                yield Part(button.text, links=tuple(url for url in (button.url, login) if url))


def _decoded(raw: Raw, shape: type[_T]) -> _T | None:
    if raw is NOT_SENT:
        return None
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.DecodeError, RecursionError):
        return None


def _options(options: Iterable[_Option]) -> Iterator[Part]:
    for option in options:
        yield Part(option.text, option.text_entities or (), _link_of(option.media))


def _link_of(media: _Media | None) -> tuple[str, ...]:
    return (media.link.url,) if media is not None and media.link is not None else ()


def _rich(block: object) -> Iterator[Part]:
    """The lines of a block, of whichever type: new ones will have their words in the same fields."""
    if isinstance(block, list):
        for one in block:
            yield from _rich(one)
    elif isinstance(block, dict):
        for name, value in block.items():
            if name in _NESTED or (name == "caption" and isinstance(value, dict) and "type" not in value):
                yield from _rich(value)
            elif name in _INLINE:
                yield Part(_words(value), links=tuple(_links(value)))


def _words(text: object) -> str:
    if isinstance(text, list):
        return "".join(map(_words, text))
    if isinstance(text, dict):
        return _words(text.get("text") or text.get("alternative_text") or text.get("expression"))
    return text if isinstance(text, str) else ""


def _links(text: object) -> Iterator[str]:
    if isinstance(text, list):
        for one in text:
            yield from _links(one)
    elif isinstance(text, dict):
        if isinstance(text.get("url"), str):
            yield text["url"]
        yield from _links(text.get("text"))
