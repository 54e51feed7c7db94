"""`texts/zh.yaml` and `texts/en.yaml`: an operator's own wording of the assistant's sentences."""

from __future__ import annotations

import re
from typing import Any

from config import placeholders
from config.folder import Folder
from config.places import Place, Spot
from config.problems import Problems, nearest, quoted, said
from workflows.catalog import SHIPPED, Catalog


def catalog(folder: Folder, problems: Problems) -> Catalog:
    """The shipped sentences with those that the home words differently. Each wrong one is told and left as shipped."""
    made: Catalog = Catalog.shipped()
    for file in folder.files("texts"):
        language = file.removeprefix("texts/").rpartition(".")[0]
        if language not in SHIPPED:
            names = [f"texts/{known}.yaml" for known in SHIPPED]
            wanted = said(" or ".join(names), " 或 ".join(names))
            problems.refuse(Place(file), (), f"`{file}`", wanted)
            continue
        value, spot = folder.yaml(file)
        if not spot.broken and value is not None:
            made = _worded(made, language, value, spot, problems)
    return made


def _worded(made: Catalog, language: str, written: Any, spot: Spot, problems: Problems) -> Catalog:
    if not isinstance(written, dict):
        problems.refuse(spot.at, (), quoted(written), _SECTIONS)
        return made
    keys = made.keys(language)
    sections = sorted({key.partition(".")[0] for key in keys})
    for section, sentences in written.items():
        above = spot.children[str(section)]
        if section not in sections:
            problems.refuse(
                above.name,
                (section,),
                f"`{section}`",
                said(_list(sections), _list(sections, "、")),
                guess=nearest(section, sections),
            )
            continue
        if not isinstance(sentences, dict):
            if not above.broken:
                problems.refuse(above.at, (section,), quoted(sentences), _SECTIONS)
            continue
        known = sorted(key.partition(".")[2] for key in keys if key.startswith(f"{section}."))
        for name, text in sentences.items():
            here = above.children[str(name)]
            path = (section, str(name))
            if name not in known:
                problems.refuse(here.name, path, f"`{name}`", _A_SENTENCE, guess=nearest(name, known))
            elif not isinstance(text, str) or not text.strip():
                if not here.broken:
                    problems.refuse(here.at, path, quoted(text), said("a text", "文字"))
            else:
                made = _one(made, language, (section, str(name)), text, here, problems)
    return made


def _one(made: Catalog, language: str, path: tuple[str, str], text: str, here: Spot, problems: Problems) -> Catalog:
    section, name = path
    may_speak_of = made.knows(f"{section}.{name}", language)
    try:
        made = made.overridden(language, {section: {name: text}})
        placeholders.warn(text, may_speak_of, here, path, problems)
        return made
    except ValueError as error:
        message, place = str(error), here.at
        strange = re.search(r"knows nothing of ([\w.]+)", message)
        if strange is not None and strange[1] in text:
            place = here.inside(text, text.index(strange[1]))
            names = sorted(may_speak_of)
            problems.refuse(
                place,
                path,
                f"`{strange[1]}`",
                said(_list(names), _list(names, "、", "这里不能用 ${...}")),
                guess=nearest(strange[1], names),
            )
        else:
            problems.tell("problem", place, path, said(message))
        return made


def _list(names: list[str], comma: str = ", ", none: str = "no ${...} here") -> str:
    return comma.join(f"`{name}`" for name in names) or none


_SECTIONS = said("sections with sentences, like in the shipped file", "分节的句子，和自带的文件一样")
_A_SENTENCE = said("a sentence of the shipped file", "自带文件里有的句子")
