"""An ambassador that is asked by a bot that is served: in private, by buttons that are for them alone, and once."""

from __future__ import annotations

from pathlib import Path

from tests.serve.scene import scene
from tests.support.patience import eventually

KOC = 'ambassadors: {koc: {name: Helper, tasks: {share: {say: "#share", min_chars: 4}}}}\n'


async def test_who_is_asked_says_yes_and_does_a_task_and_the_group_reads_nothing_of_it(tmp_path: Path):
    with scene(tmp_path) as here:
        here.write(KOC)
        chen = here.world.person("Chen", language="en")
        here.world.joined(here.group, chen)
        private, desk = here.world.private(here.bot, here.li), here.world.private(here.bot, here.wang)
        private.started = desk.started = True
        async with here.served():
            here.li.posts(here.group, "good morning")
            here.wang.posts(here.group, f"/ambassador invite {here.li.id}")
            await here.hears("Would you like to be one of our ambassadors", private)
            question = next(message for message in private.said_by(here.bot) if message.reply_markup)
            pressed = chen.presses(question, "🙋 Yes, gladly")
            await eventually(lambda: pressed in here.bot.answers)
            twice = [here.li.presses(question, "🙋 Yes, gladly") for _ in range(2)]
            await eventually(lambda: all(press in here.bot.answers for press in twice))
            await here.hears("🎉 Li said yes (Helper).", desk)
            shared = here.li.posts(here.group, "#share a book about gardens")
            await eventually(lambda: bool(shared.reactions))
            here.wang.posts(desk, "/ambassadors")
            await here.hears("🌟 Helper: 1", desk)
        assert [line for line in here.said(private) if line.startswith("🎉")] == [
            "🎉 Thank you! You are one now: Helper. Should you want to stop, write “step down”.\n"
            "· #share: write with “#share”. This month 0 of 1"
        ]
        assert here.said() == []
        assert here.server.violations == []
        assert here.server.off_spec == []
