"""The story of an ambassador: found by whom she helped, asked, busy, silent, back, and free again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tests.transcripts.chat import Chat, Person
from tests.transcripts.story import ADA, FIRST, MEI, TOM

LI: Final = Person(number=20003, zh="李安", en="Lee")


def story(chat: Chat) -> None:
    """Two thank her on three days, an admin presses, she says yes; and what becomes of it."""
    said = _ZH if chat.language == "zh" else _EN
    chat.day(FIRST)
    chat.begins("08:00")
    for n in range(3):
        chat.day(FIRST + timedelta(days=n))
        chat.says(MEI, said[f"hello {n}"], "09:00")
        chat.says((TOM, LI, TOM)[n], f"{said['thanks']} @{chat.name(MEI)}", "09:05", mentions=(MEI,))
    chat.chapter(said["asked"])
    chat.day(FIRST + timedelta(days=3))
    chat.chooses(ADA, said["invite"], "10:05")
    chat.chooses(MEI, said["yes"], "10:10")
    chat.chapter(said["busy"])
    chat.says(MEI, said["share"], "11:00")
    chat.says(MEI, said["share"], "13:00")
    chat.says(MEI, said["tasks"], "13:05", private=True)
    chat.chapter(said["silent"])
    chat.waits(FIRST + timedelta(days=10), "10:01")
    chat.says(MEI, said["back"], "12:00")
    chat.waits(FIRST + timedelta(days=11), "10:01")
    chat.says(ADA, said["list"], "10:05", desk=True)
    chat.chapter(said["free"])
    chat.says(MEI, said["stop"], "10:10", private=True)
    chat.says(ADA, f"{said['again']} @{chat.name(MEI)}", "10:15", mentions=(MEI,))


_ZH: Final = {
    "hello 0": "早，我把帖子放在群里了",
    "hello 1": "今天讲第二行怎么临",
    "hello 2": "有不懂的尽管问我",
    "thanks": "谢谢",
    "asked": "有人帮了很多人",
    "invite": "邀请",
    "yes": "愿意",
    "busy": "做点什么",
    "share": "#推荐 《兰亭序》的神龙本，比别的本子都清楚",
    "tasks": "达人任务",
    "silent": "安静，又回来",
    "back": "我回来了，前几天出门了",
    "list": "达人名单",
    "free": "随时可以停",
    "stop": "卸任",
    "again": "/达人 邀请",
}
_EN: Final = {
    "hello 0": "good morning, the page is here for all",
    "hello 1": "today: how the second line goes",
    "hello 2": "ask me whatever you like",
    "thanks": "thanks",
    "asked": "Somebody helps many",
    "invite": "Ask",
    "yes": "Yes",
    "busy": "Something to do",
    "share": "#recommend the Shenlong copy of Lanting, clearer than any other",
    "tasks": "my tasks",
    "silent": "Silent, and back",
    "back": "I am back, I was away for a while",
    "list": "/ambassadors",
    "free": "Free to stop",
    "stop": "step down",
    "again": "/ambassador invite",
}
