"""`python -m tests.support.botapi.playground`: a Telegram to try things on, with a group in it that you type for.

It prints what to put into the environment, then takes one line after the other:

    Li: hello               Li writes in the group, and joins it first if need be
    Li > hello              Li writes to the bot in private
    Li presses Yes          Li presses the button that shows this, under the newest message that has it
    Li knocks               Li asks to be let in
    Li joins, Li leaves     Li comes into the group, or goes
    Wang adds               Wang, who owns the group (--owner), adds the bot to it
    Wang promotes           and makes it an admin

Who has a Chinese name speaks Chinese. What the bot does is printed as it does it. An empty line does nothing; the end
of the input ends it.
"""

from __future__ import annotations

import argparse
import contextlib
import html
import json
import re
import sys
import threading
from collections.abc import Iterator
from typing import Any, Final

from tests.support.botapi.errors import NotAllowed
from tests.support.botapi.model import Chat, Message
from tests.support.botapi.people import Person
from tests.support.botapi.server import BotApiServer, Call
from tests.support.botapi.serving import serving
from tests.support.botapi.world import World

TOKEN: Final = "1000001:AAplayground-token-for-a-bot-of-nobodys"
OWNER: Final = "Wang"
_RIGHTS: Final = ("can_delete_messages", "can_restrict_members", "can_invite_users", "can_pin_messages")
_QUIET: Final = re.compile(r"get|set|deleteMyCommands|deleteWebhook|answerCallbackQuery")
_LINE: Final = re.compile(r"(?P<name>\w+)\s*(?:(?P<sign>[:>])\s*(?P<text>.+)|\s(?P<act>\w+)\s*(?P<more>.*))")


class Playground:
    """A world with one bot, one group, its owner, and whoever is named."""

    def __init__(self, world: World, server: BotApiServer, owner: str = OWNER) -> None:
        self.world = world
        self.server = server
        self.bot = world.bot("playground_bot", token=TOKEN, reads_all=True)
        self.people: dict[str, Person] = {}
        self.group = world.supergroup("Playground", owner=self.person(owner))
        self.link = world.link(self.group, self.people[owner], creates_join_request=True)
        self._told = 0

    def person(self, name: str) -> Person:
        """The one of this name."""
        if name not in self.people:
            language = "zh-hans" if any("\u4e00" <= letter <= "\u9fff" for letter in name) else "en"
            self.people[name] = self.world.person(name, language=language)
        return self.people[name]

    def does(self, line: str) -> str:
        """Has somebody do what a line says. Answers what is wrong with it, or nothing."""
        found = _LINE.fullmatch(line.strip())
        if found is None:
            return f"nobody knows what to do with {line.strip()!r}; see python -m {__spec__.name} --help"
        person = self.person(found["name"])
        try:
            return self._done(person, found["sign"], found["text"], found["act"], found["more"])
        except (NotAllowed, LookupError) as error:
            return str(error)

    def _done(self, person: Person, sign: str | None, text: str, act: str, more: str) -> str:
        match sign or act:
            case ":":
                if not self.group.standing(person).present:
                    person.joins(self.group)
                person.posts(self.group, text)
            case ">":
                person.posts(self.bot, text)
            case "presses":
                person.presses(self._with_button(person, more), more)
            case "knocks":
                person.asks_to_join(self.group, self.link)
            case "joins":
                person.joins(self.group)
            case "leaves":
                person.leaves(self.group)
            case "adds":
                person.adds(self.bot, self.group)
            case "promotes":
                person.promotes(self.bot, self.group, *_RIGHTS)
            case _:
                return f"nobody knows how to {act!r}"
        return ""

    def _with_button(self, person: Person, label: str) -> Message:
        chats: list[Chat] = [self.group, self.world.private(self.bot, person)]
        found = [message for chat in chats for message in chat.said_by(self.bot) if label in _labels(message)]
        if not found:
            raise LookupError(f"there is no button {label!r}")
        return max(found, key=lambda message: (message.date, message.id))

    def news(self) -> Iterator[str]:
        """What the bot did since the last time, a line each."""
        calls = self.server.calls[self._told :]
        ready = next((n for n, call in enumerate(calls) if not call.code and call.method != "getUpdates"), len(calls))
        self._told += ready
        for call in calls[:ready]:
            if not _QUIET.match(call.method):
                yield self._told_of(call)

    def _told_of(self, call: Call) -> str:
        place = "" if call.chat == self.group.id else f" > {self._named(call.chat)}"
        if call.code != 200:
            return f"bot{place}: {call.method} was refused: {call.answer}"
        words = call.params.get("text") or call.params.get("caption")
        if words is not None:
            # What Telegram's apps show: without the markup.
            shown = html.unescape(re.sub(r"<[^>]+>", "", str(words))).replace("\n", "\n     ")
            buttons = "".join(f" [{label}]" for label in _labels_in(call.params.get("reply_markup")))
            edited = " (edited)" if call.method.startswith("edit") else ""
            return f"bot{place}: {shown}{buttons}{edited}"
        about = self._named(_number(call.params.get("user_id")))
        return f"bot{place}: ({call.method}{' ' + about if about else ''})"

    def _named(self, number: int | None) -> str:
        found = self.world.users.get(number) if number is not None else None
        return found.first_name if found is not None else "" if number is None else str(number)


def _labels(message: Message) -> list[str]:
    return _labels_in(message.reply_markup)


def _labels_in(markup: Any) -> list[str]:
    given = json.loads(markup) if isinstance(markup, str) else markup or {}
    return [button["text"] for row in given.get("inline_keyboard", []) for button in row]


def _number(value: Any) -> int | None:
    with contextlib.suppress(TypeError, ValueError):
        return int(value)
    return None


def main() -> None:
    """Serves, and takes lines until there are no more."""
    kept = argparse.RawDescriptionHelpFormatter
    options = argparse.ArgumentParser(prog=f"python -m {__spec__.name}", description=__doc__, formatter_class=kept)
    options.add_argument("--port", type=int, default=8081)
    options.add_argument("--owner", default=OWNER, help="what the group's owner is called")
    given = options.parse_args()
    world = World()
    with serving(world, port=given.port) as server:
        here, over = Playground(world, server, given.owner), threading.Event()

        def tell() -> None:
            while not over.wait(0.1):
                for line in here.news():
                    print(line, flush=True)

        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        print(f"export TELEGRAM_API_URL={server.url}\nexport TELEGRAM_BOT_TOKEN={TOKEN}", flush=True)
        for line in sys.stdin:
            if line.strip() and (wrong := here.does(line)):
                print(wrong, flush=True)
        over.set()
        teller.join()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
