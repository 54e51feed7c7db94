"""How surveys are spoken of: the question with its buttons, what who answers is told, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from core.effects import ASIDE, Choice, Words, in_lines, plain
from core.workflow import Group
from workflows.event_words import when
from workflows.happened import Grouped
from workflows.plain_text import one_line
from workflows.survey_book import Given, Opened, Result
from workflows.survey_options import Survey
from workflows.survey_results import (
    TENURES,
    counts_of,
    margin,
    may_be_chance,
    mean_tenths,
    median_halves,
    nps,
    percent,
    split,
    tenure,
)
from workflows.tier_options import Tiers

PRESSED: Final = f"{ASIDE}svy:"
LONGEST_WORDS: Final = 300
"""Characters that are kept of what somebody writes in their own words."""
_LONGEST_TITLE: Final = 80
_MOST_WORDS: Final = 20


class Classes(NamedTuple):
    """The tiers of a group from the lowest, and who of each class could have answered and did not."""

    tiers: Sequence[str]
    silent: Opened


class Voice:
    """Speaks of one survey in one language."""

    def __init__(self, group: Group, language: str, id_: str, survey: Survey) -> None:
        self.group, self.language, self.id, self.survey = group, language, id_, survey

    def say(self, key: str, **more: object) -> Words:
        """A sentence about the survey."""
        told = {"id": self.id, "title": self.title, "least": self.survey.least, **more}
        return self.group.texts.say(f"surveys.{key}", self.language, {"survey": told})

    def ask(self) -> Words:
        """The question itself."""
        own = self.survey.ask
        if own is not None:
            return own.say(self.language, {"group": Grouped(self.group)})
        values = {"survey": {"group": self.group.called(self.language)}}
        return self.group.texts.say("surveys.ask_nps", self.language, values)

    @property
    def title(self) -> str:
        """The question on one line."""
        return one_line(plain(self.ask()), _LONGEST_TITLE)

    def post(self, opened: Opened, *, aloud: bool = False) -> Words:
        """What the group reads; `aloud` where an answer in it is read by all."""
        lines = [("📝 ", *self.ask())]
        if self.survey.kind != "choices":
            lines.append(self.say(f"scale_{self.survey.kind}"))
        lines.append(self.say("read_by_all" if aloud else "discreet"))
        until = self.say("until", until=when(self.group, opened.closes, self.language))
        lines.append(until if aloud else (*until, *self.say("writes")))
        return in_lines(lines)

    def choices(self, run: str) -> tuple[Choice, ...]:
        """The answers, as buttons."""
        return tuple(
            Choice(label=self.survey.label(n, self.language), data=f"{PRESSED}{self.id}:{run}:{n}")
            for n in range(self.survey.answers)
        )

    def noted(self, n: int, before: int | None, *, aloud: bool = False) -> Words:
        """What who answers is told; `aloud` if all could read the answer."""
        key = "noted" if before is None else "same" if before == n else "changed"
        thanks = self.say("points", points=self.survey.points) if before is None and self.survey.points else ()
        alone = () if aloud or key == "same" else self.say("alone")
        return (*self.say(key, answer=self.survey.label(n, self.language)), *alone, *thanks)

    def follow_up(self) -> Words:
        """The question for their own words, and what becomes of those."""
        asked = self.survey.follow_up
        assert asked is not None
        return in_lines([asked.say(self.language, {"group": Grouped(self.group)}), self.say("own_words")])

    def result(self, given: Sequence[Given], result: Result, before: Result | None, classes: Classes) -> Words:
        """What came of it, in sums; of few answers, that they are few."""
        answered = len(given)
        head = self.say("result")
        if answered < self.survey.least:
            few = self.say("too_few", answered=answered, could=result.could) if answered else self.say("nobody")
            return in_lines([head, few])
        lines = [head, *self._sums(result.counts), self._share(answered, result.could)]
        if (points := self._margin(result.counts, result.could)) > 0:
            lines.append(self.say("margin", points=points))
        if before is not None and before.shape == self.survey.shape:
            day = before.day.isoformat()
            lines.append(self.say("before", day=day, sum=self._short(before.counts), answered=sum(before.counts)))
            scores = [(nps(one.counts), one.could) for one in (result, before)] if self.survey.kind == "nps" else []
            if scores and may_be_chance(*scores):
                lines.append(self.say("by_chance"))
        by_tier = split(given, lambda one: one.tier, classes.tiers, self.survey.least)
        by_tenure = split(given, lambda one: tenure(one.days), TENURES, self.survey.least)
        lines += self._split("by_tier", by_tier, classes.silent.tiers)
        lines += self._split("by_tenure", by_tenure, classes.silent.tenures)
        return in_lines(lines)

    def brief(self, result: Result) -> Words:
        """What came of it, on one line."""
        return self.say("brief", sum=self.sum(result), answered=sum(result.counts), could=result.could)

    def sum(self, result: Result) -> str:
        """What came of it in a word, with the margin of a score."""
        return self._within(result.counts, result.could)

    def own_words(self, given: Iterable[Given]) -> list[Words]:
        """What some wrote, without their names, in the order of the alphabet: it tells nothing of who was first."""
        words = sorted(one.words for one in given if one.words)
        if not words:
            return []
        more = [self.say("words_more", count=len(words) - _MOST_WORDS)] if len(words) > _MOST_WORDS else []
        return [self.say("words", count=len(words)), *((f"· {line}",) for line in words[:_MOST_WORDS]), *more]

    def _sums(self, counts: Sequence[int]) -> list[Words]:
        total = sum(counts)
        if self.survey.kind == "nps":
            score = nps(counts)
            parts = ("promoters", "passives", "detractors")
            lines = [self._line(f"nps_{part}", n, total) for part, n in zip(parts, score[:3], strict=True)]
            return [self.say("nps", score=_signed(score.score)), *lines]
        if self.survey.kind == "scale":
            scores = self.survey.scores
            median = median_halves(counts, scores)
            middle = f"{median // 2}" if median % 2 == 0 else f"{median / 2:.1f}"
            spread = " · ".join(f"{score} × {n}" for score, n in reversed([*zip(scores, counts, strict=True)]))
            return [self.say("scale", mean=self._mean(counts), median=middle), (spread,)]
        ranked = sorted(enumerate(counts), key=lambda row: (-row[1], row[0]))
        return [self._line("line", count, total, answer=self.survey.label(n, self.language)) for n, count in ranked]

    def _line(self, key: str, count: int, total: int, **more: object) -> Words:
        return self.say(key, count=count, share=percent(count, total), **more)

    def _share(self, answered: int, could: int) -> Words:
        return self.say("share", answered=answered, could=could, share=percent(answered, could))

    def _margin(self, counts: Sequence[int], could: int) -> int:
        """In points of a score, either way; 0 where everybody answered, or there is no score."""
        return margin(nps(counts), could) if self.survey.kind == "nps" else 0

    def _within(self, counts: Sequence[int], could: int) -> str:
        """The sum in a word, with its margin if it has one."""
        points = self._margin(counts, could)
        return f"{self._short(counts)} ±{points}" if points else self._short(counts)

    def _mean(self, counts: Sequence[int]) -> str:
        tenths = mean_tenths(counts, self.survey.scores)
        return f"{tenths // 10}.{tenths % 10}"

    def _short(self, counts: Sequence[int]) -> str:
        """The sum in a word."""
        if self.survey.kind == "nps":
            return _signed(nps(counts).score)
        if self.survey.kind == "scale":
            return self._mean(counts)
        first = max(range(len(counts)), key=lambda n: (counts[n], -n))
        return plain(self.say("leads", answer=self.survey.label(first, self.language), count=counts[first]))

    def _split(self, key: str, classes: Mapping[str, Sequence[Given]] | None, silent: Mapping[str, int]) -> list[Words]:
        """The classes in a line, and whether what parts them may be chance; `silent` is who of each could have answered
        and did not."""
        if classes is None:
            return []
        told, scores = [], []
        for name, given in classes.items():
            called = self._tier(name) if key == "by_tier" else plain(self.say(f"tenure_{name}"))
            counts, could = counts_of(given, self.survey.answers), len(given) + silent.get(name, 0)
            sums = self._within(counts, could)
            told.append(plain(self.say("class", name=called, sum=sums, count=len(given))))
            scores += [(nps(counts), could)] if self.survey.kind == "nps" else []
        lines: list[Words] = [(*self.say(key), " · ".join(told))]
        apart = [pair for pair in combinations(scores, 2) if pair[0][0].score != pair[1][0].score]
        if apart and all(may_be_chance(*pair) for pair in apart):
            lines.append(self.say("classes_by_chance"))
        return lines

    def _tier(self, id_: str) -> str:
        options = self.group.options(Tiers)
        if options is None or id_ not in options.tiers:
            return plain(self.say("no_tier"))
        return options.name(id_, self.language)


def _signed(score: int) -> str:
    return f"+{score}" if score > 0 else str(score)
