"""All troubles, played family by family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tests.errors import bots, groups, messages, network, people
from tests.errors.leaping import play
from tests.errors.stage import Stage
from tests.errors.trouble import Both, Seen, Trouble, played


class Family(NamedTuple):
    """Troubles of one kind, under one heading."""

    title: Both
    troubles: Sequence[Trouble]


FAMILIES: Final[Mapping[str, Family]] = {
    "groups": Family(Both("The group and its rights", "群和权限"), groups.TROUBLES),
    "people": Family(Both("One person", "某个人"), people.TROUBLES),
    "messages": Family(Both("One message", "某条消息"), messages.TROUBLES),
    "network": Family(Both("Floods, faults, connections", "太快、出错、断线"), network.TROUBLES),
    "bots": Family(Both("The bot, its token, its updates", "机器人、token、收消息"), bots.TROUBLES),
}
_SPARE: Final = ("spare1", "spare2", "spare3")


def family_played(name: str, folder: Path) -> dict[str, Seen]:
    """What is seen when all troubles of a family happen, one after the other. Takes some seconds."""
    return play(_played(FAMILIES[name].troubles, folder))


async def _played(troubles: Sequence[Trouble], folder: Path) -> dict[str, Seen]:
    out = {}
    stage = Stage(folder / "together")
    for trouble in troubles:
        if trouble.kind:
            stage.found(trouble.key, trouble.kind)
    for key in _SPARE:
        stage.found(key)
    async with stage.answering(), stage.served():
        for trouble in troubles:
            if trouble.kind:
                out[trouble.key] = await played(trouble, stage)
    for trouble in troubles:
        if not trouble.kind:
            out[trouble.key] = await played(trouble, Stage(folder / trouble.key))
    return out
