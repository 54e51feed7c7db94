"""How members are told to check in: by the group's own words, those first that are written as they speak."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Final, Literal

from core.decision import NOTHING, Decision
from core.effects import Words, plain
from core.events import MessagePosted
from core.workflow import Group
from workflows.check_in_book import Book, name_of
from workflows.check_in_options import Challenge, CheckIns, Proof
from workflows.check_in_slips import is_one_in
from workflows.streaks import DAY

UNSIGNED: Final = "not signed up"
_MOST_NAMED: Final = 12


def ways(group: Group, check_ins: CheckIns, language: str, at: datetime) -> Iterator[Words]:
    """A line for each challenge that is not over: how to check in, and how to sign up, to make up a day and to take
    leave where that can be done."""
    for id_, challenge in check_ins.items():
        today, last = group.day(at, challenge.day_start), challenge.calendar.last
        if last is not None and today > last:
            continue
        line = group.texts.say(
            "members.help_challenge", language, {"command": {"name": name_of(id_, challenge, language)}}
        )
        for key, told in _said(group, challenge, today, language):
            line += group.texts.say(f"members.help_{key}", language, {"command": told})
        yield line


def _said(group: Group, challenge: Challenge, today: date, language: str) -> Iterator[tuple[str, dict[str, str | int]]]:
    """What is told of a challenge, in its order, with what it speaks of."""
    join = challenge.join if challenge.join is not None and today <= challenge.joined_until else None
    first = challenge.calendar.first
    if join is not None and join.required:
        yield "join_first", {"word": fitting(join.keyword, language)}
    if first is not None and today < first:
        yield "starts", {"starts": first.isoformat()}
    yield "check_in", {"word": fitting(challenge.keywords, language)}
    proof = challenge.proof
    if proof is not None:
        yield f"proof_{to_show(proof)}", {"min_chars": proof.min_chars or 0, "media": media(group, proof, language)}
    if join is not None and not join.required:
        yield "join", {"word": fitting(join.keyword, language)}
    if challenge.late is not None:
        yield "late", {"word": fitting(challenge.late.keyword, language)}
    if challenge.leave is not None:
        yield "leave", {"word": fitting(challenge.leave.keyword, language)}


def to_show(proof: Proof) -> Literal["words", "media", "either"]:
    """What a check-in must show, as the keys of the sentences about it end."""
    return "media" if proof.min_chars is None else "either" if proof.or_ else "words"


def media(group: Group, proof: Proof, language: str) -> str:
    """The kinds of media that prove a check-in, as people call them: "a picture or a voice message"."""
    *most, last = [plain(group.texts.say(f"check_in.media_{kind}", language, {})) for kind in proof.or_] or [""]
    between, at_last = (", ", " or ") if language == "en" else ("、", "或")
    return f"{between.join(most)}{at_last}{last}" if most else last


def slipped(event: MessagePosted, book: Book, because: str) -> Decision:
    """What is said to who may have meant to check in, and could now."""
    if event.private or not is_one_in(event.text, book.language):
        return NOTHING
    return book.refuse("slip", because, word=fitting(book.challenge.keywords, book.language))


def to_sign_up_first(book: Book) -> Decision | None:
    """What is said to who has to sign up before taking part; None to who did, and where nobody has to."""
    join = book.challenge.join
    if join is None or not join.required or book.streak.joined is not None:
        return None
    return book.refuse("join_first", UNSIGNED, keyword=fitting(join.keyword, book.language))


def fitting(words: Iterable[str], language: str) -> str:
    """The first of some keywords that is written in the language's letters, or else the first."""
    words = tuple(words)
    return next((word for word in words if word.isascii() is (language != "zh")), words[0])


def shown_days(days: Iterable[date]) -> str:
    """Days for people: those that follow each other by the first and the last of them, and so all of very many."""
    days = sorted(days)
    if not days:
        return ""
    last = [day for day, after in pairwise(days) if after - day > DAY] + days[-1:]
    first = days[:1] + [after for day, after in pairwise(days) if after - day > DAY]
    if len(first) > _MOST_NAMED:
        first, last = days[:1], days[-1:]
    parts = zip(first, last, strict=True)
    return ", ".join(f"{a}" if a == b else f"{a} – {b}" for a, b in parts)


def open_to_newcomers(group: Group, wanted: bool | Iterable[str], at: datetime) -> Challenge | None:
    """The first of the challenges wanted, or of all, that runs and takes newcomers; None without one."""
    options = group.options(CheckIns)
    if options is None:
        return None
    known: dict[str, Challenge] = dict(options.items())
    ids = known if isinstance(wanted, bool) else [id_ for id_ in wanted if id_ in known]
    return next((known[id_] for id_ in ids if _takes_newcomers(known[id_], group, at)), None)


def _takes_newcomers(challenge: Challenge, group: Group, at: datetime) -> bool:
    today, join = group.day(at, challenge.day_start), challenge.join
    closed = join is not None and join.required and today > challenge.joined_until
    return challenge.calendar.runs_on(today) and not closed
