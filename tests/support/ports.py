"""Ports on loopback that stay the test's own, also while nobody listens on them.

A port that is looked for and let go may be anybody's by the time that it is used. Here a socket that is bound and never
listens holds it: the system gives the port to nobody else, servers may listen on it (all of them ask for SO_REUSEADDR),
and whoever calls while none does is refused.
"""

from __future__ import annotations

import os
import socket
import weakref


class HeldPort:
    """A port that is held for as long as this is."""

    def __init__(self) -> None:
        holder = socket.socket()
        holder.bind(("127.0.0.1", 0))
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # from now on, for who listens; till here for none
        self.number: int = holder.getsockname()[1]
        self.address = f"127.0.0.1:{self.number}"
        weakref.finalize(self, os.close, holder.detach())
