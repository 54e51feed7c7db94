"""Whatever is done about ambassadors, in whatever order, and heard twice: nobody is asked who should not be."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from core.effects import Say
from core.events import ButtonPressed, Event, MemberJoined
from tests.commands.group import ADA, ANA, BEN
from tests.workflows.ambassador_circle import Circle

_HALF_A_YEAR = timedelta(days=180)
_PEOPLE = some.sampled_from((ANA, BEN))
_STEPS = some.one_of(
    some.tuples(some.sampled_from(("invite", "later", "never")), _PEOPLE),
    some.tuples(some.sampled_from(("yes", "no", "step down", "/optout", "/optin", "leave", "join", "end")), _PEOPLE),
    some.tuples(some.sampled_from(("undo", "undo", "live", "wait", "long")), _PEOPLE),
)


class Twice(Circle):
    """Each event is heard twice."""

    def run(self, *events: Event) -> None:
        super().run(*events)
        super().run(*events)


@settings(max_examples=40, deadline=None)
@given(some.lists(_STEPS, max_size=25))
def test_nobody_is_asked_who_said_no_or_shall_never_be_asked(steps):
    circle = Twice(discover="member.active_days_30d >= 2")
    for what, who in steps:
        before = circle.path(who)
        circle.effects()
        match what:
            case "invite" | "later" | "never":
                circle.presses(ADA, f"ambassador:do:{what}:koc:{who.account}")
            case "yes" | "no":
                circle.presses(who, f"ambassador:say:{what}:koc")
            case "leave":
                circle.leaves(who)
            case "join":
                circle.run(MemberJoined(id=circle.id(), at=circle.at, group="g", actor=who))
            case "end" | "undo":
                circle.says(ADA, f"/{'undo' if what == 'undo' else 'ambassador end'} {who.account}")
            case "live":
                circle.says(who, "good morning")
                circle.lives(2, who)
            case "wait":
                circle.pass_(days=15)
            case "long":
                circle.pass_(days=181)
            case _:
                circle.says(who, what)
        after = circle.path(who)
        asked = [one for one in circle.effects() if isinstance(one, Say) and one.choices and one.to == who.account]
        if asked:
            assert what == "invite"
            assert len(asked) == 1
            assert before is None or before.stage != "never"
            if before is not None and before.stage in ("declined", "ended"):
                assert circle.at - before.at >= _HALF_A_YEAR
        if before is not None and before.stage == "never" and (after is None or after.stage != "never"):
            assert what == "undo"
        for one in (ANA, BEN):
            assert circle.tags(one) == (frozenset({"koc"}) if circle.stage(one) == "active" else frozenset())


def test_a_press_that_is_heard_twice_is_one():
    circle = Circle()
    circle.asked(ANA)
    circle.told()
    pressed = ButtonPressed(
        id="telegram:1:yes", at=circle.at, group="g", actor=ANA, data="ambassador:say:yes:koc", message="77"
    )
    circle.run(pressed)
    circle.run(pressed)
    assert len(circle.told()) == 2
