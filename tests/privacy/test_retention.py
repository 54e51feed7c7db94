"""What is kept long enough goes, a piece at a time; what is younger, or on its way, stays."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from adapters.sql import SqlStore, open_store
from adapters.sql.erasing import _HOLD
from adapters.sql.unit import SqlUnit
from config.keeping import Keep
from core.delivery import Settled, State
from core.effects import Attached, Mute, React, Say, TellAdmins
from core.events import MemberJoined, MemberLeft
from core.forgetting import recogniser
from core.people import NOBODY, Account, PersonId
from core.ports import AuditRow, DayAt, DeadLetter, OutboxRow, RecordAt, TaskRow, Writes
from jobs.privacy.forgetting import Forgetter
from jobs.tidying import Tidying
from tests.privacy.canary import BOSS, CANARY, GHOST, LI, NUMBER, SECRET, WANG, Life
from tests.stores.people import START, newcomer, seated
from workflows.bans import BANNED, Banned
from workflows.question_thanks import ANSWERED, Answered, Answers, Suggested
from workflows.referral_book import INVITEE, Invitee
from workflows.topics import TOPICS, Topics

RECOGNISE = recogniser(b"a secret of the deployment, 32 b.")
DAY = timedelta(days=1)
NOW = START + 10 * DAY
LATER = Account("telegram:1")


@pytest.fixture
def sql(url: str) -> Iterator[SqlStore]:
    store = open_store(url, durable=False)
    yield store
    store.close()


def saved(store: SqlStore, **writes: object) -> None:
    with store.unit() as unit:
        unit.lock(["g", "reading"])
        unit.save(Writes(**writes))  # type: ignore[arg-type]
        unit.commit()


def message(day: int, n: int = 0, effect: object = None) -> OutboxRow:
    what = effect or Say(words=("secret",), to=LATER, file=Attached(name="a", data=b"secret"))
    return OutboxRow(f"{day}:{n}", START + day * DAY, "g", "e", "w", type(what).__name__, what, None, "telegram")  # type: ignore[arg-type]


def settle(store: SqlStore, *ids: str) -> None:
    dispatch = store.dispatch()
    assert dispatch.take_lease("telegram:1", "me", timedelta(minutes=1))
    dispatch.begin(ids, "me")
    dispatch.settle([Settled(id_, State.DONE, "", sent=NOW) for id_ in ids], "me")


def said(store: SqlStore) -> dict[str, str]:
    with store.pool.lent() as session:
        return dict(session.ask("SELECT id, effect FROM outbox ORDER BY seq"))


def tidy(store: SqlStore, keep: Keep, tidying: Tidying | None = None) -> int:
    return sum((tidying or Tidying(store, RECOGNISE)).round(keep, NOW))


ONLY_WORDS = Keep(words=timedelta(days=3))


def test_the_words_go_that_would_have_been_said_in_place_of_a_reaction(sql: SqlStore):
    saved(sql, outbox=[message(1, effect=React(message="5", emoji="👍", instead=("secret",)))])
    settle(sql, "1:0")
    assert tidy(sql, ONLY_WORDS) == 1
    assert "secret" not in said(sql)["1:0"]


def test_words_go_and_the_message_stays(sql: SqlStore):
    saved(sql, outbox=[message(1), message(2, effect=TellAdmins(words=("secret",))), message(8)])
    settle(sql, "1:0", "2:0", "8:0")
    assert tidy(sql, ONLY_WORDS) == 2
    told = said(sql)
    assert ["secret" in told[id_] or "telegram:1" in told[id_] for id_ in ("1:0", "2:0", "8:0")] == [False, False, True]
    assert [type(row.effect).__name__ for row in sql.outbox("g")] == ["Say", "TellAdmins", "Say"]


def test_with_the_words_goes_whose_message_they_answered(sql: SqlStore):
    saved(sql, outbox=[message(1)._replace(asker=LATER), message(8)._replace(asker=LATER)])
    settle(sql, "1:0", "8:0")
    tidy(sql, ONLY_WORDS)
    assert [row.asker for row in sql.outbox("g")] == [None, LATER]


def test_what_is_on_its_way_keeps_its_words_and_loses_them_once_it_has_arrived(sql: SqlStore):
    saved(sql, outbox=[message(1, 0), message(1, 1), message(1, 2, Mute(member=LATER, span=None))])
    settle(sql, "1:1", "1:2")
    tidying = Tidying(sql)
    assert tidy(sql, ONLY_WORDS, tidying) == 1
    assert "secret" in said(sql)["1:0"]
    settle(sql, "1:0")
    assert tidy(sql, ONLY_WORDS, tidying) == 1
    assert not any("secret" in effect for effect in said(sql).values())
    assert "member" in said(sql)["1:2"]


def test_many_go_piece_by_piece(sql: SqlStore):
    saved(sql, outbox=[message(1, n) for n in range(1200)])
    settle(sql, *[f"1:{n}" for n in range(1200)])
    assert list(Tidying(sql).round(Keep(words=DAY, messages=timedelta(days=20)), NOW)) == [500, 500, 200, 0]
    assert list(Tidying(sql).round(Keep(words=DAY, messages=2 * DAY), NOW)) == [0, 0, 0, 500, 500, 200]
    assert said(sql) == {}


def test_old_rows_of_every_kind_go_and_young_ones_stay(sql: SqlStore):
    for day in (-450, 9):
        at = START + day * DAY
        saved(
            sql,
            audit=[AuditRow(at, "g", f"e{day}", "w", "r", seated(sql, newcomer(1))[0].person, "on", (), ("why",))],
            tasks=[TaskRow("g", "digest", f"t{day}", at, None, {})],
        )
        sql.bury([DeadLetter(f"l{day}", at, "g", "whole", "why")])
        sql.directory().remember([(Account(f"telegram:{day}"), "g")], at)
        sql.directory().first_contact("telegram", f"{day}", at)
    with sql.pool.lent() as session:
        session.begin()
        session.ask("UPDATE tasks SET state = 'done' RETURNING 1")
        session.commit()
    assert tidy(sql, Keep()) == 5
    with sql.pool.lent() as session:
        for table in ("audit", "tasks", "dead_letters", "conversations", "strangers"):
            assert session.ask(f"SELECT count(*) FROM {table}") == [(1,)], table


def test_days_of_members_go_and_what_the_group_did_stays(sql: SqlStore):
    who = seated(sql, newcomer(1), newcomer(2))
    days = [date(2023, 1, 1), date(2026, 3, 1)]
    saved(sql, days={DayAt("g", each.person, day): [3, 0, 0, 0, 0, 1] for each in who for day in days})
    assert tidy(sql, Keep()) == 2
    assert [day.day for _, day in sql.activity("g")] == days[1:] * 2
    with sql.pool.lent() as session:
        assert session.ask("SELECT day, messages, active, check_ins FROM group_days ORDER BY day") == [
            (day.toordinal(), 6, 2, 2) for day in days
        ]


def test_who_left_every_group_long_ago_is_forgotten(sql: SqlStore, tmp_path: Path):
    life = Life(sql, tmp_path / "home")
    life.lives()
    for group in life.groups:
        life.happens(MemberLeft, LI, group)
    life.happens(MemberLeft, WANG, "reading")
    late = life.at + timedelta(days=731)
    known = sql.dossiers().known
    for tidying, keep in ((Tidying(sql, RECOGNISE), Keep(gone=None)), (Tidying(sql), Keep())):
        list(tidying.round(keep, late))
        assert known(LI.account) is not None
    list(Tidying(sql, RECOGNISE).round(Keep(), late))
    assert known(LI.account) is None
    assert known(WANG.account) is not None


def test_what_is_held_against_somebody_forgotten_goes_once_nothing_of_it_counts(sql: SqlStore, tmp_path: Path):
    sql.recognise_by(RECOGNISE)
    life = Life(sql, tmp_path / "home")
    for who in (CANARY, LI):
        life.happens(MemberJoined, who)
        life.says(BOSS, f"/warn {who.account.partition(':')[2]} {SECRET}")
    life.says(BOSS, f"/ban {LI.account.partition(':')[2]} 60d")
    with sql.unit() as unit:
        for who in (CANARY, LI):
            assert Forgetter(RECOGNISE).forget(unit, who.account, life.at) is not None
        unit.commit()

    def held() -> tuple[int, int, int]:
        with sql.pool.lent() as session:
            counts = [session.ask(f"SELECT count(*) FROM {table} WHERE person < 0") for table in TABLES]
        return tuple(count for ((count,),) in counts)

    assert held() == (2, 2, 1)
    list(Tidying(sql).round(Keep(), life.at + 29 * DAY))
    assert held() == (2, 2, 1)
    list(Tidying(sql).round(Keep(), life.at + 31 * DAY))
    assert held() == (1, 1, 1)
    list(Tidying(sql).round(Keep(), life.at + 61 * DAY))
    assert held() == (0, 0, 0)


def test_of_however_many_something_is_held_their_group_is_held_up_for_few_moments(sql: SqlStore, monkeypatch):
    came = Invitee(joined=START, stage="left")
    people = [PersonId(-1 - n) for n in range(1_200)]
    saved(sql, records={RecordAt("g", person, INVITEE.name): came for person in people})
    over = {RecordAt("g", person, BANNED.name): Banned(START + DAY) for person in people[::400]}
    saved(sql, records={**over, **{RecordAt("g", at.person, INVITEE.name): None for at in over}})
    with sql.unit() as unit:
        unit.session.write(_HOLD, [(f"hash {person}", unit.group_ids(["g"])["g"], person) for person in people])
        unit.commit()
    locked: list[object] = []
    lock = SqlUnit.lock

    def counted(unit: SqlUnit, groups: Sequence[str]) -> None:
        locked.append(groups)
        lock(unit, groups)

    monkeypatch.setattr(SqlUnit, "lock", counted)
    assert tidy(sql, Keep()) == len(over)
    assert len(locked) < 10
    with sql.pool.lent() as session:
        assert session.ask("SELECT count(*) FROM held") == [(len(people) - len(over),)]


TABLES = ("held", "ledger", "records")
TIMED = "topics.heard topics.words questions.open questions.answered"


def test_what_a_silent_group_remembers_for_a_while_goes_without_another_word(sql: SqlStore, tmp_path: Path):
    life = Life(sql, tmp_path / "home")
    life.lives()
    tidying = Tidying(sql)

    def kept() -> dict[str, str]:
        with sql.pool.lent() as session:
            found = session.ask("SELECT slot, value FROM records WHERE person = 0")
        return {slot: value for slot, value in found if slot in TIMED.split()}

    assert SECRET.rstrip("0123456789") in kept()["topics.heard"]
    saved(
        sql,
        records={
            RecordAt("reading", NOBODY, TOPICS.name): Topics(
                {life.at.date().isoformat(): {"sunflower": ("d1d27e",)}, "2026-02-01": {"rose": ("d1d27e",)}}
            ),
            RecordAt("reading", NOBODY, ANSWERED.name): Answers(
                {"7": Answered(WANG.account, life.at, (LI.account,))},
                {"a": Suggested(LI.account, WANG.account, life.at)},
            ),
        },
    )
    list(tidying.round(Keep(), life.at))
    assert "rose" not in kept()["topics.words"]
    assert "sunflower" in kept()["topics.words"]
    assert set(kept()) == set(TIMED.split())
    list(tidying.round(Keep(), life.at + 3 * DAY))
    assert set(kept()) == set(TIMED.split()) - {"topics.heard"}
    assert WANG.account in kept()["questions.answered"]
    list(tidying.round(Keep(), life.at + 10 * DAY))
    assert set(kept()) == {"questions.answered"}
    list(tidying.round(Keep(), life.at + 15 * DAY))
    assert kept() == {}


def test_what_groups_remember_is_not_held_in_memory_all_at_once(sql: SqlStore):
    words = Topics({"2026-03-01": {"sunflower": ("d1d27e",)}})
    places = [RecordAt(group, NOBODY, TOPICS.name) for group in ("g", "reading")]
    saved(sql, records=dict.fromkeys(places, words))
    found = sql.retention().shared(TOPICS)
    assert next(iter(found)) == ("g", words)
    saved(sql, records={places[1]: None})
    assert list(found) == []


def test_an_order_that_nobody_confirmed_goes_and_who_did_what_last_stays(sql: SqlStore, tmp_path: Path):
    life = Life(sql, tmp_path / "home")
    life.happens(MemberJoined, CANARY)
    life.says(BOSS, f"/note {NUMBER} likes poems")
    life.says(GHOST, f"/warn {NUMBER} {SECRET}")
    before = _desk(sql)
    assert SECRET in before
    list(Tidying(sql).round(Keep(), life.at + timedelta(minutes=4)))
    assert _desk(sql) == before
    list(Tidying(sql).round(Keep(), life.at + timedelta(minutes=6)))
    assert SECRET not in _desk(sql)
    assert NUMBER in _desk(sql)


def _desk(sql: SqlStore) -> str:
    with sql.pool.lent() as session:
        return "".join(value for (value,) in session.ask("SELECT value FROM records WHERE slot = 'steering.desk'"))


def test_null_keeps_everything(sql: SqlStore):
    nothing = Keep.model_validate(dict.fromkeys(Keep.model_fields))
    saved(sql, outbox=[message(1)])
    settle(sql, "1:0")
    sql.bury([DeadLetter("l", START, "g", "whole", "why")])
    assert tidy(sql, nothing) == 0


SENSELESS = {
    "short": {"words": "10m"},
    "facts look back": {"decisions": "30d"},
    "longer than messages": {"words": "60d"},
    "for ever": {"words": None},
}


@pytest.mark.parametrize("written", SENSELESS.values(), ids=SENSELESS)
def test_what_makes_no_sense_is_refused(written: dict[str, str | None]):
    with pytest.raises(ValueError, match="validation error for Keep"):
        Keep.model_validate(written)


def test_rounds_log_numbers_only(sql: SqlStore, caplog: pytest.LogCaptureFixture):
    saved(sql, outbox=[message(1)])
    settle(sql, "1:0")
    with caplog.at_level(logging.DEBUG):
        tidy(sql, Keep())
    assert "cleared away: words 1" in caplog.text
    assert "secret" not in caplog.text
