"""What people can command, and how a message is read as a command. Every workflow declares its own commands:

    COMMANDS = (Command(name="appeal", zh=("申诉",), places=frozenset((Place.PRIVATE,)), bare=True),)
    BOOK = Book(COMMANDS)

and is asked like this (`rights.refused` says why not; None is "go on"):

    def reads(event, options):
        call = BOOK.heard(event)              # None for plain messages, after a look at their first letter
        return None if call is None else (*call.reads, MINE.of(event.actor.account))

    def decide(event, options, view):
        call = BOOK.heard(event)
        if no := rights.refused(call, event, view):
            return no                         # a Decision with a helpful sentence
        target = call.target(view)            # a Member, if somebody is named and known
        ...
        return Decision(effects=(rights.answer(call, event, view, words),), because=("asked for an appeal",))

Then it is added to `ALL` in workflows/command_list.py: from there come the menus, /help, the table of rights and the
weight that serving gives a message. The menu's description is the sentence `commands.menu_<name>` in both languages.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal

from core import interest, state
from core.directory import read_code
from core.events import Event, MessagePosted
from core.names import Named
from core.people import Actor, ActorKind, Member, native_of
from core.quick import maker, quick, renewed
from core.state import Key
from core.workflow import View
from workflows import command_sentences
from workflows.command_aims import about_somebody, mentioned, numbered, under_the_line
from workflows.folding import normalized, spellings


class Role(enum.IntEnum):
    """Who somebody is to a group; each role may do what those before it may, if the platform lets them."""

    NOBODY = 0
    """A bot, a channel."""
    MEMBER = 1
    MODERATOR = 2
    """Listed under `community.moderators`."""
    ADMIN = 3
    """A live admin of the platform's group, with the right that the command needs; or listed under `admins`."""
    OWNER = 4
    """The platform's creator of the group; or listed under `community.owners`."""
    OPERATOR = 5
    """Whoever runs the assistant. Never somebody in a chat."""


class Place(enum.StrEnum):
    """Where something was said. A desk is the admins' own chat."""

    GROUP = "group"
    PRIVATE = "private"
    DESK = "desk"


GROUP: Final = Place.GROUP
PRIVATE: Final = Place.PRIVATE
DESK: Final = Place.DESK
"""The places, for what every command asks: on Python 3.11 an enum's attribute takes 0.2 us each time."""
ANYWHERE: Final = frozenset(Place)
AMONG_STAFF: Final = frozenset((GROUP, DESK))
Right = Literal["restrict", "delete", "promote", "change_info", "invite", "pin"]
Aim = Literal["none", "optional", "somebody"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: `/name`, and the other words for it, by language, after a slash or (`bare`) alone in a message.

    `least` is the role it takes, `right` the platform's right besides. `destructive` ones ask the platform at that
    moment. `aim`: whether somebody is named. `against`: it hurts, so nobody of the same or a higher role can be meant.
    With `verbs` one of them comes first, or behind whom it is about (word -> what it means); without one the message is
    no such command, unless it has a `form`: the key of the sentence that shows how it is written; that call has none.
    Where the word is `everyones`, members use it for themselves, and it is that call only if it reads as if somebody
    were meant. `workflow` answers it, where not every group runs that one.
    With `counts` a number comes first: behind an answer to somebody, a bare one names nobody else.
    With `ranks` its answer tells staff from members, so that it takes the platform's word on who they are.
    A `spoken` one may have more behind its bare word, a `coded` one a one-time code. `others` is the command that it is
    when somebody else is named.
    """

    name: str
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    least: Role = Role.MEMBER
    places: frozenset[Place] = ANYWHERE
    right: Right | None = None
    destructive: bool = False
    aim: Aim = "none"
    against: bool = False
    bare: bool = False
    spoken: bool = False
    coded: bool = False
    others: str = ""
    ranks: bool = False
    verbs: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
    everyones: bool = False
    counts: bool = False
    workflow: str = ""

    def answered(self, runs: Container[str]) -> bool:
        """Whether somebody answers it in a group that runs these workflows."""
        return not self.workflow or self.workflow in runs

    @property
    def called(self) -> Named:
        """The word that people are told to write behind the slash, in their language."""
        return Named(self.name, {"zh": self.zh[0]} if self.zh else {})

    def verbs_in(self, language: str) -> tuple[str, ...]:
        """Each thing that its verbs mean, by the word in a language; in Chinese the English one stands beside it."""
        words: dict[str, list[str]] = {}
        for word, meaning in self.verbs.items():
            words.setdefault(meaning, []).append(word)
        own = {meaning: next((one for one in of if not one.isascii()), of[0]) for meaning, of in words.items()}
        if language != "zh":
            return tuple(of[0] for of in words.values())
        return tuple(f"{own[meaning]} {of[0]}" if own[meaning] != of[0] else of[0] for meaning, of in words.items())

    @property
    def words(self) -> tuple[str, ...]:
        """All that may follow the slash."""
        return tuple(dict.fromkeys((self.name, *(word for word in (*self.zh, *self.en) if " " not in word))))


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A command as somebody wrote it. `aimed` is whom it names, as far as the message tells; `rest` what follows.

    `whom` is the state that tells who `aimed` is here. An answer to somebody may begin with a number that names
    another, or is a number: `instead` is the call then.
    """

    command: Command
    aimed: Actor | None = None
    whom: Key[Member | None] | None = None
    rest: str = ""
    data: str = ""
    verb: str = ""
    instead: Call | None = None

    @property
    def by_name(self) -> bool:
        """Whether it names somebody by a name, of whom nobody knows yet which account that is."""
        return self.whom is not None and self.whom.what == "named"

    @property
    def reads(self) -> tuple[Key[Any], ...]:
        """The state that `target` looks at."""
        return (self.whom,) if self.whom is not None else ()

    def target(self, view: View) -> Member | None:
        """Whom it names, if they are known in this group. None too for a name that several have."""
        return view.get(self.whom) if self.whom is not None else None

    def settled(self, view: View, unseen: Container[str] = ()) -> Call:
        """The call as it is meant: a number that nobody known has is no name. `unseen`: commands for which it is."""
        if self.instead is None or self.command.name in unseen or self.target(view) is not None:
            return self
        return self.instead


_call: Final = maker(Call)
_actor: Final = maker(Actor)


class Book:
    """Some commands, ready to be heard."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self.commands = tuple(commands)
        self._named: dict[str, Command] = {}
        self._bare: dict[str, Command] = {}
        for command in self.commands:
            for word in command.words:
                known = self._named.setdefault(word.casefold(), command)
                assert known is command, word
            if command.bare:
                self._bare.update(dict.fromkeys((word.casefold() for word in (*command.zh, *command.en)), command))
        asked = {word: one for one in self.commands if one.bare for word in command_sentences.ASKED.get(one.name, ())}
        self._asked = {normalized(word): command for word, command in asked.items()}
        self._appeal = self._bare.get("申诉")
        letters = {word[:1] for word in (*self._bare, *self._asked)}
        letters |= {one for word in self._bare for one in command_sentences.INITIALS.get(word, ())}
        self.initials = frozenset((*SLASHES, *(form for letter in letters for form in spellings(letter))))
        """With what a text begins that may be one of them."""
        told = () if command_sentences.TELLING.isdisjoint(self._bare) else command_sentences.OPENINGS
        against = command_sentences.APPEAL_OPENINGS if self._appeal is not None else ()
        whole = [normalized(word) for word in (*self._bare, *self._asked, *told, *against)]
        self._beginnings = frozenset(word[:length] for word in whole for length in (1, 2, 3))
        self._short = frozenset(word for word in whole if len(word) < 3)
        first = {
            one for word in command_sentences.TELLING & self._bare.keys() for one in command_sentences.INITIALS[word]
        }
        self._telling = frozenset(form for letter in first for form in spellings(letter))
        """With what a text begins that need not begin with a word of ours."""
        self._begins: dict[str, bool] = {}
        more = _MOST_SPOKEN if any(command.spoken or command.coded for command in self._bare.values()) else 0
        self._heard: dict[str, tuple[Event, Call | None]] = {}
        self._longest = max(map(len, (*self._bare, *self._asked)), default=0) + 4 + more

    def named(self, word: str) -> Command | None:
        """The command of a word, without slash."""
        return self._named.get(word.casefold())

    def deaf(self, opening: str, options: object = None) -> bool:
        """Whether no text of an opening is one of the commands. See `Workflow.deaf`."""
        if opening[:1] in SLASHES:
            return _slashed(opening)[0] not in self._named
        if opening[:1] not in self.initials:
            return True
        return opening[0] not in self._telling and not self.may_be(opening)

    def heard(self, event: Event) -> Call | None:
        """The command that a message is; None for nearly all messages.

        Each is asked about twice, when state is read and when it is decided: what was found is kept until then.
        """
        if self._heard:
            held = self._heard.pop(event.id, None)
            if held is not None and held[0] is event:
                return held[1]
        if type(event) is not MessagePosted or event.text[:1] not in self.initials or event.forwarded:
            return None
        if event.text[0] not in SLASHES and not self.may_be(event.text):
            return None
        call = self._read(event)
        if call is not None:
            if len(self._heard) >= _MOST_HEARD:
                self._heard.clear()
            self._heard[event.id] = (event, call)
        return call

    def may_be(self, text: str) -> bool:
        """Whether a text without slash may be a command, by three letters or what a sentence holds: talk seldom may."""
        begins = self._begins.get(text[:3])
        if begins is None:
            begins = self._begun(text[:3])
        return begins or (
            text[0] in self._telling and len(text) <= self._longest and command_sentences.holds(text) is not None
        )

    def _begun(self, opening: str) -> bool:
        """The answer for letters that were not met before, kept for the next time."""
        if len(self._begins) >= _MOST_OPENINGS:
            self._begins.clear()
        folded = normalized(opening)
        begins = folded[:3] in self._beginnings or folded[:2] in self._short
        self._begins[opening] = begins
        return begins

    def _read(self, event: MessagePosted) -> Call | None:
        text = event.text
        if text[0] not in SLASHES:
            words = command_sentences.appealed(text, private=event.private) if self._appeal is not None else None
            if words is not None:
                return _call(command=self._appeal, rest=words)  # type: ignore[arg-type]
            if len(text) > self._longest:
                return None
            word = normalized(text.strip(TRAILING))
            command = self._bare.get(word) or self._asked.get(word.rstrip(_ASKING))
            return _call(command=command) if command is not None else self._spoken(text) or self._how(word)
        word, rest = _slashed(text)
        command = self._named.get(word)
        if command is None:
            return None
        if command.others:
            return self._at_others(_aimed(command, rest, event), event)
        if not command.verbs:
            return _aimed(command, rest, event)
        first, *more = rest.split(None, 1) or ("",)
        verb = command.verbs.get(first.casefold())
        if verb is not None:
            call = _aimed(command, more[0] if more else "", event)
            return renewed(call, verb=verb, instead=renewed(call.instead, verb=verb) if call.instead else None)
        whom_first = _aimed(command, rest, event)
        first, *more = whom_first.rest.split(None, 1) or ("",)
        verb = command.verbs.get(first.casefold())
        if verb is not None and whom_first.aimed is not None:
            return renewed(whom_first, verb=verb, rest=more[0] if more else "", instead=None)
        formed = command.form and (not command.everyones or about_somebody(rest, event))
        return whom_first if formed else None

    def _spoken(self, text: str) -> Call | None:
        first, *rest = text.split(None, 1)
        command = self._bare.get(normalized(first))
        if command is None and rest:  # a word of two parts: `forget me`
            second, *more = rest[0].split(None, 1)
            command, rest = self._bare.get(normalized(f"{first} {second}")), more
        if command is None and (glued := _GLUED.fullmatch(text.strip(TRAILING))) is not None:
            command, rest = self._bare.get(glued[1]), [glued[2]]
        if command is None or not (command.spoken or (command.coded and rest and read_code(rest[0]) is not None)):
            return None
        return _call(command=command, rest=rest[0].rstrip() if rest else "")

    def _how(self, word: str) -> Call | None:
        """A question how something is done is one for help. A word for help, a look or the rules may be a question."""
        word = word.rstrip(_ASKING)
        told = command_sentences.told(word)
        if told is not None and (command := self._bare.get(told[0])) is not None:
            return _call(command=command, rest=told[1])
        command = self._bare.get(word)
        return _call(command=command) if command is not None and command.name in _LOOKS else None

    def _at_others(self, call: Call, event: MessagePosted) -> Call:
        """The other command, where somebody else is meant; an answer to the assistant itself means oneself."""
        aimed = call.aimed
        if aimed is None or aimed.kind is ActorKind.BOT or aimed.account == event.actor.account:
            return renewed(call, aimed=None, whom=None, instead=None)
        return renewed(call, command=self._named[call.command.others], instead=None)


@lru_cache(maxsize=16)
def _slashed(text: str) -> tuple[str, str]:
    """The word that follows the slash at once, and the rest: each book that hears a message asks for them."""
    if not text[1:2].strip():
        return "", ""
    word, *more = text[1:].split(None, 1)
    rest = more[0].rstrip() if more else ""
    glued = None if word.isascii() else _GLUED.fullmatch(word)
    if glued is None:
        return normalized(word), rest
    return glued[1], f"{glued[2]} {rest}".rstrip()


SLASHES: Final = interest.SLASHES
"""What commands begin with: `event.text[:1] in SLASHES`. The wide one comes from a Chinese keyboard."""
_MOST_SPOKEN: Final = 20
_ASKING: Final = "?!. ~"
_LOOKS: Final = frozenset(("me", "top", "rules", "help"))
"""What may be asked for by the word and a question mark: `积分？`."""
_MOST_HEARD: Final = 256
_MOST_OPENINGS: Final = 10_000
TRAILING: Final = " \t\n!！。.~～"
"""What may follow a word that is written alone."""
_GLUED: Final = re.compile(r"([\u4e00-\u9fff]+)[:：]? *(\d{1,4} *[\u4e00-\u9fff]?)")
"""A Chinese word with a number at once behind it: `打分9`, `打分：9`, `打分9分`."""


def _aimed(command: Command, rest: str, event: MessagePosted) -> Call:
    """Whom it names comes first: by mention, by number, by the button under a line to the admins, by reply."""
    reply = event.reply_to
    data = reply.data if reply is not None else ""
    if command.aim == "none":
        return _call(command=command, rest=rest, data=data)
    meant = None if reply is None else under_the_line(data) if data else reply.author
    by_name = mentioned(rest, event)
    found = by_name or numbered(rest, event)
    if found is None:
        return _calling(command, meant, rest, data)
    named, end = found
    call = _calling(command, named, rest[end:].strip(), data)
    if by_name is not None or meant is None or not rest[:1].isdecimal():
        return call
    answering = _calling(command, meant, rest, data)
    return answering if command.counts else renewed(call, instead=answering)


def _calling(command: Command, aimed: Actor | None, rest: str, data: str) -> Call:
    if aimed is None:
        return _call(command=command, rest=rest, data=data)
    native = native_of(aimed.account)
    whom = state.named(native[1:]) if native.startswith("@") else state.member(aimed.account)
    return _call(command=command, aimed=aimed, whom=whom, rest=rest, data=data)


def place(event: Event) -> Place:
    """Where an event happened."""
    if isinstance(event, MessagePosted):
        if event.desk:
            return DESK
        if event.private:
            return PRIVATE
    return GROUP


def is_start(text: str) -> bool:
    """Whether a text is the `/start` by which Telegram opens a private chat, alone or with what a link put behind."""
    return text.split("@")[0].split(" ")[0] == "/start"
