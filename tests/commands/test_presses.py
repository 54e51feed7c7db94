"""Who may press what: every button under a line to the admins takes the right of the command that does the same."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from core.effects import Say, TellAdmins, plain
from core.events import ButtonPressed, JoinRequested, MemberJoined, MemberLeft
from core.people import Actor
from core.workflow import Bound
from tests.commands.group import ADA, ALL_RIGHTS, ANA, BEN, GHOST, MIA, START, Steered, actor, admin, button
from tests.commands.test_rights import LISTED, may, people
from workflows import appeals, onboarding, referrals
from workflows.appeal_options import Appeals
from workflows.command_list import weight
from workflows.commands import Place
from workflows.onboarding_options import Onboarding
from workflows.referral_options import Referrals

NEW = actor(20009, "Nora")
OTTO = admin(10009, "Otto", *ALL_RIGHTS)
PROPOSING = {
    "rules": [
        {"id": "odd", "when": "message", "if": 'msg.text == "odd"', "then": [{"propose": {"mute": "1h"}}]},
        {"id": "scam", "when": "message", "if": 'msg.text == "scam"', "then": [{"propose": "ban"}]},
    ]
}


def steered(*also: Bound[Any]) -> Steered:
    return Steered(rules_written=PROPOSING, staff=frozenset((LISTED,)), also=also)


def said(who: Actor, text: str, beginning: str) -> Callable[[], tuple[Steered, str]]:
    def prepared() -> tuple[Steered, str]:
        group = steered()
        group.says(who, text)
        return group, button(group.effects(), beginning)

    return prepared


def asked_for_entry(verb: str, place: str, ban_after: int | None = None) -> Callable[[], tuple[Steered, str]]:
    """Somebody new waits for the admins, in front of the group or at its door; once turned away before."""

    def prepared() -> tuple[Steered, str]:
        question = {"id": "book", "ask": "Paper?", "options": ["yes", "no"], "accept": ["yes"]}
        entry = {"at": place, "questions": [question], "then": "ask_admins", "otherwise": "decline", "tries": 1}
        options = {"entry": {**entry, "cooldown": "0s", **({"ban_after": ban_after} if ban_after else {})}}
        group = steered(Bound(onboarding.workflow, Onboarding.model_validate(options)))
        comes = JoinRequested if place == "request" else MemberJoined
        prefix = "knock" if place == "request" else "door"
        for answer in (2, 1):
            group.run(comes(id=group.id(), at=group.at, group="g", actor=NEW))
            group.presses(NEW, f"{prefix}:book:{answer}", seconds=3600)
            if answer == 2:
                group.run(MemberLeft(id=group.id(), at=group.at, group="g", actor=NEW))
        return group, button(group.effects(), f"entry:{verb}:")

    return prepared


def appealed(answer: str) -> Callable[[], tuple[Steered, str]]:
    def prepared() -> tuple[Steered, str]:
        group = steered(Bound(appeals.workflow, Appeals.model_validate({"wait": "0s"})))
        group.says(OTTO, "/mute @ben 2d")
        group.says(BEN, "/appeal that was not me", private=True)
        return group, button(group.effects(), f"appeal:{answer}:")

    return prepared


def invited(answer: str) -> Callable[[], tuple[Steered, str]]:
    def prepared() -> tuple[Steered, str]:
        group = steered(Bound(referrals.workflow, Referrals.model_validate({"hold_at": 2})))
        for number in (20010, 20011):
            newcomer = actor(number, f"N{number}")
            group.run(MemberJoined(id=group.id(), at=group.at, group="g", actor=newcomer, by=ANA))
        return group, button(group.effects(), f"referral:{answer}:")

    return prepared


KINDS: dict[str, tuple[Callable[[], tuple[Steered, str]], tuple[str, ...], str]] = {
    "undo a mute": (said(ADA, "/mute @ben 1h", "undo:"), ("undo", "mute"), "taken back by an admin"),
    "undo a ban": (said(ADA, "/ban @ben", "undo:"), ("undo", "ban"), "taken back by an admin"),
    "undo points": (said(ADA, "/points @ben +5", "undo:"), ("undo", "points"), "taken back by an admin"),
    "who is it": (said(GHOST, "/ban @ben", "confirm:"), ("ban",), "confirmed with a real account"),
    "mute, yes": (said(BEN, "odd", "propose:yes:"), ("mute",), "an admin said yes"),
    "mute, no": (said(BEN, "odd", "propose:no:"), ("mute",), "an admin said no"),
    "ban, yes": (said(BEN, "scam", "propose:yes:"), ("ban",), "an admin said yes"),
    "ban, no": (said(BEN, "scam", "propose:no:"), ("ban",), "an admin said no"),
    "let in": (asked_for_entry("approve", "request"), ("approve",), "approved by "),
    "turn away": (asked_for_entry("decline", "request"), ("approve",), "declined by "),
    "turn away for good": (asked_for_entry("decline", "request", 2), ("approve", "ban"), "declined by "),
    "let write": (asked_for_entry("approve", "door"), ("approve",), "approved by "),
    "put out": (asked_for_entry("decline", "door"), ("kick",), "declined by "),
    "put out for good": (asked_for_entry("decline", "door", 2), ("ban",), "declined by "),
    "appeal, yes": (appealed("yes"), ("undo", "mute"), "the appeal was upheld"),
    "appeal, no": (appealed("no"), ("undo", "mute"), "the appeal was turned down"),
    "invited, yes": (invited("yes"), ("points",), "an admin said yes"),
    "invited, no": (invited("no"), ("points",), "an admin said no"),
}
NOT_HERE = ("listed owner", "operator", "wechat admin")
STEERING = ("moderator", "listed admin", "creator", "admin with")


@pytest.mark.parametrize("kind", KINDS)
def test_a_press_by_every_role_on_fresh_and_stale_word(kind):
    prepare, takes, counts = KINDS[kind]
    group, data = prepare()
    for vouched, (who, one) in itertools.product((True, False), [*people(True).items()]):
        one = people(vouched)[who]
        if who in NOT_HERE:
            continue
        wanted = all(may(command, who, Place.GROUP, vouched) for command in takes)
        group.effects()
        seen = len(list(group.store.audit("g")))
        group.presses(one, data)
        because = [reason for row in list(group.store.audit("g"))[seen:] for reason in row.because]
        assert any(reason.startswith(counts) for reason in because) == wanted, (who, vouched, because)
        if wanted:
            group, data = prepare()
            continue
        told = group.effects()
        assert len(told) == who.startswith(STEERING), (who, vouched, told)
        assert all(isinstance(line, Say) and line.to == one.account and line.confidential for line in told)


@pytest.mark.parametrize("kind", KINDS)
def test_the_platform_is_asked_about_whoever_presses(kind):
    data = KINDS[kind][0]()[1]
    assert weight(ButtonPressed(id="1", at=START, group="g", actor=ADA, data=data)) == 2


@pytest.mark.parametrize(
    ("who", "wanted"),
    [
        pytest.param(admin(10002, "Ada", "pin"), 'You lack the admin right "Ban users", so /mute', id="another right"),
        pytest.param(
            admin(10002, "Ada", *ALL_RIGHTS, vouched=False),
            "The platform did not tell what you may do, so /mute was not carried out. Please try again",
            id="the platform says nothing",
        ),
    ],
)
def test_who_steers_is_told_why_their_press_does_not_count(who, wanted):
    """They alone, where the admins read in private: what was not done is nothing to the others."""
    group, data = said(BEN, "odd", "propose:yes:")()
    group.presses(who, data)
    (line,) = group.effects()
    assert isinstance(line, Say)
    assert (line.to, line.reply_to, line.confidential) == (who.account, "77", True)
    assert plain(line.words).startswith(wanted)


def test_at_a_desk_all_who_read_along_are_told_whose_press_does_not_count_and_why():
    group = Steered(rules_written=PROPOSING, desk="office")
    group.says(BEN, "odd")
    group.presses(admin(10002, "Ada", "pin"), button(group.effects(), "propose:yes:"))
    (line,) = group.effects()
    assert isinstance(line, TellAdmins)
    assert plain(line.words).startswith('@Ada You lack the admin right "Ban users", so /mute')


@pytest.mark.parametrize("desk", ["", "office"])
def test_what_was_undone_before_is_told_to_who_presses_again_and_at_a_desk_to_all(desk):
    group = Steered(rules_written=PROPOSING, desk=desk)
    group.says(ADA, f"/mute {BEN.account} 1h")
    data = button(group.effects(), "undo:")
    group.presses(ADA, data)
    group.effects()
    group.presses(OTTO, data)
    (line,) = group.effects()
    assert "Ada took that back before" in plain(line.words)
    assert (isinstance(line, TellAdmins), getattr(line, "to", None)) == (bool(desk), None if desk else OTTO.account)


def test_who_presses_in_vain_is_told_in_their_own_language_and_a_desk_in_the_groups():
    ada = replace(admin(10002, "Ada", "pin"), language="zh")
    for desk, told in (("", "没有"), ("office", "Ada")):
        group = Steered(rules_written=PROPOSING, staff=frozenset((LISTED,)), desk=desk)
        group.says(BEN, "odd")
        group.presses(ada, button(group.effects(), "propose:yes:"))
        (line,) = group.told()
        assert told in line
        assert any("\u4e00" <= letter <= "\u9fff" for letter in line) is (desk == "")


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_press_that_does_nothing_to_anybody_is_none_of_what_a_rule_did(answer):
    """A digest counts the lines of rules in the audit."""
    group, data = said(BEN, "odd", f"propose:{answer}:")()
    asked = [row for row in group.store.audit("g") if row.workflow == "rules"]
    group.presses(admin(10002, "Ada", "pin"), data)
    assert [row for row in group.store.audit("g") if row.workflow == "rules"] == asked
    group.presses(ADA, data)
    since = [row.then for row in group.store.audit("g") if row.workflow == "rules"][len(asked) :]
    assert since == ([("mute 1h",)] if answer == "yes" else [])


def test_nobody_answers_a_proposal_about_themselves():
    group = steered()
    group.says(MIA, "odd")
    data = button(group.effects(), "propose:no:")
    group.presses(MIA, data)
    assert group.told() == ["You cannot use /mute on yourself."]
    group.presses(ADA, data.replace("no", "yes"))
    assert "Mute" in group.kinds()


def test_moderators_answer_what_they_could_command():
    group, data = said(BEN, "odd", "propose:yes:")()
    group.presses(MIA, data)
    assert "Mute" in group.kinds()
