"""How people are called in a report: as the export names them, or by pseudonyms that tell nothing."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Final

from core.people import NOBODY, Account, ActorKind, Member, PersonId, native_of, platform_of
from workflows.plain_text import one_line

_ZH_FIRST: Final = "青素墨朱碧玄白紫金银竹松梅兰菊荷桂桐枫柳云雨雪霜月星山溪湖海石风"
_ZH_SECOND: Final = "鹭鹤雁燕莺雀鹊鸥鸽鹰鱼鲤蝉蝶萤鹿兔狐貂猫舟笛琴扇灯砚笔茶酒棋书剑"
_EN_FIRST: Final = """
    Amber Ash Azure Birch Cedar Cobalt Coral Crimson Dawn Dusk Elm Fern Ginger Golden Hazel Indigo
    Iris Ivory Jade Juniper Lilac Linen Maple Misty Olive Opal Pearl Russet Sage Silver Teal Willow
"""
_EN_SECOND: Final = """
    Badger Bittern Crane Curlew Dove Falcon Finch Fox Gull Hare Heron Ibis Jay Kestrel Lark Linnet
    Lynx Marten Otter Owl Plover Quail Raven Robin Seal Starling Stork Swan Swift Tern Thrush Wren
"""
_EN: Final = (_EN_FIRST.split(), _EN_SECOND.split())


class People:
    """Names by person. With a `key` every name and account in what is asked for is replaced, everywhere the same.

    `beside` has named people before: whoever is known to it has the same pseudonym here, and nobody else has it.
    """

    def __init__(
        self,
        members: Iterable[Member],
        key: bytes | None = None,
        language: str = "en",
        beside: People | None = None,
    ) -> None:
        self._key = key
        self._language = language
        self._names: dict[PersonId, str] = {}
        self._accounts: dict[PersonId, Account] = {}
        self._persons: dict[Account, PersonId] = {}
        self._kinds: dict[PersonId, ActorKind] = {}
        self._real: dict[str, str] = {}
        self._lengths: list[int] = []
        given = {account: beside.called(account) for account in beside._persons} if beside is not None else {}
        taken = set(given.values())
        for member in members:
            person = member.person
            self._kinds[person] = member.kind
            self._persons[member.account] = person
            real = one_line(member.name) or native_of(member.account)
            if key is None:
                self._names[person], self._accounts[person] = real, member.account
                continue
            shown = given.get(member.account) or self._pseudonym(member.account, taken)
            masked = Account(f"{platform_of(member.account)}:{self._digest(member.account)[:8].hex()}")
            self._names[person], self._accounts[person] = shown, masked
            self._real[str(member.account)] = masked
            self._real[native_of(member.account)] = shown
            if len(member.name) > 1:
                self._real[member.name] = shown
        self._lengths = sorted({len(name) for name in self._real}, reverse=True)

    @property
    def hidden(self) -> bool:
        """Whether pseudonyms are shown."""
        return self._key is not None

    def name(self, person: PersonId | None) -> str:
        """The name to show, on one line; "" for nobody."""
        return self._names.get(person, "") if person else ""

    def account(self, person: PersonId | None) -> str:
        """The account to show; "" for nobody."""
        return self._accounts.get(person, Account("")) if person else ""

    def called(self, account: Account | None) -> str:
        """The name of an account's person."""
        return self.name(self._persons.get(account, NOBODY)) if account is not None else ""

    def is_person(self, person: PersonId) -> bool:
        """Whether it is a human, no bot and no channel."""
        return self._kinds.get(person) is ActorKind.PERSON

    def clean(self, text: str) -> str:
        """A text of ours (a reason, an id) without real names in it. With real names shown it stays as it is."""
        if not self._real or not text:
            return text
        parts: list[str] = []
        at = 0
        while at < len(text):
            found = next((n for n in self._lengths if self._stands(text, at, n)), 0)
            parts.append(self._real[text[at : at + found]] if found else text[at])
            at += found or 1
        return "".join(parts)

    def _stands(self, text: str, at: int, length: int) -> bool:
        """Whether a name stands here, as a word of its own where words are told apart by spaces."""
        if text[at : at + length] not in self._real:
            return False
        return not (_joins(text, at - 1, at) or _joins(text, at + length - 1, at + length))

    def _digest(self, account: Account) -> bytes:
        assert self._key is not None
        return hmac.digest(self._key, account.encode(), "sha256")

    def _pseudonym(self, account: Account, taken: set[str]) -> str:
        digest = self._digest(account)
        if self._language == "zh":
            first = _ZH_FIRST[digest[8] % 32] + _ZH_SECOND[digest[9] % 32]
        else:
            first = f"{_EN[0][digest[8] % 32]} {_EN[1][digest[9] % 32]}"
        shown, number = first, 1
        while shown in taken:
            number += 1
            shown = f"{first} {number}"
        taken.add(shown)
        return shown


def _joins(text: str, left: int, right: int) -> bool:
    """Whether two neighbours belong to one Latin word or number."""
    if left < 0 or right >= len(text):
        return False
    return _latin(text[left]) and _latin(text[right])


def _latin(mark: str) -> bool:
    return mark.isascii() and (mark.isalnum() or mark == "_")
