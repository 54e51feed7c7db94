"""A basic group becomes a supergroup."""

from __future__ import annotations

from typing import Literal

import pytest

from tests.botapi.conftest import Stage
from tests.support.botapi import ALL_RIGHTS, NotAllowed


@pytest.mark.parametrize("new_first", [False, True], ids=["old first", "new first"])
def test_both_service_messages_come_in_either_order(stage: Stage, new_first: bool) -> None:
    group = stage.world.group("老群", owner=stage.owner)
    stage.world.joined(group, stage.bot, status="administrator", rights=ALL_RIGHTS)
    stage.owner.posts(group, "one")
    new = stage.owner.upgrades(group, new_first=new_first)
    messages = [u["message"] for u in stage.updates()]
    told = [(m["chat"]["id"], m.get("migrate_to_chat_id"), m.get("migrate_from_chat_id")) for m in messages[1:]]
    both = [(group.id, new.id, None), (new.id, None, group.id)]
    assert told == (both[::-1] if new_first else both)
    assert new.messages[1].service
    assert new.standing(stage.bot).may("can_delete_messages")


@pytest.mark.parametrize("join", ["first", "last"])
def test_bots_may_hear_that_they_are_in_the_new_chat(stage: Stage, join: Literal["first", "last"]) -> None:
    group = stage.world.group("老群", owner=stage.owner)
    stage.world.joined(group, stage.bot)
    new = stage.owner.upgrades(group, join=join)
    updates = stage.updates()
    (own,) = [update["my_chat_member"] for update in updates if "my_chat_member" in update]
    assert own["chat"]["id"] == new.id
    assert (own["old_chat_member"]["status"], own["new_chat_member"]["status"]) == ("left", "member")
    assert "my_chat_member" in updates[0 if join == "first" else -1]


def test_the_old_id_answers_with_the_new_one(stage: Stage) -> None:
    group = stage.world.group("老群", owner=stage.owner)
    stage.world.joined(group, stage.bot)
    new = stage.owner.upgrades(group)
    for method, params in (("sendMessage", {"text": "x"}), ("getChatAdministrators", {})):
        answer = stage.ask(method, chat_id=group.id, **params)
        assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
        assert answer["parameters"] == {"migrate_to_chat_id": new.id}
    assert stage.result("getChat", chat_id=group.id)["id"] == group.id
    stage.result("sendMessage", chat_id=new.id, text="x")
    with pytest.raises(NotAllowed):
        stage.owner.posts(group, "x")
