"""How events are spoken of: the post with its buttons, the reminder, the list of who comes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from core.effects import Choice, Mention, Words, in_lines
from core.people import Member
from core.workflow import Group
from workflows.event_book import Next, Table
from workflows.event_options import Gathering
from workflows.facts import shown_name
from workflows.plain_text import inert

PRESSED: Final = "event:"
IN, OUT = "in", "out"
"""What is chosen where it is asked which event is meant."""
PRIVATELY: Final = "-"
"""Behind it where that was asked in private: a press does not say where it was."""
MOST_NAMED: Final = 20
"""Who is named in one message; the rest is counted."""


class Voice:
    """Speaks of one event in one language."""

    def __init__(self, group: Group, language: str, id_: str, gathering: Gathering, next_: Next) -> None:
        self.group, self.language, self.id, self.gathering, self.next = group, language, id_, gathering, next_

    def say(self, key: str, **more: object) -> Words:
        """A sentence about the event."""
        told = {"title": self.gathering.title.in_(self.language), "when": when(self.group, self.next.at, self.language)}
        return self.group.texts.say(f"events.{key}", self.language, {"event": {**told, "id": self.id, **more}})

    def post(self, table: Table) -> Words:
        """What the event is, and how many come."""
        lines = [self.say("title"), self.say("when"), *self._where()]
        if self.next.cancelled:
            return in_lines([*lines, self.say("is_cancelled")])
        if not self.next.open:
            opens = when(self.group, self.next.at - self.gathering.announce, self.language)
            return in_lines([*lines, self.say("opens", opens=opens)])
        buttons = not self.group.platforms or not set(self.group.numbered).issuperset(self.group.platforms)
        return in_lines([*lines, self.count(table), self.say("how" if buttons else "how_in_words")])

    def told(self, table: Table) -> list[Words]:
        """What the event is, and how many come, in lines."""
        return [self.say("title"), self.say("when"), *self._where(), self.count(table)]

    def count(self, table: Table) -> Words:
        """How many come, of how many that can, and how many wait."""
        limit, waiting = self.gathering.limit, len(table.waiting)
        key = "count" if limit is None else "count_waiting" if waiting else "count_of"
        return self.say(key, coming=len(table.coming), limit=limit or 0, waiting=waiting)

    def choices(self) -> tuple[Choice, ...]:
        """The buttons, as long as somebody can answer."""
        if not self.next.open or self.next.cancelled:
            return ()
        day = f"{self.next.day:%Y%m%d}"
        return tuple(
            Choice(
                label="".join(str(part) for part in self.say(f"button_{answer}")),
                data=f"{PRESSED}{answer}:{self.id}:{day}",
            )
            for answer in ("yes", "no", "who")
        )

    @property
    def title(self) -> str:
        """What the event is called."""
        return self.gathering.title.in_(self.language)

    def to_pick(self, comes: bool, *, alone: bool, private: bool) -> Choice:
        """The button that tells that this event is meant; `alone`: no other is called like it."""
        label = self.title if alone else "".join(str(part) for part in self.say("pick"))
        answer = f"{IN if comes else OUT}{PRIVATELY if private else ''}"
        return Choice(label=label, data=f"{PRESSED}{answer}:{self.id}:{self.next.day:%Y%m%d}")

    def who(self, table: Table) -> Words:
        """Who comes and who waits, by name; nobody is notified."""
        lines = self.told(table)
        for key, members in (("coming", table.coming), ("waiting", table.waiting)):
            if members:
                lines.append((*self.say(key), *self._names(members)))
        return in_lines(lines)

    def called(self, key: str, members: Iterable[Member]) -> Words:
        """A sentence, and those whom it concerns, who are notified."""
        known = list(members)
        named = [part for m in known[:MOST_NAMED] for part in (" ", Mention(account=m.account, name=shown_name(m)))]
        rest = self.say("more", count=len(known) - MOST_NAMED) if len(known) > MOST_NAMED else ()
        return (*in_lines([self.say(key), *self._where()]), *named, *rest)

    def _where(self) -> list[Words]:
        place = self.gathering.place
        return [] if place is None else [self.say("place", place=place.in_(self.language))]

    def _names(self, members: tuple[Member, ...]) -> Words:
        comma = "、" if self.language == "zh" else ", "
        rest = self.say("more", count=len(members) - MOST_NAMED) if len(members) > MOST_NAMED else ()
        return (comma.join(inert(shown_name(member)) for member in members[:MOST_NAMED]), *rest)


def when(group: Group, at: datetime, language: str) -> str:
    """The local day and time with its zone: `12月5日（周六）19:30（Asia/Shanghai）`."""
    local = group.local(at)
    if language == "zh":
        return f"{local.month}月{local.day}日（周{'一二三四五六日'[local.weekday()]}）{local:%H:%M}（{group.zone.key}）"
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}, {local:%H:%M} ({group.zone.key})"


_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
