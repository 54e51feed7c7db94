"""`/mydata`: in private only, once a day, as a file that says what everything is."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.dossier import Chapter, Dossier, Known
from core.effects import Say, plain
from core.memory import MemoryStore
from core.people import Account, PersonId
from core.ports import AuditRow, Newcomer
from core.state import Entry
from jobs.privacy.document import attached, document
from jobs.privacy.veil import veiled
from tests.commands.group import ANA, GHOST, START, Steered
from tests.privacy.canary import BOSS, LI, RENAMED, WANG, WEI, Life
from tests.privacy.test_dossiers import dossiers
from tests.serve.scene import Scene, scene
from tests.support.patience import eventually
from workflows.catalog import Catalog
from workflows.topics import digest_of

DAY = 86_400


@pytest.mark.parametrize(("language", "words"), [("zh", "我的数据"), ("en", "/mydata")])
def test_asked_in_the_group_it_shows_the_way_to_the_private_chat_and_tells_nothing(language, words):
    group = Steered(language)
    group.effects()
    group.says(ANA, words)
    (said,) = group.effects()
    assert isinstance(said, Say)
    assert said.to is None
    assert [(choice.data, choice.private) for choice in said.choices] == [("mydata", True)]
    assert {"zh": "/我的数据", "en": "/mydata"}[language] in plain(said.words)
    assert not list(group.store.tasks("g"))


def test_in_private_the_data_is_asked_for_once_a_day():
    group = Steered()
    group.says(ANA, "/mydata", private=True)
    group.says(ANA, "/mydata", private=True, seconds=DAY - 120)
    begun, again = group.told()[-2:]
    assert "I am gathering" in begun
    assert "less than a day ago" in again
    assert "03-03 10:01" in again
    assert len(list(group.store.tasks("g"))) == 1
    group.says(ANA, "/mydata", private=True, seconds=121)
    assert len(list(group.store.tasks("g"))) == 2


def test_somebody_who_speaks_as_the_group_is_nobody_and_has_no_data():
    group = Steered()
    group.says(GHOST, "/mydata", private=True)
    assert not list(group.store.tasks("g"))


def test_the_file_names_nobody_else_not_even_who_gave_a_sanction_or_invited_them(tmp_path: Path):
    life = Life(MemoryStore(), tmp_path / "home")
    life.lives()
    dossier = dossiers(life.store).dossier(RENAMED.account)
    assert dossier is not None
    told = document(dossier, life.at, Catalog.shipped(), "en")
    written = json.dumps(told, ensure_ascii=False)
    for other in (WANG, LI, BOSS, WEI):
        assert not re.search(rf"{other.account}|\b{other.name}\b", written), other
    acts = told["groups"]["reading"]["records"]["data"]["steering.acts"]["last"]
    assert {one["giver"] for one in acts.values() if one["giver"]} == {"somebody"}
    assert RENAMED.account in written


@pytest.mark.parametrize(
    ("stored", "language", "told"),
    [
        ("approved by Boss", "en", "approved by somebody"),
        ("declined by telegram:5", "zh", "somebody 拒绝入群"),
        ("restart ordered by Boss: too quick", "en", "restart ordered by somebody: too quick"),
        ("live warnings: 2", "zh", "有效警告 2 次"),
        ("own words", "zh", "own words"),
    ],
)
def test_reasons_are_told_in_the_language_of_the_reader_and_without_who_acted(stored: str, language: str, told: str):
    who = Newcomer(ANA.account, "Ana", ANA.kind, None, None)
    note = AuditRow(START, "g", "e", "onboarding", "", PersonId(1), "on", ("say",), (stored,))
    entry = Entry("points", "k", START, PersonId(1), 1, None, "e", "r", stored)
    chapter = Chapter("g", None, [entry], 0, [], {}, [], [], [note], [], {})
    dossier = Dossier(Known(PersonId(1), (who,), ("g",)), None, (chapter,), {})
    here = document(dossier, START, Catalog.shipped(), language)["groups"]["g"]
    assert here["decisions"]["data"][0]["because"] == [told]
    assert here["ledger"]["data"][0]["reason"] == told


def test_a_large_file_comes_packed_so_that_every_platform_takes_it():
    who = Newcomer(ANA.account, "Ana", ANA.kind, None, None)
    notes = [
        AuditRow(START, "g", f"telegram:1:{n}", "rules", "", PersonId(1), "on", (), ("why",)) for n in range(12_000)
    ]
    for some in (10, 12_000):
        chapter = Chapter("g", None, [], 0, [], {}, [], [], notes[:some], [], {})
        file = attached(
            Dossier(Known(PersonId(1), (who,), ("g",)), None, (chapter,), {}), START, Catalog.shipped(), "en"
        )
        assert len(file.data) < 2_000_000
        name = f"mydata-{START:%Y-%m-%d}"
        if some == 10:
            assert (file.name, file.kind) == (f"{name}.json", "application/json")
            continue
        assert (file.name, file.kind) == (f"{name}.zip", "application/zip")
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            told = json.loads(archive.read(f"{name}.json"))
        assert len(told["groups"]["g"]["decisions"]["data"]) == some


def test_their_own_name_stays_as_sentences_show_it_and_the_id_of_their_own_coming():
    who = Newcomer(Account("wechat:wxid_me"), "Ana\n  Maria", ANA.kind, None, None)
    came = "wechat:join:room@a:wxid_me:1772417654"
    house = {"x": {"name": "Ana Maria", "by": "Ben", "event": came}}
    told = document(Dossier(Known(PersonId(1), (who,), ()), None, (), house), START, Catalog.shipped(), "en")
    assert told["beyond_groups"]["data"] == {"x": {"name": "Ana Maria", "by": "somebody", "event": came}}


def test_what_a_groups_own_records_hold_about_a_member_is_in_it_and_names_nobody_else(tmp_path: Path):
    life = Life(MemoryStore(), tmp_path / "home")
    life.lives()
    dossier = dossiers(life.store).dossier(RENAMED.account, digest_of)
    assert dossier is not None
    shared = document(dossier, life.at, Catalog.shipped(), "zh")["groups"]["reading"]["shared_records"]["data"]
    assert {word for one in shared["topics.heard"]["said"] for word in one["words"]} >= {"sunflower"}
    assert "花园" not in json.dumps(shared["topics.heard"], ensure_ascii=False)
    assert shared["steering.desk"]["pending"]
    assert all("somebody" in one for one in shared["steering.desk"]["latest"])


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ("telegram:7", "somebody"),
        ("telegram:1", "telegram:1"),
        ("due:telegram:7", "due:somebody"),
        ("telegram:1:7", "telegram:1:7"),
        ("note@telegram:1:7>2", "note@telegram:1:7>2"),
        (
            "timer:g:referrals:due:telegram:7:2026-03-09T02:05:05+00:00:f#x",
            "timer:g:referrals:due:somebody:2026-03-09T02:05:05+00:00:f#x",
        ),
        (
            "timer:g:onboarding:next:telegram:1:2026-03-09T02:05:05+00:00:f",
            "timer:g:onboarding:next:telegram:1:2026-03-09T02:05:05+00:00:f",
        ),
        ("wechat:join:room@a:wxid_b:1772417654#x", "wechat:join:room@a:somebody:1772417654#x"),
        ("wechat:alike:g:wechat:wxid_a:wechat:wxid_b", "wechat:alike:g:somebody:somebody"),
        ("wechat:read:5:joined:wechat:wxid_b", "wechat:read:5:joined:somebody"),
        ({"wechat:wxid_a": "counted", "wechat:b@c": "left"}, {"somebody": "counted", "somebody 2": "left"}),
        ({"by": "Ada", "undone": "Li", "giver": ""}, {"by": "somebody", "undone": "Li", "giver": ""}),
        ([{"at": 5, "of": ["telegram:8"]}], [{"at": 5, "of": ["somebody"]}]),
    ],
)
def test_others_are_taken_out_of_records_keys_and_lists(held, shown):
    assert veiled(held, {"telegram:1", "Li"}) == shown


def file_in(here: Scene) -> dict[str, Any] | None:
    """The file that Li got."""
    for message in here.world.private(here.bot, here.li).said_by(here.bot):
        if "document" in message.content:
            name, data = here.world.files[message.content["document"]["file_id"]]
            assert name.startswith("mydata-")
            read: dict[str, Any] = json.loads(data)
            return read
    return None


def rows_of(here: Scene, text: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(here.home / "data" / "yaji.sqlite3")) as books:
        return books.execute(text).fetchall()


async def test_a_member_is_handed_a_file_and_no_copy_of_it_stays(tmp_path: Path):
    with scene(tmp_path) as here:
        private = here.world.private(here.bot, here.li)
        private.started = True
        async with here.served():
            here.li.posts(here.group, "打卡")
            await here.hears("Li")
            here.li.posts(private, "/mydata")
            await eventually(lambda: file_in(here) is not None, lambda: f"a file, not {here.said(private)}")
            await eventually(lambda: not rows_of(here, "SELECT 1 FROM outbox WHERE id LIKE 'privacy:%'"))
        told = file_in(here)
        assert told is not None
        (account,) = told["accounts"]["data"]
        assert (account["account"], account["name"]) == (f"telegram:{here.li.id}", "Li")
        reading = told["groups"]["reading"]
        assert [fact["kind"] for fact in reading["ledger"]["data"]].count("points") == 1
        assert "points" in reading["ledger"]["about"]
        assert reading["days"]["data"][0]["check_ins"] == 1
        assert "check_in.streaks" in reading["records"]["data"]
        assert "Wang" not in json.dumps(told)
