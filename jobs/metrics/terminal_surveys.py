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
            lines.append(aside(" · ".join(_parts(came, voice))))
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


def _parts(came: Came, voice: Voice) -> Iterator[str]:
    """How many answered what, of all answers."""
    if came.nps is not None:
        for key, said in words.SIDES.items():
            yield f"{voice.say(said)} {share(getattr(came, key), came.answered)}"
        return
    for answer, count in came.counts.items():
        yield voice.say(words.MEANING, name=answer, meaning=share(count, came.answered))
