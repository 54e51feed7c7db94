"""The sentences of a comparison about what the assistant does: answers, timers, what it gets right, what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator

from jobs.report.against import telling, telling_attended, telling_people
from jobs.report.against.counts import Count
from jobs.report.against.shape import Against, AnswerChange, Share, Subject
from jobs.report.against.telling import Line, Part, Span, Speech, Tone, cut, in_row
from jobs.report.summary import Sent, wall

_QUOTED = 2


def parts(against: Against, speech: Speech) -> Iterator[Part]:
    """Every subject that differs, with its lines."""
    for subject, tell in _SUBJECTS:
        same = subject in against.same and (subject != "answers" or "effects" in against.same)
        if not same:
            title = speech(f"heading_{subject}")
            yield Part(subject=subject, title=title, lines=tuple(tell(against, speech)))


def _answers(against: Against, speech: Speech) -> Iterator[Line]:
    effects = [(speech.words.effect(kind), count) for kind, count in against.effects.items() if not count.same]
    if effects:
        yield Line(spans=in_row(speech.named(*one) for one in effects))
    for answer in against.answers:
        if answer.differs:
            yield from _answer(answer, speech)


def _answer(answer: AnswerChange, speech: Speech) -> Iterator[Line]:
    name = f"{speech.words.workflow(answer.workflow)} · {speech.words.effect(answer.kind)}  "
    worded = any(both.after.words for both in answer.otherwise_examples) or speech.hidden
    told: list[tuple[int, str, Tone]] = [
        (answer.gained, "gained_answers", "gain"),
        (answer.lost, "lost_answers", "loss"),
        (answer.otherwise, "otherwise_answers" if worded else "otherwise_acts", ""),
    ]
    yield Line(spans=(Span(name, "name"), *in_row((Span(speech(key, n=n), tone),) for n, key, tone in told if n)))
    for sent in answer.gained_examples[:_QUOTED]:
        yield from _sent("+", sent, "gain", speech)
    for sent in answer.lost_examples[:_QUOTED]:
        yield from _sent("−", sent, "loss", speech)
    for both in answer.otherwise_examples[:_QUOTED]:
        if both.before.words != both.after.words:
            yield from _sent("−", both.before, "loss", speech)
            yield from _sent("+", both.after, "gain", speech)


def _sent(sign: str, sent: Sent, tone: Tone, speech: Speech) -> Iterator[Line]:
    if sent.words:
        when = Span(f"{wall(sent.at, speech.zone)} ", "soft")
        yield Line(depth=2, spans=(Span(f"{sign} ", tone), when, Span(cut(sent.words), "said")))


def _digests(against: Against, speech: Speech) -> Iterator[Line]:
    for digest in (one for one in against.digests if one.differs):
        told: list[tuple[int, str, Tone]] = [
            (digest.gained, "gained_answers", "gain"),
            (digest.lost, "lost_answers", "loss"),
            (digest.otherwise, "otherwise_digests", ""),
        ]
        row = in_row((Span(speech(key, n=n), tone),) for n, key, tone in told if n)
        yield Line(spans=(Span(digest.digest, "name"), *speech.presence(digest.presence), Span("  "), *row))
        for issue in digest.otherwise_examples[:_QUOTED]:
            signs: tuple[tuple[str, str, Tone], ...] = (("−", issue.before, "loss"), ("+", issue.after, "gain"))
            for sign, line, tone in signs:
                if line:
                    when = Span(f"{issue.day} {issue.language}".rstrip() + " ", "soft")
                    yield Line(depth=2, spans=(Span(f"{sign} ", tone), when, Span(cut(line), "said")))


def _timers(against: Against, speech: Speech) -> Iterator[Line]:
    told = against.timers
    if not told.fired.same:
        yield Line(spans=speech.count("fired", told.fired))
    for key, counts in (("sent", told.sent), ("pending", told.pending)):
        differing = [(speech.words.workflow(name), count) for name, count in counts.items() if not count.same]
        if differing:
            row = in_row(speech.named(*one) for one in differing)
            yield Line(spans=(Span(f"{speech(key)}  ", "soft"), *row))


def _truth(against: Against, speech: Speech) -> Iterator[Line]:
    for one in against.truth:
        if not one.differs:
            continue
        right = Count(before=one.before.right, after=one.after.right)
        count = f"{right.after:,}" if right.same else f"{right.before:,} → {right.after:,}"
        hits = speech.count("hits", Count(before=one.before.hits, after=one.after.hits))
        shares = ((Span(_share(key, one.before, one.after, speech)),) for key in ("precision", "recall"))
        row = in_row(((Span(speech("right", count=count, known=one.known)),), hits, *shares))
        yield Line(spans=(Span(f"{one.name}  ", "name"), *row))


def _share(key: str, before: Share, after: Share, speech: Speech) -> str:
    old, new = ("–" if (share := getattr(one, key)) is None else f"{share:.1%}" for one in (before, after))
    return f"{speech(key)} {new}" if old == new else f"{speech(key)} {old} → {new}"


def _faults(against: Against, speech: Speech) -> Iterator[Line]:
    told = against.faults
    yield Line(
        spans=in_row((speech.count("fault_count", told.faults), speech.count("dead_letters", told.dead_letters)))
    )
    signs: tuple[tuple[str, Tone], ...] = (("+", "loss"), ("−", "gain"))
    for (sign, tone), troubles in zip(signs, (told.gained, told.lost), strict=True):
        for one in troubles:
            text = f"{one.event} {one.where}: {cut(one.why)}"
            yield Line(depth=2, spans=(Span(f"{sign} ", tone), Span(text, "soft")))


_SUBJECTS: tuple[tuple[Subject, telling.Tell], ...] = (
    ("truth", _truth),
    ("rules", telling.rules),
    ("check_ins", telling_people.check_ins),
    ("points", telling_people.points),
    ("tiers", telling_people.tiers),
    ("onboarding", telling_people.onboarding),
    ("answers", _answers),
    ("digests", _digests),
    ("events", telling_attended.events),
    ("surveys", telling_attended.surveys),
    ("timers", _timers),
    ("faults", _faults),
)
