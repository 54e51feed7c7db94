"""A poll is no way around the rules."""

from __future__ import annotations

import json
from pathlib import Path

from jobs.serve.clock import SystemClock
from tests.serve.scene import MORNING, scene
from tests.support.patience import eventually

RULES = "rules: [{id: ads, when: message, if: 'msg.text.contains(\"500 a day\")', then: [delete]}]\n"


async def test_an_advertisement_in_a_poll_is_deleted_and_a_poll_about_check_ins_checks_nobody_in(tmp_path: Path):
    with scene(tmp_path) as here:
        here.write(MORNING + RULES)

        def asks(number: int, question: str, *options: str) -> bytes:
            poll = {"id": "1", "question": question, "options": [{"text": option} for option in options]}
            said = {
                "message_id": number,
                "date": int(SystemClock().now().timestamp()),
                "chat": {"id": here.group.id, "type": "supergroup"},
                "from": {"id": here.li.id, "is_bot": False, "first_name": "Li"},
                "poll": poll,
            }
            return json.dumps({"message": said}).encode()

        async with here.served():
            here.world.enqueue_raw(
                here.bot, [asks(900, "打卡", "yes"), asks(901, "Who wants it?", "yes", "Earn 500 a day")]
            )
            await eventually(lambda: bool(here.server.calls_of("deleteMessages", chat=here.group.id)))
            here.wang.posts(here.group, "打卡")
            await here.hears("Wang")
        (deleted,) = here.server.calls_of("deleteMessages", chat=here.group.id)
        assert json.loads(deleted.params["message_ids"]) == [901]
        assert not any("Li" in text for text in here.said()), here.said()
