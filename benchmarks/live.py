"""Live, over loopback: a Bot API server as a process of its own, and clients in theirs, on the same updates.

    python -m benchmarks.live                 all of it (some minutes)
    python -m benchmarks.live --rounds 3      fewer or more interleaved rounds (5)
    python -m benchmarks.live --only rates    only this: rates, answers, backlog

Rates: from the first getUpdates answer to the last commit (ours) or the last handler's end (the peer's, which keeps
nothing, once more with a commit in each handler, and once with one that does not wait for the disk); with sends, to the
last of both and of the sendMessage calls.
Answers: at 200 updates a second, from when the server handed an update out to when the answer's sendMessage was there.
Backlog: 100,000 messages wait for one bot, while members of another bot's groups ask for help.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks import durable
from benchmarks.live_world import GROUPS, MEMBERS, OTHER_ID, OTHER_TOKEN, OTHERS, RULES, TOKEN
from benchmarks.pipeline import settled
from benchmarks.traffic import BOT_ID, FIRST_CHAT
from tests.support.botapi import RemoteServer

WARM: Final = 1_000
RATE: Final = 200.0
BACKLOG: Final = 100_000
EVERY: Final = 0.35
"""Seconds between two commands during the backlog: as many as Telegram lets a bot answer in ten groups."""
ANSWERED: Final = 3.0
"""Seconds without a further answer after which all are taken to have come."""
PEER: Final = "PTB, ten handlers"
KEEPING: Final = "PTB, ten handlers, to commit"
SOON: Final = "PTB, ten handlers, to commit, disk not waited for"
SENDING: Final = "PTB, with sends"
KEEPING_SENDING: Final = "PTB, with sends, to commit"
SOON_SENDING: Final = "PTB, with sends, to commit, disk not waited for"
CONCURRENT: Final = "PTB, with sends, concurrent"
_TICK: Final = os.sysconf("SC_CLK_TCK")
Result = dict[str, float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="live, against python-telegram-bot with its own Updater")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--events", type=int, default=5_000)
    parser.add_argument("--only", choices=("rates", "answers", "backlog"), action="append")
    asked = parser.parse_args()
    parts = asked.only or ["rates", "answers", "backlog"]
    with tempfile.TemporaryDirectory(prefix="yaji-live-") as folder:
        bench = Bench(Path(folder))
        if "rates" in parts:
            rates(bench, asked.rounds, asked.events)
        if "answers" in parts:
            answers(bench, asked.rounds)
        if "backlog" in parts:
            backlog(bench)


class Bench:
    """Starts servers and clients. The store with 100,000 known members is made once, and copied for each run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store = settled(folder / "settled.sqlite3", MEMBERS, GROUPS)
        self._runs = 0

    @contextmanager
    def yaji(self, *options: str) -> Iterator[tuple[RemoteServer, Client]]:
        """A server, and our side connected to it."""
        self._runs += 1
        home = self._folder / f"home{self._runs}"
        _write_home(home)
        store = self._folder / f"store{self._runs}.sqlite3"
        shutil.copy(self._store, store)
        os.sync()  # copying the store has left the disk something to do
        with _server() as server:
            database = {"YAJI_DATABASE_URL": f"sqlite:///{store}", "OTHER_TOKEN": OTHER_TOKEN}
            with client(server, database, "benchmarks.live_yaji", str(home), *options) as running:
                yield server, running
        for file in self._folder.glob(f"{store.name}*"):
            file.unlink()

    def file(self) -> str:
        """Where a peer that commits keeps what it knows: a new file each time."""
        self._runs += 1
        return str(self._folder / f"peer{self._runs}.sqlite3")

    @contextmanager
    def peer(self, counts: Sequence[int], *options: str) -> Iterator[tuple[RemoteServer, Client]]:
        """A server, and the peer connected to it."""
        with _server() as server:
            told = ",".join(map(str, counts))
            with client(server, {}, "benchmarks.live_peer", told, *options) as running:
                yield server, running


class Client:
    """A bot's process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def line(self) -> str:
        """The next line that it prints."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a client ended with {self._process.wait()}")
        return line

    @property
    def processor(self) -> float:
        """Seconds of processor time so far, of all its threads."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    @property
    def peak(self) -> float:
        """The most memory that it had, in MB."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


@contextmanager
def client(server: RemoteServer, more: Mapping[str, str], module: str, *options: str) -> Iterator[Client]:
    """A client's process; the block begins when it serves."""
    environment = {**os.environ, **more, "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": server.url}
    process = subprocess.Popen(
        [sys.executable, "-m", module, *options], stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        running = Client(process)
        assert running.line() == "serving\n"
        yield running
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _server() -> Iterator[RemoteServer]:
    with RemoteServer.start("--fast", "--script", "benchmarks.live_world:begin") as server:
        yield server


def _write_home(home: Path) -> None:
    lines = [f"reading{n}: {{telegram: {FIRST_CHAT - n}}}" for n in range(GROUPS)]
    lines += [f"reading{n}: {{telegram: {FIRST_CHAT - n}, bot: other}}" for n in OTHERS]
    durable.write(home, RULES, groups="{" + ", ".join(lines) + "}", ads="reply: 请不要发广告")
    (home / "yaji.yaml").write_text(
        "version: 1\nplatforms:\n  telegram:\n    token: ${env:TELEGRAM_BOT_TOKEN}\n"
        "    bots: {other: {token: '${env:OTHER_TOKEN}'}}\n",
        encoding="utf-8",
    )


# rates


def rates(bench: Bench, rounds: int, events: int) -> None:
    """Updates a second, each row once a round."""
    measured: dict[str, list[Result]] = defaultdict(list)
    for n in range(rounds):
        with bench.peer((WARM, events)) as (server, running):
            measured[PEER].append(_peer_rate(server, running, n, events, sends=False))
        with bench.peer((WARM, events), "--commits", bench.file()) as (server, running):
            measured[KEEPING].append(_peer_rate(server, running, n, events, sends=False))
        with bench.peer((WARM, events), "--soon", "--commits", bench.file()) as (server, running):
            measured[SOON].append(_peer_rate(server, running, n, events, sends=False))
        with bench.yaji("--mute") as (server, running):
            measured["bytes of getUpdates to commit"].append(_rate(server, running, n, events, sends=False))
        with bench.peer((WARM, events), "--sends") as (server, running):
            measured[SENDING].append(_peer_rate(server, running, n, events, sends=True))
        with bench.peer((WARM, events), "--sends", "--commits", bench.file()) as (server, running):
            measured[KEEPING_SENDING].append(_peer_rate(server, running, n, events, sends=True))
        with bench.peer((WARM, events), "--sends", "--soon", "--commits", bench.file()) as (server, running):
            measured[SOON_SENDING].append(_peer_rate(server, running, n, events, sends=True))
        with bench.peer((WARM, events), "--sends", "--concurrent") as (server, running):
            measured[CONCURRENT].append(_peer_rate(server, running, n, events, sends=True))
        with bench.yaji("--unpaced") as (server, running):
            measured["with sends"].append(_rate(server, running, n, events, sends=True))
        for name, results in measured.items():
            last = results[-1]
            print(f"round {n + 1}: {name}: {last['rate']:,.0f}/s, {last['cost']:.0f} us", file=sys.stderr)
    print("\n| what | updates/s | processor, us each | answers | x PTB | x to commit | x not to disk | x concurrent |")
    print("|---|---|---|---|---|---|---|---|")
    for name, results in measured.items():
        sends = "sends" in name
        rate = _middle([each["rate"] for each in results], ",.0f")
        cost = _middle([each["cost"] for each in results], ".0f")
        ratios = [
            _ratio(results, measured[SENDING if sends else PEER]),
            _ratio(results, measured[KEEPING_SENDING if sends else KEEPING]),
            _ratio(results, measured[SOON_SENDING if sends else SOON]),
            _ratio(results, measured[CONCURRENT]) if name == "with sends" else "",
        ]
        print(f"| {name} | {rate} | {cost} | {results[0]['answers']:.0f} | {' | '.join(ratios)} |")


def _peer_rate(server: RemoteServer, running: Client, seed: int, events: int, *, sends: bool) -> Result:
    _queue(server, WARM, 1, seed)
    running.line()
    time.sleep(1.0)
    before = running.processor
    _queue(server, events, WARM + 1, seed + 100)
    over = float(json.loads(running.line())["at"])
    cost = running.processor - before
    found = (
        _answered(server, BOT_ID, WARM + 1, WARM + events) if sends else _told(server, BOT_ID, WARM + 1, WARM + events)
    )
    return {"rate": events / (over - found["begun"]), "cost": cost / events * 1e6, "answers": found["answers"]}


def _rate(server: RemoteServer, running: Client, seed: int, events: int, *, sends: bool) -> Result:
    _queue(server, WARM, 1, seed)
    _confirmed(server, BOT_ID, 1, WARM)
    if sends:
        _answered(server, BOT_ID, 1, WARM)
    time.sleep(1.0)
    before = running.processor
    _queue(server, events, WARM + 1, seed + 100)
    found = _confirmed(server, BOT_ID, WARM + 1, WARM + events)
    if sends:
        found = _answered(server, BOT_ID, WARM + 1, WARM + events)
    over = max(found["confirmed"], found["answered"] if sends else 0.0)
    cost = running.processor - before
    return {"rate": events / (over - found["begun"]), "cost": cost / events * 1e6, "answers": found["answers"]}


# answers


def answers(bench: Bench, rounds: int, seconds: int = 15) -> None:
    """How long an answer takes at 200 updates a second."""
    measured: dict[str, list[float]] = defaultdict(list)
    costs: list[float] = []
    rows: list[tuple[float, float]] = []
    count = int(RATE * seconds)
    for n in range(rounds):
        with bench.yaji("--unpaced") as (server, running):
            _queue(server, WARM, 1, n)
            _answered(server, BOT_ID, 1, WARM)
            before = running.processor
            asked = {"count": count, "first": WARM + 1, "seed": n + 200, "rate": RATE}
            server.do("run", script="benchmarks.live_world:pace", args=asked)
            found = _answered(server, BOT_ID, WARM + 1, WARM + count)
            costs.append((running.processor - before) / count * 1e6)
        for since in ("from_handed", "from_queued"):
            measured[since] += found[since]
            low, high = _percentile(found[since], 0.5) * 1000, _percentile(found[since], 0.99) * 1000
            print(f"round {n + 1}: {since}: p50 {low:.1f} ms, p99 {high:.1f} ms", file=sys.stderr)
            if since == "from_handed":
                rows.append((low, high))
    print(f"\n{RATE:.0f} updates/s, {rounds} rounds of {seconds} s; processor {_middle(costs, '.0f')} us an update")
    print("\n| until the answer's sendMessage | answers | p50 ms | p90 | p99 | worst |\n|---|---|---|---|---|---|")
    for since, name in (("from_handed", "from the update handed out"), ("from_queued", "from the update queued")):
        parts = " | ".join(f"{_percentile(measured[since], share) * 1000:.1f}" for share in (0.5, 0.9, 0.99, 1.0))
        print(f"| {name} | {len(measured[since])} | {parts} |")
    print(f"\nof the rounds: p50 {_middle([r[0] for r in rows], '.1f')}, p99 {_middle([r[1] for r in rows], '.1f')} ms")


# backlog


def backlog(bench: Bench) -> None:
    """100,000 messages that waited, and what others feel of it. Sends are paced as Telegram wants."""
    with bench.yaji() as (server, running):
        _queue(server, WARM, 1, 7)
        _confirmed(server, BOT_ID, 1, WARM)
        server.do("run", script="benchmarks.live_world:command_now_and_then", args={"every": EVERY})
        time.sleep(5)
        before, memory = running.processor, running.peak
        _queue(server, BACKLOG, WARM + 1, 8)
        found = _confirmed(server, BOT_ID, WARM + 1, WARM + BACKLOG)
        cost = running.processor - before
        asked = _told(server, OTHER_ID, 1, 1_000_000)
        others = asked["from_queued"] + asked["unanswered"]
        seconds = found["confirmed"] - found["begun"]
        print(
            f"\nbacklog of {BACKLOG:,}: {BACKLOG / seconds:,.0f}/s, processor {cost / BACKLOG * 1e6:.0f} us an update, "
            f"memory at most {running.peak:.0f} MB (before: {memory:.0f}); {len(others)} commands to the other bot "
            f"meanwhile, answered after: p50 {_percentile(others, 0.5):.2f} s, p99 {_percentile(others, 0.99):.2f} s, "
            f"worst {max(others, default=0):.2f} s ({len(asked['unanswered'])} not yet)"
        )


# what both need


def _queue(server: RemoteServer, count: int, first: int, seed: int) -> None:
    server.do("run", script="benchmarks.live_world:queue", args={"count": count, "first": first, "seed": seed})


def _told(server: RemoteServer, bot: int, first: int, last: int) -> dict[str, Any]:
    told: dict[str, Any] = server.do(
        "run", script="benchmarks.live_world:told", args={"bot": bot, "first": first, "last": last}
    )["result"]
    return told


def _confirmed(server: RemoteServer, bot: int, first: int, last: int) -> dict[str, Any]:
    """What is known once all are confirmed."""
    while server.look("bot", id=bot)["confirmed"] <= last:
        time.sleep(0.1)
    return _told(server, bot, first, last)


def _answered(server: RemoteServer, bot: int, first: int, last: int) -> dict[str, Any]:
    """What is known once all are confirmed and no answers come any more."""
    found = _confirmed(server, bot, first, last)
    while time.time() - (found["answered"] or found["confirmed"]) < ANSWERED:
        time.sleep(1.0)
        found = _told(server, bot, first, last)
    return found


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def _middle(values: Sequence[float], form: str) -> str:
    return f"{statistics.median(values):{form}} ({min(values):{form}}-{max(values):{form}})"


def _ratio(mine: Sequence[Result], theirs: Sequence[Result]) -> str:
    return _middle([a["rate"] / b["rate"] for a, b in zip(mine, theirs, strict=True)], ".2f")


if __name__ == "__main__":
    main()
