"""`python -m benchmarks.wechat`: how fast a gateway's messages come in, and what a long day does to the memory.

The gateway is Wechaty's own puppet server in a process of its own, on the same machine. Each message is one event of
the stream, one request for what it holds, and is handed on with the name of who wrote it. On a machine that has other
work the processor's time says more than the seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from pathlib import Path
from typing import Final

from adapters.wechat.connection import Timings
from adapters.wechat.gateway import Gateway
from adapters.wechat.payloads import Happening
from adapters.wechat.perform import WeChatPlatform
from core.delivery import Destination
from core.effects import Say
from tests.support.wechat.node import NodeGateway

ROOM: Final = "1@chatroom"
BURST: Final = 20_000
_WARM: Final = 1_000


class Counted:
    """What was handed on."""

    def __init__(self) -> None:
        self.messages = 0

    async def __call__(self, happening: Happening) -> None:
        self.messages += 1


def resident() -> float:
    """The process's memory, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6


async def measured(bursts: int) -> None:
    """Prints a table."""
    gateway = NodeGateway()
    await gateway.start()
    counted = Counted()
    mine = Gateway(gateway.endpoint, timings=Timings())
    running = asyncio.create_task(mine.run(counted))
    try:
        await mine.connected_again()
        while mine.me is None:
            await asyncio.sleep(0.01)
        await gateway.do("contact", id="wxid_li", name="李雷", friend=True)
        await gateway.do("room", id=ROOM, topic="读书会", members={"wxid_li": "小李"})
        await _burst(gateway, counted, _WARM)
        before = resident()
        print(f"{'messages':>9} {'seconds':>8} {'per second':>11} {'own CPU, ms each':>17} {'memory, MB':>11}")
        print(f"{before:>60.1f}")
        for _ in range(bursts):
            used = time.process_time()
            seconds = await _burst(gateway, counted, BURST)
            each = (time.process_time() - used) / BURST * 1000
            print(f"{BURST:>9} {seconds:>8.1f} {BURST / seconds:>11.0f} {each:>17.2f} {resident():>11.1f}", flush=True)
        print(f"grown by {resident() - before:.1f} MB over {bursts * BURST} messages")
        platform, said = WeChatPlatform(mine, {}), 300
        begun = time.perf_counter()
        for n in range(said):
            await platform.perform(Say(words=(f"{n}",)), Destination("reading", ROOM))
        print(f"out, one after the other: {said / (time.perf_counter() - begun):.0f} per second")
    finally:
        running.cancel()
        await asyncio.wait({running})
        await gateway.stop()


async def _burst(gateway: NodeGateway, counted: Counted, count: int) -> float:
    """Has so many messages happen at once. Answers how many seconds it takes until all were handed on."""
    want = counted.messages + count
    begun = time.perf_counter()
    await gateway.do("burst", talker="wxid_li", room=ROOM, count=count)
    while counted.messages < want:
        await asyncio.sleep(0.02)
    return time.perf_counter() - begun


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bursts", type=int, default=5, help=f"how many bursts of {BURST} messages")
    asyncio.run(measured(parser.parse_args().bursts))
