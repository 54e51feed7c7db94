"""python-telegram-bot's request object with a client of ours inside.

httpx makes a request, headers, cookies and an answer of each call, at several times the cost of all else that we do for
a message. A call whose fields are JSON already goes out in one piece here; the others, which upload files, go its way.
"""

from __future__ import annotations

from typing import Any, Final, cast

import httpx
from telegram.request import HTTPXRequest

from adapters.telegram.wire import Wire, origin_of

_HEAD: Final = (
    b"POST %b HTTP/1.1\r\nHost: %b\r\nUser-Agent: %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
)


class Request(HTTPXRequest):
    """Calls over `wire`, to addresses in ASCII. Data whose `json_parameters` are bytes go out as that JSON."""

    def __init__(self, wire: Wire, **settings: Any) -> None:
        self._wire = wire
        super().__init__(**settings)

    def _build_client(self) -> httpx.AsyncClient:
        return _Client(self._wire, **{**self._client_kwargs, "transport": self._wire})


class _Client(httpx.AsyncClient):
    def __init__(self, wire: Wire, **settings: Any) -> None:
        super().__init__(**settings)
        self._wire = wire
        self._site = ""
        self._origin = ("", "", 0)
        self._host = b""

    async def request(self, method: str, url: httpx.URL | str, **told: Any) -> httpx.Response:
        """See `httpx.AsyncClient.request`. PTB looks at `status_code` and `content` of what comes back."""
        body = told["data"]
        if not isinstance(body, bytes):
            return await super().request(method, url, **told)
        address = str(url)
        path = address.index("/", address.index("//") + 2)
        if address[:path] != self._site:
            site = httpx.URL(address)
            self._site, self._origin, self._host = address[:path], origin_of(site), site.netloc
        agent: str = told["headers"]["User-Agent"]
        head = _HEAD % (address[path:].encode("ascii"), self._host, agent.encode("ascii"), len(body))
        answer = await self._wire.exchange(self._origin, head + body, told["timeout"])
        if answer.headers:  # maybe packed
            return httpx.Response(answer.status_code, headers=list(answer.headers), content=answer.content)
        return cast("httpx.Response", answer)
