"""What people say around a word to check in, make up or take leave: `第3天打卡`, `我来打卡了`, `补昨天的卡`, `请两天假`
and the like.

A sentence begins a message, is about its author, and holds a word that the group gave. `今天要打卡` may be meant for
others, and `明天打卡`, `昨天打卡` tell of other days: they are none. What follows the word, `check_in_words` judges.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from workflows.check_in_slips import SLIPS_OF_DONE

DONE_BY_SAYING: Final = ("打卡", "签到", *SLIPS_OF_DONE)
"""Words that say nothing but that somebody checks in: `今天早起` may be talk."""

_LONGEST_BEFORE: Final = 60
"""Letters of a text in which the word must have come."""
_NUMBER: Final = r"(?:\d{1,4}|[零一二三四五六七八九十百两]{1,5})"
_WEEK: Final = "(?:周|星期|礼拜)"
_WEEKDAY: Final = "(?:mon|tue|wed|thu|fri|sat|sun)"
_DATE: Final = r"(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}[日号]?"
_COUNT: Final = rf"(?:第\s*{_NUMBER}\s*[天日次]|day\s*\d{{1,4}}|d\d{{1,4}})[\s:,.·-]*"
ACTIVITIES: Final = (
    "早安|晚安|读书|阅读|晨读|夜读|共读|读诗|背诗|抄诗|抄经|早起|早睡|运动|健身|跑步|晨跑|夜跑|瑜伽|冥想|学习|背单词|单词|英语"
    "|听力|口语|朗读|朗诵|诵读|背书|刷题|做题|考研|数学|语文|日语|韩语|法语|编程|复盘|日记|诗词|起床|散步|走路|徒步|游泳|骑行|骑车|跳绳|跳舞"
    "|拉伸|深蹲|打坐|站桩|太极|控糖|减重|早读|晚读|唱歌|声乐|钢琴|吉他|绘画|素描|练字|书法|临帖|写字|写作|日更|画画|练琴|减脂|减肥|饮食|喝水|每日|日常|晨间|早间|午间|晚间|夜间"
)
VERBS: Final = "(?:读|看|背|写|练|临|抄|跑|走|学|做|听|喝|刷|复习|完成|画|弹|唱|骑|游|早起)"
DONE: Final = f"{VERBS}[^?吗呢,。!]{{0,6}}?[了完]"
"""What somebody has done."""
_ENDS: Final = r"(?=\s*(?:$|[:!.]|- |[^\w\s\x00-\x7f]))"
"""A sign behind an English word, or an emoji: what goes on with words may be talk."""
_NOBODY_ELSE: Final = "(?!.*(?:大家|各位|同学|其他人|剩下|名单|人数|还没|未[打签]|[以如]下))"
_TOLD: Final = (
    r"(?!\W*[\d一二三四五六七八九十百两]+\s*[人天次位名])"
    rf"{_NOBODY_ELSE}(?=[\W_]*$|\s*[^\w\s:、@/=(\[【](?!.*[、@])|\s*(?:第|day\s*\d|今[天日]|我|{ACTIVITIES}|{DONE}))"
)
"""How `已打卡` goes on of who tells it of themselves: `已打卡 小王、小李` and `已打卡：…` tell of others."""
_ONESELF: Final = (
    r"(?:(?:那\s*)?(?P<me>我)(?:今[天日早]\s*也?来?|也来?|先来?|要来?|来)?|今[天日早]\s*(?P<me_too>我)?也?来?|今[天日]的"
    r"|今[天日]份的?|前来|(?P<comes>来)|完成)\s*"
)
_PAST: Final = rf"(?:昨[天日]|大?前[天日]|上?{_WEEK}[一二三四五六日天]|{_DATE}|\d{{1,2}}[日号])"
_COMING: Final = (
    rf"(?:今明两?[天日]|明后两?天|[今明][天日早晚]|大?后[天日]|(?:下下|[下这本])?个?{_WEEK}[一二三四五六日天]"
    rf"|(?:下下?|这|本)个?(?:周|星期|礼拜|月)|周末|月底|这[两几]天|(?:\d{{1,2}}月)?\d{{1,2}}(?:[-~到至、,]\d{{1,2}})*[日号]|{_DATE})"
    "(?:上午|下午|中午|早上|晚上)?"
)
_DAYS: Final = rf"{_COMING}(?:[到至和、,~-]?{_COMING})*"
_WANTS: Final = "(?:想|要|需要|得|申请|先|也|再|来)*"
_WHY: Final = (
    "(?:因为)?(?:临时|家里)?(?:有点?事情?|要?加班|要?出差|(?:身体)?有?点?不(?:舒服|适)|生病了?|感冒了?|发烧了?)"
)
_SO_LONG: Final = r"(?:\d{1,3}|[一二两三四五六七八九十半几]{1,3})\s*个?(?:天|周|星期|礼拜|月)半?"


_WEEKDAY_NAMES: Final = "(?:mon|tues?|wed(?:nes)?|thu(?:r|rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_MONTHS: Final = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_SOME: Final = (
    r"(?:\d\w*|half|(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|several|some|a few|a couple of|a whole)"
    rf"\s+(?:day|week|month|afternoon|morning|time)s?|{_WEEKDAY_NAMES})"
)
_WHEN: Final = (
    r"(?:today(?!')|tonight|tomorrow(?!')|tmrw?|weds|next|this(?!\s+(?:job|work|group|place))"
    rf"|the\s+(?:\d+(?:st|nd|rd|th)?|day|week|next|rest|whole)|{_SOME}|{_MONTHS})\b"
)
_CAUSE: Final = (
    r"(?:(?:my|our)\b|(?:(?:an?|the|some|bad|severe|urgent)\s+)*(?:\w+\s+){0,2}?(?:sick\w*|ill\w*|health|fever|flu|cold|covid|headache|migraine|pain"
    r"|injur\w+|surger\w+|operation|hospital\w*|doctors?|dentist|appointment|medical|famil\w+|personal|funeral|wedding"
    r"|emergenc\w+|work|overtime|travel\w*|trip|exams?|kids?|child\w*|baby|typhoon|visa)\b)"
)
"""What somebody takes leave for: `leave because of a fever`, and not `because of the noise`."""
_REASON: Final = rf"(?:because\s+(?:(?:i|i'm|i've|i'll|we)\b|(?:of\s+)?{_CAUSE})|due\s+to\s+{_CAUSE})"
TAKES_LEAVE: Final = re.compile(
    rf"\s*(?:$|[^\w\s]|[^\x00-\x7f]|(?:for|from|on|starting|beginning|until|till|through|to)\s+(?:{_WHEN}|family|work|personal"
    rf"|medical|sick|the\s+end)|{_WHEN}|because|due|please|sorry|request\b(?!\s+(?:form|policy|process))|at\s+\d|in\s+{_MONTHS})",
    re.IGNORECASE,
)
"""What `leave` goes on with where it is taken: the word alone says much else."""
SENDS_AWAY: Final = re.compile(
    rf"\s*(?:!+[\W_]*$|\.{{2,}}(?!\.|\s*(?:{_WHEN}|(?:feeling\s+)?(?:sick|ill|unwell)\b|sorry|{_REASON}))"
    rf"|(?!{_REASON})(?:because|due)\b)",
    re.IGNORECASE,
)
"""How `leave` sounds where it asks for none: `leave!`, `leave...`, `leave because of the noise`."""
ALSO: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "back": {"取消请假": ("请假取消", "不请假了", "我不请假了", "撤销请假")},
    "late": {"补卡": ("补签", "补签到")},
    "check_in": {"签到": ("签个到", "签下到", "签一下到")},
    "board": {
        "排行": ("打卡排行", "看排行", "看看排行"),
        "排行榜": ("打卡榜", "打卡排行榜", "看排行榜", "看看排行榜"),
    },
    "status": {
        "我的打卡": (
            *("我的打卡记录", "打卡记录", "查打卡", "看我的打卡", "我打卡几天了", "我打卡多少天了", "我打了几天卡"),
            *(
                "我今天打卡了吗",
                "我今天打卡了没",
                "我打卡了吗",
                "我打卡成功了吗",
                "我打了多少天卡",
                "我连续打卡几天了",
                "我连续打卡多少天了",
                "我连续多少天了",
            ),
        ),
        "streak": ("my streak", "what is my streak", "what's my streak", "how long is my streak"),
    },
}
"""What people write who do not know the word, by what they ask for and the word that the group has."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence: by which word it asks for something, the days told before the word, and what follows it.

    A `mine` one says whose it is. One that `comes` may be a call to others, too: `来打卡`.
    """

    word: str
    days: str
    rest: str
    mine: bool
    comes: bool


class Sentences:
    """The sentences of one thing that is asked for. Filled while options load, then only read."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._words: list[str] = []
        self._patterns: tuple[tuple[re.Pattern[str], str], ...] = ()
        self._openings: frozenset[str] = frozenset()
        self._shortest: frozenset[str] = frozenset()
        """What may be followed by any letter."""
        self._ends: frozenset[str] = frozenset()

    def learn(self, words: Iterable[str]) -> None:
        """Add words in their one spelling (`normalized`)."""
        self._words += [word for word in words if word not in self._words]
        self._ends = frozenset(word[-1:] for word in self._words)
        made = _PATTERNS[self._what](self._words)
        self._patterns = tuple((re.compile(pattern), word) for pattern, word in made)
        if self._patterns:
            who, nexts = _BEGINNINGS[self._what]
            begins = {f"{one}{other}" for one in ("", *who) for other in nexts}
            begins |= {f"{one}{other}" for one in who for other in self._words} | {one for one in who if len(one) > 1}
            if self._what == "check_in":  # of talk about what people do, the letter behind it is none of a word
                first = {word[:1] for word in self._words} | {"已"}
                does = [f"{one}{activity}" for one in ("", *who) for activity in ACTIVITIES.split("|")]
                begins |= {f"{activity}{letter}" for activity in does for letter in first}
            shapes = frozenset(map(_shape, begins))
            self._openings = frozenset(shape[:length] for shape in shapes for length in (1, 2, 3))
            self._shortest = frozenset(shape for shape in shapes if len(shape) < 3)

    def may_begin(self, opening: str) -> bool:
        """Whether one may begin with one to three letters in their one spelling."""
        shape = _shape(opening)
        return shape in self._openings or shape[:2] in self._shortest or shape[:1] in self._shortest

    def said(self, folded: str) -> Said | None:
        """The sentence that a text in its one spelling begins with."""
        begun = folded[:_LONGEST_BEFORE]
        if not any(end in begun for end in self._ends):
            return None
        for pattern, word in self._patterns:
            found = pattern.match(folded)
            if found is not None:
                told = found.groupdict()
                days = f"{told.get('day') or ''}{told.get('on') or ''} {told.get('long') or ''}".strip()
                return Said(
                    word=word or told["word"],
                    days=days,
                    rest=folded[found.end() :],
                    mine=bool(told.get("me") or told.get("me_too")),
                    comes=bool(told.get("comes")),
                )
        return None


def _checking_in(words: list[str]) -> Iterator[tuple[str, str]]:
    done, han = [one for one in words if one.endswith(DONE_BY_SAYING)], [one for one in words if not one.isascii()]
    if done and (kinds := [one for one in han if one not in done]):
        yield rf"(?:{_ONESELF})?(?:{_COUNT})?(?P<word>{_either(kinds)})\s*{_either(done)}", ""
    if done:
        day = rf"(?:(?P<day>{_DATE}|{_WEEK}[一二三四五六日天])\s*)?"
        does = rf"(?:(?:{ACTIVITIES})\s*)??"
        again = rf"(?:[\s,!~]*{_either(done)})*"
        yield (
            rf"(?:{_ONESELF})?(?:是\s*)?{day}(?:{_COUNT})?{does}(?P<word>{_either(done)}){again}"
            r"(?:已完[成毕](?!\s*\d)|完毕|完成|成功|报[到道]|一下|先)?",
            "",
        )
        yield (
            rf"(?P<me>我)?(?:今[天日])?(?:{_COUNT})?{does}已(?:完成(?:今[天日]的?)?)?(?P<word>{_either(done)}){_TOLD}",
            "",
        )
        yield rf"完成今[天日]的?(?P<word>{_either(done)})", ""
        yield rf"(?:坚持|继续)(?P<word>{_either(done)})(?=\s*(?:第\s*{_NUMBER}\s*[天日次]|day\s*\d))", ""
        yield rf"先(?P<word>{_either(done)})(?=了?[\W_]*$)", ""
    if "打卡" in words:
        yield rf"(?:{_ONESELF})?(?:{_COUNT})?打(?:个|一?下)卡先?", "打卡"
        yield r"先打(?:个|一?下)卡(?=了?[\W_]*$)", "打卡"
        yield rf"(?:(?P<me>我)|今[天日])*打完卡(?=了?(?:[\W_]*$|\s*[,.!~。;✅])){_NOBODY_ELSE}", "打卡"
    if han:
        yield rf"{_COUNT}(?P<word>{_either(han)})", ""
        yield rf"今[天日]的?(?P<word>{_either(han)})(?=\s*:)", ""
    if "checkin" in words:
        yield rf"{_COUNT}check[ -]?in\b", "checkin"
        yield rf"(?:check-in|check(?:ing)? in){_ENDS}", "checkin"
        yield rf"(?P<comes>daily\s+)check[ -]?in{_ENDS}", "checkin"
        yield r"check(?:ing)?[ -]in(?=\s+(?:for\s+)?(?:day\s*|#)\d+(?:[\W_]*$|\s*[:.,!-]))", "checkin"
        yield rf"(?:checking[ -]in(?:\s+for)?|check-in\s+for)\s+today{_ENDS}", "checkin"
    if "check in" in words:
        yield r"check-in\b", "check in"
    if english := [one for one in words if one.isascii()]:
        yield rf"{_COUNT}(?P<word>{_either(english)})(?=\s*(?:$|[^\w\s]))", ""


def _making_up(words: list[str]) -> Iterator[tuple[str, str]]:
    who, day = rf"我?{_WANTS}", rf"(?:(?P<day>{_PAST})的?\s*)?"
    if han := [one for one in words if not one.isascii()]:
        yield rf"{who}{day}(?P<word>{_either(han)})", ""
    if "补卡" in words:
        yield rf"{who}{day}补(?:打个?|个|一个|一下|一次)卡", "补卡"
        yield rf"{who}补(?:一下|个)?(?P<day>{_PAST})的?(?:打卡|卡)", "补卡"
    if "makeup" in words:
        day = rf"(?:for\s+)?(?:yesterday(?!')|last\s+{_WEEKDAY}|the\s+\d+(?:st|nd|rd|th)|{_WEEKDAY})"
        yield rf"make[ -]up(?=\s*(?:$|[:!.]|{day}))", "makeup"


def _taking_leave(words: list[str]) -> Iterator[tuple[str, str]]:
    told = r"(?:[跟向和](?:大家|各位|群主|管理员?|班长|组长),?)?"
    day = rf"(?:从?(?P<day>{_DAYS})(?P<on>开始|起)?,?\s*)?"
    who = rf"(?:我|本人)?{told}{_WANTS}{day}(?:{_WHY},?\s*)?{told}{_WANTS}"
    if han := [one for one in words if not one.isascii()]:
        yield rf"{who}(?P<word>{_either(han)})", ""
    if "leave" in words or "take leave" in words:
        wants = r"i(?: need|'d like| would like| want)(?: to take)?|(?:i'm |i am |i'll be )?taking|i'll take|take"
        wants += "|requesting"
        yield rf"(?:{wants})(?: a| some)? leave\b", "leave" if "leave" in words else "take leave"
    if "请假" in words:
        yield rf"{who}请(?:病|事|个|一个|一下|一次)假", "请假"
        yield rf"{who}请(?P<long>{_SO_LONG})的?假", "请假"
        yield rf"(?:我|本人)?{told}{_WANTS}请(?P<day>{_DAYS})的?(?P<long>{_SO_LONG})?的?假", "请假"


def _coming_back(words: list[str]) -> Iterator[tuple[str, str]]:
    if han := [one for one in words if not one.isascii()]:
        yield rf"我?(?:回来了?,?\s*)?{_WANTS}(?P<word>{_either(han)})", ""
    if "取消请假" in words:
        yield rf"我?{_WANTS}(?:取消|撤销)我?(?P<day>{_DAYS})的?请?假", "取消请假"
        yield rf"我?(?P<day>{_DAYS})的?(?:不请假了|假不请了|请?假取消)", "取消请假"
    if "cancel leave" in words:
        yield r"(?:please )?cancel (?:my |the )?leave\b", "cancel leave"


def _either(words: Iterable[str]) -> str:
    """A pattern of some words, the longest first."""
    return f"(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})"


def _shape(opening: str) -> str:
    """Some letters with every number and day of the week alike, and without spaces between Han characters."""
    return _ANY_NUMBER.sub("0", opening if opening.isascii() else opening.replace(" ", ""))


_ANY_NUMBER: Final = re.compile("[0-9零一二三四五六七八九十百两]")
_PATTERNS: Final[Mapping[str, Callable[[list[str]], Iterator[tuple[str, str]]]]] = {
    "check_in": _checking_in,
    "late": _making_up,
    "leave": _taking_leave,
    "back": _coming_back,
}
"""Each pattern with the word that it stands for, or none where that is the group `word`."""


def _pairs(letters: str) -> tuple[str, ...]:
    return tuple(letters[at : at + 2] for at in range(0, len(letters), 2))


_DATES: Final = _pairs("111.1月1-1/1号1日周1周日周天星期礼拜")
_SPEAKER: Final = (
    "我",
    *(f"{who}{more}" for who in ("", "我") for more in ("想", "要", "需要", "得", "申请", "先", "也", "再", "来")),
)
_BEGINNINGS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "check_in": (
        ("我", *_pairs("我今我也我先我要我来我是那我今天今日今早前来完成"), "来"),
        (
            "check",
            "day1",
            "d1",
            "daily",
            *_pairs("第1打个打一打下打完已打已签已完先打先签"),
            "坚持打",
            "继续打",
            *_DATES,
        ),
    ),
    "late": (
        _SPEAKER,
        ("make", *_pairs("补打补个补一补昨补前补大补上补1补周补星补礼昨天昨日前天前日大前上周上星上礼"), *_DATES),
    ),
    "leave": (
        (*_SPEAKER, "从", "本人"),
        (
            *("i need", "i want", "i would", "i'd", "i'm", "i am", "i'll", "taking", "requesting"),
            *_pairs(
                "今天今日今早今晚今明明天明日明早明晚明后后天后日大后下周下星下礼下下下个下月这周这星这礼这个这1这几本周本星本礼本月"
            ),
            *_pairs(
                "周末月底请个请一请病请事请1请几请半请今请明请后请大请下请这请本请周请星请礼请月跟大跟各跟群跟管跟班跟组向大向各向群"
            ),
            *_pairs("向管向班向组和大和各和群和管和班和组因为临时家里有事有点加班出差要加要出不舒身体生病感冒发烧"),
            *_DATES,
        ),
    ),
    "back": (_SPEAKER, ("回来", "取消", "撤销", "can", "ple")),
}
"""With what sentences may begin, by what is asked for: who speaks, and what comes next beside the group's words. Three
letters of it are looked at."""
