"""What is wrong with a value, in Chinese: the sentences of the options models and of expressions, one for one.

Models raise one English sentence, because they cannot know who will read it. Here is what each is for Chinese readers.
`{}` stands for what differs; a Chinese sentence repeats the parts in the same order, or by number.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final


def chinese(message: str) -> str:
    """The sentence in Chinese, or as it is if there is none."""
    for pattern, quoted, zh in _compiled():
        found = pattern.fullmatch(message)
        if found is not None:
            parts = zip(found.groups(), quoted, strict=True)
            return _filled(zh, [part if asis else _part(part) for part, asis in parts])
    return message


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], tuple[bool, ...], str], ...]:
    """Each sentence as a pattern, which of its parts stand in quotes, and its Chinese."""
    made = []
    for en, zh in SENTENCES.items():
        between = en.split("{}")
        pattern = "(.+?)".join(re.escape(part) for part in between)
        made.append((re.compile(pattern, re.DOTALL), tuple(part.endswith(('"', "`")) for part in between[:-1]), zh))
    return tuple(made)


def _filled(zh: str, parts: list[str]) -> str:
    following = iter(parts)
    return _SLOT.sub(lambda slot: parts[int(slot[1])] if slot[1] else next(following), zh)


def _part(part: str) -> str:
    """What differs may be a sentence again, or hold a few words that are known. What is quoted stays as it is."""
    told = chinese(part) if " " in part else part
    if told != part:
        return told
    return "".join(
        piece if piece[:1] in '`"{[' else _WORDS.sub(lambda found: PARTS[found[0]], piece)
        for piece in _QUOTED.split(part)
    )


_SLOT: Final = re.compile(r"\{(\d?)\}")
_QUOTED: Final = re.compile(r"(`[^`]*`|\"[^\"]*\"|\{[^}]*\})")
PARTS: Final = {
    "a whole number": "整数",
    "a number": "数",
    "a text": "文字",
    "a list": "列表",
    "true or false": "真假",
    "and": "和",
    "or": "或",
}

_WORDS: Final = re.compile(r"\b(" + "|".join(PARTS) + r")\b")

SENTENCES: Final = {
    # conditions and texts
    '"${" has no closing "}"; for a literal one write "$${"': "“${” 后面少了 “}”；想写 “${” 本身，请写成 “$${”",
    "a condition is true or false; this is {}": "条件要能判断真假；这里得到的是{}",
    "a condition is written as text, like member.points >= 100": "条件要写成文字，例如 member.points >= 100",
    "a text can say words, numbers and lists of them; this is a {}": "文字里只能放字、数或它们的列表；这里是 {}",
    "a text has at most {} characters; this one has {}": "一段文字至多 {} 个字；这段有 {} 个",
    "an expression has at most {} characters; this one has {}": "一个表达式至多 {} 个字；这个有 {} 个",
    "there is no expression": "没有写表达式",
    "a whole word list is not for saying": "整个词表不能放进文字里",
    "{} stands alone in a text: ${{}}": "{} 要单独写：${{1}}",
    '"{}" already means something; take another name': "“{}” 已经有别的意思；请换一个名字",
    '"{}" is not known here; what is: {}': "这里不认识 “{}”；认识的有：{}",
    '"{}" is not known; for a text write "{}" in quotes': "不认识 “{}”；如果是文字，请给 “{}” 加引号",
    '"{}" is not known `when: {}`': "`when: {1}` 时没有 “{0}”",
    '"{}" is not known': "不认识 “{}”",
    '"{}" needs a field after it: {} ...': "“{}” 后面要写字段：{} 等",
    '"{}" does not work on {}; to look for the words of a list, write words: {} beside `when`': (
        "“{}” 不能用在 {} 上；想找词表里的词，请在 `when` 旁边写 words: {}"
    ),
    '"{}" does not work on {}; write both as whole numbers': "“{}” 不能用在 {} 上；两边都请写整数",
    '"{}" does not work on {}': "“{}” 不能用在 {} 上",
    'write {} instead of "{}"': "请把 “{1}” 写成 {0}",
    "the wide {} should be a plain {}": "全角 {} 应为半角 {}",
    "the quote {} is never closed": "引号 {} 没有配对",
    "there is a wide or hard space here; write a plain one": "这里有全角空格或不换行空格；请换成普通空格",
    '"{}" means nothing here; leave it out': "“{}” 在这里没有意义；请删掉",
    '"{}" is asked like this: {}': "“{}” 要这样写：{}",
    "the expression ends too early": "表达式没有写完",
    "{} is missing at the end": "末尾少了 {}",
    "{} is missing before {}": "{1} 前面少了 {0}",
    "{} cannot stand here": "这里不能写 {}",
    "this expression cannot be used: {}": "这个表达式不能用：{}",
    'matches needs its pattern written out: msg.text.matches("...")': (
        'matches 里要直接写正则表达式：msg.text.matches("...")'
    ),
    "matches needs a pattern in quotes": "matches 里的正则表达式要加引号",
    "this can never hold: no kind of message is left": "这永远不会成立：没有剩下任何一种消息",
    "this can never hold: {}": "这永远不会成立：{}",
    "{} would have to be at least {} and at most {}": "{} 得至少是 {}、又至多是 {}",
    "{} would have to be {} and {} at once": "{} 得同时是 {} 和 {}",
    "this {} has no language; write zh: ... or en: ...": "这里没有写语言；请写 zh: ... 或 en: ...",
    '"{}" is not a language of this {}; write zh: ... or en: ...': "“{}” 不是这里的语言；请写 zh: ... 或 en: ...",
    "this {} is empty in {}": "这里的 {1} 是空的",
    "this {} is empty": "这里是空的",
    "a {} is written as text, or by language: {zh: ..., en: ...}": ("要写成文字，或者分语言写：{zh: ..., en: ...}"),
    "a name is one line of at most {} characters without hidden ones": "名字只有一行，至多 {} 个字，不能有隐藏字符",
    # words and patterns
    'in "{}": {}': "“{}” 里：{}",
    "the pattern {} cannot be used: {}; RE2 has no look-around": "正则表达式 {} 不能用：{}；RE2 没有前后环视",
    "the pattern {} cannot be used: {}": "正则表达式 {} 不能用：{}",
    "the pattern {} is longer than {} characters": "正则表达式 {} 超过 {} 个字",
    "the pattern {} is too big; make its repetitions smaller": "正则表达式 {} 太大；请把重复次数改小",
    "the pattern {} matches every message, the empty one too": "正则表达式 {} 什么消息都能匹配，连空的也能",
    "missing ): {}": "少了 )：{}",
    "unexpected ): {}": "多了 )：{}",
    "missing ]: {}": "少了 ]：{}",
    "missing argument to repetition operator: {}": "重复符号前面没有内容：{}",
    "bad repetition operator: {}": "重复符号写错了：{}",
    "invalid repetition size: {}": "重复次数太大：{}",
    "invalid escape sequence: {}": "不认识的转义：{}",
    "invalid perl operator: {}": "不认识的写法：{}",
    "invalid character class range: {}": "字符范围写错了：{}",
    "trailing \\": "末尾多了一个 \\",
    "the patterns are too big together; the longest is in {}": "所有正则表达式合起来太大；最长的在 {}",
    '"{}" is both a word list and a pattern; give one of them another name': (
        "“{}” 既是词表又是正则；请给其中一个换名字"
    ),
    '"{}" is both a list and a pattern; give one of them another name': "“{}” 既是词表又是正则；请给其中一个换名字",
    'the list "{}" holds an empty word ({})': "词表 “{}” 里有空词（{}）",
    'the list "{}" holds a word of more than {} characters: {}': "词表 “{}” 里有超过 {} 个字的词：{}",
    'the list "{}" needs a name of letters, digits and _, so that conditions can say it': (
        "词表 “{}” 的名字只能用字母、数字和 _，这样条件里才写得出来"
    ),
    "a list holds words and hosts, or patterns; put the patterns into a list of their own": (
        "一个词表要么放词和网址，要么放正则；请把正则单独放一个词表"
    ),
    "the list is empty; write at least one entry, or leave the list out": "词表是空的；请至少写一条，或者删掉它",
    'there is no list "{}"; there are {}': "没有词表 “{}”；有的是 {}",
    'there is no list "{}"': "没有词表 “{}”",
    'there is no list or pattern "{}"': "没有词表或正则 “{}”",
    "no host is allowed, so every link would be against the rules; allow at least one": (
        "没有允许任何网址，所有链接都会违规；请至少允许一个"
    ),
    # digests and the calendar
    "a month has no day {}; {}": "一个月没有第 {} 天；{}",
    'write "20:00" for every day, "sun 20:00" for a day of the week, "day 1 09:00" or "last day 20:00"': (
        "每天写 `20:00`，每周的某天写 `sun 20:00`，每月写 `day 1 09:00` 或 `last day 20:00`"
    ),
    "there is nothing to post; write `text`, `rotate` or `picture`": (
        "没有可发的内容；请写 `text`、`rotate` 或 `picture`"
    ),
    "an entry of `rotate` has {} characters; 3500 is the most": "`rotate` 里有一条 {} 个字；最多 3500 个",
    # events
    '"{}" is not a time for an event; {}': "“{}” 不是活动的时间；{}",
    'write "2026-12-05 19:30" for one day, "fri 20:00" for every Friday, or "last day 20:00"': (
        "某一天写 `2026-12-05 19:30`，每周五写 `fri 20:00`，每月最后一天写 `last day 20:00`"
    ),
    "a reminder {} before would come before anybody knows: `announce` is {}; make that longer": (
        "提前 {} 的提醒会比公布还早：`announce` 是 {}；请把它改长一些"
    ),
    # rules and actions
    'two rules are called "{}": number {} and number {}': "有两条规则都叫 “{}”：第 {} 条和第 {} 条",
    '"{}" is the name of a section; give the rule another one': "“{}” 是章节的名字；请给规则换一个",
    "`escalate` counts warnings, and nothing here warns; add `warn` under `then`": (
        "`escalate` 数的是警告次数，可这里没有 `warn`；请写在 `then` 里"
    ),
    "words and patterns are looked for in messages; {} has none": "词和正则只在消息里找；{} 没有消息",
    "`{}` needs a message; {} has none": "`{}` 需要一条消息；{} 没有消息",
    "`{}` answers somebody who asks to join: `when: join_request`": "`{}` 是答复入群申请的：`when: join_request`",
    "a rule about warnings that warns would never end; use `escalate`": (
        "由警告触发、又再警告的规则没完没了；请用 `escalate`"
    ),
    "a rule about points that gives points would never end": "由积分触发、又再给积分的规则没完没了",
    "`to: {}` needs `when: {}`; {} has nobody like that": "`to: {}` 要配 `when: {}`；{} 没有这样的人",
    'there is no kind of message "{}"; there are {}': "没有 “{}” 这种消息；有的是 {}",
    'there is no kind of message "{}"': "没有 “{}” 这种消息",
    "wanted an action, like delete or {mute: 1h}": "应为一个动作，例如 delete 或 {mute: 1h}",
    "`{}` needs an argument, like {}": "`{}` 后面要写内容，例如 {}",
    "`{}` takes no argument; write it alone": "`{}` 后面不写内容，单独写就好",
    '"{}" is not an action; there are {}': "“{}” 不是动作；有的是 {}",
    '"{}" is not an action': "“{}” 不是动作",
    "{} are two actions in one item; did you forget a `-`, or to indent?": (
        "{} 是写在一项里的两个动作；是不是漏了 `-`，或者缩进？"
    ),
    "`{}` cannot be proposed to the admins; what can: {}": "`{}` 不能交给管理员决定；可以的有：{}",
    "`{}` takes a length from {} to {}; written alone, it lasts until an admin ends it": (
        "`{}` 的时长从 {} 到 {}；不写时长就一直有效，直到管理员解除"
    ),
    "points need `add` or `take`, one of them, for example {to: mentioned, add: 1}": (
        "积分要写 `add` 或 `take`，只写一个，例如 {to: mentioned, add: 1}"
    ),
    "`{}` limits points that are given; it means nothing with `take`": (
        "`{}` 限制的是给出的积分；和 `take` 一起写没有意义"
    ),
    "`{}` needs a giver and a receiver; with `to: {}` there is no giver. Use cap_per_day": (
        "`{}` 要有给的人和得的人；`to: {}` 没有给的人。请用 cap_per_day"
    ),
    "cap_per_day: {} is less than add: {}, so nothing is ever given": (
        "cap_per_day: {} 比 add: {} 还小，一分都给不出去"
    ),
    'a warning that expires at once never counts; write how long, like "30d"': (
        "马上过期的警告等于没有；请写多久有效，例如 “30d”"
    ),
    # onboarding
    "min_chars {} is more than max_chars {}: no answer could ever fit": (
        "min_chars {} 比 max_chars {} 还大：什么回答都不合格"
    ),
    'the step "{}" asks nothing; write its question under `ask`': "步骤 “{}” 没有问题；请写在 `ask` 里",
    '"{}" chooses two answers of the step "{}"; each word may choose one': (
        "“{}” 对应步骤 “{}” 的两个选项；一个词只能对应一个"
    ),
    'the task "{}" has less than a minute; give `within` at least 1m': "任务 “{}” 连一分钟都没有；`within` 至少写 1m",
    "`after` is less than a minute; to have no reminders write times: 0": "`after` 不到一分钟；不想提醒请写 times: 0",
    "a wave needs a length; give `within` at least 1s": "要写多久之内算一波；`within` 至少写 1s",
    'the question "{}" has both `accept` and `text`; keep the one that decides': (
        "问题 “{}” 同时写了 `accept` 和 `text`；请只留一个"
    ),
    'the question "{}" has both `options` and `text`; it is chosen or typed': (
        "问题 “{}” 同时写了 `options` 和 `text`；要么选择，要么输入"
    ),
    '"{}" is accepted by the question "{}", but not one of its options': "“{}” 是问题 “{}” 的答案，却不在它的选项里",
    "a quieter time lasts from 1m to 7d; leave `quieter` out to have none": (
        "安静时间从 1m 到 7d；不需要请删掉 `quieter`"
    ),
    "`welcome_after` is longer than `entry.within`: the time would be over before the question": (
        "`welcome_after` 比 `entry.within` 还长：还没提问，时间就到了"
    ),
    "nobody answers within less than a minute; give `within` at least 1m": "一分钟之内没人答得完；`within` 至少写 1m",
    "`hold: true` without steps would hold nobody; write steps or leave `hold` out": (
        "没有步骤，`hold: true` 就管不到任何人；请写步骤，或者删掉 `hold`"
    ),
    "`on_give_up` can never happen without `give_up_after`; write how long the steps stay open": (
        "没有 `give_up_after`，`on_give_up` 永远不会发生；请写步骤开放多久"
    ),
    "`give_up_after` is less than a minute; leave it out to never give up": (
        "`give_up_after` 不到一分钟；想一直等就删掉它"
    ),
    'the {} "{}" needs exactly one of {}; found none': "“{1}” 要在 {2} 里写一个，现在一个都没写",
    'the {} "{}" needs exactly one of {}; found {}': "“{1}” 要在 {2} 里写且只写一个；写的是 {3}",
    'two {}s have the id "{}"; progress is kept by id, so each needs its own': (
        "有两处的 id 都是 “{1}”；进度按 id 记，请各用各的"
    ),
    # check-ins
    "proof asks for nothing; write min_chars, or, or leave proof out": (
        "proof 什么都没要求；请写 min_chars 或 or，或者删掉 proof"
    ),
    'pair_within is between "10s" and "12h"': "pair_within 要在 “10s” 和 “12h” 之间",
    "everyone is reminded in the group; write who: missing, or leave out where: private": (
        "提醒所有人只能在群里；请写 who: missing，或者去掉 where: private"
    ),
    'after is at most "6d": an open question is remembered for a week': "after 最长 “6d”：没人答的问题只记一周",
    'every is between "1m" and "12h"': "every 要在 “1m” 和 “12h” 之间",
    "`gather` answers in one message, so `reply` would never be said; keep one of the two": (
        "写了 `gather` 就合成一条回复，`reply` 不会用到；请只留一个"
    ),
    'within is in whole days, from "1d" to "31d"': "within 按整天写，从 “1d” 到 “31d”",
    "`ends` and `length` say the same thing twice; keep one": "`ends` 和 `length` 说的是一回事；请只留一个",
    "`length` needs `starts`, the first day": "写了 `length` 就要写 `starts`（第一天）",
    'length is in whole days, like "21d"': "length 按整天写，例如 “21d”",
    "the challenge ends ({}) before it starts ({})": "打卡的结束日期（{}）比开始（{}）还早",
    "none of `days` lies between the start and the end, so nobody could ever check in": (
        "开始和结束之间没有一天在 `days` 里，谁也打不了卡"
    ),
    "`finish` needs an end: write `starts` and `length`, or `ends`": (
        "`finish` 要有终点：请写 `starts` 和 `length`，或者 `ends`"
    ),
    "finishing takes {} check-ins, but only {} days are asked for": "完成要打卡 {} 次，可一共只有 {} 天",
    "a new day starts at {}, within the window {}; move day_start out of it": (
        "新的一天从 {} 开始，落在时段 {} 里；请把 day_start 移到时段外"
    ),
    "the reminder at {} comes after the window {} has closed": "{} 才提醒，时段 {} 已经过了",
    "the notice at {} comes after the window {} has closed": "{} 才提醒要断签，时段 {} 已经过了",
    'after and until are in whole days, the second the longer one, up to "365d"': (
        "after 和 until 按整天写，后者更长，最多 “365d”"
    ),
    '"{}" is a word of `{}` and of `{}`; each word may mean one thing': (
        "“{}” 既写在 `{}`，又写在 `{}`；一个词只能有一个意思"
    ),
    # surveys
    "a survey is open for 1h to 14d; {} is not between them": "调查开放 1h 到 14d；{} 不在其中",
    "nobody is asked more often than every 7d; {} is not 7d to 1000d": (
        "同一个人至少隔 7d 才再问；{} 不在 7d 到 1000d 之间"
    ),
    "nobody could ever answer: {}": "谁都答不了：{}",
    "this is never true": "它永远不成立",
    "`kind: choices` needs at least two `choices`": "`kind: choices` 至少要写两个 `choices`",
    "`choices` are answers of `kind: choices`; this is `kind: {}`": (
        "`choices` 是 `kind: choices` 的选项；这里是 `kind: {}`"
    ),
    "`kind: {}` needs a question; write `ask`": "`kind: {}` 要写问题；请写 `ask`",
    'two choices are called "{}"': "两个选项都叫 “{}”",
    "open for {}, it would be asked again, {} later, before it closes; make `open_for` shorter": (
        "开放 {}，可是每 {} 就再问一次，那时还没截止；请把 `open_for` 改短"
    ),
    # ambassadors
    "nobody can ever be found by this: {}": "谁也不会符合这个条件：{}",
    'quiet_after is in whole days, from "1d" to "365d"': "quiet_after 按整天写，从 “1d” 到 “365d”",
    # tiers
    "nobody can ever reach this tier: {}": "谁也到不了这个等级：{}",
    "`{}` has nothing to act on when a tier is reached; `say` speaks to the group": (
        "升级的时候，`{}` 没有消息可以用；想对群里说话请用 `say`"
    ),
    "{} is not known when a tier is reached; what is: {}": "升级的时候没有 {}；有的是：{}",
    '"{}" names nobody to protect; write staff, or tag: and a tag, like tag:volunteer': (
        "“{}” 没有指明谁；请写 staff，或者 tag: 加标签，例如 tag:volunteer"
    ),
    '"{}" starts at {} points, below "{}" before it; write the lowest tier first': (
        "“{}” 从 {} 分开始，比前面的 “{}” 还低；请从低到高写"
    ),
    'nobody can stay in "{}": "{}" starts at {} points as well, without an `if`': (
        "“{}” 留不住人：“{}” 也从 {} 分开始，而且没有 `if`"
    ),
    '"{}" is open to everybody from the start, so its `on_reach` never happens; '
    "greet newcomers with `onboarding`, or give the tier `from` points or an `if`": (
        "“{}” 一开始人人都在，`on_reach` 永远不会发生；欢迎新人请用 `onboarding`，或者给它写 `from` 分数或 `if`"
    ),
    # values
    '{} is not a length of time; write a number and s, m, h, d or w, like "24h"': (
        "{} 不是时长；写数字加 s、m、h、d 或 w，例如 24h"
    ),
    "{} is longer than ten years": "{} 超过十年了",
    '{} is not a time of day; write hours and minutes, like "21:30"': "{} 不是钟点；写时和分，例如 21:30",
    '"24:00" is on no clock; write 00:00, or 23:59 for the last minute of the day': (
        "没有 24:00 这个钟点；请写 00:00，或者用 23:59 表示当天最后一分钟"
    ),
    '{} is not a window; write two times of day, like "05:30-09:00"': "{} 不是时段；写两个钟点，例如 05:30-09:00",
    "the window {} starts and ends at the same minute; leave it out for the whole day": (
        "时段 {} 的开始和结束是同一分钟；想要全天就删掉它"
    ),
    "{} names no days; write a list like [mon, wed] or weekdays, weekends, every day": (
        "{} 没有说是哪几天；写列表如 [mon, wed]，或 weekdays、weekends、every day"
    ),
    "{} is not a day; the days are {}; all of one kind: weekdays, weekends, every day": (
        "{} 不是星期几；可以写 {}，或者 weekdays、weekends、every day"
    ),
    "{} is several days; write {} alone, without a list, or each day by itself": (
        "{} 不止一天；请单独写 {}，不放在列表里，或者把每一天分别写出来"
    ),
    "{} is one word to YAML; write each by itself": "{} 在 YAML 里是一个词；请用半角逗号分开写",
    # answers and invitations
    '"{}" has no letters, so nobody can ask it': "“{}” 里没有字，没人能这样问",
    '"{}" asks for `{}` and for `{}`; each word may ask for one': "“{}” 同时问的是 `{}` 和 `{}`；一个词只能问一件事",
    "nobody counts: `give_up_after` ends before `after_days: {}`; make it longer": (
        "谁都算不上：`give_up_after` 比 `after_days: {}` 先结束；请写长一点"
    ),
    "nobody counts: `give_up_after` has no room for `active_days: {}`; make it longer": (
        "谁都算不上：`give_up_after` 放不下 `active_days: {}`；请写长一点"
    ),
    # yaji.yaml, texts and tests
    "`words` cannot be kept longer than `messages`; write a shorter span": (
        "`words` 不能比 `messages` 保存得更久；请写短一点"
    ),
    "a secret does not belong in a file; put it in an environment variable and write ${env:NAME}": (
        "密钥不该写在文件里；请放进环境变量，这里写 ${env:NAME}"
    ),
    "`token` is the bot `main`; give the one under `bots` another name": (
        "`token` 就是机器人 `main`；`bots` 里的那个请换个名字"
    ),
    'the bots "{}" and "{}" have the same token; give each its own': "机器人 “{}” 和 “{}” 用了同一个 token；请各用各的",
    '"{}" is not an endpoint; write host:port, like 127.0.0.1:8788': (
        "“{}” 不是网关地址；请写 主机:端口，比如 127.0.0.1:8788"
    ),
    'the gateway "{}" has no `endpoint`; write host:port': "网关 “{}” 没有 `endpoint`；请写 主机:端口",
    'the gateways "{}" and "{}" have the same endpoint; give each its own': (
        "网关 “{}” 和 “{}” 的 `endpoint` 一样；请各写各的"
    ),
    "`endpoint` is the gateway `main`; give the one under `gateways` another name": (
        "`endpoint` 就是网关 `main`；`gateways` 里的那个请换个名字"
    ),
    "`plain: true` is without TLS, and `ca` and `name` are for TLS; write one or the other": (
        "`plain: true` 不用 TLS，而 `ca` 和 `name` 是给 TLS 用的；请只写一种"
    ),
    "`least` is longer than `most`; write the shorter one as `least`": ("`least` 比 `most` 长；请把短的写成 `least`"),
    "an URL with a password does not belong in a file; write ${env:NAME}": (
        "带密码的网址不该写在文件里；请写 ${env:NAME}"
    ),
    'there is no sentence "{}"': "没有 “{}” 这句话",
    '"{}" knows nothing of {}': "“{}” 里没有 {}",
    '"{}" ({}) is longer than {} characters': "“{}”（{}）超过 {} 个字",
    '"{}" ({}): {}': "“{}”（{}）：{}",
    "`does: {}` needs `of:`, the position of the event whose message it is about": (
        "`does: {}` 要写 `of:`，指明是第几个事件的消息"
    ),
    "write `event:` with its position, or `at:` with a time since the start": (
        "请写 `event:` 和它的位置，或者 `at:` 和开始以来的时间"
    ),
    "nothing is expected here; write `rule:`, `then:`, `says:` or `tells_admins:`": (
        "这里没有期望什么；请写 `rule:`、`then:`、`says:` 或 `tells_admins:`"
    ),
    "nothing": "空白",
    "an empty text": "空的文字",
    "an empty mapping": "空的映射",
    "an empty list": "空的列表",
    "a mapping of {}": "有 {} 个键的映射",
    "a list of {}": "有 {} 项的列表",
    "{}; {}": "{}；{}",
}
