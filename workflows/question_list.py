"""The questions that wait, as admins ask for them."""

from __future__ import annotations

from typing import Final

from core import state
from core.decision import Decision
from core.effects import Effect, Say, TellAdmins, in_lines
from core.events import Instructed, MessagePosted
from core.people import Account, Member, platform_of
from core.workflow import View
from workflows import rights
from workflows.commands import Call, Place, place
from workflows.facts import shown_name
from workflows.plain_text import inert
from workflows.question_book import QUESTIONS, Questions
from workflows.question_options import KEPT
from workflows.question_thanks import NAME

LIST: Final = "list"
"""The order to say who asked what waits."""
_POINTED_TO: Final = 3
_MOST: Final = 10
"""In one message, where nothing can be pointed to."""


def listed(call: Call, event: MessagePosted, view: View) -> Decision:
    """The questions that wait, the oldest first: pointed to in the group, forwarded at the desk, counted elsewhere.
    Where nothing can be pointed to, they are listed by who asked."""
    no = rights.refused(call, event, view)
    if no is not None:
        return no
    kept, language, where = view.get(QUESTIONS.of_group()) or Questions(), rights.language(event, view), place(event)
    platform = platform_of(event.actor.account)
    recent = [one for one in kept.open if event.at - one.at < KEPT]
    if recent and platform in view.group.numbered:
        askers = [one.asker for one in recent[:_MOST] if one.asker]
        told = {"accounts": askers, "where": where.name, "message": event.message, "language": language}
        order = Instructed(
            id=event.id, at=event.at, group=event.group, actor=event.actor, workflow=NAME, verb=LIST, arguments=told
        )
        return Decision(follows=(order,), because=("asked which questions are open",), rule=NAME)
    here = [one for one in recent if one.platform in ("", platform)][:_POINTED_TO] if where is not Place.PRIVATE else []
    words = view.group.texts.say(
        f"{NAME}.{'listed' if recent else 'none_open'}", language, {"question": {"count": len(recent)}}
    )
    effects: list[Effect] = [rights.answer(call, event, view, words)]
    for one in here:
        when = view.group.moment(one.at, event.at)
        line = view.group.texts.say(f"{NAME}.one", language, {"question": {"when": when}})
        if where is Place.DESK:
            effects.append(TellAdmins(words=line, evidence=one.message))
        else:
            effects.append(Say(words=line, reply_to=one.message, topic=one.topic or None, quiet=True, urgency="now"))
    return Decision(effects=tuple(effects), because=("asked which questions are open",), rule=NAME)


def listed_by_name(event: Instructed, view: View) -> Decision:
    """Who asked the questions that wait, and when; nobody is notified."""
    kept, told = view.get(QUESTIONS.of_group()) or Questions(), event.arguments
    recent, language = [one for one in kept.open if event.at - one.at < KEPT], str(told.get("language", ""))
    say = view.group.texts.say
    lines = [say(f"{NAME}.listed", language, {"question": {"count": len(recent)}})]
    for one in recent[:_MOST]:
        asker: Member | None = view.get(state.member(Account(one.asker))) if one.asker in event.accounts else None
        values: dict[str, object] = {"when": view.group.moment(one.at, event.at)}
        if asker is not None:
            values["by"] = inert(shown_name(asker))
        lines.append(say(f"{NAME}.one_by" if asker is not None else f"{NAME}.one_of", language, {"question": values}))
    if len(recent) > _MOST:
        lines.append(say(f"{NAME}.more", language, {"question": {"count": len(recent) - _MOST}}))
    words, where = in_lines(lines), told.get("where")
    effect: Effect = Say(words=words, reply_to=str(told.get("message")), quiet=True, urgency="now")
    if where == Place.DESK.name:
        effect = TellAdmins(words=words)
    elif where == Place.PRIVATE.name:
        effect = Say(words=words, to=event.actor.account, urgency="now")
    return Decision(effects=(effect,), because=("asked which questions are open",), rule=NAME)
