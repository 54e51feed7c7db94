"""Where a home lies and how it is connected: what its database and its secret take, whatever its communities say."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from config.blame import blame
from config.deployment import Settings
from config.folder import Folder
from config.places import Place, Spot
from config.problems import Problems, Said, nearest, refused, said

_FILE: Final = "yaji.yaml"
_ELSEWHERE: Final = ("platforms", "web")
"""Sections of `yaji.yaml` that say nothing of where state is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The folder of a home, and its `yaji.yaml`."""

    home: Path
    settings: Settings


def site(home: Path, *, told: bool = False) -> Site:
    """Where a home keeps its state. No community is read, and what is wrong elsewhere in `yaji.yaml` is passed over.
    Raises ConfigError with what leaves the database unknown: nothing does where the environment tells it (`told`)."""
    problems = Problems()
    if not is_home(home):
        tell_absent(home, problems)
        raise refused(problems.of("problem"))
    written, settings, _ = written_settings(Folder(home, problems), problems)
    found = problems.of("problem")
    if not told and not all(problem.path and problem.path[0] in _ELSEWHERE for problem in found):
        raise refused(found)
    return Site(home=home, settings=settings if settings is not None else as_far_as_understood(written))


def written_settings(folder: Folder, problems: Problems) -> tuple[Mapping[str, Any], Settings | None, Spot | None]:
    """`yaji.yaml` as it is written, as settings unless they are refused, and where it stands; defaults where there is
    none."""
    if not (folder.root / _FILE).exists():
        return {}, Settings(), None
    value, spot = folder.yaml(_FILE)
    if spot.broken:
        return {}, None, spot
    try:
        return value or {}, Settings.model_validate({} if value is None else value), spot
    except ValidationError as error:
        blame(error, Settings, spot, problems, ())
        return value, None, spot


def as_far_as_understood(written: object) -> Settings:
    """What is written as settings, with defaults for what cannot be understood; for looking, never for serving."""
    kept = deepcopy(written) if isinstance(written, dict) else {}
    while True:
        try:
            return Settings.model_validate(kept)
        except ValidationError as error:
            for way in {_at_fault(kept, each["loc"]) for each in error.errors(include_url=False, include_input=False)}:
                _drop(kept, way)


def _at_fault(kept: object, path: Sequence[int | str]) -> tuple[int | str, ...]:
    """The way to the innermost entry of a mapping that something is wrong with."""
    way: list[int | str] = []
    for step in path:
        if not isinstance(kept, dict) or step not in kept:
            break
        way.append(step)
        kept = kept[step]
    return tuple(way)


def _drop(kept: dict[Any, Any], way: Sequence[int | str]) -> None:
    if not way:
        kept.clear()
        return
    for step in way[:-1]:
        kept = kept.get(step, {})
    kept.pop(way[-1], None)


def is_home(home: Path) -> bool:
    """Whether there is anything to look at: a folder with communities, or with a `yaji.yaml`."""
    return (home / "communities").is_dir() or (home / _FILE).is_file()


def tell_absent(home: Path, problems: Problems) -> None:
    """Tell what stands where a home should be, and what a home is."""
    problems.tell("problem", Place(str(home), 0), (), _absent(home), guess=_meant(home))


def _meant(home: Path) -> str:
    """The home that was probably meant: the one that a folder or a file is in, or one beside it with a name like that;
    nothing where there is none."""
    around = next((each for each in home.absolute().parents[:2] if is_home(each)), None)
    if around is not None and home.exists():
        return f"`{around if home.is_absolute() else os.path.relpath(around)}`"
    try:
        beside = {str(each): each.name for each in home.parent.iterdir() if is_home(each)}
    except OSError:
        return ""
    near = nearest(home.name, beside.values()).strip("`")
    return next((f"`{path}`" for path, name in beside.items() if name == near), "")


def _absent(home: Path) -> Said:
    if home.is_dir():
        found = said("no `communities` folder in it", "里面没有 `communities` 文件夹")
    elif home.exists():
        found = said("it is a file", "这是一个文件")
    else:
        found = said("there is no such folder", "没有这个文件夹")
    return said(
        f"{found.en}; a home is a folder with `communities/<name>.yaml` (`yaji init my-home` makes one)",
        f"{found.zh}；家是放着 `communities/<名字>.yaml` 的文件夹（`yaji init my-home` 可以新建）",
    )
