"""A group that looks for its ambassadors: days pass, people write and thank, and what comes of it can be read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from core.effects import Say, TellAdmins, plain
from core.engine import Engine
from core.people import Account, Actor
from core.workflow import Bound, Group
from jobs.digest.arming import arming
from tests.commands.group import ADA, BINDING, Steered
from workflows import ambassadors, identity, quiet
from workflows.ambassador_book import PATHS, Path
from workflows.ambassador_options import Ambassadors

THANKS = {
    "rules": [
        {
            "id": "thanks",
            "when": "message",
            "if": 'msg.text.startsWith("thanks")',
            "then": [{"thank": {"to": "mentioned"}}],
        }
    ]
}
KOC: dict[str, Any] = {
    "name": {"zh": "达人", "en": "Helper"},
    "discover": "member.helped_30d >= 2 && member.active_days_30d >= 3",
    "tag": "koc",
}


class Circle(Steered):
    """`circle.lives(2)` lets days pass on which the given people write."""

    def __init__(
        self,
        language: Literal["zh", "en"] = "en",
        *,
        kinds: dict[str, Any] | None = None,
        group: dict[str, Any] | None = None,
        staff: frozenset[Account] = frozenset(),
        **koc: Any,
    ) -> None:
        written = kinds if kinds is not None else {"koc": {**KOC, **koc}}
        runs = (
            Bound(ambassadors.workflow, Ambassadors.model_validate(written)),
            Bound(quiet.workflow, quiet.Reminded()),
            Bound(identity.workflow, identity.Identity()),
            BINDING,
        )
        super().__init__(language, rules_written=THANKS, with_tiers=False, also=runs, staff=staff)
        if group:
            self.becomes(replace(self.group, **group))
        self.arm()

    def becomes(self, group: Group) -> None:
        """The operator changes the group."""
        self.group = group
        self.engine = Engine(self.store, {"g": group})

    def arm(self) -> None:
        """The process starts."""
        self.run(*arming([self.group], self.at))

    def pass_(self, **span: float) -> list[str]:
        """Let time pass; what was said meanwhile."""
        self.at += timedelta(**span)
        outcome = self.engine.replay([], until=self.at)
        assert not outcome.faults, outcome.faults
        return self.told()

    def thanks(self, giver: Actor, *helpers: Actor) -> None:
        for helper in helpers:
            self.says(giver, "thanks", mentions=(helper,))

    def lives(self, days: int, *people: Actor) -> list[str]:
        """So many days, on each of which these people write."""
        said = []
        for _ in range(days):
            for who in people:
                self.says(who, "good morning")
            said += self.pass_(days=1)
        return said

    def found(self, *people: Actor) -> list[str]:
        """A week in which these people help two others; what the admins are told at its end."""
        helpers = [Actor(account=Account(f"telegram:{n}"), name=f"p{n}") for n in (50001, 50002)]
        for helper in helpers:
            self.thanks(helper, *people)
        self.told()
        return self.lives(7, *people)

    def asked(self, who: Actor) -> None:
        """Found, and asked by Ada."""
        self.found(who)
        self.presses(ADA, f"ambassador:do:invite:koc:{who.account}")

    def joined(self, who: Actor) -> None:
        """Found, asked, and said yes."""
        self.asked(who)
        self.presses(who, "ambassador:say:yes:koc")
        self.told()

    def choices(self) -> list[tuple[str, list[str]]]:
        """What was asked since the last asking, with the buttons' data."""
        return [
            (plain(effect.words), [choice.data for choice in effect.choices])
            for effect in self.effects()
            if isinstance(effect, Say | TellAdmins) and effect.choices
        ]

    def path(self, who: Actor, kind: str = "koc") -> Path | None:
        person = self.store._accounts[who.account][0]
        for member, paths in self.store.every_record("g", PATHS):
            if member.person == person:
                found: Path | None = paths.of.get(kind)
                return found
        return None

    def stage(self, who: Actor, kind: str = "koc") -> str | None:
        path = self.path(who, kind)
        return path.stage if path is not None else None

    def tags(self, who: Actor) -> frozenset[str]:
        with self.store.unit() as unit:
            return unit.find("g", (who.account,))[who.account].tags

    def reasons(self) -> list[str]:
        return [because for row in self.store.audit("g") for because in row.because]
