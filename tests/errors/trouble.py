"""A trouble: what happens, played on the stage, and what was seen of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from core.delivery import State
from core.effects import Effect
from core.people import Account
from tests.errors.stage import RIGHTS, Row, Stage
from tests.support.botapi import Fault, Person
from tests.support.botapi.model import Chat, Message, Standing
from tests.support.botapi.server import Call

Who = Literal["admins", "group", "member", "log"]
TEXT: Final = "a word"
"""What is to be said wherever something is to be said."""
OTHERS: Final = ("meanwhile", "elsewhere", "as it was", "more")
"""What is said beside it."""
_WORDS: Final = ("Say", "TellAdmins")
_QUIET: Final = frozenset(
    ("getUpdates", "getMe", "getChat", "getChatMember", "getChatAdministrators", "getWebhookInfo")
)


class Both(NamedTuple):
    """A sentence in the two languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Somebody is told something once: `words` are in it, `means` is what a page says of it."""

    who: Who
    words: str
    means: Both


class Scene:
    """The stage as one trouble sees it: its own group, and what came since it began."""

    def __init__(self, stage: Stage, key: str) -> None:
        self.stage, self.key = stage, key
        self.world, self.server, self.bot = stage.world, stage.server, stage.bot
        self.wang, self.li = stage.wang, stage.li
        self.since = len(self.server.calls)
        self._old = {id(message) for message in stage.said()}
        self._log = len(stage.log)
        self._refused = {id(call) for call in self.server.calls if call.code >= 400}
        self._rows = {row.id for row in stage.rows()}

    @property
    def group(self) -> Chat:
        return self.stage.groups[self.key]

    @property
    def standing(self) -> Standing:
        """The bot's own standing. What is changed here, no update tells: it is still on its way."""
        return self.group.standings[self.bot.id]

    def loses(self, right: str) -> None:
        """A right is taken from the bot, and it has not heard of it yet."""
        assert right in RIGHTS
        self.standing.rights -= {right}

    def of(self, person: Person) -> Account:
        return Account(f"telegram:{person.id}")

    async def comes(self, name: str) -> Person:
        """Somebody who has written in the group, so that the assistant knows them."""
        person = self.world.person(name, language="en")
        self.world.joined(self.group, person)
        person.posts(self.group, "hello")
        await self.heard()
        return person

    async def heard(self) -> None:
        """Wait until the bot has fetched all that it is to be told."""
        await self.stage.until(lambda: not self.bot.queue)

    def refuses(self, method: str, description: str, code: int = 400, times: int | None = 1, **more: object) -> None:
        """Telegram answers the next such call so."""
        fault = Fault("refuse", code=code, description=description, parameters=more)
        self.server.faults.add(fault, method=method, times=times)

    def strikes(self, fault: Fault, method: str, times: int | None = 1) -> None:
        """The next such call meets with this."""
        self.server.faults.add(fault, method=method, times=times)

    def decides(self, *effects: Effect) -> None:
        """A workflow decided this."""
        self.stage.put(self.key, *effects)

    async def answered(self, copies: int = 1) -> None:
        """Wait until it was said."""
        await self.stage.until(lambda: sum(TEXT in (message.text or "") for message in self.said()) >= copies)

    async def rests(self, rows: int = 1) -> None:
        """Wait until so many new rows are there and nothing happens to any of them by itself."""
        await self.stage.until(lambda: len(self.rows()) >= rows and all(row.rests for row in self.rows()))
        await self.stage.passes(2)

    def forgets(self) -> None:
        """What was decided up to now was only to prepare the scene."""
        self._rows = {row.id for row in self.stage.rows()}
        self.since = len(self.server.calls)
        self._old = {id(message) for message in self.stage.said()}

    def rows(self) -> list[Row]:
        return [row for row in self.stage.rows(self.key) if row.id not in self._rows]

    def calls(self) -> list[Call]:
        return self.server.calls[self.since :]

    def refused(self) -> list[Call]:
        """The calls that were refused; a poll may have been under way before the scene began."""
        found = [call for call in self.server.calls if call.code >= 400 and id(call) not in self._refused]
        return [call for call in found if call.method not in ("getChat", "getChatMember", "getChatAdministrators")]

    def tries(self) -> list[Call]:
        """The calls that were to do something."""
        return [call for call in self.calls() if call.method not in _QUIET]

    def said(self) -> list[Message]:
        return [message for message in self.stage.said() if id(message) not in self._old]

    def log(self) -> list[str]:
        return self.stage.log[self._log :]


Play = Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A row of the table. `does` is what the page says of what the assistant does; the rest of the row is seen.

    `kind` is what sort of group it happens in; where it is empty the scene serves the home itself. `silent` says how
    the page names what Telegram did where it said nothing. `timed`: how long it took from the first try to the last
    belongs to the line. `texts` is how many different things are to be said.
    """

    key: str
    what: Both
    does: Both
    play: Play
    told: tuple[Told, ...] = ()
    kind: str = "supergroup"
    silent: Both | None = None
    timed: bool = False
    texts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen of a trouble. `seconds` lie between the first try and the last; `copies` of what was to be said."""

    words: tuple[str, ...]
    state: State | None
    replaced: bool
    attempts: int
    seconds: float
    copies: int | None
    told: dict[Who, list[str]] = field(default_factory=dict)


async def played(trouble: Trouble, stage: Stage) -> Seen:
    """Play it, and look."""
    scene = Scene(stage, trouble.key)
    await trouble.play(scene)
    stage.server.faults.clear()
    return seen(trouble, scene)


def seen(trouble: Trouble, scene: Scene) -> Seen:
    """What there is to see of it now."""
    stage, tries = scene.stage, scene.tries()
    rows = scene.rows()
    acts = [row for row in rows if row.kind not in _WORDS]
    row = next(iter(acts or rows), None)
    found: dict[Who, list[str]] = {"admins": [], "group": [], "member": [], "log": scene.log()}
    copies = 0
    for message in scene.said():
        text = message.text or message.caption or ""
        if message.forward_origin is not None or text in OTHERS or text.strip("😀") == "":
            continue
        if TEXT in text:
            copies += 1
        elif message.chat.type != "private":
            found["group"].append(text)
        else:
            found["admins" if message.chat.id == stage.wang.id else "member"].append(text)
    refused = [f"{call.code} {call.answer}" for call in scene.refused()]
    refused += [f"{call.code} {call.answer} (ok: false)" for call in scene.calls() if call.fault == "ok_false"]
    return Seen(
        words=tuple(dict.fromkeys(refused)),
        state=row.state if row is not None else None,
        replaced=row is not None and any(other.id == f"{row.id}>1" for other in rows),
        attempts=row.attempts if row is not None else 0,
        seconds=tries[-1].at - tries[0].at if tries else 0.0,
        copies=copies // trouble.texts if row is not None and row.kind in _WORDS else None,
        told=found,
    )


def amiss(trouble: Trouble, found: Seen) -> list[str]:
    """Where what was told is not what the trouble says."""
    out = []
    for who, texts in found.told.items():
        wanted = [told.words for told in trouble.told if told.who == who]
        if len(wanted) != len(texts) or not all(any(words in text for text in texts) for words in wanted):
            out.append(f"{trouble.key}: the {who} should be told {wanted}, and are told {texts}")
    return out
