"""What is pressed and commanded in the admins' own chat: it counts in the group that it is about.

A press belongs to the group of the line. A command belongs to the group of the line that it answers; else to the group
that it names (`/status #reading`), or to the only one that has this desk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from core.delivery import Inlet
from core.events import ButtonPressed, Event, MessagePosted
from core.interest import SLASHES
from core.lines import addressee
from core.people import Actor
from core.workflow import Group


class Desk:
    """An inlet before the inlet, for one account. `is_admin` is the platform's word about somebody in a group."""

    def __init__(
        self, inlet: Inlet, groups: Callable[[], Mapping[str, Group]], is_admin: Callable[[Actor, str], bool]
    ) -> None:
        self._inlet = inlet
        self._groups = groups
        self._is_admin = is_admin

    async def take(self, events: Sequence[Event]) -> None:
        """See `core.delivery.Inlet.take`."""
        await self._inlet.take([self._about(event) for event in events])

    def _about(self, event: Event) -> Event:
        if type(event) is ButtonPressed:
            return self._meant(event)
        if type(event) is MessagePosted and event.text.startswith(SLASHES):
            return self._commanded(event)
        return event

    def _commanded(self, event: MessagePosted) -> MessagePosted:
        """A command at a desk. What the desk says of who is an admin says nothing about the group."""
        groups = [key for key, group in self._groups().items() if group.desk == event.group != key]
        if not groups:
            return event
        reply, text = event.reply_to, event.text
        group, data = addressee(reply.data, groups) if reply is not None else (None, "")
        named = _NAMED.search(text)
        if group is None and named is not None and named[1] in groups:
            group, text = named[1], text[: named.start()] + text[named.end() :]
        if group is None and len(groups) == 1:
            group = groups[0]
        if group is None:
            return event
        if reply is not None:
            author = replace(reply.author, admin=False) if reply.author is not None else None
            reply = replace(reply, author=author, data=data)
        return replace(
            event,
            group=group,
            text=text,
            desk=True,
            private=True,
            reply_to=reply,
            mentions=tuple(replace(one, admin=False) for one in event.mentions),
            actor=replace(event.actor, admin=self._is_admin(event.actor, group)),
        )

    def _meant(self, event: ButtonPressed) -> ButtonPressed:
        group, data = addressee(event.data, self._groups())
        if group is None:
            return event
        # Being an admin of the desk makes nobody one of the group.
        actor = replace(event.actor, admin=self._is_admin(event.actor, group))
        return replace(event, group=group, data=data, actor=actor, topic=None)


_NAMED: Final = re.compile(r"\s#([a-z0-9][a-z0-9_-]{0,39})(?=\s|$)")
