"""A survey that is served: who presses is shown what came of it, over the chat, and the group reads none of it."""

from __future__ import annotations

from pathlib import Path

from tests.serve.scene import scene
from tests.support.patience import eventually

NPS = "surveys: {nps: {who: member.name != 'Chen', follow_up: {zh: 为什么？, en: Why?}}}\n"


async def test_who_presses_is_shown_it_and_nobody_else(tmp_path: Path):
    with scene(tmp_path) as here:
        here.write(NPS)
        chen = here.world.person("Chen", language="zh-hans")
        here.world.joined(here.group, chen)
        async with here.served():
            here.wang.posts(here.group, "/survey start nps")
            await here.hears("How likely are you to recommend")
            question = next(message for message in here.group.said_by(here.bot) if message.reply_markup)
            assert question.reply_markup is not None
            rows = question.reply_markup["inline_keyboard"]
            assert [[button["text"] for button in row] for row in rows] == [list("012345"), [*"6789", "10"]]
            noted, refused = here.li.presses(question, "9"), chen.presses(question, "0")
            await eventually(lambda: len(here.bot.answers) == 2)
            assert here.bot.answers[noted]["text"].startswith("Noted: 9. You can change it")
            assert here.bot.answers[refused]["text"].startswith("这次请的是来了一段时间")
            changed = here.li.presses(question, "10")
            await eventually(lambda: changed in here.bot.answers)
            assert here.bot.answers[changed]["text"] == "Changed to 10. Only you see this."
        assert not any("Noted" in words or "Changed" in words or "这次" in words for words in here.said())
        assert here.server.violations == []
        assert here.server.off_spec == []
