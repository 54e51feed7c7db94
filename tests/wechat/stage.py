"""Gateways for tests of both kinds, two rooms and two people, and an assistant that is logged in."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager

import pytest

from core.delivery import Destination
from core.people import Account
from tests.support.wechat import node
from tests.support.wechat.assistant import QUICK, assisted, running
from tests.support.wechat.fake import FakeGateway
from tests.support.wechat.world import ME

ROOM, OWN = "1@chatroom", "2@chatroom"
READING, WRITING = Destination("reading", ROOM), Destination("writing", OWN)
LI, HAN = Account("wechat:wxid_li"), Account("wechat:wxid_han")


@pytest.fixture(scope="module")
def kept():
    made = node.Kept()
    yield made
    made.close()


def in_python(certificate=None):
    return running(FakeGateway(certificate=certificate))


@pytest.fixture(params=["python", "javascript"])
def kind(request, kept):
    """What makes a gateway."""
    if request.param == "python":
        return in_python
    if (why := node.missing()) and not os.environ.get(node.REQUIRED):
        pytest.skip(why)

    @asynccontextmanager
    async def in_javascript(certificate=None):
        yield await kept.gateway(certificate)

    return in_javascript


@asynccontextmanager
async def serving(kind, **more):
    """A gateway that runs, before two rooms (the second is the account's own) and two people."""
    async with kind(**more) as gateway:
        await gateway.do("contact", id="wxid_li", name="李雷", friend=True)
        await gateway.do("contact", id="wxid_han", name="韩梅梅")
        await gateway.do("room", id=ROOM, topic="读书会", members={"wxid_li": "小李", "wxid_han": ""})
        await gateway.do("room", id=OWN, topic="写作会", members={"wxid_li": "", "wxid_han": ""}, owner=ME)
        yield gateway


@asynccontextmanager
async def stage(kind, *, timings=QUICK, **more):
    """The same, and an assistant that is logged in."""
    async with serving(kind, **more) as gateway, assisted(gateway.endpoint, timings=timings) as assistant:
        await assistant.ready()
        yield gateway, assistant
