"""`退订提醒`, `stop reminders`: a member is not reminded any more, or is again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from core.decision import NOTHING, Decision, Put
from core.effects import Effect, React, Say
from core.events import Event, MessagePosted
from core.state import Key
from core.workflow import View, Workflow
from workflows.commands import Command
from workflows.quiet_wishes import QUIET, Quiet, may_be, wished

COMMANDS: Final = (Command(name="optout", zh=("退订", "退订提醒"), bare=True, workflow="quiet"),)
"""For menus, help and the table of rights; what is understood beside it stands in `quiet_wishes`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """Every group that reminds lets its members say no. `quiet`: by a reaction, not a line."""

    quiet: bool = False


def reads(event: Event, options: Reminded) -> Iterable[Key[Any]] | None:
    assert isinstance(event, MessagePosted)
    return None if wished(event) is None else (QUIET.of(event.actor.account),)


def decide(event: Event, options: Reminded, view: View) -> Decision:
    assert isinstance(event, MessagePosted)
    wish = wished(event)
    if wish is None:
        return NOTHING
    account, group = event.actor.account, view.group
    key = "off" if wish else "on"
    words = group.texts.say(f"quiet.{key}", view.language(), {})
    if event.private:
        said: Effect = Say(words=words, to=account, urgency="now")
    elif options.quiet:
        said = React(message=event.message, emoji="👌", instead=words, topic=event.topic)
    else:
        said = Say(words=words, reply_to=event.message, topic=event.topic, quiet=True, urgency="now")
    known = view.get(QUIET.of(account)) or Quiet()
    changes = (Put(QUIET.of(account), Quiet(on=wish)),) if known.on != wish else ()
    because = "does not want to be reminded" if wish else "wants to be reminded again"
    return Decision(changes=changes, effects=(said,), because=(because,), rule=key)


workflow = Workflow(
    "quiet",
    Reminded,
    frozenset((MessagePosted,)),
    reads,
    decide,
    deaf=lambda opening, options: not may_be(opening),
)
