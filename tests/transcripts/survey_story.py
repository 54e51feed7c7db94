"""The story of a survey: an admin asks, members answer each in their way, and the admins read sums."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tests.transcripts.chat import Chat, Person
from tests.transcripts.story import ADA, FIRST, MEI, TOM

LI: Final = Person(number=20003, zh="李安", en="Lee")
WU: Final = Person(number=20004, zh="吴宁", en="Wynn")
YAO: Final = Person(number=20005, zh="姚青", en="Yael")
NEW: Final = Person(number=20006, zh="新来的", en="Nora")
SETTLED: Final = (MEI, TOM, LI, WU, YAO)


def story(chat: Chat) -> None:
    """Five who are settled answer, one who is new is told why not, and the result comes."""
    said = _ZH if chat.language == "zh" else _EN
    for n, day in enumerate((FIRST, FIRST + timedelta(days=1))):
        chat.day(day)
        for at, who in enumerate(SETTLED):
            chat.says(who, said["hello"] if n == 0 else said["again"], f"09:0{at}")
    chat.chapter(said["asks"])
    chat.day(FIRST + timedelta(days=2))
    chat.says(ADA, said["start"], "10:00")
    chat.chapter(said["answers"])
    chat.chooses(MEI, "9", "10:05")
    chat.chooses(MEI, "10", "10:06")
    chat.says(MEI, said["words"], "10:07", private=True)
    for who, score, clock in ((LI, "7", "10:10"), (WU, "3", "10:12"), (YAO, "9", "10:14")):
        chat.chooses(who, score, clock)
    chat.says(TOM, said["written"], "10:20")
    chat.joins(NEW, "11:00")
    chat.chooses(NEW, "5", "11:01")
    chat.says(ADA, said["how_far"], "12:00")
    chat.chapter(said["closes"])
    chat.says(ADA, said["close"], "20:00")
    chat.waits(FIRST + timedelta(days=2), "20:01")
    chat.chooses(NEW, "5", "20:02") if chat.platform == "telegram" else None


_ZH: Final = {
    "hello": "早，今天临《兰亭》",
    "again": "又临了一页",
    "asks": "管理员问一句",
    "start": "/调查 开始 nps",
    "answers": "各答各的",
    "words": "想多看看原帖的讲解",
    "written": "打分 8",
    "how_far": "/调查",
    "closes": "截止",
    "close": "/调查 结束 nps",
}
_EN: Final = {
    "hello": "good morning, a page of Lanting today",
    "again": "one more page",
    "asks": "An admin asks",
    "start": "/survey start nps",
    "answers": "Each for themself",
    "words": "More about the originals, please",
    "written": "/answer 8",
    "how_far": "/survey",
    "closes": "It closes",
    "close": "/survey close nps",
}
