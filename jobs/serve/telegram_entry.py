"""Letting a bot in: its token, who it is, and how its updates reach this process."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import msgspec

from adapters.telegram.calling import refused
from adapters.telegram.calls import ApiError, BotCalls, CallFailed, Me, result_of
from adapters.telegram.delivery import host_of
from adapters.telegram.polling import ALLOWED, WebhookInfo, polling_begun
from adapters.telegram.webhook import PREFIX, webhook_begun
from config.problems import Language, Said
from config.secrets import Secret
from jobs.serve.clock import Clock
from jobs.serve.refusing import CannotServe

log = logging.getLogger("yaji.telegram")

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0


class TokenRefused(CannotServe):
    """Telegram does not accept the token of one bot. Others may be served all the same."""


def calls_of(bots: Mapping[str, Secret], environment: Mapping[str, str], api_url: str | None) -> list[BotCalls]:
    """The calls of each bot, none of them made yet. Raises CannotServe where a token is missing or is none."""
    made = []
    for name, secret in bots.items():
        token = (secret.read(environment) or "").strip()
        if not token:
            raise CannotServe(_NO_TOKEN.filled(name=name, variable=secret.name))
        try:
            made.append(BotCalls(token, api_url=api_url, name=name))
        except ValueError as error:
            if "token" in str(error):
                raise CannotServe(_NOT_A_TOKEN.filled(variable=secret.name)) from None
            raise CannotServe(_NOT_AN_ADDRESS) from None
    return made


async def introduced(calls: BotCalls, variable: str, clock: Clock, language: Language) -> Me:
    """Who the bot is. Waits for Telegram as long as it cannot be reached. Raises TokenRefused."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await calls.get_me()
        except ApiError as error:
            if refused(calls.name, error) is not None:
                raise TokenRefused(_REFUSED.filled(name=calls.name, variable=variable, why=error.description)) from None
            failed: Exception = error
        except (CallFailed, msgspec.DecodeError) as error:
            failed = error
        log.warning(_UNREACHED.filled(host=calls.host, seconds=round(pause), why=failed).in_(language))
        await clock.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)


async def polling(calls: BotCalls, clock: Clock, language: Language) -> int:
    """Make polling possible; a webhook that is taken away for it is logged. Answers since when Telegram tells joins and
    leaves in full, in Unix seconds."""
    pause = FIRST_PAUSE
    while True:
        try:
            before = await polling_begun(calls)
            if before.url:
                log.warning("%s: %s", calls.name, _TAKEN_AWAY.filled(host=host_of(before.url)).in_(language))
            if before.allowed_updates is not None and "chat_member" in before.allowed_updates:
                return 0
            # From this request on they are told; it fetches one update at the most, and confirms none.
            await calls.call("getUpdates", {"limit": 1, "timeout": 0, "allowed_updates": ALLOWED})
            return int(clock.now().timestamp()) + 1
        except ApiError as error:
            if error.code == 409:  # somebody else is fetching; the poller tells, and waits for its turn
                return int(clock.now().timestamp())
            failed: Exception = error
        except CallFailed as error:
            failed = error
        log.warning("%s: %s", calls.name, failed)
        await clock.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)


def hook_of(calls: BotCalls, root: str) -> str:
    """Where the updates of a bot are posted."""
    return f"{root.rstrip('/')}{PREFIX}{calls.name}"


async def delivered(calls: BotCalls, root: str, secret: str, clock: Clock) -> int:
    """Have updates posted to `root`. Answers since when Telegram tells joins and leaves in full, in Unix seconds.

    Raises CannotServe if Telegram does not take the address.
    """
    try:
        before = result_of(await calls.call("getWebhookInfo"), WebhookInfo)
        await webhook_begun(calls, hook_of(calls, root), secret, pause=clock.sleep)
    except (CallFailed, msgspec.DecodeError) as failed:
        raise CannotServe(_NO_WEBHOOK.filled(name=calls.name, root=root, why=failed)) from None
    told = before.allowed_updates is not None and "chat_member" in before.allowed_updates
    return 0 if told else int(clock.now().timestamp()) + 1


_NO_TOKEN = Said(
    "The bot {name} has no token: set the environment variable {variable} to what @BotFather gave you.",
    "机器人 {name} 没有 token：请把 @BotFather 给你的 token 放进环境变量 {variable}。",
)
_NOT_A_TOKEN = Said(
    "What is in {variable} is no bot token; one looks like 123456:ABC-DEF. Take it from @BotFather.",
    "{variable} 里的不是机器人 token；token 的样子是 123456:ABC-DEF。请从 @BotFather 那里取。",
)
_NOT_AN_ADDRESS = Said(
    "The address of the Bot API (TELEGRAM_API_URL, or api_url in yaji.yaml) must begin with http:// or https://.",
    "Bot API 的地址（TELEGRAM_API_URL，或 yaji.yaml 里的 api_url）要以 http:// 或 https:// 开头。",
)
_REFUSED = Said(
    "Telegram does not accept the token of the bot {name} ({why}). Look at {variable}; @BotFather shows the right one.",
    "Telegram 不认机器人 {name} 的 token（{why}）。请检查 {variable}；正确的 token 可以向 @BotFather 要。",
)
_UNREACHED = Said(
    "{host} cannot be reached ({why}); trying again in {seconds} s.",
    "连不上 {host}（{why}）；{seconds} 秒后再试。",
)
_NO_WEBHOOK = Said(
    "Telegram does not deliver the updates of {name} to {root} ({why}). Look at web.public_url in yaji.yaml, "
    "or fetch them: mode: poll.",
    "Telegram 没法把 {name} 的消息送到 {root}（{why}）。请检查 yaji.yaml 的 web.public_url，或者改用 mode: poll。",
)
_TAKEN_AWAY = Said(
    "updates were delivered to {host}; from now on they are fetched here, and nothing arrives there any more",
    "消息原来送到 {host}；从现在起由这里来收，那边不会再收到",
)
