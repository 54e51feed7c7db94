"""What members write who never saw a command's word, and what only sounds like it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import templates
from config.home import load
from core.engine import Engine
from core.events import MessagePosted
from core.memory import MemoryStore
from core.people import Account, Actor
from tests.commands.group import ANA, Steered
from workflows.command_list import ALL, BOOK
from workflows.command_sentences import ASKED
from workflows.commands import Book
from workflows.folding import normalized, spellings
from workflows.quiet_wishes import ASKED as ASKED_OF_US
from workflows.quiet_wishes import may_be, wish_in

AT = datetime(2026, 3, 2, tzinfo=UTC)


def command(text: str) -> tuple[str, str] | None:
    """The command that a message in the group is, and what follows it."""
    actor = Actor(account=Account("t:ana"), name="ana")
    call = BOOK.heard(MessagePosted(id=text, at=AT, group="g", actor=actor, message="1", text=text))
    return None if call is None else (call.command.name, call.rest)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("查积分", "me"),
        ("我有多少积分？", "me"),
        ("积分？", "me"),
        ("请问我现在的积分是多少啊", "me"),
        ("帮我查一下积分", "me"),
        ("積分", "me"),
        ("我的積分", "me"),
        ("/積分", "me"),
        ("How many points do I have?", "me"),
        ("积分排行榜", "top"),
        ("show leaderboard", "top"),
        ("看群规", "rules"),
        ("有群规吗？", "rules"),
        ("我排第几", "top"),
        ("What's my rank?", "top"),
        ("我几级了", "me"),
        ("what is my score", "me"),
        ("机器人会什么", "help"),
        ("what can this bot do?", "help"),
        ("what are the rules?", "rules"),
        ("幫助", "help"),
        ("help?", "help"),
        ("ｈｅｌｐ", "help"),
        ("有哪些指令？", "help"),
        ("我要申诉", "appeal"),
        ("申訴", "appeal"),
        ("I want to appeal!", "appeal"),
        ("邀请链接", "invite"),
        ("邀請", "invite"),
        ("my invite link", "invite"),
        ("导出我的数据", "mydata"),
        ("delete my data", "forgetme"),
        ("切换语言", "language"),
        ("語言", "language"),
    ],
)
def test_a_command_is_heard_as_members_write_it(text, name):
    assert not BOOK.deaf(text[:1] if text[0] != "/" else text)
    assert command(text) == (name, "")


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("怎么打卡", "打卡"),
        ("如何打卡？", "打卡"),
        ("请问怎么打卡呀", "打卡"),
        ("新人请问，打卡怎么打", "打卡"),
        ("打卡怎么弄啊？？", "打卡"),
        ("怎麼打卡", "打卡"),
        ("怎么补卡", "补卡"),
        ("昨天忘打卡了怎么办", "补卡"),
        ("我还能补卡吗？", "补卡"),
        ("大家好，请问怎么打卡", "打卡"),
        ("补打卡怎么弄", "补卡"),
        ("请假怎么请", "请假"),
        ("怎么申诉", "申诉"),
        ("帮助打卡", "打卡"),
        ("How do I check in?", "checkin"),
        ("hi, how can I take leave", "leave"),
        ("how to make up a day", "makeup"),
    ],
)
def test_who_asks_how_something_is_done_asks_for_help(text, about):
    assert not BOOK.deaf(text[:1])
    assert command(text) == ("help", about)


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("语言英文", "英文"),
        ("切换英文", "英文"),
        ("切换成中文", "中文"),
        ("換成英文！", "英文"),
        ("Language: English", "english"),
    ],
)
def test_the_language_to_be_spoken_is_heard(text, tongue):
    assert command(text) == ("language", tongue)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("不要提醒我", True),
        ("别再提醒我了", True),
        ("關閉提醒", True),
        ("stop reminding me", True),
        ("恢復提醒", False),
        ("取消提醒", True),
        ("停止提醒", True),
        ("别提醒我了", True),
        ("不用提醒我了", True),
        ("别再@我", True),
        ("不要再＠我了", True),
        ("別再艾特我了", True),
        ("别催了", True),
        ("不用再催我打卡了吧", True),
        ("请不要一直提醒我", True),
        ("我不想被提醒了，谢谢", True),
        ("No reminders, please!", True),
        ("please stop reminding me", True),
        ("don't remind me any more", True),
        ("turn off my reminders", True),
        ("reminders off", True),
        ("leave me alone", True),
        ("opt out", True),
        ("重新开启提醒", False),
        ("继续提醒我吧", False),
        ("又可以提醒我了", False),
        ("turn on reminders please", False),
        ("you can remind me again", False),
        ("不要提醒我这事", None),
        ("提醒我", None),
        ("别提醒他", None),
        ("取消提醒功能", None),
        ("不要忘了提醒我", None),
        ("别催我老婆了", None),
        ("请提醒我", None),
        ("怎么取消提醒", None),
        ("stop", None),
        ("停", None),
        ("please remind me tomorrow", None),
        ("don't remind him", None),
        ("no reminders today?", None),
        ("stop reminding me of my ex", None),
    ],
)
def test_who_does_not_want_to_be_reminded_is_heard(text, wish):
    assert wish_in(text) is wish


@pytest.mark.parametrize("text", ["stop", "/stop", "Stop.", "停", "TD", "退订", "别发了"])
def test_in_private_where_nobody_else_is_meant_a_single_word_is_enough(text):
    assert wish_in(text, private=True) is True


@pytest.mark.parametrize("word", sorted(ASKED_OF_US))
def test_each_set_word_is_heard(word):
    for text in (word, word.upper(), f" {word}！", word.replace("/", "／")):
        assert wish_in(text) is ASKED_OF_US[word]
        assert may_be(text.split()[0] if word[0] == "/" else text[:2])


@pytest.mark.parametrize(
    "text",
    [
        "昨天忘打卡了",
        "忘了怎么办",
        "积分怎么来",
        "积分太少了",
        "points taken",
        "points to ponder",
        "forget me not",
        "my data plan is used up",
        "邀请大家来喝茶",
        "invite your friends over",
        "申诉？",
        "忘记我？",
        "怎么打卡都不算",
        "怎么打卡机坏了",
        "不知道怎么打卡的请看群公告",
        "how do I check in the code?",
        "how to appeal to young readers",
        "语言的魅力",
        "what are the rules of chess?",
        "排名下降了",
        "指令集",
    ],
)
def test_what_only_sounds_like_a_command_is_none(text):
    assert command(text) is None


@pytest.mark.parametrize(
    ("text", "private", "rest"),
    [
        ("申诉 我没发广告", True, "我没发广告"),
        ("我要申诉：我没发广告，请再看看", True, "我没发广告，请再看看"),
        ("申訴 我沒發廣告", False, "我沒發廣告"),
        ("I want to appeal, that was no ad", True, "that was no ad"),
        ("appeal to the readers", False, None),
        ("申诉渠道在哪", True, None),
    ],
)
def test_an_appeal_may_come_with_its_reason(text, private, rest):
    call = BOOK.heard(MessagePosted(id=text, at=AT, group="g", actor=ANA, message="1", text=text, private=private))
    assert (None if call is None else call.rest) == rest


def test_every_sentence_is_one_command_s_own():
    everything = [normalized(words) for sentences in ASKED.values() for words in sentences]
    assert len(everything) == len(set(everything))
    for name, sentences in ASKED.items():
        assert {command(words) for words in sentences} == {(name, "")}


def test_who_asks_how_to_check_in_is_told_by_the_group_s_own_words():
    group = Steered("zh")
    group.says(ANA, "请问怎么打卡？")
    (said,) = group.told()
    assert "「打卡」" in said


def test_the_letters_of_one_spelling_are_known():
    assert {"积", "積"} <= spellings("积")
    assert {"h", "H", "ｈ", "Ｈ"} <= spellings("h")
    assert all(normalized(one) == "发" for one in spellings("发"))


@pytest.mark.parametrize("template", ["literati", "reading"])
def test_who_asks_how_to_join_a_group_does_not_advertise(template, tmp_path):
    shutil.copytree(templates.folder(template), tmp_path, dirs_exist_ok=True)
    (group,) = load(tmp_path).groups.values()
    store = MemoryStore()
    for n, text in enumerate(("怎么加群？", "刷单返利，扫码加群")):
        event = MessagePosted(id=str(n), at=AT, group=group.key, actor=ANA, message=str(n), text=text)
        assert not Engine(store, {group.key: group}).process([event]).faults
    assert {row.event.partition(">")[0] for row in store.audit(group.key)} == {"1"}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Only admins can use /points. For your own points send “my points”."),
        ("zh", "/加减分 只有管理员可以用。看自己的积分，发「积分」就行。"),
    ],
)
def test_a_member_who_writes_points_is_told_where_their_own_are(language, told):
    group = Steered(language)
    group.says(ANA, "/points")
    assert group.told() == [told]
    group.says(ANA, "/points @ben +5")
    (other,) = group.told()
    assert other != told
    assert told.startswith(other)


class Thorough(Book):
    """A book that reads every message, whatever it begins with or holds."""

    def may_be(self, text: str) -> bool:
        return True


PIECES = st.sampled_from(
    (
        *(word for words in ASKED.values() for word in words),
        *(word for one in ALL for word in (*one.zh, *one.en)),
        *(
            "怎么",
            "怎麼",
            "如何",
            "咋",
            "请问",
            "請問",
            "大家好，",
            "帮助",
            "幫我",
            "打卡",
            "补卡",
            "補卡",
            "请假",
            "申诉",
            "申訴：",
            "积分",
            "積分",
        ),
        *(
            "查",
            "我",
            "我的",
            "多少",
            "昨天",
            "忘了",
            "没",
            "吗",
            "可以",
            "还能",
            "分",
            "語言",
            "换成",
            "切换到",
            "英文",
            "繁体",
            "了",
            "？",
        ),
        *(
            "how do i ",
            "how to ",
            "How can I ",
            "hi ",
            "Hello, ",
            "please ",
            "check in",
            "take leave",
            "language: ",
            "English",
        ),
        *(
            "appeal",
            "I want to ",
            "i'd like to ",
            ": no ad",
            " ",
            "！",
            "\u200b",
            "ｈ",
            "H",
            "\u0301",
            "9",
            "\uff10",
            "ho",
            "м",
            "a",
        ),
    )
)


BOOKS = [
    (Book(commands), Thorough(commands))
    for commands in (ALL, [one for one in ALL if one.name == "appeal"], [one for one in ALL if one.name == "invite"])
]


@given(st.lists(PIECES, min_size=1, max_size=4).map("".join), st.booleans())
@settings(max_examples=1000, deadline=None)
def test_a_glance_turns_nothing_away_that_would_be_heard(text: str, private: bool) -> None:
    actor = Actor(account=Account("t:ana"), name="ana")
    event = MessagePosted(id=text, at=AT, group="g", actor=actor, message="1", text=text, private=private)
    for glancing, thorough in BOOKS:
        found = thorough.heard(event)
        assert glancing.heard(event) == found
        if found is not None and not private and text[0] not in "/／":
            assert not glancing.deaf(text[:2])


def test_plain_talk_is_turned_away_at_a_glance() -> None:
    assert not [
        text
        for text in ("我觉得挺好的", "有空一起看电影", "maybe tomorrow", "evening all", "打开窗户")
        if BOOK.may_be(text)
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hi, how do I check in?", "help"),
        ("hello how can I take leave", "help"),
        ("hey, how to appeal", "help"),
        ("Please, how do I check in", "help"),
        ("language: English", "language"),
        ("换成繁体", "language"),
        ("換成繁體", "language"),
        ("可以补卡吗", "help"),
        ("大家好，咋请假呀", "help"),
        ("我想申诉：没有发广告", "appeal"),
        ("我要申诉 没有发广告", "appeal"),
    ],
)
def test_each_beginning_of_a_sentence_is_let_in(text: str, name: str) -> None:
    heard = command(text)
    assert heard is not None
    assert heard[0] == name
    assert not BOOK.deaf(text[:2])


@pytest.mark.parametrize("text", ["i'd like to appeal: no ad", "Id like to appeal, no ad", "I want to appeal no ad"])
def test_an_appeal_in_private_is_let_in(text: str) -> None:
    actor = Actor(account=Account("t:ana"), name="ana")
    call = BOOK.heard(MessagePosted(id=text, at=AT, group="g", actor=actor, message="1", text=text, private=True))
    assert call is not None
    assert (call.command.name, call.rest) == ("appeal", "no ad")
