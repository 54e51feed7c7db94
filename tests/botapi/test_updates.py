"""Which bot is told what, in a world without a server."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.botapi import ALL_RIGHTS, NO_PERMISSIONS, NotAllowed, Person, World, delivery
from tests.support.botapi.model import Bot, Chat
from tests.support.botapi.world import KINDS
from tests.support.botapi.writing import pin


class Scene:
    """A supergroup with an owner, a member and a bot that asked for every kind of update."""

    def __init__(self, *, admin: bool = True, reads_all: bool = False) -> None:
        self.world = World(now=lambda: 1_772_424_000.0)
        self.owner: Person = self.world.person("Wang")
        self.li: Person = self.world.person("Li")
        self.bot: Bot = self.world.bot("yaji_bot", reads_all=reads_all)
        self.bot.allowed = KINDS
        self.group: Chat = self.world.supergroup("晨读", owner=self.owner)
        self.world.joined(self.group, self.li)
        rights = ALL_RIGHTS if admin else ()
        self.world.joined(self.group, self.bot, status="administrator" if admin else "member", rights=rights)

    def told(self, bot: Bot | None = None) -> list[tuple[str, dict[str, Any]]]:
        """(kind, body) of each update so far."""
        updates = [json.loads(raw) for _, raw in (bot or self.bot).history]
        return [(kind, update[kind]) for update in updates for kind in update if kind != "update_id"]

    def kinds(self, bot: Bot | None = None) -> list[str]:
        """Kinds of update, and for service messages what they tell."""
        out = []
        for kind, body in self.told(bot):
            if kind.endswith("chat_member"):
                kind += f" {body['old_chat_member']['status']}>{body['new_chat_member']['status']}"
            out.append(next((s for s in SERVICE if s in body), kind))
        return out


SERVICE = ("new_chat_members", "left_chat_member", "pinned_message", "new_chat_title", "forum_topic_created")
BOTS_OWN = "@Yaji_Bot hi"
PRIVACY: dict[str, tuple[str, bool]] = {
    "talk": ("good morning", False),
    "a command": ("/checkin", True),
    "a command for us": ("/checkin@yaji_bot", True),
    "a command for another": ("/checkin@quiz_bot", False),
    "a mention": (BOTS_OWN, True),
    "a mention of another": ("@quiz_bot hi", False),
}


@pytest.mark.parametrize(("text", "seen"), PRIVACY.values(), ids=PRIVACY)
def test_privacy_mode(text: str, seen: bool) -> None:
    scene = Scene(admin=False)
    scene.li.posts(scene.group, text)
    assert scene.kinds() == ["message"] * seen


def test_privacy_mode_lets_replies_to_the_bot_through() -> None:
    scene = Scene(admin=False)
    mine = scene.world.bot("other_bot")
    scene.world.joined(scene.group, mine)
    said = _said(scene)
    scene.li.posts(scene.group, "yes", reply_to=said)
    assert scene.kinds() == ["message"]
    assert scene.kinds(mine) == []


def _said(scene: Scene) -> Any:
    return delivery.post(scene.world, scene.group, scene.bot, text="?")


@pytest.mark.parametrize("how", ["admin", "privacy off"])
def test_admins_and_bots_without_privacy_see_all(how: str) -> None:
    scene = Scene(admin=how == "admin", reads_all=how == "privacy off")
    scene.li.posts(scene.group, "good morning")
    assert scene.kinds() == ["message"]


def test_switching_privacy_off_counts_from_the_next_time_the_bot_is_added() -> None:
    scene = Scene(admin=False)
    scene.bot.reads_all = True
    scene.li.posts(scene.group, "unseen")
    assert scene.kinds() == []
    scene.owner.unbans(scene.bot, scene.group)
    scene.owner.adds(scene.bot, scene.group)
    scene.li.posts(scene.group, "seen")
    assert scene.kinds()[-1] == "message"


def test_a_plain_command_is_for_the_bot_that_spoke_last() -> None:
    scene = Scene(admin=False)
    other = scene.world.bot("other_bot")
    scene.world.joined(scene.group, other)
    _said(scene)
    scene.li.posts(scene.group, "/top")
    assert (scene.kinds(), scene.kinds(other)) == (["message"], [])


def _admin_does(act: Callable[[Scene], Any], *kinds: str) -> tuple[Callable[[Scene], Any], list[str]]:
    return act, list(kinds)


ACTS: dict[str, tuple[Callable[[Scene], Any], list[str]]] = {
    "joins": _admin_does(lambda s: _new(s).joins(s.group), "chat_member left>member", "new_chat_members"),
    "leaves": _admin_does(lambda s: s.li.leaves(s.group), "chat_member member>left", "left_chat_member"),
    "is banned": _admin_does(lambda s: s.owner.bans(s.li, s.group), "chat_member member>kicked", "left_chat_member"),
    "is muted": _admin_does(lambda s: s.owner.mutes(s.li, s.group), "chat_member member>restricted"),
    "is promoted": _admin_does(
        lambda s: s.owner.promotes(s.li, s.group, "can_pin_messages"), "chat_member member>administrator"
    ),
    "asks": _admin_does(lambda s: _new(s).asks_to_join(s.group), "chat_join_request"),
    "reacts": _admin_does(lambda s: s.li.reacts(_quiet(s), "👍"), "message_reaction"),
    "edits": _admin_does(lambda s: s.li.edits(_quiet(s), "new"), "edited_message"),
    "deletes": _admin_does(lambda s: s.li.deletes(_quiet(s))),
    "pins": _admin_does(lambda s: s.owner.pins(_quiet(s)), "pinned_message"),
    "renames": _admin_does(lambda s: s.owner.renames(s.group, "晚读"), "new_chat_title"),
    "bot demoted": _admin_does(lambda s: s.owner.demotes(s.bot, s.group), "my_chat_member administrator>member"),
    "bot kicked": _admin_does(
        lambda s: s.owner.bans(s.bot, s.group), "my_chat_member administrator>kicked", "left_chat_member"
    ),
    "private start": _admin_does(lambda s: s.li.starts(s.bot, "abc"), "message"),
    "blocks": _admin_does(lambda s: s.li.blocks(s.bot), "my_chat_member member>kicked"),
    "album": _admin_does(lambda s: s.li.posts_album(s.group, 3, caption="打卡"), *["message"] * 3),
}


def _new(scene: Scene) -> Person:
    return scene.world.person("New")


def _quiet(scene: Scene) -> Any:
    said = scene.li.posts(scene.group, "x")
    scene.bot.history.clear()
    return said


@pytest.mark.parametrize(("act", "kinds"), ACTS.values(), ids=ACTS)
def test_what_an_admin_bot_is_told(act: Callable[[Scene], Any], kinds: list[str]) -> None:
    scene = Scene()
    act(scene)
    assert scene.kinds() == kinds


def test_a_member_bot_is_told_by_service_messages_only() -> None:
    scene = Scene(admin=False)
    scene.world.person("New").joins(scene.group)
    scene.world.person("Asking").asks_to_join(scene.group)
    scene.li.reacts(_quiet(scene), "👍")
    scene.li.leaves(scene.group)
    assert scene.kinds() == ["left_chat_member"]


def test_opt_in_kinds_must_be_asked_for() -> None:
    scene = Scene()
    scene.bot.allowed = None
    scene.world.person("New").joins(scene.group)
    assert scene.kinds() == ["new_chat_members"]


def test_very_large_groups_tell_joins_by_chat_member_only() -> None:
    scene = Scene()
    scene.group.tells_of_joins = False
    scene.world.person("New").joins(scene.group)
    assert scene.kinds() == ["chat_member left>member"]


def test_a_link_is_named_on_joining_and_cut_short_if_another_admin_made_it() -> None:
    scene = Scene()
    mine = scene.world.link(scene.group, scene.bot, name="海报")
    his = scene.owner.creates_link(scene.group, "朋友圈")
    for link in (mine, his):
        scene.world.person("New").joins(scene.group, link)
    shown = [body["invite_link"] for kind, body in scene.told() if kind == "chat_member"]
    assert [link["name"] for link in shown] == ["海报", "朋友圈"]
    assert (shown[0]["invite_link"], shown[1]["invite_link"][-3:]) == (mine.url, "...")
    assert (mine.used, his.used) == (1, 1)


def test_a_link_that_is_used_up_lets_nobody_in() -> None:
    scene = Scene()
    link = scene.owner.creates_link(scene.group, member_limit=1)
    scene.world.person("First").joins(scene.group, link)
    with pytest.raises(NotAllowed):
        scene.world.person("Second").joins(scene.group, link)


def test_an_approved_request_tells_who_joined_and_who_let_them_in() -> None:
    scene = Scene()
    link = scene.owner.creates_link(scene.group, creates_join_request=True)
    new = scene.world.person("New")
    assert new.joins(scene.group, link) is False
    scene.owner.approves(new, scene.group)
    (_, request), (_, change), (_, service) = scene.told()
    assert (request["user_chat_id"], request["invite_link"]["creates_join_request"]) == (new.id, True)
    assert (change["from"]["id"], change["via_join_request"]) == (scene.owner.id, True)
    assert (service["from"]["id"], service["new_chat_members"][0]["id"]) == (new.id, new.id)


def test_the_muted_cannot_post_and_who_left_muted_is_muted_on_return() -> None:
    scene = Scene()
    scene.owner.mutes(scene.li, scene.group)
    scene.li.leaves(scene.group)
    scene.li.joins(scene.group)
    with pytest.raises(NotAllowed):
        scene.li.posts(scene.group, "x")
    scene.owner.unmutes(scene.li, scene.group)
    scene.li.posts(scene.group, "x")
    scene.owner.permits(scene.group, **NO_PERMISSIONS)
    with pytest.raises(NotAllowed):
        scene.li.posts(scene.group, "y")


def test_anonymous_admins_and_channels_as_senders() -> None:
    scene = Scene()
    channel = scene.world.channel("读书频道", owner=scene.owner)
    scene.owner.posts(scene.group, "anonymous", as_chat=scene.group)
    scene.li.posts(scene.group, "as a channel", as_chat=channel)
    senders = [(body["from"]["id"], body["sender_chat"]["id"]) for _, body in scene.told()]
    assert senders == [(1087968824, scene.group.id), (136817688, channel.id)]
    scene.group.banned_chats.add(channel.id)
    with pytest.raises(NotAllowed):
        scene.li.posts(scene.group, "again", as_chat=channel)


def test_a_linked_channels_post_is_forwarded_into_the_group() -> None:
    scene = Scene()
    channel = scene.world.channel("读书频道", owner=scene.owner)
    channel.linked = scene.group
    scene.world.joined(channel, scene.bot, status="administrator")
    post = scene.owner.posts(channel, "本周书单")
    (first, there), (second, here) = scene.told()
    assert (first, "from" in there, second) == ("channel_post", False, "message")
    assert (here["from"]["id"], here["is_automatic_forward"]) == (777000, True)
    assert here["forward_origin"]["message_id"] == post.id


def test_other_bots_messages_are_not_seen_and_ones_own_only_if_service() -> None:
    scene = Scene()
    other = scene.world.bot("other_bot")
    scene.world.joined(scene.group, other, status="administrator", rights=ALL_RIGHTS)
    said = _said(scene)
    assert (scene.kinds(), scene.kinds(other)) == ([], [])
    pin(scene.bot, said)
    assert scene.kinds() == ["pinned_message"]


def test_replies_carry_a_thread_and_topics_say_that_they_are_topics() -> None:
    scene = Scene()
    first = scene.li.posts(scene.group, "a")
    second = scene.li.posts(scene.group, "b", reply_to=first)
    third = scene.li.posts(scene.group, "c", reply_to=second)
    assert (second.thread, third.thread, third.is_topic_message) == (first.id, first.id, False)
    forum = scene.world.supergroup("论坛", owner=scene.owner, forum=True)
    thread = scene.owner.creates_topic(forum, "打卡")
    said = scene.owner.posts(forum, "d", thread=thread)
    assert (said.thread, said.is_topic_message) == (thread, True)


def test_one_service_message_for_several_who_are_added() -> None:
    scene = Scene()
    scene.owner.adds_all([scene.world.person(name) for name in "AB"], scene.group)
    assert scene.kinds() == ["chat_member left>member"] * 2 + ["new_chat_members"]


def test_update_ids_rise_by_one_for_each_bot() -> None:
    scene = Scene()
    other = scene.world.bot("other_bot")
    scene.world.joined(scene.group, other, status="administrator")
    for n in range(3):
        scene.li.posts(scene.group, str(n))
    assert [n for n, _ in scene.bot.history] == [n for n, _ in other.history] == [1, 2, 3]


def test_a_group_founded_with_the_bot_in_it() -> None:
    scene = Scene()
    group = scene.owner.founds("新群", scene.bot, scene.li)
    assert scene.kinds() == ["my_chat_member left>member", "message"]
    assert scene.told()[-1][1]["group_chat_created"] is True
    assert group.members == [scene.owner.id, scene.bot.id, scene.li.id]
