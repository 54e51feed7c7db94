"""A WeCom robot's webhook, against a server of our own that answers as WeCom's does."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from adapters.wecom.perform import LARGEST, LONGEST, WeComPlatform
from adapters.wecom.webhook import Webhook
from core.delivery import Destination, Done, Later, Never, Platform, Refusal, Unsure
from core.effects import Mention, Mute, Remove, Say, TellAdmins
from core.people import Account
from tests.support.patience import PATIENCE

READING = Destination("reading", "")
LI = Account("wecom:LiLei")


class WeCom(ThreadingHTTPServer):
    """Keeps what was posted; `answers` are taken one by one, then all is well."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.posted: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.answers: list[tuple[int, bytes]] = []
        self.endless: tuple[bytes, float] | None = None
        """What is answered again and again instead, and after how many seconds each time."""
        self.left = threading.Event()
        self.host = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: WeCom

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append(json.loads(body))
        self.server.keys.append(self.path)
        code, answer = self.server.answers.pop(0) if self.server.answers else (200, b'{"errcode":0,"errmsg":"ok"}')
        self.send_response(code)
        self.end_headers()
        if self.server.endless is None:
            self.wfile.write(answer)
        else:
            self._go_on(*self.server.endless)

    def _go_on(self, answer: bytes, pause: float) -> None:
        try:
            while not self.server.left.wait(pause):
                self.wfile.write(answer)
        except OSError:
            self.server.left.set()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def wecom():
    server = WeCom()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def performed(wecom, effect, to=READING):
    platform: Platform = WeComPlatform({"reading": Webhook("key-1", host=wecom.host, deadline=PATIENCE)})
    return asyncio.run(platform.perform(effect, to))


def refused(code, message="some words"):
    return 200, json.dumps({"errcode": code, "errmsg": message}).encode()


def test_a_text_with_those_mentioned(wecom) -> None:
    words = ("早，", Mention(account=LI, name="李雷"), "和", Mention(account=Account("wechat:x"), name="韩梅梅"))
    assert performed(wecom, Say(words=words)) == Done(posts=1)
    assert wecom.posted == [
        {"msgtype": "text", "text": {"content": "早，李雷和韩梅梅", "mentioned_list": ["LiLei"]}},
    ]
    assert wecom.keys == ["/cgi-bin/webhook/send?key=key-1"]


def test_a_picture_comes_before_the_words(wecom) -> None:
    assert performed(wecom, Say(words=("本周",), picture=b"png")) == Done(posts=2)
    assert wecom.posted[0]["image"] == {
        "base64": base64.b64encode(b"png").decode(),
        "md5": hashlib.md5(b"png", usedforsecurity=False).hexdigest(),
    }
    assert wecom.posted[1]["text"]["content"] == "本周"


def test_a_long_text_is_cut_by_bytes_and_between_lines(wecom) -> None:
    lines = [f"第{n}行" + "字" * 200 for n in range(6)]
    answer = performed(wecom, TellAdmins(words=("\n".join(lines),)))
    contents = [post["text"]["content"] for post in wecom.posted]
    assert answer == Done(posts=len(contents))
    assert all(len(content.encode()) <= LONGEST for content in contents)
    assert "\n".join(contents).split("\n") == lines


def test_no_character_is_cut(wecom) -> None:
    performed(wecom, Say(words=("字" * 1500,)))
    assert "".join(post["text"]["content"] for post in wecom.posted) == "字" * 1500


ANSWERS = [
    pytest.param(
        refused(93000, "invalid webhook url, hint: [1], more info"), Never, Refusal.CREDENTIALS, id="wrong key"
    ),
    pytest.param(refused(93008), Never, Refusal.NOT_THERE, id="not in the group"),
    pytest.param(refused(93004), Never, Refusal.NO_RIGHT, id="disabled"),
    pytest.param(refused(45002), Never, Refusal.MALFORMED, id="too long"),
    pytest.param((502, b"Bad Gateway"), Unsure, None, id="a gateway's error"),
    pytest.param((200, b"<html>"), Unsure, None, id="not WeCom's answer"),
]


@pytest.mark.parametrize(("answer", "kind", "refusal"), ANSWERS)
def test_refusals(wecom, answer, kind, refusal) -> None:
    wecom.answers.append(answer)
    found = performed(wecom, Say(words=("hi",)))
    assert isinstance(found, kind)
    assert getattr(found, "refusal", None) == refusal
    assert "hint" not in found.why
    assert "key-1" not in found.why


@pytest.mark.parametrize(("code", "seconds"), [(45009, 60), (-1, 5), (45033, 5)])
def test_too_fast_or_busy_is_later(wecom, code, seconds) -> None:
    wecom.answers.append(refused(code))
    found = performed(wecom, Say(words=("hi",)))
    assert isinstance(found, Later)
    assert found.after == timedelta(seconds=seconds)


def test_a_long_text_that_breaks_off_goes_on_where_it_broke_off(wecom) -> None:
    say = Say(words=("\n".join(letter * 600 for letter in "一二三"),))
    platform = WeComPlatform({"reading": Webhook("k", host=wecom.host, deadline=PATIENCE)})
    wecom.answers += [(200, b'{"errcode":0}'), refused(45009)]
    first = asyncio.run(platform.perform(say, READING))
    second = asyncio.run(platform.perform(say, READING))
    assert isinstance(first, Later)
    assert second == Done(posts=2)
    assert [post["text"]["content"][0] for post in wecom.posted] == ["一", "二", "二", "三"]


@pytest.mark.parametrize(
    ("endless", "deadline"),
    [pytest.param((b" " * 4096, 0.0), PATIENCE, id="without an end"), pytest.param((b" ", 0.02), 0.3, id="by drops")],
)
def test_an_answer_that_does_not_end_is_read_no_further(wecom, endless, deadline) -> None:
    wecom.endless = endless
    platform = WeComPlatform({"reading": Webhook("k", host=wecom.host, deadline=deadline)})
    assert isinstance(asyncio.run(platform.perform(Say(words=("hi",)), READING)), Unsure)
    assert wecom.left.wait(PATIENCE), "nobody goes on reading"


def test_nobody_there_is_later_for_all(wecom) -> None:
    platform = WeComPlatform({"reading": Webhook("k", host="http://127.0.0.1:9", deadline=1)})
    found = asyncio.run(platform.perform(Say(words=("hi",)), READING))
    assert isinstance(found, Later)
    assert found.whole_bot


NOT_THERE = [
    pytest.param(Say(words=("hi",), to=LI), READING, Refusal.UNREACHABLE, id="private"),
    pytest.param(Mute(member=LI, span=None), READING, Refusal.UNABLE, id="mute"),
    pytest.param(Remove(member=LI), READING, Refusal.UNABLE, id="remove"),
    pytest.param(Say(words=("hi",)), Destination("writing", ""), Refusal.NOT_THERE, id="no robot"),
    pytest.param(Say(words=(" ",)), READING, Refusal.MALFORMED, id="nothing to say"),
    pytest.param(Say(words=("x",), picture=bytes(LARGEST + 1)), READING, Refusal.UNABLE, id="picture too large"),
]


@pytest.mark.parametrize(("effect", "to", "refusal"), NOT_THERE)
def test_what_a_robot_cannot_do_is_not_tried(wecom, effect, to, refusal) -> None:
    found = performed(wecom, effect, to)
    assert isinstance(found, Never)
    assert found.refusal is refusal
    assert wecom.posted == []


def test_abilities_are_those_of_groups_with_a_robot() -> None:
    platform = WeComPlatform({"reading": Webhook("k")})
    assert platform.abilities("reading") == {"say", "picture"}
    assert platform.abilities("writing") == frozenset()
    assert platform.parts(Say(words=("x",), picture=b"p"), READING) == 2
    assert platform.parts(Remove(member=LI), READING) == 0
