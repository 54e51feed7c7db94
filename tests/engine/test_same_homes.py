"""What operators' groups do is the same however events are cut into batches, and on whichever store.

Anything happens in the groups that `yaji init` writes, in an order that a seed decides: words of each kind of feature,
orders, presses of buttons that were there, people who come, go, edit and delete. Whatever a workflow looks at without
having declared it in time, or leaves behind where the next event does not see it, comes to light as a difference.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.sql import open_store
from config import templates
from config.home import load
from core.engine import Engine
from core.events import (
    ButtonPressed,
    Event,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MessageDeleted,
    MessageEdited,
    MessageKind,
    MessagePosted,
    ReactionChanged,
    Reply,
)
from core.memory import MemoryStore
from core.people import ANONYMOUS_ADMIN, Account, Actor, ActorKind
from core.workflow import Group
from tests.support.databases import new_sqlite

START = datetime(2026, 3, 1, 23, tzinfo=UTC)
RIGHTS = frozenset(("restrict", "delete", "change_info", "invite"))
PAUSES = (0, 0, 1, 5, 30, 60, 3_600, 25_200, 86_400)
TALK = """
打卡|打卡 读了三页兰亭|签到 今天读完了小王子的第一章很好看|checkin read ten pages of the book today|补卡 昨天
补卡|请假 明天|销假|撤回打卡|打卡！我不是在说打卡|同意|agree|读诗|英语|1|2|3|10|9 很好|积分|/me|我的等级|/top
/rules|/help|报名|取消报名|/language en|/language zh|/optout|反馈|申诉 我没有发广告|推荐|/invite|我的数据|忘记我
确认|yes|谢谢|谢谢你 @Ann|早上好|哈哈哈哈|代购 刷单 加微信|free crypto airdrop|群规是什么？|会费怎么交
which version is this?|how do I export my data?|怎么报名|/link|我是小王，来自上海，喜欢读书和喝茶，请多关照
/warn {who} ads|/warns {who}|/unwarn {who}|/mute {who} 30m rude|/unmute {who}|/kick {who}|/ban {who} 7d
/unban {who}|/points {who} +5 good|/points {who} +600|/tier {who} lock|/checkin repair {who} 2026-03-03
/note {who} kind|/approve {who}|/trust {who}|/announce 明天开会|/pause 2h|/resume|/undo|/why {who}|/status
"""
SAYINGS = [said for line in TALK.strip().splitlines() for said in line.split("|")]
KINDS: tuple[MessageKind, ...] = ("text",) * 12 + ("photo", "voice")
VERBS = (
    ("says",) * 31
    + ("joins",) * 5
    + ("leaves", "reacts", "edits", "deletes", "asks in", "is renamed")
    + ("presses",) * 7
)


@dataclass
class Town:
    """What happens in some groups. It goes by what the assistant answered: buttons are pressed that were there."""

    groups: Mapping[str, Group]
    chance: random.Random
    at: datetime = START
    posted: list[tuple[str, str, Actor]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def happening(self, n: int) -> Event | None:
        """The next thing that happens."""
        pick = self.chance.choice
        self.at += timedelta(seconds=pick(PAUSES))
        group = pick(sorted(self.groups))
        platform = pick(self.groups[group].platforms)
        persons = [Actor(account=Account(f"{platform}:{10 + k}"), name=f"Person {k}") for k in range(5)]
        persons[0] = replace(persons[0], name="Ann", username="ann")
        admin = Actor(account=Account(f"{platform}:1"), name="Ada", admin=True, rights=RIGHTS, vouched=True)
        others = [
            Actor(account=Account(f"{platform}:90"), name="bot", kind=ActorKind.BOT),
            Actor(account=Account(f"{platform}:91"), name="频道", kind=ActorKind.CHANNEL),
            Actor(account=Account(f"{platform}:92"), name="Group", kind=ANONYMOUS_ADMIN, admin=True, rights=RIGHTS),
        ]
        who, person, other = pick([*persons * 3, *[admin] * 6, *others]), pick(persons), pick([*persons, admin])
        here: dict[str, Any] = {"id": f"{platform}:{n}", "at": self.at, "group": group}
        said = [one for one in self.posted if one[0] == group]
        match pick(VERBS):
            case "joins":
                return MemberJoined(**here, actor=person, by=pick([None, other]))
            case "leaves":
                return MemberLeft(**here, actor=person, by=pick([None, admin]))
            case "asks in":
                return JoinRequested(**here, actor=person, words=pick(["", "读诗"]))
            case "is renamed":
                return MemberRenamed(
                    **here, actor=replace(person, account=Account(f"{platform}:x{n}")), was=person.account
                )
            case "reacts" if said:
                return ReactionChanged(
                    **here, actor=who, message=pick(said)[1], emoji=pick([(), ("👍",)]), author=other
                )
            case "edits" if said:
                _, message, author = pick(said)
                return MessageEdited(**here, actor=author, message=message, posted=self.at, text=pick(SAYINGS))
            case "deletes" if said:
                _, message, author = pick(said)
                return MessageDeleted(**here, message=message, actor=author)
            case "presses":
                pressed = [data for key, data in self.buttons[-60:] if key == group]
                return ButtonPressed(**here, actor=pick([person, admin]), data=pick(pressed)) if pressed else None
            case "says":
                return self._said(n, here, who, other, said)
        return None

    def _said(
        self, n: int, here: dict[str, Any], who: Actor, other: Actor, said: Sequence[tuple[str, str, Actor]]
    ) -> MessagePosted:
        pick = self.chance.choice
        private = self.chance.random() < 0.15
        _, message, author = pick(said) if said else ("", "", None)
        if not private:
            self.posted.append((here["group"], f"m{n}", who))
        return MessagePosted(
            **here,
            actor=who,
            message=f"m{n}",
            text=pick(SAYINGS).format(who=other.account),
            kind=pick(KINDS),
            mentions=pick([(), (), (other,)]),
            reply_to=Reply(message=message, author=author) if pick([0, 0, 1]) and message else None,
            private=private,
            album=pick([None] * 20 + ["a1"]),
        )


def _of(name: str) -> dict[str, Group]:
    """The groups of a home as they are on two platforms, one of them without buttons."""
    return {
        key: replace(
            group, platforms=("telegram", "wechat"), numbered=("wechat",), desks=("telegram",), secret=b"x" * 32
        )
        for key, group in load(templates.folder(name)).groups.items()
    }


def _history(groups: Mapping[str, Group], seed: int, length: int) -> list[Event]:
    store, town, events = MemoryStore(), Town(groups, random.Random(seed)), []
    engine, told = Engine(store, groups), dict.fromkeys(groups, 0)
    for n in range(length):
        event = town.happening(n)
        if event is None:
            continue
        events.append(event)
        engine.replay([event])
        rows = list(store.outbox(event.group))
        for row in rows[told[event.group] :]:
            town.buttons += [(event.group, choice.data) for choice in getattr(row.effect, "choices", None) or ()]
        told[event.group] = len(rows)
    return events


def _lived(store: Any, groups: Mapping[str, Group], events: list[Event], sizes: Iterator[int]) -> dict[str, list[Any]]:
    """What is in the books once the events came in batches of these sizes, and three days went by."""
    engine, rest = Engine(store, groups), list(events)
    while rest:
        size = next(sizes)
        assert not engine.replay(rest[:size]).faults
        rest = rest[size:]
    engine.replay([], until=events[-1].at + timedelta(days=3))
    books: dict[str, list[Any]] = {}
    for key in groups:
        who: dict[int | None, str] = {one.person: one.account for one in store.people(key)}
        who |= {0: "", None: ""}
        books[f"{key}: people"] = [(m.account, m.name, m.language, m.left, m.tags) for m in store.people(key)]
        books[f"{key}: facts"] = sorted((e.key, who[e.person], e.amount, who[e.by], e.rule) for e in store.facts(key))
        books[f"{key}: days"] = sorted((who[person], day) for person, day in store.activity(key))
        books[f"{key}: audit"] = [(r.event, r.mode, r.then, r.because, who[r.person]) for r in store.audit(key)]
        books[f"{key}: outbox"] = [(row.id, row.platform, row.effect) for row in store.outbox(key)]
        books[f"{key}: timers"] = sorted(store.timers(key))
    return books


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", templates.NAMES)
def test_what_a_home_does_is_the_same_one_by_one_and_in_batches(name: str, seed: int, tmp_path: Path):
    groups = _of(name)
    events = _history(groups, seed, 250)
    ones = _lived(MemoryStore(), groups, events, iter(lambda: 1, 0))
    assert sum(len(rows) for rows in ones.values()) > 300, "next to nothing happened"
    assert _lived(MemoryStore(), groups, events, iter(lambda: len(events), 0)) == ones
    cuts = random.Random(seed)
    store = open_store(new_sqlite(tmp_path / "x.db"), durable=False)
    assert _lived(store, groups, events, iter(lambda: cuts.randint(1, 40), 0)) == ones
    store.close()
