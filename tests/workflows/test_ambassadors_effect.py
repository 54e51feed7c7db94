"""What ambassadors did since they are, beside as many days before; nothing is claimed of causes."""

from __future__ import annotations

from tests.commands.group import ADA, ANA, BEN, CLEO, MIA
from tests.stores.people import fact, posted
from tests.workflows.ambassador_circle import Circle
from workflows.facts import INVITE_COUNTED

NO_PROOF = "At most 60 days on each side are compared. That one came after the other is no proof that it came of it."


def listed(circle: Circle) -> list[str]:
    circle.told()
    circle.says(MIA, "/ambassadors")
    [words] = circle.told()
    return words.split("\n")


def test_days_and_messages_since_are_set_beside_as_many_before():
    circle = Circle()
    circle.joined(ANA)  # who wrote on seven days before, once a day
    for _ in range(3):
        circle.says(ANA, "good morning")
        circle.says(ANA, "and a good day")
        circle.pass_(days=1)
    assert listed(circle) == [
        "🌟 Helper: 1",
        "· Ana, since 2026-03-09. Since then: 0 tasks done, 0 people helped, 0 invited; "
        "active on 2 of 2 days (2 of the 2 before), 4 messages (2 before)",
        NO_PROOF,
    ]


def test_different_people_are_counted_and_tasks_from_the_yes_on():
    circle = Circle(tasks={"share": {"say": "#share", "times": 5, "min_chars": 0, "cooldown": "1m"}})
    circle.joined(ANA)
    for giver in (BEN, BEN, CLEO):
        circle.thanks(giver, ANA)
    for n in range(3):
        circle.says(ANA, f"#share {n}", seconds=90)
    [_, ana] = listed(circle)
    assert "Since then: 3 tasks done, 2 people helped, 0 invited" in ana


def test_whoever_counted_before_is_not_taken_off_what_came_since():
    circle = Circle()
    circle.joined(ANA)
    circle.pass_(days=1)
    [person] = [member.person for member in circle.store.people("g") if member.account == ANA.account]
    posted(circle.store, fact(person, "left", -1, kind=INVITE_COUNTED, at=circle.at))
    assert "0 people helped, 0 invited" in listed(circle)[1]
    posted(circle.store, *(fact(person, f"new {n}", kind=INVITE_COUNTED, at=circle.at) for n in range(2)))
    assert "0 people helped, 2 invited" in listed(circle)[1]


def test_all_together_are_summed_up():
    circle = Circle()
    circle.found(ANA, BEN)
    for who in (ANA, BEN):
        circle.presses(ADA, f"ambassador:do:invite:koc:{who.account}")
        circle.presses(who, "ambassador:say:yes:koc")
    circle.lives(2, ANA, BEN)
    lines = listed(circle)
    assert (
        lines[3] == "Σ All together, summed up: active days 2 of 2 since (2 of as many before), messages 2 (2 before)"
    )


def test_who_was_not_seen_before_has_nothing_to_compare_with():
    circle = Circle()
    circle.says(ADA, f"/ambassador invite {BEN.account}")
    circle.presses(BEN, "ambassador:say:yes:koc")
    assert listed(circle) == [
        "🌟 Helper: 1",
        "· Ben, since 2026-03-02. Since then: 0 tasks done, 0 people helped, 0 invited",
    ]


def test_no_more_than_sixty_days_are_compared():
    circle = Circle(discover="member.active_days_30d >= 3", quiet_after=None)
    circle.pass_(days=100)
    circle.says(ADA, f"/ambassador invite {BEN.account}")
    circle.presses(BEN, "ambassador:say:yes:koc")
    circle.pass_(days=100)
    [_, ben, _] = listed(circle)
    assert "active on 0 of 60 days (0 of the 60 before)" in ben


def test_who_is_silent_is_told_so():
    circle = Circle(quiet_after="5d")
    circle.joined(ANA)
    circle.pass_(days=10)
    [_, ana, _] = listed(circle)
    assert ana.endswith("; silent since 2026-03-08")


def test_it_is_told_in_private_to_who_asks_in_the_group():
    circle = Circle()
    circle.joined(ANA)
    circle.says(MIA, "/ambassadors")
    [said] = circle.effects()
    assert (said.to, said.confidential) == (MIA.account, True)
