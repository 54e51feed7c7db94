"""`platforms.wechat` of `yaji.yaml`: the gateways, and how careful their accounts are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from config.secrets import MAIN, BotName, Secret, SecretName
from workflows.content_options import Share
from workflows.options import Options, Span


def endpoint(written: object) -> Any:
    """ "gateway.example:8788": where a gateway listens."""
    if isinstance(written, str):
        bare = written.rpartition("://")[2].strip("/")
        if bare and bare != written:
            raise ValueError(f'"{written}" is not an endpoint; write it without the scheme (did you mean {bare}?)')
        host, _, port = written.rpartition(":")
        if not host or not port.isascii() or not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValueError(f'"{written}" is not an endpoint; write host:port, like 127.0.0.1:8788')
    return written


Endpoint = Annotated[str, BeforeValidator(endpoint)]


class Tls(Options):
    """How a gateway proves that it is the right one."""

    plain: bool = Field(
        False, description="speak without TLS: only for a gateway on this machine or in a network of your own"
    )
    ca: str | None = Field(
        None, description="a PEM file with who signed its certificate, relative to the home; the system's when left out"
    )
    name: str | None = Field(None, description="the name in its certificate; the endpoint's host when left out")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.plain and (self.ca is not None or self.name is not None):
            raise ValueError("`plain: true` is without TLS, and `ca` and `name` are for TLS; write one or the other")
        return self


class Gateway(Options):
    """One gateway, before one account."""

    endpoint: Endpoint | None = Field(None, description="host:port of the puppet gateway")
    token: SecretName = Field(Secret("WECHATY_TOKEN"), description="the puppet's token, as ${env:NAME}")
    tls: Tls = Field(default_factory=Tls, description="how the gateway proves that it is the right one")


class Pace(Options):
    """How slowly an account speaks, like somebody who types."""

    least: Span = Field(timedelta(seconds=3), description="between two messages of an account at least")
    most: Span = Field(timedelta(seconds=9), description="at most, where more waits; each time drawn between the two")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least > self.most:
            raise ValueError("`least` is longer than `most`; write the shorter one as `least`")
        return self


class WeChat(Gateway):
    """The WeChat side, through Wechaty gateways."""

    gateways: dict[BotName, Gateway] = Field(
        default_factory=dict,
        description="several gateways by name; a group says `gateway: <name>`, others have the first; "
        "`endpoint` is then `main`",
    )
    pace: Pace = Field(default_factory=Pace, description="the time between two messages of an account")
    a_day: int = Field(500, ge=1, le=5000, description="messages a day at most: accounts that send more get blocked")
    a_day_in_a_room: int = Field(150, ge=1, le=5000, description="messages a day in one room at most")
    a_member_an_hour: int = Field(
        20,
        ge=1,
        le=5000,
        description="messages an hour at most that answer what one member writes; admins have no limit",
    )
    a_members_share: Share = Field(
        0.25,
        description="of what others left of a room's day, how much may go to answers to one member; 100% is no limit",
    )
    strangers_a_day: int = Field(
        20, ge=0, le=1000, description="people a day who are written to in private at most; others are told in the room"
    )
    quiet_at_first: Span = Field(
        timedelta(hours=6), description="after the first login only answers are sent so long, nothing by itself"
    )
    friends: Literal["nobody", "members", "everybody"] = Field(
        "members",
        description="whose friend requests are accepted; `members` of the served rooms, and who steers one of them",
    )
    invitations: Literal["nobody", "admins"] = Field(
        "admins", description="whose invitations into rooms are accepted; `admins` are those of the communities"
    )

    @property
    def accounts(self) -> Mapping[str, Gateway]:
        """Every gateway, the first one serving all rooms that name none."""
        return {**({MAIN: self} if self.endpoint is not None else {}), **self.gateways}

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        if MAIN in self.gateways and self.endpoint is not None:
            raise ValueError("`endpoint` is the gateway `main`; give the one under `gateways` another name")
        held: dict[str, str] = {}
        for name, gateway in self.accounts.items():
            if gateway.endpoint is None:
                raise ValueError(f'the gateway "{name}" has no `endpoint`; write host:port')
            if held.setdefault(gateway.endpoint, name) != name:
                raise ValueError(
                    f'the gateways "{held[gateway.endpoint]}" and "{name}" have the same endpoint; give each its own'
                )
        return self
