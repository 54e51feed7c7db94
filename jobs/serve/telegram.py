"""One Telegram bot, connected: what it receives goes to the inlet, what is decided goes out through its courier."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from adapters.telegram.actors import BotIdentity
from adapters.telegram.admins import Admins, own_standing
from adapters.telegram.calling import CredentialsRefused
from adapters.telegram.calls import ApiError, BotCalls, CallFailed, Me, result_of
from adapters.telegram.delivery import Delivery, DeliveryWatch
from adapters.telegram.perform import TelegramPlatform
from adapters.telegram.perform_menus import Menu, menus
from adapters.telegram.polling import Fetching, Poller
from adapters.telegram.reception import Reception
from adapters.telegram.seal import Seal
from config.problems import Language, Said
from core.budget import Budget
from core.delivery import Ability, Destination, Inlet
from core.directory import Directory
from core.effects import Words
from core.events import BotStanding, GroupMoved
from core.pacing import Limits
from core.ports import Store
from core.workflow import Group
from jobs.serve import lines
from jobs.serve.bearing import Bearing
from jobs.serve.clock import Clock
from jobs.serve.desk import Desk
from jobs.serve.menus import menus_for
from jobs.serve.refusing import CannotServe
from jobs.serve.roster import TELEGRAM, Roster
from jobs.serve.vouching import Vouching
from workflows.command_list import weight

log = logging.getLogger("yaji.telegram")


class Sentences:
    """The phrasebook of the configuration that is in use, also after it changed."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def say(self, key: str, language: str, values: Mapping[str, object]) -> Words:
        """See `core.workflow.Phrasebook.say`."""
        groups = self._roster.groups or self._roster.deployment.groups
        return next(iter(groups.values())).texts.say(key, language, values)


@dataclass(slots=True, kw_only=True)
class TelegramBot:
    """A bot, let in by Telegram unless there is a `refusal`. Implements `jobs.serve.connection.Connection`.

    Updates are fetched by `poller` once that has begun; or else delivered to `hook`, which is the address.
    """

    name: str
    me: Me
    calls: BotCalls
    identity: BotIdentity
    reception: Reception
    platform: TelegramPlatform
    abilities: dict[str, frozenset[Ability]]
    admins: Admins
    clock: Clock
    hook: str = ""
    limits: Limits = field(default_factory=Limits)
    grantable: bool = True
    one_way: bool = True
    poller: Poller | None = None
    watch: DeliveryWatch | None = None
    delivery: Delivery = Delivery.RUNNING
    begun: datetime
    who: None = None
    refusal: Said | None = None
    """Why nothing can be done with the bot until the next start: Telegram does not accept its token."""
    menus: Sequence[Menu] = ()
    """Those that Telegram shows, as far as it was told since the start."""
    heard_before: datetime | None = None
    keeps: timedelta = timedelta(hours=24)
    budget: Budget | None = None

    @property
    def account(self) -> str:
        """See `Connection.account`."""
        return f"{TELEGRAM}:{self.me.id}"

    @property
    def let_in(self) -> bool:
        """See `Connection.let_in`."""
        return self.refusal is None

    @property
    def behind(self) -> bool:
        """See `Connection.behind`."""
        receiving = self.watch if self.hook else self.poller
        return receiving is None or receiving.behind

    @property
    def how(self) -> str:
        """See `Connection.how`."""
        if self.refusal is not None:
            return "refused"
        if self.hook:
            return self.delivery.value
        return self.poller.how.value if self.poller is not None and self.poller.how else "starting"

    @property
    def well(self) -> bool:
        """See `Connection.well`. Whoever asks this to pass updates on would keep back what Telegram tries again to
        deliver: that it fails is told elsewhere."""
        if self.refusal is not None:
            return False
        if self.hook:
            return self.delivery is not Delivery.ELSEWHERE
        return self.how in (Fetching.RUNNING.value, Fetching.TAKEN.value, "starting")

    def told(self, groups: Iterable[str], language: Language) -> str:
        """See `Connection.told`."""
        if self.refusal is not None:
            return self.refusal.in_(language)
        return lines.of_bot(self.name, self.me, groups, language)

    @property
    def heard_since(self) -> datetime | None:
        """See `Connection.heard_since`."""
        return self.begun if self.how in (Fetching.RUNNING.value, Delivery.RUNNING.value) else None

    async def resolved(self, group: str, written: str) -> str | None:
        """See `Connection.resolved`."""
        try:
            return str(result_of(await self.calls.call("getChat", {"chat_id": written}), _Chat).id)
        except (CallFailed, msgspec.DecodeError) as failed:
            log.warning("%s: %s", written, failed)
            return None

    async def standing(self, group: str, address: str, id_: str, at: datetime) -> BotStanding | GroupMoved | None:
        """See `Connection.standing`."""
        try:
            return await own_standing(self.calls, self.identity, int(address), group, id_, at, self.admins)
        except CallFailed as failed:
            log.warning("the standing in %s is not known: %s", group, failed)
            return None

    def follow(self, moved: GroupMoved) -> None:
        """See `Connection.follow`."""
        self.reception.follow(int(moved.old), int(moved.new))

    async def show_menus(self, groups: Mapping[str, Group]) -> bool:
        """See `Connection.show_menus`. Without them everything works all the same."""
        wanted = menus_for(groups.values())
        if wanted == self.menus:
            return True
        try:
            await menus(self.calls, wanted)
        except CallFailed as failed:
            log.warning("%s: the menus of commands could not be set: %s", self.name, failed)
            return isinstance(failed, ApiError) and failed.final
        self.menus = wanted
        return True

    async def receive(self, language: Language, turn: asyncio.Event) -> None:
        """See `Connection.receive`: the long poll, or a look whether updates are delivered; every change is logged."""
        if self.refusal is not None:
            raise CannotServe(self.refusal)
        try:
            await (self._watched(language) if self.hook else self._fetched(language, turn))
        except CredentialsRefused as refused:
            self.refusal = Said(str(refused), str(refused))
            raise CannotServe(self.refusal) from None

    async def _fetched(self, language: Language, turn: asyncio.Event) -> None:
        def told(how: Fetching, why: str) -> None:
            level = logging.INFO if how is Fetching.RUNNING else logging.WARNING
            log.log(level, "%s: %s", self.name, _FETCHING[how].filled(why=why).in_(language))

        ticks = self.clock.monotonic
        self.poller = Poller(self.calls, turn=turn, told=told, takes_over=self.admins.doubt, ticks=ticks)
        await self.poller.run(self.reception.take)

    async def _watched(self, language: Language) -> None:
        def told(how: Delivery, why: str) -> None:
            if how is Delivery.RUNNING:
                self.begun = self.clock.now()
            self.delivery = how
            level = logging.INFO if how is Delivery.RUNNING else logging.WARNING
            log.log(level, "%s: %s", self.name, delivery_told(how, why).in_(language))

        since, pause = int(self.begun.timestamp()), self.clock.sleep
        self.watch = DeliveryWatch(
            self.calls,
            self.hook,
            since=since,
            how=self.delivery,
            told=told,
            taken=self.reception.counted.total,
            pause=pause,
        )
        await self.watch.run()

    async def farewell(self) -> None:
        """See `Connection.farewell`."""
        await self.reception.close()


def connection(
    calls: BotCalls,
    me: Me,
    since: int,
    *,
    key: bytes,
    roster: Roster,
    staffed: Collection[str],
    hears_in: dict[int, bool],
    inlet: Inlet,
    store: Store,
    directory: Directory,
    refresh: Callable[[], Awaitable[object]],
    patience: float,
    clock: Clock,
    hook: str,
    limits: Limits,
    refusal: Said | None,
) -> TelegramBot:
    """Everything of one bot put together. Nothing is sent. `staffed` are groups where it was an admin when it was heard
    last; `hears_in` tells of chats where it was none whether privacy mode was off. Updates are fetched unless they are
    delivered to `hook`; with `patience` other processes receive some of them. `refusal` is why a bot is not let
    in."""
    seal, chats = Seal(key), roster.chats[calls.name]
    admins = Admins(
        calls,
        me.id,
        shared=bool(patience),
        before=lambda chat: chats.group_of(chat) in staffed,
        clock=clock.monotonic,
        now=clock.now,
    )
    identity = BotIdentity(
        id=me.id,
        username=me.username,
        hears_all=me.can_read_all_group_messages,
        hears_in=hears_in,
        told_since=since,
        admins=admins.ids,
        admin_since=admins.since,
        linked=admins.linked,
        seal=seal,
        groups=lambda: chats.groups,
        named=chats.named,
    )
    abilities: dict[str, frozenset[Ability]] = {}

    def groups() -> Mapping[str, Group]:
        return {group: held for group, held in roster.groups.items() if roster.account_of(group) == calls.name}

    def home(to: Destination) -> str:
        group = roster.groups.get(to.group)
        if group is None or not to.chat.startswith("-"):
            return ""
        if group.desk and to.chat != chats.address_of(group.key):
            group = roster.groups.get(group.desk, group)
        return group.topic

    bearing = Bearing(calls, chats, store, lambda: roster.groups)
    vouching = Vouching(inlet, admins, chats, weight, bearing)
    return TelegramBot(
        name=calls.name,
        me=me,
        calls=calls,
        identity=identity,
        reception=Reception(
            calls=calls,
            bot=identity,
            admins=admins,
            addresses=chats,
            inlet=Desk(vouching, lambda: roster.groups, vouching.is_admin),
            store=store,
            directory=directory,
            texts=Sentences(roster),
            groups=groups,
            refresh=refresh,
            patience=patience,
            now=clock.now,
            pause=clock.sleep,
        ),
        platform=TelegramPlatform(
            calls,
            identity,
            abilities,
            seal=seal,
            address=chats.address_of,
            numbered=chats.numbered,
            home=home,
            now=clock.now,
            clock=clock.monotonic,
        ),
        abilities=abilities,
        admins=admins,
        clock=clock,
        hook=hook,
        limits=limits,
        begun=clock.now(),
        refusal=refusal,
    )


class _Chat(msgspec.Struct):
    id: int


def delivery_told(how: Delivery, why: str) -> Said:
    """How it stands with updates that Telegram posts. `why` is what it tells itself."""
    refused = how is Delivery.FAILING and "401" in why
    return (_ANOTHER_KEY if refused else _DELIVERY[how]).filled(why=why)


_DELIVERY = {
    Delivery.RUNNING: Said("updates are delivered again", "消息又送得到了"),
    Delivery.ELSEWHERE: Said(
        "updates are not delivered here any more: another process uses the same token, and Telegram posts to {why}. "
        "Stop that one, then restart this one",
        "消息不再送到这里：有另一个进程在用同一个 token，Telegram 现在送往 {why}。请先停掉那个进程，再重启这个",
    ),
    Delivery.FAILING: Said(
        "Telegram cannot deliver updates ({why}); look at the proxy in front of public_url",
        "Telegram 没法把消息送到（{why}）；请检查 public_url 前面的代理",
    ),
}
_ANOTHER_KEY = Said(
    "Telegram cannot deliver updates ({why}): a process behind public_url has another key than this one, and refuses "
    "them; give all of them the same YAJI_SECRET. Or the proxy asks for a password; take that away under /telegram/",
    "Telegram 没法把消息送到（{why}）：public_url 后面有进程的密钥和这里的不同，不认这些消息；"
    "请让所有进程用同一个 YAJI_SECRET。也可能是代理要求密码；请在 /telegram/ 下去掉",
)
_FETCHING = {
    Fetching.RUNNING: Said("updates are being fetched", "正在收取消息"),
    Fetching.TAKEN: Said(
        "another process fetches updates with the same token; this one waits until it stops ({why})",
        "有另一个进程在用同一个 token 收消息；等它停下再接手（{why}）",
    ),
    Fetching.UNREACHABLE: Said("Telegram does not answer; trying again ({why})", "Telegram 没有回应；会再试（{why}）"),
    Fetching.STORE_DOWN: Said(
        "nothing can be stored now; the same updates are tried again ({why})",
        "现在存不了数据；同样的消息会再试（{why}）",
    ),
    Fetching.STUCK: Said(
        "updates came that nobody can number; trying again ({why})", "收到了没有编号的消息；会再试（{why}）"
    ),
}
