"""Why a rule matched, in plain words with the values that counted: "joined 2 days ago (< 7)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from core.events import Event, MessageEdited, MessagePosted
from core.workflow import Group
from workflows import happened
from workflows.measures import compared, either, holds
from workflows.patterns import WordSet, normalized
from workflows.plain_text import one_line
from workflows.rule_clauses import Clause
from workflows.rule_judges import Judge
from workflows.rulebook import Plan

_COMPARED: Final = re.compile(
    r"(member|event|msg|check_in|tier|warning)\.(\w+) ?(<=|>=|==|!=|<|>) ?(-?\d+|\"[^\"]*\"|'[^']*'|true|false)"
)
_NOT_LISTED: Final = re.compile(r"msg\.domains\.exists ?\((\w+), ?! ?\( ?\1 in lists\.(\w+) ?\) ?\)")
_LISTED: Final = re.compile(r"msg\.domains\.exists ?\((\w+), ?\1 in lists\.(\w+) ?\)")
_CONTAINS: Final = re.compile(r"lists\.(\w+)\.exists ?\((\w+), ?msg\.(normalized|text)\.contains ?\(\2\) ?\)")
_HIT: Final = re.compile(r"[\"'](\w+)[\"'] in msg\.hits")
_HOUR: Final = re.compile(r"now\.getHours ?\(group\.timezone\) ?(<=|>=|==|<|>) ?\d+")
_ROLE: Final = re.compile(r"(! ?\()?([\"'])(\w+)\2 in member\.(roles|tags)\)?")
_KIND: Final = re.compile(r"msg\.kind (==|in) .*", re.DOTALL)
_MENTIONS: Final = re.compile(r"(msg\.mentions\.size ?\( ?\)|size ?\(msg\.mentions\)) ?(>|>=|!=) ?\d+")
_EITHER: Final = re.compile(r"(! ?)?\(?((?:member|event|msg|check_in)\.\w+)\)?")
_MATCHES: Final = re.compile(r"msg\.(?:text|normalized)\.matches ?\( ?[rR]?([\"'])(.*)\1 ?\)", re.DOTALL)

_MOST_NAMED: Final = 3


def reasons(
    judge: Judge, event: Event, plan: Plan, scene: Mapping[str, Any], group: Group, words: WordSet | None
) -> Iterator[str]:
    """One clause for each thing that had to hold."""
    if judge.words or judge.patterns:
        wanted = judge.words | judge.patterns
        yield _found(words, plan, wanted) or f"matches {', '.join(sorted(wanted & plan.hits))}"
    for clause in judge.clauses:
        yield _reason(clause, event, plan, scene, group, words)


def outside(event: MessagePosted | MessageEdited, allowed: frozenset[str]) -> tuple[str, ...]:
    """The hosts linked to that are not allowed; a subdomain of an allowed host is allowed."""
    return tuple(host for host in happened.domains(event) if not _within(host, allowed))


def links_told(hosts: Iterable[str], named: str = "") -> str:
    """The hosts in words."""
    listed = list(hosts)
    told = ", ".join(listed[:_MOST_NAMED]) + (" ..." if len(listed) > _MOST_NAMED else "")
    return f"link to {told}, not on the list" + (f" {named}" if named else "")


def _within(host: str, allowed: frozenset[str]) -> bool:
    while host:
        if host in allowed:
            return True
        host = host.partition(".")[2]
    return False


def _reason(
    clause: Clause, event: Event, plan: Plan, scene: Mapping[str, Any], group: Group, words: WordSet | None
) -> str:
    source = clause.source
    if found := _COMPARED.fullmatch(source):
        section, field, sign, bound = found.groups()
        return compared(f"{section}.{field}", scene[section][field], sign, bound)
    if (found := _EITHER.fullmatch(source)) and (told := either(found[2], not found[1])):
        return told
    if isinstance(event, MessagePosted | MessageEdited):
        told = _of_message(source, event, plan, scene, words)
        if told:
            return told
    if found := _ROLE.fullmatch(source):
        return f"{'not ' if found[1] else ''}{found[3]}" + (" by tag" if found[4] == "tags" else "")
    if _HOUR.fullmatch(source):
        return f"it was {group.local(event.at):%H:%M}"
    return holds(one_line(source, 160))


def _of_message(
    source: str, event: MessagePosted | MessageEdited, plan: Plan, scene: Mapping[str, Any], words: WordSet | None
) -> str:
    lists: Mapping[str, Any] = scene["lists"]
    if found := _NOT_LISTED.fullmatch(source):
        allowed = frozenset(lists[found[2]])
        return links_told((host for host in happened.domains(event) if host not in allowed), found[2])
    if found := _LISTED.fullmatch(source):
        listed = [host for host in happened.domains(event) if host in lists[found[2]]]
        return f"link to {', '.join(listed[:_MOST_NAMED])} ({found[2]})"
    if found := _CONTAINS.fullmatch(source):
        said = [
            word
            for word in lists[found[1]]
            if _contained(word, event.text if found[3] == "text" else plan.folded, found[3])
        ]
        return f"says {', '.join(said[:_MOST_NAMED])} ({found[1]})"
    if found := _HIT.fullmatch(source):
        return _found(words, plan, frozenset((found[1],)))
    if _KIND.fullmatch(source):
        return f"kind: {event.kind}"
    if _MENTIONS.fullmatch(source):
        people = len({one.account for one in event.mentions})
        return f"mentions {people} {'person' if people == 1 else 'people'}"
    if found := _MATCHES.fullmatch(source):
        return "the text matches " + one_line(found[2], 80).replace("\\\\", "\\")
    return ""


def _contained(word: str, text: str, field: str) -> bool:
    return (normalized(word).strip() if field == "normalized" else word) in text


def _found(words: WordSet | None, plan: Plan, wanted: frozenset[str]) -> str:
    """Which words of some lists the message says."""
    if words is None:
        return ""
    pairs = [(name, word) for name, word in words.found_in(plan.folded) if name in wanted]
    told = [f"{one_line(word, 40)} ({name})" for name, word in pairs[:_MOST_NAMED]]
    return "says " + ", ".join(told) if told else ""
