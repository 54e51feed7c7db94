"""`yaji check`: what is wrong with a home, each with its place, and what was understood of it."""

from __future__ import annotations

import json as json_text
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape

from cli.screen import screen
from cli.spoken import HELP, spoken
from cli.status import UNWELL
from cli.understood import counted
from config import home as homes
from config import schema
from config.chapter import Chapter
from config.community import PLATFORMS, Addresses
from config.home import Deployment
from config.past_meaning import gone_by
from config.problems import Language, Problem
from config.secrets import Secret

VARIABLE = "YAJI_DATABASE_URL"
_FILE = "sqlite:///"
LINES = (
    "onboarding", "check_ins", "rules", "tiers", "faq", "content", "digests", "events", "surveys", "ambassadors",
    "conversions", "others",
)  # fmt: skip
STYLES = {"problem": "red", "warning": "yellow", "note": "cyan"}


def check(
    home: Annotated[Path, typer.Argument(metavar="DIR", help="The home: a folder with communities/*.yaml.")] = Path(),
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object for programs.")] = False,
    lang: Annotated[str | None, typer.Option("--lang", help=HELP)] = None,
    print_schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of community files.")] = False,
) -> None:
    """Check a home. Exits 1 if anything in it is a problem; warnings and notes are only told."""
    language = spoken(lang)
    if print_schema:
        sys.stdout.write(schema.written(language))
        return
    deployment, told = homes.look(home)
    if deployment is not None:
        now = datetime.now(UTC)
        told = (*told, *(note for chapter in deployment.communities.values() for note in gone_by(chapter, now)))
        told = tuple(sorted(told, key=lambda problem: problem.place))
    if json:
        sys.stdout.write(json_text.dumps(as_json(home, deployment, told), ensure_ascii=False, indent=2) + "\n")
    else:
        report(home, deployment, told, language, screen())
    if deployment is None:
        raise typer.Exit(UNWELL)


def as_json(home: Path, deployment: Deployment | None, told: tuple[Problem, ...]) -> dict[str, object]:
    """The report for programs: `ok`, `problems`, `warnings`, `notes`, `communities`."""
    by_weight = {
        weight: [problem.as_json() for problem in told if problem.weight == weight]
        for weight in ("problem", "warning", "note")
    }
    return {
        "home": str(home),
        "ok": deployment is not None,
        "problems": by_weight["problem"],
        "warnings": by_weight["warning"],
        "notes": by_weight["note"],
        "keep": deployment.settings.storage.keep.told() if deployment else None,
        "communities": [counted(chapter) for chapter in deployment.communities.values()] if deployment else [],
    }


def report(
    home: Path, deployment: Deployment | None, told: tuple[Problem, ...], language: Language, out: Console
) -> None:
    """The report for people: problems first, the reassuring part last."""
    words = WORDS[language]
    for weight in ("problem", "warning", "note"):
        those = [problem for problem in told if problem.weight == weight]
        if not those:
            continue
        out.print(f"[bold {STYLES[weight]}]{words[weight].format(n=len(those))}[/]")
        for problem in those:
            where, rest = str(problem.place), problem.told(language).removeprefix(str(problem.place))
            out.print(f"  [bold]{escape(where)}[/]{escape(rest)}")
        out.print()
    if deployment is None:
        out.print(f"[bold red]{words['unusable'].format(home=escape(str(home)))}[/]")
        return
    bound = _bound(deployment)
    for chapter in deployment.communities.values():
        for line in _told_of(chapter, bound, language):
            out.print(line)
        out.print()
    out.print(escape(words["keep"] + words["comma"].join(_kept(deployment, words))))
    out.print(f"[bold green]{words['usable'].format(home=escape(str(home)))}[/]")


def _kept(deployment: Deployment, words: dict[str, str]) -> Iterator[str]:
    """How long each is kept."""
    for name, span in deployment.settings.storage.keep.told().items():
        yield f"{words[f'keep_{name}']} {span or words['for_ever']}"


def _bound(deployment: Deployment) -> Mapping[str, tuple[str, ...]] | None:
    """Where groups live that the files give no address, as a database in a file tells; None where that is not known:
    another database is not asked, as a check is for every change."""
    if all(written is not None and (written.telegram or written.wechat) for written in _groups(deployment)):
        return {}
    url = os.environ.get(VARIABLE) or deployment.settings.storage.url
    if isinstance(url, Secret):
        url = url.read(os.environ) or ""
    if not url.startswith(_FILE):
        return None
    file = deployment.home / url.removeprefix(_FILE)
    if not file.exists():
        return {}
    from core.errors import StoreError  # noqa: PLC0415 (all this is for homes that were served)
    from jobs.serve.refusing import CannotServe  # noqa: PLC0415
    from jobs.serve.storing import looked_at  # noqa: PLC0415

    try:
        with looked_at(deployment, os.environ) as store:
            known = sorted((platform, address, group) for (platform, address), group in store.addresses().items())
    except (CannotServe, StoreError):
        return None
    lives: dict[str, tuple[str, ...]] = {}
    for platform, address, group in known:
        if platform in PLATFORMS:
            lives[group] = (*lives.get(group, ()), f"{platform} {address}")
    return lives


def _groups(deployment: Deployment) -> Iterator[Addresses | None]:
    return (one for chapter in deployment.communities.values() for one in chapter.community.groups.values())


def _told_of(chapter: Chapter, bound: Mapping[str, tuple[str, ...]] | None, language: Language) -> Iterator[str]:
    words, understood = WORDS[language], counted(chapter)
    yield (
        f"[bold]{escape(chapter.community.name.in_(language))}[/] · {escape(chapter.file)} · "
        + f"{understood['timezone']} · {' '.join(chapter.community.languages)}"
    )
    for key in chapter.community.groups:
        places = [f"{p} {address}" for (p, address), owner in chapter.addresses() if owner == key]
        written = chapter.community.groups[key]
        lives = bound.get(key, ()) if bound is not None else ()
        if not places and lives:
            where = escape(words["bound"].format(places=", ".join(lives)))
        else:
            where = escape(", ".join(places) or words["nowhere" if bound is not None else "unasked"])
        if written is not None and written.topic is not None:
            where += escape(words["topic"].format(number=written.topic))
        yield f"  {words['group']} [bold]{escape(key)}[/]{words['colon']}{where}"
    for line in LINES:
        told = [words[key] for key in understood[line]] if line == "others" else understood[line]
        if told:
            yield f"  {words[line]}{escape(words['comma'].join(_each(told, words)) or words['welcome'])}"


def _each(told: Any, words: dict[str, str]) -> list[str]:
    if isinstance(told, dict):
        return [
            words[key].format(n=value) if key in words else f"{key} {value}" for key, value in told.items() if value
        ]
    return [words["tier"].format(**each) if isinstance(each, dict) else str(each) for each in told]


WORDS: dict[Literal["en", "zh"], dict[str, str]] = {
    "en": {
        "problem": "Problems ({n}): to be mended before it can run",
        "warning": "Warnings ({n}): probably not what is meant",
        "note": "Notes ({n}): good to know",
        "unusable": "{home} cannot be used yet.",
        "usable": "{home} is in order.",
        "keep": "kept: ",
        "for_ever": "for ever",
        "keep_words": "words sent",
        "keep_messages": "messages",
        "keep_letters": "set aside",
        "keep_tasks": "tasks",
        "keep_talks": "private chats",
        "keep_decisions": "decisions",
        "keep_days": "days of members",
        "keep_gone": "people who left",
        "keep_backups": "who was forgotten",
        "group": "group",
        "colon": ": ",
        "nowhere": "no address yet (can be simulated, not served)",
        "bound": "{places} (bound in the chat; yaji doctor tells how it is served)",
        "topic": ", topic {number}",
        "unasked": "no address in the file; whether it is bound, the database knows: yaji doctor",
        "onboarding": "onboarding: ",
        "check_ins": "check-ins:  ",
        "rules": "rules:      ",
        "tiers": "tiers:      ",
        "faq": "answers:    ",
        "content": "posts:      ",
        "digests": "digests:    ",
        "events": "events:     ",
        "surveys": "surveys:    ",
        "ambassadors": "ambassadors: ",
        "conversions": "conversions: ",
        "others": "also:       ",
        "welcome": "a welcome, nothing asked",
        "tier": "{tier} from {from}",
        "referrals": "invitations",
        "questions": "open questions",
        "reactivate": "a word to the silent",
        "appeals": "appeals",
        "entry": "questions at the door: {n}",
        "comma": ", ",
        "steps": "steps: {n}",
        "tasks": "tasks: {n}",
        "reminders": "reminders: at most {n}",
        "mode_on": "{n} on",
        "mode_shadow": "{n} in shadow (only reported)",
        "mode_off": "{n} off",
    },
    "zh": {
        "problem": "问题（{n}）：改好才能运行",
        "warning": "警告（{n}）：可能不是你的本意",
        "note": "说明（{n}）：值得知道",
        "unusable": "{home} 现在还不能用。",
        "usable": "{home} 没有问题。",
        "keep": "保存多久：",
        "for_ever": "一直",
        "keep_words": "发出的话",
        "keep_messages": "消息记录",
        "keep_letters": "搁置的事件",
        "keep_tasks": "任务",
        "keep_talks": "私聊对应的群",
        "keep_decisions": "决定",
        "keep_days": "成员每日统计",
        "keep_gone": "离开的人",
        "keep_backups": "被忘记的人",
        "group": "群",
        "colon": "：",
        "nowhere": "还没有地址；可以模拟，不能上线",
        "bound": "{places}（在群里绑定的；服务得怎样，看 yaji doctor）",
        "topic": "，话题 {number}",
        "unasked": "文件里没有地址；有没有绑定，数据库知道，看 yaji doctor",
        "onboarding": "新人引导：",
        "check_ins": "打卡：",
        "rules": "规则：",
        "tiers": "等级：",
        "faq": "常问：",
        "content": "定时内容：",
        "digests": "摘要：",
        "events": "活动：",
        "surveys": "调查：",
        "ambassadors": "达人：",
        "conversions": "转化：",
        "others": "还有：",
        "welcome": "只欢迎，不提问",
        "tier": "{tier}（{from} 分起）",
        "referrals": "邀请",
        "questions": "没人回答的问题",
        "reactivate": "唤回沉默成员",
        "appeals": "申诉",
        "entry": "入群问题 {n} 个",
        "comma": "，",
        "steps": "{n} 步",
        "tasks": "{n} 项任务",
        "reminders": "最多提醒 {n} 次",
        "mode_on": "{n} 条生效",
        "mode_shadow": "{n} 条试运行（只记录）",
        "mode_off": "{n} 条停用",
    },
}
