"""What people write for a command who never saw its word: `查积分`, `how many points do I have`, `怎么打卡`.

Each stands alone in a message, word for word; a question mark may follow. They are understood, and told nowhere: menus
and help name the words that are shorter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from workflows.folding import spellings

ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "me": (
        *(
            "查积分",
            "查询积分",
            "积分查询",
            "查下积分",
            "查一下积分",
            "查我的积分",
            "查下我的积分",
            "查一下我的积分",
            "看积分",
        ),
        *(
            "看看积分",
            "看下积分",
            "看我的积分",
            "看看我的积分",
            "积分多少",
            "我的积分多少",
            "我的积分是多少",
            "我有多少积分",
        ),
        *(
            "我现在多少积分",
            "我现在有多少积分",
            "我多少积分",
            "我有多少分",
            "我多少分",
            "我多少分了",
            "我现在多少分",
            "我的分数",
            "我什么等级",
            "我几级了",
        ),
        *("points", "my score", "show my points", "check my points", "what are my points", "how many points do i have"),
        *("what is my score", "what's my score", "what is my level", "what's my level", "my level"),
        "how many points have i got",
    ),
    "top": (
        *(
            "积分排行",
            "积分排行榜",
            "排名",
            "积分排名",
            "看排行",
            "看排行榜",
            "看看排行榜",
            "我排第几",
            "我第几名",
            "我是第几名",
            "看积分榜",
            "查排行",
            "查排行榜",
        ),
        *("ranking", "my rank", "my ranking", "what is my rank", "what's my rank", "show leaderboard"),
        *("show the leaderboard", "the leaderboard"),
    ),
    "rules": (
        *(
            "看群规",
            "看看群规",
            "看下群规",
            "有什么群规",
            "有群规吗",
            "群规是什么",
            "群规是啥",
            "群规有哪些",
        ),
        *("show the rules", "what are the rules", "what are the group rules"),
    ),
    "help": (
        "指令",
        "命令",
        "指令列表",
        "命令列表",
        "有什么指令",
        "有哪些指令",
        "怎么用机器人",
        "机器人怎么用",
        "机器人会什么",
        "机器人有什么功能",
        "有哪些命令",
        "commands",
        "what can this bot do",
        "how do i use this bot",
        "how does this bot work",
    ),
    "language": ("切换语言", "更改语言", "语言设置", "change language", "change my language", "language settings"),
    "mydata": ("导出我的数据", "查看我的数据", "看我的数据", "my data", "mydata", "show my data", "export my data"),
    "forgetme": ("删除我的数据", "清除我的数据", "删除我的信息", "forget me", "forgetme", "delete my data"),
    "appeal": ("我要申诉", "我想申诉", "appeal", "i want to appeal", "i would like to appeal"),
    "invite": (
        *("我要邀请", "邀请链接", "我的邀请链接", "邀请码", "我的邀请码", "邀请好友", "邀请朋友"),
        *("invite", "invite link", "my invite link", "my invite code", "my invitation link"),
    ),
}
"""By the command's name."""

_TOPICS: Final = {
    "打卡": "打卡",
    "签到": "签到",
    "补卡": "补卡",
    "补打卡": "补卡",
    "请假": "请假",
    "申诉": "申诉",
    "查积分": "积分",
    "看积分": "积分",
    "切换语言": "语言",
    "换语言": "语言",
    "check in": "checkin",
    "check-in": "checkin",
    "checkin": "checkin",
    "make up a day": "makeup",
    "make up a missed day": "makeup",
    "take leave": "leave",
    "ask for leave": "leave",
    "appeal": "appeal",
    "see my points": "me",
    "change the language": "language",
    "change my language": "language",
}
"""What is asked about, as `/help` knows it."""
_TOPIC: Final = "|".join(sorted(map(re.escape, _TOPICS), key=len, reverse=True))
_CHINESE_TOPIC: Final = "|".join(sorted((one for one in _TOPICS if not one.isascii()), key=len, reverse=True))
_HOW: Final = re.compile(
    r"(?:(?:你们?好|大家好|请问|请教|问一?下|想问一?下|新人|大家|各位)[,!\s]*)*"
    rf"(?:(?:怎么|如何|怎样|咋|该怎么|要怎么)(?P<after>{_TOPIC})|(?P<before>{_CHINESE_TOPIC})(?:要|是|该)?(?:怎么|如何|怎样|咋)"
    "(?:弄|打|用|做|操作|搞|写|请|补|申请|发|个打法)?|帮助(?P<glued>打卡|签到|补卡|请假|申诉))(?:呀|啊|呢|哦|的|的呀|的啊)?"
    rf"|(?:(?:hi|hello|hey|please)[,!\s]*)?how (?:(?:do|can|should) (?:i|we|you)|to) (?P<english>{_TOPIC})"
)
_HOW_TO_MAKE_UP: Final = re.compile(
    r"(?:我|请问)?(?:[昨前今]天|早上)?(?:忘(?:记|了)*|漏了?|没有?)打卡了?[,\s]*(?:怎么办|咋办|怎么补|咋补|还?能补吗|可以补吗)"
    "|(?:请问)?我?(?:还?能|可以|能不能|可不可以)补(?:打)?卡吗?"
)
_HOW_MANY: Final = re.compile(
    "(?:请问|麻烦|帮我?|帮忙)*(?:(?:查|看)(?:一?下|看)?(?:我的?)?积分|我(?:现在|目前|一共)*的?积分(?:是|有)?多少"
    "|我(?:现在|目前|一共)*有?(?:多少|几)(?:积分|分))(?:了|啊|呀|呢)?"
)
_APPEALS: Final = re.compile(
    r"(?:我[要想])?申[诉訴][\s:：,，。]+(?!(?:这个?|這個?|那个?|那個?)?(?:[词詞]|功能|流程|材料|[结結]果|期限|成功|失[败敗]|是什[么麼]))(?P<rest>\S.*)",
    re.DOTALL,
)
_APPEALS_ALONE: Final = re.compile(
    r"(?:i want to |i'?d like to )?appeal[\s:,.]+(?P<rest>\S.*)", re.DOTALL | re.IGNORECASE
)
_SPEAK: Final = re.compile(
    r"language[:\s]+(?P<english>english|chinese)|(?:语言|切换(?:成|到|为)?|换成)[:\s]*(?P<tongue>英文|英语|中文|汉语|简体|繁体|简体中文|繁体中文)"
)
INITIALS: Final[Mapping[str, frozenset[str]]] = {
    "help": frozenset("你请问想新大各怎如咋该要打签补申查看切换帮我昨前今忘漏没还能可早h"),
    "language": frozenset("语切换l"),
    "积分": frozenset("请麻帮查看我"),
    "申诉": frozenset("我ia"),
}
"""With what a text begins that may be `told` or `appealed`, by a word of the command."""


TELLING: Final = frozenset(("help", "language", "积分"))
"""The words of the commands that a text may be `told` for."""
OPENINGS: Final = ("hi", "hello", "hey", "please", "how", "language")
"""With what an English text begins that may be `told`."""
APPEAL_OPENINGS: Final = ("i ", "i'", "id")
"""With what a text begins that may be `appealed`, beside the words that ask for it alone."""
holds: Final = re.compile(
    f"[{''.join(sorted(form for letter in '怎如咋帮补分语换' for form in spellings(letter)))}"
    "\u2e80-\u2fdf\uf900-\ufaff\U00020000-\U0003ffff]"
).search
"""A Chinese text that may be `told` holds one of these, or a letter that may stand for one."""


def told(text: str) -> tuple[str, str] | None:
    """A word of the command that a text in its one spelling is, with what follows it: help with how something is done,
    one's points, the language to be spoken. No signs stand at its end."""
    how = _HOW.fullmatch(text)
    if how is not None:
        asked = next(word for word in how.groups() if word)
        return "help", _TOPICS[asked]
    if _HOW_TO_MAKE_UP.fullmatch(text):
        return "help", "补卡"
    if _HOW_MANY.fullmatch(text):
        return "积分", ""
    speak = _SPEAK.fullmatch(text)
    return ("language", speak["tongue"] or speak["english"]) if speak is not None else None


def appealed(text: str, *, private: bool) -> str | None:
    """What somebody says against what was done about them, behind the word for it. In a group `appeal` may be talk."""
    found = _APPEALS.match(text) or (_APPEALS_ALONE.match(text) if private else None)
    return found["rest"].rstrip() if found is not None else None
