"""What admins order about how far somebody has got: onboarding begun anew, done or skipped, a tier worked out anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pytest

from core.effects import Approve, Delete, Unmute
from core.events import JoinRequested, MemberJoined, MemberLeft
from core.workflow import Bound
from tests.commands.group import ADA, ANA, BEN, CLEO, MIA, Steered, actor, admin, button
from workflows import onboarding
from workflows.acts import ACTS, Act
from workflows.facts import TIER
from workflows.onboarding import Options
from workflows.onboarding_state import PROGRESS, Progress

ASKING: dict[str, Any] = {
    "steps": [
        {"id": "agree", "ask": {"zh": "同意吗？", "en": "Do you agree?"}, "options": [{"say": ["agree", "同意"]}]},
        {"id": "track", "ask": {"zh": "哪个方向？", "en": "Which track?"}, "options": [{"say": ["writing", "写作"]}]},
    ],
    "on_complete": [{"points": 10}],
}
DAN = actor(20009, "Dan")


def arriving(language: Literal["zh", "en"] = "en", written: dict[str, Any] = ASKING) -> Steered:
    """A group that Dan has just joined; he has answered the first of two questions."""
    runs = Bound(onboarding.workflow, Options.model_validate(written))
    group = Steered(language, staff=frozenset((CLEO.account,)), also=(runs,))
    group.run(MemberJoined(id=group.id(), at=group.at, group="g", actor=DAN))
    group.says(DAN, "agree")
    group.effects()
    return group


def progress(group: Steered) -> Progress | None:
    return next((one for member, one in group.store.every_record("g", PROGRESS) if member.account == DAN.account), None)


def stage(group: Steered) -> str:
    one = progress(group)
    return one.stage if one is not None else ""


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("verb", "han", "after", "en", "zh"),
    [
        ("restart", "重来", "steps", "Dan begins the onboarding again", "Dan 重新开始新人引导"),
        ("complete", "完成", "done", "The onboarding of Dan counts as done", "Dan 的新人引导记为完成"),
        ("skip", "跳过", "skipped", "Dan is not asked any more", "Dan 的新人引导已跳过"),
    ],
)
def test_an_order_is_carried_out_and_told_in_the_admins_language(language, verb, han, after, en, zh):
    for text in (f"/onboarding {verb} @dan met in person", f"/新人引导 {han} {DAN.account}", f"/onboarding {verb}"):
        group = arriving(language)
        group.says(ADA, text, to=DAN if text == f"/onboarding {verb}" else None)
        assert stage(group) == after, text
        assert any({"en": en, "zh": zh}[language] in line for line in group.told())


def test_the_audit_says_who_ordered_what_and_why():
    group = arriving()
    group.says(ADA, "/onboarding skip @dan a friend of the house")
    reasons = [why for row in group.store.audit("g") for why in row.because]
    assert "commanded /onboarding" in reasons
    assert "skip ordered by Ada: a friend of the house" in reasons


@pytest.mark.parametrize("verb", ["restart", "complete", "skip"])
def test_an_order_is_taken_back_once_and_the_member_stands_where_they_stood(verb):
    group = arriving()
    stood = progress(group)
    assert stood is not None
    group.says(ADA, f"/onboarding {verb} @dan")
    effects = group.effects()
    data = next(choice.data for one in effects for choice in getattr(one, "choices", ()) if "undo" in choice.data)
    for _ in range(2):
        group.presses(ADA, data)
    told = group.told()
    assert progress(group) == replace(stood, paid=("complete",) if verb == "complete" else ())
    assert group.ledger("points") == (10 if verb == "complete" else 0), "what was given is not taken"
    assert any("What cannot be taken back: rewards." in line for line in told) == (verb == "complete")
    assert sum("is as it was before the order" in line for line in told) == 1
    group.says(DAN, "writing")
    assert (stage(group), group.ledger("points")) == ("done", 10), "nothing is paid twice"


def test_an_order_about_somebody_who_was_never_asked_leaves_no_trace_when_taken_back():
    group = arriving()
    eve = actor(20012, "Eve")
    group.says(eve, "I was here before all of you")
    group.says(ADA, "/onboarding restart @eve")
    assert any("Do you agree?" in line for line in group.told())
    group.says(ADA, "/undo @eve")
    assert [one for member, one in group.store.every_record("g", PROGRESS) if member.account == eve.account] == []
    assert [row for row in group.store.timers("g") if row.member == eve.account] == []


def refused(group: Steered, because: str, *, stands: Progress | None) -> None:
    """One line says why nothing was taken back; the member stands where they stood, and no act counts as undone."""
    told = group.told()
    assert len(told) == 1, told
    assert because in told[0]
    assert progress(group) == stands
    assert [act.undone for act in acts(group)] == [""] * len(acts(group))


def acts(group: Steered, who: Any = DAN) -> list[Act]:
    return [
        act
        for member, held in group.store.every_record("g", ACTS)
        if member.account == who.account
        for act in held.last.values()
    ]


@pytest.mark.parametrize(
    ("language", "because"), [("en", "The onboarding of Dan has gone on since"), ("zh", "Dan 的新人引导后来又有了进展")]
)
@pytest.mark.parametrize("how", ["press", "/undo @dan", "/undo"])
def test_an_order_that_something_has_come_of_is_not_taken_back(language, because, how):
    group = arriving(language)
    group.says(ADA, "/onboarding restart @dan")
    data = button(group.effects())
    group.says(DAN, "agree")
    group.effects()
    now = progress(group)
    assert now is not None
    assert (now.stage, now.answers) == ("steps", {"agree": "agree"})
    if how == "press":
        group.presses(ADA, data)
    else:
        group.says(ADA, how)
    refused(group, because, stands=now)


def test_only_the_last_order_is_taken_back():
    group = arriving()
    group.says(ADA, "/onboarding restart @dan")
    first = button(group.effects())
    group.says(ADA, "/onboarding skip @dan")
    group.effects()
    skipped = progress(group)
    group.presses(ADA, first)
    refused(group, "has gone on since", stands=skipped)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_put_back_for_who_has_left(language):
    group = arriving(language)
    group.says(ADA, "/onboarding skip @dan")
    data = button(group.effects())
    group.run(MemberLeft(id=group.id(), at=group.at, group="g", actor=DAN))
    group.effects()
    left = progress(group)
    group.presses(ADA, data)
    refused(group, {"en": "Dan has left the group", "zh": "Dan 已经退群了"}[language], stands=left)


@pytest.mark.parametrize("finished", [True, False])
def test_of_two_orders_the_later_is_taken_back_and_the_earlier_stays(finished):
    group = arriving()
    if finished:
        group.says(DAN, "writing")
    group.says(ADA, "/onboarding restart @dan")
    group.effects()
    restarted = progress(group)
    assert restarted is not None
    group.says(ADA, "/onboarding skip @dan")
    group.says(ADA, "/undo @dan")
    assert any("is as it was before the order" in line for line in group.told())
    stands = replace(restarted, ordered="", before=None)
    assert progress(group) == stands
    group.says(ADA, "/undo @dan")
    told = group.told()
    assert len(told) == 1
    assert "has gone on since" in told[0]
    assert progress(group) == stands
    assert [bool(act.undone) for act in acts(group)] == [False, True]
    group.says(DAN, "agree")
    group.says(DAN, "writing")
    assert (stage(group), group.ledger("points")) == ("done", 10), "the onboarding goes on"


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("/onboarding restart @gone", "Gone has left the group", "Gone 已经退群了"),
        ("/onboarding restart @cleo", "Cleo is an admin", "Cleo 是管理员"),
        ("/onboarding complete @done", "Done has answered every step already", "Done 已经答完所有问题了"),
        ("/onboarding skip @done", "Done is not asked anything any more", "Done 已经不用再回答什么了"),
        ("/onboarding skip", "Whom do you mean?", "请说明是哪位"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_slip_about_onboarding_is_answered_and_nothing_is_done(language, text, en, zh):
    group = arriving(language)
    for number, name in ((20010, "Gone"), (20011, "Done")):
        one = actor(number, name)
        group.run(MemberJoined(id=group.id(), at=group.at, group="g", actor=one))
        group.says(one, "agree")
        group.says(one, "writing")
    group.run(MemberLeft(id=group.id(), at=group.at, group="g", actor=actor(20010, "Gone")))
    before = list(group.store.every_record("g", PROGRESS))
    group.effects()
    group.says(ADA, text)
    said = group.told()
    assert len(said) == 1
    assert {"en": en, "zh": zh}[language] in said[0]
    assert list(group.store.every_record("g", PROGRESS)) == before


ONBOARDING_FORM = {"en": "Write it like this: /onboarding restart @username", "zh": "请这样写：/新人引导 重来 @用户名"}
TIER_FORM = {"en": "Write it like this: /tier set @username", "zh": "请这样写：/等级 设为 @用户名"}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("/onboarding", ONBOARDING_FORM),
        ("/onboarding @dan", ONBOARDING_FORM),
        ("/onboarding @dan erase", ONBOARDING_FORM),
        ("/onboarding erase @dan", ONBOARDING_FORM),
        ("/tier @dan old", TIER_FORM),
    ],
)
def test_an_admin_who_names_no_order_reads_how_it_is_written(language, text, form):
    group = arriving(language)
    stood = progress(group)
    group.says(ADA, text)
    told = group.told()
    assert len(told) == 1
    assert form[language] in told[0]
    assert progress(group) == stood
    assert acts(group) == []


def test_who_may_not_give_orders_hears_nothing_of_how_they_are_written():
    group = arriving()
    for who in (ANA, MIA, admin(10009, "Otto", "pin")):
        for text in ("/onboarding", "/onboarding @ben", "/tier @ben"):
            group.says(who, text)
    assert group.told() == []


@pytest.mark.parametrize("who", [ANA, ADA])
def test_tier_alone_asks_about_oneself(who):
    group = Steered()
    group.says(who, "/tier")
    assert len(told := group.told()) == 1
    assert "Write it like this" not in told[0]


def test_wide_spaces_part_the_words_of_an_order_too():
    group = arriving("zh")
    group.says(ADA, "/新人引导　跳过　@dan　老朋友")
    assert stage(group) == "skipped"
    reasons = [why for row in group.store.audit("g") for why in row.because]
    assert "skip ordered by Ada: 老朋友" in reasons


# Tiers


def standing(group: Steered, who: Any = BEN) -> tuple[str | None, bool]:
    return next(
        (one.tier, one.locked) for member, one in group.store.every_record("g", TIER) if member.account == who.account
    )


@pytest.mark.parametrize("text", ["/tier recalculate @ben after the repair", "/等级 重算 @ben 修正之后"])
def test_a_tier_is_worked_out_anew_and_the_admins_read_what_came_of_it(text):
    group = Steered()
    group.says(ADA, "/points @ben +150")
    assert standing(group) == ("old", False)
    group.says(ADA, "/tier set @ben new")
    group.told()
    group.says(ADA, text)
    told = group.told()
    assert standing(group) == ("old", False)
    assert any("worked out anew from the ledger" in line for line in told)
    assert any("Ada recalculated the tier of Ben, now old." in line for line in told)


def test_a_tier_that_was_worked_out_anew_goes_back_to_what_it_was():
    group = Steered()
    group.says(ADA, "/points @ben +150")
    group.says(ADA, "/tier set @ben new")
    group.says(ADA, "/tier recalculate @ben")
    data = button(list(reversed(group.effects())))
    group.presses(ADA, data)
    assert standing(group) == ("new", False)


def test_a_tier_that_stayed_what_it_was_has_no_way_back():
    group = Steered()
    group.says(ADA, "/tier recalculate @ben")
    group.effects()
    group.says(ADA, "/undo @ben")
    told = group.told()
    assert len(told) == 1
    assert "Ben is new already, so nothing was taken back" in told[0]
    assert [act.undone for act in acts(group, BEN)] == [""]


def test_a_lock_holds_whatever_is_worked_out():
    group = Steered()
    group.says(ADA, "/tier lock @ben")
    group.says(ADA, "/points @ben +150")
    group.says(ADA, "/tier recalculate @ben")
    assert standing(group) == ("new", True)


def test_who_may_not_is_refused():
    group = arriving()
    before = list(group.store.every_record("g", TIER))
    for who in (ANA, MIA, CLEO, admin(10009, "Otto", "pin")):
        for text in ("/onboarding skip @dan", "/tier recalculate @dan"):
            group.says(who, text)
    assert len(group.told()) == 8
    assert (stage(group), list(group.store.every_record("g", TIER))) == ("steps", before)


# Letting somebody in

ENTRY: dict[str, Any] = {
    "entry": {
        "at": ["request", "door"],
        "questions": [{"id": "why", "ask": {"zh": "为什么想来？", "en": "Why?"}, "text": {"min_chars": 2}}],
    }
}


def test_approve_lets_in_who_stands_at_the_door_as_the_button_does():
    group = arriving(written=ENTRY)
    group.says(ADA, "/approve @ana met in person")
    effects = group.effects()
    assert [effect.member for effect in effects if isinstance(effect, Unmute)] == [ANA.account]
    assert not any(isinstance(effect, Approve) for effect in effects)
    assert "Ana is let in and may write" in str(effects[0].words)
    group.says(ANA, "good morning")
    assert not any(isinstance(effect, Delete) for effect in group.effects())


def test_approve_accepts_a_request_that_is_open():
    group = arriving(written=ENTRY)
    zoe = actor(20010, "Zoe")
    group.run(JoinRequested(id=group.id(), at=group.at, group="g", actor=zoe))
    group.effects()
    group.says(ADA, "/approve @zoe")
    effects = group.effects()
    assert [effect.member for effect in effects if isinstance(effect, Approve)] == [zoe.account]
    assert "The request of Zoe is accepted, if it still stands" in str(effects[0].words)


def test_approve_accepts_a_request_that_the_assistant_asks_no_questions_about():
    group = Steered()
    zoe = actor(20010, "Zoe")
    group.run(JoinRequested(id=group.id(), at=group.at, group="g", actor=zoe))
    group.says(ADA, "/approve @zoe")
    assert "Approve" in group.kinds()


def test_approve_accepts_a_request_of_who_went_unheard_and_asks_again():
    group = Steered()
    group.run(JoinRequested(id=group.id(), at=group.at, group="g", actor=CLEO))
    group.says(ADA, "/approve @cleo")
    effects = group.effects()
    assert [effect.member for effect in effects if isinstance(effect, Approve)] == [CLEO.account]
    assert "Cleo is in the group already, as far as I know" in str(effects[0].words)
    assert "✅" not in str(effects[0].words)


@pytest.mark.parametrize(
    ("language", "here", "nobody"),
    [
        ("en", "Dan is in the group already", "I know of no open request of Dan"),
        ("zh", "Dan 已经在群里了", "没有 Dan 待处理的入群申请"),
    ],
)
def test_approve_says_where_there_is_nothing_to_approve(language, here, nobody):
    group = arriving(language, ENTRY)
    group.says(ADA, "/approve @dan")
    assert here in group.told()[0]
    group.run(MemberLeft(id=group.id(), at=group.at, group="g", actor=DAN))
    group.says(ADA, "/approve @dan")
    assert nobody in group.told()[0]
    assert group.kinds() == []
