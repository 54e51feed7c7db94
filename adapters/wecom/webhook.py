"""One robot's webhook, as documented at developer.work.weixin.qq.com/document/path/91770."""

from __future__ import annotations

import asyncio
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

HOST: Final = "https://qyapi.weixin.qq.com"
LARGEST: Final = 64 * 1024
"""Bytes of an answer that are read; WeCom's own have a hundred."""
_DEADLINE: Final = 15.0
_TOO_LATE: Final = "no answer within the deadline"


class CallFailed(Exception):
    """A post had no good answer. The message is one line, without the key."""


class NotSent(CallFailed):
    """Nobody took the request: it is certain that nothing was posted."""


class AnswerLost(CallFailed):
    """The request went out and no answer came that says what became of it."""


class Refused(CallFailed):
    """WeCom answered with an error: `code` is its errcode."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(f"{code} {why}")
        self.code = code
        self.why = why


class Webhook:
    """Posts as one robot. Its key is all that anybody needs to post there: it is shown nowhere."""

    def __init__(self, key: str, *, host: str = HOST, deadline: float = _DEADLINE) -> None:
        if urlsplit(host).scheme not in ("http", "https"):
            raise ValueError(f"{host} is no address of an HTTP server")
        self._url = f"{host}/cgi-bin/webhook/send?key={quote(key, safe='')}"
        self._deadline = deadline

    async def post(self, kind: str, says: Mapping[str, object]) -> None:
        """Post a message of a kind ("text", "image"). Raises CallFailed."""
        body = json.dumps({"msgtype": kind, kind: says}, ensure_ascii=False).encode()
        try:
            async with asyncio.timeout(self._deadline):  # a socket's own timeout begins anew with each byte
                await asyncio.to_thread(self._posted, body)
        except TimeoutError:
            raise AnswerLost(_TOO_LATE) from None

    def _posted(self, body: bytes) -> None:
        request = urllib.request.Request(self._url, body, {"Content-Type": "application/json"})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=self._deadline) as answer:  # noqa: S310  # checked above
                _judge(_read(answer, time.monotonic() + self._deadline))
        except urllib.error.HTTPError as error:
            error.close()
            raise AnswerLost(f"HTTP {error.code} {error.reason}") from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise AnswerLost(_TOO_LATE) from None
            raise NotSent(str(error.reason)) from None
        except (TimeoutError, OSError, http.client.HTTPException) as error:
            raise AnswerLost(str(error) or type(error).__name__) from None


def _read(answer: http.client.HTTPResponse, until: float) -> bytes:
    """The body, no more of it and no longer than is of use: nobody waits for the thread that reads it."""
    body = b""
    while piece := answer.read1(LARGEST):
        body += piece
        if len(body) > LARGEST or time.monotonic() > until:
            raise AnswerLost("the answer does not end")
    return body


def _judge(body: bytes) -> None:
    try:
        answer = json.loads(body)
        code, why = int(answer["errcode"]), str(answer.get("errmsg", ""))
    except (ValueError, KeyError, TypeError):
        raise AnswerLost("the answer is not WeCom's") from None
    if code != 0:
        # What follows the words is a hint with the caller's address and a link.
        raise Refused(code, why.partition(", hint:")[0][:300])
