"""What people see of an effect: the very texts that a platform's adapter sends, and acts in a few words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

from adapters.telegram.perform_posts import Buttons, of_line, of_say
from adapters.telegram.seal import Seal
from adapters.wechat.standing import MEMBER
from core.decision import Decision
from core.degrade import Drop, Instead, degrade
from core.delivery import Destination
from core.effects import Delete, Effect, Say, TellAdmins, plain
from core.people import Account
from core.ports import OutboxRow
from core.telling import then
from core.workflow import Group


class Screen:
    """`named` tells how others know an account."""

    def __init__(self, group: Group, platform: str, named: Callable[[Account], str]) -> None:
        self._group = group
        self._platform = platform
        self._named = named
        self._buttons = Buttons(seal=Seal(b"k" * 32), username="lanting_bot")

    def shown(self, row: OutboxRow) -> Iterator[str]:
        """The lines of one parcel, what takes its place included."""
        effects: tuple[Effect, ...] = (row.effect,)
        if self._platform == "wechat":
            about: Any = getattr(row.effect, "member", None) or getattr(row.effect, "to", None)
            about = row.asker if isinstance(row.effect, Delete) else about
            name = self._named(about) if about else ""
            became = degrade(row.effect, MEMBER, self._group, at=row.at, name=name, grantable=False)
            if isinstance(became, Drop):
                yield f"         ✗ {then(Decision(effects=(row.effect,)))[0]} ({became.because})"
                return
            effects = became.effects if isinstance(became, Instead) else effects
        for effect in effects:
            yield from self._one(effect)

    def _one(self, effect: Effect) -> Iterator[str]:
        if isinstance(effect, Say):
            where = f" → {self._named(effect.to)}" if effect.to is not None else ""
            text, buttons = self._words(effect)
            yield from _block(f"雅集{where}", text, buttons)
        elif isinstance(effect, TellAdmins):
            text, buttons = self._words(effect)
            yield from _block("雅集 → ⚑", text, buttons)
        else:
            about = getattr(effect, "member", None)
            who = f" {self._named(about)}" if about is not None else ""
            what = then(Decision(effects=(effect,)))[0]
            count = f" ×{len(effect.messages)}" if isinstance(effect, Delete) else ""
            yield f"         ⚙ {what}{who}{count}"

    def _words(self, effect: Say | TellAdmins) -> tuple[str, list[str]]:
        if self._platform != "telegram":
            return plain(effect.words), []
        to = Destination(self._group.key, "-1001")
        posts = (
            of_say(effect, to, self._buttons) if isinstance(effect, Say) else of_line(effect, to, None, self._buttons)
        )
        texts = [str(post.params.get("text") or post.params.get("caption") or "") for post in posts]
        keyboard: Any = posts[-1].params.get("reply_markup") or {"inline_keyboard": []}
        labels = [button["text"] for line in keyboard["inline_keyboard"] for button in line]
        return "\n".join(_as_seen(text) for text in texts), labels


def _as_seen(html: str) -> str:
    """Telegram's HTML as it looks: a mention as `@name`."""
    return unescape(re.sub(r'<a href="tg://user\?id=\d+">(.*?)</a>', r"@\1", html))


def _block(who: str, text: str, buttons: list[str]) -> Iterator[str]:
    first, *rest = text.split("\n")
    yield f"       {who}: {first}"
    yield from (f"         {line}" for line in rest)
    if buttons:
        yield "         " + " ".join(f"[{label}]" for label in buttons)
