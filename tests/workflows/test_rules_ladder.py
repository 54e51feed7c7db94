"""Warnings: one ledger, a burst counts once, they expire, and the ladder is climbed by those that are live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from core.effects import Ban, Mute, plain
from core.engine import Engine
from core.events import ButtonPressed, Instructed
from core.memory import MemoryStore, MemoryUnit
from core.workflow import Bound
from tests.workflows.rules_chat import ANA, BEN, BOSS, CHANNEL, CLEO, START, Chat, rule, rules
from workflows import tiers
from workflows.tier_options import Tiers

DAY = 86_400
STEPS = {2: {"mute": "1h"}, 3: {"mute": "1d"}, 4: {"propose": "ban"}}
ADS = rules(
    lists={"ads": ["代购"]},
    rules=[
        rule(id="ads", words="ads", then=["delete", {"warn": {"zh": "请勿发广告", "en": "no ads"}}], escalate=STEPS)
    ],
)


def climbed(*seconds: float, options: Any = ADS) -> list[tuple[str, ...]]:
    chat = Chat(options)
    for at in seconds:
        chat.says(ANA, "代购", at)
    return [then for _, _, then in chat.done()]


def test_the_ladder_over_time() -> None:
    assert climbed(0, 100, 200, 300, 400) == [
        ("delete", "warn"),
        ("delete", "warn", "mute 1h"),
        ("delete", "warn", "mute 1d"),
        ("delete", "warn", "propose ban"),
        ("delete", "warn"),
    ]


def test_past_the_last_step_the_last_one_is_repeated() -> None:
    options = rules(rules=[rule(then=["warn"], escalate={2: {"mute": "1h"}})])
    assert climbed(0, 100, 200, options=options) == [("warn",), ("warn", "mute 1h"), ("warn", "mute 1h")]


def test_a_gap_between_steps_keeps_the_lower_one() -> None:
    options = rules(rules=[rule(then=["warn"], escalate={1: {"mute": "5m"}, 3: "ban"})])
    assert climbed(0, 100, 200, options=options) == [("warn", "mute 5m"), ("warn", "mute 5m"), ("warn", "ban")]


def test_the_words_of_a_step_know_who_and_what_they_are_about() -> None:
    step = {"reply": "${member.name} wrote ${msg.text} in ${group.name}, with ${member.warnings} before"}
    chat = Chat(rules(rules=[rule(then=["warn"], escalate={1: step})]))
    chat.says(ANA, "hello")
    chat.run()
    said = [plain(row.effect.words) for row in chat.store.outbox("g") if hasattr(row.effect, "words")]
    assert said[0] == "ana wrote hello in g, with 0 before"


def test_five_messages_in_a_second_are_one_warning_and_all_are_deleted() -> None:
    assert climbed(0, 0.2, 0.4, 0.6, 0.8) == [("delete", "warn"), *[("delete",)] * 4]


def test_a_burst_is_one_warning_over_all_rules() -> None:
    chat = Chat(rules(rules=[rule(id="a", then=["warn"]), rule(id="b", then=["warn"])]))
    chat.says(ANA, "x")
    assert [then for _, _, then in chat.done()] == [("warn",), ()]
    assert len(chat.ledger("warning")) == 1


def test_the_cooldown_ends_after_a_minute() -> None:
    assert climbed(0, 59.9, 60) == [("delete", "warn"), ("delete",), ("delete", "warn", "mute 1h")]


def test_a_warning_expires_and_stays_as_history() -> None:
    chat = Chat(ADS)
    for day in (0, 29, 31, 62):
        chat.says(ANA, "代购", day * DAY)
    assert [then for _, _, then in chat.done()] == [
        ("delete", "warn"),
        ("delete", "warn", "mute 1h"),
        ("delete", "warn", "mute 1h"),
        ("delete", "warn"),
    ]
    assert len(chat.ledger("warning")) == 4


def test_a_rule_can_say_how_long_its_warnings_count() -> None:
    options = rules(rules=[rule(then=[{"warn": {"text": "no", "expires": "2d"}}], escalate={2: {"mute": "1h"}})])
    assert climbed(0, 3 * DAY, options=options) == [("warn",), ("warn",)]


def test_an_edit_is_not_warned_about_twice() -> None:
    chat = Chat(ADS)
    message = chat.says(ANA, "代购")
    chat.edits(ANA, message, "代购 代购", 500)
    assert [then for _, _, then in chat.done()] == [("delete", "warn")]


def test_the_member_hears_why_in_their_language_and_the_admins_see_the_evidence_first() -> None:
    from dataclasses import replace

    chat = Chat(ADS, language="zh")
    english = replace(ANA, language="en")
    chat.says(english, "代购")
    chat.says(english, "代购!", 100)
    assert chat.said() == [
        "@ana no ads (warning 1, counts for 30 d)",
        "@ana no ads (warning 2, counts for 30 d). Muted for 1 h.",
    ]
    kinds = [row.kind for row in chat.store.outbox("g") if row.event == "m2"]
    assert kinds == ["TellAdmins", "Delete", "Mute", "Say"]
    (told,) = chat.effects("TellAdmins")
    assert told.evidence == "2"
    assert "ana" in plain(told.words)
    assert "请勿发广告" in plain(told.words)
    assert "> 代购!" in plain(told.words)


def test_a_rule_without_a_reason_tells_its_name() -> None:
    chat = Chat(rules(rules=[rule(name={"zh": "安静", "en": "Quiet please"}, then=["warn"])]))
    chat.says(ANA, "x")
    assert chat.said()[0].startswith("@ana Quiet please (warning 1")


def test_a_sanction_without_a_warning_is_explained_too() -> None:
    chat = Chat(rules(rules=[rule(name="No noise", then=[{"mute": "2h"}])]))
    chat.says(ANA, "x")
    assert chat.said()[0].startswith("@ana No noise. Muted for 2")


def test_a_channel_is_warned_and_never_muted() -> None:
    chat = Chat(ADS)
    chat.says(CHANNEL, "代购")
    chat.says(CHANNEL, "代购", 100)
    assert [then for _, _, then in chat.done()] == [("delete", "warn"), ("delete", "warn")]
    assert "no mute: a channel writes or is banned" in chat.why()[1]


def instructed(n: int, verb: str, target: Any, at: float, reason: str = "", **arguments: object) -> Instructed:
    when = START + timedelta(seconds=at)
    return Instructed(
        id=f"i{n}", at=when, group="g", actor=BOSS, workflow="rules", verb=verb, target=target, reason=reason,
        arguments=arguments,
    )  # fmt: skip


@pytest.mark.parametrize("first", ["the admin's", "the rule's"])
def test_an_admins_warning_is_no_part_of_a_burst(first: str) -> None:
    chat = Chat(ADS)
    chat.says(ANA, "hello")
    chat.add(instructed(1, "warn", ANA, 10 if first == "the admin's" else 30, "be kind"))
    chat.says(ANA, "代购", 20)
    assert sorted(chat.ledger("warning"), key=str) == [("ana", 1, "boss"), ("ana", 1, None)]


def test_nobody_is_warned_twice_about_one_message_however_long_ago_it_was() -> None:
    chat = Chat(rules(lists={"ads": ["代购"]}, rules=[rule(words="ads", then=[{"warn": "no ads"}])]))
    first, *_ = [chat.says(ANA, "代购", 100 * n) for n in range(25)]
    chat.edits(ANA, first, "代购！", 100 * 25)
    assert len(chat.ledger("warning")) == 25


def test_admins_warnings_and_automatic_ones_are_one_ledger() -> None:
    chat = Chat(ADS)
    chat.says(ANA, "hello")
    chat.add(instructed(1, "warn", ANA, 10, "be kind"))
    chat.says(ANA, "代购", 100)
    assert [then for _, _, then in chat.done()] == [("warn",), ("delete", "warn", "mute 1h")]
    assert chat.ledger("warning") == [("ana", 1, "boss"), ("ana", 1, None)]


def test_forgiving_takes_one_back_and_twice_does_no_harm() -> None:
    chat = Chat(ADS)
    chat.says(ANA, "代购")
    for n in (1, 2):
        chat.add(instructed(n, "forgive", ANA, 10 + n))
    chat.says(ANA, "代购", 100)
    assert [then for _, _, then in chat.done()] == [
        ("delete", "warn"),
        ("forgive",),
        ("tell admins",),
        ("delete", "warn"),
    ]
    assert chat.why()[2] == ("not done: there is no warning to forgive",)


def test_staff_cannot_be_acted_on() -> None:
    chat = Chat(ADS)
    chat.says(BOSS, "hello")
    chat.add(instructed(1, "ban", BOSS, 10))
    assert chat.why() == [("not done: staff cannot be acted on",)]
    assert chat.said("TellAdmins") == ["boss is an admin, and the rules do not touch admins. Nothing was done."]
    assert len(chat.effects()) == 1


@pytest.mark.parametrize(
    ("verb", "target", "arguments", "en", "zh"),
    [
        pytest.param(
            "wran",
            ANA,
            {},
            'The rules know no order "wran". There are approve, ban,',
            "规则没有「wran」这个指令，可用：approve, ban,",
            id="no such order",
        ),
        pytest.param(
            "ban",
            None,
            {},
            "The order names no member, so nothing was done.",
            "没说是对哪位成员，什么都没做。",
            id="nobody",
        ),
        pytest.param(
            "mute",
            ANA,
            {"for": "soon"},
            '"soon" is no length of time, so nothing was done. Write it like 30m, 12h or 7d.',
            "「soon」不是一段时长，什么都没做。请写成 30m、12h、7d 这样。",
            id="no span",
        ),
        pytest.param(
            "warn",
            ANA,
            {"expires": "0s"},
            '"0s" is no length of time, so',
            "「0s」不是一段时长",
            id="expires at once",
        ),
        pytest.param(
            "forgive",
            ANA,
            {},
            "ana has no warning that still counts. Nothing was done.",
            "ana 没有有效的警告，不用撤销。",
            id="nothing to forgive",
        ),
    ],
)
def test_a_refused_order_is_told_to_the_admins_in_their_language(verb, target, arguments, en, zh) -> None:
    for language, sentence in (("en", en), ("zh", zh)):
        chat = Chat(ADS, language=language)
        chat.says(ANA, "hello")
        chat.add(instructed(1, verb, target, 10, **arguments))
        [told] = chat.said("TellAdmins")
        assert told.startswith(sentence)
        assert chat.why()[-1][0].startswith("not done: ")


def pressed(n: int, who: Any, data: str, at: float) -> ButtonPressed:
    return ButtonPressed(id=f"p{n}", at=START + timedelta(seconds=at), group="g", actor=who, data=data)


def proposed(*presses: tuple[Any, str]) -> Chat:
    chat = Chat(rules(rules=[rule(when="message", then=[{"propose": "ban"}], **{"if": 'msg.text == "spam"'})]))
    chat.says(ANA, "spam")
    chat.says(BEN, "hello")
    chat.run()
    (question,) = chat.effects("TellAdmins")
    data = {choice.data.split(":")[1]: choice.data for choice in question.choices}
    for n, (who, answer) in enumerate(presses):
        chat.add(pressed(n, who, data[answer], 100 + n))
    chat.done()
    return chat


def test_nothing_happens_without_a_yes() -> None:
    assert proposed().effects("Ban") == []
    assert proposed((BOSS, "no")).effects("Ban") == []
    assert proposed((BOSS, "yes")).effects("Ban") == [Ban(member=ANA.account, heard="admins")]


@pytest.mark.parametrize(
    ("presses", "bans"),
    [
        pytest.param([(BEN, "yes")], 0, id="a member cannot say yes"),
        pytest.param([(ANA, "no"), (BOSS, "yes")], 1, id="nor can the accused say no"),
        pytest.param([(BOSS, "yes"), (BOSS, "yes")], 1, id="yes twice is once"),
        pytest.param([(BOSS, "no"), (BOSS, "yes")], 0, id="the first answer counts"),
    ],
)
def test_who_answers_a_proposal(presses: list[tuple[Any, str]], bans: int) -> None:
    assert len(proposed(*presses).effects("Ban")) == bans


@pytest.mark.parametrize(("days", "bans"), [(13, 1), (15, 0)], ids=["within two weeks", "later"])
def test_a_proposal_that_nobody_answered_for_two_weeks_is_over(days: int, bans: int) -> None:
    chat = proposed()
    (question,) = chat.effects("TellAdmins")
    chat.add(pressed(1, BOSS, question.choices[0].data, days * DAY))
    assert len([row for row in chat.done() if row[2] == ("ban",)]) == bans
    assert len(chat.effects("Ban")) == bans


def test_a_yes_does_nothing_to_somebody_who_is_staff_by_now() -> None:
    chat = proposed()
    (question,) = chat.effects("TellAdmins")
    chat.group = replace(chat.group, staff=frozenset((BOSS.account, ANA.account)))
    chat.engine = Engine(chat.store, {"g": chat.group})
    chat.add(pressed(1, BOSS, question.choices[0].data, 100))
    assert chat.done()[-1][2] == ("not ban",)
    assert chat.effects("Ban") == []


def test_the_same_thing_is_not_proposed_twice_while_it_is_open() -> None:
    chat = Chat(rules(rules=[rule(then=[{"propose": "ban"}])]))
    chat.says(ANA, "a")
    chat.says(ANA, "b", 500)
    chat.says(CLEO, "c", 600)
    assert [then for _, _, then in chat.done()] == [("propose ban",), (), ("propose ban",)]


def test_a_mute_comes_back_on_rejoining_and_the_admins_hear_of_it() -> None:
    chat = Chat(rules(rules=[rule(then=[{"mute": "1h"}])]))
    chat.says(ANA, "x")
    chat.joins(ANA, 1200)
    chat.joins(ANA, 7200)
    chat.done()
    assert chat.effects("Mute") == [
        Mute(member=ANA.account, span=timedelta(hours=1), announced=True, heard="report"),
        Mute(member=ANA.account, span=timedelta(minutes=40), heard="report"),
    ]
    assert "joined again while muted" in chat.said("TellAdmins")[-1]


def test_a_ban_ends_a_mute() -> None:
    chat = Chat(rules(rules=[rule(then=[{"mute": "1h"}])]))
    chat.says(ANA, "x")
    chat.add(instructed(1, "ban", ANA, 10), instructed(2, "unban", ANA, 20))
    chat.joins(ANA, 30)
    chat.done()
    assert len(chat.effects("Mute")) == 1


class Counted(MemoryUnit):
    """Counts how often records and sums are asked for."""

    asked: ClassVar[Counter[str]] = Counter()

    def records(self, wanted: Any) -> Any:
        self.asked["records"] += 1
        return super().records(wanted)

    def balances(self, wanted: Any) -> Any:
        self.asked["balances"] += 1
        return super().balances(wanted)


class Counting(MemoryStore):
    @contextmanager
    def unit(self, *, lasting: bool = True) -> Iterator[MemoryUnit]:
        with super().unit(lasting=lasting):
            yield Counted(self)


def test_what_follows_from_the_warnings_of_a_batch_is_read_with_it() -> None:
    ladder = Tiers.model_validate({"tiers": {"new": {"from": 0}, "old": {"from": 100}}})
    chat = Chat(rules(rules=[rule(then=["warn"])]), beside=(Bound(tiers.workflow, ladder),))
    chat.engine = Engine(Counting(), {"g": chat.group})
    for who in (ANA, BEN, CLEO):
        chat.joins(who)
    chat.run()
    Counted.asked.clear()
    for who in (ANA, BEN, CLEO):
        chat.says(who, "x", 1)
    chat.run()
    assert Counted.asked == {"records": 1, "balances": 1}
