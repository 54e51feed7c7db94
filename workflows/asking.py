"""Whether a message asks something: with a question mark or without one, as people ask in Chinese and in English.

`may_ask` is a glance, for each message. `asks` reads closely: links and greetings are no part of a question, and what
is said to be agreed with or to pass the time (`Really?`, `吃了吗`) wants no answer.
"""

from __future__ import annotations

import re
from typing import Final

from workflows.asking_when import asks_when
from workflows.folding import normalized

_ENDS: Final = frozenset("?？吗嗎呢么嘛")
_AFTER: Final = " \t\n!！。.~～…🙏"
"""What may stand behind the end of a question."""
_MAY_END: Final = frozenset("谢謝s🙏!！。.~～")
"""How thanks may end that stand behind a question."""
_BEGINS: Final = re.compile(
    r"(?:how|what|when|where|why|who|which|can|could|is|are|do|does|please|请问|怎么|怎样|什么|哪|几点|如何"
    r"|为什么|有没有|能不能|可以|求)",
    re.IGNORECASE,
).match
opens: Final = re.compile(
    r"how|wh[aeoyi]|can |could |is |are |did |do(?:es)? (?:any|i|we|you|they|it|this|that|the|my)|was |were |will "
    r"|would |should |has |have |any|so[, ]|and |but |ok[, ]|also |btw|sorry"
    r"|excuse|please|quick|hi|question:|hey|hello|good [mae]|@|我?(?:想|[问問][一下个個])|我要[问問]|[那再还]"
    r"|对了|對了|话说|話說|要[不问問多]|[在去从從到]哪|有多少|多[少久长長]|何时|何時|[今明后後][天晚]几|具体|大概|最[晚早多少]"
    r"|[请請谁誰哪咋啥求几幾]|有[人没沒谁誰哪]|如何|[为為][什何啥]|能[不否]|可[不否]|是不|什|多少|大家好|各位"
    r"|[你您]们?好|老师|群主|小伙伴|[早中下晚上].?[好午]",
    re.IGNORECASE,
).match
"""How a text may begin that asks something and holds none of the signs of a question."""
ends: Final = re.compile(r"[吗嗎呢怎几幾哪]|多[少久]|何[时時]|[时時][候间間]|[么麼麽]\W*$").search
"""What the last letters of a question may hold that begins with its topic: `会费怎么交`, `活动几点开始`."""
_LONGEST_UNMARKED: Final = 120
"""Characters of a question that shows no mark: what is longer is a story."""
_FEWEST: Final = 4
"""Letters of a Chinese question; of English words it has two."""
_LINK: Final = re.compile(r"(?:https?://|www\.)[!-~]+")
_GREETING: Final = re.compile(
    r"(?:@\S+\s+)*(?:(?:(?:(?:大家|各位\w{0,3}|你们?|您|老师们?|群主|管理员?|小伙伴们?|家人们?|同学们?){1,2})?(?:早上|上午|中午|下午"
    r"|晚上)?(?:好呀?|早安?|晚安)"
    r"|(?:hi|hello|hey|good (?:morning|afternoon|evening))(?: (?:all|everyone|everybody|guys|there"
    r"|folks))?)[\s,.!，。！~～]+)+",
    re.IGNORECASE,
)
_THANKS: Final = re.compile(
    r"[\s,，。.!！]*(?:谢谢\w{0,3}|多谢\w{0,2}|感谢\w{0,2}|谢啦|辛苦了|thanks(?: in advance| a lot)?|thank you"
    r"|thx)[\s!！。.~～🙏]*$",
    re.IGNORECASE,
)
_HAN: Final = re.compile(r"[㐀-鿿]")
_WORDS: Final = re.compile(r"[㐀-鿿]|[^\W_㐀-鿿]+")
_TALK: Final = re.compile(
    r"(?:(?:那|然后|所以)?(?:你们?|您|大家|他们?|她们?|我们?)?(?:怎么)?(?:觉得|看|说|认为)?[呢吗]"
    r"|(?:大家|你们?|都|最近|还|过得|一切)*(?:好|还好|怎么样)[吗么]?|(?:真的|不是|是不是真的|真)(?:吗|假的"
    r"|的假的)|不(?:会|是)吧"
    r"|有人(?:在|吗)[吗么]?|(?:大家|你们?|都)?(?:在不在|在吗)|(?:大家|你们?|都|早饭|午饭|晚饭)*(?:吃|睡|起床|下班"
    r"|到家)(?:饭|过)?了[吗没么]"
    r"|怎么(?:可能|会|回事|会这样)|什么(?:情况|鬼)|凭什么|好不好|对不对|是不是|可以[吗么]|行[吗么]|(?:那|这|可|谁说|难道)*(?:不是|不就是|可不|就是说)(?:这样)?[吗么]|那?还用说[吗么]|谁懂啊?|哈+|啊+"
    r"|(?:oh )?(?:really|seriously|are you (?:sure|serious|kidding(?: me)?|ok(?:ay)?)|you sure|is (?:it|that so)"
    r"|isn'?t it"
    r"|right|what the \w+|how (?:are (?:you|things)|is (?:everyone|everybody|it going)|'?s it going|dare you)"
    r"|what'?s up|so what|who cares"
    r"|who knows|why not|any(?:one|body) (?:here|there|around|home)|you (?:ok|okay|there)|guess what|how come"
    r"|and you|you know)"
    r"(?: (?:guys|all|today|everyone|everybody|then|though|doing|lol|haha))*)",
    re.IGNORECASE,
)
"""What is asked to pass the time, or in surprise."""
_OF_FACT: Final = re.compile(r"是(?!吧)|应该|要|能|可以|需要|算|会|得|对吧|怎|什么|哪|几|谁|多少")
"""What a question that ends in 吧 holds if it wants to be sure of something, rather than be agreed with."""
_ASKED_IN_CHINESE: Final = re.compile(
    r"(?:那|那个|话说|对了|我|再|还)*(?:(?:请问|请教|(?:想|要)问(?!题)(?:一?下|个问题|问)?|问(?:一?下|个问题)|(?<!我)问问|求问"
    r"|求助|求教|求解|求推荐)\W*(?:\w\W*){3,}"
    r"|有(?:没有)?(?:人|谁|哪位)(?:知道|会|懂|用过|有|能|可以|了解).*|有没有.{2,}|谁(?:知道|能|会|懂|有|可以"
    r"|用过)(?!啊).{2,}|哪位.{2,}"
    r"|(?:怎么(?!可能|会|都|着|说|这么|那么|又|还|也|样(?!才))|怎样|如何|为什么|为啥|咋"
    r"|能不能|可不可以|可否|能否|是不是|要不要).{2,})",
    re.DOTALL,
)
"""What asks without a mark: how, why, who, whether. When, where and how many is looked at by itself (`asking_when`)."""
_LEFT_OPEN: Final = re.compile(
    "(?!请问|是不是|能不能|可不可以|可否|能否|有没有[人谁哪]|为[什啥]|怎么(?:大家|每|别人|[你他她]们)).*(?:都(?:有|行|好|可以|一样|没关系)了?|无所谓|再说"
    "|怎么(?P<done>.{1,4})就怎么(?P=done))$",
    re.DOTALL,
)
"""How it is said that whatever somebody asks makes no difference, or is told already."""
_MAY_ASK_WHEN: Final = re.compile("[几哪多何]|时[候间]").search
_ENDS_IN_CHINESE: Final = re.compile(
    r"吗$|(?<![什怎那这多要])(?<!饿了)么$|^(?:怎么|怎样|如何|咋|谁|为什么|为啥|能不能|是不是|会不会|要不要).*呢$"
    r"|^(?:(?!知道|教(?![程材室练师育])|告诉|讲(?![座义师稿])|(?<![数大小文科同留上入放])学(?:怎|如何|会|了|着|到|习[怎如])|看看"
    r"|研究(?!生)|分享(?!会)|介绍(?!信)|不[管论]|无论|记得|明白|清楚|想想|关于|示范|演示(?!文)|说明(?!书)|(?:视频|教程|攻略)[:\s】\]]"
    r"|讨论|聊(?!天)|商量|决定|[写会懂]了|[写说]着|写的|[里告示]有(?![误错问活人])|[发跟给]你|[老总都天]有人问|多人问|问了|[再先]看"
    r"|[爱随任]怎).)*(?:怎么|如何|咋)(?:办|弄|做"
    r"|搞|用|装|安装|解决|处理|设置|操作|改|写|填|交|开|退|领|买|换|查|算|报名|参加|加入|进群|申请|取消|兑换|补卡"
    r"|请假|打卡|签到|注册|登录|下载|提交|绑定|联系|回事)$"
)
_ASKED_IN_ENGLISH: Final = re.compile(
    r"(?:(?:so|and|but|ok|also|btw|sorry|excuse me|please|quick question|question)[,: ]+)*(?:"
    r"(?:how(?: (?:much|many|long|often|far|soon|exactly)(?: [a-z]+)?)?|when|where|why|(?:what|which"
    r"|whose)(?: (?!i |we |you |it |this |that |he "
    r"|she |they |a |an |the )[a-z]+)?)(?: (?:do|does|did|is|are|was|were|can|could|should|would|will|shall|to|has"
    r"|have)|'s|'re|s)"
    r" (?!done\b|why\b)\S+"
    r"|who (?:can|has|is|could|will|knows (?:how|what|where|when|why|if|whether|which|a|the))\b"
    r"|(?:can|could|does|did|is|are|was|were|will|would|should|has|have)"
    r" (?:any(?:one|body)|some(?:one|body)|there|i|we|you|they|it|this|that|the|my|our) "
    r"|do (?:any(?:one|body)|i|we|you|they) |any(?:one|body) (?:know|knows|tried|used|have|has|got) |any (?:idea"
    r"|tips|advice) )",
    re.IGNORECASE,
)


def may_ask(text: str) -> bool:
    """Whether a text may ask something, by its last letter and by how it begins. Thanks may stand behind."""
    if (last := text[-1:]) in _ENDS or _BEGINS(text) is not None:
        return True
    return last in _MAY_END and ("?" in text or "？" in text) and _THANKS.sub("", text)[-1:] in _ENDS


def asks(text: str) -> bool:
    """Whether a text asks something that somebody may answer."""
    rest, links = _LINK.subn(" ", normalized(text))
    rest = _THANKS.sub("", rest.strip())
    greeting = _GREETING.match(rest)
    rest = rest[greeting.end() :] if greeting is not None else rest
    rest = rest.rstrip(_AFTER)
    marked = rest.endswith("?")
    said = rest.strip(f"{_AFTER}?？,， ")
    words = _WORDS.findall(said)
    chinese = _HAN.search(said) is not None
    if len(set(words) if chinese else words) < (_FEWEST if chinese else 2) or _TALK.fullmatch(said) is not None:
        return False
    if marked:
        return not said.endswith("吧") or _OF_FACT.search(said) is not None
    if links or len(said) > _LONGEST_UNMARKED:
        return False
    if chinese:
        if _LEFT_OPEN.match(said) is not None:
            return False
        if _ASKED_IN_CHINESE.match(said) is not None or _ENDS_IN_CHINESE.search(said) is not None:
            return True
        return _MAY_ASK_WHEN(said) is not None and asks_when(said)
    return len(words) > 2 and _ASKED_IN_ENGLISH.match(said) is not None
