"""What somebody can ask for: in a group in a few lines, in private whole; and each command with an example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from core.effects import Words, in_lines, plain
from core.events import MessagePosted
from core.people import ANONYMOUS_ADMIN, PERSON, platform_of
from core.workflow import Group, Phrasebook, View
from workflows import check_in_telling, rights
from workflows.check_in_options import CheckIns
from workflows.command_list import ALL, BOOK, does
from workflows.commands import GROUP, PRIVATE, SLASHES, TRAILING, Call, Command, Place, Role, place
from workflows.plain_text import LONGEST_NAME, one_line

KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "own": ("me", "top", "rules", "language"),
    "part": ("events", "join", "withdraw", "answer", "invite", "tasks", "stepdown"),
    "account": ("optout", "link", "unlink", "mydata", "forgetme"),
    "disagree": ("appeal",),
    "sanctions": ("warn", "unwarn", "mute", "unmute", "kick", "ban", "unban", "approve", "undo"),
    "looks": ("why", "warns", "note", "status", "questions", "ambassadors"),
    "progress": ("points", "tier", "checkin", "onboarding", "conversion", "ambassador", "trust", "separate"),
    "steering": ("announce", "event", "survey", "pause", "resume", "export"),
}
"""What each command but /help is for, those of members first."""
_WHOLE: Final = frozenset(("all", "everything", "全部", "所有", "全部指令", "所有指令"))
_CHECKING_IN: Final = frozenset(("打卡", "签到", "补卡", "请假", "checkin", "leave", "makeup"))
_TALK: Final = frozenset(("me", "all", "everything"))
"""What `help` goes on with in English talk."""
_MOST_WAYS: Final = 3
"""So many challenges are told of in a few lines."""
_LEFT_TO_PEOPLE: Final = frozenset(("mute", "unmute", "kick", "ban", "unban", "approve"))
"""What some platforms know nothing of."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, where, in which language; `runs` are the workflows of the group."""

    texts: Phrasebook
    language: str
    role: Role
    where: Place
    runs: frozenset[str]

    def say(self, key: str, **values: object) -> Words:
        return self.texts.say(f"members.{key}", self.language, {"command": values})

    def may(self, command: Command, where: Place) -> bool:
        return rights.allowed(command, self.role, where) and command.answered(self.runs)

    def word(self, command: Command) -> str:
        """The word that is written, with the slash where it takes one."""
        if command.zh and self.language == "zh":
            return f"{'' if command.bare else '/'}{command.zh[0]}"
        return f"/{command.name}"


def answer(call: Call, event: MessagePosted, check_ins: CheckIns | None, view: View) -> tuple[Words, bool] | None:
    """What is told, and whether it is for the one who asks alone. None for talk that only begins with the word."""
    group, where = view.group, place(event)
    role = max(rights.by_word(event.actor, group, destructive=False), rights.by_platform(event.actor))
    if event.actor.kind is not PERSON:
        role = Role.ADMIN if event.actor.kind is ANONYMOUS_ADMIN and where is GROUP else Role.NOBODY
    asker = Asker(group.texts, view.language(), role, where, frozenset(group.bound))
    ways = tuple(_ways(event, check_ins, group, asker))
    in_group = (asker.say("help_words_in_group"), *ways) if ways else ()
    word = call.rest.strip(f'{TRAILING}{"".join(SLASHES)}「」“”"').casefold().replace("-", " ")
    spoken = event.text[:1] not in SLASHES
    if spoken and word in _TALK:
        return None
    if word in _WHOLE:
        return in_lines((*_whole(asker), *in_group)), where is GROUP
    if word:
        found = in_lines(_about(word, asker, ways, event, group))
        return (
            (found or asker.say("help_unknown", word=one_line(word, LONGEST_NAME)), False)
            if found or not spoken
            else None
        )
    if where is GROUP:
        return in_lines((asker.say("help_head"), *islice(ways, _MOST_WAYS), *_in_short(asker))), False
    return in_lines((_line_by_line(asker), *(in_group if where is PRIVATE else ways))), False


def _ways(event: MessagePosted, check_ins: CheckIns | None, group: Group, asker: Asker) -> Iterator[Words]:
    if check_ins is not None and event.actor.kind is PERSON:
        yield from check_in_telling.ways(group, check_ins, asker.language, event.at)


@lru_cache(maxsize=64)
def _in_short(asker: Asker) -> tuple[Words, ...]:
    """The words alone, those that belong together in a line, and where more is told."""
    lines = []
    for kind, names in KINDS.items():
        words = tuple(asker.word(command) for command in _commands(names) if asker.may(command, GROUP))
        if words:
            lines.append(asker.say("help_kind", kind=plain(asker.say(f"help_kind_{kind}")), words=" ".join(words)))
    return (*lines, asker.say("help_more_staff" if asker.role > Role.MEMBER else "help_more"))


@lru_cache(maxsize=64)
def _line_by_line(asker: Asker) -> Words:
    """What can be asked for in this place, a line for each."""
    lines = [asker.say("help_head"), *(_line(command, asker) for command in ALL if asker.may(command, asker.where))]
    if asker.role > Role.MEMBER and asker.where is PRIVATE:
        lines.append(asker.say("help_in_group"))
    return in_lines(lines)


@lru_cache(maxsize=64)
def _whole(asker: Asker) -> tuple[Words, ...]:
    """A line for each command that somebody may give anywhere, under what it is for."""
    lines: list[Words] = []
    for kind, names in KINDS.items():
        told = [_line(one, asker) for one in _commands(names) if any(asker.may(one, where) for where in Place)]
        if told:
            lines += [(f"【{plain(asker.say(f'help_kind_{kind}'))}】",), *told]
    return (asker.say("help_head"), *lines, asker.say("help_one"))


def _about(word: str, asker: Asker, ways: tuple[Words, ...], event: MessagePosted, group: Group) -> Iterator[Words]:
    """How to check in, where the word is one for that, and the command that the word is."""
    if word.replace(" ", "") in _CHECKING_IN:
        yield from ways
    command = BOOK.named(word.replace(" ", "")) or next((one for one in ALL if word in one.en), None)
    if command is None or not rights.allowed(command, asker.role, next(iter(command.places))):
        return
    if not command.answered(asker.runs):
        yield asker.say("not_used", name=command.called)
        return
    platform = platform_of(event.actor.account)
    by_name = platform in group.numbered
    somebody = asker.texts.say(f"usage.{'by_name' if by_name else 'by_username'}", asker.language, {})
    yield _line(command, asker)
    yield asker.texts.say(f"usage.of_{command.name}", asker.language, {"command": {"somebody": plain(somebody)}})
    if command.aim != "none" and not by_name:
        yield asker.say("help_reply")
    if command.least > Role.MEMBER:
        yield asker.say("help_who", who=_who(command, asker))
    if command.name in _LEFT_TO_PEOPLE and platform in group.unbarred:
        yield asker.say("help_by_hand")


def _who(command: Command, asker: Asker) -> str:
    """Who may give a command, and the platform's right that it takes besides."""
    say, language = asker.texts.say, asker.language
    who = plain(say(f"rights.role_{command.least.name.lower()}", language, {}))
    if command.right is None:
        return who
    return plain(asker.say("help_right", who=who, right=plain(say(f"rights.right_{command.right}", language, {}))))


def _line(command: Command, asker: Asker) -> Words:
    """A command and what it does; in Chinese the English word stands beside it."""
    word = asker.word(command)
    both = word if word == f"/{command.name}" else f"{word}（/{command.name}）"
    return asker.say("help_line", command=both, does=does(command, asker.texts, asker.language))


def _commands(names: Iterable[str]) -> Iterator[Command]:
    yield from (command for name in names if (command := BOOK.named(name)) is not None)
