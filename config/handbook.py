"""The facts in the pages for members, admins and operators, from the code; `python -m config.handbook` writes them.

A page has blocks between `<!-- generated: NAME -->` and `<!-- generated: end -->`; what stands around them is written
by hand. The language is the page's: `admins.zh.md` is Chinese, `admins.md` English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from adapters.wechat.standing import MEMBER, OWNER
from core.degrade import NEEDS, Drop, Keep, degrade
from core.delivery import Ability
from core.effects import (
    Approve,
    Attached,
    Ban,
    Choice,
    Delete,
    Edit,
    Effect,
    Invite,
    Mute,
    Pin,
    React,
    Remove,
    Say,
    TellAdmins,
    Unmute,
    plain,
)
from core.people import Account
from core.workflow import Group
from workflows.command_list import ALL, rights_table
from workflows.commands import Command, Place, Role
from workflows.texts import Catalog

Language = Literal["zh", "en"]
DOCS: Final = Path(__file__).parent.parent / "docs"
PAGES: Final = ("members.md", "members.zh.md", "admins.md", "admins.zh.md", "operators.md", "operators.zh.md")
_BLOCK: Final = re.compile(r"(<!-- generated: ([a-z ]+) -->\n)(.*?)(<!-- generated: end -->)", re.DOTALL)


def renewed(page: str, text: str) -> str:
    """A page with its generated blocks written anew. Raises KeyError for a block that nobody makes."""
    language: Language = "zh" if page.endswith(".zh.md") else "en"
    return _BLOCK.sub(lambda found: f"{found[1]}\n{BLOCKS[found[2]](language)}\n{found[4]}", text)


def _words_of_members(language: Language) -> str:
    texts = Catalog.shipped()
    heads = {"en": ("Write", "and you get", "where"), "zh": ("这样写", "就会", "在哪里")}[language]
    lines = [f"| {' | '.join(heads)} |", "|---|---|---|"]
    for command in (command for command in ALL if command.least is Role.MEMBER):
        does = plain(texts.say(f"commands.menu_{command.name}", language, {}))
        where = {"en": ", ", "zh": "、"}[language].join(
            plain(texts.say(f"rights.place_{place.value}", language, {}))
            for place in (Place.GROUP, Place.PRIVATE)
            if place in command.places
        )
        lines.append(f"| {_spellings(command)} | {does} | {where} |")
    return "\n".join(lines) + "\n"


def _spellings(command: Command) -> str:
    """Every way to write a command: as it is where no slash is needed."""
    slash = "" if command.bare else "/"
    return " ".join((f"`/{command.name}`", *(f"`{slash}{word}`" for word in (*command.zh, *command.en))))


def _rights(language: Language) -> str:
    return rights_table(Catalog.shipped(), language)


def _forms(language: Language) -> str:
    """How each command of staff is written, as /help tells it on Telegram."""
    texts = Catalog.shipped()
    heads = {"en": ("Command", "How it is written"), "zh": ("指令", "怎么写")}[language]
    somebody = plain(texts.say("usage.by_username", language, {}))
    lines = [f"| {' | '.join(heads)} |", "|---|---|"]
    for command in (command for command in ALL if command.least > Role.MEMBER):
        usage = plain(texts.say(f"usage.of_{command.name}", language, {"command": {"somebody": somebody}}))
        lines.append(f"| `/{command.called.in_(language)}` | {usage.replace(chr(10), '<br>')} |")
    return "\n".join(lines) + "\n"


_SOMEBODY: Final = Account("wechat:1")
_AT: Final = datetime(2026, 3, 2, tzinfo=UTC)
_HOUR: Final = timedelta(hours=1)
_SHOWN: Final[tuple[tuple[Effect, str, str], ...]] = (
    (Say(words=("…",), choices=(Choice(label="…", data="x"),)), "a question with buttons", "带按钮的提问"),
    (Say(words=("…",), to=_SOMEBODY), "a private message", "私聊"),
    (Say(words=("…",), picture=b"x"), "a picture", "图片"),
    (Say(words=("…",), file=Attached(name="data.json", data=b"{}")), "a file", "文件"),
    (Edit(message="1", words=("…",)), "a change of its own message", "修改自己的消息"),
    (React(message="1", emoji="👍"), "a reaction", "表情回应"),
    (React(message="1", emoji="👍", instead=("…",)), "a reaction that stands for an answer", "代替回复的表情回应"),
    (Delete(messages=("1",)), "deleting a message", "删除消息"),
    (Mute(member=_SOMEBODY, span=_HOUR), "muting for an hour", "禁言一小时"),
    (Unmute(member=_SOMEBODY), "lifting a mute", "解除禁言"),
    (Remove(member=_SOMEBODY), "removing a member", "移出成员"),
    (Ban(member=_SOMEBODY), "banning a member", "封禁成员"),
    (Approve(member=_SOMEBODY), "letting in who asks", "同意入群申请"),
    (Pin(message="1"), "pinning a message", "置顶消息"),
    (Invite(member=_SOMEBODY, name="…"), "a personal invite link", "个人邀请链接"),
    (
        TellAdmins(words=("…",), choices=(Choice(label="…", data="x"),)),
        "a line to the admins with buttons",
        "给管理员的提示（带按钮）",
    ),
)


def _degrading(language: Language) -> str:
    """What each effect is on Telegram and on WeChat, as `core.degrade` has it."""
    heads = {"en": ("What it does", "Telegram", "WeChat"), "zh": ("做什么", "Telegram", "微信")}[language]
    owning = {"en": "; where its account owns the room: ", "zh": "；机器人是群主时："}[language]
    lines = [f"| {' | '.join(heads)} |", "|---|---|---|"]
    for effect, en, zh in _SHOWN:
        telegram = _yes(language) + _right(NEEDS.get(type(effect)), language)
        room, owned = (_became(effect, abilities, language) for abilities in (MEMBER, OWNER))
        wechat = room if room == owned else f"{room}{owning}{owned}"
        lines.append(f"| {zh if language == 'zh' else en} | {telegram} | {wechat} |")
    return "\n".join(lines) + "\n"


def _became(effect: Effect, abilities: frozenset[Ability], language: Language) -> str:
    group = Group(key="reading", languages=(language,), texts=Catalog.shipped())
    name = {"en": "Ana", "zh": "小安"}[language]
    became = degrade(effect, abilities, group, at=_AT, name=name, grantable=False)
    if isinstance(became, Keep):
        return _yes(language)
    if isinstance(became, Drop):
        return {"en": "left out", "zh": "略去"}[language]
    return {"en": "; ", "zh": "；"}[language].join(_told(each, language) for each in became.effects)


def _told(effect: Effect, language: Language) -> str:
    if isinstance(effect, Remove):
        return {"en": "removing them", "zh": "移出"}[language]
    group, admins = {"en": ("in the group: ", "to the admins: "), "zh": ("群里：", "给管理员：")}[language]
    assert isinstance(effect, Say | TellAdmins)
    words = " / ".join(line for line in plain(effect.words).split("\n") if line)
    return f"{admins if isinstance(effect, TellAdmins) else group}*{words}*"


def _yes(language: Language) -> str:
    return {"en": "yes", "zh": "可以"}[language]


def _right(needs: Ability | None, language: Language) -> str:
    if needs is None or needs in ("edit", "react"):  # anybody may
        return ""
    right = plain(Catalog.shipped().say(f"delivery.right_{needs}", language, {}))
    return {"en": f", with {right}", "zh": f"，要有{right}"}[language]


BLOCKS: Final[Mapping[str, Callable[[Language], str]]] = {
    "words of members": _words_of_members,
    "rights": _rights,
    "forms": _forms,
    "platforms": _degrading,
}


def pages() -> Iterator[tuple[Path, str]]:
    """Every page with what it should hold."""
    for page in PAGES:
        path = DOCS / page
        yield path, renewed(page, path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    for path, text in pages():
        path.write_text(text, encoding="utf-8")
