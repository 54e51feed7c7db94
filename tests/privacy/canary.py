"""A life in two groups that leaves something everywhere, of somebody who can be told from nobody else; and a search."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from adapters.sql import SqlStore
from adapters.sql.schema import METADATA
from config.home import load
from core.delivery import Settled, State
from core.effects import TellAdmins
from core.engine import Engine
from core.events import (
    ButtonPressed,
    Event,
    JoinRequested,
    MemberJoined,
    MemberRenamed,
    MessagePosted,
    ReactionChanged,
    Reply,
)
from core.memory import MemoryStore
from core.memory_directory import MemoryDirectory
from core.people import Account, Actor, ActorKind
from core.ports import DeadLetter
from core.workflow import Group

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai."""
NUMBER, OTHER = "7700990011", "wxid_q77kanarie"
NAME, USERNAME, SECOND = "金丝雀甲乙", "canary_bird77", "Kanarie Vogelzang"
SECRET = "sunflower7781"
CANARIES = (NUMBER, OTHER, NAME, USERNAME, SECOND, SECRET)
RIGHTS = frozenset(("restrict", "delete", "promote", "change_info", "invite", "pin", "owner"))


def person(native: str, name: str, **told: Any) -> Actor:
    return Actor(account=Account(f"telegram:{native}"), name=name, **told)


CANARY = person(NUMBER, NAME, username=USERNAME, language="zh")
RENAMED = Actor(account=Account(f"wechat:{OTHER}"), name=SECOND)
WANG, LI = person("4000001", "Wang", username="wang"), person("4000002", "Li", username="li")
WEI = Actor(account=Account("wechat:wxid_wei"), name="Wei")
BOSS = person("4000009", "Boss", admin=True, rights=RIGHTS, vouched=True)
GHOST = person("-100500", "群", kind=ActorKind.ANONYMOUS_ADMIN, admin=True)

HOME = """\
version: 1
community:
  name: 晨读
  timezone: Asia/Shanghai
  languages: [zh, en]
  groups: {reading: {telegram: -1001}, writing: {telegram: -1002}}
  admins: [telegram:4000009]
onboarding:
  welcome: {zh: "欢迎 ${member.mention}", en: "Welcome ${member.mention}"}
  steps:
    - id: why
      ask: {zh: 为什么想来？, en: Why?}
      text: {min_chars: 5}
    - id: track
      ask: {zh: 想学什么？, en: Which?}
      options:
        - {say: [英语], label: {zh: 英语, en: English}, set: {track: english}}
  remind: {after: 24h, times: 1}
  raid: {joins: 2, within: 1m}
  entry:
    at: request
    questions:
      - id: about
        ask: {zh: 介绍一下自己, en: Who are you?}
        text: {min_chars: 5}
    then: approve
    otherwise: decline
    within: 2h
check_ins:
  morning: {keywords: [打卡], points: 5, remind: {at: "20:30", who: missing}, proof: {or: [photo]}}
  evening: {keywords: [晚课], points: 5}
tiers:
  seed: {from: 0}
  sprout: {from: 5}
rules:
  - id: ads
    when: message
    if: msg.text.contains("代购")
    then:
      - delete
      - warn: {zh: "别这样，${member.name}", en: "Do not, ${member.name}"}
      - notify: {zh: "${msg.text}", en: "${msg.text}"}
    escalate: {2: {propose: ban}}
  - id: thanks
    when: message
    if: msg.mentions.size() > 0 && msg.text.matches("谢谢")
    then: [thank: {to: mentioned, add: 1}]
flood: {messages: 50, within: 10s, then: [delete]}
duplicates: {times: 9, within: 1h, then: [delete]}
referrals: {points: 10}
ambassadors: {koc: {name: Helper, discover: member.active_days_30d >= 1, tag: koc, tasks: {share: {say: "#推荐"}}}}
appeals: {wait: 1m}
surveys: {nps: {who: "true", points: 1, follow_up: {zh: 为什么？, en: Why?}}}
reactivate: {after: 14d, text: {zh: 好久不见, en: Long time}}
digests:
  daily: {at: "21:00", sections: [check_in_board, hot_topics, unanswered], to: [reading, subscribers]}
"""


class Life:
    """Events one after the other, processed as they would be served."""

    def __init__(self, store: MemoryStore | SqlStore, folder: Path) -> None:
        (folder / "communities").mkdir(parents=True)
        (folder / "communities" / "a.yaml").write_text(HOME, encoding="utf-8")
        self.store = store
        self.groups: dict[str, Group] = {
            key: replace(group, platforms=("telegram", "wechat"), fits=lambda data: len(data) <= 30)
            for key, group in load(folder).groups.items()
        }
        self.engine = Engine(store, self.groups)
        self.at, self.made = START, 0

    def id(self) -> str:
        self.made += 1
        return f"telegram:1:{self.made}"

    def run(self, *events: Event) -> None:
        outcome = self.engine.process(events)
        assert not outcome.faults, outcome.faults
        assert not outcome.buried, outcome.buried

    def happens(self, kind: type[Any], actor: Actor, group: str = "reading", **told: Any) -> None:
        self.at += timedelta(seconds=61)
        self.run(kind(id=self.id(), at=self.at, group=group, actor=actor, **told))

    def says(self, actor: Actor, text: str, group: str = "reading", **told: Any) -> None:
        told = {"admins": frozenset((BOSS.account,)), **told}
        self.happens(MessagePosted, actor, group, message=str(900 + self.made), text=text, **told)

    def lives(self) -> None:
        """All of it."""
        for group in self.groups:
            for who in (WANG, LI, BOSS):
                self.happens(MemberJoined, who, group)
        self.happens(JoinRequested, CANARY, words=SECRET)
        self.says(CANARY, f"我是{SECRET}呀呀呀", private=True)
        self.happens(MemberJoined, CANARY, "writing", by=WANG)
        self.run(*(MemberJoined(id=self.id(), at=self.at, group="reading", actor=a) for a in (LI, WANG, CANARY)))
        self.says(CANARY, f"因为{SECRET}很好看")
        self.says(CANARY, "打卡")
        self.says(CANARY, "晚课")
        self.says(CANARY, f"代购 {SECRET}")
        self.says(CANARY, "代购 again")
        self.says(CANARY, f"{SECRET} 好看吗？")
        self.says(WANG, f"大家觉得{NAME}的花园怎么样")
        self.says(CANARY, "谢谢", mentions=(WANG,), reply_to=Reply(message="7", author=WANG))
        self.says(WANG, "谢谢", mentions=(CANARY,), reply_to=Reply(message="8", author=CANARY))
        self.happens(ReactionChanged, WANG, message="8", emoji=("👍",), author=CANARY)
        self.says(BOSS, "/survey start nps")
        self.says(CANARY, "打分 3")
        self.says(CANARY, f"因为{SECRET}太少", private=True)
        self.says(CANARY, "/invite")
        self.happens(MemberJoined, person("4000003", "Zhao"), by=CANARY)
        self.says(BOSS, f"/ambassador invite {NUMBER} {SECRET}")
        self.says(CANARY, "订阅周报")
        self.says(CANARY, "退订提醒")
        self.says(CANARY, "/me")
        self.says(LI, "/top")
        self.says(BOSS, f"/note {NUMBER} {SECRET}")
        self.says(BOSS, f"/warn @wang because of {NAME} ({NUMBER})")
        self.says(BOSS, f"/mute {NUMBER} 30d {SECRET}")
        self.says(BOSS, f"/ban {NUMBER} {SECRET}")
        self.says(GHOST, f"/warn {NUMBER} {SECRET}")
        admin = replace(CANARY, admin=True, rights=RIGHTS, vouched=True)
        self.says(admin, f"/warn @li {SECRET}")
        self.says(CANARY, "/mydata", private=True)
        self.says(CANARY, "/forgetme", private=True)
        self.happens(MemberRenamed, RENAMED, was=CANARY.account)
        self.says(RENAMED, "打卡", "writing")
        for who in (RENAMED, WEI):
            self.says(who, "/invite", "writing")
        self.happens(ButtonPressed, CANARY, data="nothing:to:me", message="3")
        self._beside()

    def _beside(self) -> None:
        """What gateways and couriers keep."""
        directory = MemoryDirectory(self.store) if isinstance(self.store, MemoryStore) else self.store.directory()
        directory.remember([(CANARY.account, "reading"), (WANG.account, "reading")], self.at)
        directory.first_contact("telegram", NUMBER, self.at)
        code = directory.make_code("writing", self.at, self.at + timedelta(hours=1))
        directory.spend_code(code, "telegram", NUMBER, self.at)
        self.store.set_address("writing", "telegram", "-1002")
        self.store.bury(
            [DeadLetter("telegram:1:dead", self.at, "reading", f"MessagePosted(text={SECRET!r}, {CANARY!r})", "broke")]
        )
        with self.store.unit() as unit:
            unit.unseen([f"standing:{CANARY.account}"], self.at)
            unit.commit()
        dispatch = self.store.dispatch()
        assert dispatch.take_lease("telegram:1", "courier", timedelta(minutes=1))
        parcels = dispatch.waiting("telegram", list(self.groups), self.at, per_group=500, most=500)
        done = parcels[: len(parcels) // 2]
        dispatch.begin([parcel.id for parcel in done], "courier")
        for parcel in done:
            line = TellAdmins(words=(f"{NAME} cannot be reached",))
            told = Settled(parcel.id, State.DONE, f"told {NAME}", "5", line=line, once=f"unreachable:{CANARY.account}")
            dispatch.settle([told], "courier")


def found(store: MemoryStore | SqlStore) -> dict[str, set[str]]:
    """Where any canary stands: the columns of each table, or all that is in memory."""
    where: dict[str, set[str]] = {}
    for place, text in everything(store):
        for canary in CANARIES:
            if canary.casefold() in text.casefold():
                where.setdefault(place, set()).add(canary)
    return where


def everything(store: MemoryStore | SqlStore) -> Iterator[tuple[str, str]]:
    """Every column of every row, or all that is in memory, as text, with its place."""
    if isinstance(store, MemoryStore):
        for name, held in vars(store).items():
            yield name.removeprefix("_"), repr(vars(held) if name == "_dispatch" and held is not None else held)
        return
    for table in METADATA.sorted_tables:
        statement = str(select(table))
        with closing(store.pool.take()) as session:
            for row in session.ask(statement):
                for column, value in zip(table.columns, row, strict=True):
                    yield f"{table.name}.{column.name}", str(value)
