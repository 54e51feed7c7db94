"""What a courier sees before a parcel goes: where that is, and what was said already and counts against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from core.budget import DAY, Budget, Sent, Short
from core.corrections import Corrections
from core.courier_answers import ALL_TOLD_TO_WAIT, TOLD_TO_WAIT, left_out, put_off
from core.courier_judging import Place, Trip, about, destinations, is_over, judge
from core.courier_lease import Call, Clock
from core.courier_standing import Standing
from core.delivery import Addressee, Destination, Dispatch, Parcel, Platform, Said, Settled, Waiting
from core.effects import Ban, Delete, Mute, Remove, Say, TellAdmins
from core.pacing import Pacer
from core.workflow import Group


class Outlook:
    """Judges parcels by what is known at a moment of their group, of the platform and of the account's limits."""

    def __init__(
        self,
        *,
        platform: Platform,
        dispatch: Dispatch,
        groups: Callable[[], Mapping[str, Group]],
        to_admins: Callable[[str], Sequence[Destination]],
        grantable: bool,
        clock: Clock,
        call: Call,
        pacer: Pacer,
        standing: Standing,
        budget: Budget | None = None,
    ) -> None:
        self._platform = platform
        self._dispatch = dispatch
        self._groups = groups
        self._to_admins = to_admins
        self._grantable = grantable
        self._clock = clock
        self._call = call
        self._pacer = pacer
        self._standing = standing
        self._budget = budget
        self._corrections = Corrections()

    async def judged(self, parcel: Parcel) -> Trip | Settled | None:
        """What becomes of a parcel now; None if it has to wait where it is."""
        place = self._place(parcel.group)
        if place is None:
            return None
        now = self._clock.now()
        verdict = judge(parcel, place, now)
        person = parcel.asker if isinstance(parcel.effect, Delete) else about(parcel.effect)
        if person is not None and (verdict.instead if isinstance(verdict, Settled) else verdict.note):
            who: Addressee | None = await self._call(self._dispatch.addressee, parcel.group, person, now)
            verdict = judge(parcel, place, now, who.name if who is not None else "")
        if isinstance(verdict, Settled):
            return verdict
        verdict.parts = max(1, self._platform.parts(verdict.effect, verdict.to[0]))
        stays = self._standing.stays(verdict, now) or self._short(verdict)
        if stays is None and (unfair := self._unfair(verdict)) is not None:
            assert parcel.asker is not None
            asker: Addressee | None = await self._call(self._dispatch.addressee, parcel.group, parcel.asker, now)
            stays = left_out(verdict, unfair, asker.name if asker is not None else "", now)
        return stays or (verdict if self._standing.may_try(verdict) else None)

    def still_right(self, trip: Trip) -> bool:
        """Whether what was judged of a parcel is so at this moment, too."""
        parcel, place, now = trip.parcel, trip.place, self._clock.now()
        if parcel.expires is not None and parcel.expires <= now:
            return False
        if is_over(parcel, now) and isinstance(trip.effect, Mute | Ban | Remove):
            return False
        if self._platform.abilities(parcel.group) != place.abilities or self._standing.chat(parcel.group) != place.chat:
            return False
        if (chat := trip.to[0].chat) != self._standing.now_at(chat):
            return False
        return self._standing.stays(trip, now) is None and self._short(trip) is None and self._unfair(trip) is None

    async def remember(self, left: datetime | None) -> None:
        """What was said lately counts against the limits, and in the last day against the budget, whoever said it.

        What was said before this courier `left` is known to it.
        """
        now, memory = self._clock.now(), timedelta(seconds=self._pacer.memory)
        lately = now - memory if left is None else max(now - memory, left)
        if self._budget is None and not memory:
            return
        since = lately if self._budget is None else min(lately, now - DAY)
        said: Sequence[Said] = await self._call(self._dispatch.said, self._platform.name, since)
        mine = [one for one in said if one.group in self._groups()]
        if self._budget is not None:
            self._budget.restore(sent for one in mine for sent in self._sent(one))
        for one in mine:
            if one.at is None or one.at >= lately:
                self._count_in(one)

    async def obey(self) -> None:
        """The pauses that the platform asked for last on and on, whoever was told of them."""
        now = self._clock.now()
        asked: Sequence[Waiting] = await self._call(self._dispatch.put_off, self._platform.name, TOLD_TO_WAIT, now)
        for one in asked:
            place, left = self._place(one.group), (one.until - now).total_seconds()
            if place is None or one.group not in self._groups():
                continue
            until = self._clock.monotonic() + left
            if one.outcome.startswith(ALL_TOLD_TO_WAIT):
                self._pacer.hold_all(until)
            for to in destinations(one.effect, place)[:1]:
                posts = isinstance(one.effect, Say | TellAdmins)
                self._pacer.hold(to.chat, until, posts=posts, group=place.person(to) is None)

    def _sent(self, one: Said) -> Iterator[Sent]:
        """What counts against the budget of something that was said: to each who heard of it."""
        place = self._place(one.group)
        if one.at is None or place is None:
            return
        for n, to in enumerate(destinations(one.effect, place)):
            yield Sent(one.group, place.person(to), one.at, self._parts(one), None if n else one.asker)

    def _count_in(self, one: Said) -> None:
        place, now = self._place(one.group), self._clock.monotonic()
        if place is None or (one.at is None and not isinstance(one.effect, Say | TellAdmins)):
            self._pacer.count(now)
            return
        ago = 0.0 if one.at is None else max(0.0, (self._clock.now() - one.at).total_seconds())
        for to in destinations(one.effect, place):
            public = place.person(to) is None
            self._pacer.restore(to.chat, now - ago, self._parts(one) * one.copies, group=public)

    def _parts(self, one: Said) -> int:
        to = Destination(one.group, self._standing.chat(one.group) or "")
        return max(1, self._platform.parts(one.effect, to))

    def _short(self, trip: Trip) -> Settled | None:
        """Why the account's budget does not let it go now."""
        if self._budget is None:
            return None
        group, origin = trip.place.group, trip.parcel.event.partition(":")[0]
        asked = origin in (*group.platforms, *group.desks)  # else it is the clock's
        posts = trip.parts * len(trip.to) if trip.posts else 0
        short = self._budget.short(
            trip.effect, group.key, posts, self._clock.now(), asked=asked, private=not trip.public
        )
        return put_off(trip, short.why, short.until) if short is not None else None

    def _unfair(self, trip: Trip) -> Short | None:
        """Why whoever it answers has had enough of the account's budget."""
        asker = trip.parcel.asker
        if self._budget is None or asker is None or not trip.posts:
            return None
        return self._budget.unfair(
            asker, trip.effect, trip.place.group.key, trip.parts, self._clock.now(), private=not trip.public
        )

    def _place(self, key: str) -> Place | None:
        group, chat = self._groups().get(key), self._standing.chat(key)
        if group is None or chat is None:
            return None
        return Place(
            platform=self._platform.name,
            group=group,
            chat=chat,
            desk=(self._standing.chat(group.desk) or "") if group.desk else "",
            admins=partial(self._admins, key),
            abilities=self._platform.abilities(key),
            grantable=self._grantable,
            corrections=self._corrections,
        )

    def _admins(self, key: str) -> Sequence[Destination]:
        """Where the admins are told things, known moves included."""
        return [to._replace(chat=self._standing.now_at(to.chat)) for to in self._to_admins(key)]
