"""Gitter's tab-separated room histories."""

from __future__ import annotations

from core.events import MessagePosted
from tests.exports.reading import read

ROOM = "56120120d33f749381a847aa\tOrg/Room"


def row(second: int, user: str, id_: str, text: str) -> str:
    return f"{ROOM}\t2016-01-01T10:00:{second:02}.5Z\tid-{user}\t{user}\t{id_}\t{text}\n"


def test_newest_first_becomes_oldest_first_and_ties_keep_their_order(tmp_path):
    content = row(9, "Ann", "m4", "d") + row(5, "Ann", "m3", "c") + row(5, "bob", "m2", "b") + row(1, "bob", "m1", "a")
    name, events, skipped = read(tmp_path / "x", content)
    assert (name, skipped) == ("gitter", [])
    assert [event.id for event in events] == [f"export:gitter:m{n}" for n in (1, 2, 3, 4)]


def test_texts_span_lines_in_quotes(tmp_path):
    _, [event], _ = read(tmp_path / "x", row(1, "Ann", "m1", '"one\ntwo ""three"""'))
    assert isinstance(event, MessagePosted)
    assert event.text == 'one\ntwo "three"'


def test_mentions_carry_the_name_as_its_owner_spells_it(tmp_path):
    content = row(3, "Ann", "m2", "thanks @BOB and @stranger, not a@mail.com nor `@code`") + row(1, "Bob", "m1", "hi")
    _, events, _ = read(tmp_path / "x", content)
    assert isinstance(events[1], MessagePosted)
    assert [(who.account, who.name) for who in events[1].mentions] == [
        ("gitter:bob", "Bob"),
        ("gitter:stranger", "stranger"),
    ]


def test_what_is_quoted_names_nobody(tmp_path):
    _, [event], _ = read(tmp_path / "x", row(1, "Ann", "m1", "type “thanks @yourname” to thank @bob"))
    assert isinstance(event, MessagePosted)
    assert [who.account for who in event.mentions] == ["gitter:bob"]


def test_broken_rows_cost_themselves_only(tmp_path):
    content = (
        row(9, "Ann", "m4", '"never closed')
        + row(8, "Ann", "m3", "fine")
        + "garbage\n"
        + row(7, "Ann", "m2", "x").replace("10:00:07.5Z", "25:00:00Z")
        + row(1, "Ann", "m1", "first")
    )
    _, events, skipped = read(tmp_path / "x", content)
    assert [event.id for event in events] == ["export:gitter:m1", "export:gitter:m3"]
    assert [s.place for s in skipped] == ["line 1", "line 3", "line 4"]


def test_the_same_message_twice_has_the_same_id(tmp_path):
    _, events, _ = read(tmp_path / "x", row(2, "Ann", "m1", "a") + row(2, "Ann", "m1", "a"))
    assert len(events) == 2
    assert len({event.id for event in events}) == 1
