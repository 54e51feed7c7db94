"""The neutral form says everything that an event can say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapters.exports import neutral
from adapters.exports.history import micros, sane
from core import events as e
from core.people import Account, Actor, ActorKind
from tests.exports.reading import read

AT = datetime(2026, 3, 1, 8, 0, 0, 123_000, UTC)
WHO = Actor(account=Account("telegram:1"), name="小王", username="wang", language="zh-hans", admin=True)
BOT = Actor(account=Account("wechat:b"), name="Bot", kind=ActorKind.BOT)
BARE = Actor(account=Account("telegram:2"))


def every_event() -> list[e.Event]:
    common = {"at": AT, "group": "g"}
    content = {
        "text": "看 https://a.example\n二",
        "kind": "photo",
        "mentions": (BOT, BARE),
        "links": ("https://a.example",),
        "reply_to": e.Reply(message="0", author=WHO),
        "forwarded": True,
        "topic": "t",
    }
    made: list[e.Event] = [
        e.MessagePosted(id="1", actor=WHO, message="m", album="a", quoted="引", private=True, **content, **common),  # type: ignore[arg-type]
        e.MessagePosted(id="2", actor=BARE, message="m2", **common),  # type: ignore[arg-type]
        e.MessageEdited(id="3", actor=WHO, message="m", posted=AT - timedelta(hours=1), **content, **common),  # type: ignore[arg-type]
        e.MessageDeleted(id="4", message="m", actor=WHO, **common),  # type: ignore[arg-type]
        e.MemberJoined(id="5", actor=WHO, by=BOT, added_by_admin=True, invite="x", **common),  # type: ignore[arg-type]
        e.MemberLeft(id="6", actor=WHO, by=BARE, **common),  # type: ignore[arg-type]
        e.MemberUnmuted(id="15", actor=WHO, by=BARE, **common),  # type: ignore[arg-type]
        e.MemberRenamed(id="7", actor=WHO, was=Account("irc:old"), **common),  # type: ignore[arg-type]
        e.JoinRequested(id="8", actor=WHO, invite="x", words="please", **common),  # type: ignore[arg-type]
        e.ButtonPressed(id="9", actor=WHO, data="d", message="m", topic="7", **common),  # type: ignore[arg-type]
        e.ReactionChanged(id="10", actor=WHO, message="m", emoji=("👍",), author=BARE, **common),  # type: ignore[arg-type]
        e.ReactionChanged(id="11", actor=WHO, message="m", **common),  # type: ignore[arg-type]
        e.GroupMoved(id="12", platform="telegram", old="-1", new="-1001", **common),  # type: ignore[arg-type]
        e.BotStanding(id="13", platform="telegram", present=False, abilities=frozenset("ba"), title="群", **common),  # type: ignore[arg-type]
        e.Instructed(id="14", actor=WHO, workflow="w", verb="v", target=BARE, arguments={"n": 1}, reason="r", **common),  # type: ignore[arg-type]
    ]
    return made


def test_every_event_survives_being_written_and_read(tmp_path):
    made = every_event()
    assert {type(event) for event in made} == set(neutral.KINDS.values())
    content = neutral.HEADER + b"".join(neutral.line(event) for event in made)
    name, events, skipped = read(tmp_path / "x", content)
    assert (name, skipped) == ("yaji", [])
    assert events == made


def test_what_the_engine_makes_itself_is_no_history():
    due = e.TimerDue(id="t", at=AT, group="g", workflow="w", key="k", due=AT)
    with pytest.raises(ValueError, match="TimerDue is made by the engine"):
        neutral.line(due)


def test_a_file_without_a_header_and_with_bare_accounts_is_read_by_time(tmp_path):
    content = (
        '{"event":"joined","at":"2026-03-01T09:00:00+08:00","from":"telegram:1"}\n'
        '{"event":"message","at":"2026-03-01T00:30:00Z","from":{"account":"telegram:1","name":"A"},"message":"5","text":"hi"}\n'
    )
    _, events, skipped = read(tmp_path / "x", content)
    assert skipped == []
    assert [event.id for event in events] == ["export:yaji:message:5", "export:yaji:joined:1"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"event":"message","at":"2026-03-01T00:00:00","from":"telegram:1","message":"1"}', "names no zone"),
        ('{"event":"message","at":"2026-03-01T00:00:00Z","message":"1"}', "an event 'message' needs 'from'"),
        ('{"event":"message","at":"2026-03-01T00:00:00Z","from":"wang","message":"1"}', "'wang' is no account"),
        ('{"event":"left","at":"2026-03-01T00:00:00Z","from":"a:1","text":"x"}', "an event 'left' has no text"),
        ('{"event":"exploded","at":"2026-03-01T00:00:00Z"}', "unknown event 'exploded'"),
        ('{"event":"message","at":"2026-03-01T00:00:00Z","form":"a:1"}', "unknown field"),
        ('{"event":"message"', "not JSON: the line is cut off"),
        ("hello", "not JSON"),
        ('{"event" "message"}', "not JSON"),
        ('{"event":"message","at":"0001-01-01T00:00:00+14:00","from":"a:1","message":"1"}', "1990 to 2100"),
        ('{"event":"message","at":"9999-12-31T23:59:59-14:00","from":"a:1","message":"1"}', "1990 to 2100"),
        ('{"event":"message","at":"1989-12-31T23:59:59Z","from":"a:1","message":"1"}', "1990 to 2100"),
        (
            '{"event":"edited","at":"2026-03-01T00:00:00Z","posted":"0001-01-01T00:00:00+14:00","from":"a:1","message":"1"}',
            "out of range",
        ),
        (
            '{"event":"message","at":"2026-03-01 00:00","from":"a:1","message":"1"}',
            "`at` is no time; write it like 2026-03-01T08:00:00+08:00",
        ),
        (
            '{"event":"message","at":"2026-03-01T00:00:00Z","from":"a:1","message":1}',
            "`message` is a number; write a text in quotes",
        ),
        (
            '{"event":"message","at":"2026-03-01T00:00:00Z","from":"a:1","message":"1","mentions":"b:1"}',
            "`mentions` is a text in quotes; write a list",
        ),
        (
            '{"event":"message","at":"2026-03-01T00:00:00Z","from":"a:1","message":"1","mentions":[{"acount":"b:1"}]}',
            "unknown field `acount` in `mentions` (did you mean `account`?)",
        ),
        (
            '{"event":"message","at":"2026-03-01T00:00:00Z","from":"a:1","message":"1","txt":"x"}',
            "unknown field `txt` (did you mean `text`?)",
        ),
        (
            '{"event":"message","at":"2026-03-01T00:00:00Z","from":{"acount":"a:1"},"message":"1"}',
            "unknown field `acount` in `from` (did you mean `account`?)",
        ),
        (
            '{"event":"message","at":"2026-03-01T00:00:00Z","from":{"name":"A"},"message":"1"}',
            "`from.account` is missing",
        ),
        ('{"event":"message","from":"a:1","message":"1"}', "`at` is missing"),
        (
            '{"event":"message","at":"2026-03-01T00:00:00Z","from":"a:1","message":"1","kind":"image"}',
            "`kind` is never 'image' (did you mean 'photo'?)",
        ),
        (
            '{"event":"message","at":"2026-03-01T00:00:00Z","from":"a:1","message":"1","kind":"hologram"}',
            "`kind` is never 'hologram'; it can be text, photo, ",
        ),
        (
            '{"event":"mesage","at":"2026-03-01T00:00:00Z","from":"a:1"}',
            "unknown event 'mesage' (did you mean `message`?)",
        ),
        (
            '{"event"："message"，"at":"2026-03-01T00:00:00Z"}',
            "not JSON: commas, colons, quotes and brackets have to be plain ones",
        ),
    ],
    ids=[
        "zone",
        "author",
        "account",
        "field of another event",
        "event",
        "typo",
        "cut",
        "prose",
        "malformed",
        "year 1",
        "year 9999",
        "year 1989",
        "posted in year 1",
        "no time",
        "a number for a text",
        "a text for a list",
        "a typo in a list",
        "a typo with a guess",
        "a typo in an account",
        "no account",
        "no time at all",
        "a kind by another name",
        "no such kind",
        "an event with a slip",
        "wide signs",
    ],
)
def test_a_broken_line_says_what_is_wrong(tmp_path, line, why):
    good = neutral.line(every_event()[0])
    _, events, skipped = read(tmp_path / "x", neutral.HEADER + good + line.encode() + b"\n" + good)
    assert len(events) == 2
    assert [s.place for s in skipped] == ["line 3"]
    assert why in skipped[0].why
    assert "malformed" not in skipped[0].why


def test_the_first_and_the_last_moment_of_a_history_are_exact():
    assert sane(micros(datetime(1990, 1, 1, tzinfo=UTC))) == 631_152_000_000_000
    with pytest.raises(ValueError, match="1990 to 2100"):
        micros(datetime(2101, 1, 1, tzinfo=UTC))
