"""What follows a keyword where people talk about it, and ask for nothing: `打卡 怎么打`, `leave it to me`.

All of it is judged in the one spelling (`normalized`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from workflows.check_in_shorthand import WEEKDAY_NAMES

_GLUED: Final = re.compile(r"[-_./'’@][a-z]", re.IGNORECASE)
"""What makes another word of an English one: `leave-in`, `practice.py`."""
_ONES: Final = (
    r"(?:your|(?:my|the|our|a)\s+(?:team|lead|manager|boss|doctor|mom|dad|family|friends?|client|therapist))\b"
)
_WEEKDAY_ALONE: Final = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"(?!\s+(?!(?:and|or|to|until|till|through|because|due|for|please|pls|as|since|morning|afternoon|evening)\b)[a-z])"
)
"""`this Friday`, and no `this Friday meeting`."""
_A_DAY: Final = rf"(?:(?:this|next)\s+)?(?:today|tonight|tomorrow|tmrw?|{WEEKDAY_NAMES})"
_OF_SOMEBODY: Final = "(?:the|my|our|your|their|his|her|this|that)"
_TALK: Final[Mapping[str, re.Pattern[str]]] = {
    "check_in": re.compile(
        r"\s+(?:(?!(?:today|done|this|and)\b)[a-z]+\s+)?"
        r"(?:is|are|was|were|isn't|wasn't|has|makes?|will|would|can|can't|could|should|must|does|doesn't|seems|looks|feels"
        r"|helps|takes|needs|goes|works|opens?|closes?|starts?|ends?|closed|fail(?:ed|s)|weighs)\b"
        r"|\s+(?:room|time|sessions?|tomorrow|later|what|where|when|how|why|who|if|your|every|with (?:me|us)|a bit"
        rf"|at \d|desks?|counters?|luggage|baggage|buttons?|links?|app"
        rf"|{_OF_SOMEBODY} (?:code|changes?|luggage|baggage|bags?|suitcases?|branch|commits?|files?|patch|coat)"
        rf"|with (?:{_ONES}|(?:hr|him|her|them)\b)"
        r"|at (?:the|a|my|our) (?:hotel|airport|desk|counter|gate|front|reception|clinic)"
        r"|on (?:him|her|them|you|us|me|my|your|our|each|grand\w+|mom|dad|people|someone|everyone))\b"
        r"|\s+(?:deadlines?|sheets?|lists?|policy)\b"
        r"|\s+(?:of (?!today|day|\d)|cancell?ed\b|tonight at\b|\d+ times an?\b|(?:by|before|around) \d"
        r"|today(?:'s\b|(?= (?:or|cancell?ed)\b)))|[\s,:-]*\d{1,2}\s*[ap]m (?:at|in)\b"
        r"|\s+(?:online (?:before|at|now)|early and|for (?:flight|the flight))\b"
        r"|[\s,!-]*(?:(?:now|please|pls)[\s,]*)?(?:everyone|everybody|guys|folks)[\W_]*$"
        r"|,\s*(?:they say|check out|then go)\b|.*\bcheck-?out\b"
        r"|.*\bcheck out\s*(?::|at\b|by\b|is\b|time\b|$)",
        re.IGNORECASE,
    ),
    "leave": re.compile(
        r"\s+(?:it|me|us|him|her|them|these|those"
        rf"|(?:this|that|the|a|an)(?!\s+(?:\d|week|month|morning|afternoon|evening|{_WEEKDAY_ALONE}|day(?:\W*$|\s+after))))\b"
        r"|.*\byou(?:'re| are|'ll| will| can| should| have to)\b"
        r"|\s+(?:from (?:work|home|school)|\d+ (?:minutes?|seconds?|seats?))\b|\s+(?:next\s+)?[a-z]+'s\b|\s+\S+ days'"
        rf"|\s+(?:{_A_DAY}|(?:one|two|three|\d+) days?|(?:next|this|a) (?:week|month))\s+"
        r"(?:or(?!\s+\w+day\b)|between|free|open|empty|blank|aside|alone|out|on (?:the|a|my)|by|with"
        r"|for (?:me|us|you|them|him|her|planning|meetings?|lunch|dinner|drinks)"
        r"|(?:morning|afternoon|evening|night) at \d)\b"
        rf"|\s+on\s+(?:{_A_DAY}|the|a|my)(?:'s)?\s+(?:\w+\s+)?(?:flights?|trains?|bus|plane|ferry)\b"
        r"|[\s.!,]*(?:now|everyone|everybody|i dare)\b"
        r"|\s+of (?:(?:my|your|his|her|our|their) senses|absence (?:polic|form|rule))|\s+in [a-z]+ (?:is|are|was)\b"
        r"|\s+at \d[\d:]*\s*(?:[ap]m\s*)?sharp\b"
        r"|\s+for work (?:at|around|before|after|in)\b|\s+at \d[\d:]*\s*(?:[ap]m\s*)?to\b",
        re.IGNORECASE,
    ),
    "late": re.compile(
        r"\s+(?:\S+\s+)?(?:is|are|was|were)\b(?! (?:sick|ill|busy|away|tired|travel\w*)\b)"
        r"|[\s,:-]*(?:hair|before and)\b|\s+(?:looks?|or|and|artists?|tutorials?"
        r"|brands?|removers?|bags?|kits?|tips|products?|counters?"
        r"|sales?|class(?:es)?|lessons?|exams?|tests?|games?|assignments?|routines?|fees?|at (?:the|a|my)\b)\b"
        r"|\s+for \S+ (?:is|was)\b|\s+for (?!\S+'s (?:check|practice|day))\S+'s\b|\s*:\s*(?:the|an?|how|why|top)\b",
        re.IGNORECASE,
    ),
}
_CARDS: Final = re.compile(
    r"(?![\W_]*[昨前上大\d]).*(?:手机[号卡]|号码|营业厅|门市|电话卡|银行卡|身份证|社保|医保|门禁|公交卡|饭卡|校园卡|手续费|工本费|挂失|移动|联通|电信)",
    re.DOTALL,
)
"""What other cards are made anew: `我要补卡，电话卡丢了`."""
ASKS_OF_IT: Final = re.compile(
    r"[\W_]*[^\s,.，。!！;；]{0,12}(?:(?:多少分?|几分|有奖|[算行好]|可以)吗?[?？]?\s*(?<=[少分吗?？])|吗|了没有?)\s*$"
)
"""`打卡 补算吗？`, where a diary has more to tell."""
ASKED_SHORTLY: Final = re.compile(
    r"(?!.*(?:可以|行|好|ok|please|possible)).{1,16}(?:[?？]|吗|多少钱?|找谁批?|什么材料|要不要说|花钱|收费)\s*$",
    re.IGNORECASE,
)
"""`请假 明天？` asks what others do; `请假 明天可以吗？` asks for it."""
_ABOUT: Final = re.compile(
    r"(?i:[\W_]*\b(?:anyone|anybody|who|when|where|how|what|why)\b[^.!]{0,40}\?\s*$)"
    r"|[\W_]*(?:规则|规定|制度|流程|名单|统计|汇总|截止|人数|预告|通知|公告|公示|格式|必看|新人必读|名额|奖品|返现|二维码|点这里|招募|求助|扫码|活动(?:预告|通知|开始|报名|规则|结束)|第一步)"
    r"|[\W_]*(?:怎么|还是|一直)?(?:没(?:什么)?(?:反应|成功|显示|算上?|记上|有用)|失败|不了|不上)[了啊呀呢的]?[\W_]*$"
    r"|[\W_]*(?:领取|抽奖|请走|会场|\S{0,3}天的(?:同学|同事|请))|[\W_]*(?:教程(?:视频)?|模板|表格)(?:在|链接|见|发|如下)|[\W_]*先看(?:规则|群规|公告)"
    r"|[\W_]*(?:怎么|如何|咋|有人|有谁|谁|几点|什么时候|在哪|哪里|是什么|为(?:什么|啥)[没不]).{0,8}[\W_]*$"
    r"|[\W_]*(?:这个?(?:词|字|功能|词语)|这(?:件事|种事|事儿?)|功能|你们(?!好))"
    r"|\s*[/、&-]\s*(?:签到|打卡|补卡|请假|销假)|\s*=|[\W_]*(?:是(?!的)|说白了|说起来|从明[天日]|群主(?!早|好|辛苦)|第\w{1,3}名)"
    r"|[\W_]*还有.{1,6}截止|[\W_]*@\S+\s+你|[\W_]*(?:排行榜?|积分|图片)(?:怎么|在哪).{0,6}$"
    r"|[\W_]*.{0,3}谁(?![都也]).{0,5}[\W_]*$|[\W_]*有没有人|[\W_]*.{0,6}(?:招募|招新)[\W_]*$"
    r"|[\W_]*用(?:什么|哪).{1,8}好[\W_]*$|第\w{1,3}[天日]就(?:断|忘|放弃)"
    r"|[\W_]*\d+\s*人(?:以上|起|才|就|满|开|成[团行组]|拼|一[组队]|[\W_]*$|[,、;]|[^\w\s]?\s*未)"
    r"|[\W_]*(?:挑战赛?|训练营|活动)?.{0,8}(?:开始|火热|截止)报名[\W_]*$"
    "|[\"'”’》」』](?:是|的|这|那|用(?!了)|怎么|到底|一词|[二两]个?字|[和跟与也不]|就是|什么|功能|[呢吗啊]|已经成)"
)
"""`“打卡”这个词…` is about the word; `「打卡」读完了` is none of these."""
_CALLS: Final = re.compile(
    r"[\W_]*(?:大家|各位|同学们?|朋友们|小伙伴们?)?.{0,2}(?:别忘|不要忘|快来|快点|赶紧|抓紧|走起|都来|一起来).{0,6}[\W_]*$"
    r"|[\W_]*(?:现在|正式)?(?:开始|结束)[了啦]?[\W_]*$"
    r"|\s*:\s*请(?:大家|各位|同学)|[\W_]*(?:记得[哦啊呀打签各大]|别催)"
)
ASKS: Final = re.compile(
    r"[?？]|[吗么没][\W_]*$|怎么|(?<!没)什么|为啥|几点|失败|没(?:什么)?(?:有?用|成功|反应|显示|算)|不了|没有[\W_]*$"
    r"|^[\W_了啦咯喽]*(?:人数|名单|截止|多少(?!有)|几个人|还?有?谁)"
)
"""What is asked, or complained of, behind a sentence that has the word further inside."""
IS_NONE: Final = re.compile(
    r"扣了|别想|我也想[\W_]*$|真?羡慕|不同意|[不没]批|(?<!医生)不[让准给]|天的(?:同学|人|请|朋友|同事)|回来(?:一堆|发现|一看)|没(?:去成|赶上)|^[\W_]*(?:[他她]|我?[替帮代]\w{1,4}请)|[天次]了[\W_]*$|(?:可是?|但是?|就是|却|又)\S{0,2}(?:怕|不敢|不好意思|担心|没有?假|走不开|舍不得)"
)
"""Leave that was not given, or is counted, or not asked for: `我想请假，老板不同意`, `这个月请假5天了`."""
FOR_FUN: Final = re.compile("玩|旅|度假|期待")
"""What is told rather than asked where no day is named: `我请假去日本玩`."""


def is_talk(what: str, word: str, rest: str) -> bool:
    """Whether a keyword goes on with something else than a wish: `leave it to me`, `补卡 手机卡丢了`."""
    if not word.isascii():
        return what == "late" and _CARDS.match(rest) is not None
    if _GLUED.match(rest) is not None:
        return True
    talk = _TALK.get(what)
    return talk is not None and talk.match(rest) is not None


def is_talk_at_once(rest: str) -> bool:
    """Whether what follows a keyword is asked about it, or calls others to it: `打卡 怎么打`, `打卡，别忘了`."""
    found = _ABOUT.match(rest) or _CALLS.match(rest)
    return found is not None
