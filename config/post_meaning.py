"""Posts and events for groups that are none, a budget that nothing uses, and quiet hours that are the day: well
written, and silently not what was meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any, Final

from config.chapter import Chapter
from config.places import Step
from config.problems import Problems, nearest, said
from workflows.content_options import Contents
from workflows.event_options import Events
from workflows.reactivation_options import Reactivate

_NOON: Final = time(12)


def consider(chapter: Chapter, problems: Problems) -> None:
    """Tell where nothing would ever be posted (problems), and what is probably not meant (warnings)."""
    if chapter.heading is None:
        return
    contents, events = chapter.options.get("content"), chapter.options.get("events")
    if isinstance(contents, Contents):
        _groups(chapter, "content", contents.content, problems)
        _budget(chapter, contents, problems)
    if isinstance(events, Events):
        _groups(chapter, "events", events.root, problems)
    _quiet(chapter, problems)
    _silent(chapter, problems)


def _groups(chapter: Chapter, section: str, posts: Mapping[str, Any], problems: Problems) -> None:
    """Groups that are none, and the admins' own, where nothing is posted."""
    desk = chapter.community.admin_group
    known = [key for key in chapter.community.groups if key != desk]
    for id_, post in posts.items():
        for n, to in enumerate(post.to):
            path: tuple[Step, ...] = (section, id_, "to", *((n,) if len(post.to) > 1 else ()))
            if to not in known:
                why = _ADMINS if to == desk else _NO_GROUP
                guess = "" if to == desk else nearest(to, known)
                told = why.filled(group=to, known=_listed(known))
                chapter.tell(problems, "problem", path, told, guess=guess)


def _listed(names: Iterable[str]) -> Any:
    return said(", ".join(f"`{name}`" for name in names), "、".join(f"`{name}`" for name in names))


def _budget(chapter: Chapter, contents: Contents, problems: Problems) -> None:
    """A budget without advertising keeps nothing; advertising without a budget is kept by nothing. Where days are
    written, they may be more than the budget has room for."""
    advertising = [id_ for id_, post in contents.content.items() if post.promotional]
    if contents.marketing_budget is not None and not advertising:
        spot = chapter.spot.at_path(("marketing_budget",))
        problems.tell("warning", spot.name, ("marketing_budget",), _NOTHING_TO_KEEP)
    if advertising and contents.marketing_budget is None:
        path = ("content", advertising[0], "promotional")
        chapter.tell(problems, "warning", path, _NOTHING_KEEPS_IT)
    most = contents.marketing_budget.promotional_per_week if contents.marketing_budget is not None else None
    for group in (key for key in chapter.community.groups if key != chapter.community.admin_group):
        meant = [post for post in contents.content.values() if post.promotional and (not post.to or group in post.to)]
        times = sum(len(post.days) for post in meant if "days" in post.model_fields_set)
        if most is not None and times > most:
            why = _MORE_THAN_IT.filled(times=times, group=group, most=most)
            chapter.tell(problems, "note", ("marketing_budget", "promotional_per_week"), why)
            break


def _quiet(chapter: Chapter, problems: Problems) -> None:
    """Quiet hours of more than half a day that hold noon were probably written the other way round."""
    quiet = chapter.heading.quiet_hours if chapter.heading is not None else None
    if quiet is None or not quiet.holds(_NOON):
        return
    begin, end = (each.hour * 60 + each.minute for each in (quiet.start, quiet.end))
    minutes = (end - begin) % (24 * 60)
    if minutes > 12 * 60:
        guess = f"`{quiet.end:%H:%M}-{quiet.start:%H:%M}`"
        why = _BY_DAY.filled(hours=minutes // 60)
        problems.tell("warning", chapter.spot.at_path(("quiet_hours",)).at, ("quiet_hours",), why, guess=guess)


def _silent(chapter: Chapter, problems: Problems) -> None:
    """A look after the silent that falls into the quiet hours; in their last minute it is late by none that counts."""
    quiet = chapter.heading.quiet_hours if chapter.heading is not None else None
    looked = chapter.options.get("reactivation")
    if quiet is not None and isinstance(looked, Reactivate) and quiet.holds(looked.at) and looked.at != quiet.end:
        told = _LATER.filled(at=f"{looked.at:%H:%M}", quiet=quiet, then=f"{quiet.hours.end:%H:%M}")
        chapter.tell(problems, "warning", ("reactivate", "at"), told)


_LATER: Final = said(
    "{at} lies in quiet_hours ({quiet}); it is looked after the silent at {then}",
    "{at} 在安静时段（{quiet}）里，改在 {then} 找",
)
_NO_GROUP: Final = said(
    "there is no group `{group}`, so it is posted nowhere; there are {known}",
    "没有群 `{group}`，所以哪里都不会发；可用：{known}",
)
_ADMINS: Final = said(
    "`{group}` is the admins' own group, and nothing is posted there; there are {known}",
    "`{group}` 是管理群，那里不发这些；可用：{known}",
)
_NOTHING_TO_KEEP: Final = said(
    "no post under `content:` is `promotional: true`, so the budget holds nothing back; what events post is not in it",
    "`content:` 里没有哪条写着 `promotional: true`，推广额度什么也管不到；活动的公告不占额度",
)
_NOTHING_KEEPS_IT: Final = said(
    "without `marketing_budget:` nothing limits how often this is posted",
    "没有 `marketing_budget:`，这条发多少次都没有限制",
)
_MORE_THAN_IT: Final = said(
    "what is written advertises {times} times a week in `{group}`, and the budget has room for {most}: what comes "
    "later waits, so not all of it is posted",
    "写下的推广在 `{group}` 里一周要发 {times} 次，而额度只有 {most} 次：后到的要等，所以发不全",
)
_BY_DAY: Final = said(
    "that is {hours} hours of quiet, by day: reminders wait until they are over",
    "安静时段有 {hours} 个小时，白天都在里面：提醒要等它结束才发",
)
