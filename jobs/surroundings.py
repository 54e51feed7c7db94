"""What a home needs of the machine that serves it: Python, packages, tokens, Redis. Looks only, and starts nothing."""

from __future__ import annotations

import importlib.util
import platform
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import redis

from adapters.queue.connect import client, place, said
from adapters.queue.embedded import server_program
from config.connections import accounts, gateways
from config.deployment import Settings
from config.problems import Said
from config.secrets import Secret
from core.errors import ConfigError
from jobs.serve.secret import SHORTEST

_FIT: Final = ((3, 11), (3, 14))
_WECHAT_ENDS: Final = (3, 13)
_TOKEN: Final = re.compile(r"\d+:[A-Za-z0-9_-]+")
_REDIS: Final = "YAJI_REDIS_URL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing that is needed. `of_terminal` is what may be otherwise where the home is served."""

    well: bool
    told: Said
    of_terminal: bool = False


def surroundings(
    settings: Settings, environment: Mapping[str, str], database: str, version: tuple[int, ...] = sys.version_info[:3]
) -> tuple[Thing, ...]:
    """Everything that settings ask of the machine; `database` is its URL, or nothing while it is unknown."""
    return (
        *_python(settings, version),
        *_packages(settings, database),
        *_tokens(settings, environment),
        *_secret(environment),
        _redis(settings, environment),
    )


def _python(settings: Settings, version: tuple[int, ...]) -> Iterator[Thing]:
    told = ".".join(str(part) for part in version)
    if not _FIT[0] <= version[:2] < _FIT[1]:
        yield Thing(well=False, told=_UNFIT.filled(version=told))
    elif settings.platforms.wechat is not None and version[:2] >= _WECHAT_ENDS:
        yield Thing(well=False, told=_UNFIT_FOR_WECHAT.filled(version=told))
    else:
        yield Thing(well=True, told=_PYTHON.filled(version=told, system=platform.system()))


def _packages(settings: Settings, database: str) -> Iterator[Thing]:
    wanted = {
        "telegram": ("telegram", bool(accounts(settings))),
        "wechat": ("wechaty", bool(gateways(settings)) and sys.version_info[:2] < _WECHAT_ENDS),
        "web": ("uvicorn", "listen" in settings.web.model_fields_set or _by_webhook(settings)),
        "postgres": ("psycopg", database.startswith("postgresql")),
    }
    for extra, (module, needed) in wanted.items():
        if needed and importlib.util.find_spec(module) is None:
            yield Thing(well=False, told=_NO_PACKAGE.filled(module=module, extra=extra))


def _by_webhook(settings: Settings) -> bool:
    return settings.platforms.telegram is not None and settings.platforms.telegram.mode == "webhook"


def _tokens(settings: Settings, environment: Mapping[str, str]) -> Iterator[Thing]:
    for name, secret in accounts(settings).items():
        token = (secret.read(environment) or "").strip()
        told = _SET if _TOKEN.fullmatch(token) else _NO_BOT_TOKEN if token else _UNSET
        yield Thing(well=told is _SET, told=told.filled(name=name, variable=secret.name), of_terminal=True)
    for name, gateway in gateways(settings).items():
        told = _SET if (gateway.token.read(environment) or "").strip() else _UNSET
        yield Thing(
            well=told is _SET, told=told.filled(name=f"wechat:{name}", variable=gateway.token.name), of_terminal=True
        )


def _secret(environment: Mapping[str, str]) -> Iterator[Thing]:
    if 0 < len(environment.get("YAJI_SECRET", "")) < SHORTEST:
        yield Thing(well=False, told=_SHORT.filled(least=SHORTEST), of_terminal=True)


def _redis(settings: Settings, environment: Mapping[str, str]) -> Thing:
    given, written = environment.get(_REDIS), settings.storage.redis
    variable = _REDIS if given else written.name if isinstance(written, Secret) else "storage.redis"
    url = given or (written.read(environment) if isinstance(written, Secret) else written)
    if not url and isinstance(written, Secret):
        return Thing(well=False, told=_NO_REDIS_URL.filled(variable=variable), of_terminal=True)
    if not url:
        return Thing(well=True, told=_OWN_REDIS if server_program() is not None else _WITHOUT_REDIS)
    try:
        with client(place(url), "yaji") as reached:
            reached.ping()
    except ConfigError as error:
        return Thing(well=False, told=Said(f"{variable}: {error}", f"{variable}：{error.zh}"))
    except redis.RedisError as error:
        return Thing(well=False, told=_NO_ANSWER.filled(variable=variable, why=said(error)))
    return Thing(well=True, told=_ANSWERS.filled(variable=variable))


_PYTHON = Said("Python {version} on {system}", "Python {version}（{system}）")
_UNFIT = Said(
    "Python {version} does not fit: use 3.11, 3.12 or 3.13", "Python {version} 不合适：请用 3.11、3.12 或 3.13"
)
_UNFIT_FOR_WECHAT = Said(
    "Python {version} does not fit: WeChat needs 3.11 or 3.12", "Python {version} 不合适：接微信要用 3.11 或 3.12"
)
_NO_PACKAGE = Said(
    "the package {module} is not installed here; install yaji[{extra}]", "这里没有装 {module}；请安装 yaji[{extra}]"
)
_SET = Said("token of {name}: {variable} is set", "{name} 的 token：{variable} 已设置")
_UNSET = Said(
    "token of {name}: {variable} is not set in this terminal; `yaji serve` needs it where it is started",
    "{name} 的 token：这个终端里没有设置 {variable}；在哪里启动 `yaji serve`，就要在哪里设置",
)
_NO_BOT_TOKEN = Said(
    "token of {name}: what is in {variable} is no bot token; one looks like 123456:ABC-DEF",
    "{name} 的 token：{variable} 里的不是机器人 token；token 的样子是 123456:ABC-DEF",
)
_SHORT = Said(
    "YAJI_SECRET is too short; give it at least {least} characters", "YAJI_SECRET 太短了；至少要 {least} 个字符"
)
_OWN_REDIS = Said("Redis: a private one, started when it is needed", "Redis：用私有的，需要时才启动")
_WITHOUT_REDIS = Said(
    "Redis: none here, and none is needed: the process that serves does the work itself",
    "Redis：这里没有，也不需要：上线的进程自己做",
)
_ANSWERS = Said("Redis: {variable} answers", "Redis：{variable} 有应答")
_NO_REDIS_URL = Said(
    "Redis: storage.redis takes its address from {variable}, which is not set in this terminal",
    "Redis：storage.redis 说地址在 {variable} 里，这个终端没有设置",
)
_NO_ANSWER = Said(
    "Redis: {variable} does not answer ({why}); see that it runs, and that the address is right",
    "Redis：{variable} 没有应答（{why}）；请看它是否在运行，地址对不对",
)
