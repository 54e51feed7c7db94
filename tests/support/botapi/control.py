"""The control channel: JSON over /control/…, so that a test outside of the server's process can act and look.

    POST /control/new       {"what": "person", "args": {"first_name": "Li"}}  -> {"id": …} (a bot: also "token")
    POST /control/joined    {"chat": -100…, "users": [1, 2], "status": "member", "rights": []}
    POST /control/act       {"who": 10001, "act": "posts", "args": {"chat": -100…, "text": "hi"}} -> {"result": …}
    POST /control/run       {"script": "package.module:function", "args": {…}}: function(world, server, **args)
    POST /control/raw?bot=7 lines of JSON updates, queued as they are
    POST /control/faults    {"kind": "429", "settings": {…}, "rule": {"method": …, "nth": …}}; {"clear": true}
    POST /control/limits    {"enforce": true, …};  /control/thaw {};  /control/clock {"now": …} (virtual clocks only)
    GET  /control/calls?since=0&method=…   /control/messages?chat=…[&bot=…]   /control/standing?chat=…&user=…
    GET  /control/bot?id=…  /control/violations  /control/off_spec

In the arguments of acts, people, bots and chats are ids; messages are {"chat": …, "id": …} (of a private chat also
"bot"), links their address. `chat` may be a bot's id: in private. Acts answer with the same forms.
"""

from __future__ import annotations

import asyncio
import importlib
import json
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from tests.support.botapi import shapes
from tests.support.botapi.arguments import Upload
from tests.support.botapi.errors import NotAllowed
from tests.support.botapi.faults import Fault
from tests.support.botapi.model import Bot, Chat, Link, Message, Standing, User
from tests.support.botapi.world import World

if TYPE_CHECKING:
    from tests.support.botapi.server import BotApiServer

_NEW = ("person", "bot", "group", "supergroup", "channel")
_CHATS = ("chat", "group", "as_chat")
_USERS = ("who", "owner", "bot")
_MESSAGES = ("message", "reply_to", "forwards")


async def handle(server: BotApiServer, method: str, path: str, query: bytes, body: bytes) -> tuple[int, Any]:
    """An answer's status and JSON."""
    name = path.removeprefix("/control/")
    asked = dict(parse_qsl(query.decode()))
    try:
        if method == "GET":
            return 200, _look(server, name, asked)
        if name == "raw":
            bot = _bot(server.world, asked["bot"])
            server.world.enqueue_raw(bot, body.splitlines())
            return 200, {"queued": len(bot.queue)}
        given = json.loads(body or b"{}")
        if name == "run":
            return 200, {"result": await asyncio.to_thread(_run, server, given)}
        return 200, _do(server, name, given)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        return 400, {"error": f"{type(error).__name__}: {error}"}
    except NotAllowed as error:
        return 409, {"error": str(error)}


def _run(server: BotApiServer, given: dict[str, Any]) -> Any:
    module, _, function = given["script"].partition(":")
    return named(getattr(importlib.import_module(module), function)(server.world, server, **given.get("args", {})))


def _do(server: BotApiServer, name: str, given: dict[str, Any]) -> Any:
    world = server.world
    match name:
        case "new":
            if given["what"] not in _NEW:
                raise LookupError(f"nothing new named {given['what']}")
            return named(getattr(world, given["what"])(**_arguments(world, given.get("args", {}))))
        case "joined":
            users = [world.users[number] for number in given["users"]]
            rights = given.get("rights", [])
            world.joined(_chat(world, given["chat"]), *users, status=given.get("status", "member"), rights=rights)
            return {}
        case "act":
            if given["act"].startswith("_"):
                raise LookupError(given["act"])
            act = getattr(world.users[given["who"]], given["act"])
            args = _arguments(world, given.get("args", {}))
            several = args.pop("emoji", None) or args.pop("rights", None) or ()
            return {"result": named(_with_several(act, args, several))}
        case "faults":
            if given.get("clear"):
                server.faults.clear()
            else:
                server.faults.add(Fault(given["kind"], **given.get("settings", {})), **given.get("rule", {}))
            return {}
        case "limits":
            for setting, value in given.items():
                setattr(server.limits, setting, value)
            return {}
        case "thaw":
            server.thaw()
            return {}
        case "clock":
            world.now.at = float(given["now"])  # type: ignore[attr-defined]
            return {}
    raise LookupError(f"no control {name}")


def _with_several(act: Any, args: dict[str, Any], several: Any) -> Any:
    """Calls an act whose last places take any number of words: reactions, rights."""
    if not several:
        return act(**args)
    placed = [args.pop(name) for name in ("who", "message", "chat") if name in args]
    return act(*placed, *several, **args)


def _look(server: BotApiServer, name: str, asked: dict[str, str]) -> Any:
    world = server.world
    match name:
        case "calls":
            since = int(asked.get("since", "0"))
            calls = list(server.calls)[since:]
            wanted = asked.get("method")
            return {"calls": [asdict(c) for c in calls if wanted in (None, c.method)], "next": since + len(calls)}
        case "messages":
            chat = _chat(world, int(asked["chat"]), _bot(world, asked["bot"]) if "bot" in asked else None)
            with world.lock:
                return {"messages": [{**shapes.message(m), "deleted": m.deleted} for m in chat.messages.values()]}
        case "standing":
            return asdict(_chat(world, int(asked["chat"])).standing(int(asked["user"])))
        case "bot":
            bot = _bot(world, asked["id"])
            counts = {"next_update": bot.next_update, "confirmed": bot.confirmed, "queued": len(bot.queue)}
            return {**counts, "answers": bot.answers, "unanswered": len(bot.queries)}
        case "violations":
            return {"violations": [asdict(v) for v in server.violations]}
        case "off_spec":
            return {"off_spec": server.off_spec, "spec_checked": server.spec_checked}
    raise LookupError(f"no control {name}")


def _bot(world: World, number: str | int) -> Bot:
    bot = world.users[int(number)]
    if not isinstance(bot, Bot):
        raise LookupError(f"{number} is no bot")
    return bot


def _chat(world: World, number: int, bot: Bot | None = None) -> Any:
    if bot is not None:
        return world.private(bot, world.users[number])
    return world.chats[number] if number < 0 else world.users[number]


def _arguments(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Arguments with what their ids stand for."""
    out = dict(given)
    for name, value in given.items():
        if name in _CHATS and isinstance(value, int):
            out[name] = _chat(world, value)
        elif name in _USERS and isinstance(value, int):
            out[name] = world.users[value]
        elif name == "people":
            out[name] = [world.users[number] for number in value]
        elif name in _MESSAGES and isinstance(value, dict):
            bot = _bot(world, value["bot"]) if "bot" in value else None
            out[name] = _chat(world, value["chat"], bot).messages[value["id"]]
    return out


def named(value: Any) -> Any:
    """A result as JSON that names it."""
    match value:
        case Bot():
            return {"id": value.id, "token": value.token, "username": value.username}
        case User() | Chat():
            return {"id": value.id}
        case Message():
            place = {"bot": value.chat.bot.id} if value.chat.bot is not None else {}
            return {"chat": value.chat.id, "id": value.id, **place}
        case Link():
            return value.url
        case Standing():
            return asdict(value)
        case list():
            return [named(one) for one in value]
    return value


def plain(value: Any) -> Any:
    """For json.dumps: sets, uploads and records."""
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Upload):
        return {"name": value.name, "bytes": len(value.data)}
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)
