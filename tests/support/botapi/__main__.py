"""`python -m tests.support.botapi --port 0`: the server as a process. Prints {"port": …} once it listens."""

from __future__ import annotations

import argparse
import importlib
import json
import time

from tests.support.botapi.server import BotApiServer
from tests.support.botapi.serving import listening, serve_forever
from tests.support.botapi.world import World


class SetClock:
    """A clock that stands until it is set (POST /control/clock)."""

    def __init__(self, at: float) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


def main() -> None:
    """Reads the options and serves."""
    options = argparse.ArgumentParser(prog="python -m tests.support.botapi", description=__doc__)
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--script", help="package.module:function, called with (world, server) before serving")
    options.add_argument("--clock-at", type=float, help="a clock that stands at this Unix time until it is set")
    options.add_argument(
        "--fast", action="store_true", help="no spec check, history or record, httptools: for benchmarks"
    )
    given = options.parse_args()
    world = World(time.time if given.clock_at is None else SetClock(given.clock_at))
    world.keeps_history = not given.fast
    server = BotApiServer(world, check_spec=not given.fast, record=not given.fast)
    server.limits.watch = not given.fast
    if given.script:
        module, _, function = given.script.partition(":")
        getattr(importlib.import_module(module), function)(world, server)
    listener = listening(given.port)
    print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
    serve_forever(server, listener, fast=given.fast)


if __name__ == "__main__":
    main()
