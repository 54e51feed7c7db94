"""A camp to try check-ins in: people say things at local times, and what was said and kept can be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.effects import Effect, plain
from core.engine import Engine
from core.events import Event, Instructed, MemberJoined, MemberLeft, MessageDeleted, MessageEdited, MessagePosted
from core.memory import MemoryStore
from core.people import Account, Actor, ActorKind
from core.state import Entry
from core.workflow import Bound, Group
from workflows import check_in
from workflows.check_in_options import CheckIns
from workflows.facts import STREAKS
from workflows.streaks import Streak
from workflows.texts import Catalog

WORDS = "打卡 今天读了第三章的前十页内容"
ADMIN = Actor(account=Account("telegram:9"), name="管理员", admin=True)


def person(name: str, platform: str = "telegram") -> Actor:
    return Actor(account=Account(f"{platform}:{name}"), name=name)


WANG, LI = person("小王"), person("老李")


class Camp:
    """One group with an engine and a store of its own."""

    def __init__(
        self, zone: str = "Asia/Shanghai", languages: tuple[str, ...] = ("zh", "en"), **challenges: Any
    ) -> None:
        self.options = CheckIns.model_validate(challenges)
        self.group = Group(
            key="camp",
            zone=ZoneInfo(zone),
            languages=languages,
            staff=frozenset({ADMIN.account}),
            runs=(Bound(check_in.workflow, self.options),),
            texts=Catalog.shipped(),
        )
        self.store = MemoryStore()
        self.engine = Engine(self.store, {"camp": self.group})
        self._count = 0

    # what happens

    def at(self, local: str) -> datetime:
        """`2026-03-02 07:00` on the group's clock."""
        return datetime.fromisoformat(local).replace(tzinfo=self.group.zone).astimezone(UTC)

    def says(self, local: str | datetime, text: str = WORDS, who: Actor = WANG, **more: Any) -> str:
        """A message; returns its id. `local` is on the group's clock, or an instant."""
        self._count += 1
        message = f"m{self._count}"
        at = self.at(local) if isinstance(local, str) else local
        self.tell(
            MessagePosted(id=f"e{self._count}", at=at, group="camp", actor=who, message=message, text=text, **more)
        )
        return message

    def shows(self, local: str, kind: Any = "photo", who: Actor = WANG) -> str:
        return self.says(local, "", who, kind=kind)

    def edits(self, local: str, message: str, text: str, who: Actor = WANG, **more: Any) -> None:
        self._count += 1
        at = self.at(local)
        self.tell(
            MessageEdited(id=f"e{self._count}", at=at, group="camp", actor=who, message=message, text=text, **more)
        )

    def deletes(self, local: str, message: str, who: Actor | None = WANG) -> None:
        self._count += 1
        self.tell(MessageDeleted(id=f"e{self._count}", at=self.at(local), group="camp", message=message, actor=who))

    def joins(self, local: str, who: Actor = WANG) -> None:
        self._count += 1
        self.tell(MemberJoined(id=f"e{self._count}", at=self.at(local), group="camp", actor=who))

    def leaves(self, local: str, who: Actor = WANG) -> None:
        self._count += 1
        self.tell(MemberLeft(id=f"e{self._count}", at=self.at(local), group="camp", actor=who))

    def repairs(
        self, local: str, verb: str, who: Actor | None = WANG, reason: str = "a fair request", **arguments: object
    ) -> None:
        self._count += 1
        self.tell(
            Instructed(
                id=f"e{self._count}",
                at=self.at(local),
                group="camp",
                actor=ADMIN,
                workflow="check_in",
                verb=verb,
                target=who,
                arguments=arguments,
                reason=reason,
            )
        )

    def days(self, first: str, count: int, clock: str = "07:00", text: str = WORDS, who: Actor = WANG) -> None:
        """The same words on so many days from the first on."""
        start = date.fromisoformat(first)
        for n in range(count):
            self.says(f"{start + timedelta(days=n)} {clock}", text, who)

    def until(self, local: str) -> None:
        """Let time pass."""
        self._take(self.engine.replay([], until=self.at(local)))

    def tell(self, *events: Event) -> None:
        self._take(self.engine.replay(events))

    def moves(self, zone: str) -> None:
        """The operator changes the group's time zone."""
        self._run(replace(self.group, zone=ZoneInfo(zone)))

    def changes(self, **challenges: Any) -> None:
        """The operator changes the options."""
        self.options = CheckIns.model_validate(challenges)
        self._run(replace(self.group, runs=(Bound(check_in.workflow, self.options),)))

    def _run(self, group: Group) -> None:
        self.group = group
        self.engine = Engine(self.store, {"camp": group})

    @staticmethod
    def _take(outcome: Any) -> None:
        assert not outcome.faults, outcome.faults
        assert not outcome.buried, outcome.buried

    # what is kept

    def effects(self) -> list[Effect]:
        return [row.effect for row in self.store.outbox("camp")]

    def said(self) -> list[str]:
        """Everything said, in order."""
        return [plain(effect.words) for effect in self.effects() if hasattr(effect, "words")]

    @property
    def last(self) -> str:
        """What was said last."""
        return self.said()[-1]

    def kept(self, who: Actor = WANG, challenge: str = "morning") -> Streak | None:
        for member, streaks in self.store.every_record("camp", STREAKS):
            if member.person == self.person(who):
                found: Streak | None = streaks.of.get(challenge)
                return found
        return None

    def streak(self, who: Actor = WANG, challenge: str = "morning") -> int:
        """The length in the record, running or not."""
        kept = self.kept(who, challenge)
        return kept.run.streak if kept is not None and kept.run is not None else 0

    def live(self, local: str, who: Actor = WANG) -> int:
        kept = self.kept(who)
        return kept.live(self.at(local)) if kept is not None else 0

    def person(self, who: Actor) -> int:
        return self.store._accounts[who.account][0]

    def facts(self, kind: str, who: Actor = WANG) -> list[Entry]:
        return [fact for fact in self.store.facts("camp") if fact.kind == kind and fact.person == self.person(who)]

    def points(self, who: Actor = WANG) -> int:
        return sum(fact.amount for fact in self.facts("points", who))

    def dates(self, who: Actor = WANG, challenge: str = "morning") -> list[str]:
        """The days that stand in the ledger."""
        sums: dict[str, int] = {}
        for fact in self.facts(f"check_in:{challenge}", who):
            sums[str(fact.about)] = sums.get(str(fact.about), 0) + fact.amount
        return sorted(day for day, amount in sums.items() if amount)

    def reasons(self) -> list[str]:
        return [because for row in self.store.audit("camp") for because in row.because]

    def check_ins_counted(self, who: Actor = WANG) -> Mapping[date, int]:
        rows = self.store.activity("camp")
        return {day.day: day.check_ins for someone, day in rows if someone == self.person(who) and day.check_ins}


def bot(name: str) -> Actor:
    return Actor(account=Account(f"telegram:{name}"), name=name, kind=ActorKind.BOT)
