"""The menus of commands follow the home while it is served, and are set in the end whatever Telegram says at first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from config.home import load
from jobs.serve.at_work import MENUS_AGAIN
from jobs.serve.clock import SystemClock
from jobs.serve.serving import serving
from tests.serve.scene import MORNING, Scene, scene
from tests.support.botapi.faults import Fault
from tests.support.patience import eventually

PLACES = ("all_private_chats", "all_group_chats", "all_chat_administrators")


class Hasty(SystemClock):
    """Tries menus again at once."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(0 if seconds == MENUS_AGAIN else seconds)


def shown(here: Scene) -> dict[tuple[str, str], list[str]]:
    """The names of the commands by scope and language."""
    return {
        (json.loads(scope)["type"], language): [command["command"] for command in commands]
        for (scope, language), commands in list(here.bot.commands.items())  # they are set meanwhile
    }


def places(*languages: str) -> set[tuple[str, str]]:
    return {(place, language) for place in PLACES for language in languages}


def speaks(here: Scene, languages: str) -> None:
    """Have the home speak these languages."""
    file = here.home / "communities" / "a.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("languages: [en, zh]", f"languages: {languages}"), encoding="utf-8")


async def test_menus_follow_the_home_while_it_is_served(tmp_path: Path):
    with scene(tmp_path) as here:
        async with here.served() as at_work:
            await eventually(lambda: shown(here).keys() == places("", "en", "zh"))
            speaks(here, "[en]")
            await at_work.use(load(here.home))
            await eventually(lambda: shown(here).keys() == places("", "en"))
            set_so_far = len(here.server.calls_of("setMyCommands"))
            await at_work.use(load(here.home))
            here.li.posts(here.group, "打卡")
            await here.hears("Li")
            assert len(here.server.calls_of("setMyCommands")) == set_so_far, "the same menus are not set again"


async def test_a_language_that_was_taken_out_while_nobody_served_keeps_no_menu(tmp_path: Path):
    with scene(tmp_path) as here:
        async with here.served():
            await eventually(lambda: shown(here).keys() == places("", "en", "zh"))
        speaks(here, "[zh]")
        async with here.served():
            await eventually(lambda: shown(here).keys() == places("", "zh"))


@pytest.mark.parametrize(
    ("fault", "calls"),
    [
        pytest.param(Fault("5xx"), 10, id="a fault of Telegram's"),
        pytest.param(Fault("429", retry_after=9), 10, id="a flood"),
        pytest.param(Fault("drop_before"), 10, id="the connection is cut"),
        pytest.param(Fault("refuse", code=400, description="Bad Request: BOT_COMMAND_INVALID"), 1, id="a no"),
    ],
)
async def test_menus_that_could_not_be_set_are_set_later_unless_telegram_will_never_take_them(
    tmp_path: Path, fault: Fault, calls: int
):
    with scene(tmp_path) as here:
        here.write(MORNING)
        here.server.faults.add(fault, method="setMyCommands")
        async with serving(load(here.home), environment=here.environment, clock=Hasty()):
            await eventually(lambda: len(here.server.calls_of("setMyCommands")) == calls)
            here.li.posts(here.group, "打卡")
            await here.hears("Li")
        assert len(here.server.calls_of("setMyCommands")) == calls
