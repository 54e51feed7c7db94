"""Joins, leaves, moves, standings, reactions, buttons and join requests become events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from adapters.telegram.actors import BotIdentity
from adapters.telegram.members import told_once
from adapters.telegram.translate import events
from core.events import (
    BotStanding,
    ButtonPressed,
    GroupMoved,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    ReactionChanged,
)
from core.people import Account, Actor, ActorKind
from tests.telegram.payloads import (
    ANONYMOUS,
    GROUP,
    LI,
    NOON,
    OTHER_BOT,
    OURS,
    WANG,
    changed,
    message,
    standing,
    update,
)


class Seal:
    """Opens `sealed:<user>:<data>` for that user."""

    def opened(self, data: str, user: int, group: str) -> str | None:
        prefix = f"sealed:{user}:"
        return data.removeprefix(prefix) if data.startswith(prefix) else None

    def verdict(self, data: str, user: int, group: str) -> Literal["ours", "not_yours", "forged"]:
        if not data.startswith("sealed:"):
            return "forged"
        return "ours" if self.opened(data, user, group) is not None else "not_yours"


BOT = BotIdentity(id=42, username="yaji_bot", admins={-1001234567890: frozenset((10002,))}, seal=Seal())
AT = datetime.fromtimestamp(NOON, UTC)
PLAIN = {"say", "react", "edit", "buttons", "picture", "private", "file"}


def group_of(chat: int) -> str | None:
    return "reading" if chat == -1001234567890 else None


def told(**fields):
    return events(update(**fields), BOT, group_of)


def service(**fields):
    return told(message=message(text=None, **fields))


@pytest.mark.parametrize(
    ("by", "added_by", "by_admin"),
    [
        pytest.param({"from": WANG}, None, False, id="by themselves"),
        pytest.param({"from": LI}, "telegram:10002", True, id="added by an admin"),
        pytest.param({"from": {"id": 3, "first_name": "x"}}, "telegram:3", False, id="added by a member"),
        pytest.param(
            {"from": ANONYMOUS, "sender_chat": GROUP}, "telegram:-1001234567890", True, id="added by an anonymous admin"
        ),
    ],
)
def test_a_join_told_by_a_service_message(by, added_by, by_admin):
    (event,) = service(new_chat_members=[WANG], **by)
    assert isinstance(event, MemberJoined)
    assert event.actor.account == "telegram:10001"
    assert ((event.by and event.by.account), event.added_by_admin) == (added_by, by_admin)


def test_several_joins_in_one_update_have_ids_of_their_own():
    joins = service(new_chat_members=[WANG, OURS, OTHER_BOT], **{"from": LI})
    assert [(event.id, event.actor.account, event.actor.kind) for event in joins] == [
        ("telegram:42:7/1", "telegram:10001", ActorKind.PERSON),
        ("telegram:42:7/2", "telegram:555", ActorKind.BOT),
    ]


def test_a_leave_and_a_removal_told_by_a_service_message():
    (left,) = service(left_chat_member=WANG)
    assert isinstance(left, MemberLeft)
    assert left.by is None
    (removed,) = service(left_chat_member=WANG, **{"from": LI})
    assert isinstance(removed, MemberLeft)
    assert removed.by is not None
    assert removed.by.account == "telegram:10002"


@pytest.mark.parametrize(
    ("fields", "old", "new"),
    [
        pytest.param({"chat": GROUP, "migrate_from_chat_id": -55}, "-55", "-1001234567890", id="told in the new chat"),
        pytest.param(
            {"chat": {"id": -55, "type": "group"}, "migrate_to_chat_id": -1001234567890},
            "-55",
            "-1001234567890",
            id="told in the old chat",
        ),
    ],
)
def test_a_group_that_becomes_a_supergroup_moves(fields, old, new):
    assert service(**fields) == (
        GroupMoved(id="telegram:42:7", at=AT, group="reading", platform="telegram", old=old, new=new),
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("left", "member", MemberJoined),
        ("kicked", "member", MemberJoined),
        ("left", "administrator", MemberJoined),
        ("member", "left", MemberLeft),
        ("member", "kicked", MemberLeft),
        ("creator", "left", MemberLeft),
        ("member", "administrator", None),
        ("left", "kicked", None),
        ("kicked", "left", None),
    ],
)
def test_standings(old, new, expected):
    assert [type(event) for event in told(chat_member=changed(WANG, old, new))] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(False, True, MemberJoined, id="a muted person comes back"),
        pytest.param(True, False, MemberLeft, id="a muted person leaves"),
        pytest.param(True, True, None, id="only the restriction changed"),
    ],
)
def test_restricted_people_are_in_or_out(before, after, expected):
    update_ = changed(
        WANG,
        "x",
        "x",
        old_chat_member=standing(WANG, "restricted", is_member=before),
        new_chat_member=standing(WANG, "restricted", is_member=after),
    )
    assert [type(event) for event in told(chat_member=update_)] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("fields", "by", "invite", "by_admin"),
    [
        pytest.param({"by": LI}, "telegram:10002", None, True, id="added by an admin"),
        pytest.param({}, None, None, False, id="by themselves, no link told"),
        pytest.param(
            {"invite_link": {"invite_link": "https://t.example/+a", "creator": LI}},
            "telegram:10002",
            "https://t.example/+a",
            False,
            id="by a personal link: invited, not added",
        ),
        pytest.param(
            {"invite_link": {"invite_link": "https://t.example/+b", "creator": LI, "is_primary": True}},
            None,
            "https://t.example/+b",
            False,
            id="by the group's main link",
        ),
        pytest.param(
            {"invite_link": {"invite_link": "https://t.example/+c", "creator": OURS}},
            None,
            "https://t.example/+c",
            False,
            id="by a link of ours",
        ),
        pytest.param(
            {"invite_link": {"invite_link": "https://t.example/+d", "creator": OURS, "name": "Li Na #7ps"}},
            "telegram:10000",
            "https://t.example/+d",
            False,
            id="by the link that we made for a member",
        ),
        pytest.param(
            {"invite_link": {"invite_link": "https://t.example/+e", "creator": OTHER_BOT, "name": "Li Na #7ps"}},
            None,
            "https://t.example/+e",
            False,
            id="by another bot's link with such a name",
        ),
        pytest.param({"by": LI, "via_join_request": True}, None, None, False, id="let in after asking"),
    ],
)
def test_how_somebody_came(fields, by, invite, by_admin):
    (event,) = told(chat_member=changed(WANG, "left", "member", **fields))
    assert isinstance(event, MemberJoined)
    assert ((event.by and event.by.account), event.invite, event.added_by_admin) == (by, invite, by_admin)


@pytest.mark.parametrize(
    ("chat_type", "new", "present", "abilities"),
    [
        pytest.param("supergroup", standing(OURS, "member"), True, PLAIN, id="a plain member"),
        pytest.param("supergroup", standing(OURS, "kicked"), False, set(), id="removed"),
        pytest.param(
            "supergroup",
            standing(OURS, "administrator", can_delete_messages=True, can_restrict_members=True),
            True,
            PLAIN | {"hear", "delete", "mute", "remove", "ban"},
            id="an admin",
        ),
        pytest.param(
            "group",
            standing(OURS, "administrator", can_restrict_members=True, can_pin_messages=True, can_invite_users=True),
            True,
            PLAIN | {"hear", "remove", "ban", "pin", "approve", "invite"},
            id="nobody can be muted in a plain group",
        ),
        pytest.param(
            "supergroup",
            standing(OURS, "restricted", is_member=True, can_send_messages=False, can_send_photos=False),
            True,
            {"private", "file"},
            id="silenced",
        ),
    ],
)
def test_what_we_may_do(chat_type, new, present, abilities):
    own = changed(OURS, "left", "member", by=LI, chat={**GROUP, "type": chat_type}, new_chat_member=new)
    assert told(my_chat_member=own) == (
        BotStanding(
            id="telegram:42:7",
            at=AT,
            group="reading",
            platform="telegram",
            present=present,
            abilities=frozenset(abilities),
        ),
    )


def test_our_own_coming_and_going_makes_no_member():
    assert told(chat_member=changed(OURS, "left", "member", by=LI)) == ()
    assert service(left_chat_member=OURS, **{"from": LI}) == ()


@pytest.mark.parametrize(
    ("who", "kind", "account"),
    [
        pytest.param({"user": WANG}, ActorKind.PERSON, "telegram:10001", id="a member"),
        pytest.param({"actor_chat": GROUP}, ActorKind.ANONYMOUS_ADMIN, "telegram:-1001234567890", id="anonymous admin"),
        pytest.param({"actor_chat": {"id": -9, "type": "channel"}}, ActorKind.CHANNEL, "telegram:-9", id="a channel"),
    ],
)
def test_reactions(who, kind, account):
    given = [{"type": "emoji", "emoji": "👍"}, {"type": "custom_emoji", "custom_emoji_id": "5"}, {"type": "paid"}]
    reaction = {"chat": GROUP, "message_id": 5, "date": NOON, "old_reaction": [], "new_reaction": given, **who}
    (event,) = told(message_reaction=reaction)
    assert isinstance(event, ReactionChanged)
    assert (event.actor.kind, event.actor.account) == (kind, account)
    assert (event.message, event.emoji, event.author) == ("5", ("👍", "custom:5", "paid"), None)


def pressed(data: str, bot: BotIdentity = BOT, arrived: datetime | None = None):
    query = {"id": "1", "from": WANG, "chat_instance": "c", "data": data, "message": message(**{"from": OURS})}
    return events(update(callback_query=query), bot, group_of, arrived)


def test_a_press_counts_when_the_seal_is_ours_and_for_this_person():
    (event,) = pressed("sealed:10001:agree", arrived=AT + timedelta(minutes=3))
    assert isinstance(event, ButtonPressed)
    assert (event.data, event.message, event.at) == ("agree", "77", AT + timedelta(minutes=3))
    assert pressed("sealed:10002:agree") == ()
    assert pressed("agree") == ()
    assert pressed("sealed:10001:agree", BotIdentity(id=42, username="yaji_bot")) == ()


def test_a_press_under_a_message_that_is_gone_needs_its_time_of_arrival():
    query = {
        "id": "1",
        "from": WANG,
        "data": "sealed:10001:yes",
        "message": {"chat": GROUP, "message_id": 5, "date": 0},
    }
    assert events(update(callback_query=query), BOT, group_of) == ()
    assert len(events(update(callback_query=query), BOT, group_of, AT)) == 1


def test_a_join_request_brings_the_words_and_the_link():
    request = {
        "chat": GROUP,
        "from": WANG,
        "user_chat_id": 10001,
        "date": NOON,
        "bio": "喜欢读书",
        "invite_link": {"invite_link": "https://t.example/+a", "creator": LI},
    }
    (event,) = told(chat_join_request=request)
    assert isinstance(event, JoinRequested)
    assert (event.actor.account, event.words, event.invite) == ("telegram:10001", "喜欢读书", "https://t.example/+a")


def joined(number: int, account: int, invite: str | None = None, group: str = "reading") -> MemberJoined:
    return MemberJoined(
        id=f"telegram:42:{number}",
        at=AT,
        group=group,
        actor=Actor(account=Account(f"telegram:{account}")),
        by=Actor(account=Account("telegram:10002")) if invite else None,
        invite=invite,
    )


LINK = "https://t.example/+a"
BARE, WITH_LINK = joined(1, 10001), joined(3, 10001, LINK)
LEFT = MemberLeft(id="telegram:42:2", at=AT, group="reading", actor=BARE.actor)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        pytest.param([BARE, WITH_LINK], [WITH_LINK, BARE], id="the word without the link first"),
        pytest.param([WITH_LINK, BARE], [WITH_LINK, BARE], id="the word with the link first"),
        pytest.param([BARE, LEFT, WITH_LINK], [BARE, LEFT, WITH_LINK], id="gone between the two"),
        pytest.param([BARE, joined(3, 10002, LINK)], [BARE, joined(3, 10002, LINK)], id="two people"),
        pytest.param(
            [BARE, joined(3, 10001, LINK, "writing")], [BARE, joined(3, 10001, LINK, "writing")], id="two groups"
        ),
        pytest.param(
            [BARE, LEFT, BARE, WITH_LINK, WITH_LINK], [BARE, LEFT, WITH_LINK, BARE, WITH_LINK], id="came back by a link"
        ),
    ],
)
def test_of_a_join_that_is_told_twice_the_word_that_says_by_whose_link_counts(told, wanted):
    assert list(told_once(told)) == wanted
