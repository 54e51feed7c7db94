"""The log of a running process: one line an event on stderr, with no secret in it whatever a library says."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final, TextIO

_TOKEN: Final = re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}")
"""What bot tokens look like, also those that are no longer ours; in an address they follow a letter (`/bot123:…`)."""
_PASSWORD: Final = re.compile(r"(?<=://)([^/@\s:]*):[^/\s]+@")
HIDDEN: Final = "•••"


class Journal(logging.Formatter):
    """A line is: instant (UTC), level, who says it, what. Texts are one line each; a traceback follows on its own."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(message)s")
        self._secrets = sorted({secret for secret in secrets if len(secret) >= 8}, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line, everything secret taken out."""
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        message, *rest = super().format(record).split("\n")
        lines = [f"{at} {record.levelname.lower():7} {record.name}: {message}", *(f"    {line}" for line in rest)]
        return self.redacted("\n".join(lines))

    def redacted(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _PASSWORD.sub(rf"\1:{HIDDEN}@", _TOKEN.sub(HIDDEN, text))


@contextmanager
def logged(secrets: Iterable[str] = (), level: int = logging.INFO, out: TextIO | None = None) -> Iterator[None]:
    """Log to `out` (stderr) as long as this lasts; then logging is as it was."""
    root, migrations = logging.getLogger(), logging.getLogger("alembic")
    before = (root.level, migrations.level)
    handler = logging.StreamHandler(out or sys.stderr)
    handler.setFormatter(Journal(secrets))
    root.addHandler(handler)
    root.setLevel(level)
    migrations.setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before[0])
        migrations.setLevel(before[1])
