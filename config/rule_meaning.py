"""Rules and conditions that are well written and do something else than was meant: they act on everything, wait for
what nothing brings, ask for numbers that nothing counts, read another clock, or hold back nothing."""

from __future__ import annotations

import re
from typing import Final

from config.ambassador_meaning import thanked
from config.chapter import Chapter
from config.meaning import attempted
from config.places import Step
from config.powers import values
from config.problems import Problems, Said, said
from workflows.deeds import AGAINST
from workflows.expression_source import Token, free_paths, tokens
from workflows.expressions import Condition
from workflows.rule_judges import QUIET
from workflows.rule_options import Rules
from workflows.rule_sections import Rule
from workflows.torn_words import is_han

_FOR_EVERYTHING: Final = AGAINST | {"propose", "reply", "say"}
_BRINGS: Final = {
    "check_in": ("check_in", "check_ins"),
    "tier_changed": ("tiers", "tiers"),
    "onboarding_completed": ("onboarding", "onboarding"),
}
"""By event: the workflow that alone brings it, and its section."""
_COUNTS: Final = {
    "member.streak": ("check_in", "check_ins"),
    "member.check_ins_30d": ("check_in", "check_ins"),
    "member.invited": ("referrals", "referrals"),
}
"""By field: the workflow that alone counts it, and its section."""
_DONE: Final = AGAINST - {"propose"}
_NOT_HELD_BACK: Final = QUIET | {"convert"}
_NAMED: Final = 3
_PATTERN: Final = re.compile(r"\.[*+]|\\[dsw]")
_OF_A_ZONE: Final = ("getHours", "getDayOfWeek", "getDate", "getDayOfMonth", "getDayOfYear", "getMonth", "getFullYear")


def consider(chapter: Chapter, problems: Problems) -> None:
    """Warn of each, at its place."""
    rules = chapter.options.get("rules")
    for at, rule in enumerate(rules.rules if isinstance(rules, Rules) else ()):
        _aimless(chapter, at, rule, problems)
        _in_vain(chapter, at, rule, problems)
        _cooled(chapter, at, rule, problems)
    if isinstance(rules, Rules):
        _stopped(chapter, rules, problems)
        _wild(chapter, rules, problems)
        _short(chapter, rules, problems)
    for path, condition in values(chapter):
        if isinstance(condition, Condition):
            words = list(tokens(condition.source))
            _uncounted(chapter, path, words, problems)
            _elsewhere(chapter, path, words, problems)


def _aimless(chapter: Chapter, at: int, rule: Rule, problems: Problems) -> None:
    """A rule that asks nothing of a message, and answers it or is against its author."""
    asks = rule.words or rule.patterns or (rule.if_ is not None and rule.if_.source.strip() != "true")
    verbs = [action.verb for action in rule.then if action.verb in _FOR_EVERYTHING]
    if "message" in rule.when and not asks and verbs and rule.mode != "off":
        path: tuple[Step, ...] = ("rules", at, "when")
        chapter.tell(problems, "warning", path, _AIMLESS.filled(verb=verbs[0]))


def _cooled(chapter: Chapter, at: int, rule: Rule, problems: Problems) -> None:
    """A `cooldown` where nothing is said that it could hold back."""
    if "cooldown" in rule.model_fields_set and all(action.verb in _NOT_HELD_BACK for action in rule.then):
        path: tuple[Step, ...] = ("rules", at, "cooldown")
        verbs = [action.verb for action in rule.then]
        why = _CAPPED if "points" in verbs or "thank" in verbs else _COOLED
        chapter.tell(problems, "warning", path, why.filled(verb=verbs[0]))


def _stopped(chapter: Chapter, rules: Rules, problems: Problems) -> None:
    """Rules behind one that acts on everything and lets no other come."""
    asked = [(at, rule) for at, rule in enumerate(rules.rules) if rule.mode != "off"]
    for judges in (True, False):
        same = [(at, rule) for at, rule in asked if rule.judges is judges]
        for nth, (at, rule) in enumerate(same):
            asks = rule.words or rule.patterns or (rule.if_ is not None and rule.if_.source.strip() != "true")
            if not rule.stop or asks or rule.exempt or rule.unless_granted or rule.mode != "on":
                continue
            after = next((later.id for _, later in same[nth + 1 :] if {*later.when} <= {*rule.when}), None)
            if after is not None:
                path: tuple[Step, ...] = ("rules", at, "stop")
                why = _STOPPED.filled(rule=after)
                chapter.tell(problems, "warning", path, why)
                break


def _wild(chapter: Chapter, rules: Rules, problems: Problems) -> None:
    """Words that look like patterns, and hosts with a `*`: they are read as they stand."""
    entries: list[tuple[tuple[Step, ...], str, Said]] = []
    for name, kept in rules.lists.items():
        entries += [(("lists", name, "words", n), word, _WILD_WORD) for n, word in enumerate(kept.words)]
        entries += [(("lists", name, "domains", n), host, _WILD_HOST) for n, host in enumerate(kept.domains)]
    hosts = rules.links.allowed_domains if rules.links is not None else ()
    if not isinstance(hosts, str):
        entries += [(("links", "allowed_domains", n), host, _WILD_HOST) for n, host in enumerate(hosts)]
    for path, entry, why in entries:
        if _PATTERN.search(entry) if why is _WILD_WORD else "*" in entry:
            at = path if len(chapter.spot.known(path)) > 2 else (*path[:2], path[-1])
            guess = "" if why is _WILD_WORD else f"`{entry.removeprefix('*.')}`"
            chapter.tell(problems, "warning", at, why.filled(entry=entry), guess=guess)


def _short(chapter: Chapter, rules: Rules, problems: Problems) -> None:
    """Lists with words of two Han letters, by which somebody is punished: longer words hold them, too."""
    against: set[str] = set()
    for rule in rules.rules:
        if rule.mode == "on" and any(action.verb in _DONE for action in rule.everything):
            against.update(rule.words)
    for name, kept in rules.lists.items():
        short = [word for word in kept.words if len(word) == 2 and is_han(word)] if name in against else []
        if short:
            spot = chapter.spot.at_path(("lists", name))
            named = ", ".join(short[:_NAMED]) + ("…" if len(short) > _NAMED else "")
            problems.tell("note", spot.name, chapter.spot.known(("lists", name)), _SHORT.filled(words=named))


def _in_vain(chapter: Chapter, at: int, rule: Rule, problems: Problems) -> None:
    """A rule that waits for an event which nothing brings."""
    for n, when in enumerate(rule.when):
        workflow, section = _BRINGS.get(when, ("", ""))
        if workflow and not _written(chapter, workflow):
            path: tuple[Step, ...] = ("rules", at, "when", n)
            chapter.tell(problems, "warning", path, _IN_VAIN.filled(when=when, section=section))


def _uncounted(chapter: Chapter, path: tuple[Step, ...], words: list[Token], problems: Problems) -> None:
    """A number that nothing counts. Who is an ambassador by one is looked at with the ambassadors."""
    for asked in free_paths(words) if path[0] != "ambassadors" else ():
        workflow, section = _COUNTS.get(asked.name, ("", ""))
        if workflow and not _written(chapter, workflow):
            _tell(chapter, path, words[asked.first], problems, _UNCOUNTED.filled(field=asked.name, section=section))
        elif asked.name == "member.helped_30d" and not thanked(chapter):
            _tell(chapter, path, words[asked.first], problems, _UNTHANKED)


def _written(chapter: Chapter, workflow: str) -> bool:
    """Whether a section of a workflow is there, well written or not."""
    return workflow in chapter.options or attempted(chapter, workflow)


def _elsewhere(chapter: Chapter, path: tuple[Step, ...], words: list[Token], problems: Problems) -> None:
    """`now.getHours()` without a zone is told by the clock of UTC."""
    if chapter.heading is None or str(chapter.community.timezone) in ("UTC", "Etc/UTC", "GMT", "Etc/GMT"):
        return
    for at in range(len(words) - 3):
        dot, name, *brackets = (word.text for word in words[at : at + 4])
        if dot == "." and name in _OF_A_ZONE and brackets == ["(", ")"]:
            guess = f"`{name}(group.timezone)`"
            _tell(chapter, path, words[at + 1], problems, _BY_UTC.filled(name=name), guess=guess)


def _tell(
    chapter: Chapter, path: tuple[Step, ...], word: Token, problems: Problems, why: Said, *, guess: str = ""
) -> None:
    spot = chapter.spot.at_path(path)
    before = len(spot.written) - len(spot.written.lstrip())
    place = spot.inside(spot.written, before + word.start)
    problems.tell("warning", place, chapter.spot.known(path), why, guess=guess)


_AIMLESS: Final = said(
    "this acts (`{verb}`) on every message of every member; say on which, by `if`, `words` or `patterns`",
    "这条规则对每个成员的每条消息都会执行（`{verb}`）；请用 `if`、`words` 或 `patterns` 写明是哪些消息",
)
_COOLED: Final = said(
    "`cooldown` holds back warnings and words, and this rule has none: `{verb}` comes each time",
    "`cooldown` 只管警告和说的话，这条规则里没有：`{verb}` 每次都会执行",
)
_CAPPED: Final = said(
    "`cooldown` holds back warnings and words: `{verb}` comes each time; write `cap_per_day` or `pair_cooldown` there",
    "`cooldown` 只管警告和说的话：`{verb}` 每次都会执行；请在那里写 `cap_per_day` 或 `pair_cooldown`",
)
_STOPPED: Final = said(
    "this rule acts each time and lets none of its kind come after it: `{rule}` is passed over",
    "这条规则每次都会执行，后面同类的规则就都不看了：`{rule}` 轮不到",
)
_IN_VAIN: Final = said(
    "without `{section}:` there is no `{when}`, so this never happens",
    "没有 `{section}:`，就不会有 `{when}`，这条规则永远不会执行",
)
_UNCOUNTED: Final = said(
    "without `{section}:` nothing counts `{field}`: it is 0 for everybody",
    "没有 `{section}:`，就没有哪里会算 `{field}`：谁都是 0",
)
_UNTHANKED: Final = said(
    "nothing counts who thanked whom, so `member.helped_30d` is 0 for everybody; write a rule with `thank`, or "
    "`questions:`",
    "没有哪里会记下谁谢了谁，`member.helped_30d` 谁都是 0；请写一条带 `thank` 的规则，或写 `questions:`",
)
_BY_UTC: Final = said(
    "`{name}()` without a zone is told by the clock of UTC, not by the group's",
    "`{name}()` 里不写时区，看的是 UTC 的钟，不是群里的",
)
_WILD_WORD: Final = said(
    "a word of a list is looked for as it stands, `{entry}` too; write patterns under `patterns:`",
    "词表里的词按字面找，`{entry}` 也是；正则请写在 `patterns:` 里",
)
_WILD_HOST: Final = said(
    "no host has a `*`, so `{entry}` is none; in `links` subdomains are allowed with their domain",
    "网址里没有 `*`，`{entry}` 什么也对不上；`links` 里写了域名，子域名也就允许了",
)
_SHORT: Final = said(
    "words of two letters are found in longer ones, too, as `代购` is in `历代购书`: {words}; list longer ones, or try "
    "the rule in `mode: shadow` first",
    "两个字的词在更长的话里也找得到，比如 `历代购书` 里有 `代购`：{words}；请写长一点的词，或先用 `mode: shadow` 试试",
)
