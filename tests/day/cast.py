"""Who takes part in the day: two bots, two communities, their admins and members. Numbers are those of the home."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tests.support.botapi import Person, World
from tests.support.botapi.model import Bot, Chat

HOME = Path(__file__).with_name("home")
READER_TOKEN = "7000001:AAreader-of-the-day-000000000000000000"
WRITER_TOKEN = "7000002:AAwriter-of-the-day-000000000000000000"
RIGHTS = ("can_delete_messages", "can_restrict_members", "can_invite_users", "can_pin_messages")
MEMBERS = 300
WRITERS = 30
_NAMES = ("小王", "Ana", "李雷", "Bob & Co <i>", "王芳🐉", "Zoë", "O'Neil", "陈")


@dataclass(kw_only=True, repr=False)
class Cast:
    """Everybody, by their part. `spoken` is the language of the community that each is spoken to in."""

    world: World
    reader: Bot
    writer: Bot
    dean: Person
    helper: Person
    author: Person
    stranger: Person
    reading: Chat
    desk: Chat
    writing: Chat
    news: Chat
    elsewhere: Chat
    topic: int
    members: list[Person]
    writers: list[Person]
    spoken: dict[int, str] = field(default_factory=dict)

    @classmethod
    def gathered(cls, world: World) -> Cast:
        """The world as it is when the day begins. Nobody is told of anything."""
        reader = world.bot("reader_bot", token=READER_TOKEN)
        writer = world.bot("writer_bot", token=WRITER_TOKEN, reads_all=True)
        dean = world.person("院长", id=20001, language="zh-hans")
        helper = world.person("Helper", id=20002, language="en")
        author = world.person("Author", id=20003, language="en")
        stranger = world.person("Stranger", id=20004, language="en")
        reading = world.supergroup("晨读营", owner=dean, forum=True)
        desk = world.supergroup("晨读营管理", owner=dean)
        writing = world.group("Writing Club", owner=author)
        news = world.channel("晨读新闻", owner=dean)
        elsewhere = world.channel("Elsewhere", owner=stranger)
        news.linked = reading
        world.joined(reading, reader, status="administrator", rights=("can_manage_chat", *RIGHTS))
        world.joined(reading, helper, status="administrator", rights=("can_manage_chat", *RIGHTS))
        world.joined(desk, reader, helper, stranger)
        world.joined(writing, writer)
        world.private(writer, author).started = True
        topic = dean.creates_topic(reading, "读书笔记")
        for bot in (reader, writer):  # what was before the day is nobody's business
            bot.queue.clear()
            bot.history.clear()
        cast = cls(
            world=world, reader=reader, writer=writer, dean=dean, helper=helper, author=author, stranger=stranger,
            reading=reading, desk=desk, writing=writing, news=news, elsewhere=elsewhere, topic=topic,
            members=[], writers=[],
        )  # fmt: skip
        cast.members = [cast.person(30001 + n, f"reader{n}") for n in range(MEMBERS)]
        cast.writers = [cast.person(32001 + n, home="en") for n in range(WRITERS)]
        world.joined(reading, *cast.members)
        world.joined(writing, *cast.writers)
        return cast

    def person(self, number: int, username: str | None = None, home: str = "zh") -> Person:
        """Somebody new: every third speaks English, every third Chinese, the others do not say."""
        language = (None, "en", "zh-hans")[number % 3]
        name = f"{_NAMES[number % len(_NAMES)]} {number % 1000}"
        person = self.world.person(name, username=username, id=number, language=language)
        self.spoken[number] = {None: home, "en": "en", "zh-hans": "zh"}[language]
        return person

    def newcomers(self, first: int, count: int) -> list[Person]:
        """People who are in no group yet."""
        return [self.person(first + n) for n in range(count)]

    def key(self, chat: int) -> str:
        """What a chat is called in the oracle's books, through all moves."""
        if chat > 0:
            return f"private {chat}"
        named = {self.reading.id: "reading", self.desk.id: "desk", self.writing.id: "writing"}
        if self.writing.migrated_to is not None:
            named[self.writing.migrated_to.id] = "writing"
        return named.get(chat, str(chat))
