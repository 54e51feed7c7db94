"""What each survey came to when it was last told: sums, and nothing of fewer answers than it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.reckoning import Reckoning
from core.workflow import Group
from workflows.survey_book import RESULTS, Result, Results
from workflows.survey_options import Survey, Surveys
from workflows.survey_results import margin, mean_tenths, nps
from workflows.survey_words import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What a survey came to that was asked on a day, and told on one.

    `counts` tells how many gave each answer, in the order of the answers; `could` is how many could have answered,
    those who did among them. `nps` is in whole points, from -100 to 100; `mean` is of a scale, to one
    decimal. `margin` is in points of the score, either way.
    """

    asked: date
    told: date
    answered: int
    could: int
    counts: Mapping[str, int]
    nps: int | None = None
    promoters: int | None = None
    passives: int | None = None
    detractors: int | None = None
    margin: int | None = None
    mean: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """A survey that the group has, and what it last came to; None if nothing was told of it as it is now."""

    survey: str
    kind: Literal["nps", "scale", "choices"]
    question: str
    least: int
    came: Came | None


def inquiries_of(group: Group, reckoning: Reckoning, language: str) -> tuple[Inquiry, ...]:
    """The surveys of a group in the order of its file, as of now."""
    options = group.options(Surveys)
    held = options.held_in(group) if options is not None else {}
    if not held:
        return ()
    results = reckoning.record(group.key, RESULTS) or Results()
    return tuple(
        Inquiry(
            survey=id_,
            kind=survey.kind,
            question=Voice(group, language, id_, survey).title,
            least=survey.least,
            came=_came(survey, results.of.get(id_), language),
        )
        for id_, survey in held.items()
    )


def _came(survey: Survey, result: Result | None, language: str) -> Came | None:
    """None, too, of what was asked before its answers were changed, or told while fewer answers were enough."""
    if result is None or result.shape != survey.shape or sum(result.counts) < survey.least:
        return None
    counts = result.counts
    score = nps(counts) if survey.kind == "nps" else None
    return Came(
        asked=result.day,
        told=result.told,
        answered=sum(counts),
        could=result.could,
        counts={survey.label(n, language): count for n, count in enumerate(counts)},
        nps=score.score if score is not None else None,
        promoters=score.promoters if score is not None else None,
        passives=score.passives if score is not None else None,
        detractors=score.detractors if score is not None else None,
        margin=margin(score, result.could) if score is not None else None,
        mean=mean_tenths(counts, survey.scores) / 10 if survey.kind == "scale" else None,
    )
