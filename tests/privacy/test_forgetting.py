"""Forgotten is forgotten: nothing anywhere tells of somebody, and what counts against abuse still does."""

from __future__ import annotations

import asyncio
import importlib
import logging
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import core
import workflows
from adapters.sql import SqlStore, rows
from adapters.sql.directory import SqlDirectory
from adapters.sql.schema import METADATA
from adapters.telegram.inviters import still_here
from core.effects import Ban, Mute, Say, TellAdmins, plain
from core.events import MemberJoined
from core.forgetting import recogniser
from core.memory import MemoryStore
from core.memory_directory import MemoryDirectory
from core.people import Account, Actor, PersonId
from core.ports import BalanceAt
from core.state import WARNING, Slot
from core.traces import Traces
from jobs.privacy.forgetting import Forgetter, Forgotten
from tests.identity.town import ANA, ANNA, BEN, START, engine, said
from tests.privacy.canary import BOSS, CANARIES, CANARY, LI, NUMBER, RENAMED, WANG, WEI, Life, everything, found, person
from tests.stores.people import fact, newcomer, posted, seated
from workflows.plain_text import LONGEST_NAME, inert, one_line

SLOTS = {
    value.name: value
    for package in (core, workflows)
    for found_ in pkgutil.iter_modules(package.__path__)
    for value in vars(importlib.import_module(f"{package.__name__}.{found_.name}")).values()
    if isinstance(value, Slot)
}
RECOGNISE = recogniser(b"a secret of the deployment, 32 b.")
TRACED = (
    "accounts addresses audit bind_codes conversations dead_letters inbox ledger notices outbox records strangers tasks"
    " timers"
)
"""The tables in which a life leaves a name, a text or an account."""
NUMBERED = "activity balances bonds memberships names shares"
"""Those in which a person is a number only."""
IMPERSONAL = "connections group_days group_sizes groups held leases"


@pytest.fixture
def life(store: MemoryStore | SqlStore, tmp_path: Path) -> Life:
    store.recognise_by(RECOGNISE)
    life = Life(store, tmp_path / "home")
    life.lives()
    return life


def forget(life: Life, account: Account = CANARY.account, *, commit: bool = True) -> Forgotten:
    with life.store.unit() as unit:
        forgotten = Forgetter(RECOGNISE).forget(unit, account, life.at)
        if commit:
            unit.commit()
    assert forgotten is not None
    return forgotten


def number_of(life: Life, account: Account) -> PersonId:
    with life.store.unit() as unit:
        return unit.find("reading", (account,))[account].person


def effects_since(life: Life, before: int, group: str = "reading") -> list[Any]:
    return [row.effect for row in list(life.store.outbox(group))[before:]]


def of_others(life: Life, group: str) -> list[Any]:
    """What the books tell of those who stay."""
    store, others = life.store, [number_of(life, who.account) for who in (WANG, LI, BOSS)]
    people = [member for member in store.people(group) if member.person in others]
    facts = [entry._replace(by=None, reason="") for entry in store.facts(group) if entry.person in others]
    days = [row for row in store.activity(group) if row[0] in others]
    audit = [row._replace(because=()) for row in store.audit(group) if row.person in others]
    return [people, facts, days, audit]


def test_every_table_is_thought_of():
    assert {table.name for table in METADATA.sorted_tables} == set(f"{TRACED} {NUMBERED} {IMPERSONAL}".split())


def test_nothing_that_is_stored_or_logged_tells_of_them(life: Life, caplog: pytest.LogCaptureFixture):
    before = found(life.store)
    if isinstance(life.store, SqlStore):
        assert {place.partition(".")[0] for place in before} == set(TRACED.split())
    with caplog.at_level(logging.DEBUG):
        forget(life)
    assert found(life.store) == {}
    assert not any(canary in caplog.text for canary in CANARIES)


def test_their_number_stands_nowhere_any_more(life: Life):
    number = number_of(life, CANARY.account)
    forget(life)
    for group in ("reading", "writing"):
        assert number not in [member.person for member in life.store.people(group)]
        assert number not in [who for entry in life.store.facts(group) for who in (entry.person, entry.by)]
        assert number not in [who for who, _ in life.store.activity(group)]
        assert number not in [row.person for row in life.store.audit(group)]


def test_others_keep_what_is_theirs(life: Life):
    before = [of_others(life, group) for group in ("reading", "writing")]
    forgotten = forget(life)
    assert [of_others(life, group) for group in ("reading", "writing")] == before
    wang = number_of(life, WANG.account)
    givers = [entry.by for entry in life.store.facts("reading") if (entry.person, entry.kind) == (wang, "thanks")]
    assert len(givers) == 1
    assert givers[0] is not None
    assert givers[0] < 0
    assert forgotten.erased.counts["facts"] > 0


def test_what_the_group_did_is_counted_as_before(life: Life):
    if not isinstance(life.store, SqlStore):
        return
    with life.store.pool.lent() as session:
        before = session.ask("SELECT * FROM group_days ORDER BY day, group_id")
        sizes: dict[int, int] = dict(session.ask("SELECT group_id, members FROM group_sizes"))
    forget(life)
    with life.store.pool.lent() as session:
        assert session.ask("SELECT * FROM group_days ORDER BY day, group_id") == before
        after: dict[int, int] = dict(session.ask("SELECT group_id, members FROM group_sizes"))
    assert sum(sizes.values()) - sum(after.values()) == 2


def test_what_is_left_of_the_records_can_still_be_read(life: Life):
    forget(life)
    if not isinstance(life.store, SqlStore):
        return
    with life.store.pool.lent() as session:
        left = session.ask("SELECT slot, value FROM records")
    assert {slot for slot, _ in left} >= {
        "steering.desk",
        "steering.acts",
        "topics.heard",
        "referrals.codes",
        "core.cloakroom",
    }
    assert [value for slot, value in left if slot == "referrals.codes" and WEI.account in value]
    for slot, value in left:
        assert rows.unpacked(value, SLOTS[slot].type) is not None


def test_what_somebody_answered_to_a_survey_is_gone_and_the_survey_goes_on(life: Life):
    if not isinstance(life.store, SqlStore):
        return
    with life.store.pool.lent() as session:
        before = {slot for (slot,) in session.ask("SELECT slot FROM records")}
    forget(life)
    with life.store.pool.lent() as session:
        after = {slot for (slot,) in session.ask("SELECT slot FROM records")}
    assert {slot for slot in before if slot.startswith("surveys.")} == {"surveys.plans", "surveys.answers"}
    assert {slot for slot in after if slot.startswith("surveys.")} == {"surveys.plans"}


@pytest.mark.parametrize(
    "name",
    [
        "Zo\u200bra\u2060 Kanarien",
        "Zora  Kanarien\u00a0B",
        "\u202eZora Kanarien",
        "Zora Kanarien " * 8,
        "t.me/kanarien",
    ],
    ids=["invisible letters", "wide gaps", "the other way round", "too long for a line", "an address"],
)
def test_a_name_is_found_as_sentences_show_it(life: Life, name: str):
    odd = person("7700990099", name)
    life.happens(MemberJoined, odd)
    life.says(odd, "晚课")
    life.says(LI, "/top")
    told = inert(one_line(name, LONGEST_NAME))
    life.says(BOSS, f"/warn @wang because of {told}")
    assert told != name
    forms = (told, repr(told)[1:-1])
    assert any(form in text for _, text in everything(life.store) for form in forms)
    forget(life, odd.account)
    assert not any(form in text for _, text in everything(life.store) for form in forms)


def test_an_arrival_that_was_seen_tells_of_nobody_any_more(store: MemoryStore | SqlStore, tmp_path: Path):
    store.recognise_by(RECOGNISE)
    life = Life(store, tmp_path / "home")
    for n, who in enumerate((RENAMED, WEI)):
        native = who.account.partition(":")[2]
        ids = [f"wechat:join:r@chatroom:{native}:{n}", f"wechat:r@chatroom:{n}:left:{who.account}", f"wechat:m{n}"]
        life.run(*(MemberJoined(id=id_, at=life.at, group="reading", actor=who) for id_ in ids))
    forget(life, RENAMED.account)
    assert found(store) == {}
    with store.unit() as unit:
        seen = ["wechat:join:r@chatroom:wxid_wei:1", "wechat:m0"]
        assert unit.unseen(seen, life.at) == set()


def test_somebody_with_a_longer_number_is_somebody_else(life: Life):
    alike = person(f"{NUMBER}5", "Lisbeth", username="lisbeth5")
    life.happens(MemberJoined, alike)
    life.says(BOSS, f"/note {alike.account.partition(':')[2]} likes poems")
    forget(life)
    assert number_of(life, alike.account)
    notes = [entry.reason for entry in life.store.facts("reading") if entry.kind == "note"]
    assert notes == ["likes poems"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Элина", "спасибо, ЭЛИНА"),
        ("ÉLODIE", "merci élodie!"),
        ("Ωmega*[?]", "an ωMEGA*[?] of ours"),
        ("Ωmega [x]", "an ωMEGA [X] of ours"),
        ("a.c+(d)\\", "the A.C+(D)\\ there"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("Σίσυφος", "ΣίΣυφοσ"),
        ("ǆep", "ǅEP"),
        ("小明", "谢谢小明"),
    ],
)
def test_a_name_in_another_case_is_found_in_every_alphabet(store: MemoryStore | SqlStore, name: str, told: str):
    who, other = seated(store, newcomer(7_700_990_011, name), newcomer(4))
    posted(store, fact(other.person, "k", reason=told), fact(other.person, "other", reason="mezzanine"))
    with store.unit() as unit:
        assert Forgetter(RECOGNISE).forget(unit, who.account, START + timedelta(days=1)) is not None
        unit.commit()
    reasons = {entry.key: entry.reason for entry in store.facts("g")}
    assert reasons == {"k": Traces([], [name]).hidden(told), "other": "mezzanine"}
    assert reasons["k"] != told


def test_it_happens_whole_or_not_at_all(life: Life):
    before = [of_others(life, "reading"), list(life.store.outbox("reading")), list(life.store.audit("reading"))]
    traces = found(life.store)
    forget(life, commit=False)
    assert [of_others(life, "reading"), list(life.store.outbox("reading")), list(life.store.audit("reading"))] == before
    if isinstance(life.store, SqlStore):
        assert found(life.store) == traces
    assert forget(life)


def test_by_any_of_their_accounts_the_whole_person_is_forgotten(life: Life):
    forget(life, RENAMED.account)
    assert found(life.store) == {}
    with life.store.unit() as unit:
        assert unit.known(CANARY.account) is None
        assert Forgetter(RECOGNISE).forget(unit, CANARY.account, life.at) is None


def test_nobody_forgotten_stands_on_a_leaderboard(life: Life):
    life.says(LI, "/top")
    assert "金丝雀" in plain(effects_since(life, -1)[0].words)
    forget(life)
    life.says(LI, "/top")
    assert "金丝雀" not in plain(effects_since(life, -1)[0].words)


def test_what_waits_to_be_said_to_them_is_dropped_and_says_why(life: Life):
    forget(life)
    if isinstance(life.store, SqlStore):
        with life.store.pool.lent() as session:
            told = session.ask("SELECT effect FROM outbox WHERE state = 'dropped' AND outcome = 'forgotten'")
        assert {effect for (effect,) in told} == {rows.packed(Say(words=()))}
    assert all(row.effect.to is None for row in life.store.outbox("reading") if isinstance(row.effect, Say))


def test_the_ban_holds_when_the_account_comes_back(life: Life):
    forgotten = forget(life)
    assert forgotten.held["reading"].banned is not None
    before = len(list(life.store.outbox("reading")))
    life.happens(MemberJoined, replace(CANARY, name="Somebody else", username=None))
    made = effects_since(life, before)
    assert [effect.member for effect in made if isinstance(effect, Ban)] == [CANARY.account]
    assert any("封禁" in plain(effect.words) for effect in made if isinstance(effect, TellAdmins))


def test_nobody_comes_back_by_their_own_invitation(life: Life):
    directory = SqlDirectory(life.store.pool) if isinstance(life.store, SqlStore) else MemoryDirectory(life.store)
    forget(life)
    link: dict[str, Any] = {"by": Actor(account=CANARY.account), "invite": "https://t.example/+abc"}
    joined = MemberJoined(id="telegram:1:j", at=life.at, group="reading", actor=person("4000005", "Chen"), **link)
    life.run(*asyncio.run(still_here([joined], directory)))
    assert found(life.store) == {}
    with life.store.unit() as unit:
        assert unit.known(CANARY.account) is None


def test_warnings_that_count_still_count_and_say_nothing(life: Life):
    forgotten = forget(life)
    live = len(forgotten.held["reading"].warnings)
    assert live == 2
    life.says(replace(CANARY, name="Somebody else", username=None), "你好大家")
    number = number_of(life, CANARY.account)
    with life.store.unit() as unit:
        where = (BalanceAt("reading", number, WARNING), None)
        kept = unit.entries([where])[where]
        assert unit.balances([where[0]])[where[0]] == live
    assert [(entry.reason, entry.by) for entry in kept] == [("", None)] * live
    with life.store.unit() as unit:
        assert unit.entries([(BalanceAt("writing", number, WARNING), None)]) == {
            (BalanceAt("writing", number, WARNING), None): []
        }


def test_nothing_else_comes_back(life: Life):
    forget(life)
    life.happens(MemberJoined, CANARY, "writing", by=LI)
    number = number_of(life, CANARY.account)
    with life.store.unit() as unit:
        assert unit.balances([BalanceAt("reading", number, "points")]) == {BalanceAt("reading", number, "points"): 0}
    assert [member.tags for member in life.store.people("writing") if member.person == number] == [frozenset()]


def test_a_ban_that_an_admin_lifted_meanwhile_is_over(life: Life):
    forget(life)
    life.says(BOSS, f"/unban {NUMBER}")
    before = len(list(life.store.outbox("reading")))
    life.happens(MemberJoined, CANARY)
    assert not [effect for effect in effects_since(life, before) if isinstance(effect, Ban)]


def test_whom_an_admin_brings_in_is_let_in(life: Life):
    forget(life)
    for _ in range(2):
        before = len(list(life.store.outbox("reading")))
        life.happens(MemberJoined, CANARY, by=BOSS, added_by_admin=True)
        assert not [effect for effect in effects_since(life, before) if isinstance(effect, Ban)]


def test_a_mute_goes_on(store: MemoryStore | SqlStore, tmp_path: Path):
    store.recognise_by(RECOGNISE)
    life = Life(store, tmp_path / "home")
    life.happens(MemberJoined, CANARY)
    life.says(BOSS, f"/mute {NUMBER} 30d")
    assert forget(life).held["reading"].muted is not None
    before = len(list(life.store.outbox("reading")))
    life.happens(MemberJoined, CANARY)
    assert [effect.member for effect in effects_since(life, before) if isinstance(effect, Mute)] == [CANARY.account]


def test_another_secret_recognises_nobody(life: Life):
    forget(life)
    life.store.recognise_by(recogniser(b"another secret altogether, 32 by"))
    before = len(list(life.store.outbox("reading")))
    life.happens(MemberJoined, CANARY)
    assert not [effect for effect in effects_since(life, before) if isinstance(effect, Ban)]


def test_bound_accounts_are_forgotten_together_with_their_bond(store: MemoryStore | SqlStore):
    words = ["mood", "in", "bind", "mood", "thanks", "in"]
    engine(store).process(
        [
            said(n, who, words[n % 6], START + timedelta(hours=n), group, to=BEN)
            for n, (who, group) in enumerate(
                (who, group) for _ in range(3) for who in (ANA, ANNA, BEN) for group in ("g", "h")
            )
        ]
    )
    with store.unit() as unit:
        number = unit.find("g", (ANA.account,))[ANA.account].person
        assert number == unit.find("g", (ANNA.account,))[ANNA.account].person
        forgotten = Forgetter(RECOGNISE).forget(unit, ANNA.account, START + timedelta(days=2))
        unit.commit()
    assert forgotten is not None
    for account in (ANA.account, ANNA.account):
        assert Traces([account]).inside(list(_texts(store))) is False
    if isinstance(store, SqlStore):
        with store.pool.lent() as session:
            assert session.ask("SELECT * FROM bonds") == []
            assert session.ask("SELECT * FROM shares") == []
            assert session.ask("SELECT person FROM records WHERE person < 0 AND slot = 'tests.mood'") == []
            assert session.ask("SELECT 1 FROM ledger WHERE by_own IS NOT NULL") == []
    engine(store).process([said(99, ANA, "in", START + timedelta(days=3)), said(98, ANNA, "in", START)])
    with store.unit() as unit:
        assert (
            unit.find("g", (ANA.account,))[ANA.account].person != unit.find("g", (ANNA.account,))[ANNA.account].person
        )


def _texts(store: MemoryStore | SqlStore) -> Iterator[str]:
    for place, text in everything(store):
        if not place.startswith(("accounts.account", "groups")):
            yield text
