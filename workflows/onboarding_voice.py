"""Speaking with one newcomer: in their language, where they spoke, with what is known of them filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.effects import Choice, Mention, Say, Words, plain
from core.events import ButtonPressed, Event, MessagePosted
from core.people import Account, Member
from core.state import Key
from core.workflow import Group, View
from workflows import facts
from workflows.happened import Grouped
from workflows.onboarding_options import Onboarding
from workflows.texts import Text

_ALWAYS = frozenset({"member.name", "member.mention", "member.id"})


def names(options: Onboarding) -> frozenset[str]:
    """What the texts of these options want to know of a member, and what our own sentences do."""
    return _ALWAYS | frozenset(name for name in options.names if name.startswith("member."))


def heard(options: Onboarding, account: Account, at: datetime) -> tuple[Key[Any], ...]:
    """The state that texts for a member need; most texts need none."""
    return facts.reads(options.names, account, at) if options.looks_up else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How to speak with a member: the language, the group's texts, what is known, and where."""

    account: Account
    language: str
    group: Group
    known: Mapping[str, Mapping[str, object]]
    topic: str | None = None
    reply_to: str | None = None
    private: bool = False

    def own(self, key: str, **numbers: object) -> Words:
        """One of the assistant's sentences, with `${onboarding.…}` for the numbers."""
        return self.group.texts.say(key, self.language, {**self.known, "onboarding": numbers})

    def theirs(self, text: Text, **step: object) -> Words:
        """One of the operator's sentences."""
        return text.say(self.language, {**self.known, "step": step} if step else self.known)

    def asked_of(self, question: Words) -> Words:
        """A question with the member in front, unless it names them."""
        them = self.known["member"]["mention"]
        assert isinstance(them, Mention)
        return question if them in question or them.name in plain(question) else (them, "\n", *question)

    def say(
        self,
        *parts: Words,
        choices: tuple[Choice, ...] = (),
        softly: bool = False,
        expires: datetime | None = None,
    ) -> Say:
        """A message to the member, its parts a line apart; buttons are theirs alone."""
        words: list[Any] = []
        for part in parts:
            if part:
                words += ["\n\n", *part] if words else part
        return Say(
            words=tuple(words),
            to=self.account if self.private else None,
            reply_to=self.reply_to,
            topic=self.topic,
            choices=choices,
            chooser=self.account if choices else None,
            quiet=softly,
            expires=expires,
        )


def voice_for(
    member: Member, account: Account, event: Event, options: Onboarding, view: View, *, language: str = ""
) -> Voice:
    """The voice for a member, answering the event where it happened. `account` is where they are met today."""
    group = view.group
    met = member if member.account == account else replace(member, account=account)
    posted = event if isinstance(event, MessagePosted) else None
    private = posted is not None and posted.private
    topic = event.topic if isinstance(event, MessagePosted | ButtonPressed) else None
    return Voice(
        account=account,
        language=language if language in group.languages else group.language_of(member),
        group=group,
        known={
            "member": facts.values(names(options), view, met, event.at),
            "group": Grouped(group),
        },
        topic=topic if not private else None,
        reply_to=posted.message if posted is not None else None,
        private=private,
    )
