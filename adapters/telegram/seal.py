"""The data of buttons, sealed: that it was written by us, and who may press.

Anybody with a modified client can send any data back as if a button had held it, so each piece of data carries a code
(HMAC-SHA256, cut to 72 bits; guesses have to go through Telegram one by one). Telegram leaves 64 bytes:

    version  1 character
    chooser  the user's number in base 64, nothing if anybody may press; then a dot
    code     12 characters, over all the rest and the group whose button it is
    data     what comes back in `ButtonPressed`, with `telegram:` and `wechat:` each as one sign

So there are 50 bytes for data that anybody may choose, 44 for one user with a usual ten-digit number, and 41 whatever
the number is. Longer data stays with us, and the button bears a token for it (`core.cloakroom`).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from typing import Final, Literal

ROOM: Final = 64
"""Bytes that Telegram gives to callback_data."""
NOBODY: Final = 0
"""A chooser who is no user: no press counts."""

Verdict = Literal["ours", "not_yours", "forged"]
"""`not_yours`: we wrote it, for another user."""

FITS: Final = 41
"""Bytes that there are for data, whoever may press: numbers of users have at most 52 significant bits."""

_VERSION: Final = "1"
_CODE_BYTES: Final = 9
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
_SHAPE: Final = re.compile(r"1([0-9A-Za-z_-]{0,11})\.([0-9A-Za-z_-]{12})(.*)", re.DOTALL)
_SIGNS: Final = {"telegram:": "@", "wechat:": "#", "@": "~@", "#": "~#", "~": "~~"}
_SPELLED: Final = {sign: word for word, sign in _SIGNS.items()}
_LONG: Final = re.compile("telegram:|wechat:|[@#~]")
_SHORT: Final = re.compile("~[@#~]|[@#]")


def fits(data: str) -> bool:
    """Whether data can be sealed, whoever may press."""
    return len(_written(data).encode(errors="surrogatepass")) <= FITS


class Seal:
    """Seals the data of buttons and opens it again. `key` is a secret of at least 16 bytes, the same after a restart.

    A new key makes every button there is a forgery; people are told that the button is too old.
    """

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("the key of the button seal must have at least 16 bytes")
        self._key = hashlib.sha256(b"yaji button\0" + key).digest()

    def __repr__(self) -> str:
        return "Seal()"

    def sealed(self, data: str, chooser: int | None, group: str = "") -> str:
        """The data for a button that `chooser` may press, anybody if None. Raises ValueError if it gets too long.

        `group` is whose button it is; it takes no room, and who opens it must name the same.
        """
        if chooser is not None and chooser < 0:
            chooser = NOBODY  # a channel presses no buttons
        who = "" if chooser is None else _number(chooser)
        body = _written(data)
        whole = f"{_VERSION}{who}.{self._code(who, body, group)}{body}"
        size = len(whole.encode())
        if size > ROOM:
            raise ValueError(f"the button data {data!r} is {size - ROOM} bytes too long for Telegram")
        return whole

    def opened(self, data: str, user: int, group: str = "") -> str | None:
        """What was sealed; None if the seal is not ours, of another group, or not for this user."""
        verdict, body = self._judged(data, user, group)
        return _SHORT.sub(lambda found: _SPELLED[found[0]], body) if verdict == "ours" else None

    def verdict(self, data: str, user: int, group: str = "") -> Verdict:
        """Whether this user may press it, another one may, or nobody because it is not ours or of another group."""
        return self._judged(data, user, group)[0]

    def _judged(self, data: str, user: int, group: str) -> tuple[Verdict, str]:
        shape = _SHAPE.fullmatch(data)
        if shape is None:
            return "forged", ""
        who, code, body = shape.groups()
        if not hmac.compare_digest(code, self._code(who, body, group)):
            return "forged", ""
        return ("ours" if who in ("", _number(user)) else "not_yours"), body

    def _code(self, who: str, body: str, group: str) -> str:
        said = f"{_VERSION}{who}.{group}.{body}".encode("utf-8", "surrogatepass")
        return urlsafe_b64encode(hmac.digest(self._key, said, "sha256")[:_CODE_BYTES]).decode()


def _written(data: str) -> str:
    """Data as it stands in a button."""
    return _LONG.sub(lambda found: _SIGNS[found[0]], data)


def _number(value: int) -> str:
    """A user's number in base 64: "0" is nobody's."""
    digits = ""
    while value > 0:
        value, digit = divmod(value, 64)
        digits = _DIGITS[digit] + digits
    return digits or "0"
