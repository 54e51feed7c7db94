"""What a process is called among those that want a lease, so that others on the machine can tell when it is dead.

A lease runs out by itself. Where the kernel knows that its holder is gone, nobody has to wait for that. Of processes of
other machines, containers and starts of the machine nothing is known, and of none where there is no /proc.
"""

from __future__ import annotations

import os
import secrets
import socket
from hashlib import blake2b
from pathlib import Path

_PROC = Path("/proc")


def holder() -> str:
    """The name of this process: machine, process and a word of its own, so that no two lives share one."""
    pid = os.getpid()
    return f"{socket.gethostname()}:{_place()}:{pid}:{_born(pid)}:{secrets.token_hex(3)}"


def gone(name: str) -> bool:
    """Whether a holder is known to be dead. A term of a lease may be told after a slash."""
    parts = name.partition("/")[0].split(":")
    if len(parts) != 5 or not parts[2].isdecimal() or not parts[3]:
        return False
    _, place, pid, born, _ = parts
    return place != "" and place == _place() and _born(int(pid)) != born


def _place() -> str:
    """Where process ids mean the same: one start of one machine, one container. Empty if that is not known."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_bytes()
        space = os.readlink(_PROC / "self/ns/pid")
    except OSError:
        return ""
    return blake2b(boot + space.encode(), digest_size=6).hexdigest()


def _born(pid: int) -> str:
    """When a process began, in the kernel's ticks; empty if it is not there, or only its exit status is."""
    try:
        told = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return ""
    state, *rest = told.rpartition(")")[2].split()  # the name before it may hold anything
    return "" if state in "ZX" else rest[18]
