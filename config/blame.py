"""From what pydantic found wrong with a value to problems at places of the file it was written in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pydantic import BaseModel, ValidationError

from config import descriptions, fields, misplaced, short_forms, spoken_words, torn
from config.faults import Fault, commented, fault_of, what_stands
from config.key_names import key_meant
from config.places import Spot, Step
from config.problems import Problem, Problems, Said, nearest, said
from config.sentences import further, sentence
from config.wanted import MOST_LISTED, bounded, choices, keyed, of_pydantic, one_of, what_fits
from config.yaml_slips import in_wide_brackets, plainly


def blame(
    error: ValidationError, model: type[BaseModel], spot: Spot, problems: Problems, path: Sequence[Step] = ()
) -> None:
    """Tell every error of a validation. `spot` is that of the validated value, `path` leads to it from the top."""
    faults = [fault_of(each, spot) for each in error.errors(include_url=False)]
    faults, in_brackets = torn.mended(_likeliest([each for each in faults if not _hollow(each)]), spot, tuple(path))
    for problem in in_brackets:
        problems.add(problem)
    nameless, faults = misplaced.unnamed(faults, model)
    for fault in nameless:
        problems.add(misplaced.nameless(fault, tuple(path)))
    for fault in faults:
        if not fault.spot.broken and not _of_a_part(fault):
            problems.add(_guessed_plainly(fault, _beside(spot, fault, _problem(fault, model, tuple(path)))))
            for other in further(fault, model, tuple(path)):
                problems.add(other)


def _beside(spot: Spot, fault: Fault, problem: Problem) -> Problem:
    """A problem with something that stands twice tells where the first one stands."""
    first = fault.context.get("first")
    if not isinstance(first, int):
        return problem
    at = spot.at_path((*fault.path[:-2], first, *fault.path[-1:])).at
    return replace(problem, why=said(f"{problem.why.en}; the first is at {at}", f"{problem.why.zh}；第一条在 {at}"))


def _guessed_plainly(fault: Fault, problem: Problem) -> Problem:
    """What stands in wide brackets, or behind a `-` without a space, was probably meant to be a list or a mapping."""
    written = fault.spot.written
    if fault.spot.style or fault.about_key:
        return problem
    if word := commented(fault.spot):
        return replace(problem, guess=f'`"{word}"`')
    if in_wide_brackets(written):
        return replace(problem, guess=f"`{plainly(written)}`")
    item = _NO_ITEM.fullmatch(written)
    return replace(problem, guess=f"`- {item[1]}`") if item is not None and problem.guess else problem


def _hollow(fault: Fault) -> bool:
    """Lists whose entries were refused are called too short as well; that says nothing new."""
    least = fault.context.get("min_length")
    return fault.kind == "too_short" and isinstance(least, int) and len(fault.error["input"]) >= least


def _of_a_part(fault: Fault) -> bool:
    """Whether a whole is refused of which a part was refused before, as a file that is not there: that says it all."""
    return fault.kind == "value_error" and any(part.broken for part in fault.spot.children.values())


def _likeliest(faults: list[Fault]) -> list[Fault]:
    """Where a value could be one of several things, keep what is wrong with the one that it nearly is."""
    kept = [fault for fault in faults if not fault.branches]
    unions: dict[tuple[Step, ...], dict[str, list[Fault]]] = {}
    for fault in faults:
        if fault.branches:
            depth, label = fault.branches[0]
            unions.setdefault(fault.path[:depth], {}).setdefault(label, []).append(fault)
    for at, readings in unions.items():
        inside = {label: _likeliest([_entered(f) for f in those]) for label, those in readings.items()}
        best = max(inside.values(), key=lambda those: (_depth(those), -len(those)))
        if _depth(best) > (len(at), False):
            kept += best
            continue
        first = best[0]
        wants = [what_fits(fault) for those in inside.values() for fault in those[:1]]
        either = Said(" or ".join(dict.fromkeys(w.en for w in wants)), "或".join(dict.fromkeys(w.zh for w in wants)))
        context = {**first.context, "either": either}
        kept.append(
            Fault(
                path=first.path,
                spot=first.spot,
                branches=(),
                about_key=first.about_key,
                error={**first.error, "ctx": context},
            )
        )
    return kept


def _entered(fault: Fault) -> Fault:
    return Fault(
        path=fault.path, spot=fault.spot, branches=fault.branches[1:], about_key=fault.about_key, error=fault.error
    )


def _depth(faults: Sequence[Fault]) -> tuple[int, bool]:
    """How far into the value a reading of it got; a value of the right shape with something missing got in too."""
    return max((len(f.path), f.kind in ("missing", "value_error")) for f in faults)


def _problem(fault: Fault, model: type[BaseModel], above: tuple[Step, ...]) -> Problem:
    path = above + fault.path
    place = fault.spot.name if fault.about_key or fault.kind == "missing" else fault.spot.at
    if fault.kind == "missing":
        name = str(fault.error["loc"][-1])
        _, field = fields.at(model, fault.error["loc"])
        purpose = f" ({field.description})" if field is not None and field.description else ""
        found = said(f"no `{name}`", f"没有 `{name}`")
        zh = descriptions.chinese().get(field.description or "", "") if field is not None else ""
        wanted = said(f"`{name}:`{purpose}", f"`{name}:`" + (f"（{zh}）" if zh else ""))
        return Problem(place=place, path=path, found=found, wanted=wanted)
    if fault.kind == "extra_forbidden":
        key = str(fault.path[-1])
        opened = _OPENED.fullmatch(key)
        if opened is not None:
            found = said(f"`{opened[1]}` without a colon after it", f"后面没有冒号的 `{opened[1]}`")
            return Problem(place=place, path=path[:-1], found=found, wanted=said(f"`{opened[1]}: {opened[2]}`"))
        allowed = [name for each in fields.models_at(model, fault.path[:-1]) for name in fields.keys_of(each)]
        found = said(f"the unknown key `{key}`", f"不认识的键 `{key}`")
        guess = key_meant(key, allowed) or nearest(key, allowed)
        belongs = misplaced.where(key, fault, model, guess)
        if belongs is not None:
            return Problem(place=place, path=path, why=belongs)
        wanted = one_of(allowed) if len(allowed) <= MOST_LISTED or not guess else _KNOWN_KEY
        return Problem(place=place, path=path, found=found, wanted=wanted, guess=guess)
    if fault.kind in ("value_error", "assertion_error") or not of_pydantic(fault):
        return sentence(fault, path, place)
    wanted = fault.context.get("either") or bounded(fault, model) or keyed(fault, model) or what_fits(fault)
    guess = ""
    if fault.kind in ("literal_error", "enum"):
        known = choices(fault)
        guess = nearest(fault.error["input"], known) or spoken_words.meant(fault.error["input"], known)
        if isinstance(fault.error["input"], bool) and {"on", "off"} <= {*known}:
            guess = "`on`" if fault.error["input"] else "`off`"
        if guess == f"`{fault.error['input']}`":
            return Problem(place=place, path=path, found=_QUOTED.filled(text=fault.spot.written), wanted=_NO_QUOTES)
    elif fault.kind in _MAPPINGS and (written := _WIDE_COLON.fullmatch(fault.spot.written)) is not None:
        guess = f"`{written[1]}: {written[2]}`"
    guess = guess or short_forms.meant(fault, model)
    if (
        fault.kind in _MAPPINGS
        and isinstance(fault.error["input"], list)
        and misplaced.named(model, fault.error["loc"])
    ):
        wanted = _NAMES
    elif fault.kind in _LISTS and isinstance(fault.error["input"], dict):
        wanted = _ENTRIES
    return Problem(place=place, path=path, found=what_stands(fault), wanted=wanted, guess=guess)


_NAMES = said(
    "a name of your own for each, like `main:`, with its keys below, and no `-`",
    "每一个先写自己起的名字，例如 `main:`，键写在它下面，不写 `-`",
)
_ENTRIES = said("a list, each entry of which begins with `-`", "一个列表，每一项以 `-` 开头")
_LISTS = ("list_type", "tuple_type")
_MAPPINGS = ("dict_type", "model_type", "model_attributes_type")
_WIDE_COLON = re.compile(r"([A-Za-z0-9_.-]+) *：\s*([^：]*)")
"""One key and its value. More of them may be several lines that YAML folded into one."""
_NO_ITEM = re.compile(r"-([A-Za-z_]\w*)")
_OPENED = re.compile(r"([\w-]+) *(\{ *[\w-]+)")
"""`remind {at` is a key to YAML, whose value is what comes after the colon."""
_QUOTED = said('the text "{text}"', '文字 "{text}"')
_NO_QUOTES = said("the number, without quotes", "数，不加引号")
_KNOWN_KEY = said("a key that is known here", "这里认识的键")
