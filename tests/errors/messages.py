"""Troubles with one message: it is gone, too old, the same as before, or was made wrong."""

from __future__ import annotations

from core.effects import Choice, Delete, Edit, Effect, Mention, Pin, React, Say, Words
from tests.errors.trouble import TEXT, Both, Play, Scene, Told, Trouble
from tests.support.botapi import Fault

NAMES = (
    "<b>&amp;</b> \"quoted\" 'single'",
    "</a><a href='https://example.org'>",
    "_*[]()~`>#+-=|{}.!\\",
    "‮evil‬",
    "👨‍👩‍👧‍👦<i>",
    "\u0000\u0007 bell",
    "&lt;&#60;&",
    "<tg-spoiler>",
)
"""Names that would break a markup that is not made with care."""
IMPOSSIBLE = Both("(cannot happen)", "（不会发生）")
_DEAD = Told(who="log", words="malformed", means=Both("the operator's log", "运营者的日志"))


def _refused(effect: Effect, method: str, description: str) -> Play:
    async def play(scene: Scene) -> None:
        scene.refuses(method, description)
        scene.decides(effect)
        await scene.rests()

    return play


def _real(make: str) -> Play:
    """Something is done to a message that somebody deleted before."""

    async def play(scene: Scene) -> None:
        message = scene.li.posts(scene.group, "hello")
        await scene.heard()
        number = str(message.id)
        effect: Effect
        match make:
            case "react":
                effect = React(message=number, emoji="👍")
            case "pin":
                effect = Pin(message=number)
            case "delete":
                effect = Delete(messages=(number,))
            case _:
                effect = Edit(message=number, words=(TEXT,))
        if make != "not ours":
            scene.li.deletes(message)
        scene.decides(effect)
        await scene.rests()

    return play


async def _old(scene: Scene) -> None:
    messages = [scene.li.posts(scene.group, "hello") for _ in range(3)]
    await scene.heard()
    scene.refuses("deleteMessages", "Bad Request: message can't be deleted")
    undeletable = Fault("refuse", code=400, description="Bad Request: message can't be deleted")
    scene.server.faults.add(undeletable, method="deleteMessage", nth=2)
    scene.decides(Delete(messages=tuple(str(message.id) for message in messages)))
    await scene.rests()
    assert [message.deleted for message in messages] == [True, False, True]


async def _same(scene: Scene) -> None:
    scene.decides(Say(words=("as it was",)))
    await scene.rests()
    scene.forgets()
    message = scene.group.said_by(scene.bot)[-1]
    scene.decides(Edit(message=str(message.id), words=("as it was",)))
    await scene.rests()


async def _reply(scene: Scene) -> None:
    message = scene.li.posts(scene.group, "hello")
    await scene.heard()
    scene.li.deletes(message)
    scene.decides(Say(words=(TEXT,), reply_to=str(message.id)))
    await scene.rests()


async def _answered_in_words(scene: Scene) -> None:
    message = scene.li.posts(scene.group, "hello")
    await scene.heard()
    scene.refuses("setMessageReaction", "Bad Request: REACTION_INVALID")
    scene.decides(React(message=str(message.id), emoji="🦖", instead=(TEXT,)))
    await scene.rests(2)


def _shut(words: str) -> tuple[Told, ...]:
    """Who is told that nothing can be said in a topic."""
    means = Both("the admins, once a week: which topic, and what to do", "管理员，一周一次：是哪个话题、怎么办")
    return (
        Told(who="log", words=words, means=Both("the operator's log", "运营者的日志")),
        Told(who="admins", words="is closed, or there no more", means=means),
    )


async def _topic(scene: Scene) -> None:
    topic = scene.wang.creates_topic(scene.group, "Books")
    await scene.heard()
    del scene.group.topics[topic]
    scene.decides(Say(words=(TEXT,), topic=str(topic)))
    await scene.rests(2)


async def _closed(scene: Scene) -> None:
    topic = scene.wang.creates_topic(scene.group, "Books")
    await scene.heard()
    scene.refuses("sendMessage", "Bad Request: TOPIC_CLOSED")
    scene.decides(Say(words=(TEXT,), topic=str(topic)), Say(words=("elsewhere",)))
    await scene.rests(3)
    assert [row.state for row in scene.rows()] == ["dead", "done", "done"]


async def _hostile(scene: Scene) -> None:
    for name in NAMES:
        member = await scene.comes(name)
        member.posts(scene.group, "checkin")
        words: Words = (TEXT, " ", Mention(account=scene.of(member), name=name), f" {name}")
        scene.decides(Say(words=words))
    await scene.rests(2 * len(NAMES))
    assert all(row.state == "done" for row in scene.rows())
    assert [call.code for call in scene.tries()] == [200] * 2 * len(NAMES)


async def _long(scene: Scene) -> None:
    scene.decides(Say(words=(TEXT, "😀" * 5000)))
    await scene.rests()
    said = scene.said()
    assert sum((message.text or "").count("😀") for message in said) == 5000
    assert len(said) == 3


async def _empty(scene: Scene) -> None:
    scene.decides(Say(words=(" \n",)))
    await scene.rests()


async def _button(scene: Scene) -> None:
    scene.decides(Say(words=(TEXT,), choices=(Choice(label="yes", data="x" * 80),)))
    await scene.rests()


async def _late_press(scene: Scene) -> None:
    scene.decides(Say(words=(TEXT,), choices=(Choice(label="yes", data="rules:yes"),)))
    await scene.rests()
    scene.world.press_answerable_for = -1.0
    scene.li.presses(scene.group.said_by(scene.bot)[-1], "yes")
    await scene.heard()
    await scene.stage.until(lambda: any(call.method == "answerCallbackQuery" for call in scene.calls()))
    await scene.stage.passes(2)
    scene.world.press_answerable_for = 60.0


TROUBLES = (
    Trouble(
        key="delete-gone",
        what=Both("a message to delete was deleted by somebody else", "要删的消息已被别人删掉"),
        does=Both("it counts as done", "算作完成"),
        play=_refused(Delete(messages=("77",)), "deleteMessages", "Bad Request: message to delete not found"),
    ),
    Trouble(
        key="delete-old",
        what=Both(
            "one of several messages cannot be deleted: older than 48 hours, or a service message",
            "几条里有一条删不掉：超过 48 小时，或是系统消息",
        ),
        does=Both("the others are deleted by tens, or one by one", "其余的十条一批或逐条删掉"),
        play=_old,
    ),
    Trouble(
        key="edit-same",
        what=Both("an edit that changes nothing", "编辑前后内容一样"),
        does=Both("it counts as done", "算作完成"),
        play=_same,
    ),
    Trouble(
        key="edit-gone",
        what=Both("a message to edit is gone", "要编辑的消息没有了"),
        does=Both("nothing is left to do", "无事可做"),
        play=_real("edit"),
    ),
    Trouble(
        key="edit-not-ours",
        what=Both("a message to edit is too old, or not the bot's", "要编辑的消息太旧，或不是机器人的"),
        does=Both("nothing is left to do", "无事可做"),
        play=_real("not ours"),
    ),
    Trouble(
        key="react-gone",
        what=Both("a message to react to is gone", "要回应的消息没有了"),
        does=Both("nothing is left to do", "无事可做"),
        play=_real("react"),
    ),
    Trouble(
        key="react-forbidden",
        what=Both("a reaction that Telegram, or this group, does not allow", "Telegram 或这个群不允许的表情回应"),
        does=Both("not tried again", "不再尝试"),
        told=(Told(who="log", words="REACTION_INVALID", means=Both("the operator's log", "运营者的日志")),),
        play=_refused(React(message="77", emoji="🦖"), "setMessageReaction", "Bad Request: REACTION_INVALID"),
    ),
    Trouble(
        key="react-answer-forbidden",
        what=Both("the same, of a reaction that stands for an answer", "同上，而这个表情是代替回复的"),
        does=Both("the answer is said in words", "改用文字回复"),
        play=_answered_in_words,
    ),
    Trouble(
        key="pin-gone",
        what=Both("a message to pin is gone", "要置顶的消息没有了"),
        does=Both("nothing is left to do", "无事可做"),
        play=_real("pin"),
    ),
    Trouble(
        key="reply-gone",
        what=Both("the message to answer is gone", "要回复的消息没有了"),
        does=Both("Telegram is told beforehand to post it without the reference", "事先就让 Telegram 不带引用地发"),
        play=_reply,
        silent=IMPOSSIBLE,
    ),
    Trouble(
        key="topic-gone",
        what=Both("the topic to write in was deleted", "要发言的话题已被删除"),
        does=Both("it belongs nowhere else, and is not said", "放到别处不合适，不发"),
        told=_shut("message thread not found"),
        play=_topic,
        kind="forum",
    ),
    Trouble(
        key="topic-closed",
        what=Both("the topic to write in was closed", "要发言的话题已关闭"),
        does=Both("it is not said; all other topics go on", "不发；其他话题照常"),
        told=_shut("TOPIC_CLOSED"),
        play=_closed,
        kind="forum",
    ),
    Trouble(
        key="markup",
        what=Both(
            "a text that Telegram cannot parse (`can't parse entities`), tried with names like `</a><b>&\"`",
            "Telegram 解析不了的文字（`can't parse entities`），用 `</a><b>&\"` 之类的名字试过",
        ),
        does=Both(
            "names are never markup, and every message is posted as it is", "名字永远不会变成标记，每条都原样发出"
        ),
        play=_hostile,
        silent=IMPOSSIBLE,
        texts=2 * len(NAMES),
    ),
    Trouble(
        key="too-long",
        what=Both(
            "a text that is too long (`message is too long`), tried with 10,000 units",
            "文字太长（`message is too long`），用一万个单位试过",
        ),
        does=Both("it is posted in several messages", "分几条发出"),
        play=_long,
        silent=IMPOSSIBLE,
    ),
    Trouble(
        key="empty",
        what=Both("a text with nothing in it (`text must be non-empty`)", "没有内容的文字（`text must be non-empty`）"),
        does=Both("not sent", "不发送"),
        told=(Told(who="log", words="there is nothing to say", means=Both("the operator's log", "运营者的日志")),),
        play=_empty,
        silent=IMPOSSIBLE,
    ),
    Trouble(
        key="button-data",
        what=Both("a button that holds too much (`BUTTON_DATA_INVALID`)", "按钮里的数据太长（`BUTTON_DATA_INVALID`）"),
        does=Both("not sent", "不发送"),
        told=(_DEAD,),
        play=_button,
        silent=IMPOSSIBLE,
    ),
    Trouble(
        key="late-press",
        what=Both("a press is answered too late, after an outage", "按钮按下后过了很久才回应（例如停机之后）"),
        does=Both("the press counts; only the spinner ended by itself before", "按的仍然算数，只是转圈早已自己停了"),
        play=_late_press,
    ),
)
