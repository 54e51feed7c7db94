"""A group in which a story is played: people act, the engine decides, and the transcript shows what they see."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, Literal

from config import templates
from config.home import load
from core.effects import Choice, Say, TellAdmins
from core.engine import Engine
from core.events import ButtonPressed, Event, MemberJoined, MemberLeft, MessagePosted, Reply
from core.memory import MemoryStore
from core.people import Account, Actor
from core.ports import OutboxRow
from core.workflow import Group
from jobs.digest.arming import arming
from tests.transcripts.screen import Screen

Platform = Literal["telegram", "wechat"]
Language = Literal["zh", "en"]
GROUP: Final = "lanting"
RIGHTS: Final = frozenset(("restrict", "delete", "promote", "change_info", "invite", "pin"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the story. `called` is the name in each language."""

    number: int
    zh: str
    en: str
    admin: bool = False


def home(folder: Path, platform: Platform, language: Language, admins: Sequence[Person], more: str = "") -> Group:
    """The group of the shipped literati home, with `more` sections, served on one platform and speaking one language
    first.

    Telegram says who its admins are; on WeChat the operator does.
    """
    shutil.copytree(templates.folder("literati"), folder, dirs_exist_ok=True)
    if more:
        with (folder / "communities" / "lanting.yaml").open("a", encoding="utf-8") as file:
            file.write(more)
    group = load(folder).groups[GROUP]
    other: Language = "en" if language == "zh" else "zh"
    return replace(
        group,
        platforms=(platform,),
        numbered=("wechat",) if platform == "wechat" else (),
        unbarred=("wechat",) if platform == "wechat" else (),
        desks=(platform,),
        languages=(language, other),
        staff=frozenset(Account(f"wechat:{admin.number}") for admin in admins),
        report="all",
    )


@dataclass(slots=True)
class Chat:
    """`lines` is the transcript so far. Nothing is sent anywhere, and time is the story's own."""

    group: Group
    platform: Platform
    language: Language
    store: MemoryStore = field(default_factory=MemoryStore)
    lines: list[str] = field(default_factory=list)
    today: date = date(2026, 3, 2)
    _shown: int = 0
    _made: int = 0
    _day_shown: date | None = None

    # who does what

    def day(self, day: date) -> None:
        """What follows happens on that day."""
        self.today = day

    def begins(self, clock: str) -> None:
        """The process starts: what goes by the clock is set."""
        self._engine().replay(arming([self.group], self._comes(clock)))

    def chapter(self, title: str) -> None:
        """A heading."""
        self.lines += ["", f"## {title}"]

    def joins(self, who: Person, clock: str) -> None:
        at = self._comes(clock)
        self._note(at, f"{self.name(who)} {'进群' if self.language == 'zh' else 'joins'}")
        self._happens(MemberJoined(id=self._id(), at=at, group=self.group.key, actor=self.actor(who)))

    def leaves(self, who: Person, clock: str, *, by: Person) -> None:
        at = self._comes(clock)
        self._note(at, f"{self.name(who)} {'已被移出群' if self.language == 'zh' else 'is out of the group'}")
        event = MemberLeft(id=self._id(), at=at, group=self.group.key, actor=self.actor(who), by=self.actor(by))
        self._happens(event)

    def says(
        self,
        who: Person,
        text: str,
        clock: str,
        *,
        to: Person | None = None,
        mentions: Sequence[Person] = (),
        private: bool = False,
        desk: bool = False,
        kind: Literal["text", "photo"] = "text",
    ) -> str:
        """Somebody writes; `to` is whom they answer or mention. Answers the message's id."""
        at, message = self._comes(clock), f"m{self._made + 1}"
        where = {(True, False): "（私聊）", (False, True): "（管理群）"}.get((private, desk), "")
        if self.language == "en":
            where = {"（私聊）": " (private)", "（管理群）": " (desk)"}.get(where, "")
        shown = {"photo": "[图片] " if self.language == "zh" else "[photo] "}.get(kind, "") + text
        self._note(at, f"{self.name(who)}{where}: {shown}")
        event = MessagePosted(
            id=self._id(),
            at=at,
            group=self.group.key,
            actor=self.actor(who, commands=text.startswith("/")),
            message=message,
            text=text,
            kind=kind,
            links=tuple(word for word in text.split() if word.startswith("http")),
            reply_to=Reply(message="m0", author=self.actor(to)) if to is not None else None,
            mentions=tuple(self.actor(one) for one in mentions),
            private=private,
            desk=desk,
        )
        self._happens(event)
        return message

    def chooses(self, who: Person, label: str, clock: str) -> None:
        """Somebody takes one of the choices before them: a press on Telegram, its number on WeChat."""
        at = self._comes(clock)
        row, choice, number = self._offered(label, self.account(who))
        if self.platform == "telegram":
            self._note(at, f"{self.name(who)} → [{choice.label}]")
            event: Event = ButtonPressed(
                id=self._id(), at=at, group=self.group.key, actor=self.actor(who, commands=True), data=choice.data,
                message=row.id,
            )  # fmt: skip
            self._happens(event)
        else:
            desk = isinstance(row.effect, TellAdmins)
            private = isinstance(row.effect, Say) and row.effect.to is not None
            self.says(who, str(number), clock, desk=desk, private=private)

    def waits(self, until: date, clock: str) -> None:
        """Time passes; what the clock rings for happens."""
        self.today = until
        self._comes(clock)

    # what the story asks

    def actor(self, who: Person | None, *, commands: bool = False) -> Actor:
        assert who is not None
        rights = RIGHTS if who.admin and commands else frozenset()
        return Actor(
            account=self.account(who),
            name=self.name(who),
            language=self.language,
            admin=who.admin,
            rights=rights,
            vouched=who.admin and commands,
        )

    def account(self, who: Person) -> Account:
        return Account(f"{self.platform}:{who.number}")

    def name(self, who: Person) -> str:
        return who.zh if self.language == "zh" else who.en

    # inside

    def _comes(self, clock: str) -> datetime:
        """Time passes until then, and what is due in between happens."""
        at = self._at(clock)
        self._engine().replay([], until=at - timedelta(microseconds=1))
        self._show()
        return at

    def _at(self, clock: str) -> datetime:
        return datetime.combine(self.today, time.fromisoformat(clock), self.group.zone).astimezone(UTC)

    def _id(self) -> str:
        self._made += 1
        return f"{self.platform}:story:{self._made}"

    def _engine(self) -> Engine:
        return Engine(self.store, {self.group.key: self.group})

    def _happens(self, event: Event) -> None:
        outcome = self._engine().replay([event])
        assert not outcome.buried, outcome.buried
        self._show()

    def _rows(self) -> Sequence[OutboxRow]:
        return list(self.store.outbox(self.group.key))

    def _offered(self, label: str, account: Account) -> tuple[OutboxRow, Choice, int]:
        for row in reversed(self._rows()):
            effect = row.effect
            if isinstance(effect, Say) and effect.chooser not in (None, account):
                continue
            choices: tuple[Choice, ...] = getattr(effect, "choices", ())
            shown = [choice for choice in choices if not choice.private]
            for number, choice in enumerate(shown, getattr(effect, "first", 1)):
                if label in choice.label:
                    return row, choice, number
        raise AssertionError(f"nobody offered {label!r} to {account}")

    def _show(self) -> None:
        rows = self._rows()
        screen = Screen(self.group, self.platform, self._named)
        for row in rows[self._shown :]:
            self._note(row.at)
            self.lines += screen.shown(row)
        self._shown = len(rows)

    def _named(self, account: Account) -> str:
        return next((m.name for m in self.store.people(self.group.key) if m.account == account), str(account))

    def _note(self, at: datetime, what: str = "") -> None:
        local = self.group.local(at)
        if local.date() != self._day_shown:
            self._day_shown = local.date()
            self.lines += ["", f"{local:%Y-%m-%d}"]
        if what:
            self.lines.append(f"{local:%H:%M}  {what}")


def played(
    story: Any, admins: Sequence[Person], folder: Path, platform: Platform, language: Language, more: str = ""
) -> str:
    """The transcript of a story, in the literati home with `more` sections."""
    chat = Chat(home(folder, platform, language, admins, more), platform, language)
    story(chat)
    return "\n".join(chat.lines).strip() + "\n"
