"""What asks in Chinese when, where, which or how many, without a question mark: `几点开始呢`, `在哪里集合`.

The same words stand in what asks nothing: `几点都行`, `不知道在哪里`, `哪有时间呢`, `有几点建议`.
So the question has to be all that is said, short, with one such word, and none of those that tell, doubt or leave it
open.
"""

from __future__ import annotations

import re
from typing import Final

_WHEN: Final = r"(?:几点|几时|[什啥]么?时候|什么时间|何时|[周星礼][期拜]?几|几[号月])"
_WHERE: Final = r"(?:哪里|哪儿|哪(?=$|[呢呀啊集报领找看下买签交见]))"
_MANY: Final = r"(?:多少(?:钱|人|块|元|分|积分|[名席]额|[个本次天页字张位节期章](?!夜|日|晚))?|多久|多长时间|多远)"
_COUNT: Final = r"(?:第?几(?:天|次|个|页|章|节|本|人|位|期|分钟|小时|句))"
_WHICH: Final = r"(?:哪(?:个|一?本|一个|些|几|天|一天|位|边))"
_ONE: Final = f"(?:{_WHEN}|{_WHERE}|{_MANY}|{_COUNT}|{_WHICH})"
_TELLS: Final = re.compile(
    r"[都也随任没别忘您]|管[他它你]|不(?!同)|无论|知道|记得|清楚|[看想等说问]{2}|问一下|看(?:情况|到|个人)|全看|置顶"
    r"|[看见]链接|[问说跟]我|说[了好]|[有没]写|写[了着]|告诉|公告|通知|听|到时候?(?!截)|[好前过]几|[这那]几(?![点号时])"
    r"|了几|爱去|^等|吧$|反正|就|终于|想去|完了|突然|好像|才能.*啊$|是个头|发财|我再|我发|多少(?:有[些点]|人(?:羡慕|能坚持))"
    r"|哪[算打]|算算|问[他她]|[老总还都又天]有人问|多人问"
    r"|哪里(?:知道|来的|有(?:时间|空|这|那)|是|会|敢|懂|舍得|的话|跑)|我哪[里有]|哪[有能敢会]"
    r"|(?:有|分享|补充|[说提讲谈列]|总结)[了出下]?几点"
    r"|几点(?:建议|[想看]法|感[想受]|体会|心得|收获|要|意见|说明|注意|补充|经验|思考|疑问|问题|原因)"
)
_PREFIX: Final = re.compile(r"(?:(?:那个?(?!几个|里)|话说|对了|还有|另外|请问|再问一?下?)[，, ]*)*")


def _few(most: int, without: str = "") -> str:
    """Up to so many letters that are no second such word, and go on with the sentence."""
    return rf"(?:(?!{_ONE})[^，,。!！;；:：\s{without}]){{0,{most}}}"


_SOFT: Final = re.compile(f"{_few(10)}{_ONE}{_few(8)}[呢呀啊]")
_BARE: Final = re.compile(
    f"{_few(8, '了')}(?:{_WHEN}|在?{_WHERE}|[在是用读选去到]{_WHICH}|第几.){_few(6, '我了过的呢呀啊')}"
    f"|{_few(6, '了过')}(?:[要能得]|可以|需要|每[天次周]|[一每][天次组期周]|连续|最[多少]){_few(3, '了过')}"
    f"(?:{_COUNT}|{_MANY}){_few(6, '我了过的')}"
    f"|{_few(6, '了过')}(?:多少(?:钱|[名席]额|积分)|多久|有多少人)"
    "(?:一.|.?一次.{0,2}|能.{1,4}|可以.{1,4}|才.{1,4}|(?:报名|参加|来)了?)?"
    f"|{_few(6, '了过多')}(?:是|费用?|押金|价格?|门槛|人数|名额|比例|标准|上限|下限|额度)多少"
)


def asks_when(said: str) -> bool:
    """Whether a Chinese text, without what stands around a question, asks when, where, which or how many."""
    rest = said[_PREFIX.match(said).end() :]  # type: ignore[union-attr]  # it matches nothing, too
    if _TELLS.search(rest) is not None:
        return False
    return _SOFT.fullmatch(rest) is not None or _BARE.fullmatch(rest) is not None
