"""`/forgetme`: in private, confirmed by a typed word, told once, and not even that message stays."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.sql import SqlStore, open_store
from adapters.sql.tasks import MOST_ATTEMPTS, SqlTasks
from core.delivery import Settled, State
from core.effects import Say, plain
from core.forgetting import recogniser
from core.workflow import Bound, Group
from jobs.holding import LEASE
from jobs.privacy.task import AGAIN, PASSING, PrivacyTasks
from tests.commands.group import ANA, Steered
from tests.privacy.canary import BOSS, CANARIES, CANARY, Life, found
from tests.serve.scene import scene
from tests.support.patience import eventually
from workflows import signpost
from workflows.privacy import FORGET

RECOGNISE = recogniser(b"a secret of the deployment, 32 b.")


def word_in(text: str) -> str:
    """The word to type."""
    asked = re.search(r"/(?:forgetme|忘记我) ([0-9A-Z]{4}-[0-9A-Z]{4})", text)
    assert asked is not None, text
    return asked[1]


def tasks(group: Steered) -> list[str]:
    return [row.kind for row in group.store.tasks("g")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_begun_before_the_word_is_typed(language):
    group = Steered(language)
    group.says(ANA, "忘记我", private=True)
    word = word_in(group.told()[0])
    assert tasks(group) == []
    for typed in ("yes", word[:-1], "AAAA-AAAA"):
        group.says(ANA, f"/forgetme {typed}", private=True)
        (said,) = group.told()
        assert word_in(said) == word, "a slip costs nothing"
        assert {"zh": "还有效", "en": "still counts"}[language] in said
        assert tasks(group) == []
    group.says(ANA, f"/forgetme {word.lower().replace('-', ' ')}", private=True)
    assert tasks(group) == ["forgetme"]


@pytest.mark.parametrize(
    "written", ["忘记我 {}", "forget me {}", "Forget me  {}", "忘記我 {}", "/忘记我 {}", "{}", " {} "]
)
@pytest.mark.parametrize("shown", [str, str.lower, lambda word: word.replace("-", " ")], ids=["so", "small", "apart"])
def test_the_word_counts_behind_whichever_words_ask_for_it_and_alone(written, shown):
    group = Steered(also=(Bound(signpost.workflow, signpost.Signpost()),))
    group.says(ANA, "忘记我", private=True)
    word = word_in(group.told()[0])
    group.says(ANA, written.format(shown(word)), private=True)
    assert tasks(group) == ["forgetme"]
    assert len(group.told()) == 1


def test_what_only_looks_like_it_begins_nothing():
    group = Steered(also=(Bound(signpost.workflow, signpost.Signpost()),))
    for private in (False, True):
        for talk in ("forget me not is a flower", "忘记我 也行", "AAAA-AAAA"):
            group.says(ANA, talk, private=private)
    assert tasks(group) == []
    told = group.told()
    assert len(told) == 1, "the way to /help, once"
    assert "/help" in told[0]
    group.says(ANA, "/forgetme", private=True)
    group.told()
    group.says(ANA, "AAAA-AAAA", private=True)
    group.says(ANA, "K7QM-3XWD")
    assert tasks(group) == []
    assert group.told() == []


@pytest.mark.parametrize(("language", "told"), [("zh", "要我忘记你吗"), ("en", "Shall I forget you?")])
def test_who_types_a_word_that_was_never_asked_for_hears_what_goes_first(language, told):
    group = Steered(language)
    group.says(ANA, "/forgetme yes", private=True)
    assert told in group.told()[0]
    assert tasks(group) == []


def test_asked_twice_the_word_is_the_same():
    group = Steered()
    group.says(ANA, "/forgetme", private=True)
    word = word_in(group.told()[0])
    group.says(ANA, "/forgetme", private=True)
    assert word_in(group.told()[0]) == word


def test_a_word_counts_for_ten_minutes_and_once():
    group = Steered()
    group.says(ANA, "/forgetme", private=True)
    word = word_in(group.told()[0])
    group.says(ANA, f"/forgetme {word}", private=True, seconds=601)
    said = group.told()[0]
    assert "no longer counts" in said
    assert word_in(said) != word
    assert tasks(group) == []


def test_in_the_group_nobody_is_forgotten():
    group = Steered()
    group.says(ANA, "/forgetme")
    assert "/forgetme there" in group.told()[0]
    assert tasks(group) == []


class _Premises:
    def __init__(self, life: Life, store: SqlStore) -> None:
        self.store = store
        self.groups: dict[str, Group] = life.groups


class Served:
    """A life on a database, with a member's wish to be forgotten; `doing` runs the tasks at an instant."""

    def __init__(self, url: str, folder: Path) -> None:
        self.store = open_store(url, durable=False)
        self.life = Life(self.store, folder)
        self.life.lives()
        self.life.says(CANARY, "/forgetme", private=True)
        words = [plain(row.effect.words) for row in self.store.outbox("reading") if isinstance(row.effect, Say)]
        self.life.says(CANARY, f"/forgetme {word_in(words[-1])}", private=True)
        self.now = self.life.at
        with self.store.pool.lent() as session:  # nothing is on its way any more
            session.begin()
            session.ask("UPDATE outbox SET state = 'done' WHERE kind IN ('Ban', 'Mute') RETURNING 1")
            session.commit()

    def doing(self) -> PrivacyTasks:
        return PrivacyTasks(_Premises(self.life, self.store), RECOGNISE, lambda: self.now)

    def passing(self) -> list[Any]:
        return [row for row in self.store.outbox("reading") if row.id.startswith(PASSING)]


@pytest.fixture
def served(url: str, tmp_path: Path):
    here = Served(url, tmp_path / "home")
    yield here
    here.store.close()


def deliver(here: Served, state: State = State.DONE) -> None:
    dispatch = here.store.dispatch()
    assert dispatch.take_lease("telegram:1", "courier", timedelta(minutes=1))
    ids = [row.id for row in here.passing()]
    dispatch.begin(ids, "courier")
    dispatch.settle([Settled(id_, state, "") for id_ in ids], "courier")


@pytest.mark.parametrize("state", [State.DONE, State.DROPPED, State.DEAD])
def test_the_outcome_is_told_and_leaves_nothing_behind(served: Served, state: State):
    assert served.doing().run() == 2  # the data that was asked for, and the forgetting
    told = [row.effect for row in served.passing() if row.effect.words]
    assert [effect.to for effect in told] == [CANARY.account]
    assert "已经忘记了" in plain(told[0].words)
    assert "封禁 1 个" in plain(told[0].words)
    assert told[0].confidential
    assert told[0].urgency == "now", "an account of WeChat that is new does nothing but answer"
    deliver(served, state)
    assert served.doing().run() == 0
    assert found(served.store) == {}


def test_the_file_and_its_log_hold_nothing_either(new_url, tmp_path: Path):
    here = Served(new_url("sqlite"), tmp_path / "home")
    here.doing().run()
    deliver(here)
    here.doing().run()
    held = b"".join(file.read_bytes() for file in tmp_path.glob("store.sqlite3*"))
    assert held
    assert [canary for canary in CANARIES if canary.encode() in held] == []
    here.store.close()


def test_a_process_that_dies_half_way_changes_nothing_and_the_next_one_begins_anew(served: Served, monkeypatch):
    before = found(served.store)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("adapters.sql.erasing._everywhere", killed)
        with pytest.raises(KeyboardInterrupt):
            served.doing().run()
    assert {place for place in before if place != "outbox.effect"} <= set(found(served.store))
    assert served.doing().run() == 0  # the dead process's lease still runs
    served.now += LEASE
    assert served.doing().run() == 1
    deliver(served)
    served.doing().run()
    assert found(served.store) == {}


def test_what_cannot_be_done_is_tried_again_and_told_in_the_end(served: Served, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("no " + CANARY.name)

    monkeypatch.setattr("adapters.sql.erasing._everywhere", broken)
    for _ in range(5):
        served.doing().run()
        served.now += AGAIN
    told = [plain(row.effect.words) for row in served.passing()]
    assert any("没能忘记你" in words for words in told)
    assert found(served.store)
    assert not SqlTasks(served.store).told("running", 10)


def test_who_cannot_be_forgotten_hears_it_also_where_every_process_died_of_it(served: Served):
    books = SqlTasks(served.store)
    for _ in range(MOST_ATTEMPTS):
        assert books.claim(FORGET, served.now, LEASE)
        served.now += LEASE
    served.doing().run()
    assert any("没能忘记你" in plain(row.effect.words) for row in served.passing())
    assert [one.outcome for one in books.told("dropped", 10)] == ["begun 5 times and never finished"]


def test_whoever_was_forgotten_can_be_again_a_day_later(served: Served):
    again = (served.life.at + timedelta(days=1)).astimezone(served.life.groups["reading"].zone)
    privacy = served.doing()
    privacy.run()
    deliver(served)
    privacy.run()
    assert asked_again(served, privacy) == [
        f"不到一天前刚忘记过你。{again:%m-%d %H:%M} 之后可以再来一次；这次什么也没删，到时请再说一遍。"
    ]
    assert found(served.store)
    served.life.at += timedelta(days=1)
    assert "已经忘记了" in asked_again(served, privacy)[0]


def asked_again(served: Served, privacy: PrivacyTasks) -> list[str]:
    """Somebody writes who was forgotten, and wants to be again; what they are told in the end."""
    deliver(served)
    privacy.run()
    served.life.says(CANARY, "/forgetme", private=True)
    words = [plain(row.effect.words) for row in served.store.outbox("reading") if isinstance(row.effect, Say)]
    served.life.says(CANARY, f"/forgetme {word_in(words[-1])}", private=True)
    served.now = served.life.at
    privacy.run()
    return [plain(row.effect.words) for row in served.passing()]


def test_nobody_gets_out_of_a_ban_that_is_on_its_way(served: Served):
    served.life.says(BOSS, f"/ban {CANARY.account.partition(':')[2]}")
    served.doing().run()
    assert found(served.store)
    assert [row.effect.file is not None for row in served.passing()] == [True]


async def test_served_by_telegram_a_member_is_forgotten(tmp_path: Path):
    with scene(tmp_path) as here:
        private = here.world.private(here.bot, here.li)
        private.started = True
        async with here.served():
            here.li.posts(here.group, "打卡")
            await here.hears("Li")
            here.li.posts(private, "/forgetme")
            await here.hears("Shall I forget you?", private)
            here.li.posts(private, f"/forgetme {word_in(here.said(private)[-1])}")
            await here.hears("Forgotten. Deleted", private)
            await eventually(
                lambda: not _left(here.home, str(here.li.id)), lambda: str(_left(here.home, str(here.li.id)))
            )


def _left(home: Path, number: str) -> list[str]:
    """Tables in which a number stands by itself: as a part of others, of an instant for one, it may stand anywhere."""
    alone = re.compile(rf"(?<!\d){number}(?!\d)")
    with closing(sqlite3.connect(home / "data" / "yaji.sqlite3")) as books:
        tables = [name for (name,) in books.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: books.execute(f"SELECT * FROM {name}").fetchall() for name in tables}
    return [name for name in tables if any(alone.search(str(row)) for row in rows[name])]
