"""Which message a quote means, by what was written in the room lately."""

from __future__ import annotations

import pytest

from adapters.wechat.quotes import Quotable, quote_in

LINE = "\n- - - - - - - - - - - - - - -\n"


def meant(memory: Quotable, author: str, quoted: str) -> str:
    quote = quote_in(f"「{author}：{quoted}」{LINE}好")
    assert quote is not None
    return memory.message("r1", quote)


@pytest.mark.parametrize(
    ("author", "quoted", "message"),
    [
        ("小李", "几点开始？", "m1"),
        ("李老师", "几点开始？", "m1"),
        ("小赵", "几点开始？", "m2"),
        ("我给 TA 的备注", "几点开始？", "m2"),
        ("小王", "九点", "m3"),
        ("小李", "没有人写过", ""),
    ],
    ids=["name", "name in the room", "another's", "by a name of one's own", "an answer itself", "not in this room"],
)
def test_a_quote_means_the_last_message_with_its_text(author: str, quoted: str, message: str) -> None:
    memory = Quotable(100)
    memory.put("r1", ("小李", "李老师"), "几点开始？", "m1")
    memory.put("r1", ("小赵",), "几点开始？ ", "m2")
    memory.put("r1", ("小王",), f"「小赵：几点开始？」{LINE}九点", "m3")
    memory.put("r2", ("小李",), "没有人写过", "m4")
    assert meant(memory, author, quoted) == message


def test_the_oldest_are_forgotten() -> None:
    memory = Quotable(6)
    for n in range(5):
        memory.put("r1", ("小李",), f"第 {n} 句", f"m{n}")
    assert [meant(memory, "小李", f"第 {n} 句") for n in range(5)] == ["", "", "m2", "m3", "m4"]


def test_a_text_in_quotation_marks_is_no_quote() -> None:
    assert quote_in("「书名号」也是引号") is None
    assert quote_in("「小李：几点」") is None


@pytest.mark.parametrize(
    "text",
    [
        "这是一条引用/回复消息：\n“小李：\n几点开始？\n在哪里？”\n------\n九点",
        '这是一条引用/回复消息：\n"小李：\n几点开始？\n在哪里？"\n------\n九点',
        'This is a quote/reply:\n"小李:\n几点开始？\n在哪里？"\n------\n九点',
    ],
)
def test_what_wecom_quotes_is_a_quote(text: str) -> None:
    assert quote_in(text) == ("小李", "几点开始？\n在哪里？", "九点")


def test_words_about_a_quote_are_none() -> None:
    assert quote_in("这是一条引用/回复消息：什么意思？") is None
