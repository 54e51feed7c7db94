"""The same suite over both gateways for tests: staying connected, and proof on both sides."""

from __future__ import annotations

import asyncio

import pytest

from adapters.wechat.endpoint import Endpoint, Tls
from adapters.wechat.failures import CredentialsRefused
from adapters.wechat.gateway import Gateway
from adapters.wechat.states import Connected, Disconnected, TakenOver, Trouble
from tests.support.wechat.assistant import QUICK, WARY, assisted, play
from tests.support.wechat.certificates import certificate
from tests.wechat.stage import ROOM, serving, stage

# Staying connected


def test_a_gateway_that_dies_is_found_again(kind) -> None:
    async def scene():
        async with stage(kind) as (gateway, assistant):
            await gateway.stop()
            await assistant.until(lambda: not assistant.gateway.connected)
            await gateway.start()
            await assistant.ready(2)
            return assistant.told(Disconnected), assistant.told(Connected)

    (lost,), (_, again) = play(scene())
    assert lost.trouble is Trouble.ENDED
    assert again.lost == lost.heard


def test_a_gateway_that_goes_deaf_is_left_and_heard_again(kind) -> None:
    async def scene():
        async with stage(kind, timings=WARY) as (gateway, assistant):
            await gateway.do("deafen", deaf=True)
            await assistant.until(lambda: assistant.told(Disconnected))
            await gateway.do("deafen", deaf=False)
            await assistant.ready(2)
            await gateway.do("posts", talker="wxid_li", text="听见了", room=ROOM)
            await assistant.until(lambda: "听见了" in assistant.texts())
            return assistant.told(Disconnected)[0].trouble, await gateway.calls()

    trouble, calls = play(scene())
    assert trouble is Trouble.DEAF
    assert "Stop" not in calls  # its session went on


class Pauses:
    """Counts how often somebody had to wait before trying again."""

    def __init__(self) -> None:
        self.count = 0

    async def __call__(self, seconds: float) -> None:
        self.count += 1
        await asyncio.sleep(seconds)


def test_two_clients_take_the_gateway_from_each_other_once_at_most(kind) -> None:
    async def scene():
        one, two = Pauses(), Pauses()
        async with (
            serving(kind) as gateway,
            assisted(gateway.endpoint, pause=one) as first,
            assisted(gateway.endpoint, pause=two) as second,
        ):
            await first.until(lambda: max(one.count, two.count) >= 15)
            return first, second, first.gateway.connected != second.gateway.connected

    first, second, apart = play(scene())
    assert {len(first.told(TakenOver)), len(second.told(TakenOver))} <= {0, 1}
    assert len(first.told(TakenOver)) + len(second.told(TakenOver)) >= 1
    assert apart


# Proof on both sides


def test_the_gateway_proves_itself_and_the_token_is_shown_to_it(kind) -> None:
    async def scene():
        async with stage(kind, certificate=certificate()) as (gateway, assistant):
            await gateway.do("posts", talker="wxid_li", text="安全", room=ROOM)
            await assistant.until(lambda: assistant.texts() == ["安全"])

    play(scene())


STRANGERS = [
    pytest.param(Tls(authorities=certificate(authority="another").authority, name="gateway.test"), id="authority"),
    pytest.param(Tls(authorities=certificate().authority, name="elsewhere.test"), id="name"),
    pytest.param(Tls(), id="system's authorities"),
]


@pytest.mark.parametrize("tls", STRANGERS)
def test_whoever_does_not_prove_to_be_the_gateway_is_told_nothing(kind, tls) -> None:
    async def scene():
        async with serving(kind, certificate=certificate()) as gateway:
            there = Endpoint(host="127.0.0.1", port=gateway.port, token="secret", tls=tls)
            async with assisted(there) as assistant:
                await assistant.until(lambda: assistant.told(Disconnected))
                return assistant.told(Disconnected)[0].trouble, await gateway.calls()

    assert play(scene()) == (Trouble.UNTRUSTED, [])


def test_a_gateway_without_tls_is_not_spoken_to_where_tls_is_asked_for(kind) -> None:
    async def scene():
        async with serving(kind) as gateway:
            there = Endpoint(host="127.0.0.1", port=gateway.port, token="secret", tls=certificate().tls)
            async with assisted(there) as assistant:
                await assistant.until(lambda: assistant.told(Disconnected))
                return assistant.told(Connected), await gateway.calls()

    assert play(scene()) == ([], [])


@pytest.mark.parametrize("secured", [False, True], ids=["plain", "secured"])
def test_a_wrong_token_is_not_tried_again(kind, secured) -> None:
    async def scene():
        async with serving(kind, certificate=certificate() if secured else None) as gateway:
            right = gateway.endpoint
            wrong = Endpoint(host=right.host, port=right.port, token="guessed", tls=right.tls)
            await Gateway(wrong, timings=QUICK).run(lambda happening: asyncio.sleep(0))

    with pytest.raises(CredentialsRefused, match="does not accept the token"):
        play(scene())
