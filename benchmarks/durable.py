"""Our side: raw updates to a durable commit, through everything that a live group goes through.

Bytes -> msgspec structs -> events -> dedupe -> 1,000 words and patterns -> onboarding, check-in, rules, tiers -> one
commit with ledger, activity, records, audit and outbox, in batches. The community is
loaded from YAML by the loader that operators use.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from adapters.sql import SqlStore, open_store
from adapters.telegram.actors import BotIdentity
from adapters.telegram.translate import events
from adapters.telegram.updates import updates_in
from benchmarks.traffic import BOT_ID, FIRST_CHAT, language_of, listed_words, patterns, username_of
from config.home import load
from core.engine import Engine, Outcome
from core.events import Event
from core.people import Account, ActorKind
from core.ports import Newcomer, RecordAt, Writes
from core.workflow import Group
from jobs.serve.inlet import AHEAD, LANES, EngineInlet
from jobs.serve.lanes import Flusher
from workflows.tier_standing import TIER, TierStanding

_LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
_FIRST_TIER = TierStanding(tier="seed", since=_LONG_AGO)
_CHUNK = 5_000
SOURCES = 8
"""Bots whose updates wait, so that there is always a batch more to decide."""

_COMMUNITY = """\
version: 1
community:
  name: 读书会
  timezone: Asia/Shanghai
  languages: [zh, en]
  groups: {groups}
onboarding:
  welcome: {{zh: "欢迎 ${{member.mention}}！", en: "Welcome ${{member.mention}}!"}}
  steps:
    - id: agree
      ask: {{zh: 同意群规吗？, en: Do you agree?}}
      options: [{{say: [同意, agree], label: {{zh: 同意, en: I agree}}}}]
  on_complete: [points: 10]
check_ins:
  morning:
    name: {{zh: 晨读, en: Morning reading}}
    keywords: [打卡, checkin]
    proof: {{min_chars: 10, or: [photo, voice]}}
    points: 5
    streak: {{bonus: {{7: 10, 30: 50}}, freezes: {{per_month: 2}}}}
    reply:
      zh: ✅ ${{member.name}} 连续第 ${{check_in.streak}} 天，+${{check_in.points}} 分
      en: ✅ ${{member.name}}, day ${{check_in.streak}} in a row, +${{check_in.points}}
tiers:
  seed: {{name: {{zh: 种子, en: Seed}}, from: 0}}
  sprout: {{name: {{zh: 新芽, en: Sprout}}, from: 100}}
  tree:
    name: {{zh: 大树, en: Tree}}
    from: 500
    if: member.warnings == 0 && member.active_days_30d >= 10
lists:
  ad_words: {words}
patterns:
  ad_patterns: {patterns}
rules:
  - id: ads
    when: message
    words: ad_words
    then: [{ads}]
  - id: ad-patterns
    when: message
    patterns: ad_patterns
    then: [{ads}]
  - id: newcomer-links
    when: message
    if: member.joined_days < 7 && msg.domains.exists(d, d != "github.com")
    then: [delete, warn: 新成员 7 天内请勿发外链]
  - id: thanks
    when: message
    if: msg.mentions.size() > 0 && msg.text.matches("(?i)\\\\b(thanks|ty)\\\\b|谢谢|感谢")
    then: [points: {{to: mentioned, add: 1, cap_per_day: 10}}]
"""


def community(home: Path, rules: int) -> Group:
    """A community of all four workflows with `rules` words and patterns, four in five of them words."""
    write(home, rules)
    return load(home).groups["reading"]


def write(home: Path, rules: int, *, groups: str = "{reading: null}", ads: str = "delete") -> None:
    """The community's file. `groups` is what it says of them, `ads` what is done with advertising."""
    (home / "communities").mkdir(parents=True, exist_ok=True)
    words = rules * 4 // 5
    lists = {"words": _inline(listed_words(words)), "patterns": _inline(patterns(max(rules - words, 1)))}
    text = _COMMUNITY.format(groups=groups, ads=ads, **lists)
    (home / "communities" / "reading.yaml").write_text(text, encoding="utf-8")


def _inline(words: list[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def groups_like(group: Group, count: int) -> Mapping[str, Group]:
    """`count` groups that run the same workflows."""
    return {
        f"reading{n}": Group(
            key=f"reading{n}",
            community=group.community,
            zone=group.zone,
            languages=group.languages,
            runs=group.runs,
            texts=group.texts,
        )
        for n in range(count)
    }


def settle(store: SqlStore, members: int, groups: int, *, standing: bool = True) -> None:
    """Known members: each with an account, a person and a seat in one group since long ago, in the first tier."""
    for start in range(0, members, _CHUNK):
        wanted = [
            (
                f"reading{user % groups}",
                Newcomer(
                    Account(f"telegram:{1_000_000 + user}"),
                    f"成员{user}",
                    ActorKind.PERSON,
                    username_of(user),
                    language_of(user),
                ),
            )
            for user in range(start, min(start + _CHUNK, members))
        ]
        with store.unit() as unit:
            unit.lock(sorted({group for group, _ in wanted}))
            writes = Writes()
            for (group, _), seat in unit.seats(wanted).items():
                seat.seen = _LONG_AGO
                writes.seats.append((group, seat))
                if standing:
                    writes.records[RecordAt(group, seat.person, TIER.name)] = _FIRST_TIER
            unit.save(writes)
            unit.commit()


def bodies(raw: list[bytes], batch: int) -> Iterator[bytes]:
    """The updates as getUpdates answers, `batch` in each."""
    stream = iter(raw)
    while part := list(itertools.islice(stream, batch)):
        yield b'{"ok":true,"result":[' + b",".join(part) + b"]}"


def durable(raw: list[bytes], url: str, groups: Mapping[str, Group], batch: int) -> tuple[float, Outcome]:
    """Seconds from raw updates to commits on the disk, and what became of them. The store is at `url`, already settled.

    More always waits, as in a backlog. On a file one thread decodes and decides; on a server the inlet's lanes decide.
    """
    store = open_store(url)
    engine, answers, total = Engine(store, groups), list(bodies(raw, batch)), Outcome()
    if store.pool.shared:
        inlet = EngineInlet(
            engine, store.flush, committed=lambda _, outcome: total.add(outcome), most=batch, lanes=LANES
        )
        elapsed = asyncio.run(_through(inlet, answers, _decoder(groups)))
    else:
        elapsed = _straight(engine, store, answers, _decoder(groups), total, AHEAD // batch)
    store.close()
    return elapsed, total


def _decoder(groups: Mapping[str, Group]) -> Callable[[bytes], list[Event]]:
    keys = {FIRST_CHAT - n: f"reading{n}" for n in range(len(groups))}
    bot = BotIdentity(id=BOT_ID, username="yaji_bot")

    def decoded(answer: bytes) -> list[Event]:
        happened: list[Event] = []
        for update in updates_in(answer)[0]:
            happened += events(update, bot, keys.get)
        return happened

    return decoded


def _straight(
    engine: Engine,
    store: SqlStore,
    answers: list[bytes],
    decoded: Callable[[bytes], list[Event]],
    total: Outcome,
    most: int,
) -> float:
    """`most` is how many batches may be on their way at once."""
    ahead = threading.Semaphore(most)
    problems: list[Exception] = []

    def lasts(_: object, problem: Exception | None) -> None:
        problems.extend([] if problem is None else [problem])
        ahead.release()

    flusher: Flusher[object] = Flusher(store.flush, lasts)
    start = time.perf_counter()
    for answer in answers:
        happened = decoded(answer)
        if not ahead.acquire(blocking=False):
            flusher.hurry()
            ahead.acquire()
            flusher.wait_for_more()
        total.add(engine.process(happened, lasting=False))
        flusher.take(answer)
    flusher.close()
    flusher.join()
    elapsed = time.perf_counter() - start
    assert not problems, problems[0]
    return elapsed


async def _through(inlet: EngineInlet, answers: list[bytes], decoded: Callable[[bytes], list[Event]]) -> float:
    """As in `serve`, a source hands on its next batch when the last one is on the disk."""
    waiting = iter(answers)

    async def source() -> None:
        for answer in waiting:
            await inlet.take(decoded(answer))

    running = asyncio.create_task(inlet.run())
    start = time.perf_counter()
    await asyncio.gather(*(source() for _ in range(SOURCES)))
    elapsed = time.perf_counter() - start
    inlet.stop()
    await running
    return elapsed
