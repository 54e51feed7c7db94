"""One address in front of several processes, as a proxy gives them: each connection goes to the next one that lives."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.support.patience import PATIENCE


@contextmanager
def balanced(ports: Sequence[int]) -> Iterator[str]:
    """The URL of a proxy in front of these ports, for the length of the block."""
    loop = asyncio.new_event_loop()
    turns = itertools.cycle(ports)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for _ in ports:
                with contextlib.suppress(OSError):
                    behind = await asyncio.open_connection("127.0.0.1", next(turns))
                    await asyncio.wait(
                        [
                            asyncio.ensure_future(_piped(reader, behind[1])),
                            asyncio.ensure_future(_piped(behind[0], writer)),
                        ],
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                    behind[1].close()
                    break
        finally:
            writer.close()

    server = loop.run_until_complete(asyncio.start_server(connected, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, name="balancer", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        asyncio.run_coroutine_threadsafe(_ended(server), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()


async def _piped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


async def _ended(server: asyncio.Server) -> None:
    server.close()
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
