"""The socket of a serving process."""

from __future__ import annotations

import socket

from config.problems import Said, system_said
from jobs.serve.refusing import CannotServe


def listening(address: str) -> socket.socket:
    """A socket that listens at `host:port`. Raises CannotServe."""
    host, _, port = address.rpartition(":")
    if not host or not port.isascii() or not port.isdecimal() or int(port) > 65535:
        raise CannotServe(_NO_ADDRESS.filled(address=address))
    try:
        family = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]
        made = socket.socket(family[0], socket.SOCK_STREAM)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(family[4])
            made.listen(512)
        except BaseException:
            made.close()
            raise
    except OSError as error:
        raise CannotServe(_TAKEN.filled(address=address, why=system_said(error))) from None
    return made


_NO_ADDRESS = Said(
    "{address} is no address to listen at; write one like 127.0.0.1:8080.",
    "{address} 不是可以监听的地址；请写成 127.0.0.1:8080 这样。",
)
_TAKEN = Said(
    "Nothing can listen at {address} ({why}); write another address: --listen, or else web.listen in yaji.yaml.",
    "没法在 {address} 监听（{why}）；请换一个地址：--listen，没写的话是 yaji.yaml 里的 web.listen。",
)
