"""What changes between an admin's order about an ambassador and what comes of it: wishes, the file, newer orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from core.choices import answered, asked
from core.effects import Say
from core.events import Instructed
from core.occurrences import Hours
from core.people import Account, Actor
from core.workflow import Bound
from tests.commands.group import ADA, ANA
from tests.workflows.ambassador_circle import KOC, Circle
from tests.workflows.survey_hall import TIES
from workflows.ambassador_options import Ambassadors

OTHER_ANA = Actor(account=Account("wechat:ana"), name="Ana")
YES, NO = "ambassador:say:yes:koc", "ambassador:say:no:koc"


def rewritten(circle: Circle, **kinds: Any) -> None:
    """The operator's file has these kinds from now on."""
    options = Ambassadors.model_validate(kinds)
    runs = (Bound(one.workflow, options) if one.name == "ambassadors" else one for one in circle.group.runs)
    circle.becomes(replace(circle.group, runs=tuple(runs)))
    circle.at += timedelta(minutes=1)
    circle.arm()


def orders(circle: Circle, *texts: str) -> None:
    for text in texts:
        circle.says(ADA, text, mentions=(ANA,))
    circle.told()


def tied(circle: Circle, verb: str) -> None:
    """Ana's two accounts are bound or parted."""
    circle.says(OTHER_ANA, "good morning")
    arguments = {"one": ANA.account, "other": OTHER_ANA.account}
    circle.run(
        Instructed(id=circle.id(), at=circle.at, group="g", actor=ANA, workflow="ties", verb=verb, arguments=arguments)
    )
    circle.told()


def test_orders_that_are_taken_back_one_by_one_leave_an_ambassador_what_they_were():
    circle = Circle(tasks={"share": {"say": "#share", "min_chars": 0}})
    circle.joined(ANA)
    circle.says(ANA, "#share")
    was = circle.path(ANA)
    orders(circle, "/ambassador end @ana", "/ambassador never @ana", "/undo @ana", "/undo @ana")
    assert was is not None
    assert was.done["share"].times == 1
    assert (circle.path(ANA), circle.tags(ANA)) == (replace(was, said=""), frozenset({"koc"}))


def test_who_does_not_want_to_be_written_to_any_more_is_not_asked_at_the_end_of_the_quiet_hours():
    circle = Circle(group={"quiet": Hours(time(22), time(8))})
    circle.found(ANA)
    circle.pass_(hours=14)
    orders(circle, "/ambassador invite @ana")
    circle.says(ANA, "/optout")
    circle.told()
    assert circle.pass_(hours=10) == ["Ana does not want to be written to (/optout), so nothing was asked (Helper)."]
    assert circle.stage(ANA) == "unreached"
    circle.says(ANA, "/optin")
    orders(circle, "/ambassador invite @ana")
    assert circle.stage(ANA) == "invited"


def test_who_became_an_admin_meanwhile_is_not_asked_at_the_end_of_the_quiet_hours():
    circle = Circle(group={"quiet": Hours(time(22), time(8))})
    circle.found(ANA)
    circle.pass_(hours=14)
    orders(circle, "/ambassador invite @ana")
    circle.becomes(replace(circle.group, staff=frozenset((ANA.account,))))
    assert circle.pass_(hours=10) == []
    assert circle.stage(ANA) is None


@pytest.mark.parametrize("gone", [1, 20])
def test_an_invitation_whose_kind_was_not_in_the_file_for_a_while_ends_all_the_same(gone: int):
    circle = Circle()
    circle.asked(ANA)
    circle.told()
    rewritten(circle, kol=KOC)
    circle.pass_(days=gone)
    rewritten(circle, koc=KOC)
    circle.arm()
    told = circle.pass_(days=14)
    assert [line for line in told if "14 days" in line] == [
        "Ana did not answer within 14 days, and is left alone for 180 days (Helper)."
    ]
    assert circle.stage(ANA) == "declined"


@pytest.mark.parametrize(("gone", "stage"), [(1, "invited"), (20, "unreached")])
def test_one_that_was_not_said_yet_is_said_or_over(gone: int, stage: str):
    circle = Circle(group={"quiet": Hours(time(22), time(8))})
    circle.found(ANA)
    circle.pass_(hours=14)
    orders(circle, "/ambassador invite @ana")
    rewritten(circle, kol=KOC)
    circle.pass_(days=gone)
    rewritten(circle, koc=KOC)
    told = circle.pass_(days=1)
    assert [line.startswith("Ana, you help") for line in told].count(True) == (1 if stage == "invited" else 0)
    assert not any("did not answer" in line for line in told)
    assert circle.stage(ANA) == stage


def test_a_yes_that_comes_too_late_is_told_so():
    circle = Circle()
    circle.asked(ANA)
    circle.pass_(days=15)
    circle.presses(ANA, YES)
    assert circle.told() == ["This invitation is over (Helper). If you would like to be one, tell the admins."]
    circle.presses(ANA, NO)
    assert (circle.told(), circle.stage(ANA)) == ([], "declined")


def test_who_did_not_answer_is_left_alone_even_if_the_invitation_is_taken_back_then():
    circle = Circle()
    circle.asked(ANA)
    circle.pass_(days=15)
    orders(circle, "/undo @ana", "/ambassador invite @ana")
    assert circle.stage(ANA) == "declined"


@pytest.mark.parametrize(("language", "polite"), [("zh", "谢谢"), ("en", "thank you"), ("en", "thank")])
def test_a_question_without_buttons_can_be_answered_for_two_weeks_and_thanks_are_no_answer(language: Any, polite: str):
    circle = Circle(language)
    circle.asked(ANA)
    [said] = [one for one in circle.effects() if isinstance(one, Say) and one.choices]
    held = asked(None, said, "ambassadors", circle.at)
    later = circle.at + timedelta(days=13)
    assert answered(held, polite, later, "aside") is None
    assert answered(held, "1", later, "aside") is not None


def test_whose_account_is_parted_from_an_ambassadors_is_none():
    circle = Circle(tasks={"share": {"say": "#share", "min_chars": 0, "times": 9, "cooldown": "0s", "points": 3}})
    circle.becomes(replace(circle.group, runs=(*circle.group.runs, Bound(TIES, {}))))
    circle.joined(ANA)
    tied(circle, "bind")
    circle.says(OTHER_ANA, "#share one")
    assert circle.stage(OTHER_ANA) == "active"
    tied(circle, "part")
    circle.says(OTHER_ANA, "#share two")
    assert (circle.stage(OTHER_ANA), circle.tags(OTHER_ANA), circle.ledger("ambassador_task")) == (None, frozenset(), 1)
    circle.says(ANA, "#share three")
    assert (circle.stage(ANA), circle.tags(ANA), circle.ledger("ambassador_task")) == ("active", frozenset({"koc"}), 2)


def test_who_said_no_with_either_account_is_left_alone_with_both_once_they_are_parted():
    circle = Circle()
    circle.becomes(replace(circle.group, runs=(*circle.group.runs, Bound(TIES, {}))))
    circle.asked(ANA)
    tied(circle, "bind")
    circle.presses(OTHER_ANA, NO)
    tied(circle, "part")
    assert (circle.stage(ANA), circle.stage(OTHER_ANA)) == ("declined", "declined")


def test_an_order_about_a_kind_that_is_not_in_the_file_any_more_is_not_taken_back():
    circle = Circle()
    circle.joined(ANA)
    orders(circle, "/ambassador end @ana")
    rewritten(circle, kol=KOC)
    circle.says(ADA, "/undo @ana")
    assert not any(line.startswith("↩️") for line in circle.told())
    rewritten(circle, koc=KOC)
    circle.says(ADA, "/undo @ana")
    assert circle.stage(ANA) == "active"


def test_who_left_or_is_asked_about_a_kind_that_is_gone_cannot_say_yes():
    circle = Circle()
    circle.asked(ANA)
    rewritten(circle, kol=KOC)
    circle.presses(ANA, YES)
    assert circle.stage(ANA) == "invited"
    rewritten(circle, koc=KOC)
    circle.leaves(ANA)
    circle.told()
    circle.presses(ANA, YES)
    assert (circle.told(), circle.stage(ANA)) == ([], "declined")


def test_an_ambassador_whose_kind_is_gone_from_the_file_is_none_until_it_is_back():
    circle = Circle()
    circle.joined(ANA)
    rewritten(circle, kol={"name": "K"})
    assert circle.pass_(days=40) == []
    circle.says(ANA, "step down")
    assert circle.told() == []
    rewritten(circle, koc=KOC)
    assert [line.startswith("Ana has not taken part for") for line in circle.pass_(days=31)] == [True]
    assert (circle.stage(ANA), circle.tags(ANA)) == ("active", frozenset({"koc"}))
