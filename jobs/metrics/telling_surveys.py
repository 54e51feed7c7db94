"""What surveys came to: the sum, of how many answers, and of how many who could have answered."""

from __future__ import annotations

from collections.abc import Sequence

from jobs.metrics import words
from jobs.metrics.asked import Came, Inquiry
from jobs.metrics.parts import NONE, Heading, Note, Part, Row, Section, Voice, share


def surveys(inquiries: Sequence[Inquiry], voice: Voice) -> Section:
    """Each survey of the group."""
    if not inquiries:
        return voice.idle("surveys", words.SURVEYS, words.NO_SURVEYS)
    parts: list[Part] = [Heading(now=voice.say(words.RESULT), before=voice.say(words.ANSWERED))]
    for one in inquiries:
        came = one.came
        if came is None:
            beneath: tuple[str, ...] = (voice.say(words.NOT_TOLD, least=one.least),)
            parts.append(Row(name=one.question, now=NONE, before=NONE, beneath=beneath))
        else:
            beneath = (*answers(one, came, voice), voice.say(words.WHEN, asked=came.asked, told=came.told))
            answered = share(came.answered, came.could)
            parts.append(Row(name=one.question, now=result(came), before=answered, beneath=beneath))
    told = [one for one in inquiries if one.came is not None]
    kinds = {"nps": ("nps", "margin"), "scale": ("mean",), "choices": ("counts",)}
    meant = [key for kind, keys in kinds.items() if any(one.kind == kind for one in told) for key in keys]
    parts += [Note(text=voice.meaning(key)) for key in meant]
    if told:
        parts.append(voice.named(words.ANSWERED, "answered"))
    parts.append(Note(text=voice.meaning("surveys")))
    return voice.section("surveys", words.SURVEYS, parts)


def result(came: Came) -> str:
    """The answers in a number, where there is one."""
    if came.nps is not None:
        return f"NPS {came.nps:+}" if came.nps else "NPS 0"
    return f"{came.mean:.1f}" if came.mean is not None else ""


def sides(one: Inquiry, came: Came, voice: Voice) -> dict[str, int]:
    """How many answered what."""
    if one.kind == "nps":
        return {voice.say(said): getattr(came, key) for key, said in words.SIDES.items()}
    return dict(came.counts)


def answers(one: Inquiry, came: Came, voice: Voice) -> Sequence[str]:
    """How many answered what, of all answers; on lines of their own but for a scale."""
    told = [
        voice.say(words.MEANING, name=answer, meaning=share(count, came.answered))
        for answer, count in sides(one, came, voice).items()
    ]
    if one.kind == "scale":
        return [" · ".join(told)]
    return [*told, *([voice.say(words.MARGIN, points=came.margin)] if came.margin is not None else [])]
