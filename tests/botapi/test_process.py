"""The server as a process of its own: the world outlives its clients."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.botapi import BotApiServer, RemoteServer, World
from tests.support.patience import PATIENCE

NOON = 1_772_424_000


def scene(world: World, server: BotApiServer) -> None:
    """A script: run in the server's process before it serves."""
    owner = world.person("Wang", id=7)
    bot = world.bot("yaji_bot", token="42:AA" + "x" * 33)
    group = world.supergroup("晨读", owner=owner)
    world.joined(group, bot, status="administrator")


def says(world: World, server: BotApiServer, count: int) -> int:
    """A script: run while serving."""
    owner, (group,) = world.users[7], world.chats.values()
    for n in range(count):
        owner.posts(group, str(n))  # type: ignore[attr-defined]
    return len(group.messages)


CLIENT = """
import sys, urllib.request
poll = urllib.request.urlopen(sys.argv[1] + "/getUpdates?timeout=0").read()
print(len(poll), flush=True)
urllib.request.urlopen(sys.argv[1] + "/getUpdates?timeout=30&offset=100")
"""


def test_a_world_outlives_a_killed_client() -> None:
    with RemoteServer.start("--script", "tests.botapi.test_process:scene", "--clock-at", str(NOON)) as remote:
        api = f"{remote.base_url}42:AA{'x' * 33}"
        assert remote.do("run", script="tests.botapi.test_process:says", args={"count": 3})["result"] == 3
        with subprocess.Popen([sys.executable, "-c", CLIENT, api], stdout=subprocess.PIPE) as client:
            assert client.stdout is not None
            client.stdout.readline()
            client.kill()
        with httpx.Client(trust_env=False, base_url=f"{api}/", timeout=PATIENCE) as again:
            kept = again.get("getUpdates").json()["result"]
            assert [u["message"]["text"] for u in kept] == ["0", "1", "2"]
            chat = kept[0]["message"]["chat"]["id"]
            again.post("sendMessage", json={"chat_id": chat, "text": "好"})
        _look_around(remote, chat)


def _look_around(remote: RemoteServer, chat: int) -> None:
    assert [m["text"] for m in remote.look("messages", chat=chat)["messages"]] == ["0", "1", "2", "好"]
    (call,) = remote.look("calls", method="sendMessage")["calls"]
    assert (call["params"], call["code"], call["done"], call["at"]) == (
        {"chat_id": str(chat), "text": "好"},
        200,
        True,
        NOON,
    )
    new = remote.new("person", first_name="New")["id"]
    link = remote.act(7, "creates_link", chat=chat, name="海报")
    assert remote.act(new, "joins", chat=chat, link=link) is True
    assert remote.look("standing", chat=chat, user=new)["status"] == "member"
    remote.act(7, "promotes", who=new, chat=chat, rights=["can_pin_messages"])
    posted = remote.act(new, "posts", chat=chat, text="y")
    remote.act(7, "reacts", message=posted, emoji=["👍"])
    remote.act(new, "starts", bot=42)
    private: list[dict[str, Any]] = remote.look("messages", chat=new, bot=42)["messages"]
    assert [m["text"] for m in private] == ["/start"]
    remote.raw(42, b'{"poll_answer":1}\n{"poll_answer":2}')
    before = remote.look("bot", id=42)["next_update"]
    remote.do("clock", now=NOON + 5)
    remote.do("faults", kind="429", settings={"retry_after": 2}, rule={"method": "getMe"})
    remote.do("limits", enforce=True)
    assert before > 5
    with pytest.raises(RuntimeError, match="may not write"):
        remote.act(remote.new("person", first_name="Stranger")["id"], "posts", chat=chat, text="z")
    assert remote.look("violations") == {"violations": []}
    assert remote.look("off_spec")["off_spec"] == []


def test_benchmarks_are_answered_as_all_are() -> None:
    told = []
    for options in ((), ("--fast",)):
        with RemoteServer.start(
            "--script", "tests.botapi.test_process:scene", "--clock-at", str(NOON), *options
        ) as one:
            one.do("run", script="tests.botapi.test_process:says", args={"count": 130})
            one.do("faults", kind="drop_before", settings={}, rule={"method": "getMe"})
            told.append(list(_answers(f"{one.base_url}42:AA{'x' * 33}/", f"{one.base_url}43:none/")))
    assert told[0] == told[1]
    updates = [[u["message"]["text"] for u in told[1][n]["result"]] for n in range(3)]
    assert updates == [
        [str(n) for n in range(first, first + 100)][:count] for first, count in ((0, 100), (0, 7), (7, 93))
    ]


def _answers(bot: str, stranger: str) -> Iterator[Any]:
    """What both say to the same calls: bodies, and how connections end."""
    with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
        first = client.post(f"{bot}getUpdates").json()
        yield first
        yield client.post(f"{bot}getUpdates", json={"limit": 7, "allowed_updates": ["message"]}).json()
        yield client.get(f"{bot}getUpdates", params={"offset": first["result"][7]["update_id"], "limit": 93}).json()
        chat = first["result"][0]["message"]["chat"]["id"]
        yield client.post(f"{bot}sendMessage", data={"chat_id": chat, "text": "好"}).json()
        yield client.post(f"{bot}sendMessage", json={"chat_id": chat, "text": ""}).json()
        yield client.post(f"{stranger}getMe").json()
        with pytest.raises(httpx.RemoteProtocolError):
            client.post(f"{bot}getMe")
        yield client.post(f"{bot}getMe").json()
