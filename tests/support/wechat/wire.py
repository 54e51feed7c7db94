"""A wire between the assistant and a gateway that can be cut, or swallow everything without telling anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Wire:
    """Listens on a port of its own and carries bytes both ways. `to` tells where the gateway listens now."""

    def __init__(self, to: Callable[[], int]) -> None:
        self.port = 0
        self._to = to
        self._server: asyncio.Server | None = None
        self._lets_in = True
        self._flows: set[asyncio.Event] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._carrying: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        self.mend()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    def swallow(self) -> None:
        """From now on nothing arrives on either side, not even an end. Those who come now fare the same."""
        self._lets_in = False
        for flows in self._flows:
            flows.clear()

    def reroute(self) -> None:
        """Those who come now get through. What was swallowed stays so, and the gateway waits for it."""
        self._lets_in = True

    def mend(self) -> None:
        """Everything goes on where it stopped."""
        self._lets_in = True
        for flows in self._flows:
            flows.set()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        flows = asyncio.Event()
        if self._lets_in:
            flows.set()
        self._carrying.add(task)
        self._flows.add(flows)
        self._writers.add(writer)
        try:
            await flows.wait()
            there, back = await asyncio.open_connection("127.0.0.1", self._to())
            self._writers.add(back)
            await asyncio.gather(_pour(reader, back, flows), _pour(there, writer, flows))
        except OSError:
            writer.transport.abort()
        finally:
            self._carrying.discard(task)
            self._flows.discard(flows)


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, flows: asyncio.Event) -> None:
    while data := await reader.read(65536):
        await flows.wait()
        writer.write(data)
        await writer.drain()
    await flows.wait()
    writer.transport.abort()
