"""python-telegram-bot's request object, on connections of ours.

httpx makes a request, headers, cookies and an answer of each call, at several times the cost of all else that we do for
a message. A call whose fields are JSON already goes out in one piece here; the others, which upload files, go its way.
"""

from __future__ import annotations

from typing import Any, Final

import httpx
from telegram.request import BaseRequest, HTTPXRequest

from adapters.telegram.wire import Origin, Patience, Wire, origin_of

_HEAD: Final = b"POST %b HTTP/1.1\r\nHost: %b\r\nUser-Agent: %b\r\nContent-Type: application/json\r\nContent-Length: "


class Request(HTTPXRequest):
    """Calls over `wire`, to addresses in ASCII. Data whose `json_parameters` are bytes go out as that JSON, and all of
    that ends within `slack` seconds more than its `read_timeout`."""

    def __init__(self, wire: Wire, slack: float, **settings: Any) -> None:
        self._wire = wire
        self._slack = slack
        self._waits = settings["pool_timeout"], settings["connect_timeout"], settings["write_timeout"]
        self._begun: dict[str, tuple[Origin, bytes]] = {}
        super().__init__(**settings)

    def _build_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(**{**self._client_kwargs, "transport": self._wire})

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: Any = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """See `BaseRequest.do_request`. JSON needs a `read_timeout`, and what goes wrong with it is told in the errors
        of httpx."""
        body = request_data.json_parameters
        if not isinstance(body, bytes):
            return await super().do_request(
                url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
            )
        if (begun := self._begun.get(url)) is None:
            begun = self._begun[url] = self._begins(httpx.URL(url))
        origin, head = begun
        patience = Patience(*self._waits, read_timeout, read_timeout + self._slack)
        answer = await self._wire.exchange(origin, b"%b%d\r\n\r\n%b" % (head, len(body), body), patience)
        if not answer.headers:
            return answer.status_code, answer.content
        packed = httpx.Response(answer.status_code, headers=list(answer.headers), content=answer.content)
        return packed.status_code, packed.content

    def _begins(self, url: httpx.URL) -> tuple[Origin, bytes]:
        """Where calls of an address go, and how each of them begins."""
        return origin_of(url), _HEAD % (url.raw_path, url.netloc, self.USER_AGENT.encode("ascii"))
