"""Acts on messages and members: what they do, that a second time does no harm, and what Telegram refuses."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from adapters.telegram.link_names import owner_of
from core.delivery import Answer, Done, Later, Never, Refusal, Unsure
from core.effects import Approve, Ban, Decline, Delete, Invite, Mute, Pin, React, Remove, Say, Unban, Unmute
from core.people import Account
from tests.support.botapi import NO_PERMISSIONS, Fault, World, serving
from tests.telegram.performing import NOON, of, restricted
from tests.telegram.performing import scene as a_scene

DAY = 86400


@pytest.fixture(scope="module")
def server():
    with serving(World()) as served:
        yield served


@pytest.fixture
def scene(server):
    with a_scene(server) as made:
        yield made


def refusal(answer: Answer) -> Refusal:
    assert isinstance(answer, Never)
    return answer.refusal


def standing(scene, user=None):
    return scene.group.standing(user or scene.li)


# messages


def test_messages_are_deleted_by_the_hundred(scene) -> None:
    posted = [scene.li.posts(scene.group, str(n)) for n in range(230)]
    assert scene.perform(Delete(messages=tuple(str(m.id) for m in posted))) == Done(posts=3)
    assert all(m.deleted for m in posted)
    assert scene.calls_made() == ["deleteMessages"] * 3


def test_what_is_deleted_already_is_done(scene) -> None:
    message = scene.li.posts(scene.group, "x")
    for _ in range(2):
        assert scene.perform(Delete(messages=(str(message.id), "99999"))) == Done()


def test_one_that_cannot_be_deleted_keeps_none_of_the_others(scene) -> None:
    scene.wang.promotes(scene.bot, scene.group, "can_pin_messages")
    for text in "ab":
        scene.perform(Say(words=(text,)))
    theirs = scene.li.posts(scene.group, "theirs")
    ours = scene.group.said_by(scene.bot)
    answer = scene.perform(Delete(messages=tuple(str(m.id) for m in (*ours, theirs))))
    assert answer == Done(note="1 of 3 messages cannot be deleted", posts=4)
    assert [m.deleted for m in (*ours, theirs)] == [True, True, False]


def test_those_that_cannot_be_deleted_are_found_in_few_requests(scene) -> None:
    scene.wang.promotes(scene.bot, scene.group, "can_pin_messages")
    for number in range(99):
        scene.perform(Say(words=(str(number),)))
    theirs = scene.li.posts(scene.group, "theirs")
    ours = scene.group.said_by(scene.bot)
    scene.server.calls.clear()
    answer = scene.perform(Delete(messages=tuple(str(m.id) for m in (*ours, theirs))))
    assert answer == Done(note="1 of 100 messages cannot be deleted", posts=21)
    assert Counter(scene.calls_made()) == {"deleteMessages": 11, "deleteMessage": 10}
    assert [m for m in (*ours, theirs) if not m.deleted] == [theirs]


def test_deleting_without_the_right(scene) -> None:
    scene.wang.promotes(scene.bot, scene.group, "can_pin_messages")
    ids = tuple(str(scene.li.posts(scene.group, "x").id) for _ in range(2))
    for messages in (ids, ids[:1]):
        answer = scene.perform(Delete(messages=messages))
        assert isinstance(answer, Never)
        assert (answer.refusal, answer.needs) == (Refusal.NO_RIGHT, "delete")


def test_what_cannot_be_deleted_with_the_right_is_left(scene) -> None:
    scene.abilities["readers"] = frozenset({"say", "delete"})
    scene.server.faults.add(Fault("refuse", code=400, description="Bad Request: message can't be deleted"), times=None)
    assert refusal(scene.perform(Delete(messages=("1", "2")))) is Refusal.GONE


def test_requests_count_also_where_nothing_could_be_deleted(scene) -> None:
    scene.abilities["readers"] = frozenset({"say", "delete"})
    scene.server.faults.add(Fault("refuse", code=400, description="Bad Request: message can't be deleted"), times=None)
    answer = scene.perform(Delete(messages=tuple(str(number) for number in range(1, 101))))
    assert isinstance(answer, Never)
    assert answer.requests == len(scene.calls_made()) == 111


@pytest.mark.parametrize(
    ("fault", "answered"),
    [
        pytest.param(Fault("429", retry_after=7), Later, id="told to wait"),
        pytest.param(Fault("drop_after"), Unsure, id="the answer was lost"),
        pytest.param(Fault("refuse", code=400, description="Bad Request: WHATEVER"), Never, id="refused"),
    ],
)
def test_requests_count_also_where_an_act_breaks_off(scene, fault, answered) -> None:
    scene.server.faults.add(fault, method="restrictChatMember")
    answer = scene.perform(Mute(member=of(scene.li), span=None))
    assert isinstance(answer, answered)
    assert answer.requests == 2


def test_own_messages_older_than_two_days_cannot_be_deleted_without_the_right(scene) -> None:
    scene.wang.demotes(scene.bot, scene.group)
    scene.perform(Say(words=("x",)))
    (message,) = scene.group.said_by(scene.bot)
    scene.at += 48 * 3600
    assert refusal(scene.perform(Delete(messages=(str(message.id),)))) is Refusal.NO_RIGHT


def test_messages_from_elsewhere_are_our_mistake(scene) -> None:
    assert refusal(scene.perform(Delete(messages=("wechat-7",)))) is Refusal.MALFORMED


@pytest.mark.parametrize(
    ("emoji", "expected"),
    [
        pytest.param("👍", [{"type": "emoji", "emoji": "👍"}], id="an emoji"),
        pytest.param("", [], id="none, which takes ours away"),
    ],
)
def test_reactions(scene, emoji, expected) -> None:
    message = scene.li.posts(scene.group, "done!")
    assert scene.perform(React(message=str(message.id), emoji="🔥")) == Done()
    for _ in range(2):
        assert scene.perform(React(message=str(message.id), emoji=emoji)) == Done()
    assert message.reactions.get(scene.bot.id, []) == expected


def test_an_emoji_that_telegram_has_no_reaction_for(scene) -> None:
    message = scene.li.posts(scene.group, "done!")
    assert refusal(scene.perform(React(message=str(message.id), emoji="🧵"))) is Refusal.UNABLE


def test_a_message_is_pinned_without_a_sound(scene) -> None:
    message = scene.li.posts(scene.group, "rules")
    for _ in range(2):
        assert scene.perform(Pin(message=str(message.id))) == Done()
    assert message.pinned
    assert scene.server.calls_of("pinChatMessage")[0].params["disable_notification"] == "true"


def test_messages_that_are_gone(scene) -> None:
    assert refusal(scene.perform(Pin(message="99999"))) is Refusal.GONE
    assert refusal(scene.perform(React(message="99999", emoji="👍"))) is Refusal.GONE
    assert refusal(scene.perform(Pin(message="wechat-7"))) is Refusal.MALFORMED


# members


@pytest.mark.parametrize(
    ("span", "ends"),
    [
        pytest.param(None, 0, id="until unmuted"),
        pytest.param(timedelta(hours=1), NOON + 3600, id="for an hour"),
        pytest.param(timedelta(seconds=5), NOON + 60, id="for too short a time, not for ever"),
        pytest.param(timedelta(days=400), NOON + 365 * DAY, id="for too long a time, not for ever"),
    ],
)
def test_muting(scene, span, ends) -> None:
    for _ in range(2):
        answer = scene.perform(Mute(member=of(scene.li), span=span))
        assert isinstance(answer, Done)
    assert vars(restricted(standing(scene))) == {"status": "restricted", "until": ends, "may": []}


def test_a_span_that_is_not_kept_is_noted(scene) -> None:
    answer = scene.perform(Mute(member=of(scene.li), span=timedelta(seconds=5)))
    assert answer == Done(note="for 60 s, the nearest span that Telegram keeps", posts=2)
    assert scene.perform(Mute(member=of(scene.li), span=timedelta(hours=1))) == Done(posts=2)


def test_unmuting_gives_everything_back(scene) -> None:
    scene.perform(Mute(member=of(scene.li), span=None))
    assert scene.perform(Unmute(member=of(scene.li))) == Done(posts=2)
    assert standing(scene).status == "member"
    assert scene.perform(Unmute(member=of(scene.li))) == Done(note="was not muted")


def test_somebody_who_left_muted_can_be_unmuted(scene) -> None:
    scene.perform(Mute(member=of(scene.li), span=None))
    scene.li.leaves(scene.group)
    assert scene.perform(Unmute(member=of(scene.li))) == Done(posts=2)
    scene.li.joins(scene.group)
    assert standing(scene).status == "member"


def test_neither_muting_nor_unmuting_lifts_a_ban(scene) -> None:
    scene.wang.bans(scene.li, scene.group)
    assert refusal(scene.perform(Mute(member=of(scene.li), span=None))) is Refusal.GONE
    assert refusal(scene.perform(Unmute(member=of(scene.li)))) is Refusal.GONE
    assert standing(scene).status == "kicked"


def test_a_removed_member_may_come_back(scene) -> None:
    assert scene.perform(Remove(member=of(scene.li))) == Done(posts=3)
    assert standing(scene).status == "left"
    assert scene.li.joins(scene.group)


def test_removing_somebody_who_is_out_changes_nothing(scene) -> None:
    scene.li.leaves(scene.group)
    assert scene.perform(Remove(member=of(scene.li))) == Done(note="was out already")
    assert standing(scene).status == "left"


def test_somebody_who_is_muted_is_removed_like_others(scene) -> None:
    scene.perform(Mute(member=of(scene.li), span=None))
    assert scene.perform(Remove(member=of(scene.li))) == Done(posts=3)
    assert standing(scene).status == "left"


def test_removing_does_not_lift_a_ban(scene) -> None:
    scene.wang.bans(scene.li, scene.group)
    assert scene.perform(Remove(member=of(scene.li))) == Done(note="was out already")
    assert standing(scene).status == "kicked"


@pytest.mark.parametrize("kind", ["drop_before", "5xx", "429"])
def test_a_removal_of_which_only_the_ban_came_through_ends_by_itself(scene, kind) -> None:
    scene.server.faults.add(Fault(kind), method="unbanChatMember")
    answer = scene.perform(Remove(member=of(scene.li)))
    assert isinstance(answer, Done)
    assert "may come back in a minute" in answer.note
    assert (standing(scene).status, standing(scene).until) == ("kicked", NOON + 60)


@pytest.mark.parametrize(
    ("span", "ends"),
    [
        pytest.param(None, 0, id="for good"),
        pytest.param(timedelta(days=7), NOON + 7 * DAY, id="for a week"),
        pytest.param(timedelta(seconds=10), NOON + 60, id="for too short a time, not for good"),
    ],
)
def test_banning(scene, span, ends) -> None:
    for _ in range(2):
        assert isinstance(scene.perform(Ban(member=of(scene.li), span=span)), Done)
    assert (standing(scene).status, standing(scene).until) == ("kicked", ends)


def test_unbanning_lets_in_and_removes_nobody(scene) -> None:
    scene.perform(Ban(member=of(scene.li)))
    assert scene.perform(Unban(member=of(scene.li))) == Done()
    assert scene.li.joins(scene.group)
    assert scene.perform(Unban(member=of(scene.li))) == Done()
    assert standing(scene).status == "member"


def test_a_channel_is_banned_as_a_sender(scene) -> None:
    news = scene.world.channel("News", owner=scene.li)
    answer = scene.perform(Ban(member=of(news), span=timedelta(days=1)))
    assert answer == Done(note="channels are banned for good")
    assert news.id in scene.group.banned_chats
    for _ in range(2):
        assert scene.perform(Unban(member=of(news))) == Done()
    assert news.id not in scene.group.banned_chats


def test_a_channel_that_nobody_knows_does_not_mean_that_the_group_is_gone(scene) -> None:
    assert refusal(scene.perform(Ban(member=Account("telegram:-1009999999999")))) is Refusal.GONE


@pytest.mark.parametrize("act", [Mute, Remove], ids=["mute", "remove"])
def test_a_channel_can_only_be_banned(scene, act) -> None:
    more = {"span": None} if act is Mute else {}
    assert refusal(scene.perform(act(member=Account("telegram:-1005"), **more))) is Refusal.UNABLE


@pytest.mark.parametrize("act", [Mute, Unmute, Remove, Ban], ids=["mute", "unmute", "remove", "ban"])
def test_the_group_itself_is_immune(scene, act) -> None:
    """Anonymous admins write as the group."""
    more = {"span": None} if act is Mute else {}
    assert refusal(scene.perform(act(member=of(scene.group), **more))) is Refusal.IMMUNE
    assert scene.calls_made() == []


@pytest.mark.parametrize("rank", ["owner", "admin"])
@pytest.mark.parametrize("act", [Mute, Remove, Ban], ids=["mute", "remove", "ban"])
def test_staff_are_immune(scene, act, rank) -> None:
    who = scene.wang
    if rank == "admin":
        scene.wang.promotes(scene.li, scene.group, "can_pin_messages")
        who = scene.li
    more = {"span": None} if act is Mute else {}
    assert refusal(scene.perform(act(member=of(who), **more))) is Refusal.IMMUNE
    assert standing(scene, who).present


@pytest.mark.parametrize(
    ("act", "right"),
    [(Mute, "mute"), (Remove, "remove"), (Ban, "ban"), (Unban, "ban"), (Approve, "approve"), (Decline, "approve")],
)
def test_a_missing_right_is_named(scene, act, right) -> None:
    if act is Unban:
        scene.wang.bans(scene.li, scene.group)
    scene.wang.promotes(scene.bot, scene.group, "can_pin_messages")
    more = {"span": None} if act is Mute else {}
    answer = scene.perform(act(member=of(scene.li), **more))
    assert isinstance(answer, Never)
    assert (answer.refusal, answer.needs) == (Refusal.NO_RIGHT, right)


@pytest.mark.parametrize("act", [Mute, Ban, Remove], ids=["mute", "ban", "remove"])
def test_somebody_whom_telegram_does_not_know(scene, act) -> None:
    more = {"span": None} if act is Mute else {}
    answer = scene.perform(act(member=Account("telegram:77777"), **more))
    assert isinstance(answer, Done) if act is Remove else refusal(answer) is Refusal.GONE


@pytest.mark.parametrize("account", ["telegram:@li", "wechat:wxid_7", "telegram:"])
def test_accounts_without_a_number_are_our_mistake(scene, account) -> None:
    assert refusal(scene.perform(Ban(member=Account(account)))) is Refusal.MALFORMED


@pytest.mark.parametrize("act", [Ban, Unban, Mute, Unmute, Remove, Approve, Decline])
def test_nobody_is_acted_on_for_an_account_elsewhere_that_bears_their_number(scene, act) -> None:
    more = {"span": None} if act is Mute else {}
    elsewhere = Account(f"wechat:{scene.li.id}")
    assert refusal(scene.perform(act(member=elsewhere, **more))) is Refusal.MALFORMED
    assert scene.calls_made() == []


def test_a_basic_group_knows_removal_but_no_mute(scene) -> None:
    basic = scene.world.group("Few", owner=scene.wang)
    scene.wang.adds(scene.bot, basic)
    scene.wang.promotes(scene.bot, basic, "can_restrict_members")
    scene.wang.adds(scene.li, basic)
    assert refusal(scene.perform(Mute(member=of(scene.li), span=None), basic.id)) is Refusal.UNABLE
    assert refusal(scene.perform(Unban(member=of(scene.li)), basic.id)) is Refusal.UNABLE
    assert scene.perform(Remove(member=of(scene.li)), basic.id) == Done(posts=3)
    assert not basic.standing(scene.li).present


def test_every_permission_that_telegram_knows_is_taken_and_given(scene) -> None:
    scene.perform(Mute(member=of(scene.li), span=None))
    assert standing(scene).permissions == NO_PERMISSIONS
    assert '"can_send_messages":false' in scene.server.calls_of("restrictChatMember")[0].params["permissions"]
    assert scene.server.calls_of("restrictChatMember")[0].params["use_independent_chat_permissions"] == "true"


# requests and links


def test_approving_twice(scene) -> None:
    chen = scene.world.person("Chen")
    chen.asks_to_join(scene.group)
    assert scene.perform(Approve(member=of(chen))) == Done()
    assert standing(scene, chen).status == "member"
    answer = scene.perform(Approve(member=of(chen)))
    assert answer == Done(note="Bad Request: USER_ALREADY_PARTICIPANT")


def test_declining_twice(scene) -> None:
    chen = scene.world.person("Chen")
    chen.asks_to_join(scene.group)
    assert scene.perform(Decline(member=of(chen))) == Done()
    assert not standing(scene, chen).present
    assert scene.perform(Decline(member=of(chen))) == Done(note="Bad Request: HIDE_REQUESTER_MISSING")


def test_a_request_that_was_taken_back(scene) -> None:
    chen = scene.world.person("Chen")
    chen.asks_to_join(scene.group)
    chen.takes_back_request(scene.group)
    assert refusal(scene.perform(Approve(member=of(chen)))) is Refusal.GONE


def test_somebody_whom_another_admin_let_in_cannot_be_declined(scene) -> None:
    assert refusal(scene.perform(Decline(member=of(scene.li)))) is Refusal.GONE


def test_an_invite_link_under_the_members_name(scene) -> None:
    answer = scene.perform(Invite(member=of(scene.li), name="小李 <Li>\n" + "x" * 40))
    assert isinstance(answer, Done)
    link = scene.group.links[answer.result]
    assert link.name.startswith("小李 <Li> xxxxx")
    assert (owner_of(link.name), len(link.name) <= 32) == (scene.li.id, True)
    assert (link.creator, link.creates_join_request) == (scene.bot, False)


def test_an_invite_link_without_a_name(scene) -> None:
    answer = scene.perform(Invite(member=of(scene.li), name=" "))
    assert isinstance(answer, Done)
    assert owner_of(scene.group.links[answer.result].name) == scene.li.id


def test_an_invite_link_without_the_right(scene) -> None:
    scene.wang.promotes(scene.bot, scene.group, "can_pin_messages")
    answer = scene.perform(Invite(member=of(scene.li), name="li"))
    assert isinstance(answer, Never)
    assert (answer.refusal, answer.needs) == (Refusal.NO_RIGHT, "invite")
