"""A small town to try tiers in: people post, win and lose points by saying so, and time passes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.decision import Decision, Post
from core.effects import plain
from core.engine import Engine, Outcome
from core.events import Event, Instructed, MemberJoined, MemberLeft, MessagePosted
from core.follow_ups import Warned
from core.memory import MemoryStore
from core.people import Account, Actor, ActorKind
from core.state import POINTS, WARNING, Entry
from core.workflow import Bound, Group, View, Workflow
from workflows.ladder import FORGIVEN
from workflows.options import Options
from workflows.texts import Catalog
from workflows.tier_standing import TIER, TierStanding
from workflows.tiers import Tiers, workflow

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 3, 2, 2, tzinfo=UTC)  # a Monday, 10:00 in Shanghai


class Nothing(Options):
    """No options."""


def _pay(event: Event, options: Nothing, view: View) -> Decision | tuple[Decision, ...]:
    """`+100` and `-20` change the writer's points, `pay 小王 5` another's; `warn 3d` and `warn` warn them, and
    `forgive e1 3d` takes the warning of the first event back, for as long as it would have counted."""
    assert isinstance(event, MessagePosted)
    who = event.actor.account
    if event.text[:1] in ("+", "-"):
        post = Post(kind=POINTS, member=who, amount=int(event.text), rule="town", reason="said so")
        return Decision(changes=(post,), rule="town")
    if event.text.startswith("warn"):
        days = event.text[5:].removesuffix("d")
        expires = event.at + timedelta(days=int(days)) if days else None
        post = Post(kind=WARNING, member=who, amount=1, rule="town", reason="", key=event.id, expires=expires)
        warned = Warned(id=event.id, at=event.at, group=event.group, actor=event.actor, rule="town", live=1)
        return Decision(changes=(post,), follows=(warned,), rule="town")
    if event.text.startswith("forgive"):
        _, key, days = event.text.removesuffix("d").split()
        ends = event.at + timedelta(days=int(days))
        back = Post(kind=WARNING, member=who, amount=-1, rule="town", reason="", key=FORGIVEN + key, expires=ends)
        return Decision(changes=(back,), rule="town")
    if event.text.startswith("pay"):
        _, name, amount = event.text.split()
        post = Post(kind=POINTS, member=Account(f"t:{name}"), amount=int(amount), rule="town", reason="gift", by=who)
        return Decision(changes=(post,), rule="town")
    if event.text.startswith("thanks"):
        target = Account("t:" + event.text[7:])
        return Decision(
            changes=(Post(kind="thanks", member=target, amount=1, rule="town", reason="", by=who),), rule="town"
        )
    return ()


payer = Workflow("town", Nothing, frozenset((MessagePosted,)), lambda event, options: (), _pay, awards=True)

LADDER: dict[str, Any] = {
    "seed": {"name": {"zh": "种子", "en": "Seed"}, "from": 0},
    "sprout": {"name": {"zh": "新芽", "en": "Sprout"}, "from": 100, "grants": ["post_photos"]},
    "tree": {
        "name": {"zh": "大树", "en": "Tree"},
        "from": 500,
        "if": "member.warnings == 0 && member.active_days_30d >= 10",
        "grants": "post_links",
    },
}


class Town:
    """An engine over a memory store with tiers, and a clock that only goes forward."""

    def __init__(
        self,
        tiers: dict[str, Any] | None = None,
        review: dict[str, Any] | None = None,
        talk: dict[str, Any] | None = None,
        zone: ZoneInfo = SHANGHAI,
        languages: tuple[str, ...] = ("zh", "en"),
        staff: tuple[str, ...] = (),
        start: datetime = START,
    ) -> None:
        self.store = MemoryStore()
        self.at = start
        self.n = 0
        self.zone, self.languages = zone, languages
        self.staff = frozenset(Account(f"t:{name}") for name in staff)
        self.configure(tiers or LADDER, review, talk)

    def configure(
        self, tiers: dict[str, Any], review: dict[str, Any] | None = None, talk: dict[str, Any] | None = None
    ) -> None:
        """The operator writes other tiers; all state stays."""
        written: dict[str, Any] = {"tiers": tiers}
        if review is not None:
            written["tier_review"] = review
        if talk is not None:
            written["tier_talk"] = talk
        self.options = Tiers.model_validate(written)
        self.group = Group(
            key="g",
            zone=self.zone,
            languages=self.languages,
            staff=self.staff,
            runs=(Bound(payer, Nothing()), Bound(workflow, self.options)),
            texts=Catalog.shipped(),
        )
        self.engine = Engine(self.store, {"g": self.group})

    def happen(self, event: Event, *, live: bool = False) -> Outcome:
        """Fold an event; timers that came due before it ring first, unless `live` (then nothing rings by itself)."""
        outcome = self.engine.process([event]) if live else self.engine.replay([event])
        assert not outcome.faults, outcome.faults
        assert not outcome.buried, outcome.buried
        return outcome

    def wait(self, **span: float) -> None:
        """Time passes; timers ring."""
        self.at += timedelta(**span)
        outcome = self.engine.replay([], until=self.at)
        assert not outcome.faults, outcome.faults

    def say(self, who: str, text: str, *, live: bool = False, **more: Any) -> list[str]:
        """`who` posts a text; the answers, as bare text."""
        before = len(list(self.store.outbox("g")))
        self.n += 1
        actor = Actor(account=Account(f"t:{who}"), name=who, kind=more.pop("kind", ActorKind.PERSON))
        message = MessagePosted(
            id=f"e{self.n}", at=self.at, group="g", actor=actor, message=str(self.n), text=text, **more
        )
        self.happen(message, live=live)
        return [plain(getattr(row.effect, "words", ())) for row in list(self.store.outbox("g"))[before:]]

    def join(self, who: str) -> None:
        self.n += 1
        actor = Actor(account=Account(f"t:{who}"), name=who)
        self.happen(MemberJoined(id=f"e{self.n}", at=self.at, group="g", actor=actor))

    def leave(self, who: str) -> None:
        self.n += 1
        actor = Actor(account=Account(f"t:{who}"), name=who)
        self.happen(MemberLeft(id=f"e{self.n}", at=self.at, group="g", actor=actor))

    def order(self, verb: str, who: str, reason: str = "", **arguments: object) -> list[str]:
        """Staff orders something; what the admins are told."""
        before = len(list(self.store.outbox("g")))
        self.n += 1
        self.happen(
            Instructed(
                id=f"e{self.n}",
                at=self.at,
                group="g",
                actor=Actor(account=Account("t:boss"), name="老板", admin=True),
                workflow="tiers",
                verb=verb,
                target=Actor(account=Account(f"t:{who}"), name=who),
                arguments=arguments,
                reason=reason,
            )
        )
        return [plain(getattr(row.effect, "words", ())) for row in list(self.store.outbox("g"))[before:]]

    def ring(self, key: str, late: timedelta = timedelta()) -> Outcome:
        """The scheduler rings a timer, some time after it was due."""
        (row,) = [row for row in self.store.timers("g") if row.key == key]
        self.at = row.at + late
        return self.engine.process([row.due(self.at)])

    def active(self, who: str, days: int) -> None:
        """`who` posts once a day on this many days, beginning today; it is the day after the last afterwards."""
        for _ in range(days):
            self.say(who, "大家好")
            self.wait(days=1)

    # looking

    def standing(self, who: str) -> TierStanding | None:
        found = {member.account: standing for member, standing in self.store.every_record("g", TIER)}
        return found.get(Account(f"t:{who}"))

    def tier(self, who: str) -> str | None:
        standing = self.standing(who)
        return standing.tier if standing is not None else None

    def moves(self, who: str) -> list[str]:
        person = next(member.person for member in self.store.people("g") if member.account == f"t:{who}")
        return [fact.reason for fact in self.store.facts("g") if fact.kind == "tier" and fact.person == person]

    def facts(self, kind: str) -> list[Entry]:
        return [fact for fact in self.store.facts("g") if fact.kind == kind]

    def timers(self) -> dict[str, str]:
        """Timer key to local time."""
        return {row.key: f"{row.at.astimezone(self.zone):%Y-%m-%d %H:%M}" for row in self.store.timers("g")}

    def because(self, workflow: str = "tiers") -> list[tuple[str, ...]]:
        return [row.because for row in self.store.audit("g") if row.workflow == workflow]

    def outbox(self) -> list[tuple[str, str, bool]]:
        """Kind, bare text, and whether it goes to one member."""
        return [
            (row.kind, plain(getattr(row.effect, "words", ())), getattr(row.effect, "to", None) is not None)
            for row in self.store.outbox("g")
        ]
