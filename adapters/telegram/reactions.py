"""The reactions that Telegram takes from a bot: some emoji, and custom ones by number (Bot API, ReactionTypeEmoji)."""

from __future__ import annotations

from typing import Final

CUSTOM: Final = "custom:"
"""Stands before the number of a custom emoji."""
_EITHER_WAY: Final = "\ufe0f"
"""Asks for the coloured form of a character; Telegram takes an emoji with it and without."""
_LISTED: Final = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 "
    "🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 "
    "🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)
EMOJI: Final = frozenset(_LISTED.split())


def taken(emoji: str) -> bool:
    """Whether Telegram takes it as a reaction. A group may still allow fewer."""
    return emoji.startswith(CUSTOM) or emoji.replace(_EITHER_WAY, "") in EMOJI
