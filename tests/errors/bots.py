"""Troubles of the bot account: its token, a second process with the same token, updates that cannot be fetched."""

from __future__ import annotations

import asyncio
import contextlib

import httpx

from core.effects import Say
from jobs.serve.refusing import CannotServe
from tests.errors.network import CUT, NOTHING
from tests.errors.stage import Stage
from tests.errors.trouble import TEXT, Both, Play, Scene, Told, Trouble
from tests.support.botapi import Fault

WORD = Say(words=(TEXT,))
_SILENT = Told(
    who="log", words="Telegram does not answer", means=Both("the operator's log, once", "运营者的日志，一次")
)


def _fetching(fault: Fault, times: int = 1) -> Play:
    """Somebody checks in while updates cannot be fetched."""

    async def play(scene: Scene) -> None:
        scene.strikes(fault, "getUpdates", times)
        scene.wang.posts(scene.group, "hello")  # ends the poll that waits
        await scene.stage.passes(1)
        scene.li.posts(scene.group, "checkin")
        await scene.answered()
        await scene.rests()

    return play


async def _asked(stage: Stage, method: str, **params: object) -> httpx.Response:
    """A call by somebody else who has the token."""
    async with httpx.AsyncClient(timeout=None, trust_env=False) as client:
        return await client.post(f"{stage.server.base_url}{stage.bot.token}/{method}", json=params)


async def _rival(scene: Scene) -> None:
    rival = asyncio.create_task(_asked(scene.stage, "getUpdates", timeout=50))
    await scene.stage.until(lambda: bool(scene.log()))
    scene.li.posts(scene.group, "checkin")
    assert (await rival).json()["result"], "the other process has it now, and has not confirmed it"
    await scene.answered()
    await scene.rests()


async def _webhook(scene: Scene) -> None:
    await _asked(scene.stage, "setWebhook", url="http://127.0.0.1:9/elsewhere")
    await scene.stage.until(lambda: bool(scene.log()))
    scene.li.posts(scene.group, "checkin")
    await scene.stage.passes(60)
    assert not scene.said()
    await _asked(scene.stage, "deleteWebhook")
    await scene.answered()
    await scene.rests()


def _at_the_door(**fault: object) -> Play:
    async def play(scene: Scene) -> None:
        stage = scene.stage
        stage.found("readers")
        async with stage.answering():
            if fault:
                stage.server.faults.add(Fault("refuse", **fault), method="getMe")
            else:
                stage.world.bots["1:other"] = stage.world.bots.pop(stage.bot.token)
            try:
                async with stage.served():
                    raise AssertionError("it serves")
            except CannotServe as refused:
                stage.log.append(refused.told.en)

    return play


async def _revoked(scene: Scene) -> None:
    stage = scene.stage
    stage.found(scene.key)
    async with stage.answering(), stage.served() as at_work:
        scene.forgets()
        del stage.world.bots[stage.bot.token]
        scene.decides(WORD)
        await stage.until(at_work.failed.is_set)
        await stage.passes(2)
    assert [row.state for row in scene.rows()] == ["waiting"]
    stage.bot.token = f"{stage.bot.id}:AAthe-new-token-that-BotFather-made"
    stage.world.bots[stage.bot.token] = stage.bot
    async with stage.answering(), stage.served():
        await scene.answered()


async def _away(scene: Scene) -> None:
    stage = scene.stage
    stage.found(scene.key)
    first = contextlib.AsyncExitStack()
    await first.enter_async_context(stage.answering())
    async with contextlib.AsyncExitStack() as second, stage.served():
        scene.forgets()
        await first.aclose()
        scene.decides(WORD)
        await stage.passes(60)
        await second.enter_async_context(stage.answering())
        scene.li.posts(scene.group, "hello")
        await scene.answered()
        await scene.rests()


TROUBLES = (
    Trouble(
        key="token-revoked",
        what=Both(
            "BotFather was asked for a new token while the assistant runs", "运行中，有人让 BotFather 换了 token"
        ),
        does=Both(
            "it ends, with exit status 2; what waits is kept and goes out with the new token",
            "退出，状态码 2；没发的都存着，换上新 token 后再发",
        ),
        told=(
            Told(who="log", words="(401 Unauthorized)", means=Both("the operator's log", "运营者的日志")),
            Told(who="log", words="does not accept the bot's token", means=Both("", "")),
        ),
        play=_revoked,
        kind="",
        silent=Both("`401 Unauthorized`", "`401 Unauthorized`"),
    ),
    Trouble(
        key="token-wrong",
        what=Both("the token is not right when the assistant starts", "启动时 token 不对"),
        does=Both("it does not start; exit status 2", "不启动；状态码 2"),
        told=(
            Told(
                who="log",
                words="Look at TELEGRAM_BOT_TOKEN",
                means=Both("the operator: which variable to look at", "运营者：该看哪个变量"),
            ),
        ),
        play=_at_the_door(),
        kind="",
        silent=Both("`401 Unauthorized`", "`401 Unauthorized`"),
    ),
    Trouble(
        key="token-unknown",
        what=Both(
            "the token never was one, or the address is not that of a Bot API", "从来没有这个 token，或地址不是 Bot API"
        ),
        does=Both("the same", "同上"),
        told=(
            Told(
                who="log",
                words="Look at TELEGRAM_BOT_TOKEN",
                means=Both("the same", "同上"),
            ),
        ),
        play=_at_the_door(code=404, description="Not Found"),
        kind="",
    ),
    Trouble(
        key="second-poller",
        what=Both("another process fetches updates with the same token", "另一个进程在用同一个 token 收消息"),
        does=Both(
            "it waits and goes on when the other has stopped; nothing is lost, as the other has not confirmed it",
            "等着，对方停下后接着收；对方没确认的不会丢",
        ),
        told=(
            Told(
                who="log",
                words="another process fetches updates with the same token",
                means=Both("the operator's log, once", "运营者的日志，一次"),
            ),
        ),
        play=_rival,
    ),
    Trouble(
        key="webhook-set",
        what=Both("somebody set a webhook for the bot while it polls", "轮询时有人给机器人设了 webhook"),
        does=Both("it waits until the webhook is gone", "等 webhook 撤掉再继续"),
        told=(
            Told(
                who="log",
                words="another process fetches updates with the same token",
                means=Both("the operator's log, once", "运营者的日志，一次"),
            ),
        ),
        play=_webhook,
    ),
    Trouble(
        key="poll-fault",
        what=Both("Telegram has a fault of its own while updates are fetched", "收消息时 Telegram 自己出错"),
        does=Both(
            "asked again after 1, 2, 4 … 30 seconds; each update is taken once",
            "过 1、2、4……30 秒再问；每条消息只处理一次",
        ),
        told=(_SILENT,),
        play=_fetching(Fault("5xx", code=502, description="Bad Gateway"), 3),
    ),
    Trouble(
        key="poll-flood",
        what=Both("updates are fetched too often", "收消息太频繁"),
        does=Both("asked again when Telegram says", "按 Telegram 说的时间再问"),
        told=(Told(who="log", words="retry after 7", means=Both("the operator's log, once", "运营者的日志，一次")),),
        play=_fetching(Fault("429", retry_after=7)),
    ),
    Trouble(
        key="poll-cut",
        what=Both("the connection breaks after updates were fetched", "收到消息后连接断开"),
        does=Both("they were not confirmed, and come again", "还没确认，会再来一次"),
        told=(_SILENT,),
        play=_fetching(Fault("drop_after")),
        silent=CUT,
    ),
    Trouble(
        key="poll-no-json",
        what=Both("a page of a proxy comes in place of updates", "收消息时回来的是代理的网页"),
        does=Both("the same", "同上"),
        told=(_SILENT,),
        play=_fetching(Fault("not_json")),
        silent=Both("`<html>…`", "`<html>…`"),
    ),
    Trouble(
        key="poll-slow",
        what=Both("a long poll is not answered within 35 seconds", "长轮询 35 秒没有回答"),
        does=Both("the same", "同上"),
        told=(_SILENT,),
        play=_fetching(Fault("slow", seconds=90.0)),
        silent=NOTHING,
    ),
    Trouble(
        key="out-of-reach",
        what=Both("Telegram cannot be reached for a minute (no connection)", "一分钟连不上 Telegram"),
        does=Both(
            "nothing is lost: what waits goes out when it can be reached, what was written meanwhile is fetched",
            "什么都不丢：恢复后该发的发出去，期间的消息收回来",
        ),
        told=(_SILENT,),
        play=_away,
        kind="",
        silent=Both("(no connection)", "（连不上）"),
    ),
)
