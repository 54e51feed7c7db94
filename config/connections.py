"""What `yaji.yaml` and the communities say about each other: which bot serves a group, where admins are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from config.chapter import Chapter
from config.deployment import Secret, Settings, Telegram
from config.places import Spot
from config.problems import Problems, nearest, said


def consider(settings: Settings, deployed: Spot | None, chapters: Iterable[Chapter], problems: Problems) -> None:
    """Tell what cannot be connected. `deployed` is where `yaji.yaml` stands, None where there is none."""
    bots = accounts(settings)
    for chapter in chapters:
        if chapter.heading is not None:
            _bots(chapter, bots, problems)
            _desk(chapter, next(iter(bots)), problems)
    telegram = settings.platforms.telegram
    if deployed is not None and telegram is not None and telegram.mode == "webhook" and settings.web.public_url is None:
        path = ("platforms", "telegram", "mode")
        problems.tell("problem", deployed.at_path(path).at, path, _NO_PUBLIC_URL)


def accounts(settings: Settings) -> Mapping[str, Secret]:
    """Every Telegram bot with the name of its token, the default one first; there is one without any settings, too."""
    return (settings.platforms.telegram or Telegram()).accounts


def _bots(chapter: Chapter, bots: Mapping[str, Secret], problems: Problems) -> None:
    for key, written in chapter.community.groups.items():
        if written is None or written.bot is None or written.bot in bots:
            continue
        path = ("community", "groups", key, "bot")
        listed = ", ".join(f"`{name}`" for name in bots)
        wanted = said(f"a bot of yaji.yaml: {listed}", f"yaji.yaml 里的机器人：{listed.replace(', ', '、')}")
        guess = nearest(written.bot, bots)
        problems.refuse(chapter.spot.at_path(path).at, path, f"`{written.bot}`", wanted, guess=guess)


def _desk(chapter: Chapter, default: str, problems: Problems) -> None:
    desk, groups = chapter.community.admin_group, chapter.community.groups
    if desk is None:
        return
    path = ("community", "admin_group")
    place = chapter.spot.at_path(path).at
    if desk not in groups:
        listed = ", ".join(f"`{key}`" for key in groups)
        wanted = said(f"a group of this community: {listed}", f"这个社群的一个群：{listed.replace(', ', '、')}")
        problems.refuse(place, path, f"`{desk}`", wanted, guess=nearest(desk, groups))
    elif len(groups) == 1:
        problems.tell("problem", place, path, _ONLY_GROUP)
    bots = {key: written.bot or default if written is not None else default for key, written in groups.items()}
    apart = [key for key, bot in bots.items() if bot != bots.get(desk, bot)]
    if apart:
        en = f"the group `{apart[0]}` has another bot (`{bots[apart[0]]}`), which cannot write here; give both the same"
        zh = f"群 `{apart[0]}` 用的是另一个机器人（`{bots[apart[0]]}`），它没法在这里说话；请让两个群用同一个"
        problems.tell("problem", place, path, said(en, zh))


_NO_PUBLIC_URL = said(
    "Telegram delivers to an address of yours; write it as `web.public_url: https://…`, or use `mode: poll`",
    "Telegram 要有地址可送；请写 `web.public_url: https://…`，或者用 `mode: poll`",
)
_ONLY_GROUP = said(
    "nothing else runs in the admins' group, and this community has no other; give the admins a group of their own",
    "管理群里不跑别的功能，而这个社群只有这一个群；请给管理员单独一个群",
)
