"""The story: somebody comes, keeps at it for twenty-one days, climbs; somebody else advertises, is judged, appeals."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from tests.transcripts.chat import Chat, Person

MEI: Final = Person(number=20001, zh="小梅", en="Mei")
TOM: Final = Person(number=20002, zh="阿土", en="Tom")
ADA: Final = Person(number=10001, zh="管理员安", en="Ada", admin=True)
BEN: Final = Person(number=10002, zh="管理员本", en="Ben", admin=True)
ADMINS: Final = (ADA, BEN)
FIRST: Final = date(2026, 3, 2)
LEAVE, MISSED = 8, 12
"""On which of the days somebody is excused, and on which they forget."""


def story(chat: Chat) -> None:
    """All of it."""
    said = _ZH if chat.language == "zh" else _EN
    comes(chat, said)
    keeps_at_it(chat, said)
    asks(chat, said)
    advertises(chat, said)
    appeals(chat, said)


def comes(chat: Chat, said: dict[str, str]) -> None:
    chat.chapter(said["comes"])
    chat.day(FIRST)
    for admin in (ADA, BEN):
        chat.says(admin, said["hello"], "08:00")
    chat.joins(MEI, "09:00")
    chat.chooses(MEI, said["agree"], "09:01")
    chat.chooses(MEI, said["art"], "09:02")


def keeps_at_it(chat: Chat, said: dict[str, str]) -> None:
    chat.chapter(said["keeps_at_it"])
    for n in range(1, 22):
        chat.day(FIRST + timedelta(days=n - 1))
        if n == LEAVE:
            chat.says(MEI, said["leave"], "10:00")
        elif n == MISSED + 1:
            chat.says(MEI, said["makeup"], "09:00")
            chat.says(MEI, said["practice"], "20:00")
        elif n != MISSED:
            chat.says(MEI, said["practice"], "20:00")


def asks(chat: Chat, said: dict[str, str]) -> None:
    chat.chapter(said["asks"])
    chat.says(MEI, said["me"], "21:30")
    chat.says(MEI, said["top"], "21:31")


def advertises(chat: Chat, said: dict[str, str]) -> None:
    chat.chapter(said["advertises"])
    chat.day(FIRST + timedelta(days=22))
    chat.joins(TOM, "10:00")
    for n, clock in enumerate(("10:10", "11:30", "13:00", "14:30", "16:00")):
        chat.day(FIRST + timedelta(days=22 + n))
        chat.says(TOM, said["link"], clock)
    chat.chooses(ADA, said["yes"], "16:10")
    chat.says(ADA, f"/why {chat.account(TOM)}", "16:20", desk=True)


def appeals(chat: Chat, said: dict[str, str]) -> None:
    chat.chapter(said["appeals"])
    chat.day(FIRST + timedelta(days=27))
    chat.leaves(TOM, "09:00", by=ADA)
    chat.says(TOM, said["appeal"], "10:00", private=True)
    chat.chooses(TOM, said["the_ban"], "10:01")
    chat.says(TOM, said["why_wrong"], "10:02", private=True)
    chat.chooses(ADA, said["uphold"], "10:10")
    chat.chooses(BEN, said["uphold"], "10:20")


_ZH: Final = {
    "comes": "入群", "keeps_at_it": "二十一天", "asks": "问一问", "advertises": "广告",
    "hello": "早", "agree": "同意", "art": "书法", "leave": "请假", "makeup": "补卡 昨天临了一页",
    "practice": "打卡 临《兰亭序》十二行", "me": "积分", "top": "排行", "link": "便宜茶叶 https://shop.example/tea",
    "yes": "同意", "appeals": "申诉", "appeal": "申诉", "the_ban": "16:10",
    "why_wrong": "我不知道不能发链接，是给群友问的茶，不是广告", "uphold": "成立",
}  # fmt: skip
_EN: Final = {
    "comes": "Coming in", "keeps_at_it": "Twenty-one days", "asks": "Asking", "advertises": "An advertiser",
    "hello": "Morning", "agree": "Agreed", "art": "Calligraphy", "leave": "leave",
    "makeup": "makeup a page copied yesterday", "practice": "practice: twelve lines of the Preface", "me": "/me",
    "top": "/top", "link": "cheap tea https://shop.example/tea", "yes": "Yes", "appeals": "An appeal",
    "appeal": "/appeal", "the_ban": "16:10",
    "why_wrong": "Somebody asked me where I buy my tea; it was no advertisement", "uphold": "Uphold",
}  # fmt: skip
