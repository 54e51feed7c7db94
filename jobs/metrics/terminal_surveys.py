"""What surveys came to, in the terminal: the sum, of how many answers, and of how many who could have answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from jobs.metrics import words
from jobs.metrics.asked import Came, Inquiry
from jobs.metrics.layout import NONE, Voice, aside, row, share


def surveys(inquiries: Sequence[Inquiry], voice: Voice) -> Iterator[RenderableType]:
    """Each survey of the group. Nothing where it has none."""
    if not inquiries:
        return
    lines = [row("", voice.say(words.RESULT), voice.say(words.ANSWERED))]
    for one in inquiries:
        came = one.came
        if came is None:
            lines += [row(one.question, NONE, NONE), aside(voice.say(words.NOT_TOLD, least=one.least))]
        else:
            lines.append(row(one.question, _sum(came), share(came.answered, came.could)))
            lines += map(aside, _parts(one, came, voice))
            lines.append(aside(voice.say(words.WHEN, asked=came.asked, told=came.told)))
    told = [one for one in inquiries if one.came is not None]
    kinds = {"nps": "nps", "scale": "mean", "choices": "counts"}
    lines += [voice.meaning(kinds[kind]) for kind in kinds if any(one.kind == kind for one in told)]
    if told:
        lines.append(voice.legend(((words.ANSWERED, "answered"),))[0])
    lines.append(voice.meaning("surveys"))
    yield voice.section(words.SURVEYS, *lines)


def _sum(came: Came) -> str:
    """The answers in a number, where there is one."""
    if came.nps is not None:
        return f"NPS {came.nps:+}" if came.nps else "NPS 0"
    return f"{came.mean:.1f}" if came.mean is not None else ""


def _parts(one: Inquiry, came: Came, voice: Voice) -> Sequence[str]:
    """How many answered what, of all answers; on lines of their own but for a scale."""
    if one.kind == "nps":
        counts = {voice.say(said): getattr(came, key) for key, said in words.SIDES.items()}
    else:
        counts = dict(came.counts)
    told = [
        voice.say(words.MEANING, name=answer, meaning=share(count, came.answered)) for answer, count in counts.items()
    ]
    return [" · ".join(told)] if one.kind == "scale" else told
