"""What must be so at the end, by what the test server accepted and what the books say."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.day import books
from tests.soak.town import Town, heard, reminders, replies
from tests.soak.world import POINTS, checkers

AMBIGUOUS = frozenset(("drop_after", "not_json"))
"""Faults after which the message is there and nobody knows."""
DOUBTFUL = AMBIGUOUS | {"drop_before", "5xx"}
"""Faults after which nobody knows, the message being there or not."""
MOST_DOUBTS = 2
"""A message whose outcome was unknown so often is not tried again; before that none may be given up."""


@dataclass(kw_only=True)
class Verdict:
    """`given_up` are messages whose outcome was unsure twice: they are on record, and never sent a third time. One that
    was given up before is lost."""

    reminders: int
    replies: int
    lost: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    doubled_points: list[str] = field(default_factory=list)
    copies: Counter[int] = field(default_factory=Counter)
    too_many: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    buried: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def well(self) -> bool:
        """Whether nothing was lost, doubled or unexplained."""
        wrong = (self.lost, self.doubled_points, self.too_many, self.unexplained, self.buried, self.broken)
        return not any(wrong)


def judged(town: Town) -> Verdict:
    """Everything that was heard, against everything that was due."""
    calls = town.calls()
    wanted = (reminders(town), replies(town))
    verdict = Verdict(reminders=len(wanted[0]), replies=len(wanted[1]))
    verdict.faults.update(call["fault"] for call in calls if call["fault"] not in (None, "slow"))
    by_words: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
    for call in heard(calls):
        by_words[call["chat"], call["params"]["text"]].append(call)
    doubts = doubtful(calls)
    unsure = _unsure(town)
    keys = {chat: f"g{n}" for n, chat in enumerate(town.cast.chats)}
    for chat, text in sorted(wanted[0] | wanted[1]):
        found = by_words.get((chat, text), [])
        verdict.copies[len(found)] += 1
        if not found:
            doubted = doubts[chat, text] + town.began[keys[chat], text] >= MOST_DOUBTS
            given_up = doubted and (keys[chat], text) in unsure
            (verdict.given_up if given_up else verdict.lost).append(f"{keys[chat]}: {text}")
        if len(found) > 2:
            verdict.too_many.append(f"{keys[chat]}: {text}: {len(found)}")
        if len(found) > 1:
            excused = sum(call["fault"] in AMBIGUOUS for call in found) + town.began[keys[chat], text]
            if len(found) - 1 > excused:
                verdict.unexplained.append(f"{keys[chat]}: {text}: {[call['fault'] for call in found]}")
    verdict.doubled_points += _points(town)
    for key in keys.values():
        verdict.buried += [str(letter) for letter in town.store.dead_letters(key)]
    verdict.broken += town.broken
    return verdict


def doubtful(calls: list[dict[str, Any]]) -> Counter[tuple[int, str]]:
    """How often nobody knew what became of a message, by chat and words; kills are counted elsewhere."""
    return Counter(
        (int(call["params"]["chat_id"]), call["params"]["text"]) for call in calls if call["fault"] in DOUBTFUL
    )


def _unsure(town: Town) -> set[tuple[str, str]]:
    """Messages on record as unsure for good."""
    states = dict(books.rows(town.url, "SELECT id, state FROM outbox"))
    return {
        (f"g{n}", books.words(row))
        for n in range(len(town.cast.chats))
        for row in town.store.outbox(f"g{n}")
        if states.get(row.id) == "unsure"
    }


def _points(town: Town) -> list[str]:
    """Every sum that is not what the member's check-ins are worth."""
    wrong = []
    for n, members in enumerate(town.cast.members):
        names = {person.person: person.name for person in town.store.people(f"g{n}")}
        have: Counter[str] = Counter()
        for entry in town.store.facts(f"g{n}"):
            if entry.kind == "points":
                have[names[entry.person]] += entry.amount
        due: Counter[str] = Counter({next(iter(members)): POINTS})  # the first word, before the soak
        for r in range(town.rounds):
            due.update({list(members)[k]: POINTS for k in checkers(r)})
        wrong += [f"g{n} {name}: {have[name]}, due {due[name]}" for name in members if have[name] != due[name]]
    return wrong
