"""How calls of a gateway fail. What is known of a failure is whether the call had any effect."""

from __future__ import annotations

from core.errors import YajiError


class CallFailed(Exception):
    """A call had no good answer. The message is one line."""


class NotSent(CallFailed):
    """Nobody took the call: there is no connection. It is certain that nothing happened."""


class Untrusted(NotSent):
    """Whoever listens there does not prove to be the gateway: another certificate, or none."""


class AnswerLost(CallFailed):
    """The call went out and no answer came: nobody knows whether it happened."""


class Broken(AnswerLost):
    """The connection ended while the answer was awaited."""


class Refused(CallFailed):
    """The gateway answered with an error: `status` is gRPC's name of it, `why` the first line of its text."""

    def __init__(self, status: str, why: str) -> None:
        super().__init__(f"{status}: {why}")
        self.status = status
        self.why = why


class CredentialsRefused(YajiError):
    """The gateway does not accept the token. The message is for the operator."""
