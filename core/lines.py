"""Buttons under lines to the admins: they are pressed away from the group, so they say which group they are about."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

_MARK: Final = "^"
_DIGEST: Final = 4
_LENGTH: Final = 6


def addressed(data: str, group: str) -> str:
    """The data of a button with its group in front: seven more characters, however long the group's key is."""
    return f"{_MARK}{_tag(group)}{data}"


def addressee(data: str, groups: Iterable[str]) -> tuple[str | None, str]:
    """The group that such data names, and the data itself; None and the data as it is if it names none of these."""
    if not data.startswith(_MARK) or len(data) <= _LENGTH:
        return None, data
    tag = data[1 : 1 + _LENGTH]
    group = next((group for group in groups if _tag(group) == tag), None)
    return (None, data) if group is None else (group, data[1 + _LENGTH :])


def _tag(group: str) -> str:
    return urlsafe_b64encode(blake2b(group.encode(), digest_size=_DIGEST).digest()).decode().rstrip("=")
