"""What is well written and still cannot be meant: looked for across sections, where no single option could tell."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any, Final

from config.chapter import Chapter, Heading
from config.fields import keys_of
from config.places import Step
from config.powers import actions, walk
from config.problems import Problems, nearest, said
from config.section_names import section_meant
from config.sections import SECTIONS
from core.workflow import Group
from workflows.actions import NEEDS_MESSAGE
from workflows.check_in_options import Challenge, CheckIns, Ringing
from workflows.check_in_reminders import moment
from workflows.conversion_options import Conversions
from workflows.digest_options import ADMINS, SUBSCRIBERS, Digests
from workflows.onboarding_options import Onboarding
from workflows.rule_options import Rules
from workflows.tier_options import Tiers

_ANY_DAY = date(2026, 3, 2)
_WINTER_TIME = {"EST": "America/New_York", "MST": "America/Denver"}
WITHOUT_MESSAGE = ("on_complete", "on_give_up", "on_missed", "on_reach")


def consider(chapter: Chapter, problems: Problems) -> None:
    """Tell what can never happen (problems), what is probably not meant (warnings) and what is not done yet (notes)."""
    check_ins = chapter.options.get("check_in")
    onboarding = chapter.options.get("onboarding")
    rules = chapter.options.get("rules")
    tiers = chapter.options.get("tiers")
    if isinstance(check_ins, CheckIns):
        _check_ins(chapter, check_ins, problems)
    if isinstance(onboarding, Onboarding):
        _onboarding(chapter, onboarding, check_ins, problems)
    if isinstance(rules, Rules):
        _rules(chapter, rules, problems)
    _tiers_named(chapter, tiers if isinstance(tiers, Tiers) else None, problems)
    _conversions(chapter, problems)
    _messageless(chapter, problems)
    _people(chapter, problems)
    _zone(chapter, problems)
    _digests(chapter, problems)
    _readers(chapter, problems)


def _check_ins(chapter: Chapter, check_ins: CheckIns, problems: Problems) -> None:
    for key, challenge in check_ins.items():
        _bonus(chapter, key, challenge, problems)
        _reminder(chapter, key, challenge, problems)
    alone = [key for key, challenge in check_ins.items() if challenge.gather is None]
    if alone and "wechat" in chapter.platforms:
        en = "on WeChat each check-in is answered alone, and the account says only so much a day; with "
        en += "`gather: {every: 10m}` in place of `reply` those of ten minutes are answered in one message"
        zh = "在微信上每次打卡都单独回一条，而账号一天能说的话有限；"
        zh += "把 `reply` 换成 `gather: {every: 10m}`，十分钟内的打卡就合成一条回复"
        _tell(chapter, problems, "note", ("check_ins", alone[0]), en, zh, key=True)


def _bonus(chapter: Chapter, key: str, challenge: Challenge, problems: Problems) -> None:
    days = challenge.calendar.length()
    for length in challenge.streak.bonus if days is not None else ():
        if days is not None and length > days:
            en = f"the challenge asks for {days} days in all, so a streak of {length} can never be reached"
            zh = f"整个打卡项目只有 {days} 天，连续 {length} 天永远达不到"
            _tell(chapter, problems, "problem", ("check_ins", key, "streak", "bonus", str(length)), en, zh)


def _reminder(chapter: Chapter, key: str, challenge: Challenge, problems: Problems) -> None:
    remind, danger, window = challenge.remind, challenge.streak.danger, challenge.window
    if danger is not None:
        _in_quiet_hours(chapter, ("check_ins", key, "streak", "danger", "at"), "danger", danger.at, challenge, problems)
    if remind is None:
        return
    path = ("check_ins", key, "remind", "at")
    _in_quiet_hours(chapter, path, "remind", remind.at, challenge, problems)
    if window is not None and challenge.minute(remind.at) < challenge.minute(window.start):
        en = f"the reminder at {remind.at:%H:%M} comes before the window {window} opens; nobody can check in then"
        zh = f"{remind.at:%H:%M} 的提醒早于打卡时段 {window}，那时还不能打卡"
        _tell(chapter, problems, "warning", path, en, zh)


def _in_quiet_hours(
    chapter: Chapter, path: tuple[Step, ...], kind: Ringing, at: time, challenge: Challenge, problems: Problems
) -> None:
    """Tell when a reminder comes that falls into the quiet hours."""
    quiet = chapter.heading.quiet_hours if chapter.heading is not None else None
    if quiet is None or not quiet.holds(at):
        return
    then = moment(kind, challenge, Group(key="any", quiet=quiet.hours), _ANY_DAY).time()
    en, zh = f"{at:%H:%M} lies in quiet_hours ({quiet}); ", f"{at:%H:%M} 在安静时段（{quiet}）里；"
    if then == at:
        en, zh = (
            f"{en}it comes at its time, as nobody can check in outside of them",
            f"{zh}外面的时间打不了卡，所以仍按时发",
        )
    else:
        en, zh = f"{en}it comes at {then:%H:%M}", f"{zh}改在 {then:%H:%M} 发"
    _tell(chapter, problems, "warning", path, en, zh)


def _messageless(chapter: Chapter, problems: Problems) -> None:
    """Actions on a message, asked for where there is none."""
    for path, action in actions(chapter):
        place = next((step for step in path if step in WITHOUT_MESSAGE), None)
        if place is not None and action.verb in NEEDS_MESSAGE:
            en, zh = (
                f"`{action.verb}` needs a message, and `{place}` has none",
                f"`{action.verb}` 要有一条消息，而 `{place}` 没有",
            )
            _tell(chapter, problems, "problem", path, en, zh)


def _onboarding(chapter: Chapter, onboarding: Onboarding, check_ins: Any, problems: Problems) -> None:
    over = onboarding.give_up_after
    if over is not None and onboarding.remind.times and onboarding.remind.after >= over and onboarding.steps:
        en = "the first reminder comes when the steps are given up already; make `after` shorter than `give_up_after`"
        zh = "第一次提醒还没到就已经放弃了；让 `after` 短于 `give_up_after`"
        _tell(chapter, problems, "warning", ("onboarding", "remind"), en, zh)
    if check_ins is None and attempted(chapter, "check_in"):
        return
    known = set(check_ins) if isinstance(check_ins, CheckIns) else set()
    for i, task in enumerate(onboarding.tasks):
        path: tuple[Step, ...] = ("onboarding", "tasks", i, "check_in")
        if task.check_in is True and not known:
            _tell(
                chapter,
                problems,
                "problem",
                path,
                "there is nothing to check in to; write `check_ins:`",
                "没有可打的卡；请写 `check_ins:`",
            )
        for n, name in enumerate(task.check_in if isinstance(task.check_in, tuple) else ()):
            if name not in known:
                path = ("onboarding", "tasks", i, "check_in", n)
                _tell(chapter, problems, "problem", path, f'there is no challenge "{name}"', f"没有叫 `{name}` 的打卡")


def _rules(chapter: Chapter, rules: Rules, problems: Problems) -> None:
    asked = " ".join(rule.if_.source for rule in rules.rules if rule.if_ is not None)
    used = {name for rule in rules.rules for name in (*rule.words, *rule.patterns)}
    allowed = rules.links.allowed_domains if rules.links is not None else ()
    used |= {allowed} if isinstance(allowed, str) else set()
    for kind in ("lists", "patterns"):
        for name in getattr(rules, kind):
            if name not in used and not re.search(rf"\b{re.escape(name)}\b", asked):
                en, zh = f"no rule asks for the {kind[:-1]} `{name}`", f"没有规则用到 `{name}`"
                _tell(chapter, problems, "warning", (kind, name), en, zh, key=True)


def _tiers_named(chapter: Chapter, tiers: Tiers | None, problems: Problems) -> None:
    """Tiers and grants that rules speak of and nobody wrote."""
    rules = chapter.options.get("rules")
    if not isinstance(rules, Rules) or (tiers is None and attempted(chapter, "tiers")):
        return
    known = dict(tiers.tiers) if tiers is not None else {}
    grants = {grant for each in (tiers.granted.values() if tiers is not None else ()) for grant in each}
    for path, thing in walk(rules, ()):
        for n, who in enumerate(getattr(thing, "exempt", ())):
            if who.startswith("tier:") and who.removeprefix("tier:") not in known:
                name, at = who.removeprefix("tier:"), (*path, "exempt", n)
                none = said(f"there is no tier `{name}`", f"没有叫 `{name}` 的等级")
                chapter.tell(problems, "problem", at, none, guess=nearest(name, known))
        granted = getattr(thing, "unless_granted", None)
        if granted is not None and granted not in grants:
            en, zh = f"no tier grants `{granted}`, so nobody is left alone", f"没有等级授予 `{granted}`，谁也不会被豁免"
            _tell(chapter, problems, "warning", (*path, "unless_granted"), en, zh)


def _conversions(chapter: Chapter, problems: Problems) -> None:
    """Conversions that are counted and nobody wrote."""
    written = chapter.options.get("conversions")
    if written is None and attempted(chapter, "conversions"):
        return
    known = tuple(written) if isinstance(written, Conversions) else ()
    for path, action in actions(chapter):
        goal = action.convert
        if goal is not None and goal not in known:
            spot, path = chapter.spot.at_path((*path, "convert")), chapter.spot.known((*path, "convert"))
            why = said(
                f"there is no conversion `{goal}` under `conversions`", f"`conversions` 里没有叫 `{goal}` 的转化"
            )
            problems.tell("problem", spot.at, path, why, guess=nearest(goal, known))


def _people(chapter: Chapter, problems: Problems) -> None:
    if chapter.heading is None or chapter.community.admins or chapter.community.owners:
        return
    en, zh = "nobody is written under `admins` yet: ", "`admins` 还没有写人："
    if chapter.community.admin_group is None:
        en, zh = f"{en}what admins are to be told reaches nobody, and ", f"{zh}要告诉管理员的话没有人收到，"
    if chapter.platforms == ("wechat",):
        en += "as WeChat does not say who is an admin of a room, nobody steers it"
        en += "; write accounts, like wechat:wxid_of_ana"
        zh += "微信又不说谁是群的管理员，所以没有人能管群；请写账号，例如 wechat:wxid_of_ana"
    else:
        en += "only who is an admin of the group on its platform steers it"
        en += ", and on WeChat, which does not say who is one, nobody" if "wechat" in chapter.platforms else ""
        en += "; write accounts, like telegram:10001"
        zh += "只有群在平台上的管理员能管群"
        zh += "，微信不说谁是管理员，在那里没有人能管" if "wechat" in chapter.platforms else ""
        zh += "；请写账号，例如 telegram:10001"
    _tell(chapter, problems, "note", ("community", "admins"), en, zh, key=True)


def _zone(chapter: Chapter, problems: Problems) -> None:
    """A zone whose sign is the other way round than people think."""
    zone = str(chapter.community.timezone) if chapter.heading is not None else ""
    found = re.fullmatch(r"Etc/GMT([+-])(\d+)", zone)
    if found is not None and found[2] != "0":
        side, zh = ("behind", "慢") if found[1] == "+" else ("ahead of", "快")
        en = f"`{zone}` is {found[2]} hours {side} UTC, and knows no summer time; write a place, like Asia/Shanghai"
        zh = f"`{zone}` 比 UTC {zh} {found[2]} 小时，也没有夏令时；请写地名，例如 Asia/Shanghai"
        _tell(chapter, problems, "warning", ("community", "timezone"), en, zh)
    if zone in _WINTER_TIME:
        en = f"`{zone}` is winter time all year; where clocks change, write a place, like {_WINTER_TIME[zone]}"
        zh = f"`{zone}` 全年都是冬令时；有夏令时的地方请写地名，例如 {_WINTER_TIME[zone]}"
        _tell(chapter, problems, "warning", ("community", "timezone"), en, zh)


def _digests(chapter: Chapter, problems: Problems) -> None:
    """Digests for groups that are none, and boards of what the community does not have."""
    digests = chapter.options.get("digests")
    if not isinstance(digests, Digests) or chapter.heading is None:
        return
    known = [key for key in chapter.community.groups if key != chapter.community.admin_group]
    lacking = {
        "check_in_board": ("check_in", "`check_ins:`"),
        "tier_changes": ("tiers", "`tiers:`"),
        "rule_report": ("rules", "`rules:`"),
        "surveys": ("surveys", "`surveys:`"),
        "ambassadors": ("ambassadors", "`ambassadors:`"),
    }
    for id_, digest in digests.items():
        for n, to in enumerate(digest.to):
            if to in (ADMINS, SUBSCRIBERS) or to in known:
                continue
            path: tuple[Step, ...] = ("digests", id_, "to", *((n,) if len(digest.to) > 1 else ()))
            if to == chapter.community.admin_group:
                chapter.tell(problems, "problem", path, _THE_DESK.filled(group=to), guess=f"`{ADMINS}`")
                continue
            listed = [f"`{name}`" for name in (*known, ADMINS, SUBSCRIBERS)]
            why = _NO_DIGEST.filled(group=to, known=said(", ".join(listed), "、".join(listed)))
            chapter.tell(problems, "problem", path, why, guess=nearest(to, (*known, ADMINS, SUBSCRIBERS)))
        for n, section in enumerate(digest.sections):
            workflow, key = lacking.get(section, ("", ""))
            if workflow and workflow not in chapter.options and not attempted(chapter, workflow):
                en, zh = f"`{section}` has nothing to tell without {key}", f"没有 {key}，`{section}` 就没有内容"
                _tell(chapter, problems, "warning", ("digests", id_, "sections", n), en, zh)


def _readers(chapter: Chapter, problems: Problems) -> None:
    """Groups whose key is a word for other readers: nobody could say that a digest is for the group."""
    groups = chapter.community.groups if chapter.heading is not None else {}
    for key, means in ((ADMINS, _THE_ADMINS), (SUBSCRIBERS, _WHO_ASKED)):
        if key in groups and key != chapter.community.admin_group:
            path: tuple[Step, ...] = ("community", "groups", key)
            problems.tell("warning", chapter.spot.at_path(path).name, path, _TAKEN.filled(group=key, means=means))


def attempted(chapter: Chapter, workflow: str) -> bool:
    """Whether a section of a workflow is written, well or not: what is wrong with it is told, and nothing lacks it."""
    own = {key for section in SECTIONS if section.workflow.name == workflow for key in section.keys}
    known = (*keys_of(Heading), *(key for section in SECTIONS for key in section.keys))
    written = [str(key) for key, spot in chapter.spot.children.items() if spot.children or spot.written or spot.broken]
    meant = {key: key if key in known else (nearest(key, known) or section_meant(key)).strip("`") for key in written}
    return not own.isdisjoint(meant.values())


def _tell(
    chapter: Chapter, problems: Problems, weight: Any, path: tuple[Step, ...], en: str, zh: str, *, key: bool = False
) -> None:
    spot, path = chapter.spot.at_path(path), chapter.spot.known(path)
    key = key or (weight == "note" and len(path) == 1) or (isinstance(path[-1], str) and path[-1].isdecimal())
    problems.tell(weight, spot.name if key else spot.at, path, said(en, zh))


_THE_ADMINS: Final = said("the admins", "管理员")
_WHO_ASKED: Final = said("the members who asked for it", "订阅了的成员")
_TAKEN: Final = said(
    "under `to:` and `tell:` the word `{group}` means {means}, not this group; take another key",
    "在 `to:` 和 `tell:` 里，`{group}` 指的是{means}，不是这个群；请换一个键名",
)
_THE_DESK: Final = said(
    "`{group}` is the admins' own group: what is for the admins is told there",
    "`{group}` 是管理群：给管理员的摘要就发在那里",
)
_NO_DIGEST: Final = said(
    "there is no group `{group}`, so nobody there hears of it; there are {known}",
    "没有群 `{group}`，那里谁也收不到；可用：{known}",
)
