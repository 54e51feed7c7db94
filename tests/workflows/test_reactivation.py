"""A word to the silent: once for each silence, a few a week, never to those who said no."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from core.effects import Say
from core.engine import Engine
from core.occurrences import Hours
from core.workflow import Bound
from tests.workflows.check_in_camp import ADMIN, LI, WANG, Camp, bot, person
from workflows import quiet, reactivation
from workflows.reactivation_options import Reactivate


def camp(*, languages: tuple[str, ...] = ("zh", "en"), **options: Any) -> Camp:
    """A camp without check-ins that speaks to its silent members."""
    made = Camp(languages=languages)
    runs = (
        Bound(reactivation.workflow, Reactivate.model_validate(options)),
        Bound(quiet.workflow, quiet.Reminded()),
    )
    made.group = replace(made.group, runs=runs)
    made.engine = Engine(made.store, {"camp": made.group})
    return made


def spoken(made: Camp) -> list[tuple[str, str]]:
    """The day and the account of each word in private."""
    return [
        (made.group.local(row.at).strftime("%m-%d %H:%M"), row.effect.to)
        for row in made.store.outbox("camp")
        if isinstance(row.effect, Say) and row.effect.to is not None
    ]


def test_who_was_silent_for_two_weeks_is_spoken_to_once() -> None:
    made = camp()
    made.says("2026-03-02 12:00", "早")
    made.until("2026-06-01 00:00")
    assert spoken(made) == [("03-16 18:00", WANG.account)]
    assert made.said() == ["好久不见，「camp」的大家都想你了，有空回来坐坐吧。（不想再收到，发「退订提醒」）"]
    assert all(effect.confidential for effect in made.effects() if isinstance(effect, Say))


def test_quiet_hours_put_the_word_off_to_their_end() -> None:
    made = camp(at="23:30")
    made._run(replace(made.group, quiet=Hours(time(22, 30), time(7))))
    made.says("2026-03-02 12:00", "早")
    made.until("2026-06-01 00:00")
    assert spoken(made) == [("03-16 07:00", WANG.account)]


def test_a_new_silence_is_spoken_to_again() -> None:
    made = camp()
    made.says("2026-03-02 12:00", "早")
    made.until("2026-03-20 00:00")
    made.says("2026-03-20 12:00", "我回来了")
    made.until("2026-06-01 00:00")
    assert spoken(made) == [("03-16 18:00", WANG.account), ("04-03 18:00", WANG.account)]


def test_who_wrote_lately_said_no_is_staff_or_a_bot_hears_nothing() -> None:
    made = camp()
    for who in (WANG, LI, ADMIN, bot("b")):
        made.says("2026-03-02 12:00", "早", who)
    made.says("2026-03-02 13:00", "退订提醒", LI)
    made.says("2026-03-10 12:00", "早")
    made.until("2026-03-20 00:00")
    assert spoken(made) == []


def test_who_left_hears_nothing() -> None:
    made = camp()
    made.says("2026-03-02 12:00", "早")
    made.leaves("2026-03-03 12:00")
    made.until("2026-04-01 00:00")
    assert spoken(made) == []


def test_no_more_than_so_many_in_seven_days() -> None:
    made = camp(a_week=2)
    for n in range(5):
        made.says("2026-03-02 12:00", "早", person(f"p{n}"))
    made.until("2026-04-01 00:00")
    assert [at[:5] for at, _ in spoken(made)] == ["03-16", "03-16", "03-23", "03-23", "03-30"]


def test_who_is_silent_for_too_long_is_left_alone() -> None:
    made = camp(a_week=1, until="20d")
    for n in range(3):
        made.says("2026-03-02 12:00", "早", person(f"p{n}"))
    made.until("2026-06-01 00:00")
    assert len(spoken(made)) == 1


def test_in_the_group_all_are_named_in_one_message_with_the_operators_words() -> None:
    made = camp(where="group", text={"zh": "想念：", "en": "Missed:"})
    for who in (WANG, LI):
        made.says("2026-03-02 12:00", "早", who)
    made.until("2026-04-01 00:00")
    assert made.said() == ["想念： @小王 @老李"]


def test_in_english_too() -> None:
    made = camp(languages=("en",))
    made.says("2026-03-02 12:00", "hi")
    made.until("2026-04-01 00:00")
    assert made.last.startswith("We have not heard from you in camp for a while.")


def test_a_day_on_which_it_is_too_late_is_left_out_and_the_next_is_not() -> None:
    made = camp()
    made.says("2026-03-02 12:00", "早")
    made.until("2026-03-16 12:00")
    row = next(iter(made.store.timers("camp")))
    made.engine.process([row.due(made.at("2026-03-16 21:00"))])
    assert spoken(made) == []
    made.until("2026-03-18 00:00")
    assert [at for at, _ in spoken(made)] == ["03-17 18:00"]


@pytest.mark.parametrize("wrong", [{"after": "12h"}, {"after": "60d", "until": "30d"}, {"until": "400d"}])
def test_spans_that_make_no_sense_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="whole days"):
        Reactivate.model_validate(wrong)
