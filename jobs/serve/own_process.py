"""How the process itself is, by the names that every Prometheus client has for it. Nothing where there is no /proc."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")


def own_process(proc: Path = _PROC) -> Iterator[tuple[str, str, float]]:
    """Names of gauges, what they tell, and their values."""
    try:
        told = (proc / "self/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        booted = next(
            int(line.split()[1]) for line in (proc / "stat").read_text().splitlines() if line.startswith("btime ")
        )
        files = len(os.listdir(proc / "self/fd"))
        limits = (proc / "self/limits").read_text().splitlines()
        most = next(line.split()[3] for line in limits if line.startswith("Max open files"))
    except (OSError, StopIteration):
        return
    begun = booted + int(told[19]) / os.sysconf("SC_CLK_TCK")
    yield "process_start_time_seconds", "when this process began, since 1970", round(begun, 2)
    yield "process_resident_memory_bytes", "memory that this process has", int(told[21]) * os.sysconf("SC_PAGE_SIZE")
    yield "process_open_fds", "files and connections that it has open", files
    if most.isdecimal():
        yield "process_max_fds", "how many it may have open", int(most)
