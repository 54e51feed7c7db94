"""Words of challenges that mean more than one thing: one message would count, or be answered, twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

from config.chapter import Chapter
from config.places import Step
from config.problems import Problems, said
from workflows.check_in_options import Challenge, CheckIns
from workflows.command_list import ALL
from workflows.event_options import Events
from workflows.events import NAME as EVENTS
from workflows.faq_options import Faq
from workflows.folding import normalized
from workflows.options import ClockWindow


def consider(chapter: Chapter, problems: Problems) -> None:
    """Refuse a word by which one message checks in to two challenges, and warn of those that do something beside."""
    check_ins, faq = chapter.options.get("check_in"), chapter.options.get("faq")
    if not isinstance(check_ins, CheckIns):
        return
    for (one, first), (other, second) in combinations(check_ins.items(), 2):
        cohorts = _only_signed_up(first, second)
        together = _of_both(_sign_up(first), _sign_up(second)) if cohorts else None
        same = _of_both(first.keywords, second.keywords) if _at_once(first, second) else None
        if same is not None and (together is not None or not cohorts):
            path: tuple[Step, ...] = ("check_ins", other, "keywords", same)
            chapter.tell(problems, "problem", path, _BOTH.filled(word=second.keywords[same], one=one))
        elif together is not None:
            path = ("check_ins", other, "join", "keyword", together)
            word = _sign_up(second)[together]
            chapter.tell(problems, "warning", path, _TOGETHER.filled(word=word, one=one, other=other))
    events = chapter.options.get("events")
    if isinstance(events, Events) and events.root:
        _beside_events(chapter, check_ins, next(iter(events.root)), problems)
    if isinstance(faq, Faq):
        _beside_answers(chapter, check_ins, faq, problems)


def _beside_events(chapter: Chapter, check_ins: CheckIns, event: str, problems: Problems) -> None:
    """A word that signs up for a challenge and takes a seat in an event, where one is open."""
    (seat,) = (command for command in ALL if command.workflow == EVENTS and command.name == "join")
    seated = {normalized(word) for word in seat.words}
    for id_, challenge in check_ins.items():
        words = _sign_up(challenge)
        both = next((n for n, word in enumerate(words) if normalized(word) in seated), None)
        if both is not None:
            path: tuple[Step, ...] = ("check_ins", id_, "join", "keyword", both)
            chapter.tell(problems, "warning", path, _SEATED.filled(word=words[both], event=event))


def _beside_answers(chapter: Chapter, check_ins: CheckIns, faq: Faq, problems: Problems) -> None:
    """A question that is asked by the very word that checks in, or is said with it each day."""
    booked = {normalized(word): id_ for id_, challenge in check_ins.items() for word in _booked(challenge)}
    for id_, one in faq.items():
        for n, word in enumerate(one.ask):
            if normalized(word) in booked:
                challenge = booked[normalized(word)]
                path = ("faq", id_, "ask", n)
                chapter.tell(problems, "warning", path, _ANSWERED.filled(word=word, one=challenge))


def _booked(challenge: Challenge) -> Iterator[str]:
    yield from challenge.keywords
    for part in (challenge.late, challenge.leave, challenge.join):
        yield from part.keyword if part is not None else ()


def _only_signed_up(first: Challenge, second: Challenge) -> bool:
    """Whether both are for those alone who signed up: a shared word then reaches the one that somebody is in."""
    return all(each.join is not None and each.join.required for each in (first, second))


def _sign_up(challenge: Challenge) -> tuple[str, ...]:
    return tuple(challenge.join.keyword) if challenge.join is not None else ()


def _of_both(first: Iterable[str], second: Iterable[str]) -> int | None:
    """The position of the second's first word that is one of the first's, too."""
    known = {normalized(word) for word in first}
    return next((n for n, word in enumerate(second) if normalized(word) in known), None)


def _at_once(first: Challenge, second: Challenge) -> bool:
    """Whether two challenges are ever open in the same minute."""
    if not first.days & second.days:
        return False
    for one, other in ((first, second), (second, first)):
        last = one.calendar.last
        if last is not None and other.starts is not None and last < other.starts:
            return False
    return _overlap(first.window, second.window)


def _overlap(one: ClockWindow | None, other: ClockWindow | None) -> bool:
    return one is None or other is None or one.holds(other.start) or other.holds(one.start)


_BOTH: Final = said(
    "`{word}` checks in to `{one}` at the same hours, so one message counts for both; give each its own, or let both "
    "be for those who signed up: `join: {{required: true, keyword: ...}}` with a word of its own each",
    "`{word}` 同时也是 `{one}` 的打卡词，一条消息会在两个项目里都算打卡；请各用各的词，"
    "或者两个都只给报了名的人：`join: {{required: true, keyword: ...}}`，报名词各不相同",
)
_TOGETHER: Final = said(
    "`{word}` signs up for `{one}` and for `{other}` at once; give each a word of its own",
    "说一次 `{word}`，`{one}` 和 `{other}` 就都报上名了；请各用各的词",
)
_ANSWERED: Final = said(
    "`{word}` is what members write for `{one}`: each time this answer would come, too; ask for it by other words",
    "`{word}` 是成员为 `{one}` 说的词，每次都会多出这条回答；请换别的问法",
)
_SEATED: Final = said(
    "`{word}` takes a seat in an event, too, while one can be joined (`{event}`); give the challenge words of its own, "
    "like `join camp`",
    "活动能报名的时候（`{event}`），`{word}` 也会报上活动；请给打卡项目换自己的词，例如 `报名打卡营`",
)
