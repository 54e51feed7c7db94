"""How active a group is, and who of it: new, casual, regular, core."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from config.problems import Said
from core.turnout import MONTH, WEEK
from jobs.metrics import words
from jobs.metrics.figures import CLASSES, LEAST, Activity, Class, Metrics
from jobs.metrics.parts import NONE, Cell, Grid, Line, Note, Part, Row, Section, Voice, count, number, share
from jobs.metrics.staying import WEEKS

_Told = Callable[[Activity], str]
_Changed = Callable[[Activity, Activity], str]


def activity(now: Activity, before: Activity | None, voice: Voice) -> Section:
    """People and their messages."""
    change, moved = voice.change, voice.moved
    rows: tuple[tuple[str, Said, _Told, _Changed], ...] = (
        ("per_day", words.PER_DAY, lambda one: number(one.per_day, ",.1f"), lambda a, b: change(a.per_day, b.per_day)),
        ("week", words.WEEK, lambda one: number(one.week), lambda a, b: change(a.week, b.week)),
        ("month", words.MONTH, lambda one: number(one.month), lambda a, b: change(a.month, b.month)),
        (
            "ratio",
            words.RATIO,
            _ratio,
            lambda a, b: moved((a.month_per_day, a.month), (b.month_per_day, b.month)),
        ),
        ("there", words.THERE, _there, lambda a, b: moved((a.there, a.members), (b.there, b.members))),
        ("messages", words.MESSAGES, lambda one: number(one.messages), lambda a, b: change(a.messages, b.messages)),
        (
            "by_staff",
            words.BY_STAFF,
            lambda one: share(one.by_staff, one.messages),
            lambda a, b: moved((a.by_staff, a.messages), (b.by_staff, b.messages)),
        ),
        ("half", words.HALF, lambda one: _half(one, voice), lambda a, b: change(a.half, b.half)),
    )
    known, lately = {"week": now.week_days, "month": now.month_days}, {"week": WEEK, "month": MONTH}
    parts: list[Part] = [voice.heading()]
    for key, name, told, changed in rows:
        beneath = [voice.meaning(key)]
        if key in known and known[key] < lately[key]:
            beneath.append(voice.say(words.LATELY, days=known[key], of=lately[key]))
        parts.append(
            Row(
                name=voice.say(name),
                now=told(now),
                before=told(before) if before is not None else NONE,
                beneath=tuple(beneath),
                key=key,
                change=changed(now, before) if before is not None else "",
            )
        )
    return voice.section("activity", words.ACTIVITY, parts)


def classes(told: Metrics, days: int, voice: Voice) -> Section:
    """People by how many days they were active, and how they moved."""
    found, say = told.classes, voice.say
    if found is None:
        return voice.section("classes", words.CLASSES, [Line(text=say(words.TOO_SHORT, least=LEAST, days=days))])
    seen = any(found.now["new"] or week.joined or week.again for week in told.weeks)
    bounds = {"casual": found.regular - 1, "regular": found.core - 1}
    parts: list[Part] = [voice.heading()]
    for each in CLASSES:
        now, before = found.now[each], found.before[each] if found.before is not None else None
        meaning = say(words.MEANS[each], regular=found.regular, core=found.core, most=bounds.get(each, ""))
        unseen = (say(words.UNSEEN, weeks=WEEKS),) if each == "new" and not seen else ()
        parts.append(
            Row(
                name=say(words.CLASS[each]),
                now=number(now),
                before=number(before),
                beneath=(meaning, *unseen),
                key=each,
                change=voice.change(now, before),
            )
        )
    if seen:
        earlier = _balance(found.before) if found.before is not None else NONE
        parts.append(
            Row(
                name=say(words.BALANCE),
                now=_balance(found.now),
                before=earlier,
                beneath=(voice.meaning("balance"),),
                key="balance",
            )
        )
    if found.moved is not None:
        parts += [_moves(found.moved, voice), Note(text=say(words.MOVED_HOW))]
    return voice.section("classes", words.CLASSES, parts)


def _moves(moved: Mapping[Class, Mapping[Class, int]], voice: Voice) -> Grid:
    into: tuple[Class, ...] = (*CLASSES, "silent", "left")
    return Grid(
        title=voice.say(words.MOVED),
        columns=("", *(voice.say(words.CLASS[each]) for each in into)),
        rows=tuple(
            (Cell(text=voice.say(words.CLASS[was])), *(Cell(text=count(counts.get(each, 0))) for each in into))
            for was, counts in moved.items()
        ),
    )


def _half(one: Activity, voice: Voice) -> str:
    if one.half is None:
        return NONE
    staff = voice.say(words.OF_STAFF, count=one.half_staff) if one.half_staff else ""
    return f"{one.half:,}{staff}"


def _ratio(one: Activity) -> str:
    return NONE if one.month_per_day is None or one.month is None else share(one.month_per_day, one.month)


def _there(one: Activity) -> str:
    return NONE if one.there is None else share(one.there, one.members)


def _balance(people: Mapping[Class, int]) -> str:
    new, regulars = people["new"], people["regular"] + people["core"]
    return f"{new:,} : {regulars:,}"
