"""Seeded Telegram traffic: raw updates as getUpdates delivers them, and the word lists they are judged by.

About 5 % of the messages check in and about 5 % hold a listed word, so about 10 % cause an effect.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

BOT_ID = 7000000001
FIRST_CHAT = -1001000000000
NOON = 1_772_424_000  # 2026-03-02 12:00 in Shanghai

_SENTENCES = (
    "今天 天气 不错 我们 一起 读书 大家 觉得 这本 小说 怎么样 明天 晚上 有空 可以 讨论 分享 笔记 第三章 作者 "
    "喜欢 早上 咖啡 安静 写作 练习 英语 单词 句子 朋友 周末 公园 电影 音乐 工作 学习 计划 时间 问题 谢谢你 "
    "the book reading chapter today morning coffee nice people think about writing page notes really good "
    "question answer tomorrow evening maybe share link music weekend"
)
_WORDS = _SENTENCES.split()


def listed_words(count: int) -> list[str]:
    """`count` words that no ordinary message holds; four in five are Chinese."""
    maker = random.Random(11)
    han = "刷单博彩代购返利兼职贷款套现中奖裸聊私服外挂信用卡提额办证发票棋牌赌球彩金充值"
    made: dict[str, None] = {}
    while len(made) < count:
        if len(made) % 5:
            word = "".join(maker.choice(han) for _ in range(maker.randint(3, 6)))
        else:
            word = "".join(maker.choice("bcdfgkpqvxz") for _ in range(maker.randint(7, 10)))
        made[word] = None
    return list(made)


def patterns(count: int) -> list[str]:
    """`count` RE2 patterns that no ordinary message matches."""
    maker = random.Random(12)
    return [
        f"{''.join(maker.choice('bcdfgkpqvxz') for _ in range(5))}[0-9]{{2,6}}{maker.choice(['元', '块', 'usd'])}"
        for _ in range(count)
    ]


def updates(
    count: int, *, members: int, groups: int, rules: int, first: int = 1, seed: int = 5, begins: int = NOON
) -> Iterator[bytes]:
    """`count` raw updates, one JSON object each, from random members of random groups; the first at `begins`."""
    maker = random.Random(seed)
    words = listed_words(max(rules * 4 // 5, 1))
    seconds = 0
    for n in range(first, first + count):
        user = maker.randrange(members)
        chat = FIRST_CHAT - user % groups
        seconds += maker.random() < 0.2
        roll = maker.random()
        text = plain_text(maker)
        if roll < 0.05:
            text = f"打卡 {text}，今天读了第三章的前十页内容"
        elif roll < 0.10:
            text = f"{text} {maker.choice(words)} {text[:6]}"
        yield json.dumps(_update(n, user, chat, begins + seconds, text), ensure_ascii=False).encode()


def plain_text(maker: random.Random) -> str:
    """What somebody says who asks for nothing."""
    return " ".join(maker.choice(_WORDS) for _ in range(maker.randint(4, 12)))


def username_of(user: int) -> str | None:
    """Every second member has a username."""
    return f"member_{user}" if user % 2 else None


def language_of(user: int) -> str:
    """Half of the members speak English."""
    return "zh-hans" if user % 4 < 2 else "en"


def _update(n: int, user: int, chat: int, at: int, text: str) -> dict[str, Any]:
    sender: dict[str, Any] = {
        "id": 1_000_000 + user,
        "is_bot": False,
        "first_name": f"成员{user}",
        "language_code": language_of(user),
    }
    username = username_of(user)
    if username is not None:
        sender["username"] = username
    return {
        "update_id": n,
        "message": {
            "message_id": n,
            "from": sender,
            "chat": {"id": chat, "title": f"读书会 {chat}", "type": "supergroup", "username": f"reading_{-chat}"},
            "date": at,
            "text": text,
        },
    }
