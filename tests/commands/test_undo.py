"""What was done can be taken back, once, by who could have done it; and where it cannot, that is said."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from core.effects import Ban, Delete, Mute, TellAdmins, Unban, Unmute, plain
from core.events import JoinRequested, MemberJoined, MessagePosted, Reply
from core.people import ActorKind
from tests.commands.group import ADA, ALL_RIGHTS, ANA, BEN, BINDING, MIA, OTHER_MIA, Steered, actor, admin, button
from workflows.acts import ACTS, KEPT, Back, way_back

SPAM = {"rules": [{"id": "spam", "when": "message", "if": 'msg.text == "spam"', "then": ["delete", {"mute": "1h"}]}]}
WARNING = {"rules": [{"id": "ads", "when": "message", "if": 'msg.text == "ads"', "then": [{"warn": "no ads"}]}]}
PROPOSING = {"rules": [{"id": "scam", "when": "message", "if": 'msg.text == "scam"', "then": [{"propose": "ban"}]}]}


def tags(group: Steered) -> set[str]:
    return {tag for member in group.store.people("g") if member.account == BEN.account for tag in member.tags}


def tier(group: Steered) -> tuple[str | None, bool]:
    from workflows.facts import TIER

    return next(
        (
            (one.tier, one.locked)
            for member, one in group.store.every_record("g", TIER)
            if member.account == BEN.account
        ),
        (None, False),
    )


def test_a_warning_by_an_admin_is_heard_by_the_rules():
    counting = {"id": "second", "when": "warned", "if": "warning.live >= 2", "then": [{"mute": "1h"}]}
    group = Steered(rules_written={"rules": [counting]})
    group.says(ADA, "/warn @ben ads")
    assert "Mute" not in group.kinds()
    group.says(ADA, "/warn @ben ads again")
    assert "Mute" in group.kinds()


@pytest.mark.parametrize(
    "told",
    [{}, {"amount": -7, "key": "back:admin@telegram:1"}, {"for": "30m"}, {'"': 'a "b"\n\\ 群', "n": 1.5, "no": None}],
)
def test_the_way_back_is_kept_as_json(told):
    written = way_back("rules", "points", told)
    assert json.loads(written) == ["rules", "points", told]
    assert Back.read(written) == Back(workflow="rules", verb="points", arguments=told)


DONE = {
    "warn": ("/warn @ben ads", lambda group: group.ledger("warning"), 1, 0),
    "points": ("/points @ben -7 cheating", lambda group: group.ledger("points"), -7, 0),
    "tier set": ("/tier set @ben old", lambda group: tier(group)[0], "old", "new"),
    "tier lock": ("/tier lock @ben", lambda group: tier(group)[1], True, False),
    "checkin": ("/checkin repair @ben 2026-03-01", lambda group: group.ledger("points"), 2, 0),
    "trust": ("/trust @ben", tags, {"trusted"}, set()),
    "note": ("/note @ben rude", lambda group: group.ledger("note"), 1, 0),
}


@pytest.mark.parametrize("kind", DONE)
def test_an_act_in_the_books_is_taken_back_once(kind):
    text, look, after, before = DONE[kind]
    group = Steered()
    group.says(BEN, "hello")
    group.says(ADA, "/tier set @ben new" if kind == "tier set" else "/status")
    group.says(ADA, text)
    assert look(group) == after
    data = button(group.effects())
    for _ in range(3):
        group.presses(ADA, data)
    assert look(group) == before
    told = group.told()
    assert sum("took back what was done" in one for one in told) == 1
    assert sum("took that back before" in one for one in told) == 2


@pytest.mark.parametrize(
    ("text", "done", "back"),
    [("/mute @ben 1h", Mute, Unmute), ("/ban @ben", Ban, Unban), ("/ban 99887766", Ban, Unban)],
)
def test_an_act_on_the_platform_is_taken_back_once(text, done, back):
    group = Steered()
    group.says(ADA, text)
    effects = group.effects()
    assert done in map(type, effects)
    group.presses(ADA, button(effects))
    assert back in map(type, group.effects())
    group.presses(ADA, button(effects))
    assert not {Mute, Unmute, Ban, Unban} & set(map(type, group.effects()))


@pytest.mark.parametrize(("text", "back"), [("/mute @ben 1h", Unmute), ("/ban @ben", Unban)])
@pytest.mark.parametrize(("written", "heard"), [(True, "group"), (False, "admins")], ids=["by a command", "by a press"])
def test_what_is_taken_back_knows_who_reads_that_it_is(text, back, written, heard):
    """They are told where it could not be done."""
    group = Steered()
    group.says(ADA, text)
    data = button(group.effects())
    if written:
        group.says(ADA, "/undo @ben")
    else:
        group.presses(ADA, data)
    assert [one.heard for one in group.effects() if isinstance(one, back)] == [heard]


@pytest.mark.parametrize("text", ["/mute @ben 1h", "/kick @ben", "/ban @ben", "/approve @zoe"])
@pytest.mark.parametrize(("language", "noted"), [("en", "📝 Noted for"), ("zh", "📝 已记下：")])
def test_where_a_platform_keeps_nobody_out_it_is_not_said_to_be_done(language, noted, text):
    group = Steered(language, unbarred=("telegram",))
    group.run(JoinRequested(id=group.id(), at=group.at, group="g", actor=actor(20010, "Zoe")))
    group.says(ADA, text)
    (said,) = group.told()
    assert said.startswith(noted)


@pytest.mark.parametrize(("unbarred", "said"), [((), "✅ Done for Ben."), (("telegram",), "📝 Agreed for Ben:")])
def test_a_yes_is_said_to_be_done_only_where_the_platform_can(unbarred, said):
    group = Steered(rules_written=PROPOSING, unbarred=unbarred)
    group.says(BEN, "scam")
    group.presses(ADA, button(group.effects(), "propose:yes:"))
    assert said in " ".join(group.told())


def test_lifting_a_mute_is_taken_back_with_what_was_left_of_it():
    group = Steered()
    group.says(ADA, "/mute @ben 1h")
    group.effects()
    group.says(ADA, "/unmute @ben", seconds=600)
    effects = group.effects()
    group.presses(ADA, button(effects), seconds=60)
    again = next(effect for effect in group.effects() if isinstance(effect, Mute))
    assert again.span == timedelta(minutes=50)


@pytest.mark.parametrize("unbarred", [(), ("telegram",)], ids=["the platform keeps them out", "nobody keeps them out"])
@pytest.mark.parametrize(
    ("length", "rest"),
    [pytest.param("", None, id="for good"), pytest.param(" 1h", timedelta(minutes=50), id="for an hour")],
)
def test_lifting_a_ban_is_taken_back_with_what_was_left_of_it(length, rest, unbarred):
    group = Steered(unbarred=unbarred)
    group.says(ADA, f"/ban @ben{length}")
    if not unbarred:
        group.leaves(BEN)
    group.effects()
    group.says(ADA, "/unban @ben", seconds=600)
    group.presses(ADA, button(group.effects()), seconds=60)
    again = next(effect for effect in group.effects() if isinstance(effect, Ban))
    assert again.span == rest


def test_a_ban_that_is_long_out_of_the_last_acts_is_put_back_as_far_as_it_is_kept():
    group = Steered(unbarred=("telegram",))
    group.says(ADA, "/ban @ben 7d")
    for n in range(KEPT):
        group.says(ADA, f"/note @ben {n}", seconds=1)
    group.effects()
    group.says(ADA, "/unban @ben", seconds=3590)
    group.presses(ADA, button(group.effects()))
    again = next(effect for effect in group.effects() if isinstance(effect, Ban))
    assert again.span == timedelta(days=6, hours=23)


@pytest.mark.parametrize("first", [None, "/ban @ben 30m"], ids=["never banned", "a ban that is over"])
def test_an_undo_bans_nobody_who_was_not_banned(first):
    group = Steered()
    if first is not None:
        group.says(ADA, first)
        group.effects()
    group.says(ADA, "/unban @ben", seconds=1800)
    assert not any(choice for effect in group.effects() for choice in getattr(effect, "choices", ()))
    group.says(ADA, "/undo @ben")
    effects = group.effects()
    assert not any(isinstance(effect, Ban) for effect in effects)
    assert "Lifting a ban cannot be undone" in str(effects[0].words)


@pytest.mark.parametrize("comes", [False, True], ids=["stays out", "was let in"])
def test_lifting_a_ban_of_somebody_never_seen_is_taken_back_unless_they_came(comes):
    group = Steered()
    group.says(ADA, "/ban 99887766")
    if comes:
        group.run(MemberJoined(id=group.id(), at=group.at + timedelta(days=3), group="g", actor=actor(99887766, "X")))
    group.says(ADA, "/unban 99887766")
    group.effects()
    group.says(ADA, "/undo")
    assert (Ban in map(type, group.effects())) == (not comes)


@pytest.mark.parametrize(
    "who", [actor(-1009, "Spam", kind=ActorKind.CHANNEL), actor(20009, "Eve")], ids=["a channel", "never seen to join"]
)
def test_lifting_the_ban_of_who_only_wrote_is_taken_back(who):
    group = Steered()
    group.says(who, "buy")
    for text in ("/ban", "/unban"):
        group.says(ADA, text, to=who)
    group.effects()
    group.says(ADA, "/undo", to=who)
    assert [effect.member for effect in group.effects() if isinstance(effect, Ban)] == [who.account]


def test_an_undo_bans_nobody_whom_somebody_let_in_again():
    group = Steered()
    group.says(ADA, "/ban @ben")
    group.leaves(BEN)
    group.run(MemberJoined(id=group.id(), at=group.at + timedelta(days=3), group="g", actor=BEN))
    group.says(ADA, "/unban @ben")
    group.effects()
    group.says(ADA, "/undo")
    effects = group.effects()
    assert not any(isinstance(effect, Ban) for effect in effects)
    assert "Lifting a ban cannot be undone" in str(effects[0].words)


def test_a_ban_of_somebody_never_seen_is_what_undo_takes_back():
    group = Steered()
    group.says(ADA, "/mute @ana 1h")
    group.says(ADA, "/ban 99887766")
    group.effects()
    group.says(ADA, "/undo")
    effects = group.effects()
    assert [effect.member for effect in effects if isinstance(effect, Unmute | Unban)] == ["telegram:99887766"]
    assert "what was done about 99887766: ban" in str(effects[0].words)


def test_a_pause_is_taken_back():
    group = Steered(rules_written=SPAM)
    group.says(ADA, "/pause")
    group.says(ADA, "/undo")
    group.effects()
    group.says(BEN, "spam")
    assert "Mute" in group.kinds()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/kick @ben", "A removal cannot be undone"),
        ("/announce hi", "Please delete the announcement"),
        ("/approve @zoe", "Letting somebody in cannot be undone"),
        ("/unmute @ben", "Lifting a mute cannot be undone"),
    ],
)
def test_what_cannot_be_undone_is_said(text, wanted):
    group = Steered()
    group.run(JoinRequested(id=group.id(), at=group.at, group="g", actor=actor(20010, "Zoe")))
    group.says(ADA, text)
    group.told()
    group.says(ADA, "/undo")
    assert wanted in group.told()[0]


def test_undo_takes_the_last_of_ones_own_and_a_name_the_last_about_them():
    group = Steered()
    other = admin(10009, "Otto", *ALL_RIGHTS)
    group.says(ADA, "/mute @ana 1h")
    group.says(other, "/mute @ben 1h")
    group.effects()
    group.says(ADA, "/undo")
    assert [effect.member for effect in group.effects() if isinstance(effect, Unmute)] == [ANA.account]
    group.says(ADA, "/undo @ben")
    assert [effect.member for effect in group.effects() if isinstance(effect, Unmute)] == [BEN.account]


def test_what_is_undone_and_told_first_is_the_newest_on_every_store(store):
    group = Steered(store=store)
    orders = ("mute @ben 2h", "points @ben +5", "warn @ben ads", "mute @ben 3h", "note @ben kind", "points @ben -1")
    for order in orders:
        group.says(ADA, f"/{order}", seconds=0)  # Telegram tells whole seconds: several may bear the same
    group.told()
    undone = []
    for _ in orders[1:]:
        group.says(ADA, "/undo @ben")
        undone += group.told()
    deeds = ("points -1", "a note", "muted for 3 h", "warned", "points +5")
    assert [said.partition(" The mute before")[0] for said in undone] == [
        f"↩️ Ada took back what was done about Ben: {deed}." for deed in deeds
    ]


def test_a_moderator_cannot_undo_what_only_an_admin_can_do():
    group = Steered()
    group.says(ADA, "/ban @ben")
    data = button(group.effects())
    group.presses(MIA, data)
    assert "Undoing this takes the same right" in group.told()[0]
    group.presses(ANA, data)
    assert group.effects() == []


OTTO = admin(10009, "Otto", *ALL_RIGHTS)


@pytest.mark.parametrize(
    ("first", "second", "seconds"),
    [
        pytest.param("/mute @ben 7d", "/mute @ben 2d", 60, id="a newer mute"),
        pytest.param("/mute @ben", "/ban @ben", 60, id="a ban after a mute"),
        pytest.param("/ban @ben", "/ban @ben 30d", 60, id="a newer ban"),
        pytest.param("/mute @ben 30m", "/note @ben calmed down", 1801, id="a mute that is over"),
        pytest.param("/ban @ben 30m", "/note @ben calmed down", 1801, id="a ban that is over"),
    ],
)
def test_what_something_newer_took_the_place_of_is_not_undone_a_second_time(first, second, seconds):
    group = Steered()
    group.says(ADA, first)
    data = button(group.effects())
    group.says(OTTO, second, seconds=seconds)
    group.effects()
    group.presses(ADA, data)
    effects = group.effects()
    assert not {Mute, Unmute, Ban, Unban} & set(map(type, effects))
    assert "so nothing was taken back" in str(effects[0].words)
    group.says(OTTO, "/undo @ben")
    assert "took back what was done" in group.told()[0]


REPAIR, REMOVE = "/checkin repair @ben 2026-03-01", "/checkin remove @ben 2026-03-01"


@pytest.mark.parametrize(
    ("before", "orders", "look", "stays"),
    [
        pytest.param("new", ["/tier set @ben old", "/tier set @ben new"], tier, ("new", False), id="set"),
        pytest.param("none", ["/tier set @ben new", "/points @ben +200"], tier, ("old", False), id="climbed"),
        pytest.param("new", ["/tier recalculate @ben", "/tier set @ben old"], tier, ("old", False), id="recalculated"),
        pytest.param("new", ["/tier lock @ben", "/tier unlock @ben"], tier, ("new", False), id="unlocked"),
        pytest.param(
            "new", ["/tier lock @ben", "/tier unlock @ben", "/tier lock @ben"], tier, ("new", True), id="locked again"
        ),
        pytest.param("new", ["/warn @ben", "/unwarn @ben"], lambda group: group.ledger("warning"), 0, id="forgiven"),
        pytest.param("new", [REPAIR, REMOVE], lambda group: group.ledger("points"), 0, id="a day taken back"),
        pytest.param("new", [REPAIR, REMOVE, REPAIR], lambda group: group.ledger("points"), 2, id="a day given again"),
    ],
)
def test_what_another_admin_ordered_since_is_not_undone(before, orders, look, stays):
    group = Steered()
    group.says(BEN, "hello")
    group.says(OTTO, f"/tier set @ben {before}")
    group.effects()
    first, *newer = orders
    group.says(ADA, first)
    data = button(group.effects())
    for order in newer:
        group.says(OTTO, order)
    group.effects()
    assert look(group) == stays
    group.presses(ADA, data)
    said = " ".join(group.told())
    assert "nothing was taken back" in said
    assert "took back" not in said
    assert look(group) == stays


@pytest.mark.parametrize("newer", [["/resume"], ["/resume", "/pause 2h"], ["/pause 2h"]], ids=" then ".join)
def test_an_undo_ends_no_pause_of_somebody_else(newer):
    group = Steered(rules_written=SPAM)
    group.says(ADA, "/pause")
    for order in newer:
        group.says(OTTO, order)
    group.effects()
    group.says(ADA, "/undo")
    assert "so nothing was taken back" in group.told()[0]
    group.says(BEN, "spam")
    assert ("Mute" in group.kinds()) == (newer == ["/resume"])


def test_what_was_ordered_since_and_taken_back_is_not_in_the_way():
    group = Steered()
    group.says(BEN, "hello")
    group.says(OTTO, "/tier set @ben new")
    group.effects()
    group.says(ADA, "/tier set @ben old")
    first = button(group.effects())
    group.says(OTTO, "/tier set @ben none")
    group.presses(OTTO, button(group.effects()))
    assert tier(group)[0] == "old"
    group.presses(ADA, first)
    assert tier(group)[0] == "new"


def test_another_warning_being_forgiven_is_not_in_the_way():
    group = Steered()
    group.says(ADA, "/warn @ben ads")
    first = button(group.effects())
    group.says(ADA, "/warn @ben ads again")
    group.says(OTTO, "/unwarn @ben")
    group.presses(ADA, first)
    assert group.ledger("warning") == 0
    assert "took back what was done" in group.told()[-1]


def test_a_ban_after_one_was_lifted_is_not_undone_with_the_lifting():
    group = Steered()
    group.says(ADA, "/ban @ben")
    group.says(ADA, "/unban @ben")
    data = button(group.effects(), "undo:")
    group.says(OTTO, "/ban @ben 1d")
    group.effects()
    group.presses(ADA, data)
    effects = group.effects()
    assert not {Ban, Unban} & set(map(type, effects))
    assert "so nothing was taken back" in str(effects[0].words)


def test_what_took_the_place_and_was_undone_itself_leaves_nothing_to_undo_and_lifting_does():
    group = Steered()
    group.says(ADA, "/mute @ben 7d")
    first = button(group.effects())
    group.says(OTTO, "/unmute @ben")
    group.presses(OTTO, button(group.effects()))
    assert "Mute" in group.kinds()
    group.presses(ADA, first)
    assert "Unmute" in group.kinds()


def test_of_an_act_the_part_that_still_stands_is_taken_back():
    both = {"id": "both", "when": "message", "if": 'msg.text == "both"', "then": [{"warn": "no"}, {"mute": "1h"}]}
    group = Steered(rules_written={"rules": [both]})
    group.says(BEN, "both")
    data = button(group.effects())
    group.says(OTTO, "/mute @ben 7d")
    group.effects()
    group.presses(ADA, data)
    effects = group.effects()
    assert not any(isinstance(effect, Unmute) for effect in effects)
    assert "What cannot be taken back: muted." in str(effects[0].words)
    assert group.ledger("warning") == 0


def test_a_mute_that_was_put_back_after_joining_again_is_the_one_that_was_given():
    group = Steered(rules_written=SPAM)
    group.says(BEN, "spam")
    data = button(group.effects())
    group.at += timedelta(minutes=10)
    group.run(MemberJoined(id=group.id(), at=group.at, group="g", actor=BEN))
    assert group.kinds() == ["Mute", "TellAdmins"]
    group.presses(ADA, data)
    assert "Unmute" in group.kinds()


def test_a_mute_that_is_put_back_when_nothing_is_known_of_it_any_more_can_be_undone_once():
    group = Steered()
    group.says(ADA, "/mute @ben 7d rude")
    for n in range(KEPT):
        group.says(ADA, f"/note @ben {n}", seconds=1)
    for _ in range(2):
        group.at += timedelta(minutes=10)
        group.run(MemberJoined(id=group.id(), at=group.at, group="g", actor=BEN))
    group.effects()
    group.says(ADA, "/undo @ben")
    assert "Unmute" in group.kinds()
    group.says(ADA, "/undo @ben")
    assert "note" in group.told()[-1]


# One's own


@pytest.mark.parametrize("who", [MIA, OTHER_MIA], ids=["the account itself", "an account bound to it"])
@pytest.mark.parametrize("way", ["press", "/undo", "/unmute"])
def test_nobody_lifts_what_was_done_about_themselves(who, way):
    group = Steered(moderators=frozenset((MIA.account, OTHER_MIA.account)), also=(BINDING,))
    group.says(OTHER_MIA, "that is me")
    group.says(ADA, "/mute @mia 1h")
    data = button(group.effects())
    if way == "press":
        group.presses(who, data)
    else:
        group.says(who, f"{way} {MIA.account}")
    effects = group.effects()
    assert not any(isinstance(effect, Unmute) for effect in effects)
    assert "on yourself. Another admin can." in str(effects[0].words)
    group.presses(OTTO, data)
    assert "Unmute" in group.kinds()


def test_what_somebody_did_about_themselves_they_can_take_back():
    group = Steered()
    group.says(MIA, "/note @mia away until Friday")
    group.effects()
    group.says(MIA, "/undo")
    assert "took back what was done about Mia" in group.told()[0]
    assert group.ledger("note") == 0


# What was done by itself


def test_a_sanction_comes_to_the_desk_with_why_evidence_and_a_button_that_undoes_it():
    group = Steered(rules_written=SPAM)
    group.says(BEN, "spam")
    effects = group.effects()
    line = next(effect for effect in effects if isinstance(effect, TellAdmins))
    assert line.evidence == next(effect for effect in effects if isinstance(effect, Delete)).messages[0]
    group.presses(ADA, button([line]))
    after = group.effects()
    assert any(isinstance(effect, Unmute) for effect in after)
    told = [effect.words for effect in after if isinstance(effect, TellAdmins)]
    assert "What cannot be taken back: message deleted." in "".join(map(str, told[0]))


def test_a_warning_of_a_rule_is_taken_back_by_its_button_and_no_other_one():
    group = Steered(rules_written=WARNING, report="all")
    group.says(BEN, "ads")
    first = button(group.effects())
    group.says(BEN, "ads", seconds=3600)
    assert group.ledger("warning") == 2
    group.presses(ADA, first)
    group.presses(ADA, first)
    assert group.ledger("warning") == 1


@pytest.mark.parametrize(("report", "lines"), [("all", 2), ("sanctions", 1), ("none", 0)])
def test_the_admins_hear_as_much_as_the_operator_wants(report, lines):
    group = Steered(rules_written={"rules": [*SPAM["rules"], *WARNING["rules"]]}, report=report)
    group.says(BEN, "spam")
    group.says(ANA, "ads")
    assert sum(isinstance(effect, TellAdmins) for effect in group.effects()) == lines


def test_a_ban_is_proposed_and_agreed_by_who_may_ban_and_can_be_undone():
    group = Steered(rules_written=PROPOSING)
    group.says(BEN, "scam")
    data = button(group.effects(), "propose:yes:")
    for powerless in (ANA, MIA, admin(10002, "Ada", "pin"), admin(10002, "Ada", *ALL_RIGHTS, vouched=False)):
        group.presses(powerless, data)
        assert set(group.kinds()) <= {"Say"}
    group.presses(ADA, data)
    effects = group.effects()
    assert Ban in map(type, effects)
    group.presses(ADA, button(effects))
    assert Unban in map(type, group.effects())


def test_a_line_is_answered_with_a_command_and_it_is_about_its_member():
    group = Steered(rules_written=SPAM)
    group.says(BEN, "spam")
    data = button(group.effects())
    group.at += timedelta(minutes=5)
    reply = Reply(message="5", data=data)
    for text in ("/undo", "/why"):
        event = MessagePosted(
            id=group.id(), at=group.at, group="g", actor=ADA, message="9", text=text, desk=True, private=True,
            reply_to=reply,
        )  # fmt: skip
        group.run(event)
    effects = group.effects()
    assert any(isinstance(effect, Unmute) and effect.member == BEN.account for effect in effects)
    assert "What happened to Ben lately" in str(effects[-1])
    assert isinstance(effects[-1], TellAdmins)


@pytest.mark.parametrize(
    ("language", "line"), [("en", "banned (rule scam, Ada agreed)"), ("zh", "封禁（规则：scam，Ada 同意）")]
)
def test_why_tells_once_that_an_admin_agreed(language, line):
    group = Steered(language, rules_written=PROPOSING)
    group.says(BEN, "scam")
    group.presses(ADA, button(group.effects(), "propose:yes:"))
    group.effects()
    group.says(ADA, "/why @ben")
    told = group.told()[0].splitlines()[1]
    assert told.endswith(line), told


def test_why_tells_the_last_acts_with_rule_and_reason():
    group = Steered("zh", rules_written=SPAM)
    group.says(BEN, "spam")
    group.says(ADA, "/points @ben -3 刷屏")
    group.says(ADA, "/note @ben 新号")
    group.told()
    group.says(ADA, "/why @ben")
    said = group.told()[0]
    for part in ("Ben 最近的处理", "删除消息、禁言 1 小时（规则：spam）", "积分 -3：刷屏", "备注：新号"):
        assert part in said


def test_no_more_than_the_last_acts_are_kept():
    group = Steered()
    for _ in range(KEPT + 5):
        group.says(ADA, "/mute @ben 1h")
    kept = next(acts for member, acts in group.store.every_record("g", ACTS) if member.account == BEN.account)
    assert len(kept.last) == KEPT


def test_while_paused_nothing_is_said_or_done_and_everything_is_counted():
    group = Steered(rules_written={"rules": [*SPAM["rules"], *WARNING["rules"]]})
    group.says(ADA, "/pause 1h")
    group.effects()
    group.says(BEN, "spam")
    group.says(BEN, "ads")
    group.says(BEN, "打卡")
    assert group.effects() == []
    assert (group.ledger("points"), group.ledger("warning")) == (2, 0)
    assert [row.mode for row in group.store.audit("g") if row.workflow == "rules"] == ["shadow", "shadow"]
    group.says(ADA, "/mute @ben 5m")
    assert "Mute" in group.kinds()
    group.says(BEN, "spam", seconds=3600)
    assert "Mute" in group.kinds()


@pytest.mark.parametrize(
    ("language", "known", "unknown"),
    [
        ("en", "✅ Ben may write again.", "Ben may write. I had no mute of theirs on my books."),
        ("zh", "✅ 已解除 Ben 的禁言。", "Ben 可以发言。我这里本来就没有 TA 的禁言记录。"),
    ],
)
def test_a_mute_that_is_not_known_is_lifted_and_it_is_said_that_there_was_none(language, known, unknown):
    """An admin may have muted somebody by the platform's own means."""
    group = Steered(language)
    group.says(ADA, "/mute @ben 1h")
    group.told()
    for said in (known, unknown):
        group.says(ADA, "/unmute @ben")
        assert group.told() == [said]
    group.says(ADA, "/mute @ben 1h")
    group.told()
    group.says(ADA, "/unmute @ben", seconds=3601)
    effects = group.effects()
    assert plain(effects[0].words) == unknown, "it was over"
    assert any(isinstance(effect, Unmute) for effect in effects)


@pytest.mark.parametrize(
    ("first", "rest", "told"),
    [
        ("/mute @ben 2h", timedelta(minutes=110), ("stands again, for 1 h 50 min", "还剩 1 小时 50 分钟")),
        ("/mute @ben", None, ("stands again, until somebody lifts it", "要等管理员解除")),
    ],
    ids=["for two hours", "until it is lifted"],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_mute_whose_place_a_newer_one_took_stands_again_once_that_is_undone(language, first, rest, told):
    group = Steered(language)
    group.says(ADA, first)
    group.says(ADA, "/mute @ben 3h", seconds=300)
    group.effects()
    group.says(ADA, "/undo", seconds=300)
    effects = group.effects()
    assert told[language == "zh"] in plain(effects[0].words)
    assert [effect.span for effect in effects if isinstance(effect, Mute)] == [rest]
    assert not any(isinstance(effect, Unmute) for effect in effects)
    group.says(ADA, "/undo")
    assert "Unmute" in group.kinds(), "the one before can be undone as well"


@pytest.mark.parametrize("between", ["/unmute @ben", "/undo"])
def test_a_mute_that_was_lifted_or_is_over_does_not_come_back(between):
    group = Steered()
    group.says(ADA, "/mute @ben 2h")
    group.says(ADA, between)
    group.says(ADA, "/mute @ben 3h")
    group.effects()
    group.says(ADA, "/undo")
    assert group.kinds()[1:] == ["Unmute"]
    group.says(ADA, "/mute @ben 1m")
    group.says(ADA, "/mute @ben 3h")
    group.effects()
    group.says(ADA, "/undo")
    assert group.kinds()[1:] == ["Unmute"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_a_mute_is_only_asked_for_none_is_said_to_stand_again(language):
    group = Steered(language, unbarred=("telegram",))
    group.says(ADA, "/mute @ben 2h")
    group.says(ADA, "/mute @ben 1d")
    group.effects()
    group.says(ADA, "/undo @ben")
    effects = group.effects()
    assert not any("stands again" in plain(one.words) or "继续有效" in plain(one.words) for one in effects[:1])
    assert not any(isinstance(effect, Mute) for effect in effects)


@pytest.mark.parametrize(
    ("first", "rest", "told"),
    [
        ("/ban @ben 2h", timedelta(minutes=110), ("stands again, for 1 h 50 min", "还剩 1 小时 50 分钟")),
        ("/ban @ben", None, ("The ban before it stands again, for good", "封禁继续有效，要等管理员解封")),
    ],
    ids=["for two hours", "for good"],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_ban_whose_place_a_newer_one_took_stands_again_once_that_is_undone(store, language, first, rest, told):
    group = Steered(language, store=store)
    group.says(ADA, first)
    group.leaves(BEN)
    group.says(OTTO, "/ban @ben 3h", seconds=300)
    group.effects()
    group.says(ADA, "/undo @ben", seconds=300)
    effects = group.effects()
    assert told[language == "zh"] in plain(effects[0].words)
    assert [effect.span for effect in effects if isinstance(effect, Ban)] == [rest]
    assert not any(isinstance(effect, Unban) for effect in effects)
    group.says(ADA, "/undo @ben")
    assert "Unban" in group.kinds(), "the one before can be undone as well"


def test_a_mute_whose_place_a_ban_took_is_kept_for_when_they_come_again(store):
    group = Steered(store=store)
    group.says(ADA, "/mute @ben 2h")
    group.says(ADA, "/ban @ben", seconds=300)
    group.leaves(BEN)
    group.effects()
    group.says(ADA, "/undo @ben", seconds=300)
    effects = group.effects()
    assert "The mute before it stands again, for 1 h 50 min" in plain(effects[0].words)
    assert [type(effect) for effect in effects[1:]] == [Unban, Mute]
    group.at += timedelta(minutes=10)
    group.run(MemberJoined(id=group.id(), at=group.at, group="g", actor=BEN))
    assert [effect.span for effect in group.effects() if isinstance(effect, Mute)] == [timedelta(minutes=100)]
    group.says(ADA, "/undo @ben")
    assert "Unmute" in group.kinds()


@pytest.mark.parametrize("between", ["/unban @ben", "/undo @ben", "let in by hand", "over"])
def test_a_ban_that_was_lifted_or_is_over_does_not_come_back(between):
    group = Steered()
    group.says(ADA, "/ban @ben 2h")
    group.leaves(BEN)
    if between.startswith("/"):
        group.says(ADA, between)
    if between != "over":
        group.at += timedelta(minutes=1)
        group.run(MemberJoined(id=group.id(), at=group.at, group="g", actor=BEN))
    group.says(ADA, "/ban @ben 5h", seconds=7300 if between == "over" else 61)
    group.effects()
    group.says(ADA, "/undo @ben")
    assert group.kinds()[1:] == ["Unban"]
