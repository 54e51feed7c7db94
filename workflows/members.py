"""What members ask for: their own standing, the leaderboard, the rules, help, the language to be spoken with, and
what becomes of their data.

Where a check-in or the tiers answer the same word by their own keywords, they do, and nothing is said twice. Staff
stand on the leaderboard without a place: they win no prizes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from core import state
from core.decision import NOTHING, Decision, SpeakTo
from core.effects import React, Words, in_lines, plain
from core.events import Event, MessagePosted
from core.people import PERSON, Account, native_of, only_called
from core.quick import maker
from core.state import POINTS, WARNING, Key
from core.workflow import View, Workflow
from workflows import facts, helping, ladder, privacy, rights, tier_telling
from workflows.check_in_book import name_of
from workflows.check_in_hold import live
from workflows.check_in_options import CheckIns
from workflows.commands import GROUP, PRIVATE, SLASHES, TRAILING, Call, place
from workflows.facts import STREAKS, TIER, shown_name
from workflows.faq import asked
from workflows.faq_options import Faq
from workflows.happened import Grouped
from workflows.member_commands import BOOK
from workflows.plain_text import LONGEST_NAME, before_a_number, one_line
from workflows.reasons import in_language
from workflows.rule_options import Rules
from workflows.texts import Text
from workflows.tier_options import Tiers
from workflows.tier_standing import TierStanding

_decision: Final = maker(Decision)

TOP: Final = 10
_SPARE: Final = 30
"""How many more lines than shown are read, because bots and channels are left out."""
_MOST_WARNINGS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """What the community does besides, so that its members can be told; `rules_text` are its rules in its own words.

    `quiet`: what can be answered by a reaction is.
    """

    faq: Faq | None = None
    tiers: Tiers | None = None
    check_ins: CheckIns | None = None
    rules: Rules | None = None
    rules_text: Text | None = None
    quiet: bool = False


def reads(event: Event, options: Members) -> Iterable[Key[Any]] | None:
    call = BOOK.heard(event)
    if call is None or not isinstance(event, MessagePosted) or _answered_elsewhere(event, options):
        return None
    who = event.actor.account
    match call.command.name:
        case "me":
            return tuple(_standing_keys(event, options))
        case "top":
            return (state.standings(POINTS, TOP + _SPARE), state.balance(POINTS, who))
        case privacy.MYDATA | privacy.FORGET:
            return privacy.reads(event)
        case "rules" if (text := _written_rules(options, call)) is not None:
            return dict.fromkeys(facts.reads(text.names, who, event.at))
    return ()


def decide(event: Event, options: Members, view: View) -> Decision:
    call = BOOK.heard(event)
    if call is None or not isinstance(event, MessagePosted):
        return NOTHING
    if call.command.name not in _OF_ONES_OWN and view.actor().left is not None and place(event) is PRIVATE:
        return NOTHING
    no = rights.refused(call, event, view)
    if no is not None:
        return no
    discreet = False
    match call.command.name:
        case "me":
            return _me(call, event, options, view)
        case "top":
            return _top(call, event, view)
        case privacy.MYDATA | privacy.FORGET:
            return privacy.decide(call, event, view)
        case "rules":
            words, told = _rules(call, event, options, view), "asked for the rules"
        case "help":
            found = helping.answer(call, event, options.check_ins, view)
            if found is None:
                return NOTHING
            (words, discreet), told = found, "asked for help"
        case _:
            return _language(call, event, options, view)
    effects = (rights.answer(call, event, view, words, discreet=discreet),)
    return _decision(effects=effects, because=(told,), rule=call.command.name)


_OF_ONES_OWN: Final = frozenset((privacy.MYDATA, privacy.FORGET))
"""What those who left can still ask for: what is kept about them is theirs wherever they are."""


def _answered_elsewhere(event: MessagePosted, options: Members) -> bool:
    """Whether the operator gave the word to an answer of theirs, to a check-in or to the tiers."""
    if options.faq is not None and asked(event, options.faq) is not None:
        return True
    if options.tiers is not None and options.tiers.asks(event):
        return True
    return options.check_ins is not None and bool(options.check_ins.lexicon.heard(event.text))


# One's own standing


def _standing_keys(event: MessagePosted, options: Members) -> Iterator[Key[Any]]:
    who = event.actor.account
    yield state.balance(POINTS, who)
    yield state.entries(WARNING, who)
    yield STREAKS.of(who)
    if options.tiers is not None:
        yield TIER.of(who)
        yield from facts.reads(options.tiers.names, who, event.at)


def _me(call: Call, event: MessagePosted, options: Members, view: View) -> Decision:
    if event.actor.kind is not PERSON:
        return NOTHING
    member, who = view.actor(), event.actor.account
    lines = _whose(event, view)
    if options.tiers is None:
        lines.append(_say(event, view, "me", name=shown_name(member), points=view.get(state.balance(POINTS, who))))
    else:
        known = facts.values(options.tiers.names, view, member, event.at)
        standing = view.get(TIER.of(who)) or TierStanding(since=event.at)
        lines.append(tier_telling.standing(event, options.tiers, view, known, standing))
    lines += _streaks(event, options, view, who)
    lines += _warnings(event, options, view, who)
    words = in_lines(lines)
    return _decision(
        effects=(rights.answer(call, event, view, words),), because=("asked for their standing",), rule="me"
    )


def _whose(event: MessagePosted, view: View) -> list[Words]:
    """Of which group numbers are that are asked for in private: who writes may be in several (ADR 008)."""
    if place(event) is not PRIVATE:
        return []
    return [_say(event, view, "of_group", group=view.group.called(view.language()))]


def _streaks(event: MessagePosted, options: Members, view: View, who: Account) -> Iterator[Words]:
    streaks = view.get(STREAKS.of(who))
    if streaks is None or options.check_ins is None:
        return
    language = view.language()
    for id_ in options.check_ins:
        streak = streaks.of.get(id_)
        if streak is None or streak.run is None:
            continue
        challenge = options.check_ins[id_]
        days, name = live(view.group, challenge, streak, event.at), name_of(id_, challenge, language)
        yield _say(event, view, "streak", name=name, days=days, best=streak.run.best)


def _warnings(event: MessagePosted, options: Members, view: View, who: Account) -> Iterator[Words]:
    """Those that count, by what the member knows the rule as, or the admin's reason; with when each stops to."""
    live = ladder.counting(view.get(state.entries(WARNING, who)), event.at)
    if not live:
        return
    yield _say(event, view, "warnings", live=len(live))
    language = view.language()
    for entry in live[-_MOST_WARNINGS:]:
        until = f"{view.group.local(entry.expires):%Y-%m-%d}" if entry.expires is not None else "-"
        known = options.rules.named(entry.rule, language) if options.rules is not None else ""
        why = known or in_language(one_line(entry.reason), language) or plain(_say(event, view, "by_admin"))
        yield _say(event, view, "warning", why=why, until=until)


# All together


def _top(call: Call, event: MessagePosted, view: View) -> Decision:
    rows = [row for row in view.get(state.standings(POINTS, TOP + _SPARE)) if row.kind is PERSON and row.amount > 0]
    if view.group.platforms:  # where it is served; an export may know people by their names alone
        rows = [row for row in rows if not only_called(row.account, row.name)]
    lines, place_ = [], 0
    for row in rows:
        staff = row.account in view.group.staff or row.account in view.group.owners or row.account in event.admins
        name = before_a_number(one_line(row.name, LONGEST_NAME) or native_of(row.account))
        if staff:
            lines.append(_say(event, view, "top_staff", name=name, points=row.amount))
        else:
            place_ += 1
            lines.append(_say(event, view, "top_line", place=place_, name=name, points=row.amount))
        if place_ == TOP or len(lines) >= TOP + _SPARE // 2:
            break
    key = "top" if lines else "top_empty"
    words = in_lines([*_whose(event, view), _say(event, view, key), *lines])
    own = view.get(state.balance(POINTS, event.actor.account))
    if lines and event.actor.kind is PERSON:
        words = in_lines([words, _say(event, view, "top_own", points=own)])
    return _decision(effects=(rights.answer(call, event, view, words),), because=("asked for the board",), rule="top")


def _rules(call: Call, event: MessagePosted, options: Members, view: View) -> Words:
    """The operator's own words, or a line for each rule that has a name."""
    language, text = view.language(), _written_rules(options, call)
    if text is not None:
        known = facts.values(text.names, view, view.actor(), event.at)
        return text.say(language, {"group": Grouped(view.group), "member": known})
    lines = []
    for judge in options.rules.book.judging() if options.rules is not None else ():
        title = judge.title(view.group)(language)
        if title != judge.id:
            lines.append(_say(event, view, "rule", text=title))
    if not lines:
        return _say(event, view, "rules_none")
    return in_lines([_say(event, view, "rules_head", group=view.group.community or view.group.key), *lines])


def _written_rules(options: Members, call: Call) -> Text | None:
    """The rules in the operator's words: those of the house, or the answer to who asks for them without a slash."""
    if options.rules_text is not None or options.faq is None:
        return options.rules_text
    asked_by = (options.faq.index.asked(word) for word in (*call.command.zh, *call.command.en))
    id_ = next((id_ for id_ in asked_by if id_ is not None), None)
    return options.faq[id_].answer if id_ is not None else None


def _language(call: Call, event: MessagePosted, options: Members, view: View) -> Decision:
    if event.actor.kind is not PERSON:
        return NOTHING
    wanted = LANGUAGES.get(call.rest.strip(TRAILING).casefold())
    if wanted is None and call.rest and event.text[:1] not in SLASHES:
        return NOTHING  # talk of languages
    if wanted is None or wanted not in view.group.languages:
        words = _say(event, view, "language_how", languages=" / ".join(map(_own_name, view.group.languages)))
        return _decision(
            effects=(rights.answer(call, event, view, words),), because=("no such language",), rule="language"
        )
    words = view.group.texts.say("members.language_now", wanted, {})
    quiet = options.quiet and place(event) is GROUP
    reaction = React(message=event.message, emoji="👌", instead=words, topic=event.topic)
    return _decision(
        changes=(SpeakTo(member=event.actor.account, language=wanted),),
        effects=(reaction if quiet else rights.answer(call, event, view, words),),
        because=("chose a language",),
        rule="language",
    )


LANGUAGES: Final = {
    **dict.fromkeys(("en", "english", "en-us", "en-gb", "英文", "英语", "英語"), "en"),
    **dict.fromkeys(("zh", "zh-cn", "zh-hans", "zh-tw", "zh-hant", "cn", "chinese"), "zh"),
    **dict.fromkeys(
        ("中文", "汉语", "漢語", "普通话", "简体", "简体中文", "繁体", "繁體", "繁体中文", "繁體中文"), "zh"
    ),
}
"""How people write the languages."""


def _own_name(language: str) -> str:
    """What its speakers call a language."""
    return {"en": "English", "zh": "中文"}.get(language, language)


def _say(event: MessagePosted, view: View, key: str, **values: object) -> Words:
    return view.group.texts.say(f"members.{key}", view.language(), {"command": values})


workflow = Workflow(
    "members",
    Members,
    frozenset((MessagePosted,)),
    reads,
    decide,
    steers=True,
    outsiders=True,
    deaf=BOOK.deaf,
)
