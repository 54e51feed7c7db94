"""One robot's webhook, as documented at developer.work.weixin.qq.com/document/path/91770."""

from __future__ import annotations

import asyncio
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

HOST: Final = "https://qyapi.weixin.qq.com"
_DEADLINE: Final = 15.0


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
        await asyncio.to_thread(self._posted, body)

    def _posted(self, body: bytes) -> None:
        request = urllib.request.Request(self._url, body, {"Content-Type": "application/json"})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=self._deadline) as answer:  # noqa: S310  # checked above
                _judge(answer.read())
        except urllib.error.HTTPError as error:
            error.close()
            raise AnswerLost(f"HTTP {error.code} {error.reason}") from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise AnswerLost("no answer within the deadline") from None
            raise NotSent(str(error.reason)) from None
        except (TimeoutError, OSError, http.client.HTTPException) as error:
            raise AnswerLost(str(error) or type(error).__name__) from None


def _judge(body: bytes) -> None:
    try:
        answer = json.loads(body)
        code, why = int(answer["errcode"]), str(answer.get("errmsg", ""))
    except (ValueError, KeyError, TypeError):
        raise AnswerLost("the answer is not WeCom's") from None
    if code != 0:
        # What follows the words is a hint with the caller's address and a link.
        raise Refused(code, why.partition(", hint:")[0][:300])
