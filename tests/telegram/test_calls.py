"""Calls of the Bot API: what goes out, what comes back, and what is known when nothing good does."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from adapters.telegram.calls import AnswerLost, ApiError, BotCalls, CallFailed, File, Me, NotSent, result_of
from tests.support.botapi import BotApiServer, Fault, World, serving
from tests.support.patience import PATIENCE, eventually, until
from tests.support.ports import HeldPort

TOKEN = "42:AA-secret_of_the_bot"
USUAL = 0.2
"""Seconds of patience where a test is about them."""


@pytest.fixture(scope="module")
def server() -> Iterator[BotApiServer]:
    with serving(World()) as server:
        yield server


@pytest.fixture
def world(server: BotApiServer) -> World:
    """With nothing of earlier tests but people, chats and bots."""
    server.calls.clear()
    server.faults.clear()
    server.world.bots.clear()
    return server.world


@pytest.fixture
def scene(world, server):
    """A bot in a group, and its calls."""
    wang = world.person("Wang")
    group = world.supergroup("Readers", owner=wang)
    bot = world.bot("yaji_bot")
    wang.adds(bot, group)
    return group, BotCalls(bot.token, api_url=server.url, read_timeout=PATIENCE)


def run(calls: BotCalls, method: str, params=None, **more) -> bytes:
    async def once() -> bytes:
        await calls.open()
        try:
            return await calls.call(method, params, **more)
        finally:
            await calls.close()

    return asyncio.run(once())


def failure(calls: BotCalls, method: str, params=None, **more) -> CallFailed:
    with pytest.raises(CallFailed) as caught:
        run(calls, method, params, **more)
    return caught.value


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that answers every request with these bytes; its address, and what it was sent."""
    heard: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        heard.append(head + await reader.readexactly(length))
        writer.write(answer)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heard


def http(status: int, body: bytes, more: str = "") -> bytes:
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


def answered(answer: bytes, params=None, **more) -> tuple[bytes | CallFailed, bytes]:
    async def once() -> tuple[bytes | CallFailed, bytes]:
        async with answering(answer) as (url, heard):
            calls = BotCalls(TOKEN, api_url=url, read_timeout=PATIENCE)
            try:
                return await calls.call("sendMessage", params, **more), heard[0]
            except CallFailed as failed:
                return failed, heard[0]
            finally:
                await calls.close()

    return asyncio.run(once())


def test_a_good_answer_is_given_back_whole(scene) -> None:
    group, calls = scene
    body = run(calls, "sendMessage", {"chat_id": group.id, "text": "你好", "message_thread_id": None})
    assert body.startswith(b'{"ok":true,"result":{"message_id":')
    assert result_of(body, dict[str, object])["text"] == "你好"
    assert [message.text for message in group.messages.values() if message.text] == ["你好"]


def test_the_bot_itself(scene) -> None:
    calls: BotCalls = scene[1]

    async def once() -> Me:
        try:
            return await calls.get_me()
        finally:
            await calls.close()

    assert asyncio.run(once()).username == "yaji_bot"


def test_parameters_go_out_as_json() -> None:
    _, heard = answered(
        http(200, b'{"ok":true,"result":true}'), {"a": True, "b": None, "c": -7, "d": "é&=", "e": {"f": ["字"]}}
    )
    head, _, body = heard.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /bot42:AA-secret_of_the_bot/sendMessage HTTP/1.1")
    assert body.decode() == '{"a":true,"c":-7,"d":"é&=","e":{"f":["字"]}}'


def test_an_address_with_a_password_is_asked_with_it() -> None:
    async def once() -> bytes:
        async with answering(http(200, b'{"ok":true,"result":true}')) as (url, heard):
            calls = BotCalls(TOKEN, api_url=url.replace("//", "//li:open@"))
            await calls.call("sendMessage", {"text": "字"})
            await calls.close()
            return heard[0]

    asked = asyncio.run(once())
    assert b"Authorization: Basic bGk6b3Blbg==\r\n" in asked
    assert asked.endswith(b"\r\n\r\ntext=%E5%AD%97")


def test_halves_of_surrogates_go_out_as_question_marks() -> None:
    _, heard = answered(http(200, b'{"ok":true,"result":true}'), {"text": "a\ud83db", "more": ["\ude00"]})
    assert heard.endswith(b'\r\n\r\n{"text":"a?b","more":["?"]}')


def test_files_go_out_beside_the_form(scene, server) -> None:
    group, calls = scene
    run(calls, "sendPhoto", {"chat_id": group.id}, files={"photo": File("chart.png", b"\x89PNG...")})
    (call,) = server.calls_of("sendPhoto")
    assert (call.params["photo"].name, call.params["photo"].data) == ("chart.png", b"\x89PNG...")


def test_a_refusal_tells_telegrams_words(scene) -> None:
    failed = failure(scene[1], "sendMessage", {"chat_id": -1009, "text": "x"})
    assert isinstance(failed, ApiError)
    assert (failed.method, failed.code, failed.description) == ("sendMessage", 400, "Bad Request: chat not found")
    assert (failed.retry_after, failed.migrate_to, failed.foreign) == (None, None, False)


def test_a_refusal_tells_how_long_to_wait(scene, server) -> None:
    server.faults.add(Fault("429", retry_after=7))
    failed = failure(scene[1], "getMe")
    assert isinstance(failed, ApiError)
    assert (failed.code, failed.retry_after) == (429, 7)


def test_a_refusal_tells_where_a_group_went(world, server) -> None:
    wang, bot = world.person("Wang"), world.bot("yaji_bot")
    group = world.group("Readers", owner=wang)
    wang.adds(bot, group)
    new = wang.upgrades(group)
    failed = failure(BotCalls(bot.token, api_url=server.url), "sendMessage", {"chat_id": group.id, "text": "x"})
    assert isinstance(failed, ApiError)
    assert (failed.code, failed.migrate_to) == (400, new.id)


def test_a_refusal_within_200(scene, server) -> None:
    server.faults.add(Fault("ok_false"))
    failed = failure(scene[1], "getMe")
    assert isinstance(failed, ApiError)
    assert (failed.code, failed.description) == (400, "Bad Request")


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "not_json"])
def test_a_lost_answer_is_said_to_be_lost(scene, server, kind) -> None:
    server.faults.add(Fault(kind))
    assert isinstance(failure(scene[1], "getMe"), AnswerLost)


def test_an_answer_that_is_too_late_is_lost(scene, server) -> None:
    server.faults.add(Fault("frozen"))
    (token,) = server.world.bots
    failed = failure(BotCalls(token, api_url=server.url, read_timeout=USUAL), "getMe")
    until(lambda: server.calls_of("getMe"))  # the server may be slower yet, and is not to meet the next test with it
    server.thaw()
    until(lambda: server.calls_of("getMe")[0].done)
    assert isinstance(failed, AnswerLost)
    assert "ReadTimeout" in str(failed)


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        pytest.param(http(502, b"<html>nginx</html>"), AnswerLost, None, id="a gateway's page"),
        pytest.param(http(200, b"<html>Wi-Fi</html>"), AnswerLost, None, id="a page instead of an answer"),
        pytest.param(http(200, b'{"ok":tr', "X: 1\r\n"), AnswerLost, None, id="half an answer"),
        pytest.param(http(200, b"[]"), AnswerLost, None, id="JSON of another kind"),
        pytest.param(http(302, b"", "Location: /\r\n"), ApiError, 302, id="elsewhere"),
        pytest.param(http(404, b'{"detail":"Not Found"}'), ApiError, 404, id="another service"),
        pytest.param(http(413, b"<html>"), ApiError, 413, id="too large for a proxy"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}", AnswerLost, None, id="cut in the middle"),
        pytest.param(b"", AnswerLost, None, id="closed without a word"),
        pytest.param(b"SSH-2.0-x\r\n", AnswerLost, None, id="no HTTP"),
    ],
)
def test_answers_that_are_not_the_bot_apis(answer, kind, code) -> None:
    failed, _ = answered(answer)
    assert type(failed) is kind
    if isinstance(failed, ApiError):
        assert (failed.code, failed.foreign) == (code, True)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"ok": true, "result": 1}', id="with spaces"),
        pytest.param(b'{"result":1,"ok":true}', id="in another order"),
        pytest.param(b'{"ok":true,"result":"\\ud83d"}', id="with half a surrogate pair"),
        pytest.param(b'{"result":"\\ud83d","ok":true}', id="with half a surrogate pair, in another order"),
    ],
)
def test_a_good_answer_in_another_form(body) -> None:
    assert answered(http(200, body))[0] == body


def test_nobody_listens_means_not_sent() -> None:
    nobody = HeldPort()
    assert isinstance(failure(BotCalls(TOKEN, api_url=f"http://{nobody.address}"), "getMe"), NotSent)


def test_no_free_connection_means_not_sent(scene, server) -> None:
    group, _ = scene
    (token,) = server.world.bots
    server.faults.add(Fault("frozen"), method="getMe")

    async def crowded() -> CallFailed | None:
        calls = BotCalls(token, api_url=server.url, pool=1, pool_timeout=0.1)
        first = asyncio.create_task(calls.call("getMe"))
        await eventually(lambda: server.calls_of("getMe"))
        try:
            await calls.call("getChat", {"chat_id": group.id})
        except CallFailed as failed:
            return failed
        finally:
            server.thaw()
            await first
            await calls.close()
        return None

    failed = asyncio.run(crowded())
    assert isinstance(failed, NotSent)
    assert server.calls_of("getChat") == []


def test_calls_after_the_end_are_not_sent(scene) -> None:
    async def late() -> None:
        await scene[1].close()
        await scene[1].call("getMe")

    with pytest.raises(NotSent, match="closed"):
        asyncio.run(late())


def test_calls_may_go_on_after_opening_again(scene) -> None:
    calls: BotCalls = scene[1]

    async def again() -> Me:
        await calls.close()
        await calls.open()
        try:
            return await calls.get_me()
        finally:
            await calls.close()

    assert asyncio.run(again()).username == "yaji_bot"


def test_a_long_poll_holds_up_no_message_and_outlasts_the_usual_patience(scene, server) -> None:
    group, _ = scene
    (bot,) = server.world.bots.values()
    bot.reads_all = True
    server.faults.add(Fault("frozen"), method="getMe")
    calls = BotCalls(bot.token, api_url=server.url, read_timeout=USUAL)

    async def both() -> bytes:
        poll = asyncio.create_task(calls.call("getUpdates", {"offset": bot.next_update, "timeout": 50}))
        await eventually(lambda: server.calls_of("getUpdates"))
        message = {"chat_id": group.id, "text": "x"}
        await asyncio.gather(*(calls.call("sendMessage", message, timeout=PATIENCE) for _ in range(3)))
        with pytest.raises(AnswerLost, match="ReadTimeout"):
            await calls.call("getMe")
        assert not poll.done()
        server.world.person("Li").joins(group)
        body = await poll
        await calls.close()
        return body

    body = asyncio.run(both())
    until(lambda: server.calls_of("getMe"))
    server.thaw()
    until(lambda: server.calls_of("getMe")[0].done)
    assert b'"new_chat_members"' in body


@pytest.mark.parametrize(
    ("token", "url", "words"),
    [
        pytest.param("", None, "bot token", id="no token"),
        pytest.param("42:AA/../x", None, "bot token", id="a token with a path in it"),
        pytest.param(TOKEN + "\n", None, "bot token", id="a token with a line end"),
        pytest.param(TOKEN, "api.telegram.org", "http", id="an address without http"),
        pytest.param(TOKEN, "http:///x", "http", id="an address without a host"),
    ],
)
def test_what_cannot_be_called_is_refused_at_once(token, url, words) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        BotCalls(token, api_url=url)
    assert "secret" not in str(caught.value)


def test_the_token_is_in_no_error_and_no_log(scene, server, caplog) -> None:
    group, calls = scene
    secret = calls._token  # the claim is that it shows nowhere else
    caplog.set_level(logging.DEBUG)
    server.faults.add(Fault("drop_after"), method="getMe")
    server.faults.add(Fault("refuse", code=400, description=f"Bad Request: {secret}"), method="getChat")
    nobody = HeldPort()
    nowhere = BotCalls(secret, api_url=f"http://{nobody.address}")
    texts = [repr(calls), str(vars(calls)["host"])]
    for failed in (failure(calls, "getMe"), failure(calls, "getChat", {"chat_id": group.id}), failure(nowhere, "x")):
        texts += [str(failed), repr(failed), repr(vars(failed)), "".join(traceback.format_exception(failed))]
        assert failed.__cause__ is None
        assert failed.__context__ is None
    texts += [record.getMessage() for record in caplog.records]
    assert [text for text in texts if secret in text or secret.partition(":")[2] in text] == []
