"""A digest in words: figures in, words out. Nothing is read and nothing depends on anything but the arguments.

Sections stand in the operator's order; one with nothing to tell is left out. Names are literal text: nobody is notified
by a digest, and nobody's name can become markup. Every number that has one is told with the number before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import floor
from typing import Final

from core.effects import Words, plain
from core.workflow import Group
from jobs.digest.dates import day_in
from jobs.digest.figures import Board, Figures
from jobs.metrics.parts import FEW
from workflows import platform_names
from workflows.digest_options import Digest, Section
from workflows.digest_periods import Period
from workflows.gaps import Silence
from workflows.happened import Grouped
from workflows.plain_text import LONGEST_NAME, before_a_number, inert, one_line
from workflows.question_book import Open
from workflows.survey_words import Voice
from workflows.topics import MOST_PEOPLE

MOST_CHARACTERS: Final = 6_000
"""About three messages with their markup: what is longer is cut at a line, and says so."""
MOST_RULES: Final = 15
MOST_QUESTIONS: Final = 10
MOST_GAPS: Final = 5

Link = Callable[[Open], str]
"""Where a message can be opened; "" where it cannot."""
Lines = list[str]


def composed(group: Group, digest: Digest, figures: Figures, language: str, link: Link = lambda _: "") -> Words:
    """The words of a digest in a language, its title first."""
    return _Composing(group, digest, figures, language, link).words()


def when(period: Period, language: str) -> str:
    """The days of a period: `3月23日—29日`, `23–29 Mar`."""
    first, last = period.first, period.last
    begin, end = day_in(language, first), day_in(language, last)
    if first == last:
        return end
    alike = first.month == last.month
    if language == "zh":
        return f"{begin}—{f'{last.day}日' if alike else end}"
    return f"{first.day if alike else begin}–{end}"


def change(now: float, before: float) -> str:
    """How a number moved: `↑12%`, `↓8%`; of fewer than five there is no share to tell: `↑3`."""
    arrow = "↑" if now > before else "↓"
    if before < FEW:
        return f"{arrow}{_number(abs(_tenths(now) - _tenths(before)) / 10)}"
    return f"{arrow}{max(1, floor(abs(now - before) * 100 / before + 0.5))}%"


class _Composing:
    def __init__(self, group: Group, digest: Digest, figures: Figures, language: str, link: Link) -> None:
        self.group, self.digest, self.figures, self.language, self.link = group, digest, figures, language, link

    def words(self) -> Words:
        blocks = [lines for section in self.digest.sections if (lines := _SECTIONS[section](self))]
        title = self.say(f"title_{self.figures.period.span}", when=when(self.figures.period, self.language))
        if not blocks:
            blocks = [[self.say("nothing")]]
        return ("\n\n".join(self._fitting([[title], *blocks])),)

    def _fitting(self, blocks: Sequence[Lines]) -> list[str]:
        """The blocks as texts, cut at a line where they are too long together."""
        fitting: list[str] = []
        room = MOST_CHARACTERS
        for lines in blocks:
            kept: Lines = []
            for line in lines:
                room -= len(line) + 1
                if room < 0:
                    return [*fitting, "\n".join([*kept, self.say("cut")])]
                kept.append(line)
            fitting.append("\n".join(kept))
        return fitting

    def say(self, key: str, /, **values: object) -> str:
        told = {"digest": values, "group": Grouped(self.group)}
        return plain(self.group.texts.say(f"digests.{key}", self.language, told))

    def compared(self, now: float, before: float) -> str:
        """A number against the period before; nothing where nobody was there to see the whole of that."""
        if not self.figures.seen_before or (not now and not before):
            return ""
        told = (
            self.say("same")
            if _number(now) == _number(before)
            else self.say("compared", before=_number(before), change=change(now, before))
        )
        return told if self.language == "zh" else f" {told}"

    # sections

    def check_ins(self) -> Lines:
        lines: Lines = []
        for challenge, board, before in self.figures.check_ins:
            if board.total or before:
                told = self.say(
                    self._of_members("check_ins", board.people),
                    challenge=challenge,
                    people=board.people,
                    count=board.total,
                    members=self.figures.members,
                )
                lines += [told + self.compared(board.total, before), *self._places(board)]
        return lines

    def _of_members(self, key: str, people: float) -> str:
        """The sentence that tells how many of the members did something; of fewer members than did it, as some left
        since, it tells no share."""
        return key if people <= self.figures.members else f"{key}_alone"

    def points(self) -> Lines:
        board = self.figures.points
        if not board.people:
            return []
        return [self.say("points", people=board.people, count=board.total), *self._places(board)]

    def ambassadors(self) -> Lines:
        board = self.figures.tasks
        if not board.people:
            return []
        return [self.say("ambassadors", people=board.people, count=board.total), *self._places(board)]

    def helpful(self) -> Lines:
        board = self.figures.helpers
        if not board.people:
            return []
        return [self.say("helpful", people=board.people, thankers=self.figures.thankers), *self._places(board)]

    def _places(self, board: Board) -> Iterator[str]:
        """The places of a board. Equal numbers have the same place, and the next one counts who stands before it."""
        place, last = 0, None
        for n, (name, amount) in enumerate(board.rows, 1):
            place = place if amount == last else n
            last = amount
            yield self.say("board_line", place=place, name=before_a_number(_name(name)), amount=amount)
        if board.rows and board.people > len(board.rows):
            yield self.say("board_more", count=board.people - len(board.rows))

    def new_members(self) -> Lines:
        figures, board = self.figures, self.figures.newcomers
        if not board.people and not figures.came_back and not figures.left_in_period:
            return []
        told = self.say("new_members", count=board.people)
        lines = [told + self.compared(board.people, figures.newcomers_before)]
        if board.rows:
            names = ("、" if self.language == "zh" else ", ").join(_name(name) for name, _ in board.rows)
            # The list stands by itself: as a value of a sentence it would be cut like a name.
            lines.append(names + (self.say("named_more") if board.people > len(board.rows) else ""))
        if figures.came_back:
            lines.append(self.say("came_back", count=figures.came_back))
        return [*lines, self.say("members", members=figures.members, left=figures.left_in_period)]

    def tier_changes(self) -> Lines:
        figures = self.figures
        count = len(figures.risen) + figures.risen_more
        lines: Lines = []
        if count:
            lines = [self.say("risen", count=count)]
            lines += [self.say("rose", name=_name(name), tier=tier) for name, tier in figures.risen]
            if figures.risen_more:
                lines.append(self.say("board_more", count=figures.risen_more))
        if figures.fallen:
            lines.append(self.say("fallen", count=figures.fallen))
        return lines

    def hot_topics(self) -> Lines:
        if not self.figures.topics:
            return []
        told = [
            self.say("topic_many" if people >= MOST_PEOPLE else "topic", word=word, people=people)
            for word, people in self.figures.topics
        ]
        return [self.say("hot_topics"), ("、" if self.language == "zh" else ", ").join(told)]

    def unanswered(self) -> Lines:
        found = self.figures.questions
        if not found:
            return []
        lines = [self.say("unanswered", count=len(found))]
        linked = [(one, address) for one in found if (address := self.link(one))]
        for n, (one, address) in enumerate(linked[-MOST_QUESTIONS:], 1):
            told = self._clock(self.group.local(one.at))
            lines.append(f"{self.say('question', place=n, when=told)} {address}")
        if linked and len(found) > MOST_QUESTIONS:
            lines.append(self.say("question_more", count=len(found) - MOST_QUESTIONS))
        return lines

    def unheard(self) -> Lines:
        """The longest, in the order in which they were; together they last as long as anything was missed."""
        found, known_from = self.figures.unheard, self.figures.unheard_from
        before = self.figures.unheard_before if self.figures.seen_before else ()
        if not found and known_from is None and not before:
            return []
        longest = sorted(found, key=lambda silence: silence.span, reverse=True)[:MOST_GAPS]
        lines = []
        if found:
            lines.append(self.say("unheard", count=len(found), span=_together(found)))
        if known_from is not None:
            key = "gaps_cut" if found else "gaps_gone"
            lines.append(self.say(key, since=self._clock(self.group.local(known_from))))
        for silence in sorted(longest, key=lambda silence: silence.since):
            since, until = self.group.local(silence.since), self.group.local(silence.until)
            end = f"{until:%H:%M}" if until.date() == since.date() else self._clock(until)
            where = ("、" if self.language == "zh" else ", ").join(
                platform_names.called(one, self.language) for one in silence.platforms
            )
            lines.append(self.say("gap", since=self._clock(since), until=end, platform=where))
        if len(found) > len(longest):
            lines.append(self.say("gap_more", count=len(found) - len(longest)))
        if before:
            lines.append(self.say("unheard_before", count=len(before), span=_together(before)))
        return lines

    def _clock(self, local: datetime) -> str:
        return f"{day_in(self.language, local.date())} {local:%H:%M}"

    def rule_report(self) -> Lines:
        if not self.figures.rules:
            return [self.say("rules_quiet")] if self.figures.days else []
        lines = [self.say("rules")]
        for rule, on, shadow, people in self.figures.rules[:MOST_RULES]:
            key = "rule_both" if on and shadow else "rule_shadow" if shadow else "rule_on"
            line = self.say(key, rule=rule, on=on, shadow=shadow, people=people)
            if appealed := self.figures.appeals.get(rule):
                line += self.say("rule_appealed", count=appealed.made, on=on, upheld=appealed.upheld)
            lines.append(line)
        if len(self.figures.rules) > MOST_RULES:
            lines.append(self.say("rule_more", count=len(self.figures.rules) - MOST_RULES))
        return lines

    def retention(self) -> Lines:
        if not self.figures.stayed or not self.figures.stayed[0].joined:
            return []
        newest, before = self.figures.stayed
        lines = [self.say("stayed", when=when(newest.week, self.language), count=newest.joined)]
        for key in ("started", "returned"):
            line = self.say(f"stayed_{key}", count=getattr(newest, key), joined=newest.joined)
            if before.joined:
                line += self.say("stayed_before", count=getattr(before, key), joined=before.joined)
            lines.append(line)
        return lines

    def surveys(self) -> Lines:
        told = [
            plain(Voice(self.group, self.language, id_, survey).brief(result))
            for id_, survey, result in self.figures.surveys
        ]
        return [self.say("surveys"), *told] if told else []

    def activity(self) -> Lines:
        figures = self.figures
        now, before = sum(day.messages for day in figures.days), sum(day.messages for day in figures.days_before)
        if not now and not before:
            return []
        active = sum(day.active for day in figures.days) / (figures.known or 1)
        active_before = sum(day.active for day in figures.days_before) / figures.period.before.days
        key = self._of_members("active_that_day" if figures.period.days == 1 else "active", active)
        return [
            self.say("activity", count=now) + self.compared(now, before),
            self.say(key, active=_number(active), members=figures.members) + self.compared(active, active_before),
        ]


_SECTIONS: Final[Mapping[Section, Callable[[_Composing], Lines]]] = {
    "check_in_board": _Composing.check_ins,
    "new_members": _Composing.new_members,
    "tier_changes": _Composing.tier_changes,
    "helpful": _Composing.helpful,
    "hot_topics": _Composing.hot_topics,
    "unanswered": _Composing.unanswered,
    "rule_report": _Composing.rule_report,
    "points_board": _Composing.points,
    "ambassadors": _Composing.ambassadors,
    "activity": _Composing.activity,
    "unheard": _Composing.unheard,
    "retention": _Composing.retention,
    "surveys": _Composing.surveys,
}


def _together(silences: Sequence[Silence]) -> timedelta:
    return sum((silence.span for silence in silences), timedelta())


def _tenths(value: float) -> int:
    return floor(value * 10 + 0.5)


def _number(value: float) -> str:
    """To one decimal, which a whole number does not need."""
    tenths = _tenths(value)
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else f"{tenths // 10}"


def _name(name: str) -> str:
    return inert(one_line(name, LONGEST_NAME))
