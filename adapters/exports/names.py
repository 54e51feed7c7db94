"""Who a name means. Service lines of chat exports name people without their ids."""

from __future__ import annotations

from adapters.exports.history import Reading
from core.people import Actor


class Names:
    """Names and the accounts seen under them, over a whole file."""

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._accounts: dict[str, str | None] = {}

    def saw(self, name: str, account: str) -> None:
        """`account` writes under `name`."""
        if name and self._accounts.setdefault(name, account) != account:
            self._accounts[name] = None

    def account(self, name: str) -> str:
        """The only account that has the name; a stable account of its own if there is none, or more than one."""
        return self._accounts.get(name) or f"{self._platform}:name:{name}"

    def actor(self, name: str, reading: Reading) -> Actor:
        """The person of that name."""
        return reading.actor(self.account(name), name)


class Lately:
    """Who wrote which message, for the last messages only: exports tell what was answered, not whom."""

    def __init__(self, most: int = 50_000) -> None:
        self._most = most
        self._authors: dict[str, Actor] = {}

    def wrote(self, message: str, author: Actor) -> None:
        """Remember, and forget the oldest."""
        self._authors[message] = author
        if len(self._authors) > self._most:
            del self._authors[next(iter(self._authors))]

    def author(self, message: str) -> Actor | None:
        """The author of a message, None if it is not in the file or long ago."""
        return self._authors.get(message)
