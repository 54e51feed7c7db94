"""How commands are answered: in which language, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.effects import Choice, Effect, React, Say, TellAdmins, Words, plain
from core.events import Instructed, MessagePosted
from core.people import PERSON, platform_of
from core.quick import maker, quick
from core.workflow import Group, View
from workflows import rights
from workflows.commands import DESK, GROUP, PRIVATE
from workflows.rights import OPERATOR_PLATFORM

_say: Final = maker(Say)
_react: Final = maker(React)
_tell_admins: Final = maker(TellAdmins)

_DONE = "👌"
_SHOWS_A_NAME: Final = frozenset(
    (
        "points_how", "tier_how", "tier_form", "ambassador_form", "checkin_form", "checkin_how", "onboarding_form",
        "conversion_form", "note_how",
    )
)  # fmt: skip
"""The sentences that show how a command is written that names somebody: `command.somebody`."""
_OPERATORS: Final = f"{OPERATOR_PLATFORM}:"


@quick
@dataclass(frozen=True, slots=True)
class Voice:
    """The sentences of the section `commands` in one language. Each may speak of what it is given, as `command.…`.

    `by_name`: whoever reads them names people by their names, as there are no usernames, and presses no buttons.
    """

    group: Group
    language: str
    by_name: bool = False

    @staticmethod
    def hearing(event: MessagePosted, view: View) -> Voice:
        """For whoever wrote a message."""
        return _voice(view.group, rights.language(event, view), _by_name(event, view.group))

    @staticmethod
    def answering(event: Instructed, view: View) -> Voice:
        """For whoever gave an order."""
        if event.arguments.get("place") == DESK:
            return _voice(view.group, view.group.languages[0], _by_name(event, view.group))
        return _voice(view.group, view.language(), _by_name(event, view.group))

    def among_admins(self) -> Voice:
        """For the admins all together."""
        return Voice(self.group, self.group.languages[0])

    def say(self, key: str, **values: object) -> Words:
        """A sentence."""
        return self.tell(key, values)

    def tell(self, key: str, values: Mapping[str, object]) -> Words:
        """The same with values that are together already."""
        if key in _SHOWS_A_NAME:
            somebody = self.group.texts.say(f"usage.{'by_name' if self.by_name else 'by_username'}", self.language, {})
            values = {**values, "somebody": plain(somebody)}
        return self.group.texts.say(f"commands.{key}", self.language, {"command": values})

    def label(self, key: str) -> str:
        """A short sentence as plain text."""
        return plain(self.say(key))

    def answer(
        self, event: Instructed, words: Words, choices: Sequence[Choice] = (), *, discreet: bool = False
    ) -> Effect:
        """Words where the order was given; `discreet` ones for nobody but who gave it."""
        where, actor = event.arguments.get("place"), event.actor
        if where is None or where == DESK or actor.account.startswith(_OPERATORS):
            return _tell_admins(words=words, choices=tuple(choices))
        if discreet and actor.kind is not PERSON:
            return _tell_admins(words=words)
        if where == PRIVATE:
            return _say(words=words, to=actor.account, urgency="now", confidential=discreet)
        message, topic = event.arguments.get("message"), event.arguments.get("topic")
        asked, there = str(message) if message else None, str(topic) if topic else None
        if discreet:
            return _say(
                words=words,
                to=actor.account,
                reply_to=asked,
                topic=there,
                urgency="now",
                confidential=True,
                language=self.language,
            )
        return _say(
            words=words,
            reply_to=asked,
            topic=there,
            choices=tuple(choices),
            chooser=actor.account if choices and actor.kind is PERSON else None,
            urgency="now",
            quiet=True,
        )

    def done(self, event: Instructed, words: Words, choices: Sequence[Choice], *, quiet: bool) -> Effect:
        """That it was done: in words, or by a reaction where the operator likes it quiet and people can react."""
        message = event.arguments.get("message") if quiet else None
        if message and event.arguments.get("place") == GROUP:
            topic = event.arguments.get("topic")
            return _react(message=str(message), emoji=_DONE, instead=words, topic=str(topic) if topic else None)
        return self.answer(event, words, choices)

    def aloud(self, event: MessagePosted, words: Words, choices: Sequence[Choice]) -> Say:
        """Words under a message, with buttons that anybody can press."""
        return _say(
            words=words, reply_to=event.message, topic=event.topic, choices=tuple(choices), urgency="now", quiet=True
        )


def _by_name(event: Instructed | MessagePosted, group: Group) -> bool:
    return platform_of(event.actor.account) in group.numbered


_voice: Final = maker(Voice)
