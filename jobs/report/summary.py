"""The shape of a report: what fits in memory whatever the length of the history. Lists of facts are streamed apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.events import ButtonPressed
from workflows.failing import Failing


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One line of a board."""

    person: str
    account: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One local day of the group. `active` people posted, reacted or checked in; bots and channels are not counted."""

    day: str
    messages: int
    active: int
    check_ins: int
    joins: int
    leaves: int
    removals: int
    hits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Onboarding:
    """`starts` counts joins that began or resumed an onboarding; the others count people by where they stand."""

    starts: int
    completed: int
    gave_up: int
    in_progress: int
    left: int
    skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """How somebody did in a challenge: the streak at the end, the longest, and all days."""

    person: str
    account: str
    streak: int
    longest: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """One challenge. `made_up` days were written in later, `taken_back` ones struck out."""

    challenge: str
    check_ins: int
    made_up: int
    taken_back: int
    people: int
    longest: int
    top: tuple[Streak, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many people in the group hold a tier at the end, and how many held it when they left; "" is none."""

    tier: str
    people: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """How often somebody moved from one tier to another; "" is none."""

    old: str
    new: str
    moves: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One hit, with the beginning of the message that was judged ("" where there was none, or names are hidden)."""

    at: str
    person: str
    event: str
    mode: str
    text: str
    then: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule's hits: carried out (`on`), only reported (`shadow`), on how many people, what was done and why."""

    rule: str
    on: int
    shadow: int
    people: int
    then: dict[str, int]
    because: dict[str, int]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Points of the whole history; `taken` is counted as a positive number."""

    given: int
    taken: int
    receivers: int
    top: tuple[Score, ...]
    by_rule: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Something a timer would have sent."""

    at: str
    workflow: str
    kind: str
    to: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timers:
    """Timers that came due within the history, what they would have sent, and those still set at its end."""

    fired: int
    sent: dict[str, int]
    examples: tuple[Sent, ...]
    pending: dict[str, int]
    next: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """How often a post by the clock went out, how many times it was over budget when it was due, and whether it waits
    for room at the end."""

    post: str
    posted: int
    waited: int
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody who said that they come to an event."""

    person: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One time of an event that was announced: who had a seat when it began and who waited for one, in the order of
    their answers; of one that has not begun, at the end."""

    day: str
    at: str
    coming: tuple[Guest, ...]
    waiting: tuple[Guest, ...]
    reminders: int
    begun: bool
    cancelled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """An event, and each time that it was announced."""

    event: str
    times: tuple[Occasion, ...]

    @property
    def sums(self) -> tuple[int, int, int]:
        """Over all times: how many had a seat, and how many waited, but where it was cancelled; and the reminders."""
        held = [one for one in self.times if not one.cancelled]
        reminders = sum(one.reminders for one in self.times)
        return sum(len(one.coming) for one in held), sum(len(one.waiting) for one in held), reminders


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One time that a survey was asked. Of one that is not `told`, `answered` is how many had at the end; one that is
    `off` was called off. `counts` is how many gave each answer, `came` what is said of it, by language, with the margin
    of a score: neither of fewer answers than are told."""

    day: str
    at: str
    told: bool
    off: bool
    answered: int
    could: int
    counts: tuple[int, ...]
    came: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """A survey, and each time that it was asked."""

    survey: str
    times: tuple[Asking, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """An event of the history, with the beginning of what was said ("" where nothing was, or names are hidden)."""

    at: str
    person: str
    event: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How the hits of some rules agree with what is known. Counted by events; the first that do not are quoted."""

    name: str
    rules: tuple[str, ...]
    known: int
    hits: int
    right: int
    precision: float | None
    recall: float | None
    missed: tuple[str, ...]
    wrong: tuple[str, ...]
    missed_quotes: tuple[Quote, ...]
    wrong_quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhen:
    """A challenge none of whose days the history holds; "" is an open end."""

    challenge: str
    first: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that went wrong: a workflow that crashed on an event, or an event that was set aside."""

    event: str
    where: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The whole report. Times are ISO 8601 in UTC, days are the group's own."""

    export: str
    format: str
    group: str
    community: str
    zone: str
    workflows: tuple[str, ...]
    pseudonyms: bool
    first: str
    last: str
    messages: int
    members: int
    joins: int
    leaves: int
    removals: int
    repeated: int
    events: dict[str, int]
    elsewhen: tuple[Elsewhen, ...]
    unrehearsed: tuple[str, ...]
    idle: tuple[str, ...]
    activity: tuple[Day, ...]
    talkers: tuple[Score, ...]
    onboarding: Onboarding
    check_ins: tuple[Challenge, ...]
    tiers: tuple[Standing, ...]
    tier_flows: tuple[Flow, ...]
    rules: tuple[Rule, ...]
    points: Points
    effects: dict[str, int]
    effects_by: dict[str, dict[str, int]]
    timers: Timers
    posts: tuple[Posts, ...]
    gatherings: tuple[Gathering, ...]
    surveys: tuple[Inquiry, ...]
    truth: tuple[Verdict, ...]
    failing: tuple[Failing, ...]
    faults: tuple[Trouble, ...]
    fault_count: int
    dead_letters: tuple[Trouble, ...]
    skipped_count: int
    skipped: tuple[tuple[str, str], ...]

    @property
    def pressless(self) -> bool:
        """Whether something could have been answered by buttons, of which the history knows nothing."""
        asks = any(one.times for one in self.gatherings) or any(one.times for one in self.surveys)
        return asks and not self.events.get(ButtonPressed.__name__)

    @property
    def first_day(self) -> str:
        """The first local day, "" if there is none."""
        return self.activity[0].day if self.activity else ""

    @property
    def last_day(self) -> str:
        """The last local day, "" if there is none."""
        return self.activity[-1].day if self.activity else ""


def wall(at: str, zone: str) -> str:
    """An instant of a report on the group's wall clock, to the minute."""
    return datetime.fromisoformat(at).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def iso(at: datetime) -> str:
    """An instant as reports write it: ISO 8601 in UTC, with fractions only where there are some."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
