"""The numbers that a digest tells, and how they are asked of the books. Nothing here is text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol, TypeVar

from adapters.sql.rollups import Appealed, DayCount, Moved, Newcomer, RuleCount, Tally, Window
from core.books import Books
from core.people import Account, ActorKind, PersonId, only_called
from core.state import POINTS, Slot
from core.turnout import RETURNS, Asked, Cohort, Days
from core.workflow import Group
from jobs.metrics.period import weeks_until
from jobs.metrics.staying import days_of_week
from workflows.ambassador_tasks import TASK
from workflows.appeal_book import APPEAL, UPHELD
from workflows.check_in_book import days_kind
from workflows.check_in_options import CheckIns
from workflows.digest_options import ADMINS, Digest
from workflows.digest_periods import Period
from workflows.digest_wishes import WISHES
from workflows.facts import THANKS
from workflows.gaps import GAPS, Gaps, Silence, joined
from workflows.question_book import QUESTIONS, Open
from workflows.rule_names import LIMITS
from workflows.rule_options import Rules
from workflows.rule_orders import RULE as BY_HAND
from workflows.survey_book import RESULTS, Result
from workflows.survey_options import Survey, Surveys
from workflows.tier_options import Tiers
from workflows.tier_standing import TIER_FACT
from workflows.topics import TOPICS, hottest

T = TypeVar("T")


class Rollups(Protocol):
    """What is asked of the books; see `adapters.sql.rollups.SqlRollups`."""

    def days(self, windows: Sequence[Window]) -> Mapping[str, Sequence[DayCount]]: ...

    def scores(self, windows: Sequence[Window], kind: str, most: int) -> Mapping[str, Tally]: ...

    def check_ins(self, windows: Sequence[Window], kind: str, most: int) -> Mapping[str, Tally]: ...

    def checked_days(self, windows: Sequence[Window], kind: str) -> Mapping[str, Mapping[date, int]]: ...

    def helpers(self, windows: Sequence[Window], kind: str, most: int) -> Mapping[str, Tally]: ...

    def givers(self, windows: Sequence[Window], kind: str) -> Mapping[str, int]: ...

    def moves(self, windows: Sequence[Window], kind: str) -> Mapping[str, Sequence[Moved]]: ...

    def joined(self, windows: Sequence[Window]) -> Mapping[str, Sequence[Newcomer]]: ...

    def left(self, windows: Sequence[Window]) -> Mapping[str, Sequence[datetime]]: ...

    def since(self, group: str) -> date | None: ...

    def members(self, groups: Sequence[str]) -> Mapping[str, int]: ...

    def cohorts(self, asked: Asked, days: Sequence[Days]) -> Sequence[Cohort]: ...

    def rules(self, windows: Sequence[Window]) -> Mapping[str, Sequence[RuleCount]]: ...

    def appeals(self, windows: Sequence[Window], made: str, upheld: str) -> Mapping[str, Sequence[Appealed]]: ...

    def records(self, groups: Sequence[str], slot: Slot[T]) -> Mapping[str, T]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The people of a section, the first first, and how many more there are. Who wishes not to be named is counted."""

    rows: tuple[tuple[str, int], ...] = ()
    people: int = 0
    total: int = 0


class Stayed(NamedTuple):
    """Who joined in a week for the first time, and how many of them took part within seven days and in the next
    seven."""

    week: Period
    joined: int
    started: int
    returned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that the sections of one digest ask for; what no section asks for is empty.

    `known` is how many days of the period anything is known of, and `seen_before` whether the whole period before is
    known and something happened in it: only then is there anything to compare with. `newcomers` came for the first
    time, `came_back` others who came; `joined` are the days on which people came last. `members` are those of now, and
    `grown_since` how many more they are than when the period ended. `unheard` is known from
    `unheard_from` on: the whole period, where that is None. `stayed` are the newest week of joining whose people have
    had two weeks, and the one before it.
    """

    period: Period
    known: int = 0
    members: int = 0
    days: tuple[DayCount, ...] = ()
    days_before: tuple[DayCount, ...] = ()
    seen_before: bool = False
    check_ins: tuple[tuple[str, Board, int], ...] = ()
    checked_in: Mapping[date, int] = field(default_factory=dict)
    points: Board = field(default_factory=Board)
    tasks: Board = field(default_factory=Board)
    helpers: Board = field(default_factory=Board)
    thankers: int = 0
    newcomers: Board = field(default_factory=Board)
    newcomers_before: int = 0
    came_back: int = 0
    joined: tuple[date, ...] = ()
    left: tuple[date, ...] = ()
    left_in_period: int = 0
    grown_since: int = 0
    risen: tuple[tuple[str, str], ...] = ()
    risen_more: int = 0
    fallen: int = 0
    rules: tuple[tuple[str, int, int, int], ...] = ()
    appeals: Mapping[str, Appealed] = field(default_factory=dict)
    topics: tuple[tuple[str, int], ...] = ()
    questions: tuple[Open, ...] = ()
    unheard: tuple[Silence, ...] = ()
    unheard_from: datetime | None = None
    unheard_before: tuple[Silence, ...] = ()
    stayed: tuple[Stayed, ...] = ()
    surveys: tuple[tuple[str, Survey, Result], ...] = ()


_CHECK_INS = {"check_in_board", "check_ins_by_day"}
MOST_NAMED = 20
"""Newcomers and risen members who are named; the rest is counted."""
MOST_QUESTIONS = 10
MOST_TOPICS = 10


def gathered(
    group: Group, digest: Digest, period: Period, rollups: Rollups, books: Books, at: datetime, language: str
) -> Figures:
    """The figures of one group's digest, as of an instant. `language` is for the names of tiers and rules."""
    return _Gathering(group, digest, period, rollups, books, at, language).figures()


class _Gathering:
    """One digest's questions, each asked only if a section needs it."""

    def __init__(
        self,
        group: Group,
        digest: Digest,
        period: Period,
        rollups: Rollups,
        books: Books,
        at: datetime,
        language: str,
    ) -> None:
        self.group, self.digest, self.period = group, digest, period
        self.rollups, self.books, self.at, self.language = rollups, books, at, language
        self.window = self._window(period)
        self.before = self._window(period.before)
        self.unnamed = {member.person for member, wishes in books.every_record(group.key, WISHES) if not wishes.named}
        self.most = digest.top + len(self.unnamed) + (0 if digest.staff_on_boards else len(group.staff))
        """So many places have to be known that enough of them can be shown."""

    def figures(self) -> Figures:
        asked, group = self.digest.sections, self.group.key
        days, days_before = self._days()
        came, came_before = (
            [one for one in self.rollups.joined([window]).get(group, ()) if one.kind is ActorKind.PERSON]
            for window in (self.window, self.before)
        )
        first = self.rollups.since(group) or self.period.first
        gone = self.rollups.left([self.window]).get(group, ())
        challenges = self._challenges()
        unheard, unheard_from = self._unheard(self.window) if "unheard" in asked else ((), None)
        risen, fallen = self._moves() if "tier_changes" in asked else ((), 0)
        helpful = "helpful" in asked
        return Figures(
            period=self.period,
            known=max(0, (self.period.last - max(self.period.first, first)).days + 1),
            members=self.rollups.members([group]).get(group, 0),
            days=days,
            days_before=days_before,
            seen_before=bool(days_before) and first <= self.period.before.first,
            check_ins=tuple(self._check_ins(*one) for one in challenges) if "check_in_board" in asked else (),
            checked_in=sum((Counter(days) for _, _, days in challenges), Counter[date]()),
            points=self._ranked(self.rollups.scores, POINTS) if "points_board" in asked else Board(),
            tasks=self._ranked(self.rollups.scores, TASK) if "ambassadors" in asked else Board(),
            helpers=self._ranked(self.rollups.helpers, THANKS) if helpful else Board(),
            thankers=self.rollups.givers([self.window], THANKS).get(group, 0) if helpful else 0,
            newcomers=self._named([one for one in came if one.first]),
            newcomers_before=sum(one.first for one in came_before),
            came_back=sum(not one.first for one in came),
            joined=tuple(self.group.day(one.at) for one in came),
            left=tuple(self.group.day(at) for at in gone),
            left_in_period=len(gone),
            grown_since=self._grown_since() if self.digest.chart == "members_by_day" else 0,
            risen=risen[:MOST_NAMED],
            risen_more=max(0, len(risen) - MOST_NAMED),
            fallen=fallen,
            rules=self._rules() if "rule_report" in asked else (),
            appeals=self._appeals() if "rule_report" in asked else {},
            topics=self._topics() if "hot_topics" in asked else (),
            questions=self._questions() if "unanswered" in asked else (),
            unheard=unheard,
            unheard_from=unheard_from,
            unheard_before=self._unheard(self.before)[0] if "unheard" in asked else (),
            stayed=self._stayed() if "retention" in asked else (),
            surveys=self._surveys() if "surveys" in asked else (),
        )

    def _window(self, period: Period) -> Window:
        begins, ends = period.instants(self.group.zone)
        return Window(self.group.key, period.first, period.last, begins, min(ends, max(begins, self.at)))

    def _grown_since(self) -> int:
        """What came and went between the end of the period and now: a digest told in the morning is about yesterday."""
        later, group = (
            self.window._replace(begins=self.window.ends, ends=max(self.window.ends, self.at)),
            self.group.key,
        )
        came = self.rollups.joined([later]).get(group, ())
        gone = self.rollups.left([later]).get(group, ())
        return sum(one.kind is ActorKind.PERSON for one in came) - len(gone)

    def _days(self) -> tuple[tuple[DayCount, ...], tuple[DayCount, ...]]:
        found = self.rollups.days([self.window._replace(first=self.before.first)])
        rows = found.get(self.group.key, ())
        first = self.period.first
        return tuple(row for row in rows if row.day >= first), tuple(row for row in rows if row.day < first)

    def _challenges(self) -> tuple[tuple[str, str, Mapping[date, int]], ...]:
        """Each challenge: its name, its kind of facts, how many checked in to each day of this period and the last."""
        challenges = self.group.options(CheckIns)
        if challenges is None or not (_CHECK_INS & {*self.digest.sections, self.digest.chart}):
            return ()
        both = self.window._replace(first=self.before.first, begins=self.before.begins)
        return tuple(
            (
                challenge.name.in_(self.language) if challenge.name is not None else id_,
                days_kind(id_),
                self.rollups.checked_days([both], days_kind(id_)).get(self.group.key, {}),
            )
            for id_, challenge in challenges.items()
        )

    def _check_ins(self, name: str, kind: str, days: Mapping[date, int]) -> tuple[str, Board, int]:
        """A challenge with its board, and how many check-ins there were the period before."""
        before = sum(count for day, count in days.items() if day < self.period.first)
        return name, self._ranked(self.rollups.check_ins, kind), before

    def _ranked(self, board: Callable[[Sequence[Window], str, int], Mapping[str, Tally]], kind: str) -> Board:
        """The first places. Staff win nothing unless the operator wants it; they count all the same."""
        tally = board([self.window], kind, self.most).get(self.group.key, Tally())
        known = [score for score in tally.first if not only_called(score.account, score.name)]
        fit = [score for score in known if self._may_win(score.person, score.account)]
        rows = tuple((score.name, score.amount) for score in fit[: self.digest.top])
        return Board(rows=rows, people=tally.people, total=tally.total)

    def _may_win(self, person: PersonId, account: Account) -> bool:
        staff = account in self.group.staff and not self.digest.staff_on_boards
        return not staff and person not in self.unnamed

    def _named(self, came: Sequence[Newcomer]) -> Board:
        shown = [one for one in came if not one.gone and one.person not in self.unnamed]
        return Board(rows=tuple((one.name, 1) for one in shown[:MOST_NAMED]), people=len(came), total=len(shown))

    def _moves(self) -> tuple[tuple[tuple[str, str], ...], int]:
        """Who rose, by name, with the tier; how many fell, who are not named."""
        tiers = self.group.options(Tiers)
        moves = self.rollups.moves([self.window], TIER_FACT).get(self.group.key, ())
        entry = next(iter(tiers.tiers), None) if tiers is not None else None
        risen = [one for one in moves if one.steps > 0 and one.tier != entry and one.kind is ActorKind.PERSON]
        named = [one for one in risen if self._may_win(one.person, one.account)]
        return (
            tuple((one.name, tiers.name(one.tier, self.language) if tiers else one.tier) for one in named),
            sum(one.steps < 0 for one in moves),
        )

    def _rules(self) -> tuple[tuple[str, int, int, int], ...]:
        counts = self.rollups.rules([self.window]).get(self.group.key, ())
        counts = [one for one in counts if one.rule != BY_HAND]  # what admins did by hand is no rule's
        ordered = sorted(counts, key=lambda one: (-(one.on + one.shadow), one.rule))
        return tuple((self._called(one.rule), one.on, one.shadow, one.people) for one in ordered)

    def _appeals(self) -> dict[str, Appealed]:
        """By what the rule is called; what admins did by hand is no rule's."""
        found = self.rollups.appeals([self.window], APPEAL, UPHELD).get(self.group.key, ())
        return {self._called(one.rule): one for one in found}

    def _called(self, rule: str) -> str:
        rules = self.group.options(Rules) or Rules()
        names = (one.name.in_(self.language) for one in rules.rules if one.id == rule and one.name is not None)
        return next(names, LIMITS["zh" if self.language == "zh" else "en"].get(rule, rule))

    def _topics(self) -> tuple[tuple[str, int], ...]:
        """Words that enough people used; nobody's name is one."""
        kept = self.rollups.records([self.group.key], TOPICS).get(self.group.key)
        if kept is None:
            return ()
        names = frozenset(part for member in self.books.people(self.group.key) for part in _parts(member.name))
        return hottest(kept, self.period, MOST_TOPICS, names)

    def _questions(self) -> tuple[Open, ...]:
        kept = self.rollups.records([self.group.key], QUESTIONS).get(self.group.key)
        begins, ends = self.window.begins, self.window.ends
        return tuple(one for one in kept.open if begins <= one.at < ends) if kept is not None else ()

    def _unheard(self, window: Window) -> tuple[tuple[Silence, ...], datetime | None]:
        """When nothing was heard for long enough that the admins were told, as far as it lies in a window; from when
        on that is known, where older ones are kept no more."""
        kept = self.rollups.records([self.group.key], GAPS).get(self.group.key) or Gaps()
        begins, ends = window.begins, window.ends
        long = (one for one in kept.latest if one.long)
        inside = (replace(one, since=max(one.since, begins), until=min(one.until, ends)) for one in long)
        cut = min(kept.cut, ends) if kept.cut is not None and begins < kept.cut else None
        return joined(one for one in inside if one.since < one.until), cut

    def _surveys(self) -> tuple[tuple[str, Survey, Result], ...]:
        """What came of surveys that were told in the period, as far as all who read this digest were to be told."""
        options = self.group.options(Surveys)
        kept = self.rollups.records([self.group.key], RESULTS).get(self.group.key)
        if options is None or kept is None:
            return ()
        readers = {self.group.key} if {*self.digest.to} != {ADMINS} else {self.group.key, ADMINS}
        return tuple(
            (id_, survey, kept.of[id_])
            for id_, survey in options.held_in(self.group).items()
            if id_ in kept.of
            and kept.of[id_].shape == survey.shape
            and self.period.first <= kept.of[id_].told <= self.period.last
            and not readers.isdisjoint(survey.tell)
        )

    def _stayed(self) -> tuple[Stayed, ...]:
        """Newest first."""
        here = Days(self.period.first, self.period.last, self.window.begins, self.window.ends)
        asked = Asked(group=self.group.key, staff=self.group.staff, now=here, before=here)
        newest = weeks_until(self.period.last - timedelta(days=RETURNS.stop - 1), 2)[::-1]
        days = self.rollups.cohorts(asked, [day for monday in newest for day in days_of_week(monday, self.group.zone)])
        told = []
        for n, monday in enumerate(newest):
            total = Cohort(*map(sum, zip(*days[7 * n : 7 * n + 7], strict=True)))
            week = Period(span="week", first=monday, last=monday + timedelta(days=6))
            told.append(Stayed(week, total.joined, total.started, total.returned))
        return tuple(told)


def _parts(name: str) -> tuple[str, ...]:
    return (name.casefold(), *name.casefold().split())
