"""What comes of answers: the sums that are told, and of whom they may be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil, floor, hypot, sqrt
from typing import Final, NamedTuple

from workflows.survey_book import Given

NEW, SETTLED, OLD = "new", "settled", "old"
TENURES: Final = (NEW, SETTLED, OLD)
"""Under 30 days in the group, under half a year, longer."""
_NEW_UNTIL: Final = 30
_SETTLED_UNTIL: Final = 180
_NINETEEN_IN_TWENTY: Final = 1.96


class Score(NamedTuple):
    """A net promoter score: those who answered 9 or 10, 7 or 8, and 0 to 6; `score` is the first share less the last,
    in whole percent."""

    promoters: int
    passives: int
    detractors: int
    score: int


def counts_of(given: Iterable[Given], answers: int) -> tuple[int, ...]:
    """How many gave each answer."""
    found = Counter(one.n for one in given)
    return tuple(found[n] for n in range(answers))


def nps(counts: Sequence[int]) -> Score:
    """The score of eleven counts, of which some are not 0."""
    detractors, passives, promoters = sum(counts[:7]), sum(counts[7:9]), sum(counts[9:])
    return Score(promoters, passives, detractors, rounded(100 * (promoters - detractors), sum(counts)))


def margin(score: Score, could: int) -> int:
    """How far a score may lie from that of all who could answer, 19 times in 20, had those who did been drawn by lot.

    One answer of each side is added, so that a few answers that agree are not taken for certain.
    """
    answered = score.promoters + score.passives + score.detractors
    if answered >= could:
        return 0
    counted = answered + 3
    promoters, detractors = (score.promoters + 1) / counted, (score.detractors + 1) / counted
    spread = promoters + detractors - (promoters - detractors) ** 2
    return ceil(_NINETEEN_IN_TWENTY * 100 * sqrt(spread / counted * (could - answered) / (could - 1)))


def may_be_chance(one: tuple[Score, int], other: tuple[Score, int]) -> bool:
    """Whether two scores, each with how many could have answered, lie no farther apart than both margins allow."""
    apart = abs(one[0].score - other[0].score)
    return 0 < apart <= hypot(margin(*one), margin(*other))


def mean_tenths(counts: Sequence[int], scores: Sequence[int]) -> int:
    """The mean of scores, in tenths."""
    return rounded(10 * sum(n * score for n, score in zip(counts, scores, strict=True)), sum(counts))


def median_halves(counts: Sequence[int], scores: Sequence[int]) -> int:
    """Twice the median of scores: of an even number of them it lies halfway between the two in the middle."""
    every = [score for n, score in zip(counts, scores, strict=True) for _ in range(n)]
    return every[(len(every) - 1) // 2] + every[len(every) // 2]


def rounded(part: int, whole: int) -> int:
    """A fraction as a whole number, halves away from 0."""
    sign = -1 if part < 0 else 1
    return sign * ((2 * abs(part) + whole) // (2 * whole))


def percent(part: float, whole: int) -> str:
    """A share in whole percent, halves up, as a text without the sign. What is more than nothing is never told as
    nothing, nor what is less than everything as everything: `<1`, `>99`."""
    told = floor(100 * part / whole + 0.5)
    if told == 0 and part > 0:
        return "<1"
    return ">99" if told == 100 and part < whole else f"{told}"


def tenure(days: int) -> str:
    """The class of how long somebody has been in the group."""
    return NEW if days < _NEW_UNTIL else SETTLED if days < _SETTLED_UNTIL else OLD


def split(
    given: Sequence[Given], by: Callable[[Given], str], order: Sequence[str], least: int
) -> Mapping[str, Sequence[Given]] | None:
    """The answers by class, in an order. None if there is one class, or some class has so few that its answers could be
    worked out."""
    classes: dict[str, list[Given]] = {}
    for one in given:
        classes.setdefault(by(one), []).append(one)
    if len(classes) < 2 or any(len(each) < least for each in classes.values()):
        return None
    known = {name: at for at, name in enumerate(order)}
    return {name: classes[name] for name in sorted(classes, key=lambda name: (known.get(name, -1), name))}
