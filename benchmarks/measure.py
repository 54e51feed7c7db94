"""One measurement in a process of its own: `python -m benchmarks.measure '{"what": "durable", ...}'` prints JSON.

A process of its own means that no measurement warms another one's caches, and that memory can be read off.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import durable, peers
from benchmarks.traffic import updates
from jobs.serve.heap import settle

WARM = 2_000
"""Events before those that are measured, on every side: a bot runs for weeks."""


def measure(asked: dict[str, Any]) -> dict[str, float]:
    """Events a second, for one of `bare`, `naive`, `durable`."""
    members, groups, rules = asked.get("members", 100_000), asked.get("groups", 200), asked.get("rules", 1_000)
    count, first = asked["events"], asked.get("first", 1)
    raw = list(updates(count + WARM, members=members, groups=groups, rules=rules, first=first, seed=asked["seed"]))
    with tempfile.TemporaryDirectory(prefix="yaji-bench-") as folder:
        settle()
        if asked["what"] == "bare":
            peers.bare(raw[:WARM])
            settle()
            return {"rate": count / peers.bare(raw[WARM:])}
        if asked["what"] == "naive":
            peers.naive(raw[: WARM // 10], Path(folder) / "warm.sqlite3", rules)
            settle()
            return {"rate": count / peers.naive(raw[WARM:], Path(folder) / "naive.sqlite3", rules)}
        return _durable(raw, asked, Path(folder), groups, rules)


def _durable(raw: list[bytes], asked: dict[str, Any], folder: Path, groups: int, rules: int) -> dict[str, float]:
    group = durable.community(folder / "home", rules)
    url = asked.get("url")
    if url is None:
        url = f"sqlite:///{folder / 'store.sqlite3'}"
        shutil.copy(asked["store"], folder / "store.sqlite3")
    everyone = durable.groups_like(group, groups)
    os.sync()  # copying the store has left the disk something to do
    durable.durable(raw[:WARM], url, everyone, asked["batch"])
    settle()
    before = _resident()
    seconds, outcome = durable.durable(raw[WARM:], url, everyone, asked["batch"])
    assert not outcome.faults, outcome.faults[0]
    assert not outcome.buried, outcome.buried[0]
    assert outcome.new == len(raw) - WARM, outcome
    return {
        "rate": (len(raw) - WARM) / seconds,
        "effects": outcome.effects / (len(raw) - WARM),
        "decisions": outcome.decisions / (len(raw) - WARM),
        "grown": _resident() - before,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _resident() -> float:
    """Resident memory in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    print(json.dumps(measure(json.loads(sys.argv[1]))))
