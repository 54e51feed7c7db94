"""Of somebody who has several accounts, what is done is done to one of them, and taken back from the same one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import state
from core.decision import NOTHING, Decision, Part
from core.effects import Ban, Mute, TellAdmins, Unban, Unmute
from core.events import MemberJoined, MessagePosted
from core.workflow import Bound, Workflow
from tests.commands.group import ADA, BINDING, MIA, OTHER_MIA, Steered, button
from tests.commands.test_undo import PROPOSING, SPAM

ON_ONE = (Mute, Unmute, Ban, Unban)


def _parted(event, options, view):
    if event.text != "two people":
        return NOTHING
    return Decision(changes=tuple(Part(bond=bond) for bond in view.get(state.bonds(MIA.account))), because=("parted",))


PARTING = Bound(
    Workflow("parting", dict, frozenset({MessagePosted}), lambda event, options: (state.bonds(MIA.account),), _parted),
    {},
)


def bound(language="en", **more):
    """A group in which Mia is one person on two platforms, until somebody writes "two people"."""
    group = Steered(language, also=(BINDING, PARTING), **more)
    group.says(OTHER_MIA, "that is me")
    group.effects()
    return group


def did(group):
    """What was done to accounts since the last asking, and to which."""
    effects = [effect for effect in group.effects() if isinstance(effect, ON_ONE)]
    return [(type(effect), effect.member) for effect in effects]


@pytest.mark.parametrize(
    ("text", "done", "back"), [("/ban {} 1d", Ban, Unban), ("/mute {} 1d", Mute, Unmute)], ids=["ban", "mute"]
)
@pytest.mark.parametrize("who", [MIA, OTHER_MIA], ids=["the first", "the other"])
@pytest.mark.parametrize("named", ["/undo @mia", "/undo wechat:mia", "/undo"])
def test_whichever_account_is_named_an_act_is_taken_back_from_the_one_it_was_done_to(text, done, back, who, named):
    group = bound()
    group.says(ADA, text.format(who.account))
    assert did(group) == [(done, who.account)]
    group.says(ADA, named)
    assert did(group) == [(back, who.account)]


def test_what_was_done_to_another_account_took_no_place():
    group = bound()
    group.says(ADA, "/mute @mia 1d")
    group.says(ADA, "/ban wechat:mia")
    group.effects()
    group.says(ADA, "/undo wechat:mia")
    assert did(group) == [(Unban, OTHER_MIA.account)]
    group.says(ADA, "/undo @mia")
    assert did(group) == [(Unmute, MIA.account)]


def test_an_account_that_was_not_banned_is_not_banned_by_an_undo():
    group = bound()
    group.says(ADA, "/ban wechat:mia")
    group.says(ADA, "/unban @mia")
    group.effects()
    group.says(ADA, "/undo")
    effects = group.effects()
    assert not any(isinstance(effect, Ban) for effect in effects)
    assert "Lifting a ban cannot be undone" in str(effects[0].words)


@pytest.mark.parametrize("who", [MIA, OTHER_MIA], ids=["the first", "the other"])
def test_a_ban_that_is_lifted_by_mistake_is_put_back_while_the_other_account_is_in_the_group(who):
    group = bound()
    group.says(ADA, f"/ban {who.account}")
    group.leaves(who)
    group.says(ADA, f"/unban {who.account}")
    group.effects()
    group.says(ADA, "/undo")
    assert did(group) == [(Ban, who.account)]


def joins_again(group, who):
    group.leaves(who)
    group.at += timedelta(minutes=10)
    group.run(MemberJoined(id=group.id(), at=group.at, group="g", actor=who))


@pytest.mark.parametrize("text", ["/unmute wechat:mia", "/ban wechat:mia"])
def test_what_is_done_to_another_account_ends_no_mute(text):
    group = bound()
    group.says(ADA, "/mute @mia 1d")
    group.says(ADA, text)
    group.effects()
    joins_again(group, MIA)
    assert did(group) == [(Mute, MIA.account)]
    group.says(ADA, "/unmute @mia")
    group.effects()
    joins_again(group, MIA)
    assert did(group) == []


def test_lifting_a_mute_of_another_account_is_not_undone_with_a_mute():
    group = bound()
    group.says(ADA, "/mute @mia 1d")
    group.says(ADA, "/unmute wechat:mia")
    group.effects()
    group.says(ADA, "/undo")
    effects = group.effects()
    assert not any(isinstance(effect, Mute) for effect in effects)
    assert "Lifting a mute cannot be undone" in str(effects[0].words)


def test_a_yes_to_what_is_done_to_another_account_ends_no_mute_either():
    rules = {"rules": [{**PROPOSING["rules"][0], "exempt": []}]}
    group = bound(rules_written=rules, moderators=frozenset())
    group.says(ADA, "/mute @mia 1d")
    group.says(OTHER_MIA, "scam")
    group.presses(ADA, button(group.effects(), "propose:yes:"))
    assert did(group) == [(Ban, OTHER_MIA.account)]
    joins_again(group, MIA)
    assert did(group) == [(Mute, MIA.account)]


def test_whom_the_assistant_keeps_out_by_itself_stays_banned_where_another_account_is_let_in():
    group = bound(unbarred=("wechat",))
    group.says(ADA, "/ban wechat:mia")
    group.says(ADA, "/unban @mia")
    group.effects()
    joins_again(group, OTHER_MIA)
    assert did(group) == [(Ban, OTHER_MIA.account)]


def test_a_mute_that_is_put_back_on_another_account_is_undone_there():
    group = bound()
    group.says(ADA, "/mute @mia 1d")
    group.effects()
    joins_again(group, OTHER_MIA)
    assert did(group) == [(Mute, OTHER_MIA.account)]
    group.says(ADA, "/undo @mia")
    assert did(group) == [(Unmute, OTHER_MIA.account)]


LASTING: list[tuple[str, str, type[Mute | Ban]]] = [
    ("/mute wechat:mia", "/unmute telegram:10003", Mute),
    ("/ban wechat:mia", "/unban telegram:10003", Ban),
]


@pytest.mark.parametrize(("given", "lifted", "again"), [*LASTING, ("/ban wechat:mia", "the undo of the line", Ban)])
def test_what_is_put_back_on_another_account_and_lifted_there_stays_lifted_there(given, lifted, again):
    group = bound(unbarred=("wechat",))
    group.says(ADA, given)
    group.effects()
    for _ in range(2):
        joins_again(group, MIA)
        effects = group.effects()
        assert [effect.member for effect in effects if isinstance(effect, again)] == [MIA.account]
    if lifted == "the undo of the line":
        group.presses(ADA, button(effects))
    else:
        group.says(ADA, lifted)
    group.effects()
    joins_again(group, MIA)
    assert did(group) == []


@pytest.mark.parametrize(("given", "lifted", "again"), LASTING)
@pytest.mark.parametrize("joins", [False, True], ids=["at once", "after it was put back"])
def test_what_was_done_to_an_account_that_is_somebody_elses_now_can_be_lifted(given, lifted, again, joins):
    group = bound(unbarred=("wechat",))
    group.says(ADA, given)
    group.says(MIA, "two people")
    if joins:
        joins_again(group, MIA)
        assert (again, MIA.account) in did(group)
    group.says(ADA, lifted)
    group.effects()
    joins_again(group, MIA)
    assert did(group) == []


def test_a_ban_that_was_put_back_on_another_account_is_of_nobody_forgotten():
    group = bound(unbarred=("wechat",))
    group.says(ADA, "/ban wechat:mia")
    for _ in range(2):
        joins_again(group, MIA)
    reasons = [reason for row in group.store.audit("g") for reason in row.because if "banned" in reason]
    assert reasons == ["joined again while banned"] * 2


def test_a_ban_that_was_put_back_on_another_account_is_still_lifted_by_hand_where_it_was_given():
    group = bound(unbarred=("wechat",))
    group.says(ADA, "/ban @mia")
    joins_again(group, OTHER_MIA)
    assert did(group) == [(Ban, MIA.account), (Ban, OTHER_MIA.account)]
    joins_again(group, MIA)
    joins_again(group, OTHER_MIA)
    assert did(group) == []


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en", "Mia is also wechat:mia. Nothing was done to that account"),
        ("zh", "Mia 还有账号 wechat:mia，没有一并处理"),
    ],
)
@pytest.mark.parametrize("text", ["/mute @mia 1h", "/ban @mia", "/kick @mia", "/unmute @mia", "/unban @mia"])
def test_the_admins_hear_which_account_of_somebody_was_not_reached(text, language, wanted):
    group = Steered(language, also=(BINDING,))
    group.says(OTHER_MIA, "that is me")
    group.says(ADA, text)
    lines = [str(effect.words) for effect in group.effects() if isinstance(effect, TellAdmins)]
    assert len([line for line in lines if wanted in line]) == 1


@pytest.mark.parametrize(
    ("rules", "report", "times"),
    [
        pytest.param(SPAM, "all", 1, id="by itself, of which all is told"),
        pytest.param(SPAM, "sanctions", 1, id="by itself, of which sanctions are told"),
        pytest.param(SPAM, "none", 0, id="by itself, of which nothing is told"),
        *(pytest.param(PROPOSING, report, 1, id=f"by a yes: {report}") for report in ("all", "sanctions", "none")),
    ],
)
def test_of_what_a_rule_does_they_hear_it_once(rules, report, times):
    rules = {"rules": [{**rule, "exempt": []} for rule in rules["rules"]]}
    group = bound(rules_written=rules, moderators=frozenset(), report=report)
    group.says(MIA, "scam" if "scam" in str(rules) else "spam")
    effects = group.effects()
    if rules["rules"][0]["id"] == "scam":
        group.presses(ADA, button(effects, "propose:yes:"))
        effects = group.effects()
    lines = [str(effect.words) for effect in effects if isinstance(effect, TellAdmins)]
    assert sum("Mia is also wechat:mia." in line for line in lines) == times


def test_whoever_has_one_account_is_told_about_alone():
    group = Steered()
    group.says(ADA, "/mute @ben 1h")
    assert not any(isinstance(effect, TellAdmins) for effect in group.effects())
