"""The server as a process of its own, seen from the test: starts it, speaks to its control channel, stops it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx

from tests.support.patience import PATIENCE

_ROOT: Final = Path(__file__).parents[3]


class RemoteServer:
    """A Bot API server in another process. `pid` may be killed by the test; `stop` ends it and waits."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.url = f"http://127.0.0.1:{port}"
        self.base_url = f"{self.url}/bot"
        self._client = httpx.Client(base_url=f"{self.url}/control", timeout=PATIENCE, trust_env=False)

    @classmethod
    @contextmanager
    def start(cls, *options: str) -> Iterator[RemoteServer]:
        """`python -m tests.support.botapi` with these options, for the length of the block."""
        command = [sys.executable, "-m", "tests.support.botapi", "--port", "0", *options]
        environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT, env=environment)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"the Bot API server ended with {process.wait()}")
            server = cls(process, json.loads(line)["port"])
            try:
                yield server
            finally:
                server._client.close()
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()

    def look(self, path: str, /, **asked: Any) -> Any:
        """GET /control/`path`."""
        return _answer(self._client.get(f"/{path}", params=asked))

    def do(self, path: str, /, **given: Any) -> Any:
        """POST /control/`path`."""
        return _answer(self._client.post(f"/{path}", json=given))

    def new(self, what: str, /, **args: Any) -> dict[str, Any]:
        """A new person, bot, group, supergroup or channel."""
        made: dict[str, Any] = self.do("new", what=what, args=args)
        return made

    def act(self, who: int, act: str, /, **args: Any) -> Any:
        """Somebody does something; the result in the forms of control.py."""
        return self.do("act", who=who, act=act, args=args)["result"]

    def raw(self, bot: int, lines: bytes) -> None:
        """Queues updates encoded beforehand, one a line."""
        _answer(self._client.post("/raw", params={"bot": bot}, content=lines))


def _answer(response: httpx.Response) -> Any:
    if response.status_code != 200:
        raise RuntimeError(f"{response.status_code} {response.text}")
    return response.json()
