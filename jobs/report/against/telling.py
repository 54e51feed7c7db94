"""A comparison in sentences, in one language: what the terminal prints and the page shows is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from rich.cells import cell_len, set_cell_size

from jobs.report.against.counts import Count
from jobs.report.against.shape import Against, Hits, RuleChange, Subject
from jobs.report.against.unshown import COMMUNITY
from jobs.report.against.words import SAID
from jobs.report.summary import Example, Quote, wall
from jobs.report.words import Words
from workflows.reasons import form

Tone = Literal["", "name", "gain", "loss", "soft", "said"]
_SHOWN = 5
_QUOTED_CELLS = 64
_REASONS = 2
_WOULD = "would have done: {deeds:deeds}"
"""What a rule in shadow would have done is told beside its name."""


_IF_ANY: Final[tuple[Subject, ...]] = ("truth", "digests", "events", "surveys")
"""What is only told to be the same where there is some."""


class Span(NamedTuple):
    """A piece of a line in one tone."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line; `depth` says how far in it stands."""

    spans: tuple[Span, ...]
    depth: int = 1

    @property
    def text(self) -> str:
        """The whole line."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One subject and what is told about it."""

    subject: Subject
    title: str
    lines: tuple[Line, ...]


class Speech:
    """The sentences of comparisons in the language of `words`, which call things as the operator does."""

    def __init__(self, words: Words, zone: str, hidden: bool) -> None:
        self.words = words
        self.zone = zone
        self.hidden = hidden

    def __call__(self, key: str, **values: object) -> str:
        """A sentence with its places filled in; numbers as people write them."""
        shown = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
        return SAID[key][0 if self.words.language == "zh" else 1].format(**shown)

    def count(self, key: str, count: Count) -> tuple[Span, ...]:
        """`hits 3 → 5 (+2)`."""
        return self.named(self(key), count)

    def named(self, name: str, count: Count) -> tuple[Span, ...]:
        """As `count`, of something that has a name."""
        if count.same:
            return (Span(f"{name} {count.after:,}"),)
        rise = count.after - count.before
        told = self("rise", by=f"{'+' if rise > 0 else '−'}{abs(rise):,}")
        return Span(f"{name} {count.before:,} → {count.after:,}"), Span(told, "gain" if rise > 0 else "loss")

    def presence(self, presence: str) -> tuple[Span, ...]:
        """`  new`, where something is in one home only."""
        return (Span(f"  {self(presence)}", "gain" if presence == "new" else "loss"),) if presence != "both" else ()

    def tagged(self, name: str, presence: str) -> str:
        """A name in a row, with what is said of it where it is in one home only."""
        return name if presence == "both" else name + self("tagged", what=self(presence))

    def listed(self, names: Iterable[str]) -> str:
        """Names one after the other."""
        return self("comma").join(names)

    def reasons(self, stored: Iterable[str]) -> str:
        """Why something was decided, all of it."""
        return self("semicolon").join(map(self.words.reason, stored))


Tell = Callable[[Against, Speech], Iterator[Line]]
"""What tells one subject."""


def in_row(parts: Iterable[tuple[Span, ...]]) -> tuple[Span, ...]:
    """Pieces in one line, with a dot between."""
    row: list[Span] = []
    for part in parts:
        row += [Span(" · "), *part] if row else part
    return tuple(row)


def opening(against: Against, speech: Speech) -> str:
    """The answer in one sentence."""
    if not against.differs:
        return speech("all_same")
    if not against.matters:
        return speech("written")
    if against.mentioned:
        return speech("touched_too", people=against.people, members=against.members, others=against.mentioned)
    if not against.people:
        return speech("nobody")
    return speech("touched", people=against.people, members=against.members)


def closing(against: Against, speech: Speech) -> str:
    """What does not differ, in one line; "" if everything does."""
    same = [subject for subject in against.same if subject not in _IF_ANY or getattr(against, subject)]
    return speech("the_same", what=speech.listed(map(speech, same))) if same else ""


def beyond(against: Against, speech: Speech) -> str:
    """What is written otherwise while nothing of it differs, in one line; "" if nothing is."""
    named = [speech(name) if name == COMMUNITY else speech.words.workflow(name) for name in against.unshown]
    return speech("unshown", what=speech.listed(named)) if named else ""


def rules(against: Against, speech: Speech) -> Iterator[Line]:
    """The rules that differ: how often they hit, what they hit now and hit no more."""
    differing = [rule for rule in against.rules if rule.differs]
    for rule in differing:
        yield Line(spans=_rule_head(rule, speech))
        yield from _moved(rule.gained, "gained", speech)
        yield from _moved(rule.lost, "lost", speech)
        if rule.otherwise:
            yield Line(depth=2, spans=(Span(speech("otherwise", n=rule.otherwise)),))
        for way in rule.ways[:_SHOWN]:
            before = _did(way.before_mode, way.before_then, speech)
            after = _did(way.after_mode, way.after_then, speech)
            yield Line(depth=3, spans=(Span(f"{before} → {after} ×{way.times:,}"),))
        for judged in rule.otherwise_examples:
            yield quote(judged.after, speech)
    if rest := len(against.rules) - len(differing):
        yield Line(spans=(Span(speech("others_same", n=rest), "soft"),))


def _rule_head(rule: RuleChange, speech: Speech) -> tuple[Span, ...]:
    name = speech.words.title(rule.rule)
    spans = [Span(name, "name")]
    if name.casefold() != rule.rule:
        spans.append(Span(f"  {rule.rule}", "soft"))
    spans += speech.presence(rule.presence)
    counts = [(key, count) for key, count in (("on", rule.on), ("shadow", rule.shadow)) if count.before or count.after]
    if not counts:
        return (*spans, Span(f"  {speech('no_hit')}"))
    told = in_row(speech.count(key, count) for key, count in (*counts, ("people", rule.people)))
    return (*spans, Span("  "), *told)


def _moved(hits: Hits, key: Literal["gained", "lost"], speech: Speech) -> Iterator[Line]:
    if not hits.count:
        return
    tone: Tone = "gain" if key == "gained" else "loss"
    yield Line(depth=2, spans=(Span(speech(key, n=hits.count, people=hits.people), tone),))
    if hits.elsewhere:
        what = speech.listed(f"{speech.words.rule(rule)} ×{n:,}" for rule, n in hits.elsewhere.items())
        yield Line(depth=3, spans=(Span(speech(f"{key}_elsewhere", what=what)),))
    for example in hits.examples:
        yield from _example(example, speech)


def quote(example: Example | Quote, speech: Speech) -> Line:
    """When, who, and what was said."""
    said = speech("withheld") if speech.hidden else cut(speech.words.quote(example.text))
    when = Span(f"{wall(example.at, speech.zone)} ", "soft")
    return Line(depth=3, spans=(when, Span(example.person), Span(f"  {said}" if said else "", "said")))


def _example(example: Example, speech: Speech) -> Iterator[Line]:
    yield quote(example, speech)
    reasons = [why for why in example.because if form(why) != _WOULD]
    if reasons:
        why = speech.reasons(reasons[:_REASONS])
        yield Line(depth=4, spans=(Span(speech("because", why=why), "soft"),))


def _did(mode: str, then: Iterable[str], speech: Speech) -> str:
    done = " · ".join(map(speech.words.deed, then)) or speech("nothing_done")
    return speech("did", mode=speech(mode), then=done)


def cut(text: str) -> str:
    """The beginning of what was said, as much as fits beside who said it and when. Chinese is twice as wide."""
    if cell_len(text) <= _QUOTED_CELLS:
        return text
    return set_cell_size(text, _QUOTED_CELLS - 1).rstrip() + "…"
