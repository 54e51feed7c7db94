"""The homes that a simulation runs under: the one that is tried, and the one that it is compared with."""

from __future__ import annotations

from pathlib import Path

import typer

from cli.check import report
from cli.screen import screen
from cli.status import REFUSED
from config import home as homes
from config import site as sites
from config.home import Deployment
from config.problems import Language
from core.errors import InputRefused
from core.workflow import Group


def home_of(home: Path, language: Language) -> Deployment:
    """A home, ready to run. Ends the command with all its problems."""
    deployment = _looked(home, "", language)
    if deployment is None:
        raise typer.Exit(REFUSED)
    return deployment


def homes_of(home: Path, against: Path | None, language: Language) -> tuple[Deployment, Deployment | None]:
    """Both homes, ready to run. Ends the command with all problems of both, each under its option."""
    if against is not None and home.resolve() == against.resolve():
        raise InputRefused(
            f"--home and --against are the same folder, {home}; keep the home as it is now in a folder of its own"
            " (a copy, or: git worktree add ../served) and name that one with --against.",
            f"--home 和 --against 是同一个文件夹 {home}；请把现在的家另放一个文件夹"
            "（拷一份，或 git worktree add ../served），用 --against 指明它。",
        )
    tried = _looked(home, "--home" if against is not None else "", language)
    served = _looked(against, "--against", language) if against is not None else None
    if tried is None or (against is not None and served is None):
        raise typer.Exit(REFUSED)
    return tried, served


def group_of(deployment: Deployment, key: str | None) -> Group:
    """The group of a key, or the only one. Raises InputRefused."""
    found, home = deployment.groups, deployment.home
    if key is None and len(found) == 1:
        return next(iter(found.values()))
    if key is not None and key in found:
        return found[key]
    told = ", ".join(found)
    if key is None:
        raise InputRefused(
            f"{home} has {len(found)} groups; choose one with --group: {told}.",
            f"{home} 有 {len(found)} 个群；请用 --group 选一个：{told}。",
        )
    raise InputRefused(f"{home} has no group {key!r}; it has {told}.", f"{home} 没有群 {key!r}；有的是：{told}。")


def counterpart(served: Deployment, tried: Deployment, key: str) -> Group:
    """The group of the same key in the home that is compared with. Raises InputRefused."""
    found = served.groups.get(key)
    if found is not None:
        return found
    both = ", ".join(one for one in tried.groups if one in served.groups)
    todo = f"choose one that both have with --group: {both}." if both else "give the group the same key in both homes."
    zh = f"请用 --group 选一个两边都有的：{both}。" if both else "请让这个群在两个家里用同一个键。"
    raise InputRefused(
        f"{served.home} (--against) has no group {key!r}; it has {', '.join(served.groups)}; {todo}",
        f"{served.home}（--against）没有群 {key!r}；有的是：{', '.join(served.groups)}。{zh}",
    )


def _looked(home: Path, option: str, language: Language) -> Deployment | None:
    """A home, or None once its problems are told."""
    deployment, told = homes.look(home)
    if deployment is not None:
        return deployment
    if option:
        typer.echo(f"{option} {home}", err=True)
    problems = tuple(problem for problem in told if problem.weight == "problem")
    report(home, None, problems, language, screen(stderr=True))
    if not sites.is_home(home):
        typer.echo(_WHERE[language].format(option=option or "--home"), err=True)
    return None


_WHERE: dict[Language, str] = {
    "en": "Say where the home is: {option} DIR. A new one: yaji init my-home",
    "zh": "请用 {option} DIR 指明家在哪里。新建一个：yaji init my-home",
}
