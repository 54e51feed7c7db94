"""What a bot says beside the outbox: answers to presses, and a sentence to chats that are no group of ours.

Nobody waits for it and nothing depends on it. It is said once at most, and given up when it comes too late.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from adapters.telegram.calling import Caller
from adapters.telegram.calls import ApiError, CallFailed, NotSent

MOST_ANSWERS: Final = 1_000
"""Presses that wait for an answer; Telegram takes none after some seconds, so more would be in vain."""
MOST_MESSAGES: Final = 100
_PATIENCE: Final = 8.0
"""Seconds that a button waits for what is shown to who pressed."""
_ANSWERING, _SPACING, _AGAIN, _LONGEST_WAIT = 4, 0.2, 1.0, 30.0
_LEAVING: Final = 3.0

_Call = tuple[str, Mapping[str, object]]


class Asides:
    """Two small queues of calls: answers to presses, four at once, and messages, five a second at most."""

    def __init__(self, calls: Caller, *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._calls = calls
        self._pause = pause
        self._answers: asyncio.Queue[_Call] = asyncio.Queue(MOST_ANSWERS)
        self._messages: asyncio.Queue[_Call] = asyncio.Queue(MOST_MESSAGES)
        self._workers: list[asyncio.Task[None]] = []
        self._waiting: dict[object, asyncio.Task[None]] = {}
        self._relieving: set[asyncio.Task[None]] = set()
        self.dropped = 0
        """How many were given up because too many waited, or because their chat was told to wait."""

    def answer(self, query: str, text: str = "") -> None:
        """Answer a press, so that the button stops waiting; a text is shown to who pressed."""
        params = {"callback_query_id": query, "text": text or None, "show_alert": True if text else None}
        self._put(self._answers, ("answerCallbackQuery", params))

    def relieve(self, query: str) -> None:
        """Answer a press with nothing in some seconds: its own answer is on its way, and if that came first, this is
        one too many and does no harm."""
        if len(self._relieving) >= MOST_ANSWERS:
            self.answer(query)
            return
        task = asyncio.create_task(self._relieved(query))
        self._relieving.add(task)
        task.add_done_callback(self._relieving.discard)

    def say(self, chat: int, text: str, *, reply_to: int | None = None, topic: int | None = None) -> None:
        """Post a plain text."""
        reply = None if reply_to is None else {"message_id": reply_to, "allow_sending_without_reply": True}
        params = {"chat_id": chat, "text": text, "message_thread_id": topic, "reply_parameters": reply}
        self._put(self._messages, ("sendMessage", params))

    def _put(self, queue: asyncio.Queue[_Call], call: _Call) -> None:
        if not self._workers:
            self._workers = [asyncio.create_task(self._work(self._answers, 0.0)) for _ in range(_ANSWERING)]
            self._workers.append(asyncio.create_task(self._work(self._messages, _SPACING)))
        try:
            queue.put_nowait(call)
        except asyncio.QueueFull:
            self.dropped += 1

    async def _work(self, queue: asyncio.Queue[_Call], spacing: float) -> None:
        while True:
            method, params = await queue.get()
            try:
                await self._made(method, params)
            finally:
                queue.task_done()
            if spacing:
                await self._pause(spacing)

    async def _made(self, method: str, params: Mapping[str, object]) -> None:
        chat = params.get("chat_id")
        if chat in self._waiting:
            self.dropped += 1
            return
        with contextlib.suppress(CallFailed):
            try:
                await self._calls.call(method, params)
                return
            except NotSent:
                await self._pause(_AGAIN)
            except ApiError as error:
                if method == "sendMessage" and error.retry_after is not None and error.retry_after <= _LONGEST_WAIT:
                    self._waiting[chat] = asyncio.create_task(self._later(params, error.retry_after))
                return
            await self._calls.call(method, params)

    async def _later(self, params: Mapping[str, object], seconds: float) -> None:
        """Say it when its chat may be written to again; other chats do not wait for that."""
        try:
            await self._pause(seconds)
            with contextlib.suppress(CallFailed):
                await self._calls.call("sendMessage", params)
        finally:
            self._waiting.pop(params["chat_id"], None)

    async def _relieved(self, query: str) -> None:
        await self._pause(_PATIENCE)
        self.answer(query)

    async def settled(self) -> None:
        """Returns when everything put so far was said or given up."""
        await self._answers.join()
        await self._messages.join()
        await asyncio.gather(*self._waiting.values(), return_exceptions=True)

    async def close(self) -> None:
        """Say what is left, for three seconds at most, then end."""
        if self._workers:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.settled(), _LEAVING)
        workers, self._workers = [*self._workers, *self._waiting.values(), *self._relieving], []
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
