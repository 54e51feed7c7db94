"""What operators call what the assistant may do in a group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from config.problems import Language, Said


def called(abilities: Iterable[str], language: Language) -> str:
    """Abilities as operators read them."""
    return _AND.in_(language).join(_ACTS[one].in_(language) for one in abilities)


_AND = Said(", ", "、")
_ACTS: Final[Mapping[str, Said]] = {
    ability: Said(ability, chinese)
    for ability, chinese in {
        "say": "发消息",
        "react": "表情回应",
        "delete": "删除消息",
        "mute": "禁言",
        "remove": "移出成员",
        "ban": "封禁",
        "pin": "置顶",
        "approve": "同意入群",
        "edit": "改自己的消息",
        "buttons": "按钮",
        "private": "私聊",
        "picture": "发图片",
        "file": "发文件",
        "invite": "邀请链接",
        "hear": "看到所有消息",
        "announce": "群公告",
    }.items()
}
