"""Everything about one person, and nothing of anybody else, from every store."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from adapters.sql import SqlStore
from core.directory import Directory
from core.dossier import Dossiers
from core.effects import Mention, Say
from core.memory import MemoryStore
from core.memory_directory import MemoryDirectory
from core.memory_dossier import MemoryDossiers
from core.people import NOBODY, Account
from core.ports import AuditRow, DayAt, Newcomer, OutboxRow, RecordAt, TaskRow, TimerRow, Writes
from core.state import HOUSE, Day, Slot
from tests.stores.people import START, TODAY, fact, newcomer, posted, seated
from workflows.identity_offers import OFFERS, Home, Offer, Offers
from workflows.question_book import QUESTIONS, Open, Questions
from workflows.quiet_wishes import QUIET, Quiet
from workflows.topics import HEARD, TOPICS, Heard, Said, Topics

LATER = START + timedelta(days=1)
LI, WANG = Account("telegram:4000001"), Account("telegram:4000002")


def dossiers(store: MemoryStore | SqlStore) -> Dossiers:
    return MemoryDossiers(store) if isinstance(store, MemoryStore) else store.dossiers()


def directory(store: MemoryStore | SqlStore) -> Directory:
    return MemoryDirectory(store) if isinstance(store, MemoryStore) else store.directory()


def said(id_: str, effect: Say, group: str = "g") -> OutboxRow:
    return OutboxRow(id_, START, group, "e", "members", "Say", effect, None, "telegram")


def settled(store: MemoryStore | SqlStore):
    """Li and Wang in one group, Li in another one too; something of each kind about both."""
    li, wang = seated(store, newcomer(4000001, "Li", username="li", language="zh"), newcomer(4000002, "Wang"))
    seated(store, newcomer(4000001, "Li"), group="h", at=LATER)
    posted(store, fact(li.person, "a", 5, by=wang.person), fact(wang.person, "b", 7, kind="thanks", by=li.person))
    row = TimerRow("g", "onboarding", f"next:{LI}", START, LI, {"n": 1}, "r")
    other = TimerRow("g", "onboarding", f"next:{WANG}", START, WANG, {}, "r")
    writes = Writes(
        days={DayAt("g", who.person, TODAY): [3, 0, 0, 0, 0, 1] for who in (li, wang)},
        records={RecordAt("g", who.person, QUIET.name): Quiet(on=who is li) for who in (li, wang)},
        timers={("g", "onboarding", each.key): each for each in (row, other)},
        tasks=[
            TaskRow("g", "mydata", "t1", START, None, {"account": LI}),
            TaskRow("g", "digest", "d", START, None, {}),
        ],
        audit=[AuditRow(START, "g", "e", "rules", "ads", who.person, "on", ("warn",), ("why",)) for who in (li, wang)],
        outbox=[
            said("1", Say(words=("hello ", Mention(account=LI, name="Li")), to=LI)),
            said("2", Say(words=("to all: ", Mention(account=LI, name="Li")))),
            said("3", Say(words=("hello",), to=WANG)),
            said("4", Say(words=("there",), to=LI), group="h"),
        ],
    )
    with store.unit() as unit:
        unit.lock(["g", "h"])
        unit.save(writes)
        unit.commit()
    directory(store).remember([(LI, "h"), (WANG, "g")], START)
    return li, wang


def test_a_dossier_holds_everything_about_one_person_and_nothing_about_others(store):
    li, _ = settled(store)
    found = dossiers(store).dossier(LI)
    assert found is not None
    assert found.known.person == li.person
    assert found.known.accounts == (Newcomer(LI, "Li", li.kind, "li", "zh"),)
    assert found.talks == ("h", START)
    here, there = found.chapters
    assert (here.group, there.group) == ("g", "h")
    assert here.seat is not None
    assert there.seat is not None
    assert (here.seat.joined, there.seat.joined) == (START, LATER)
    assert [(entry.kind, entry.amount) for entry in here.facts] == [("points", 5)]
    assert (here.caused, there.caused) == (1, 0)
    assert list(here.days) == [Day(TODAY, 3, 0, 0, 0, 0, 1)]
    assert here.records == {QUIET.name: {"on": True}}
    assert [row.key for row in here.timers] == [f"next:{LI}"]
    assert [row.key for row in here.tasks] == ["t1"]
    assert [(row.person, row.because) for row in here.audit] == [(li.person, ("why",))]
    assert [(told.words[0], told.state) for told in here.said] == [("hello ", "waiting")]
    assert [told.words for told in there.said] == [("there",)]
    nothing_else = (there.facts, there.days, there.records, there.timers, there.tasks, there.audit)
    assert not any(nothing_else)


def test_what_records_of_the_group_and_of_the_house_hold_about_somebody_is_theirs_and_no_more(store):
    settled(store)
    asked = Questions(open=(Open("1", START, asker=LI), Open("2", START, asker=WANG)))
    said = Heard((Said(TODAY, "mark of li", ("rose",)), Said(TODAY, "mark of wang", ("thorn",))))
    words = Topics({"2026-03-02": {"rose": ("mark of li", "mark of wang"), "thorn": ("mark of wang",)}})
    offers = Offers(
        open={"h": Offer(account=LI, name="Li", group="g", at=START, platforms=("telegram",))},
        homes={WANG: Home("g", "Wang")},
    )
    kept: dict[tuple[str, Slot[Any]], object] = {
        ("g", QUESTIONS): asked,
        ("g", HEARD): said,
        ("g", TOPICS): words,
        (HOUSE, OFFERS): offers,
    }
    with store.unit() as unit:
        unit.lock_all(["g", "h", HOUSE])
        unit.save(Writes(records={RecordAt(group, NOBODY, slot.name): one for (group, slot), one in kept.items()}))
        unit.commit()
    found = dossiers(store).dossier(LI, lambda group, account: {LI: "mark of li"}[account] if group == "g" else "")
    assert found is not None
    here, there = found.chapters
    assert [one["message"] for one in here.shared["questions.open"]["open"]] == ["1"]
    assert here.shared["topics.heard"] == {"said": [{"day": TODAY.isoformat(), "who": "mark of li", "words": ["rose"]}]}
    assert here.shared["topics.words"] == {"days": {"2026-03-02": {"rose": ["mark of li"]}}}
    assert list(here.shared) == ["questions.open", "topics.heard", "topics.words"]
    assert there.shared == {}
    assert list(found.house) == ["identity.offers"]
    assert list(found.house["identity.offers"]) == ["open"]
    assert found.house["identity.offers"]["open"]["h"]["account"] == LI


def test_nobody_is_known_by_an_account_that_was_never_seen(store):
    settled(store)
    assert dossiers(store).known(Account("telegram:4")) is None
    assert dossiers(store).dossier(Account("telegram:400000")) is None


def test_a_person_with_two_accounts_is_one(store):
    li, _ = settled(store)
    second = Account("wechat:li")
    with store.unit() as unit:
        unit.lock(["g"])
        assert unit.rebind(LI, Newcomer(second, "李", li.kind, None, None))
        unit.commit()
    by_one, by_other = dossiers(store).known(LI), dossiers(store).known(second)
    assert by_one == by_other
    assert by_one is not None
    assert [each.account for each in by_one.accounts] == [LI, second]
