"""Surveys that are well written and still cannot be meant: nobody reads them, or one is asked into another."""

from __future__ import annotations

from collections.abc import Set
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from typing import Any, Final

from config.chapter import Chapter
from config.places import Step
from config.problems import Problems, nearest, said
from core.occurrences import awake, instant
from workflows.event_options import Once
from workflows.options import span_text
from workflows.survey_options import ADMINS, Survey, Surveys, overlap, starved

_ANY_DAY: Final = date(2026, 3, 2)
_SOME_YEAR: Final = datetime(2026, 1, 1, tzinfo=UTC)


def consider(chapter: Chapter, problems: Problems) -> None:
    """Tell what can never happen (problems), and what is probably not meant (warnings)."""
    surveys = chapter.options.get("surveys")
    if not isinstance(surveys, Surveys) or chapter.heading is None:
        return
    if "wechat" in chapter.platforms and surveys.root:
        at = ("surveys", next(iter(surveys.root)))
        problems.tell("note", chapter.spot.at_path(at).name, chapter.spot.known(at), _READ_BY_ALL)
    for id_, survey in surveys.items():
        _groups(chapter, id_, survey, problems)
        _hours(chapter, id_, survey, problems)
        if survey.follow_up is not None and ADMINS not in survey.tell:
            en = "nobody reads what members write: their own words go to `admins` alone; add that to `tell`"
            zh = "成员写的话没有人看得到：只给 `admins`；请加进 `tell`"
            _tell(chapter, problems, "warning", (id_, "follow_up"), en, zh)
    met = set[str]()
    for (one, first), (other, second) in combinations(surveys.items(), 2):
        if _together(chapter, (one, first), (other, second), problems):
            met |= {one, other}
    _starved(chapter, surveys, met, problems)


_READ_BY_ALL: Final = said(
    "answers on WeChat are numbers, and what is written in the room is read by all: members are told that `/answer 9` "
    "works in private, too",
    "在微信上用数字回答，发在群里的大家都看得到；会告诉成员，也可以私聊发 `作答 9`",
)


def _groups(chapter: Chapter, id_: str, survey: Survey, problems: Problems) -> None:
    """Groups that are none, or are asked nothing."""
    known = [key for key in chapter.community.groups if key != chapter.community.admin_group]
    for key, written, more in (("to", survey.to, ()), ("tell", survey.tell, (ADMINS,))):
        for n, name in enumerate(written):
            path = (id_, key, *((n,) if len(written) > 1 else ()))
            if name not in (*known, *more):
                listed = ", ".join(f"`{one}`" for one in (*known, *more))
                en, zh = (
                    f"`{name}` is no group that can be asked; there are {listed}",
                    f"`{name}` 不是可以问的群；可用：{listed}",
                )
                _tell(chapter, problems, "problem", path, en, zh, guess=nearest(name, (*known, *more)))
            elif key == "tell" and name != ADMINS and survey.to and name not in survey.to:
                en = f"`{name}` hears about itself only, and is not asked; add it to `to`, or leave it out"
                zh = f"`{name}` 只听得到自己的结果，而这里不问它；请加进 `to`，或者去掉"
                _tell(chapter, problems, "problem", path, en, zh)


def _hours(chapter: Chapter, id_: str, survey: Survey, problems: Problems) -> None:
    """What is asked in the quiet hours is asked at their end, if half of its time is left then."""
    quiet = chapter.heading.quiet_hours if chapter.heading is not None else None
    if quiet is None or survey.at is None or not quiet.holds(survey.at.clock):
        return
    zone = chapter.community.timezone
    day = survey.at.day if isinstance(survey.at, Once) else _ANY_DAY
    at = instant(day, survey.at.clock, zone)
    then = awake(at, quiet.hours, zone)
    en, zh = (
        f"{survey.at.clock:%H:%M} lies in quiet_hours ({quiet}); ",
        f"{survey.at.clock:%H:%M} 在安静时段（{quiet}）里；",
    )
    if then - at > survey.open_for / 2:
        en += f"at their end more than half of {span_text(survey.open_for)} is over, so it is never asked"
        zh += f"结束时 {span_text(survey.open_for)} 已经过了一半，所以永远不会问"
        _tell(chapter, problems, "problem", (id_, "at"), en, zh)
    else:
        clock = then.astimezone(zone)
        _tell(
            chapter, problems, "warning", (id_, "at"), f"{en}it is asked at {clock:%H:%M}", f"{zh}改在 {clock:%H:%M} 问"
        )


def _together(chapter: Chapter, one: tuple[str, Survey], other: tuple[str, Survey], problems: Problems) -> bool:
    """Two that are open at once in one group: who answers one is not asked by the other. Whether they are."""
    (name, first), (later, second) = one, other
    met = (
        None
        if first.to and second.to and {*first.to}.isdisjoint(second.to)
        else overlap(first, second, _year(first, second), chapter.community.timezone)
    )
    if met is None:
        return False
    en = f"it is open at once with `{name}`, on {met.day} for example: who answers one cannot answer the other for now"
    zh = f"和 `{name}` 同时开放，例如 {met.day}：答了一个的人，暂时答不了另一个"
    _tell(chapter, problems, "warning", (later, "at"), en, zh)
    return True


def _starved(chapter: Chapter, surveys: Surveys, met: Set[str], problems: Problems) -> None:
    """Those that who answers another one each time is never asked by."""
    told = set(met)
    for group in chapter.community.groups:
        held = {id_: one for id_, one in surveys.items() if not one.to or group in one.to}
        for id_, other in starved(held, _year(*held.values()), chapter.community.timezone).items():
            if id_ in told:
                continue
            told.add(id_)
            peace = span_text(held[id_].again_after)
            en = (
                f"who answers `{other}` each time can never answer this one: {peace} of peace count from whichever was "
                f"answered last; make it shorter, or ask `{other}` less often"
            )
            zh = (
                f"每次都答 `{other}` 的人永远答不到这一个：不管答的是哪个，之后 {peace} 内都不再问；"
                f"请改短，或者少问几次 `{other}`"
            )
            _tell(chapter, problems, "warning", (id_, "again_after"), en, zh)


def _year(*surveys: Survey) -> datetime:
    """When a year begins in which they could meet."""
    days = [survey.at.day for survey in surveys if isinstance(survey.at, Once)]
    return datetime.combine(min(days), time(), UTC) - timedelta(days=30) if days else _SOME_YEAR


def _tell(
    chapter: Chapter, problems: Problems, weight: Any, path: tuple[Step, ...], en: str, zh: str, guess: str = ""
) -> None:
    path = ("surveys", *path)
    chapter.tell(problems, weight, path, said(en, zh), guess=guess)
