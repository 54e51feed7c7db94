"""Wechaty's own puppet server in JavaScript, before the world of `gateway/world.mjs`, as a process of its own."""

from __future__ import annotations

import asyncio
import base64
import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any, Final

from adapters.wechat.endpoint import Endpoint
from tests.support.ports import HeldPort
from tests.support.wechat.certificates import Certificate
from tests.support.wechat.world import Sent

_SOURCE: Final = Path(__file__).parent / "gateway"
_PACKAGES: Final = ("package.json", "package-lock.json")
_PROGRAM: Final = ("main.mjs", "world.mjs")
REQUIRED: Final = "YAJI_REQUIRE_NODE"
"""Set where these tests must run, as in CI: without Node they fail there, and are skipped elsewhere."""


def missing() -> str:
    """Why the gateway cannot run here; empty if it can."""
    return "" if shutil.which("node") and shutil.which("npm") else "Node and npm are not installed here"


def installed() -> Path:
    """The folder with the gateway and its packages, which are installed once for each lock file."""
    digest = hashlib.sha256(b"".join((_SOURCE / name).read_bytes() for name in _PACKAGES)).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "yaji" / f"test-gateway-{digest}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (cache / "ready").exists():
            for name in _PACKAGES:
                shutil.copy(_SOURCE / name, cache)
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
            subprocess.run(command, cwd=cache, check=True, capture_output=True, timeout=600)
            (cache / "ready").touch()
        for name in _PROGRAM:
            shutil.copy(_SOURCE / name, cache / f"{name}.new")
            (cache / f"{name}.new").replace(cache / name)
    return cache


class NodeGateway:
    """One process at a time, on one port from start to start. Starting it anew takes seconds."""

    def __init__(self, *, token: str = "secret", certificate: Certificate | None = None) -> None:
        self.token = token
        self._held = HeldPort()
        self.port = self._held.number
        self._certificate = certificate
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> Endpoint:
        tls = self._certificate.tls if self._certificate is not None else None
        return Endpoint(host="127.0.0.1", port=self.port, token=self.token, tls=tls)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    async def start(self) -> None:
        await asyncio.to_thread(self._started)

    async def stop(self) -> None:
        """The process is killed; the system ends its connections."""
        await asyncio.to_thread(self.kill)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def freeze(self, frozen: bool = True) -> None:
        """It stands still, with its connections open."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)

    async def do(self, what: str, /, **arguments: Any) -> Any:
        """Have something happen, by the name that `World` has for it."""
        return await asyncio.to_thread(self._asked, {"do": what, **arguments})

    async def sent(self) -> list[Sent]:
        return [
            Sent(
                chat=one["chat"],
                text=one.get("text", ""),
                mentions=tuple(one.get("mentions", ())),
                picture=base64.b64decode(one["picture"]) if "picture" in one else None,
                name=one.get("name", ""),
            )
            for one in (await self.do("told"))["sent"]
        ]

    async def calls(self) -> list[str]:
        """The calls that begin or end the gateway's session, in order."""
        return list((await self.do("told"))["calls"])

    async def removed(self) -> list[tuple[str, str]]:
        return [(room, member) for room, member in (await self.do("told"))["removed"]]

    async def accepted(self) -> list[str]:
        return list((await self.do("told"))["accepted"])

    def _started(self) -> None:
        shown = None
        if self._certificate is not None:
            shown = {"cert": self._certificate.certificate, "key": self._certificate.key}
        self._process = subprocess.Popen(
            [
                "node",
                "--no-deprecation",
                "main.mjs",
                json.dumps({"port": self.port, "token": self.token, "tls": shown}),
            ],
            cwd=installed(),
            env=os.environ | {"WECHATY_LOG": "silent"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert int(self._answer()) == self.port

    def _asked(self, what: dict[str, Any]) -> Any:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what).encode() + b"\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the gateway's process ended"
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]


class Kept:
    """Gateways that go on from test to test, one for each certificate; each test gets it with an empty world."""

    def __init__(self) -> None:
        self._held: dict[str, NodeGateway] = {}

    async def gateway(self, certificate: Certificate | None = None) -> NodeGateway:
        held = self._held.setdefault(certificate.name if certificate else "", NodeGateway(certificate=certificate))
        if not held.running:
            await held.start()
        await held.do("resets")
        return held

    def close(self) -> None:
        for held in self._held.values():
            held.kill()
