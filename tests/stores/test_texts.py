"""Text that databases refuse must not stop anybody's event."""

from __future__ import annotations

import pytest

from core.effects import Say
from core.people import NOBODY, Account, ActorKind
from core.ports import AuditRow, DeadLetter, Newcomer, OutboxRow, RecordAt, TimerRow, Writes
from core.state import Slot
from tests.stores.people import START, fact, newcomer, seated
from tests.support.databases import SQL_STORES

WORD = Slot("tests.word", str)
NASTY = [
    ("half a pair \ud83d!", "half a pair \ufffd!"),
    ("nul \0 inside", "nul \ufffd inside"),
    ("汉字 \udc00 \0", "汉字 \ufffd \ufffd"),
    ("right to left \u202e and zero\u200bwidth", "right to left \u202e and zero\u200bwidth"),
    ("👩‍👩‍👧‍👦 ' \" \\ % ? ; -- $1", "👩‍👩‍👧‍👦 ' \" \\ % ? ; -- $1"),
    ("", ""),
    ("长" * 70_000, "长" * 70_000),
]
IDS = ["surrogate", "nul", "both", "controls", "signs", "empty", "long"]


@pytest.mark.parametrize(("told", "kept"), NASTY, ids=IDS)
@pytest.mark.parametrize("store", SQL_STORES, indirect=True)
def test_shown_text_is_kept_but_for_what_no_database_takes(store, told, kept):
    who = Newcomer(Account("telegram:1"), told, ActorKind.PERSON, told, told)
    [seat] = seated(store, who)
    seat.tags, seat.renamed = frozenset({told}), True
    say = Say(words=(told,))
    with store.unit() as unit:
        unit.lock(["g"])
        unit.save(
            Writes(
                seats=[("g", seat)],
                facts=[fact(seat.person, "k", reason=told)],
                records={RecordAt("g", seat.person, WORD.name): told},
                timers={("g", "w", "k"): TimerRow("g", "w", "k", START, None, {"text": told})},
                audit=[AuditRow(START, "g", "e", "rules", "links", NOBODY, "on", (told,), (told,))],
                outbox=[OutboxRow("e/1", START, "g", "e", "rules", "Say", say, None)],
            )
        )
        unit.find_named("g", [told.casefold()])
        unit.commit()
    store.bury([DeadLetter("e2", START, "g", told, told)])
    [member] = store.people("g")
    assert (member.name, member.language) == (kept, kept)
    assert [entry.reason for entry in store.facts("g")] == [kept]
    assert [letter.why for letter in store.dead_letters("g")] == [kept]
    json = {kept, told}
    assert set(member.tags) <= json
    assert {value for _, value in store.every_record("g", WORD)} <= json
    assert {timer.data["text"] for timer in store.timers("g")} <= json
    assert {row.because[0] for row in store.audit("g")} <= json
    assert {row.effect.words[0] for row in store.outbox("g")} <= json


@pytest.mark.parametrize("bad", ["\ud800", "\0", "x\udfff汉"], ids=["surrogate", "nul", "both"])
def test_ids_and_keys_stay_different_and_are_found_again(store, bad):
    odd = newcomer(f"7{bad}")
    plain = newcomer("7")
    [first, second] = seated(store, odd, plain)
    assert first.person != second.person
    with store.unit() as unit:
        unit.lock(["g"])
        assert unit.find("g", [odd.account])[odd.account].person == first.person
        assert unit.seats([("g", odd)])["g", odd.account].account == odd.account
        assert unit.unseen([f"e{bad}", "e"], START) == {f"e{bad}", "e"}
        assert unit.unseen([f"e{bad}", "e"], START) == set()
        unit.save(Writes(facts=[fact(first.person, f"k{bad}"), fact(first.person, "k")]))
        row = TimerRow("g", "w", f"k{bad}", START, None, {})
        unit.save(Writes(timers={("g", "w", row.key): row}))
        assert unit.timer_stands([row.due(START)]) == {row.due(START).id}
        unit.save(Writes(timers={("g", "w", row.key): None}))
        assert unit.timers_until(["g"], START) == []
        unit.commit()
    assert len(list(store.facts("g"))) == 2


def test_a_sentence_of_sql_is_a_name_like_any_other(store):
    name = "Robert'); DROP TABLE accounts;--"
    seated(store, newcomer("1'); DROP TABLE groups;--", name))
    assert [member.name for member in store.people("g")] == [name]
    assert list(store.people("g' OR '1'='1")) == []
