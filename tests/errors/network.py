"""Troubles on the way: too much at once, Telegram's own faults, connections that break, silence."""

from __future__ import annotations

from core.effects import Delete, Effect, Mute, Say
from tests.errors.trouble import TEXT, Both, Play, Scene, Told, Trouble
from tests.support.botapi import Fault

_UNSURE = Told(who="log", words="nobody knows whether it was done", means=Both("the operator's log", "运营者的日志"))
_DEAD = Told(who="log", words="malformed", means=Both("the operator's log", "运营者的日志"))
CUT = Both("(the connection is cut)", "（连接断开）")
NOTHING = Both("(nothing)", "（没有回答）")
WORD = Say(words=(TEXT,))
DIGEST = Say(words=(TEXT,), urgency="bulk")


def _struck(effect: Effect, fault: Fault, *, times: int = 1, method: str = "sendMessage") -> Play:
    async def play(scene: Scene) -> None:
        scene.strikes(fault, method, times)
        scene.decides(effect)
        await scene.rests()

    return play


async def _one_chat(scene: Scene) -> None:
    scene.server.faults.add(Fault("429", retry_after=30), method="sendMessage", chat=scene.group.id)
    scene.decides(WORD)
    await scene.stage.until(lambda: bool(scene.tries()))
    other = next(key for key in scene.stage.groups if key != scene.key)
    scene.stage.put(other, Say(words=("meanwhile",)))
    await scene.rests()
    done = {call.params["text"]: call.at for call in scene.tries() if call.code == 200}
    assert done["meanwhile"] < done[TEXT] - 25, "another chat does not wait"


async def _whole_bot(scene: Scene) -> None:
    scene.server.faults.add(Fault("429", retry_after=30), method="sendMessage", times=3)
    others = [key for key in scene.stage.groups if key != scene.key][:3]
    scene.decides(WORD)
    for key in others[:2]:
        scene.stage.put(key, Say(words=("meanwhile",)))
    await scene.stage.until(lambda: len(scene.tries()) >= 3)
    scene.stage.put(others[2], Say(words=("meanwhile",)))
    await scene.rests()
    done = [call.at for call in scene.tries() if call.code == 200]
    assert len(done) == 4
    assert min(done) >= scene.tries()[0].at + 30, "nobody is written to before it is over"


async def _late(scene: Scene) -> None:
    scene.strikes(Fault("slow", seconds=30.0), "sendMessage")
    scene.decides(WORD)
    await scene.rests()
    await scene.stage.passes(30)


async def _frozen(scene: Scene) -> None:
    scene.strikes(Fault("frozen"), "sendMessage", None)
    scene.strikes(Fault("frozen"), "getMe", None)
    scene.decides(WORD)
    await scene.stage.passes(120)
    scene.server.faults.clear()
    scene.server.thaw()
    await scene.rests()


async def _delete(scene: Scene) -> None:
    message = scene.li.posts(scene.group, "hello")
    await scene.heard()
    scene.strikes(Fault("drop_after"), "deleteMessages")
    scene.decides(Delete(messages=(str(message.id),)))
    await scene.rests()
    assert message.deleted


async def _mute(scene: Scene) -> None:
    member = await scene.comes("Mo")
    scene.strikes(Fault("drop_after"), "restrictChatMember")
    scene.decides(Mute(member=scene.of(member), span=None))
    await scene.rests()
    assert scene.group.standing(member).status == "restricted"


TROUBLES = (
    Trouble(
        key="flood-one-chat",
        what=Both("too many messages in one chat", "一个群里消息太多"),
        does=Both(
            "this chat waits as long as Telegram says; all others go on",
            "这个群按 Telegram 说的时间等待，其他群照常",
        ),
        play=_one_chat,
        timed=True,
    ),
    Trouble(
        key="flood-whole-bot",
        what=Both(
            "too many messages of the whole bot: three chats are told to wait at once",
            "整个机器人太快：三个群同时被要求等待",
        ),
        does=Both("all chats wait as long as Telegram says", "所有群都按 Telegram 说的时间等待"),
        play=_whole_bot,
        timed=True,
    ),
    Trouble(
        key="server-error",
        what=Both("Telegram has a fault of its own while it handles a message", "Telegram 处理消息时自己出错"),
        does=Both(
            "nobody knows whether it was posted, so it is sent once more, and never a third time",
            "谁也不知道发没发出去，所以再发一次，绝不发第三次",
        ),
        play=_struck(WORD, Fault("5xx", code=502, description="Bad Gateway")),
        timed=True,
    ),
    Trouble(
        key="server-error-twice",
        what=Both("the same, twice in a row", "同上，连续两次"),
        does=Both("given up after the second time", "第二次之后放弃"),
        told=(_UNSURE,),
        play=_struck(WORD, Fault("5xx", code=500, description="Internal Server Error"), times=2),
        timed=True,
    ),
    Trouble(
        key="cut-before",
        what=Both("the connection breaks before Telegram has the message", "消息送到之前连接断开"),
        does=Both("sent once more", "再发一次"),
        play=_struck(WORD, Fault("drop_before")),
        timed=True,
        silent=CUT,
    ),
    Trouble(
        key="cut-after",
        what=Both(
            "the connection breaks after the message was posted, before the answer", "消息已发出，回答之前连接断开"
        ),
        does=Both(
            "nobody can tell this from the case above: sent once more",
            "和上一种情况无法区分：再发一次",
        ),
        play=_struck(WORD, Fault("drop_after")),
        timed=True,
        silent=CUT,
    ),
    Trouble(
        key="digest-cut-after",
        what=Both("the same with a digest, which can wait", "同上，但发的是不急的摘要"),
        does=Both("not sent again: rather none than two", "不再发：宁缺勿重"),
        told=(_UNSURE,),
        play=_struck(DIGEST, Fault("drop_after")),
        timed=True,
        silent=CUT,
    ),
    Trouble(
        key="delete-cut-after",
        what=Both("the connection breaks while a message is deleted", "删消息时连接断开"),
        does=Both("repeated until Telegram answers: twice does no harm", "一直重复到有回答：做两次也无妨"),
        play=_delete,
        timed=True,
        silent=CUT,
    ),
    Trouble(
        key="mute-cut-after",
        what=Both("the connection breaks while somebody is muted", "禁言时连接断开"),
        does=Both("the same", "同上"),
        play=_mute,
        timed=True,
        silent=CUT,
    ),
    Trouble(
        key="slow",
        what=Both("Telegram takes 8 seconds to answer", "Telegram 过了 8 秒才回答"),
        does=Both("waited for", "等着"),
        play=_struck(WORD, Fault("slow", seconds=8.0)),
        timed=True,
        silent=NOTHING,
    ),
    Trouble(
        key="too-slow",
        what=Both(
            "Telegram takes 30 seconds, and posts the message all the same", "Telegram 拖了 30 秒，但最后还是发了出去"
        ),
        does=Both("after 10 seconds it is sent once more", "10 秒后再发一次"),
        play=_late,
        timed=True,
        silent=NOTHING,
    ),
    Trouble(
        key="frozen",
        what=Both("Telegram answers nothing for two minutes", "Telegram 两分钟没有任何回答"),
        does=Both(
            "nothing more is sent until it answers a question that does no harm (getMe); then on, and what was "
            "on its way once more",
            "在它答出一个无害的问题（getMe）之前什么都不再发；之后继续，途中的那条再发一次",
        ),
        play=_frozen,
        timed=True,
        silent=NOTHING,
    ),
    Trouble(
        key="no-json",
        what=Both(
            "a page of a proxy comes in place of an answer (the message was posted)",
            "回来的是代理的网页（消息其实已发出）",
        ),
        does=Both("sent once more", "再发一次"),
        play=_struck(WORD, Fault("not_json")),
        timed=True,
        silent=Both("`<html>…`", "`<html>…`"),
    ),
    Trouble(
        key="not-ok",
        what=Both("an answer with HTTP status 200 that says no", "HTTP 状态是 200，但内容是拒绝"),
        does=Both("what Telegram says counts, not the status", "以 Telegram 的内容为准，不看状态"),
        told=(_DEAD,),
        play=_struck(WORD, Fault("ok_false")),
        timed=True,
    ),
    Trouble(
        key="too-large",
        what=Both("a request that is too large", "请求太大"),
        does=Both("not sent again", "不再发"),
        told=(_DEAD,),
        play=_struck(WORD, Fault("refuse", code=413, description="Request Entity Too Large")),
        timed=True,
    ),
    Trouble(
        key="unknown-refusal",
        what=Both("a refusal that nobody has seen before", "从没见过的拒绝"),
        does=Both("not sent again", "不再发"),
        told=(_DEAD,),
        play=_struck(WORD, Fault("refuse", code=400, description="Bad Request: WHATEVER_INVALID")),
        timed=True,
    ),
)
