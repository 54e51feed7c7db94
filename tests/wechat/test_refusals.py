"""What a gateway's errors mean: each known text, and what stands in for those that are not known."""

from __future__ import annotations

import pytest

from adapters.wechat.failures import AnswerLost, Broken, NotSent, Refused
from adapters.wechat.refusals import answer_to, pause_after
from core.delivery import Done, Later, Never, Refusal, Unsure
from core.effects import Remove, Say
from core.people import Account

LI = Account("wechat:wxid_li")
SAY, PRIVATE, PICTURE = Say(words=("hi",)), Say(words=("hi",), to=LI), Say(words=("hi",), picture=b"png")
REMOVE = Remove(member=LI)

NEVER = [
    (SAY, "UNKNOWN", "Error: no payload found for id 1@chatroom", Refusal.NOT_THERE, None),
    (SAY, "UNKNOWN", "Error: room not found", Refusal.NOT_THERE, None),
    (PRIVATE, "UNKNOWN", "Error: no payload found for id wxid_li", Refusal.UNREACHABLE, None),
    (PRIVATE, "UNKNOWN", "Error: not friend", Refusal.UNREACHABLE, None),
    (PRIVATE, "UNKNOWN", "小李开启了朋友验证，你还不是他（她）朋友", Refusal.UNREACHABLE, None),
    (PRIVATE, "UNKNOWN", "消息已发出，但被对方拒收了。", Refusal.UNREACHABLE, None),
    (REMOVE, "UNKNOWN", "Error: the room is not mine", Refusal.NO_RIGHT, "remove"),
    (REMOVE, "UNKNOWN", "只有群主才能移除成员", Refusal.NO_RIGHT, "remove"),
    (SAY, "UNAUTHENTICATED", 'Invalid Wechaty TOKEN "x"', Refusal.CREDENTIALS, None),
    (SAY, "UNIMPLEMENTED", "The server does not implement the method", Refusal.UNABLE, None),
    (PICTURE, "UNKNOWN", "Error: sending files is not supported by this puppet", Refusal.UNABLE, "picture"),
    (PICTURE, "RESOURCE_EXHAUSTED", "Received message larger than max (5592600 vs 4194304)", Refusal.UNABLE, "picture"),
    (SAY, "RESOURCE_EXHAUSTED", "Received message larger than max (5592600 vs 4194304)", Refusal.MALFORMED, None),
]


@pytest.mark.parametrize(("effect", "status", "text", "refusal", "needs"), NEVER, ids=[case[2] for case in NEVER])
def test_never(effect, status, text, refusal, needs) -> None:
    assert answer_to(Refused(status, text), effect) == Never(refusal=refusal, why=f"{status}: {text}", needs=needs)


LATER = [
    ("UNKNOWN", "Error: not logged in", 30),
    ("UNKNOWN", "操作过于频繁，请稍后再试。", 1800),
    ("UNKNOWN", "Error: ret: 1205", 1800),
    ("UNAVAILABLE", "The puppet is starting", 5),
]


@pytest.mark.parametrize(("status", "text", "seconds"), LATER, ids=[case[1] for case in LATER])
def test_later_for_the_whole_account(status, text, seconds) -> None:
    answer = answer_to(Refused(status, text), SAY)
    assert isinstance(answer, Later)
    assert (answer.after.total_seconds(), answer.whole_bot) == (seconds, True)


def test_without_a_connection_nothing_happened() -> None:
    answer = answer_to(NotSent("connection refused"), SAY)
    assert isinstance(answer, Later)
    assert answer.whole_bot


@pytest.mark.parametrize(
    "failed",
    [
        pytest.param(AnswerLost("no answer within the deadline"), id="no answer"),
        pytest.param(Broken("Connection lost"), id="the connection broke"),
        pytest.param(Refused("UNKNOWN", "Error: Protocol error (Runtime.callFunctionOn): timeout"), id="unknown words"),
        pytest.param(Refused("INTERNAL", "stream closed"), id="an error of the gateway's own"),
    ],
)
def test_nobody_knows(failed) -> None:
    assert isinstance(answer_to(failed, SAY), Unsure)


def test_somebody_who_is_not_there_need_not_be_removed() -> None:
    assert isinstance(answer_to(Refused("UNKNOWN", "Error: member not found"), REMOVE), Done)


@pytest.mark.parametrize(
    ("error", "minutes"),
    [
        ("操作过于频繁，请稍后再试", 30),
        ("Error: frequency limit reached", 30),
        ("your account is blocked", 30),
        ("the browser crashed", 1),
        ("", 1),
        ("Error: not logged in", 0.5),
        ("Error: room not found", 0),
        ("sending files is not supported by this puppet", 0),
    ],
)
def test_an_error_that_the_gateway_tells_by_itself_silences_for_as_long_as_it_means(error, minutes):
    assert pause_after(error).total_seconds() == minutes * 60
