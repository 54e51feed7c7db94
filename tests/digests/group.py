"""A group to tell digests about, and the events that happen in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from adapters.sql import SqlStore
from adapters.sql.rollups import SqlRollups
from core.effects import plain
from core.engine import Engine
from core.events import Event, Instructed, MemberJoined, MemberLeft, MessagePosted, Reply, Unheard
from core.memory import MemoryStore
from core.pausing import PAUSED, Paused
from core.people import NOBODY, Account, Actor, ActorKind
from core.ports import RecordAt, Writes
from core.workflow import Bound, Group
from jobs.digest.build import Builder
from workflows import check_in, digests, presence, questions, rules, tiers, topics
from workflows.catalog import Catalog
from workflows.check_in_options import CheckIns
from workflows.digest_options import Digest, Digests
from workflows.digest_periods import told_on
from workflows.question_options import Asking
from workflows.rule_options import Rules
from workflows.tier_options import Tiers
from workflows.topics import Listening

SHANGHAI = ZoneInfo("Asia/Shanghai")
SUNDAY = datetime(2026, 3, 29, 12, tzinfo=UTC)
"""Sunday 20:00 in Shanghai: the week of 23 to 29 March is told."""
ALL = (
    "activity", "check_in_board", "points_board", "helpful", "new_members", "tier_changes", "hot_topics", "unanswered",
    "rule_report", "unheard",
)  # fmt: skip
OPTIONS = {"at": "sun 20:00", "sections": ALL, "to": ["reading"]}


def person(number: int, name: str = "") -> Actor:
    return Actor(account=Account(f"telegram:{number}"), name=name or f"成员{number}")


BOT = Actor(account=Account("telegram:99"), name="机器", kind=ActorKind.BOT)
STAFF = person(1, "馆主")


def community(zone: ZoneInfo = SHANGHAI, **options: object) -> Group:
    """A community with everything that a digest can tell."""
    written = {"weekly": {**OPTIONS, **options}}
    return Group(
        key="reading",
        community="晨读营",
        zone=zone,
        staff=frozenset({STAFF.account}),
        platforms=("telegram",),
        texts=Catalog.shipped(),
        runs=(
            Bound(
                check_in.workflow,
                CheckIns.model_validate(
                    {"morning": {"name": {"zh": "晨读", "en": "Morning"}, "keywords": ["打卡"], "points": 5}}
                ),
            ),
            Bound(
                rules.workflow,
                Rules.model_validate(
                    {
                        "lists": {"ads": ["代购"]},
                        "rules": [
                            {
                                "id": "ads",
                                "name": {"zh": "广告", "en": "Advertising"},
                                "when": "message",
                                "if": "lists.ads.exists(w, msg.normalized.contains(w))",
                                "then": ["delete"],
                            },
                            {
                                "id": "thanks",
                                "name": {"zh": "道谢", "en": "Thanks"},
                                "when": "message",
                                "if": 'msg.text.contains("谢谢")',
                                "then": [{"thank": {"to": "replied", "add": 1}}],
                            },
                        ],
                    }
                ),
            ),
            Bound(
                tiers.workflow,
                Tiers.model_validate(
                    {
                        "tiers": {
                            "seed": {"name": {"zh": "种子", "en": "Seed"}, "from": 0},
                            "tree": {"name": {"zh": "大树", "en": "Tree"}, "from": 12},
                        }
                    }
                ),
            ),
            Bound(digests.workflow, Digests.model_validate(written)),
            Bound(presence.workflow, presence.Presence()),
            Bound(questions.workflow, Asking.listening()),
            Bound(topics.workflow, Listening(leave_out=frozenset({"打卡"}))),
        ),
    )


class Week:
    """A store with a history: `said(who, day, text)` at 09:00 of a day in March, a minute later each time."""

    def __init__(self, store: SqlStore, group: Group | None = None) -> None:
        self.store = store
        self.group = group or community()
        self.engine = Engine(store, {self.group.key: self.group})
        self._events: list[Event] = []

    def at(self, day: int, hour: int = 9) -> datetime:
        local = datetime(2026, 3, day, hour, tzinfo=self.group.zone)
        return local.astimezone(UTC) + timedelta(seconds=len(self._events))

    def said(self, who: Actor, day: int, text: str, to: MessagePosted | None = None, hour: int = 9) -> MessagePosted:
        number = str(len(self._events) + 100)
        reply = Reply(message=to.message, author=to.actor) if to is not None else None
        event = MessagePosted(
            id=f"telegram:m{number}",
            at=self.at(day, hour),
            group="reading",
            actor=who,
            message=number,
            text=text,
            reply_to=reply,
        )
        self._events.append(event)
        return event

    def joined(self, who: Actor, day: int) -> None:
        at = self.at(day)
        self._events.append(MemberJoined(id=f"telegram:j{len(self._events)}", at=at, group="reading", actor=who))

    def left(self, who: Actor, day: int) -> None:
        at = self.at(day, 10)
        self._events.append(MemberLeft(id=f"telegram:l{len(self._events)}", at=at, group="reading", actor=who))

    def unheard(self, since: datetime, minutes: float, platform: str = "wechat") -> None:
        until = since + timedelta(minutes=minutes)
        id_ = f"unheard:{len(self._events)}"
        self._events.append(Unheard(id=id_, at=until, group="reading", platform=platform, since=since))

    def happens(self, until: datetime = SUNDAY) -> None:
        """Everything so far, timers included."""
        outcome = self.engine.replay(sorted(self._events, key=lambda event: event.at), until=until)
        assert not outcome.faults, outcome.faults
        assert not outcome.buried, outcome.buried
        self._events = []

    @property
    def digest(self) -> Digest:
        return next(b.options for b in self.group.runs if isinstance(b.options, Digests))["weekly"]

    def builder(self) -> Builder:
        return Builder(
            {self.group.key: self.group}, SqlRollups(self.store), self.store, draw=lambda chart, language: b"PNG"
        )

    def told(self, language: str = "zh", at: datetime = SUNDAY) -> str:
        """The text of the digest told at an instant."""
        day = self.group.day(at)
        notes: list[str] = []
        told = self.builder().told(self.group, self.digest, told_on(self.digest.at, day), at, language, notes)
        assert notes == []
        return plain(told.words)


def pauses(store: SqlStore | MemoryStore, since: datetime, until: datetime | None = None) -> None:
    """An admin pauses the group."""
    at = RecordAt("reading", NOBODY, PAUSED.name)
    with store.unit() as unit:
        unit.lock(["reading"])
        unit.save(Writes(records={at: Paused(since=since, until=until, by="馆主")}))
        unit.commit()


def armed(group: Group, at: datetime) -> Sequence[Event]:
    nobody = Actor(account=Account(""), kind=ActorKind.ANONYMOUS_ADMIN)
    return [Instructed(id=f"arm:{at}", at=at, group=group.key, actor=nobody, workflow="digests", verb="arm")]
