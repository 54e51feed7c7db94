"""One community on two platforms: a group that is on both, and one that is on WeChat only."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.effects import Say, TellAdmins, plain
from core.engine import Engine
from core.events import ButtonPressed, Event, MemberJoined, MessagePosted
from core.people import Account, Actor
from core.ports import BalanceAt, OutboxRow
from core.state import POINTS
from core.workflow import Bound, Group
from workflows import check_in, identity, members, rules, steering, tiers
from workflows.check_in_options import CheckIns
from workflows.facts import STREAKS, TIER
from workflows.identity import Identity
from workflows.members import Members
from workflows.rule_options import Rules
from workflows.steering_options import Steering
from workflows.texts import Catalog
from workflows.tier_options import Tiers

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai."""
DAY = timedelta(days=1)
RIGHTS = frozenset(("restrict", "change_info", "invite"))

ANA = Actor(account=Account("telegram:20001"), name="Ana", username="ana")
ANNA = Actor(account=Account("wechat:anna"), name="安娜")
BEN = Actor(account=Account("telegram:20002"), name="Ben", username="ben")
MALLORY = Actor(account=Account("wechat:mallory"), name="Mallory")
ADA = Actor(account=Account("telegram:10002"), name="Ada", admin=True, rights=RIGHTS, vouched=True)
BOSS = Actor(account=Account("wechat:boss"), name="老板")


class Community:
    """People write and press; what was said to whom can be read back. Of the groups, `walks` is on WeChat only."""

    def __init__(self, store: Any, **more: Any) -> None:
        """`more` is said of the challenge."""
        self.store = store
        days = CheckIns.model_validate({"morning": {"points": 5, "streak": {"bonus": {3: 10}}, **more}})
        climbed = Tiers.model_validate({"tiers": {"new": {"from": 0}, "old": {"from": 20}}})
        runs = (
            Bound(check_in.workflow, days),
            Bound(rules.workflow, Rules()),
            Bound(tiers.workflow, climbed),
            Bound(identity.workflow, Identity()),
            Bound(members.workflow, Members(tiers=climbed, check_ins=days)),
            Bound(steering.workflow, Steering()),
        )
        self.groups = {
            key: Group(
                key=key,
                zone=ZoneInfo("Asia/Shanghai"),
                languages=("en", "zh"),
                staff=frozenset((BOSS.account,)),
                runs=runs,
                platforms=platforms,
                texts=Catalog.shipped(),
                secret=b"a secret of the deployment",
            )
            for key, platforms in (("reading", ("telegram", "wechat")), ("walks", ("wechat",)))
        }
        self.engine = Engine(store, self.groups)
        self.at, self.made = START, 0
        self.read: dict[str, int] = {}
        for who in (ANA, BEN):
            self.joins(who, "reading")
        for who in (ANNA, MALLORY):
            self.joins(who, "walks")
        self.joins(ANNA, "reading")
        self.said()

    def id(self, who: Actor) -> str:
        self.made += 1
        return f"{who.account.partition(':')[0]}:1:{self.made}"

    def run(self, *events: Event) -> None:
        outcome = self.engine.process(events)
        assert not outcome.faults, outcome.faults
        assert not outcome.buried, outcome.buried

    def joins(self, who: Actor, group: str) -> None:
        self.run(MemberJoined(id=self.id(who), at=self.at, group=group, actor=who))

    def says(
        self, who: Actor, text: str, group: str = "reading", *, after: timedelta = timedelta(seconds=20), **more: Any
    ) -> None:
        self.at += after
        self.run(
            MessagePosted(
                **{
                    "id": self.id(who),
                    "at": self.at,
                    "group": group,
                    "actor": who,
                    "message": str(self.made),
                    "text": text,
                    **more,
                }
            )
        )

    def writes(self, who: Actor, text: str, group: str = "reading", **more: Any) -> None:
        """In private."""
        self.says(who, text, group, private=True, **more)

    def checks_in(self, who: Actor, on: date, group: str = "reading") -> None:
        self.at = max(self.at, datetime(on.year, on.month, on.day, 2, tzinfo=UTC))
        self.says(who, "打卡", group)

    def presses(self, who: Actor, data: str, group: str = "reading") -> None:
        self.at += timedelta(seconds=5)
        self.run(ButtonPressed(id=self.id(who), at=self.at, group=group, actor=who, data=data, message="77"))

    def rows(self) -> list[OutboxRow]:
        """What was decided to be done since the last asking."""
        found: list[OutboxRow] = []
        for group in self.groups:
            rows = list(self.store.outbox(group))
            found += rows[self.read.get(group, 0) :]
            self.read[group] = len(rows)
        return found

    def said(self) -> list[tuple[str, str]]:
        """To whom what was said since the last asking; "" is everybody, "admins" the admins."""
        return [
            ("admins" if isinstance(row.effect, TellAdmins) else row.effect.to or "", plain(row.effect.words))
            for row in self.rows()
            if isinstance(row.effect, Say | TellAdmins)
        ]

    def code(self, who: Actor = ANA, group: str = "reading") -> str:
        """Asks for a code in private."""
        self.said()
        self.writes(who, "/link", group, after=timedelta(minutes=2))
        [(to, words)] = self.said()
        assert to == who.account
        return words.partition("code: ")[2][:9]

    def token(self) -> str:
        """The data of the yes-button that was shown since the last asking."""
        [data] = [
            choice.data
            for row in self.rows()
            for choice in getattr(row.effect, "choices", ())
            if choice.data.startswith(("link:yes", "like:yes"))
        ]
        return str(data)

    def bind(self) -> None:
        """Ana and Anna become one person."""
        self.writes(ANNA, f"/link {self.code()}")
        self.writes(ANA, "/link yes")
        self.said()

    def points(self, who: Actor, group: str = "reading") -> int:
        with self.store.unit() as unit:
            seat = unit.find(group, [who.account])[who.account]
            place = BalanceAt(group, seat.person, POINTS)
            return int(unit.balances([place])[place])

    def streak(self, who: Actor, group: str = "reading") -> tuple[int, int]:
        """How long it is, and how many days in all."""
        for member, streaks in self.store.every_record(group, STREAKS):
            if member.account == who.account:
                run = streaks.of["morning"].run
                return (run.streak, run.total) if run is not None else (0, 0)
        return (0, 0)

    def tier(self, who: Actor, group: str = "reading") -> str | None:
        held = {member.account: standing.tier for member, standing in self.store.every_record(group, TIER)}
        return held.get(who.account)

    def board(self, group: str = "reading") -> list[tuple[str, int]]:
        with self.store.unit() as unit:
            return [(line.account, line.amount) for line in unit.standings(group, POINTS, 10, None)]

    def together(self) -> bool:
        with self.store.unit() as unit:
            seats = unit.find("reading", [ANA.account, ANNA.account])
        return bool(seats[ANA.account].person == seats[ANNA.account].person)
