"""Secrets by name: what a file says instead of a token."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

_ENV = re.compile(r"\$\{env:([A-Z_][A-Z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Secret:
    """The name of an environment variable. The value is read when it is needed, and never kept or printed."""

    name: str

    def read(self, environment: Mapping[str, str] | None = None) -> str | None:
        """The secret itself, None if it is not set."""
        return (os.environ if environment is None else environment).get(self.name)


def secret(written: object) -> Secret:
    """`${env:TELEGRAM_BOT_TOKEN}`. A secret written out is refused without repeating it."""
    if isinstance(written, Secret):
        return written
    found = _ENV.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise SecretWritten(
            "a secret does not belong in a file; put it in an environment variable and write ${env:NAME}"
        )
    return Secret(found[1])


class SecretWritten(ValueError):
    """A secret stands in a file. What was found must not be shown."""


SecretName = Annotated[
    Secret,
    BeforeValidator(secret),
    PlainSerializer(lambda s: f"${{env:{s.name}}}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\$\{env:[A-Z_][A-Z0-9_]*\}$"}),
]


BotName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,19}$")]
MAIN = "main"
"""What the bot of `token` is called."""
