"""The numbers of a period worked out the long way, from lives: what `jobs.metrics.figures` has to come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from core.state import POINTS, WARNING
from jobs.metrics.days import Day
from jobs.metrics.figures import CLASSES, Activity, Class, Classes
from jobs.metrics.totals import Flow, Goal, Invitations, Totals
from jobs.metrics.weeks import Week
from tests.metrics.history import BERLIN, TIERS, Life
from workflows.referral_book import COUNTED, INVITED, MADE

DAY = timedelta(days=1)
FROM: tuple[Class, ...] = (*CLASSES, "silent")


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BERLIN).astimezone(UTC)


def span(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def there(life: Life, last: date) -> bool:
    end = midnight(last + DAY)
    return life.seen < end and not (life.left is not None and life.left < end)


def first_join(life: Life) -> date | None:
    """The local day of it; None if it is not known."""
    return life.first.astimezone(BERLIN).date() if life.first is not None else None


def activity(lives: Iterable[Life], first: date, last: date, *, before: bool = False) -> Activity:
    lives = list(lives)
    people = [life for life in lives if not life.staff]
    days, since = span(first, last), min(day for life in lives for day in life.active)
    lately = [[day for day in span(last - n * DAY, last) if day >= since] for n in (6, 29)]
    whole = [not before or len(each) == n for each, n in zip(lately, (7, 30), strict=True)]
    month = [life for life in people if life.active & set(span(last - 29 * DAY, last))]
    wrote = sorted(((sum(life.wrote[day] for day in days), not life.staff) for life in lives), reverse=True)
    total, taken, half = sum(count for count, _ in wrote), 0, list[bool]()
    for count, member in wrote:
        if taken * 2 < total:
            taken += count
            half.append(member)
    return Activity(
        days=len(days),
        per_day=sum(sum(day in life.active for life in people) for day in days) / len(days),
        week=sum(bool(life.active & set(span(last - 6 * DAY, last))) for life in people) if whole[0] else None,
        week_days=len(lately[0]),
        month=len(month) if whole[1] else None,
        month_days=len(lately[1]),
        month_per_day=sum(len(life.active & set(lately[1])) for life in people) / len(lately[1]) if whole[1] else None,
        there=sum(there(life, last) for life in month) if whole[1] else None,
        members=sum(there(life, last) for life in people),
        staff=sum(there(life, last) for life in lives if life.staff),
        messages=total,
        by_staff=sum(count for count, member in wrote if not member),
        half=len(half) if total else None,
        half_staff=half.count(False) if total else None,
    )


def class_of(life: Life, first: date, last: date) -> Class:
    active, days = len(life.active & set(span(first, last))), len(span(first, last))
    if not active:
        return "silent" if there(life, last) else "left"
    joined = first_join(life)
    if joined is not None and first <= joined <= last:
        return "new"
    if active * 2 >= days:
        return "core"
    return "regular" if active * 7 >= days else "casual"


def classes(lives: Iterable[Life], first: date, last: date) -> Classes:
    length = len(span(first, last))
    moves: Counter[tuple[Class, Class]] = Counter()
    for life in lives:
        was, now = class_of(life, first - length * DAY, first - DAY), class_of(life, first, last)
        was = "silent" if was == "left" else was
        if not life.staff and (was in CLASSES or now in CLASSES):
            moves[was, now] += 1
    return Classes(
        regular=next(n for n in range(1, 400) if n * 7 >= length),
        core=next(n for n in range(1, 400) if n * 2 >= length),
        now={each: sum(count for (_, now), count in moves.items() if now == each) for each in CLASSES},
        before={each: sum(count for (was, _), count in moves.items() if was == each) for each in CLASSES},
        moved={each: {now: count for (before, now), count in moves.items() if before == each} for each in FROM},
    )


def daily(lives: Iterable[Life], first: date, last: date) -> list[Day]:
    lives = list(lives)
    return [
        Day(
            day=day,
            active=sum(day in life.active and not life.staff for life in lives),
            messages=sum(life.wrote[day] for life in lives),
        )
        for day in span(first, last)
    ]


def weeks(lives: Iterable[Life], last: date) -> list[Week]:
    """The twelve weeks from Monday to Sunday that are over by a day."""
    monday = next(day for day in (last - n * DAY for n in range(6, 14)) if day.weekday() == 0)
    return [week(lives, monday - n * 7 * DAY, last) for n in range(11, -1, -1)]


def week(lives: Iterable[Life], monday: date, known_to: date) -> Week:
    people = [life for life in lives if not life.staff]
    days = span(monday, monday + 6 * DAY)
    came = [(life, joined) for life in people if (joined := first_join(life)) in days and joined is not None]
    again = [
        life.joined
        for life in people
        if life.joined is not None and life.joined != life.first and life.joined.astimezone(BERLIN).date() in days
    ]

    def active(from_: int, to: int) -> int | None:
        if days[-1] + to * DAY > known_to:
            return None
        return sum(bool(life.active & set(span(joined + from_ * DAY, joined + to * DAY))) for life, joined in came)

    def within(length: int, count: int) -> int | None:
        return count if days[-1] + (length - 1) * DAY <= known_to else None

    def checked(life: Life, joined: date, length: int) -> int:
        return sum(life.checked[day] > 0 for day in span(joined, joined + (length - 1) * DAY))

    def told(kind: str) -> list[int]:
        """What each of them came to of a kind in their first thirty days, and has still."""
        found = []
        for life, joined in came:
            until = min(joined + 30 * DAY, known_to + DAY)
            facts = [
                (at, amount) for at, what, _, amount in life.facts if what == kind and at < midnight(known_to + DAY)
            ]
            early = [amount for at, amount in facts if at < midnight(until)]
            found.append(min(sum(early), sum(amount for _, amount in facts)) if early else 0)
        return found

    return Week(
        first=days[0],
        last=days[-1],
        joined=len(came),
        started=active(0, 6),
        returned=active(7, 13),
        remained=active(30, 36),
        left=sum(life.left is not None and life.left < midnight(known_to + DAY) for life, _ in came),
        again=len(again),
        begun=sum(life.stage in ("steps", "done", "gave_up") for life, _ in came),
        completed=sum(life.stage == "done" for life, _ in came),
        soon=within(7, sum(checked(life, joined, 7) > 0 for life, joined in came)),
        often=within(30, sum(checked(life, joined, 30) >= 7 for life, joined in came)),
        made=within(30, sum(links > 0 for links in told(MADE))),
        brought=within(30, sum(told(INVITED))),
        counted=within(30, sum(told(COUNTED))),
        converted={
            "trial": within(30, 0),
            "order": within(30, sum(orders > 0 for orders in told("conversion:order"))),
        },
    )


def totals(lives: Iterable[Life], first: date, last: date) -> Totals:
    lives, length = list(lives), len(span(first, last))
    facts = [fact for life in lives for fact in life.facts]

    def of(kind: str, first: date, last: date) -> list[tuple[str, int]]:
        begins, ends = midnight(first), midnight(last + DAY)
        return [(rule, amount) for at, what, rule, amount in facts if what == kind and begins <= at < ends]

    def checked(first: date, last: date) -> int:
        people = [life for life in lives if not life.staff]
        return sum(life.checked[day] > 0 for life in people for day in span(first, last))

    def worth(kind: str, sign: int, *days: date) -> int:
        return sum(abs(amount) for _, amount in of(kind, *days) if amount * sign > 0)

    def invitations(*days: date) -> Invitations:
        made, joined, came = (worth(kind, 1, *days) for kind in (MADE, INVITED, COUNTED))
        return Invitations(made=made, joined=joined, came=came, taken_back=worth(COUNTED, -1, *days))

    def moved(tier: str) -> Flow:
        ladder, moves = ["", *TIERS], of("tier", first, last)
        return Flow(
            tier=tier,
            risen=sum(to == tier and steps > 0 for to, steps in moves),
            fallen=sum(to == tier and steps < 0 for to, steps in moves),
            out=sum(ladder.index(to) - steps == ladder.index(tier) for to, steps in moves),
        )

    before = first - length * DAY, first - DAY
    return Totals(
        warnings=sum(amount > 0 for _, amount in of(WARNING, first, last)),
        warnings_before=sum(amount > 0 for _, amount in of(WARNING, *before)),
        checked_in=checked(first, last),
        checked_in_before=checked(*before),
        invitations=invitations(first, last),
        invitations_before=invitations(*before),
        points_given=worth(POINTS, 1, first, last),
        points_given_before=worth(POINTS, 1, *before),
        points_taken=worth(POINTS, -1, first, last),
        points_taken_before=worth(POINTS, -1, *before),
        conversions=(
            Goal(goal="trial", counted=0, counted_before=0, taken_back=0, taken_back_before=0),
            Goal(
                goal="order",
                counted=worth("conversion:order", 1, first, last),
                counted_before=worth("conversion:order", 1, *before),
                taken_back=worth("conversion:order", -1, first, last),
                taken_back_before=worth("conversion:order", -1, *before),
            ),
        ),
        tiers=tuple(map(moved, ("", *TIERS))),
    )
