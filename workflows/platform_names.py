"""What people call the platforms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {"telegram": "Telegram", "wechat": "微信", "wecom": "企业微信"},
    "en": {"telegram": "Telegram", "wechat": "WeChat", "wecom": "WeCom"},
}


def called(platform: str, language: str) -> str:
    """A platform's name in a language; one that is none of ours is called as it is written."""
    return _NAMES["zh" if language == "zh" else "en"].get(platform.casefold(), platform)
