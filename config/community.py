"""The parts of a community file that belong to no workflow: who and where it is."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from config import zones
from config.problems import nearest
from workflows.options import OneOrMany, Options, Topic, names_apart
from workflows.speaking import Speaks
from workflows.texts import LocalName, Text

Language = Literal["zh", "en"]
PLATFORMS = ("telegram", "wechat")
_NUMBER = re.compile(r"[1-9][0-9]{0,18}")
_CHAT = re.compile(r"-[1-9][0-9]{0,18}")


class Unfit(ValueError):
    """A value of ours that cannot be; `guess` is what was probably meant."""

    def __init__(self, message: str, guess: str = "") -> None:
        super().__init__(message)
        self.guess = guess


def zone(written: object) -> ZoneInfo:
    """A time zone by its name in the tz database: "Asia/Shanghai"."""
    if isinstance(written, ZoneInfo):
        return written
    if not isinstance(written, str) or written not in zones.known():
        told = f'"{_short(written)}" is not a time zone; write the place whose clock it is, like Asia/Shanghai'
        raise Unfit(told, zones.meant(written))
    return ZoneInfo(written)


def account(written: object) -> str:
    """Somebody on a platform: "telegram:10001", "wechat:wxid_of_ana"."""
    platform, _, native = written.partition(":") if isinstance(written, str) else ("", "", "")
    if platform not in PLATFORMS or not native or native.strip() != native:
        raise Unfit(
            f'"{_short(written)}" is not an account; write platform and id, like telegram:10001', _meant(str(written))
        )
    if platform == "telegram" and not _NUMBER.fullmatch(native):
        raise Unfit(
            f'"{_short(written)}" is not a Telegram account; write its number, like telegram:10001, and no @name',
            ", ".join(apart) if len(apart := names_apart(str(written))) > 1 else "",
        )
    return f"{platform}:{native}"


def _meant(written: str) -> str:
    """The account that was probably meant: the nearest platform, and a plain colon; none that would be refused."""
    platform, _, native = written.replace("：", ":").partition(":")
    platform = _PLATFORM_NAMES.get(platform.strip().casefold(), platform)
    known, native = nearest(platform, PLATFORMS).strip("`"), native.strip()
    fits = native and (
        (known == "wechat" and not _HAN.search(native)) or (known == "telegram" and _NUMBER.fullmatch(native))
    )
    return f"{known}:{native}" if fits else ""


def chat(written: object) -> str:
    """A Telegram chat: its number, -1001234567890, or its public name, @reading. A positive number is a person."""
    told = str(written) if isinstance(written, int) and not isinstance(written, bool) else written
    if isinstance(told, str) and (_CHAT.fullmatch(told) or (told[:1] == "@" and told[1:].isidentifier())):
        return told
    if isinstance(told, str) and _NUMBER.fullmatch(told):
        raise Unfit(
            f'"{told}" is not a Telegram group; its number begins with -100, or with - for a basic group, '
            "and a positive one is a person's",
            _group_number(told),
        )
    link = _LINK.fullmatch(told) if isinstance(told, str) else None
    meant = f"@{link[1]}" if link is not None else ""
    raise Unfit(
        f'"{_short(written)}" is not a Telegram chat; write its number, like -1001234567890, or its @name', meant
    )


_PLATFORM_NAMES: Final = {
    **dict.fromkeys(("微信", "weixin", "wx", "wechaty"), "wechat"),
    **dict.fromkeys(("电报", "tg", "纸飞机"), "telegram"),
}
_HAN: Final = re.compile("[\u3400-\u9fff]")
_LINK: Final = re.compile(r"(?:https?://)?(?:t|telegram)\.me/([A-Za-z]\w+)/?")


def _group_number(written: str) -> str:
    """The number that was probably meant, of those that clients show without their beginning."""
    return f"-{written}" if written.startswith("100") and len(written) >= 12 else f"-100{written}"


Zone = Annotated[
    ZoneInfo, BeforeValidator(zone), PlainSerializer(str, return_type=str), WithJsonSchema({"type": "string"})
]
AccountName = Annotated[
    str, BeforeValidator(account), WithJsonSchema({"type": "string", "pattern": "^(telegram:[1-9][0-9]*|wechat:.+)$"})
]
Chat = Annotated[str, BeforeValidator(chat), WithJsonSchema({"type": ["integer", "string"]})]


class Addresses(Options):
    """Where a group is, per platform. One without address can be simulated; `/bind` in the chat gives it one."""

    telegram: Chat | None = Field(None, description="the chat's number or public @name")
    wechat: str | None = Field(None, min_length=1, description="the room's topic; room ids may change at each login")
    bot: str | None = Field(None, description="which of platforms.telegram.bots serves it; the first one when left out")
    gateway: str | None = Field(
        None, description="which of platforms.wechat.gateways serves it; the first one when left out"
    )
    topic: Topic | None = Field(
        None,
        description="the number of the topic for what answers nobody (welcomes, reminders); General when left out",
    )
    said_on: OneOrMany[Literal["telegram", "wechat"]] = Field(
        (), description="where reminders and digests are said, of a group on several platforms; on all when left out"
    )


class Community(Options):
    """Who the community is, and where."""

    name: LocalName = Field(description="the community's name, as members see it")
    timezone: Zone = Field(description="the zone of every clock time in this file, like Asia/Shanghai")
    languages: tuple[Language, ...] = Field(
        ("zh", "en"), min_length=1, description="languages spoken; the first is the default"
    )
    groups: dict[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")], Addresses | None] = Field(
        min_length=1, description="its groups: our own key for each, and its addresses"
    )
    admins: tuple[AccountName, ...] = Field(
        (), description="accounts of the people who steer the groups, like telegram:10001"
    )
    owners: tuple[AccountName, ...] = Field(
        (), description="accounts whose word counts as the group owner's, whatever the platform says of them"
    )
    moderators: tuple[AccountName, ...] = Field(
        (), description="accounts that may warn and mute without being admins; they are judged like all members"
    )
    anonymous_admins: bool | Literal["confirm"] = Field(
        "confirm",
        description="whether admins who write as the group may command; `confirm`: after a press with their account",
    )
    report: Literal["all", "sanctions", "none"] = Field(
        "sanctions", description="what of all that is done by itself the admins get a line about, with an undo button"
    )
    quiet_answers: bool = Field(False, description="commands are answered by a reaction where that says enough")
    tidy: bool = Field(
        False, description="a newer welcome or answer to a command takes the place of the older one, which is deleted"
    )
    house_rules: Annotated[Text, Speaks("member", "group")] | None = Field(
        None, description="what /rules and 群规 tell; left out: the names of the rules"
    )
    admin_group: str | None = Field(
        None, description="the group where the admins are told things, and nothing else runs; in private when left out"
    )


def _short(written: object) -> str:
    text = "" if written is None else str(written)
    return text if len(text) <= 40 else text[:39] + "…"
