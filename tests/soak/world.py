"""The world of a soak: groups whose members check in, and a home that reminds them. Every message has its own words."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.support.botapi.model import ALL_RIGHTS

if TYPE_CHECKING:
    from tests.support.botapi import BotApiServer, RemoteServer, World

PACE = 20.0
"""How many times faster than Telegram allows messages go."""
GROUPS, MEMBERS = 5, 6
REPLIES = 2
"""Members of each group who check in, in one round."""
POINTS = 5


class Cast(NamedTuple):
    """Who is there, by number. `chats` are those of the groups g0, g1, …; `members` of each group by name."""

    bot: int
    token: str
    owner: int
    chats: list[int]
    members: list[dict[str, int]]


def hurried(world: World, server: BotApiServer) -> None:
    """Called in the server's process before it serves."""
    server.limits.now = lambda: time.monotonic() * PACE
    server.polling.conflict_pause = 0.1


def gathered(remote: RemoteServer) -> Cast:
    """Everybody, from the start: nobody is told of anything."""
    bot, owner = remote.new("bot", username="yaji_bot"), remote.new("person", first_name="Owner", language="en")["id"]
    remote.act(owner, "starts", bot=bot["id"])
    chats, members = [], []
    for n in range(GROUPS):
        chat = remote.new("supergroup", title=f"Group {n}", owner=owner)["id"]
        here = {f"P{n}{m}": remote.new("person", first_name=f"P{n}{m}", language="en")["id"] for m in range(MEMBERS)}
        remote.do("joined", chat=chat, users=[bot["id"]], status="administrator", rights=sorted(ALL_RIGHTS))
        remote.do("joined", chat=chat, users=list(here.values()))
        chats.append(chat)
        members.append(here)
    return Cast(bot["id"], bot["token"], owner, chats, members)


def furnished(home: Path, cast: Cast, rounds: int, at: datetime) -> None:
    """A home with one challenge for each round, all reminded of at the minute of `at`, in a zone where it is midday."""
    ahead = 12 - at.astimezone(UTC).hour
    zone = f"Etc/GMT{-ahead:+}" if ahead else "UTC"
    minute = at.astimezone(UTC).minute
    lines = ["community:", "  name: Tea", f"  timezone: {zone}", "  languages: [en]", "  groups:"]
    lines += [f"    g{n}: {{telegram: {chat}}}" for n, chat in enumerate(cast.chats)]
    lines += [f"  admins: [telegram:{cast.owner}]", "check_ins:"]
    for n in range(rounds):
        lines += [
            f"  {challenge(n)}:", f"    name: {challenge(n)}", f"    keywords: [{challenge(n)}]",
            f"    status: [status {n}]", f"    points: {POINTS}", "    board: null",
            f'    remind: {{at: "12:{minute:02}", who: everyone, text: {{en: "{due(n)}"}}}}',
        ]  # fmt: skip
    (home / "communities").mkdir(parents=True)
    (home / "communities" / "tea.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def challenge(n: int) -> str:
    """The check-in of a round; also the word for it."""
    return f"r{n:03}"


def due(n: int) -> str:
    """The reminder of a round."""
    return f"due {challenge(n)}"


def answer(name: str, n: int) -> str:
    """What somebody hears who checks in for the first time."""
    return f"✅ {name}, {challenge(n)}, day 1 in a row, +{POINTS}"


def checkers(n: int) -> list[int]:
    """Which of the members of each group check in, in a round."""
    return [(n * REPLIES + k) % MEMBERS for k in range(REPLIES)]
