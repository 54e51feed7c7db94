"""Where a gateway is, what it is shown, and how it proves that it is the right one."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """What the gateway's certificate must be: signed by one of `authorities`, for `name`.

    `authorities` are PEM, None means those of the system; `name` None means the host of the endpoint.
    """

    authorities: str | None = None
    name: str | None = None

    def context(self) -> ssl.SSLContext:
        """Raises ssl.SSLError if the authorities are no PEM."""
        made = ssl.create_default_context(cadata=self.authorities)
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        made.set_alpn_protocols(["h2"])
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """`tls` None speaks plainly: everybody on the way can read and write as the account, and learn the token."""

    host: str
    port: int
    token: str = field(repr=False)
    tls: Tls | None = field(default_factory=Tls)

    @classmethod
    def parse(cls, address: str, token: str, tls: Tls | None) -> Endpoint:
        """Of `host:port`, as operators write it. Raises ValueError."""
        host, _, port = address.rpartition(":")
        host = host.strip("[]")
        if not host or not port.isascii() or not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValueError(f"{address!r} is no host:port")
        return cls(host=host, port=int(port), token=token, tls=tls)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
