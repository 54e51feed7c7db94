"""Who may command what, where: every command, role, place, and worth of the platform's word, written out."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from core.effects import Edit, Mute, Say, TellAdmins, plain
from core.events import ButtonPressed, MessagePosted
from core.people import Account, Actor, ActorKind
from core.workflow import Group
from tests.commands.group import ADA, ALL_RIGHTS, ANA, BOSS, GHOST, MIA, ROBOT, Steered, actor, admin
from workflows import rights
from workflows.command_list import ALL, BOOK, menus, rights_table, weight
from workflows.commands import Place, Role
from workflows.rights import Allowed
from workflows.texts import Catalog

MEMBERS = (
    "me top rules help language mydata forgetme link unlink appeal events join withdraw answer invite stepdown tasks "
    "optout"
)
MODERATORS = "ambassadors questions warn unwarn mute unmute undo note warns why status"
ADMINS = (
    "separate kick ban unban approve trust points tier checkin onboarding conversion ambassador announce pause resume "
    "event survey"
)
OWNERS = "export"
EVERYWHERE = f"{MEMBERS} ambassadors questions warns why status export"
NOT_AT_A_DESK = ("appeal", "invite", "link", "unlink", "join", "withdraw", "answer", "stepdown", "tasks")
NEEDS = {
    "restrict": "warn unwarn mute unmute kick ban unban trust undo",
    "change_info": "separate points tier checkin onboarding conversion ambassador announce pause resume export",
    "invite": "approve",
}
ASKS_NOW = f"{ADMINS} warn unwarn mute unmute undo export"

LISTED = Account("telegram:5001")
OWNER_LISTED = Account("telegram:5002")
GROUP = Group(
    key="g",
    staff=frozenset((LISTED, OWNER_LISTED, Account("wechat:boss"))),
    owners=frozenset((OWNER_LISTED,)),
    moderators=frozenset((MIA.account,)),
)


def level(command: str) -> int:
    return next(n for n, names in enumerate((MEMBERS, MODERATORS, ADMINS, OWNERS), 1) if command in names.split())


def right_of(command: str) -> str:
    return next((right for right, names in NEEDS.items() if command in names.split()), "")


def may(command: str, who: str, place: Place, vouched: bool) -> bool:
    """The claim, in other words than the code's."""
    if place is Place.DESK and command in NOT_AT_A_DESK:
        return False
    if place is not Place.GROUP and who == "ghost":
        return command in MEMBERS.split()
    if place is Place.PRIVATE and command not in EVERYWHERE.split():
        return False
    needed = level(command)
    if who in ("robot", "channel"):
        return False
    if who in ("member", "ghost"):
        return needed == 1
    if who == "moderator":
        return needed <= 2
    if who == "listed admin":
        return needed <= (2 if command in ASKS_NOW.split() else 3)
    if who in ("listed owner", "operator"):
        return True
    if who == "wechat admin":
        return needed <= 3
    fresh = vouched or command not in ASKS_NOW.split() or needed == 1
    if who == "creator":
        return fresh
    held = who.removeprefix("admin with ").split("+")
    return needed <= 3 and fresh and (right_of(command) in ("", *held))


def people(vouched: bool) -> dict[str, Actor]:
    told = {
        "member": ANA,
        "moderator": MIA,
        "listed admin": Actor(account=LISTED, name="L"),
        "listed owner": Actor(account=OWNER_LISTED, name="O"),
        "wechat admin": Actor(account=Account("wechat:boss"), name="老板"),
        "operator": Actor(account=Account("operator:cli"), name="cli"),
        "robot": Actor(account=Account("telegram:7"), name="R", kind=ActorKind.BOT, admin=True, rights=ALL_RIGHTS),
        "channel": Actor(account=Account("telegram:-1007"), name="C", kind=ActorKind.CHANNEL, admin=True),
        "ghost": GHOST,
        "creator": admin(10001, "Boss", *ALL_RIGHTS, "owner", vouched=vouched),
    }
    for held in (*itertools.combinations(sorted(ALL_RIGHTS), 1), (), tuple(sorted(ALL_RIGHTS))):
        told[f"admin with {'+'.join(held)}"] = admin(10002, "Ada", *held, vouched=vouched)
    return told


@pytest.mark.parametrize("command", ALL, ids=lambda command: command.name)
def test_every_role_and_place_by_fresh_and_stale_word(command):
    for vouched, place in itertools.product((True, False), Place):
        for who, one in people(vouched).items():
            got = isinstance(rights.verdict(command, one, GROUP, place), Allowed)
            assert got == may(command.name, who, place, vouched), (command.name, who, place, vouched)


def test_the_table_holds_every_command_role_and_place_and_lets_nobody_do_nothing():
    table = rights.table(ALL)
    assert len(table) == len(ALL) * len(Role) * len(Place)
    assert {name for name, _, _ in table} == set(f"{MEMBERS} {MODERATORS} {ADMINS} {OWNERS}".split())
    for (name, role, place), is_allowed in table.items():
        wanted = role.value >= level(name) and (place is not Place.PRIVATE or name in EVERYWHERE.split())
        wanted = wanted and (place is not Place.DESK or name not in NOT_AT_A_DESK)
        assert is_allowed == wanted, (name, role, place)


@pytest.mark.parametrize("command", ALL, ids=lambda command: command.name)
def test_a_verdict_allows_nothing_that_the_table_does_not(command, monkeypatch):
    monkeypatch.setattr(rights, "allowed", lambda *_: False)
    for place, ghosts in itertools.product(Place, (True, False)):
        for who, one in people(vouched=True).items():
            assert not isinstance(rights.verdict(command, one, GROUP, place, ghosts=ghosts), Allowed), (who, place)


def test_an_anonymous_admin_taken_at_their_word_has_no_more_than_an_admin_and_only_in_the_group():
    for command, place in itertools.product(ALL, Place):
        got = isinstance(rights.verdict(command, GHOST, GROUP, place, ghosts=True), Allowed)
        everybodys = level(command.name) == 1 and may(command.name, "member", place, vouched=True)
        assert got == (everybodys or (place is Place.GROUP and level(command.name) <= 3)), command.name


WRITTEN = {
    "points": "/points @ben +5",
    "tier": "/tier lock @ben",
    "checkin": "/checkin repair @ben 2026-03-01",
    "onboarding": "/onboarding skip @ben",
    "conversion": "/conversion add @ben order",
    "note": "/note @ben x",
    "announce": "/announce x",
    "pause": "/pause",
    "resume": "/resume",
}
POWERLESS = {
    "a member": ANA,
    "an admin without rights": admin(10002, "Ada"),
    "an admin of whom the platform said nothing now": admin(10002, "Ada", *ALL_RIGHTS, vouched=False),
    "a bot": ROBOT,
    "a channel": actor(-1009, "News", kind=ActorKind.CHANNEL),
}


@pytest.mark.parametrize("who", POWERLESS)
def test_nothing_is_done_for_who_may_not(who):
    """Every command that acts, through the whole engine, in the group, in private and at the desk."""
    group = Steered()
    before = len(list(group.store.facts("g")))
    for command in ALL:
        if command.name not in ASKS_NOW.split():
            continue
        text = WRITTEN.get(command.name, f"/{command.name} @ben")
        for private, desk in ((False, False), (True, False), (True, True)):
            group.says(POWERLESS[who], text, private=private, desk=desk)
    assert all(isinstance(effect, Say | TellAdmins) and not effect.choices for effect in group.effects())
    assert len(list(group.store.facts("g"))) == before


def test_an_anonymous_admin_is_asked_and_the_press_counts_by_who_presses():
    group = Steered()
    group.says(GHOST, "/mute @ben 1h")
    asking = group.effects()
    data = asking[0].choices[0].data
    assert data.startswith("confirm:")
    group.presses(ANA, data)
    assert group.effects() == []
    group.presses(admin(10002, "Ada", "pin"), data)
    group.presses(admin(10002, "Ada", *ALL_RIGHTS, vouched=False), data)
    assert set(group.kinds()) == {"Say"}
    group.presses(ADA, data)
    effects = group.effects()
    assert any(isinstance(effect, Mute) for effect in effects)
    read = [
        plain(effect.words)
        for effect in effects
        if isinstance(effect, Edit) or (isinstance(effect, Say) and not effect.to)
    ]
    assert "✅ An admin has confirmed it." in read
    assert not any("Ada" in words for words in read), "the group does not learn who writes without their name"
    group.presses(ADA, data)
    assert group.effects() == []


def test_a_confirmation_comes_too_late_after_five_minutes():
    group = Steered()
    group.says(GHOST, "/ban @ben")
    data = group.effects()[0].choices[0].data
    group.presses(ADA, data, seconds=301)
    assert group.effects() == []


def test_anonymous_admins_are_refused_or_believed_where_the_operator_says_so():
    refusing, believing = Steered(anonymous="no"), Steered(anonymous="yes")
    refusing.says(GHOST, "/mute @ben 1h")
    believing.says(GHOST, "/mute @ben 1h")
    assert refusing.told() == ["Anonymous admins cannot use /mute. Please send it with your own account."]
    assert "Mute" in believing.kinds()


def test_a_command_of_one_group_reaches_nobody_of_another():
    one, other = Steered(), Steered()
    one.says(ADA, "/ban 20002")
    assert other.effects() == []
    assert {row.group for row in one.store.outbox("g")} == {"g"}


def test_what_weighs_much_is_asked_of_the_platform_and_plain_words_are_not():
    group = Steered()

    def weighed(text: str) -> int:
        return weight(MessagePosted(id="1", at=group.at, group="g", actor=ADA, message="1", text=text))

    assert [weighed(text) for text in ("hello", "/me", "/why @a", "/ban @a", "/封禁 @a", "/ban@other @a")] == [
        0, 0, 1, 2, 2, 0,
    ]  # fmt: skip
    assert [weighed(text) for text in ("/top", "排行", "Leaderboard", "/排行榜", "排行不重要", "leader")] == [
        1, 1, 1, 1, 0, 0,
    ]  # fmt: skip
    for data, wanted in (("undo:1:telegram:2", 2), ("propose:yes:1:telegram:2", 2), ("answer:1", 0)):
        assert weight(ButtonPressed(id="1", at=group.at, group="g", actor=ADA, data=data)) == wanted


def test_words_mean_one_command_only():
    assert BOOK.named("禁言") is BOOK.named("mute")
    words = [word for command in ALL for word in command.words]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_menus_and_the_table_are_made_from_the_same_list(language):
    texts = Catalog.shipped()
    page = rights_table(texts, language)
    assert page.count("\n") == len(ALL) + 2
    runs = {"referrals", "ambassadors", "questions", "quiet", "events", "conversions", "surveys"}
    offered = menus(texts, ("zh", "en"), runs)
    made = {(scope, spoken): commands for scope, spoken, commands in offered}
    assert [name for name, _ in made["all_group_chats", language]] == MEMBERS.split()
    admins = {name for name, _ in made["all_chat_administrators", language]}
    assert admins == set(f"{MEMBERS} {MODERATORS} {ADMINS}".split())
    assert all(len(name) <= 32 and name.isascii() and name == name.lower() for name in admins)


def test_moderators_may_not_touch_each_other_and_nobody_touches_admins():
    group = Steered()
    other = MIA
    group.says(MIA, "/mute @mia 1h")
    group.says(MIA, "/mute 1h", to=BOSS)
    group.says(ADA, "/mute 1h", to=BOSS)
    group.says(ADA, "/mute 10m", to=other)
    assert group.kinds().count("Mute") == 1


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "📋 The group g runs check-ins, rules, tiers"), ("zh", "📋 g 群在运行：打卡、规则、等级")],
)
def test_the_status_names_what_runs_as_people_call_it_and_leaves_out_the_inner_parts(language, line):
    group = Steered(language)
    group.says(ADA, "/status")
    assert group.told()[0].splitlines()[0] == line


@pytest.mark.parametrize("text", ["/mute", "/mute @ana 1h", "/unwarn @ana", "/status"])
@pytest.mark.parametrize("first", ["zh", "en"])
def test_at_the_desk_all_is_said_in_the_groups_first_language(first, text):
    """Elsewhere in that of who commands."""
    group = Steered(first)
    group.says(ADA, "/language " + ("English" if first == "zh" else "中文"))
    places: tuple[dict[str, Any], ...] = ({"desk": True, "private": True}, {})
    for place in places:
        group.told()
        group.says(ADA, text, **place)
        own = "en" if first == "zh" else "zh"
        chinese = any("\u4e00" <= letter <= "\u9fff" for letter in "".join(group.told()).replace("小王", ""))
        assert ("zh" if chinese else "en") == (first if place else own)
