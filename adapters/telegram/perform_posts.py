"""What is posted for an effect: the calls it takes, made ready before the first one goes out.

A text that is too long for one message becomes several, the buttons under the last of them. Nothing here does I/O.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Final

from adapters.telegram.calls import File
from adapters.telegram.markup import blank, clean, html, visible
from adapters.telegram.message_ids import number_in
from adapters.telegram.seal import NOBODY, Seal
from adapters.telegram.splitting import CAPTION, MESSAGE, clipped, pages
from core.delivery import Destination
from core.effects import Choice, Edit, Say, TellAdmins, Words
from core.events import GENERAL
from core.lines import addressed
from core.people import Account, native_of, platform_of

_NO_PREVIEW: Final[Mapping[str, object]] = {"is_disabled": True}
_TINY: Final = 3
_NARROW: Final = 8
_MEDIUM: Final = 16


class Unpostable(ValueError):
    """The effect cannot be made into calls; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One call that posts. If it is `optional`, the others are worth making without it."""

    method: str
    params: Mapping[str, object]
    files: Mapping[str, File] = field(default_factory=dict)
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    """Makes keyboards: with the seal that says whose buttons they are, and the bot's name for links to its chat."""

    seal: Seal
    username: str = ""

    def under(self, choices: Sequence[Choice], chooser: Account | None, group: str) -> Mapping[str, object] | None:
        """The keyboard for these choices; None if there are none. Raises Unpostable."""
        made: list[Mapping[str, str]] = []
        for choice in choices:
            label = clean(choice.label)
            if blank(label):
                raise Unpostable(f"the choice {choice.data!r} has no label")
            if not choice.private:
                made.append({"text": label, "callback_data": self._sealed(choice.data, chooser, group)})
            elif self.username:  # a group's key is made of what Telegram takes here
                made.append({"text": label, "url": f"https://t.me/{self.username}?start={group}"})
        return {"inline_keyboard": _rows(made)} if made else None

    def _sealed(self, data: str, chooser: Account | None, group: str) -> str:
        try:
            return self.seal.sealed(data, None if chooser is None else _presser(chooser), group)
        except ValueError as error:
            raise Unpostable(str(error)) from error


def of_say(say: Say, to: Destination, buttons: Buttons, home: str = "") -> tuple[Post, ...]:
    """The calls for a message in a group or a private chat. What has no topic and answers nothing goes to the one that
    is `home`. Raises Unpostable."""
    private = say.to is not None
    # The numbers of messages and topics in a group say nothing in a private chat.
    reply = None if private else _reply(say.reply_to, to.chat)
    where: dict[str, object] = {"chat_id": chat_id(to.chat), "disable_notification": say.quiet or None}
    if not private:
        where["message_thread_id"] = _thread(say.topic, reply, home)
    return _posts(say.words, where, reply, buttons.under(say.choices, say.chooser, to.group), _shown(say))


def of_line(
    line: TellAdmins, to: Destination, source: str | None, buttons: Buttons, home: str = ""
) -> tuple[Post, ...]:
    """The calls for a line to the admins. Raises Unpostable.

    The message that it is about is in the chat `source`: forwarded from there to the desk, before it is deleted, or
    answered if the desk is that chat. Else the line goes to its own topic there, or to the one that is `home`. It is
    worth more than its buttons: without them if they cannot be made.
    """
    reply = _reply(line.evidence, to.chat) if source == to.chat else None
    where: dict[str, object] = {"chat_id": chat_id(to.chat), "message_thread_id": _thread(line.topic, reply, home)}
    keyboard = _kept(line, to, buttons)
    if source == to.chat:
        return _posts(line.words, where, reply, keyboard)
    number = number_in(source, line.evidence) if source is not None and line.evidence is not None else None
    if source is None or number is None:
        return _posts(line.words, where, None, keyboard)
    evidence = Post(
        method="forwardMessage",
        params={**where, "from_chat_id": chat_id(source), "message_id": number},
        optional=True,
    )
    return (evidence, *_posts(line.words, where, None, keyboard))


def without_buttons(line: TellAdmins, buttons: Buttons) -> str:
    """Why a line to the admins goes without its buttons; empty if it does not."""
    try:
        buttons.under(_addressed(line, ""), None, "")
    except Unpostable as error:
        return f"without its buttons: {error}"
    return ""


def _kept(line: TellAdmins, to: Destination, buttons: Buttons) -> Mapping[str, object] | None:
    return None if without_buttons(line, buttons) else buttons.under(_addressed(line, to.group), None, to.group)


def _addressed(line: TellAdmins, group: str) -> Sequence[Choice]:
    """The buttons, saying which group they are about: they are pressed elsewhere."""
    return [replace(choice, data=addressed(choice.data, group)) for choice in line.choices]


def of_edit(edit: Edit, to: Destination, buttons: Buttons) -> tuple[Post, Post]:
    """The call that edits a text, and the one to make instead if the message is a picture. Raises Unpostable.

    One message stays one: what is too long for it is cut.
    """
    whole = visible(edit.words)
    if blank(whole.text):
        raise Unpostable("there are no words to put in the message")
    message: dict[str, object] = {
        "chat_id": chat_id(to.chat),
        "message_id": number_in(to.chat, edit.message),
        "reply_markup": buttons.under(edit.choices, edit.chooser, to.group),
        "parse_mode": "HTML",
    }
    text = {"text": html(clipped(whole, MESSAGE)), "link_preview_options": _NO_PREVIEW}
    caption = {"caption": html(clipped(whole, CAPTION))}
    return (
        Post(method="editMessageText", params={**message, **text}),
        Post(method="editMessageCaption", params={**message, **caption}),
    )


def chat_id(address: str) -> int | str:
    """A chat as the Bot API takes it: a number, or a public name as it is."""
    return int(address) if address.removeprefix("-").isdecimal() else address


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a message has besides words: the call that posts it, and what that calls the file."""

    method: str
    field: str
    file: File


def _shown(say: Say) -> _Shown | None:
    if say.picture:
        return _Shown("sendPhoto", "photo", File("chart.png", say.picture))
    if say.file is not None:
        return _Shown("sendDocument", "document", File(say.file.name, say.file.data, say.file.kind))
    return None


def _posts(
    words: Words,
    where: Mapping[str, object],
    reply: Mapping[str, object] | None,
    keyboard: Mapping[str, object] | None,
    shown: _Shown | None = None,
) -> tuple[Post, ...]:
    room = CAPTION if shown else MESSAGE
    parts = [page for page in pages(visible(words), room) if not blank(page.text)]
    below = parts.pop(0) if shown and parts else None
    text = {**where, "parse_mode": "HTML", "link_preview_options": _NO_PREVIEW}
    made = [{**text, "text": html(part)} for part in parts]
    if shown:
        made.insert(0, {**where, "caption": html(below), "parse_mode": "HTML"} if below else {**where})
    if not made:
        raise Unpostable("there is nothing to say")
    made[0]["reply_parameters"] = reply
    made[-1]["reply_markup"] = keyboard
    posts = [Post(method="sendMessage", params=params) for params in made]
    if shown:
        posts[0] = Post(method=shown.method, params=made[0], files={shown.field: shown.file})
    return tuple(posts)


def _reply(message: str | None, chat: str) -> Mapping[str, object] | None:
    """Answers a message, or stands alone if that one is gone, or was in the chat that the group had before. Ids of
    imported messages are no numbers: alone too."""
    number = number_in(chat, message) if message is not None else None
    return None if number is None else {"message_id": number, "allow_sending_without_reply": True}


def _thread(topic: str | None, reply: Mapping[str, object] | None, home: str) -> int | None:
    """The number of a topic as Telegram takes it, which takes none for General. An answer to a message that tells no
    topic stands where that does."""
    named = topic or (home if reply is None else "")
    if named in ("", GENERAL):
        return None
    if not named.isdecimal():
        raise Unpostable(f"{named!r} is no number of Telegram's")
    return int(named)


def _presser(chooser: Account) -> int:
    native = native_of(chooser)
    return int(native) if platform_of(chooser) == "telegram" and native.isdecimal() else NOBODY


def _rows(buttons: Sequence[Mapping[str, str]]) -> list[list[Mapping[str, str]]]:
    """Short labels side by side, two or three in rows of about the same length, numbers in sixes; long ones each in a
    row of its own."""
    widest = max(_width(button["text"]) for button in buttons)
    across = 3 if widest <= _NARROW else 2 if widest <= _MEDIUM else 1
    if widest <= _TINY and all(button["text"].isdecimal() for button in buttons):
        across = 6
    rows = ceil(len(buttons) / across)
    short, longer = divmod(len(buttons), rows)
    made: list[list[Mapping[str, str]]] = []
    at = 0
    for row in range(rows):
        size = short + (1 if row < longer else 0)
        made.append(list(buttons[at : at + size]))
        at += size
    return made


def _width(label: str) -> int:
    """How wide a label is on the screen, in Latin letters; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in label)
