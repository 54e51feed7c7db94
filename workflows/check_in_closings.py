"""A word to check in at the end of a message, behind what was done: `跑步5公里，打卡！`, `今天读了第三章，打卡`.

It counts where it is plain that its author did it; where that is likely, and in `打卡呀`, the author is told how to
check in. What asks, calls others to it, or tells of others, of other days or of what is not done is neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from workflows.check_in_sentences import ACTIVITIES, DONE_BY_SAYING, VERBS

_LONGEST: Final = 120
"""Letters of a text that tells of a deed in passing; a longer one tells more."""
_PARTICLE: Final = "[呀啊哦喔哈]"
_SIGNS: Final = r"[^\w?]*"
_SO_MUCH: Final = (
    r"第?(?:\d+(?:\.\d+)?|[一二三四五六七八九十百两半几]+)\s*"
    r"(?:个?(?:分钟|小时|钟头)|页|章|节|回|篇|首|本|册|集|遍|组|次|圈|部|公里|千米|km|k|米|步"
    r"|字|单词|词|句|题|道|张|杯|min|个(?![人月]))"
    r"|第\s*(?:\d+|[一二三四五六七八九十百两]+)\s*天"
)
_WHEN: Final = (
    r"(?:(?:早上好|早安|早|晚上好|晚安)[呀啊哦]?[\s,.!~]+)?"
    r"我?(?:今[天日早晚]|早上|上午|中午|下午|晚上|刚刚?|已经?)*\s*我?"
)
_DID: Final = re.compile(
    rf"{_WHEN}(?:(?:{ACTIVITIES}|{VERBS})[^,.!;~\n]{{0,12}}?(?:{_SO_MUCH})"
    r"|(?:读|看|背|写|练|临|抄|跑|学|听|刷|复习|画|弹|唱)完(?:了[^,.!;~\n]{0,20}|[^,.!;~\n]{0,20}[\W_]))"
)
"""What somebody has done, by how much or that it is over."""
_LIKELY: Final = re.compile(rf"{_WHEN}(?:{ACTIVITIES}|{VERBS}|(?:{_SO_MUCH}))")
_OVER: Final = re.compile("[了完我]")
_OWN: Final = re.compile(r"(?:那?我(?:今[天日早])?也?来?|今[天日早]我?也?来?)\s*")
_ELSE: Final = re.compile(
    r"[?]|[吗呢么嘛谁哪]|什么|怎|为啥|几点|多少|是不是|是否|有没有|要不要|能不能|可不可以|可以"
    r"|[没不别未忘勿甭]|无法|还差|差点|懒得|失败|取消|如果|要是|假如|除非|即使|哪怕|只要|才能|就能|就算|必须|应该|得去"
    r"|大家|各位|同学|群|[你您他她它]|们|人|快来|记得|提醒|请|一起|欢迎|赶紧|抓紧|务必|督促|邀请|所有|全员|接龙|约|@|朋友|同事|领导|老板"
    r"|老师|爸|妈|孩子|儿子|女儿|宝宝|娃|老公|老婆|弟|妹|哥|姐|爷爷|奶奶|小[王李张刘陈杨黄赵吴周明红]|老[王李张刘陈杨黄赵吴周]|替|帮|代"
    r"|明[天日早晚]|后天|下(?:周|个?月|次|回)|以后|之后|然后再|待会|等会|等下|一会|回头|晚点|稍后|马上|将|会|(?<!冥)想|[想需]要|(?<![重主])要(?![点素领])|准备|打算|计划|决定"
    r"|争取|希望|昨|前天|上(?:周|个?月|次|回)|之前|以前|从前|曾经?|每[天日次周]|天天|经常|总是|一直|连续|坚持"
    r"|上班|下班|公司|单位|考勤|钉钉|企微|飞书|[网景房机]|店|看看|听听|看[到见]|听[到说见]|走了|餐|咖啡|博物馆|公园|旅|站|机场|酒店|地铁|(?:去|来到?|到)[^,!.~\s]{2,}$"
    r"|规则|活动|挑战|比赛|训练营|[换送]|[一两每]次$|开始|截止|时间|任务|要求|主题|通知|公告|功能|链接|第[一二三]步|视频教|方法|攻略|教程"
    r"|先[^,]*再|再$|后再?$|才$|来$|前$|(?<!小)时$|(?<!你)好$|的$|等于|相当于|算是?$|叫$|说$|靠$|用$|为了$|就$"
)
"""What is asked, not done, said to or of others, of another day, or of a place and a clock to check in at."""


_QUOTED: Final = re.compile(r"《[^》]*》|「[^」]*」|“[^”]*”|\"[^\"]*\"")
"""Titles, in which anything may stand."""


class Closing(NamedTuple):
    """A word at the end of a text, and what was said before it. One that is `sure` checks in."""

    word: str
    before: str
    sure: bool


class Closings:
    """The words to check in that say nothing else. Filled while options load, then only read."""

    def __init__(self) -> None:
        self._words: tuple[str, ...] = ()
        self._ends: re.Pattern[str] | None = None

    def learn(self, words: Iterable[str]) -> None:
        """Add words in their one spelling (`normalized`)."""
        new = [word for word in words if word.endswith(DONE_BY_SAYING) and word not in self._words]
        self._words += tuple(new)
        if self._words:
            either = "|".join(sorted(map(re.escape, self._words), key=len, reverse=True))
            self._ends = re.compile(
                rf"(?P<before>.*?)(?:(?<=[\W_])|(?<![\W_]))(?P<word>{either})(?:了|啦|咯|喽)?(?P<particle>{_PARTICLE}*){_SIGNS}",
                re.DOTALL,
            )

    @property
    def mark(self) -> str | None:
        """What every text holds that is looked at for its end alone."""
        return self._words[0] if self._words else None

    def of(self, folded: str) -> Closing | None:
        """What a text in its one spelling closes with."""
        found = self._ends.fullmatch(folded) if self._ends is not None and len(folded) <= _LONGEST else None
        if found is None:
            return None
        told = found["before"]
        before = told.strip(" \t\n,.!~:;、…-")
        if not before:
            return Closing(found["word"], "", sure=False) if found["particle"] else None
        if found["particle"] and _OWN.fullmatch(before) is not None:
            return Closing(found["word"], before, sure=True)
        if _ELSE.search(_QUOTED.sub("《》", before)) is not None or any(word in before for word in self._words):
            return None
        if _DID.match(told.lstrip()) is not None:
            return Closing(found["word"], before, sure=True)
        return Closing(found["word"], before, sure=False) if _LIKELY.match(before) is not None else None


def is_over(before: str) -> bool:
    """Whether nobody is told to do what is said before the word: it is done."""
    return _OVER.search(before) is not None
