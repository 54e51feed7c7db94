"""Conditions that ask for what a value never is: a challenge that is none, a host with its scheme, a name where there
are accounts, capitals in a text that has none."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from config.chapter import Chapter
from config.conditions import compared, plain, sought
from config.places import Step
from config.powers import parts, values
from config.problems import Problems, Said, nearest, said
from config.sections import SECTIONS
from core.people import ADMIN, MODERATOR, OWNER
from workflows.check_in_options import CheckIns
from workflows.clock_clauses import FROM_0
from workflows.expression_source import Path, Token, free_paths, tokens
from workflows.expressions import Condition
from workflows.folding import normalized
from workflows.happened import WHEN
from workflows.links import host_of
from workflows.rule_options import Rules

_LIMITS: Final = ("flood", "duplicates", "links")
_BY_HAND: Final = "admin"
_ROLES: Final = (ADMIN, OWNER, MODERATOR)
_CODE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
"""A language, as people choose it (`zh`) or their apps tell it (`zh-hans`)."""
_HELD: Final = ("contains", "startsWith", "endsWith")
_MOST_SHOWN: Final = 12


def consider(chapter: Chapter, problems: Problems) -> None:
    """Warn of each at its place."""
    known = _known(chapter)
    for path, condition in values(chapter):
        if isinstance(condition, Condition):
            words = list(tokens(condition.source))
            for word, why, guess in _never(words, known):
                _tell(chapter, path, word, problems, why, guess)
            for word in words:
                if word.text in _COUNTED:
                    _tell(chapter, path, word, problems, _COUNTED[word.text], note=True)
    _too_long(chapter, problems)
    for path, thing in parts(chapter):
        for n, who in enumerate(getattr(thing, "exempt", ())):
            if who.startswith("role:") and (name := who.removeprefix("role:")) not in _ROLES:
                at, guess = (*path, "exempt", n), nearest(name, _ROLES)
                chapter.tell(problems, "warning", at, _A_ROLE.filled(name=name), guess=guess)
    for path, host in _hosts(chapter):
        meant = host_of(host)
        unlike = _PAGE if _is_page(host) else _HOST if path[0] == "lists" else None
        if unlike is not None and meant and meant != host.lower():
            told = unlike.filled(name=host, meant=meant)
            chapter.tell(problems, "warning", path, told, guess=f"`{meant}`")


def _too_long(chapter: Chapter, problems: Problems) -> None:
    """Streaks that are longer than every challenge."""
    check_ins = chapter.options.get("check_in")
    if not isinstance(check_ins, CheckIns):
        return
    days = [challenge.calendar.length() for challenge in check_ins.root.values()]
    most = max((each for each in days if each is not None), default=0)
    if not days or None in days:
        return
    for path, condition in values(chapter):
        if isinstance(condition, Condition):
            words = list(tokens(condition.source))
            for asked in free_paths(words):
                least = _least(words, asked) if asked.name in ("check_in.streak", "member.streak") else 0
                if least > most:
                    why = _TOO_LONG.filled(most=most, streak=least)
                    _tell(chapter, path, words[asked.first], problems, why)


def _least(words: list[Token], asked: Path) -> int:
    """The smallest number that a variable is asked to be, where it stands at the left; 0 where there is none."""
    sign, number = (words[at].text if at < len(words) else "" for at in (asked.last + 1, asked.last + 2))
    return int(number) + (sign == ">") if sign in (">=", ">", "==") and number.isdecimal() else 0


def _is_page(host: str) -> bool:
    """Whether more than a host is written: `github.com/acme`."""
    return "/" in host.partition("://")[2].rstrip("/") if "://" in host else "/" in host.rstrip("/")


def _known(chapter: Chapter) -> dict[str, Collection[str]]:
    """By variable, all that it can be, where that is known."""
    check_ins, rules = chapter.options.get("check_in"), chapter.options.get("rules")
    found: dict[str, Collection[str]] = {"event.type": tuple(WHEN)}
    if isinstance(check_ins, CheckIns):
        found["check_in.challenge"] = tuple(check_ins)
    if isinstance(rules, Rules):
        own = (*(rule.id for rule in rules.rules), *(each for each in _LIMITS if getattr(rules, each) is not None))
        found["warning.rule"] = found["event.rule"] = own
    if chapter.heading is not None:
        found["group.key"] = tuple(chapter.community.groups)
    return found


def _never(words: list[Token], known: dict[str, Collection[str]]) -> Iterator[tuple[Token, Said, str]]:
    """Each text that a value never is, with why and what may be meant."""
    for path in free_paths(words):
        if path.name in known:
            for word in compared(words, path):
                name = word.text[1:-1]
                if name and name not in known[path.name] and not _others(path.name, name):
                    yield word, _none_such(path.name, name, known[path.name]), nearest(name, known[path.name])
        elif path.name in _LISTED:
            for word in sought(words, path):
                name = word.text[1:-1]
                why, meant = _unlisted(path.name, name)
                if why is not None:
                    yield word, why.filled(name=name, meant=meant), f'`"{meant}"`' if meant else ""
        elif path.name == "member.language":
            for word in compared(words, path):
                if _CODE.fullmatch(name := word.text[1:-1]) is None and name:
                    yield word, _A_LANGUAGE.filled(name=name), ""
        elif path.name == "msg.normalized":
            asked = [word.text for word in words[path.last + 1 : path.last + 4]]
            at = path.last + 4
            held = len(asked) == 3 and asked[0] == "." and asked[1] in _HELD and asked[2] == "(" and at < len(words)
            for word in (words[at],) if held and plain(words[at]) else compared(words, path):
                folded = normalized(word.text[1:-1])
                if folded != word.text[1:-1]:
                    yield word, _FOLDED.filled(name=word.text[1:-1]), f'`"{folded}"`'


def _others(variable: str, name: str) -> bool:
    """Names of rules that stand in no file: warnings given by hand, and by other sections."""
    others = (_BY_HAND, *(section.workflow.name for section in SECTIONS))
    return variable in ("warning.rule", "event.rule") and name in others


def _none_such(variable: str, name: str, known: Collection[str]) -> Said:
    shown = list(known)
    if not shown or len(shown) > _MOST_SHOWN:
        return _NEVER.filled(variable=variable, name=name)
    return _NEVER_OF.filled(
        variable=variable,
        name=name,
        known=Said(", ".join(f"`{each}`" for each in shown), "、".join(f"`{each}`" for each in shown)),
    )


def _unlisted(variable: str, name: str) -> tuple[Said | None, str]:
    """Why a list never holds a text, and what it may hold; None where it may."""
    if variable == "msg.domains":
        meant = host_of(name)
        return (_A_HOST, meant) if meant and meant != name else (None, "")
    if variable == "msg.mentions":
        return (None, "") if ":" in name else (_AN_ACCOUNT, "")
    if variable == "event.emoji":
        return (_AN_EMOJI, "") if name and name.isascii() and not name.startswith("custom:") else (None, "")
    return (None, "") if name in _ROLES else (_A_ROLE, "")


def _hosts(chapter: Chapter) -> Iterator[tuple[tuple[Step, ...], str]]:
    """The hosts that links may lead to, and those of lists that conditions speak of, with where they stand."""
    rules = chapter.options.get("rules")
    if not isinstance(rules, Rules):
        return
    allowed = rules.links.allowed_domains if rules.links is not None else ()
    if not isinstance(allowed, str):
        yield from ((("links", "allowed_domains", n), host) for n, host in enumerate(allowed))
    sources = [one.source for _, one in values(chapter) if isinstance(one, Condition)]
    spoken = {path.field for each in sources for path in free_paths(list(tokens(each))) if path.section == "lists"}
    for name in rules.lists:
        if name in spoken:
            yield from ((("lists", name, "domains", n), host) for n, host in enumerate(rules.lists[name].domains))


def _tell(
    chapter: Chapter,
    path: tuple[Step, ...],
    word: Token,
    problems: Problems,
    why: Said,
    guess: str = "",
    *,
    note: bool = False,
) -> None:
    spot = chapter.spot.at_path(path)
    before = len(spot.written) - len(spot.written.lstrip())
    place = spot.inside(spot.written, before + word.start)
    problems.tell("note" if note else "warning", place, chapter.spot.known(path), why, guess=guess)


_LISTED: Final = ("msg.domains", "msg.mentions", "event.emoji", "member.roles")
_COUNTED: Final = {
    name: said(f"`{name}` counts otherwise than people do: {en}", f"`{name}` 和平常的数法不同：{zh}")
    for name, en, zh in (
        ("getMonth", FROM_0["getMonth"], "一月是 0，十二月是 11"),
        ("getDayOfMonth", FROM_0["getDayOfMonth"], "一号是 0；`getDate` 里一号是 1"),
    )
}
_NEVER: Final = said("`{variable}` is never `{name}`", "`{variable}` 不会是 `{name}`")
_NEVER_OF: Final = said(
    "`{variable}` is never `{name}`; it can be {known}", "`{variable}` 不会是 `{name}`；它可以是 {known}"
)
_FOLDED: Final = said(
    "`msg.normalized` has no capitals, wide letters and signs or traditional characters, so `{name}` is never found in "
    "it",
    "`msg.normalized` 里没有大写、全角的字母和标点，也没有繁体，`{name}` 永远找不到",
)
_A_HOST: Final = said(
    "`msg.domains` holds hosts alone, in lower case and without `www.`: `{name}` is never one of them",
    "`msg.domains` 里只有主机名，小写，不带 `www.`：不会有 `{name}`",
)
_AN_ACCOUNT: Final = said(
    "`msg.mentions` holds accounts, like `telegram:10001`: `{name}` is never one of them",
    "`msg.mentions` 里是账号，例如 `telegram:10001`：不会有 `{name}`",
)
_AN_EMOJI: Final = said(
    "`event.emoji` holds the emoji themselves, like `👍`: `{name}` is never one of them",
    "`event.emoji` 里是表情本身，例如 `👍`：不会有 `{name}`",
)
_A_ROLE: Final = said(
    "`member.roles` holds `admin`, `owner` and `moderator` alone: `{name}` is never one of them",
    "`member.roles` 里只有 `admin`、`owner`、`moderator`：不会有 `{name}`",
)
_A_LANGUAGE: Final = said(
    "`member.language` is a code, like `en`, `zh` or `zh-hans`, and never `{name}`",
    "`member.language` 是语言代码，例如 `zh`、`zh-hans`、`en`，不会是 `{name}`",
)
_TOO_LONG: Final = said(
    "the longest challenge asks for {most} days in all, so a streak of {streak} can never be reached",
    "最长的打卡项目也只有 {most} 天，连续 {streak} 天永远达不到",
)
_PAGE: Final = said(
    "links are judged by their host, so this allows all of `{meant}`, not `{name}` alone",
    "链接只看主机名，这样写放行的是整个 `{meant}`，不只是 `{name}`",
)
_HOST: Final = said(
    "conditions find hosts as they stand here, and no link has the host `{name}`",
    "条件里按这里写的主机名去对，没有哪个链接的主机名是 `{name}`",
)
