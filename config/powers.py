"""What the platforms of a community cannot do, and what becomes of it there: told before anybody is surprised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from adapters.telegram import reactions
from config.chapter import Chapter
from config.fields import written_as
from config.places import Step
from config.problems import Problems, Said, said
from config.sections import SECTIONS
from core.delivery import Ability
from workflows.actions import Action
from workflows.check_in_options import Challenge
from workflows.onboarding_options import Onboarding

Found = tuple[tuple[Step, ...], Action]


def compare(chapter: Chapter, problems: Problems) -> None:
    """Note each verb that a platform of the community lacks, once, at the first place where it is asked for."""
    for platform in chapter.platforms:
        asked: dict[str, list[tuple[Step, ...]]] = {}
        for path, action in actions(chapter):
            for verb in _verbs(action):
                if verb in BECOMES.get(platform, {}):
                    asked.setdefault(verb, []).append(path)
        for verb, paths in asked.items():
            becomes = BECOMES[platform][verb]
            more = len(paths) - 1
            en = f"`{verb}` on {NAMES[platform].en}: {becomes.en}" + (f" (and {more} more)" if more else "")
            zh = f"{NAMES[platform].zh}上的 `{verb}`：{becomes.zh}" + (f"（另有 {more} 处）" if more else "")
            chapter.tell(problems, "note", paths[0], said(en, zh))
        _buttons(chapter, platform, problems)
    if "telegram" in chapter.platforms:
        _reactions(chapter, problems)


def _reactions(chapter: Chapter, problems: Problems) -> None:
    """Warn of each reaction that Telegram refuses: written once, it would be refused each time."""
    for path, thing in parts(chapter):
        emoji = thing.react if isinstance(thing, Action | Challenge) else None
        if emoji is None or reactions.taken(emoji):
            continue
        answers = isinstance(thing, Challenge) and thing.gather is None
        became = _IN_WORDS if answers else _NO_REACTION
        found = said(
            f"Telegram takes no {emoji} as a reaction: {became.en}", f"Telegram 不收 {emoji} 这个表情回应：{became.zh}"
        )
        at = (*path, "react")
        chapter.tell(problems, "warning", at, found)


def actions(chapter: Chapter) -> Iterator[Found]:
    """Every action that the file asks for, with its path in the file."""
    yield from ((path, thing) for path, thing in parts(chapter) if isinstance(thing, Action))


def parts(chapter: Chapter) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """Every model that stands in the sections of a file, with its path in it."""
    return ((at, each) for at, each in values(chapter) if isinstance(each, BaseModel))


def values(chapter: Chapter) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """Everything that stands in the sections of a file, with its path in it."""
    for section in SECTIONS:
        options = chapter.options.get(section.workflow.name)
        if options is not None:
            yield from everything(options, (section.under,) if section.under else ())


def needed(chapter: Chapter) -> frozenset[Ability]:
    """What the assistant has to be able to do in the groups, for what this file asks of it now."""
    found: set[Ability] = set()
    for section in SECTIONS:
        options = chapter.options.get(section.workflow.name)
        if options is not None:
            inside = [(path, thing) for path, thing in walk(options, ())]
            idle = [path for path, thing in inside if getattr(thing, "mode", "on") in ("off", "shadow")]
            acts = [thing for path, thing in inside if not any(path[: len(above)] == above for above in idle)]
            found |= {ability for act in acts if isinstance(act, Action) for ability in _abilities(act)}
            found |= (
                {"hear"} if section.workflow.name in ("check_in", "rules", "reactivation", "ambassadors") else set()
            )
    if chapter.heading is not None and chapter.community.tidy:
        found |= {"delete"}
    if "referrals" in chapter.options:
        found |= {"invite"}
    onboarding = chapter.options.get("onboarding")
    if isinstance(onboarding, Onboarding):
        entry = onboarding.entry
        found |= {"approve"} if entry is not None and entry.asks_requests else set()
        if onboarding.guarded:
            found |= {"mute", "delete", "remove"}
        found |= {"delete"} if onboarding.hold else set()
        found |= {"hear"} if onboarding.steps or onboarding.tasks else set()
    return frozenset(found)


def _abilities(action: Action) -> Iterator[Ability]:
    """What an action takes. Anybody in a group can talk and react in it, so that is not asked for."""
    while action.propose is not None:
        action = action.propose
    if action.verb in ABILITIES:
        yield ABILITIES[action.verb]


def walk(thing: Any, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """Every model inside a model, itself first, with the path that operators write."""
    return ((at, each) for at, each in everything(thing, path) if isinstance(each, BaseModel))


def everything(thing: Any, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Any]]:
    """Every value inside a model, itself first, down to texts and numbers; with the path that operators write."""
    yield path, thing
    if isinstance(thing, BaseModel):
        for name, field in type(thing).model_fields.items():
            step = () if name == "root" else (written_as(name, field),)
            yield from everything(getattr(thing, name), (*path, *step))
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from everything(value, (*path, key))
    elif isinstance(thing, tuple | list):
        for i, value in enumerate(thing):
            yield from everything(value, (*path, i))


def _verbs(action: Action) -> Iterator[str]:
    yield action.verb
    if action.say is not None and action.say.to == "member":
        yield "say to member"
    if action.propose is not None:
        yield "buttons"


def _buttons(chapter: Chapter, platform: str, problems: Problems) -> None:
    onboarding = chapter.options.get("onboarding")
    steps = getattr(onboarding, "steps", ())
    if platform != "wechat":
        return
    if isinstance(onboarding, Onboarding) and onboarding.entry is not None and onboarding.entry.asks_requests:
        at: tuple[Step, ...] = ("onboarding", "entry")
        problems.tell("note", chapter.spot.at_path(at).name, at, _REQUESTS)
    for i, step in enumerate(steps):
        if step.options:
            path: tuple[Step, ...] = ("onboarding", "steps", i, "options")
            problems.tell("note", chapter.spot.at_path(path).name, path, _LIST)
            return


ABILITIES: Mapping[str, Ability] = {
    "delete": "delete",
    "mute": "mute",
    "unmute": "mute",
    "remove": "remove",
    "ban": "ban",
    "unban": "ban",
    "pin": "pin",
    "approve": "approve",
    "decline": "approve",
}
"""Which ability each verb takes that an assistant has only if an admin grants it."""
NAMES = {"telegram": said("Telegram", "Telegram "), "wechat": said("WeChat", "微信")}
_REMINDED = said(
    "becomes a public reminder and a line to the admins: WeChat has nothing like it",
    "变成群里的公开提醒，并告知管理员：微信没有这个功能",
)
_ADMINS = said("becomes a line to the admins: WeChat has nothing like it", "变成给管理员的一句话：微信没有这个功能")
_OWNER = said(
    "works where the assistant owns the room; elsewhere it becomes a public reminder and a line to the admins",
    "仅在助手是群主时有效；否则变成群里的公开提醒，并告知管理员",
)
_REQUESTS = said(
    "asks nobody on WeChat: it tells no requests to join; whoever is let in by others goes on with the steps",
    "在微信上不会问任何人：微信不通知入群申请；被拉进来的人直接从后面的步骤开始",
)
_LIST = said(
    "buttons on WeChat: become a numbered list; a number counts while the question is open for that member",
    "微信上的按钮：变成带编号的列表；只在该成员的问题未结束时，数字才算回答",
)
_IN_WORDS = said("check-ins are answered in words there", "那里的打卡会用文字回复")
_NO_REACTION = said("it is left out there", "那里会省略")
BECOMES: Mapping[str, Mapping[str, Said]] = {
    "telegram": {
        "say to member": said(
            "reaches only members who have written to the assistant before; others are told in the group",
            "只有先给助手发过消息的成员才收得到；其他人在群里告知",
        ),
    },
    "wechat": {
        "delete": _REMINDED,
        "mute": _REMINDED,
        "unmute": _ADMINS,
        "remove": _OWNER,
        "ban": _OWNER,
        "unban": _ADMINS,
        "pin": _ADMINS,
        "react": said("is left out: WeChat has no reactions", "会省略：微信没有表情回应"),
        "approve": _ADMINS,
        "decline": _ADMINS,
        "say to member": said(
            "reaches only contacts of the assistant; others are told in the group",
            "只有助手的好友收得到；其他人在群里告知",
        ),
    },
}
