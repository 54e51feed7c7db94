"""How a day is lived: acts that are told to the oracle, and waiting where people would have to.

The clock moves only where the script says so; nothing waits for time to pass.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from tests.day.cast import Cast
from tests.day.clock import DayClock
from tests.day.oracle import Effect, Oracle, effects
from tests.support.botapi import BotApiServer, Person
from tests.support.botapi.model import Bot, Chat, Message
from tests.support.patience import PATIENCE

A_WHILE = 2.0
"""Seconds after which it is looked up whether what does not come was given up."""


class Stuck(AssertionError):
    """Something that was due did not come in time."""


class Day:
    """One run of the script.

    `ordered`: what different people do at the same moment is told in order. Webhooks do not promise that.
    """

    def __init__(
        self,
        cast: Cast,
        server: BotApiServer,
        clock: DayClock,
        *,
        seed: int = 1,
        ordered: bool = True,
    ) -> None:
        self.cast = cast
        self.server = server
        self.clock = clock
        self.oracle = Oracle(cast=cast)
        self.dice = random.Random(seed)
        self.ordered = ordered
        self.alive: Callable[[], None] = lambda: None
        """Raises if whoever serves is gone."""
        self.unsure: Callable[[], Counter[str]] = Counter
        """The words of messages that were under way at two kills: they are on record and not sent a third time."""
        self.given_up: Counter[str] = Counter()
        self.under_way: set[str] = set()
        """Presses that had no answer when whoever serves was killed: an answer is said once at most."""
        self.seen: dict[Effect, int] = {}
        self._kills = 0
        self._read = 0
        self._talkers = 0
        self.finished = False
        self.good: list[Person] = []
        """Who was let in for good answers."""
        self.silent: list[Person] = []
        """Who asked to be let in and never answered."""
        self.held: list[Person] = []
        """Who came with the raid and never pressed the button."""
        self.asked = self.raided = 0.0
        """When the last of those came to the door."""

    def lives(self, parts: Sequence[Callable[[Day], None]]) -> None:
        """The whole day, part by part. After each, everything that is due must have come; in the end, every update must
        have been taken, those too to which nobody answers."""
        for part in parts:
            part(self)
            self.settles(part.__name__)
        self.until(self.all_taken, "the last confirmation")
        self.finished = True

    # waiting

    def until(
        self, condition: Callable[[], Any], what: str, *, chat: bool = False, left: Callable[[], int] = lambda: 0
    ) -> Any:
        """Wait for a condition, within bounds, which are drawn anew while less is `left` than before. `chat`: meanwhile
        members talk, as they always do."""
        ends, next_word = time.monotonic() + PATIENCE, time.monotonic() + 0.05
        least = left()
        while True:
            found = condition()
            if found:
                return found
            self.alive()
            if time.monotonic() > ends:
                if left() >= least:
                    raise Stuck(f"{what} did not come in {PATIENCE} s")
                least, ends = left(), time.monotonic() + PATIENCE
            if chat and time.monotonic() > next_word:
                self.chats()
                next_word = time.monotonic() + 0.3
            time.sleep(0.005)

    def all_taken(self) -> bool:
        """Whether every update was confirmed."""
        return not any(bot.queue for bot in (self.cast.reader, self.cast.writer))

    def goes_on(self, seconds: float) -> None:
        """The clock is put forward by much. Telegram keeps an update for a day only: none may wait over it."""
        self.until(self.all_taken, "a confirmation")
        self.clock.forward(seconds)

    def comes_to(self, end: float) -> float:
        """The clock is put forward to the end of somebody's time, which an assistant that is not away does not miss.
        How many seconds that were."""
        seconds = end + 1 - self.clock()
        assert seconds > 0, "it was leapt over before"
        self.goes_on(seconds)
        return seconds

    def settles(self, part: str) -> None:
        """Wait until everything that is due was done."""
        looks = time.monotonic() + A_WHILE

        def settled() -> bool:
            nonlocal looks
            if self._kills > 1 and time.monotonic() > looks:
                self.given_up, looks = self.unsure(), time.monotonic() + A_WHILE
            return not self.missing()

        try:
            self.until(settled, part, chat=True, left=lambda: sum(self.missing().values()))
        except Stuck as stuck:
            missing = list(self.missing().items())
            raise Stuck(f"{stuck}: {len(missing)} are missing: {missing[:12]}; beyond: {self.beyond()[:12]}") from None

    def missing(self) -> dict[Effect, int]:
        """What is due and was not seen yet."""
        self._look()
        lacks = {e: n - self.seen.get(e, 0) for e, n in self.oracle.due.items() if self.seen.get(e, 0) < n}
        return {e: n for e, n in lacks.items() if not self._may_be_lost(e, n)}

    def _may_be_lost(self, effect: Effect, count: int) -> bool:
        what, words = effect[0], str(effect[-1])
        return (what == "say" and count <= self.given_up[words]) or (what == "answer" and words in self.under_way)

    def beyond(self) -> list[tuple[Effect, int]]:
        """What was seen more often than it is due."""
        self._look()
        return [(e, n - self.oracle.due[e]) for e, n in self.seen.items() if n > self.oracle.due[e]]

    def _look(self) -> None:
        calls = self.server.calls[self._read :]
        whole = next((n for n, call in enumerate(calls) if not call.code and call.method != "getUpdates"), len(calls))
        for effect, count in effects(calls[:whole], self.cast).items():
            self.seen[effect] = self.seen.get(effect, 0) + count
        self._read += whole

    def found(self, chat: Chat, label: str, *words: str) -> Message:
        """A message of a bot with this button and these words, once it is there."""

        def look() -> Message | None:
            with self.cast.world.lock:
                for message in reversed(list(chat.messages.values())):
                    rows = (message.reply_markup or {}).get("inline_keyboard", [])
                    labels = {button["text"] for row in rows for button in row}
                    if label in labels and all(word in (message.text or "") for word in words):
                        return message
            return None

        message = self.until(look, f"the button {label} under {words}", chat=True)
        assert isinstance(message, Message)
        return message

    def was_killed(self) -> None:
        """Whoever serves was killed just now."""
        self._kills += 1
        with self.cast.world.lock:
            self.under_way.update(query for bot in (self.cast.reader, self.cast.writer) for query in bot.queries)

    # acts

    def chats(self) -> None:
        """A word that means nothing to anybody, from members in turn."""
        self._talkers += 1
        who = self.cast.members[220 + self._talkers % 40]
        who.posts(self.cast.reading, self.dice.choice(("嗯", "早", "好的", "nice", "哈哈")))
        self.clock.forward(1)

    def checks_in(self, who: Person, text: str, **more: Any) -> Message:
        """A check-in that counts."""
        message = who.posts(self.cast.reading, text, **more)
        self.oracle.checks_in("reading", who, message)
        return message

    def writes_pages(self, who: Person, chat: Chat) -> None:
        """A check-in in the writing club."""
        self.oracle.checks_in("writing", who, who.posts(chat, self.dice.choice(("打卡", "/checkin", "签到"))))

    def presses(self, who: Person, message: Message, label: str) -> None:
        """A button is pressed; every press is answered."""
        self.oracle.expect("answer", who.presses(message, label))

    def reads(self, who: Person, text: str) -> None:
        """Somebody waits for words in private."""
        self.until(lambda: text in texts(self.private(who)), text)

    def gets_in(self, who: Person) -> None:
        """Somebody waits to be let in."""
        self.until(lambda: self.cast.reading.standing(who).present, f"{who.id} let in")

    def private(self, who: Person, bot: Bot | None = None) -> Chat:
        return self.cast.world.private(bot or self.cast.reader, who)

    def goes_through_steps(self, who: Person) -> None:
        """A newcomer answers both questions, by buttons or by words."""
        zh = self.cast.spoken[who.id] == "zh"
        name = who.first_name
        welcome = self.found(self.cast.reading, "✅ 同意" if zh else "✅ I agree", name)
        asked = self.oracle.in_words_of(who, "想参加哪个方向？", "Which track?")
        if who.id % 2:
            self.presses(who, welcome, "✅ 同意" if zh else "✅ I agree")
            asked = f"{name}\n{asked}"  # it answers no message of theirs
        else:
            who.posts(self.cast.reading, "同意" if zh else "agree")
        self.oracle.says("reading", asked)
        self.settles(f"{asked} for {who.id}")
        self.clock.forward(2)  # an answer by number counts from the question on
        who.posts(self.cast.reading, "1" if who.id % 2 else "english")
        self.oracle.completed(who)


def texts(chat: Chat) -> list[str]:
    """What stands in a chat."""
    with chat.world.lock:
        return [message.text or "" for message in list(chat.messages.values())]
