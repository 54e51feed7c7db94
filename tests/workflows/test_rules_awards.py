"""Points given and taken by rules: who gets them, the caps, and what farming comes to."""

from __future__ import annotations

from typing import Any

import pytest

from core.events import Reply
from core.memory import MemoryUnit
from core.people import Actor
from core.workflow import Bound
from tests.workflows.rules_chat import ANA, BEN, BOSS, CHANNEL, CLEO, DAN, GHOST, ROBOT, Chat, rule, rules
from workflows.tiers import Tiers
from workflows.tiers import workflow as tier_workflow

HOUR, DAY = 3600, 86_400
THANKS = "(?i)\\\\b(thanks|thank you|thx|ty)\\\\b|谢谢|感谢"
CONDITION = f'msg.mentions.size() > 0 && msg.text.matches("{THANKS}")'


def thanks(**points: Any) -> Any:
    award = {"to": "mentioned", "add": 1, **points}
    return rules(rules=[rule(id="thanks", **{"if": CONDITION}, then=[{"points": award}, {"react": "👍"}])])


def thanked(chat: Chat, giver: Actor, *to: Actor, at: float = 0, **told: Any) -> str:
    return chat.says(giver, "thanks " + " ".join(f"@{one.name}" for one in to), at, mentions=to, **told)


def test_the_thanks_rule_of_the_dialect() -> None:
    chat = Chat(thanks(cap_per_day=10))
    thanked(chat, ANA, BEN, CLEO, BEN)
    chat.says(DAN, "谢谢 @ana", 5, mentions=(ANA,))
    chat.says(DAN, "good work @ana", 6, mentions=(ANA,))
    chat.says(DAN, "thanks everybody", 7)
    chat.says(DAN, "an empty city @ana", 8, mentions=(ANA,))
    assert chat.ledger() == [("ben", 1, "ana"), ("cleo", 1, "ana"), ("ana", 1, "dan")]
    assert [fact.reason for fact in chat.store.facts("g")] == ["mentioned"] * 3
    assert chat.done()[0] == ("m1", "thanks", ("points +1", "react 👍"))


@pytest.mark.parametrize(
    ("giver", "receiver"),
    [
        pytest.param(ANA, ANA, id="oneself"),
        pytest.param(ANA, ROBOT, id="a bot"),
        pytest.param(ANA, CHANNEL, id="a channel"),
        pytest.param(ANA, BOSS, id="staff"),
        pytest.param(ROBOT, ANA, id="from a bot"),
        pytest.param(CHANNEL, ANA, id="from a channel"),
        pytest.param(GHOST, ANA, id="from an anonymous admin"),
    ],
)
def test_who_earns_nothing(giver: Actor, receiver: Actor) -> None:
    chat = Chat(thanks())
    thanked(chat, giver, receiver)
    assert chat.ledger() == []


def test_staff_give_and_receive_where_the_rule_says_so() -> None:
    chat = Chat(thanks(staff=True))
    thanked(chat, BOSS, ANA)
    thanked(chat, ANA, BOSS, at=5)
    assert chat.ledger() == [("ana", 1, "boss"), ("boss", 1, "ana")]


def test_a_second_account_of_oneself_earns_nothing() -> None:
    from core.events import MemberRenamed
    from tests.workflows.rules_chat import START, actor

    chat = Chat(thanks())
    other = actor("ana2")
    chat.says(ANA, "hello")
    chat.add(MemberRenamed(id="n", at=START, group="g", actor=other, was=ANA.account))
    thanked(chat, ANA, other, at=5)
    assert chat.ledger() == []


def test_as_thanks_also_counts_who_was_helped() -> None:
    chat = Chat(thanks(**{"as": "thanks"}))
    thanked(chat, ANA, BEN)
    assert chat.ledger("thanks") == [("ben", 1, "ana")]
    assert chat.ledger() == [("ben", 1, "ana")]


def test_the_verb_thank_is_the_same_in_one_word() -> None:
    chat = Chat(rules(rules=[rule(**{"if": CONDITION}, then=["thank"])]))
    thanked(chat, ANA, BEN)
    assert chat.ledger("thanks") == chat.ledger() == [("ben", 1, "ana")]


def test_edits_earn_nothing() -> None:
    chat = Chat(thanks())
    message = chat.says(ANA, "hello")
    chat.edits(ANA, message, "thanks @ben", 5, mentions=(BEN,))
    assert chat.ledger() == []
    assert chat.done() == []


def test_the_cap_of_a_giver_over_a_day_boundary() -> None:
    # The group's day ends at 16:00 UTC; the chat starts at 02:00 UTC.
    chat = Chat(thanks(cap_per_day=2))
    for n, at in enumerate((13 * HOUR, 13.5 * HOUR, 13.9 * HOUR, 14 * HOUR, 15 * HOUR, 16 * HOUR)):
        thanked(chat, ANA, (BEN, CLEO, DAN)[n % 3], at=at)
    assert [receiver for receiver, _, _ in chat.ledger()] == ["ben", "cleo", "ben", "cleo"]
    assert "gave 2 of 2 today" in chat.why()[2]


def test_the_cap_holds_within_one_message_too() -> None:
    chat = Chat(thanks(cap_per_day=2))
    thanked(chat, ANA, BEN, CLEO, DAN)
    assert len(chat.ledger()) == 2


def test_the_cap_of_a_pair() -> None:
    chat = Chat(thanks(per_pair_per_day=1))
    for at, to in ((0, BEN), (60, BEN), (120, CLEO), (15 * HOUR, BEN)):
        thanked(chat, ANA, to, at=at)
    assert [receiver for receiver, _, _ in chat.ledger()] == ["ben", "cleo", "ben"]
    assert "gave the same person 1 of 1 today" in chat.why()[1]


def test_a_pair_waits_as_long_as_the_rule_says() -> None:
    chat = Chat(thanks(pair_cooldown="7d"))
    for day in (0, 3, 6.9, 7):
        thanked(chat, ANA, BEN, at=day * DAY)
    assert len(chat.ledger()) == 2


def test_the_cap_of_a_receiver() -> None:
    chat = Chat(thanks(cap_received_per_day=2))
    for n, giver in enumerate((ANA, CLEO, DAN)):
        thanked(chat, giver, BEN, at=n)
    assert [giver for _, _, giver in chat.ledger()] == ["ana", "cleo"]


def test_a_farming_ring_gets_little() -> None:
    chat = Chat(thanks(per_pair_per_day=1, not_back_within="1d", cap_received_per_day=3))
    ring = (ANA, BEN, CLEO)
    for n in range(60):
        thanked(chat, ring[n % 3], ring[(n + 1) % 3], at=n * 10)
        thanked(chat, ring[(n + 1) % 3], ring[n % 3], at=n * 10 + 5)
    assert sorted(chat.ledger()) == [("ana", 1, "cleo"), ("ben", 1, "ana"), ("cleo", 1, "ben")]


def test_points_for_what_one_does_have_a_cap_of_their_own() -> None:
    options = rules(rules=[rule(**{"if": "msg.length >= 10"}, then=[{"points": {"add": 2, "cap_per_day": 4}}])])
    chat = Chat(options)
    for n in range(4):
        chat.says(ANA, "a long enough text", n)
    chat.says(ANA, "hi", 10)
    assert chat.ledger() == [("ana", 2, None), ("ana", 2, None)]


def test_whoever_is_answered() -> None:
    options = rules(rules=[rule(**{"if": 'msg.text == "+1"'}, then=[{"points": {"to": "replied", "add": 1}}])])
    chat = Chat(options)
    message = chat.says(BEN, "the answer is 42")
    chat.says(ANA, "+1", 5, reply_to=Reply(message=message, author=BEN))
    chat.says(BEN, "+1", 6, reply_to=Reply(message=message, author=BEN))
    assert chat.ledger() == [("ben", 1, "ana")]


def test_a_reaction_counts_once_however_often_it_is_put() -> None:
    options = rules(
        rules=[rule(when="reaction", **{"if": '"👍" in event.emoji'}, then=[{"points": {"to": "author", "add": 1}}])]
    )
    chat = Chat(options)
    message = chat.says(BEN, "a good answer")
    for at, emoji in ((5, ("👍",)), (6, ()), (7, ("👍",)), (8, ("👍", "❤"))):
        chat.reacts(ANA, message, BEN, at, *emoji)
    chat.reacts(BEN, message, BEN, 9, "👍")
    chat.reacts(CLEO, message, BEN, 10, "👍")
    assert chat.ledger() == [("ben", 1, "ana"), ("ben", 1, "cleo")]


def test_whoever_invited() -> None:
    options = rules(rules=[rule(when="join", then=[{"points": {"to": "inviter", "add": 3}}])])
    chat = Chat(options)
    chat.joins(ANA, by=BEN)
    chat.joins(CLEO, 5, by=CLEO)
    assert chat.ledger() == [("ben", 3, "ana")]


def test_taking_never_goes_below_zero() -> None:
    options = rules(
        rules=[
            rule(id="give", **{"if": 'msg.text == "give"'}, then=[{"points": 3}]),
            rule(id="take", **{"if": 'msg.text == "take"'}, then=[{"points": -5}]),
        ]
    )
    chat = Chat(options)
    for n, text in enumerate(("take", "give", "take", "take")):
        chat.says(ANA, text, n)
    assert [amount for _, amount, _ in chat.ledger()] == [3, -3]
    assert "there are no points to take" in chat.why()[0]


def test_two_awards_of_one_rule_are_two_facts() -> None:
    options = rules(rules=[rule(**{"if": CONDITION}, then=[{"points": {"to": "mentioned", "add": 2}}, {"points": 1}])])
    chat = Chat(options)
    thanked(chat, ANA, BEN)
    assert sorted(chat.ledger(), key=str) == [("ana", 1, None), ("ben", 2, "ana")]


def test_what_several_thanks_lead_to_is_read_for_all_of_them_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tiers = Tiers.model_validate({"tiers": {"seed": {"from": 0}, "tree": {"from": 100}}})
    chat = Chat(thanks(), beside=(Bound(tier_workflow, tiers),))
    for one in (BEN, CLEO, DAN):
        chat.joins(one)
    chat.run()
    sums: list[object] = []
    balances = MemoryUnit.balances

    def watched(unit: MemoryUnit, wanted: Any) -> Any:
        sums.append(wanted)
        return balances(unit, wanted)

    monkeypatch.setattr(MemoryUnit, "balances", watched)
    for n, one in enumerate((BEN, CLEO, DAN)):
        thanked(chat, ANA, one, at=60 + n)
    assert chat.ledger() == [("ben", 1, "ana"), ("cleo", 1, "ana"), ("dan", 1, "ana")]
    assert len(sums) == 1
