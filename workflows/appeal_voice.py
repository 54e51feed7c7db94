"""What is said of appeals, and to whom."""

from __future__ import annotations

from core.decision import Decision
from core.effects import Choice, Effect, Say, Words, plain
from core.events import ButtonPressed, MessagePosted
from core.people import Account
from core.workflow import View
from workflows import appeal_book, deed_words, rule_names, steering_books
from workflows.acts import Act
from workflows.appeal_book import APPEAL, NAME
from workflows.rule_options import Rules
from workflows.rule_orders import RULE as BY_HAND


def facts_of(act: Act, view: View, language: str) -> dict[str, object]:
    """An act as its member may know it: an admin's own words, but of a rule its name and not what it looks for."""
    own = steering_books.reasons(act.because, language) if act.rule == BY_HAND else ""
    return {
        "what": deed_words.told(act.did, view.group, language, act.where),
        "when": view.group.moment(act.at),
        "why": own or known_as(act.rule, view, language),
    }


def done_by(act: Act, view: View, language: str) -> str:
    """Who did it, as the admins read it: an admin, a rule, or a rule as an admin agreed to it."""
    if not rule_names.known(act.rule, view.group):
        return act.by or act.rule
    rule = plain(say(view, language, "by_rule", rule=rule_names.called(act.rule, view.group, language)))
    return f"{rule}{'，' if language == 'zh' else ', '}{act.by}" if act.by else rule


def known_as(rule: str, view: View, language: str) -> str:
    """What members know a rule as."""
    rules = view.group.options(Rules) or Rules()
    return rules.named(rule, language) or plain(say(view, language, "by_admin" if rule == BY_HAND else "by_rules"))


def say(view: View, language: str, key: str, **values: object) -> Words:
    """A sentence of the section `appeals`."""
    return view.group.texts.say(f"{NAME}.{key}", language, {"appeal": values})


def in_private(who: Account, words: Words, choices: tuple[Choice, ...] = ()) -> Say:
    """Words for one member alone."""
    return Say(words=words, to=who, choices=choices, chooser=who if choices else None, urgency="now", confidential=True)


def refusal(event: MessagePosted | ButtonPressed, view: View, key: str, because: str, **values: object) -> Decision:
    """Why somebody cannot appeal, told to them."""
    language = view.language()
    words = say(view, language, key, group=appeal_book.called(view.group), **values)
    effects: tuple[Effect, ...] = (in_private(event.actor.account, words),)
    return Decision(effects=effects, because=(f"no appeal: {because}",), rule=APPEAL)
