"""A history of our own invention: a gathering of readers on Telegram and WeChat over sixty days, and the truth of it.

Everything is drawn from one seeded generator, so the same seed writes the same bytes. The words are in sample_words.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from adapters.exports import neutral
from core.events import (
    Event,
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessageKind,
    MessagePosted,
    ReactionChanged,
    Reply,
)
from core.people import Account, Actor
from jobs import sample_words as words

SEED = 353
DAYS = 60
FIRST = date(2026, 3, 1)
ZONE = ZoneInfo("Asia/Shanghai")
COPYBOOK = range(1, 22)
"""The days on which some copy the Preface: a challenge of 21 days."""
WAVE = range(33, 36)
"""The days of the spam."""

_FOUNDERS = 26
_NEWCOMERS = 46
_SPAMMERS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The files that were written, and how much is in them."""

    history: Path
    truth: Path
    messages: int
    joins: int
    spam: int
    thanks: int


@dataclass(slots=True)
class _Person:
    actor: Actor
    zh: bool
    diligence: float
    chatter: float
    night_owl: bool
    copies: bool
    here: int = 0
    gone: int = DAYS + 1

    def present(self, day: int) -> bool:
        return self.here <= day < self.gone


def write_sample(folder: Path, seed: int = SEED) -> Sample:
    """Write `history.jsonl` (the neutral form) and `truth.json` into a folder, which is made if it is not there."""
    story = _Story(seed)
    story.tell()
    folder.mkdir(parents=True, exist_ok=True)
    history, truth = folder / "history.jsonl", folder / "truth.json"
    events = sorted(story.events, key=lambda event: (event.at, int(event.id.partition("-")[2])))
    with history.open("wb") as file:
        file.write(neutral.HEADER)
        file.writelines(neutral.line(event) for event in events)
    known = {
        "version": 1,
        "known": [
            {"name": "spam", "events": story.spam, "then": ["delete"]},
            {"name": "thanks", "events": story.thanks, "rules": ["thanks"]},
        ],
    }
    truth.write_bytes(msgspec.json.format(msgspec.json.encode(known), indent=1) + b"\n")
    return Sample(
        history=history,
        truth=truth,
        messages=sum(isinstance(event, MessagePosted) for event in events),
        joins=sum(isinstance(event, MemberJoined) for event in events),
        spam=len(story.spam),
        thanks=len(story.thanks),
    )


class _Story:
    """Sixty days, told day by day."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 (a story, not a secret)
        self.events: list[Event] = []
        self.spam: list[str] = []
        self.thanks: list[str] = []
        self._count = 0
        self._posted: list[MessagePosted] = []
        zh, en = list(words.NAMES_ZH), list(words.NAMES_EN)
        self._dice.shuffle(zh)
        self._dice.shuffle(en)
        self._names = {True: zh, False: en}
        self.people = [self._person(founder=True) for _ in range(_FOUNDERS)]

    def tell(self) -> None:
        """Every day of the story."""
        arrivals = sorted(self._dice.randrange(1, DAYS - 2) for _ in range(_NEWCOMERS))
        for day in range(DAYS):
            for _ in range(arrivals.count(day)):
                self._arrive(day)
            if day in WAVE:
                self._attack(day)
            self._practise(day)
            self._talk(day)
            self._ask(day)
            self._go(day)

    # who

    def _person(self, founder: bool) -> _Person:
        dice = self._dice
        zh = dice.random() < 0.68
        name = self._names[zh].pop()
        number = len(self.people) if hasattr(self, "people") else 0
        native = f"wechat:wxid_{dice.randrange(36**6):06d}" if zh and dice.random() < 0.6 else None
        account = native or f"telegram:{20_000 + dice.randrange(70_000_000) + number}"
        language = None if native else ("zh-hans" if zh else "en")
        return _Person(
            actor=Actor(account=Account(account), name=name, language=language),
            zh=zh,
            diligence=min(0.98, dice.betavariate(2.4, 1.6)) if founder else dice.betavariate(1.6, 1.8),
            chatter=dice.paretovariate(1.5),
            night_owl=dice.random() < 0.1,
            copies=founder and dice.random() < 0.5,
        )

    def _at(self, day: int, hour: float) -> datetime:
        """A local wall-clock hour of a day of the story, with some seconds."""
        seconds = int(hour * 3600) + self._dice.randrange(60)
        return datetime.combine(FIRST + timedelta(days=day), time(), ZONE) + timedelta(seconds=seconds)

    # what

    def _id(self) -> str:
        self._count += 1
        return f"sample-{self._count}"

    def _say(
        self,
        who: Actor,
        at: datetime,
        text: str,
        kind: MessageKind = "text",
        mentions: tuple[Actor, ...] = (),
        reply_to: MessagePosted | None = None,
        links: tuple[str, ...] = (),
    ) -> MessagePosted:
        id_ = self._id()
        reply = Reply(message=reply_to.message, author=reply_to.actor) if reply_to is not None else None
        said = MessagePosted(
            id=id_,
            at=at,
            group="",
            actor=who,
            message=f"m{self._count}",
            text=text,
            kind=kind,
            mentions=mentions,
            links=links,
            reply_to=reply,
        )
        self.events.append(said)
        self._posted.append(said)
        return said

    def _one(self, lines: tuple[str, ...]) -> str:
        return self._dice.choice(lines)

    def _some(self, day: int) -> list[_Person]:
        return [person for person in self.people if person.present(day)]

    # coming and going

    def _arrive(self, day: int) -> None:
        dice = self._dice
        person = self._person(founder=False)
        person.here = day
        at = self._at(day, dice.uniform(8, 21))
        by = dice.choice(self._some(day)).actor if dice.random() < 0.3 else None
        self.events.append(MemberJoined(id=self._id(), at=at, group="", actor=person.actor, by=by))
        self.people.append(person)
        fate = dice.random()
        if fate < 0.08:
            person.gone = day
            self.events.append(
                MemberLeft(
                    id=self._id(), at=at + timedelta(minutes=dice.randrange(2, 90)), group="", actor=person.actor
                )
            )
            return
        if fate < 0.28:
            person.diligence, person.chatter = 0.02, 0.05
            return
        minutes = dice.choice((1, 2, 4, 15, 60, 26 * 60))
        answered = at + timedelta(minutes=minutes, seconds=dice.randrange(60))
        if dice.random() < 0.25:
            self._say(person.actor, answered - timedelta(seconds=40), self._one(words.HELLO[person.zh]))
        self._say(person.actor, answered, "同意" if person.zh else dice.choice(("agree", "yes")))
        art = self._one(words.ARTS[person.zh])
        self._say(person.actor, answered + timedelta(seconds=dice.randrange(20, 200)), art)
        if dice.random() < 0.5:
            when = answered + timedelta(minutes=dice.randrange(3, 9))
            self._say(person.actor, when, self._one(words.INTRODUCTIONS[person.zh]))
        if dice.random() < 0.12:
            # An innocent newcomer with a link that the house does not know: the rule will hit it, wrongly.
            when = answered + timedelta(hours=dice.randrange(2, 30))
            link = "https://blog.example.org/tea"
            self._say(person.actor, when, f"{self._one(words.SHARES[person.zh])} {link}", links=(link,))

    def _go(self, day: int) -> None:
        for person in self._some(day):
            idle = person.diligence < 0.1 and person.here > 0
            if day > person.here + 1 and self._dice.random() < (0.02 if idle else 0.0012):
                person.gone = day + 1
                at = self._at(day, self._dice.uniform(22, 23.9))
                self.events.append(MemberLeft(id=self._id(), at=at, group="", actor=person.actor))

    # practice

    def _practise(self, day: int) -> None:
        dice = self._dice
        for person in self._some(day):
            if day == person.here and day:
                continue
            if person.copies and day in COPYBOOK and dice.random() < 0.93:
                text = "临帖" if person.zh else "copybook"
                self._say(person.actor, self._at(day, dice.uniform(7, 22)), f"{text} {day}/21", kind="photo")
            if dice.random() < person.diligence:
                self._check_in(person, day)
            elif person.diligence > 0.5 and dice.random() < 0.35:
                self._make_up(person, day)

    def _check_in(self, person: _Person, day: int) -> None:
        dice = self._dice
        hour = 24 + dice.uniform(0.3, 3.5) if person.night_owl and dice.random() < 0.5 else dice.uniform(6, 22.4)
        said = self._say(
            person.actor,
            self._at(day, hour),
            f"{self._one(words.KEYWORDS[person.zh])} {self._one(words.PRACTICE[person.zh])}",
            kind="photo" if dice.random() < 0.15 else "text",
        )
        chance = dice.random()
        if chance < 0.03:
            again = said.at + timedelta(minutes=dice.randrange(5, 200))
            self._say(
                person.actor, again, f"{self._one(words.KEYWORDS[person.zh])} {self._one(words.PRACTICE[person.zh])}"
            )
        elif chance < 0.06:
            self._edit(said, said.text + self._one(words.AFTERTHOUGHTS[person.zh]))
        elif chance < 0.3:
            self._react(said, day)

    def _make_up(self, person: _Person, day: int) -> None:
        if day + 1 < DAYS and person.present(day + 1):
            word = "补卡" if person.zh else "makeup"
            text = f"{word} {self._one(words.PRACTICE[person.zh])}"
            self._say(person.actor, self._at(day + 1, self._dice.uniform(7, 12)), text)

    # talk

    def _talk(self, day: int) -> None:
        dice = self._dice
        here = self._some(day)
        weights = [person.chatter for person in here]
        weekend = (FIRST + timedelta(days=day)).weekday() >= 5
        for _ in range(int(dice.gauss(34, 6) * (1.3 if weekend else 1))):
            person = dice.choices(here, weights)[0]
            if day == person.here and day:
                continue
            at = self._at(day, dice.triangular(7.5, 23.2, 20.5))
            chance = dice.random()
            if chance < 0.012:
                self._say(person.actor, self._at(day, dice.uniform(23, 23.9)), "", kind="sticker")
            elif chance < 0.06:
                kind: MessageKind = "sticker" if chance < 0.04 else "voice"
                self._say(person.actor, at, "", kind=kind)
            elif chance < 0.09:
                link = self._one(words.LINKS)
                self._say(person.actor, at, f"{self._one(words.SHARES[person.zh])} {link}", links=(link,))
            else:
                said = self._say(person.actor, at, self._one(words.TALK[person.zh]), reply_to=self._recent(at, chance))
                if chance > 0.97:
                    self._edit(said, said.text + self._one(words.AFTERTHOUGHTS[person.zh]))
                elif 0.9 < chance < 0.96:
                    self._react(said, day)
                elif 0.895 < chance < 0.9 and person.actor.account.startswith("wechat"):
                    gone = said.at + timedelta(seconds=self._dice.randrange(5, 110))
                    self.events.append(
                        MessageDeleted(id=self._id(), at=gone, group="", message=said.message, actor=said.actor)
                    )

    def _recent(self, at: datetime, chance: float) -> MessagePosted | None:
        if not 0.5 < chance < 0.75:
            return None
        near = [said for said in self._posted[-25:] if timedelta() < at - said.at < timedelta(hours=3)]
        return self._dice.choice(near) if near else None

    def _ask(self, day: int) -> None:
        """A question, an answer, and mostly thanks."""
        dice = self._dice
        for _ in range(dice.choice((0, 1, 1, 2, 2, 3))):
            asker, helper = dice.sample([p for p in self._some(day) if p.here < day or not day], 2)
            question, answer = dice.choice(words.QUESTIONS[asker.zh])
            at = self._at(day, dice.uniform(9, 21))
            asked = self._say(asker.actor, at, question)
            if dice.random() < 0.15:
                continue
            answered_at = at + timedelta(minutes=dice.randrange(1, 45))
            answered = self._say(helper.actor, answered_at, answer, reply_to=asked)
            if dice.random() < 0.75:
                text = self._one(words.THANKS[asker.zh]).format(f"@{helper.actor.name}")
                when = answered_at + timedelta(minutes=dice.randrange(1, 20))
                said = self._say(asker.actor, when, text, mentions=(helper.actor,), reply_to=answered)
                self.thanks.append(said.id)
        if dice.random() < 0.1:
            # Gratitude to nobody in particular, and a name without gratitude: neither is a thank-you to somebody.
            person = dice.choice(self._some(day))
            self._say(
                person.actor, self._at(day, 21.3), "谢谢大家，今晚很开心" if person.zh else "thanks all, lovely evening"
            )

    def _edit(self, said: MessagePosted, text: str) -> None:
        self.events.append(
            MessageEdited(
                id=self._id(),
                at=said.at + timedelta(seconds=self._dice.randrange(10, 300)),
                group="",
                actor=said.actor,
                message=said.message,
                posted=said.at,
                text=text,
                kind=said.kind,
            )
        )

    def _react(self, said: MessagePosted, day: int) -> None:
        for person in self._dice.sample(self._some(day), self._dice.randrange(1, 4)):
            if person.actor.account != said.actor.account:
                at = said.at + timedelta(seconds=self._dice.randrange(20, 4000))
                self.events.append(
                    ReactionChanged(
                        id=self._id(),
                        at=at,
                        group="",
                        actor=person.actor,
                        message=said.message,
                        emoji=(self._one(words.EMOJI),),
                        author=said.actor,
                    )
                )

    # spam

    def _attack(self, day: int) -> None:
        """Strangers come in and advertise. Most are plain, some dress up, a few say nothing that words can catch."""
        dice = self._dice
        for n in range(_SPAMMERS // len(WAVE) + (day == WAVE[0]) * (_SPAMMERS % len(WAVE))):
            account = Account(f"telegram:{90_000_000 + day * 100 + n}")
            actor = Actor(account=account, name=self._one(words.SPAM_NAMES) + str(dice.randrange(100, 999)))
            at = self._at(day, dice.uniform(1, 23))
            self.events.append(MemberJoined(id=self._id(), at=at, group="", actor=actor))
            for _ in range(dice.randrange(1, 5)):
                at += timedelta(seconds=dice.randrange(3, 400))
                text, link = dice.choice(words.SPAM)
                said = self._say(actor, at, text, links=(link,) if link else ())
                self.spam.append(said.id)
            if dice.random() < 0.6:
                self.events.append(
                    MemberLeft(id=self._id(), at=at + timedelta(hours=dice.randrange(1, 9)), group="", actor=actor)
                )
        witness = dice.choice(self._some(day))
        # A member quotes the spam: an advertising rule by words alone hits the wrong one.
        self._say(witness.actor, self._at(day, 21.5), self._one(words.COMPLAINTS[witness.zh]))
