"""`yaji.yaml`: how this deployment is connected. Everything in it has a default; secrets come from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from config.keeping import Keep
from config.secrets import MAIN, BotName, Secret, SecretName, SecretWritten, secret
from config.wechat import WeChat
from workflows.options import Options

_SCHEME = re.compile(r"(sqlite|postgresql|unix|rediss?(\+sentinel|\+cluster)?)://")


def address(written: object) -> Any:
    """An URL without a password, or `${env:NAME}` for one that has some."""
    if isinstance(written, str) and written.startswith("${env:"):
        return secret(written)
    if isinstance(written, str) and re.search(r"://[^/@\s]*:[^/@\s]+@", written):
        raise SecretWritten("an URL with a password does not belong in a file; write ${env:NAME}")
    if isinstance(written, str) and not _SCHEME.match(written):
        raise ValueError(f'"{written}" is not an address; write sqlite:///file, postgresql://… or redis://…')
    return written


def listening(written: object) -> Any:
    """ "127.0.0.1:8080"; the port is one that exists."""
    if type(written) is int or (isinstance(written, str) and written.isascii() and written.isdecimal()):
        raise ValueError(f'"{written}" is not an address to listen on; write both (did you mean 127.0.0.1:{written}?)')
    port = written.rpartition(":")[2] if isinstance(written, str) else ""
    if port.isascii() and port.isdecimal() and not 0 < int(port) < 65536:
        raise ValueError(f'"{written}" is not an address to listen on; write one with a port up to 65535')
    return written


Url = Annotated[str | Secret, BeforeValidator(address), WithJsonSchema({"type": "string"})]


class Bot(Options):
    """One bot account among several."""

    token: SecretName = Field(description="this bot's token, as ${env:NAME}")


class Telegram(Options):
    """The Telegram side."""

    token: SecretName = Field(Secret("TELEGRAM_BOT_TOKEN"), description="the bot's token, as ${env:NAME}")
    bots: dict[BotName, Bot] = Field(
        default_factory=dict,
        description="several bots by name; a group says `bot: <name>`, others have the first; `token` is then `main`",
    )
    mode: Literal["poll", "webhook"] = Field(
        "poll", description="fetch updates, or have them delivered to web.public_url"
    )
    api_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s@]+$",
        description="a Bot API server of your own; TELEGRAM_API_URL in the environment wins",
    )

    @property
    def accounts(self) -> Mapping[str, Secret]:
        """Every bot with the name of its token, the first one serving all groups that name none."""
        named = {name: bot.token for name, bot in self.bots.items()}
        if named and "token" not in self.model_fields_set:
            return named
        return {MAIN: self.token, **named}

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        if MAIN in self.bots and "token" in self.model_fields_set:
            raise ValueError("`token` is the bot `main`; give the one under `bots` another name")
        held: dict[str, str] = {}
        for name, token in self.accounts.items():
            if held.setdefault(token.name, name) != name:
                raise ValueError(f'the bots "{held[token.name]}" and "{name}" have the same token; give each its own')
        return self


class Platforms(Options):
    """Which platforms are served."""

    telegram: Telegram | None = Field(None, description="Telegram, by the Bot API")
    wechat: WeChat | None = Field(None, description="WeChat, through Wechaty gateways")


class Storage(Options):
    """Where state is kept."""

    url: Url = Field(
        "sqlite:///data/yaji.sqlite3",
        description="database; a file in the home, or PostgreSQL by URL (as ${env:NAME}); YAJI_DATABASE_URL wins",
    )
    redis: Url | None = Field(None, description="Redis for background jobs; a private one is started when left out")
    keep: Keep = Field(default_factory=Keep, description="how long things are kept; null keeps them for ever")


class Web(Options):
    """The operators' web pages."""

    listen: Annotated[str, BeforeValidator(listening)] = Field(
        "127.0.0.1:8080", pattern=r"^[^\s:]+:\d{1,5}$", description="address and port"
    )
    public_url: str | None = Field(
        None, pattern=r"^https://", description="how the world reaches it; needed for webhooks"
    )
    password: SecretName | None = Field(None, description="the operators' password, as ${env:NAME}")


class Settings(Options):
    """All of `yaji.yaml`."""

    version: Literal[1] = Field(1, description="the version of this format")
    platforms: Platforms = Field(default_factory=Platforms, description="which platforms are served")
    storage: Storage = Field(default_factory=Storage, description="where state is kept")
    web: Web = Field(default_factory=Web, description="the operators' web pages")
