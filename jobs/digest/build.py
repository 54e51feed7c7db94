"""One digest of one group, from the books to what is said: to the group, to its admins, and to who asked for it.

Everything follows from the books, the options and the instant: building a digest again gives the same ids, and the
outbox has each of them once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Final

from adapters.telegram.addresses import is_supergroup
from core.books import Books
from core.directory import numbered_on
from core.effects import Effect, Say, TellAdmins, Words
from core.people import NOBODY, ActorKind, Member, PersonId
from core.ports import AuditRow, OutboxRow
from core.routing import NOWHERE, announced
from core.workflow import Group
from jobs.digest.chart import Chart, NoCharts, begins, drawn
from jobs.digest.compose import composed
from jobs.digest.figures import Figures, Rollups, gathered
from workflows.digest_options import ADMINS, SUBSCRIBERS, Digest
from workflows.digest_periods import Period, told_on
from workflows.digest_wishes import WISHES
from workflows.digests import LATEST
from workflows.question_book import Open
from workflows.reach import SHUT, shut

SLICE: Final = 200
"""Subscribers who are told in one transaction; the others follow in slices of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A digest in one language: its words, and its chart if there is one."""

    words: Words
    picture: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A digest as it goes out: the rows of the outbox, and the line of the audit. `told` is the last subscriber in it
    if there are more of them."""

    outbox: tuple[OutboxRow, ...]
    audit: tuple[AuditRow, ...]
    told: PersonId | None = None


Draw = Callable[[Chart, str], bytes]
"""Makes a picture of a chart in a language. Raises NoCharts."""


class Builder:
    """Builds the digests of a store. `groups` are those of the configuration in use, with their platforms."""

    def __init__(self, groups: Mapping[str, Group], rollups: Rollups, books: Books, draw: Draw = drawn) -> None:
        self._groups = groups
        self._rollups = rollups
        self._books = books
        self._draw = draw

    def built(
        self,
        group: Group,
        id_: str,
        digest: Digest,
        day: date,
        due: datetime,
        at: datetime,
        after: PersonId | None = None,
    ) -> Built:
        """The digest that is told on a local day; it was due at `due` and is built at `at`. With `after`, all but the
        subscribers who follow this one have been told."""
        period = told_on(digest.at, day)
        told: dict[str, Told] = {}
        notes: list[str] = []

        def in_language(language: str) -> Told:
            if language not in told:
                told[language] = self.told(group, digest, period, due, language, notes)
            return told[language]

        expires = due + LATEST[digest.span]
        root = f"digest:{group.key}:{id_}:{day.isoformat()}"
        sayings = list(self._sayings(group, digest, in_language, expires)) if after is None else []
        subscribed = self._subscribers(group, at, after, notes) if SUBSCRIBERS in digest.to else []
        for member in subscribed[:SLICE]:
            say = replace(_say(in_language(group.language_of(member)), expires), to=member.account, confidential=True)
            sayings.append((f"{SUBSCRIBERS}:{member.person}", group, say))
        outbox = [
            OutboxRow(
                f"{root}/{where}" if not platform else f"{root}/{where}@{platform}",
                at,
                home.key,
                root,
                "digests",
                type(effect).__name__,
                effect,
                expires,
                platform,
            )
            for where, home, effect in sayings
            for platform in _platforms(home, effect)
        ]
        whom = sorted({row.id.removeprefix(f"{root}/").partition(":")[0].partition("@")[0] for row in outbox})
        because = (
            f"the digest of {period.first} to {period.last}, for {', '.join(whom) or 'nobody'}",
            *dict.fromkeys(notes),
        )
        audit = AuditRow(at, group.key, root, "digests", id_, NOBODY, "on", ("digest",), because)
        told_last = subscribed[SLICE - 1].person if len(subscribed) > SLICE else None
        return Built(outbox=tuple(outbox), audit=(audit,), told=told_last)

    def told(self, group: Group, digest: Digest, period: Period, at: datetime, language: str, notes: list[str]) -> Told:
        """A digest in one language, with what was known at an instant. Why there is no chart goes to `notes`."""
        figures = gathered(group, digest, period, self._rollups, self._books, at, language)
        link = _linked(self._books.addresses(), group.key)
        words = composed(group, digest, figures, language, link)
        if digest.chart is None:
            return Told(words=words)
        try:
            return Told(words=words, picture=self._draw(chart_of(group, digest, figures, language), language))
        except NoCharts as error:
            notes.append(str(error))
            return Told(words=words)

    def _sayings(
        self, group: Group, digest: Digest, told: Callable[[str], Told], expires: datetime
    ) -> Iterator[tuple[str, Group, Effect]]:
        """Each destination but the subscribers, by name, with the group in which it is said."""
        first = group.languages[0]
        if group.key in digest.to:
            say = _say(told(first), expires)
            yield "group", group, replace(say, topic=digest.topic)
        if ADMINS in digest.to:
            desk = self._groups.get(group.desk) if group.desk else None
            if desk is not None:
                yield "admins", desk, _say(told(first), expires)
            else:
                yield "admins", group, TellAdmins(words=told(first).words)

    def _subscribers(self, group: Group, at: datetime, after: PersonId | None, notes: list[str]) -> list[Member]:
        """Who is told in private, by person: a slice, and one more if there are others. Who cannot be written to is
        left out, and counted in the notes."""
        out = shut(self._books.every_record(group.key, SHUT), group.day(at))
        wishing = [
            member
            for member, wishes in self._books.every_record(group.key, WISHES)
            if wishes.subscribed and member.left is None and member.kind is ActorKind.PERSON
        ]
        missed = sum(member.person in out for member in wishing)
        if missed and after is None:
            notes.append(f"left out {missed} who cannot be written to in private")
        follow = (one for one in wishing if one.person not in out and (after is None or one.person > after))
        return list(islice(follow, SLICE + 1))


def chart_of(group: Group, digest: Digest, figures: Figures, language: str) -> Chart:
    """The chart that a digest asks for."""
    assert digest.chart is not None
    days = tuple(figures.period)
    said = group.texts.say

    def text(key: str, **values: object) -> str:
        told = said(f"digests.{key}", language, {"digest": values})
        return "".join(part for part in told if isinstance(part, str))

    title = f"{group.called(language)} · {text(f'chart_{digest.chart}')}"
    if digest.chart == "members_by_day":
        chart = Chart(title=title, days=days, values=_members(figures, days), rising=True)
        return replace(chart, note=text("chart_from", low=f"{low:,}")) if (low := begins(chart)) else chart
    names = (text("chart_this"), text("chart_before"))
    counted = figures.checked_in
    if digest.chart == "messages_by_day":
        counted = {day.day: day.messages for day in (*figures.days_before, *figures.days)}
    shown = figures.seen_before and len(days) <= 7
    before = tuple(counted.get(day, 0) for day in figures.period.before) if shown else ()
    return Chart(title=title, days=days, values=tuple(counted.get(day, 0) for day in days), before=before, names=names)


def _members(figures: Figures, days: tuple[date, ...]) -> tuple[int, ...]:
    """How many members there were at the end of each day, counted back from how many there are now."""
    counted, members = [], figures.members - figures.grown_since
    for day in reversed(days):
        counted.append(members)
        members += figures.left.count(day) - figures.joined.count(day)
    return tuple(reversed(counted))


def _say(told: Told, expires: datetime) -> Say:
    return Say(words=told.words, picture=told.picture, urgency="bulk", expires=expires, quiet=True)


def _platforms(home: Group, effect: Effect) -> tuple[str, ...]:
    if isinstance(effect, TellAdmins):
        return (home.desks or home.platforms or NOWHERE)[:1]
    to = getattr(effect, "to", None)
    if to is None:
        return announced(home)
    platform = str(to).partition(":")[0]
    return (platform,) if platform in home.platforms else NOWHERE


def _linked(addresses: Mapping[tuple[str, str], str], group: str) -> Callable[[Open], str]:
    """Links to messages of a group on Telegram; other platforms have none."""
    places = {platform: address for (platform, address), key in addresses.items() if key == group}
    chat = places.get("telegram", "")
    first = places.get(numbered_on("telegram"), chat).partition(" ")[0]
    if chat.startswith("@"):
        base = f"https://t.me/{chat[1:]}"
    elif chat and is_supergroup(int(chat)):
        base = f"https://t.me/c/{chat[4:]}"
    else:
        return lambda _: ""

    def link(one: Open) -> str:
        home, _, number = one.message.rpartition("/")
        here = one.platform == "telegram" and number.isdecimal() and (home or first) == chat
        return f"{base}/{number}" if here else ""

    return link
