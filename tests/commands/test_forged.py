"""Buttons: whatever is sent back that we did not write, for this person, in this group, is not accepted."""

from __future__ import annotations

import random

from adapters.telegram.seal import ROOM, Seal
from tests.commands.group import ADA, ANA, BEN, Steered, button

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"


def test_of_a_hundred_thousand_forged_or_replayed_presses_none_is_accepted():
    """Guessed codes, changed data, changed choosers, other groups, other keys, other people's buttons, cut ones."""
    chance = random.Random(20260302)
    seal, other = Seal(b"k" * 32), Seal(b"o" * 32)
    data = "undo:0123456789:telegram:20002"
    theirs = seal.sealed(data, 10002, "reading")
    anybodys = seal.sealed(data, None, "reading")
    assert seal.opened(theirs, 10002, "reading") == data
    assert seal.opened(anybodys, 5, "reading") == data
    accepted = 0
    for n in range(100_000):
        user, group, kind = chance.randrange(1, 10**10), "reading", n % 8
        if kind == 0:
            made = "1." + "".join(chance.choices(DIGITS, k=12)) + data
        elif kind == 1:
            at = chance.randrange(len(anybodys))
            made = anybodys[:at] + chance.choice(DIGITS.replace(anybodys[at], "")) + anybodys[at + 1 :]
        elif kind == 2:
            made = theirs  # another one presses
            user = user if user != 10002 else 1
        elif kind == 3:
            made, group = anybodys, f"g{chance.randrange(10**6)}"
        elif kind == 4:
            made = other.sealed(data, None, group)
        elif kind == 5:
            made = anybodys[: chance.randrange(len(anybodys))]
        elif kind == 6:
            made = "1" + "".join(chance.choices(DIGITS, k=3)) + "." + theirs.partition(".")[2]
            user = 10002
        else:
            made = "".join(chance.choices(DIGITS + ".:@~#^", k=chance.randrange(ROOM)))
        accepted += seal.opened(made, user, group) is not None
    assert accepted == 0


def test_a_thousand_replayed_presses_change_nothing_more():
    group = Steered()
    group.says(ADA, "/points @ben +5")
    data = button(group.effects())
    for _ in range(1000):
        group.presses(ADA, data, seconds=0.01)
    assert group.ledger("points") == 0


def test_data_of_our_shape_about_nothing_of_ours_does_nothing():
    group = Steered()
    for data in (
        "undo:",
        "undo:x",
        "undo:x:",
        "undo:0123456789:telegram:20002",
        "undo:0:telegram:5",
        "confirm:",
        "confirm:x",
    ):
        group.presses(ADA, data)
        group.presses(ANA, data)
    assert set(group.kinds()) <= {"Say"}
    assert BEN.account
