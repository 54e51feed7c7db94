"""The commands that every member has."""

from __future__ import annotations

from typing import Final

from workflows.commands import Book, Command

COMMANDS: Final = (
    Command(name="me", zh=("积分", "我的积分"), en=("my points",), bare=True),
    Command(name="top", zh=("排行", "排行榜", "积分榜"), en=("leaderboard",), bare=True, ranks=True),
    Command(name="rules", zh=("群规",), en=("group rules", "rules"), bare=True),
    Command(name="help", zh=("帮助",), en=("help",), bare=True, spoken=True, ranks=True),
    Command(name="language", zh=("语言",), en=("language",), bare=True, spoken=True),
    Command(name="mydata", zh=("我的数据",), bare=True),
    Command(name="forgetme", zh=("忘记我",), en=("forget me",), bare=True, coded=True),
)
BOOK: Final = Book(COMMANDS)
