"""`yaji doctor`: how each account stands, what it may still say today, what was not heard, and what is missing.

What cannot be understood is told, and everything is looked at that does without it."""

from __future__ import annotations

import asyncio
import json as json_text
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from adapters.sql import SqlStore
from cli.jobs import WORDS
from cli.mistakes import mistakes
from cli.refusing import sentence, unusable
from cli.screen import echo
from cli.spoken import HELP, spoken
from cli.status import REFUSED, UNWELL
from config import home as homes
from config import site as sites
from config.deployment import Settings
from config.home import Glimpse
from config.problems import Language, Said
from config.site import Site
from core.errors import ConfigError, StoreError
from jobs.ability_words import called
from jobs.doctor import ZONELESS, Diagnosis, Examined, Place, diagnosis
from jobs.earshot import CATCHING_UP
from jobs.privacy.remembering import Remembered
from jobs.serve.refusing import CannotServe
from jobs.serve.storing import VARIABLE, address, looked_at, made_by_default
from jobs.surroundings import Thing, surroundings
from workflows.gaps import ends


def doctor(
    home: Annotated[Path, typer.Option(help="the home with the communities")] = Path(),
    json: Annotated[bool, typer.Option("--json", help="print one JSON object for programs")] = False,
    lang: Annotated[str | None, typer.Option(help=HELP)] = None,
) -> None:
    """Tell how a home is served, while it is served or after, what is wrong in its files, and what this machine lacks
    for it. Changes nothing.

    Exit status: 0 all is well, 1 something is to be done, 2 the home or its database cannot be used.
    """
    language = spoken(lang)
    try:
        glimpse = homes.glimpse(home)
    except ConfigError as error:
        unusable(home, error, language)
    kept, whence = _kept(glimpse)
    around = surroundings(glimpse.seen.settings, os.environ, _url(kept))
    before = [*mistakes(glimpse.problems, language), *(() if whence is None else (whence.in_(language),))]
    try:
        if kept is None:
            raise CannotServe(_NOWHERE)
        with looked_at(kept, os.environ) as store:
            now = datetime.now(UTC)
            found = asyncio.run(diagnosis(glimpse.seen, store, now, glimpse.unread, unsettled=glimpse.unsettled))
            known = _known_again(kept, store)
    except (CannotServe, StoreError) as error:
        why = error.told.in_(language) if isinstance(error, CannotServe) else sentence(error, language)
        for line in (*before, *_things(around, language), why):
            echo(line, err=True)
        raise typer.Exit(REFUSED) from None
    if any(account.serving for account in found.accounts):
        around = tuple(thing for thing in around if thing.well or not thing.of_terminal)
    well = (
        found.well
        and known is None
        and not glimpse.problems
        and all(thing.well or thing.of_terminal for thing in around)
    )
    if json:
        problems = [problem.as_json() for problem in glimpse.problems]
        things = [{"well": thing.well, "what": thing.told.en} for thing in around]
        told = {"well": well, "problems": problems, "surroundings": things, **asdict(found)}
        told["known_again"] = known.en if known is not None else None
        sys.stdout.write(json_text.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n")
    else:
        again = () if known is None else ("⚠️ " + known.in_(language),)
        for line in (*before, *_things(around, language), *again, *_lines(found, language)):
            echo(line)
    if not well:
        raise typer.Exit(UNWELL)


def _known_again(kept: Site, store: SqlStore) -> Said | None:
    """What is to be said of people who were forgotten, and whom this database knows still or may know."""
    try:
        lacking = {line.number for line in Remembered(kept.home, os.environ).lacking(store)}
    except CannotServe as refusal:
        return refusal.told
    return _KNOWN_AGAIN.filled(count=len(lacking)) if lacking else None


def _kept(glimpse: Glimpse) -> tuple[Site | None, Said | None]:
    """Where the state of a home is looked for, None where that is unknown, and what is to be said of it."""
    home = glimpse.seen.home
    if not glimpse.unsettled:
        return glimpse.seen, None
    try:
        return sites.site(home, told=bool(os.environ.get(VARIABLE))), _IN_PART
    except ConfigError:
        usual = Site(home=home, settings=Settings())
        return (usual, _USUAL.filled(file=made_by_default(home))) if made_by_default(home).exists() else (None, None)


def _url(kept: Site | None) -> str:
    try:
        return address(kept, os.environ) if kept is not None else ""
    except CannotServe:  # told where it is opened
        return ""


def _things(around: Iterable[Thing], language: Language) -> Iterator[str]:
    for thing in around:
        yield ("✅ " if thing.well else "⚠️ ") + thing.told.in_(language)


def _lines(found: Diagnosis, language: Language) -> Iterator[str]:
    if found.leap is not None:
        yield "⚠️ " + _LEAPT.filled(leap=_span(found.leap).in_(language)).in_(language)
    if found.behind is not None:
        yield "⚠️ " + _BEHIND.filled(newest=_at(found.behind, ZONELESS)).in_(language)
    for account in found.accounts:
        yield ("✅ " if account.well else "⚠️ ") + f"{account.name}{_SEP.in_(language)}{_stands(account, language)}"
        if account.waited:
            yield "   " + _WAITED.in_(language)
        if account.used is not None and account.allowed is not None:
            yield "   " + _BUDGET.filled(
                messages=account.used.messages,
                a_day=account.allowed.a_day,
                people=account.used.people,
                most=account.allowed.strangers_a_day,
            ).in_(language)
        for told, until in ((_HELD, account.held), (_QUIET, account.quiet)):
            if until is not None:
                yield "   " + told.filled(until=_at(until, _zone(account))).in_(language)
        for place in account.places:
            yield from (f"   {line}" for line in _of(place, account, language))
    for group in found.unlooked:
        yield "⚠️ " + _UNLOOKED.filled(group=group).in_(language)
    for group in (one for one in found.unserved if one not in found.roomless):
        yield "⚠️ " + _UNSERVED.filled(group=group).in_(language)
    for group in (one for one in found.homeless if one not in found.roomless):
        yield "⚠️ " + _HOMELESS.filled(group=group).in_(language)
    for group, topic in found.roomless.items():
        yield "⚠️ " + _ROOMLESS.filled(group=group, topic=topic).in_(language)
    if found.unsteered:
        yield _UNSTEERED.filled(groups=", ".join(found.unsteered)).in_(language)
    waiting = ", ".join(f"{WORDS[language][state]} {count}" for state, count in sorted(found.open.items()))
    yield _OPEN.filled(waiting=waiting).in_(language) if waiting else _NOTHING_OPEN.in_(language)


def _stands(account: Examined, language: Language) -> str:
    if account.stands is None:
        return _NEVER.in_(language)
    heard = _at(account.stands.heard, _zone(account)) if account.stands.heard is not None else "-"
    if not account.serving:
        return _NOT_SERVED.filled(heard=heard).in_(language)
    if account.heard:
        return (_CATCHES_UP if account.stands.how == CATCHING_UP else _HEARD).in_(language)
    how = account.stands.how
    return _AWAY.filled(how=_HOW[how].in_(language) if how in _HOW else how, heard=heard).in_(language)


def _of(place: Place, account: Examined, language: Language) -> Iterator[str]:
    used = account.used.rooms.get(place.group, 0) if account.used is not None else None
    if place.present is None:
        told = _UNKNOWN
    elif not place.present:
        told = _ABSENT
    elif place.missing:
        told = _MISSING if account.platform == "telegram" else _WITHOUT
    else:
        told = _FINE
    line = told.filled(group=place.group, address=place.address, missing=called(place.missing, language)).in_(language)
    if used is not None and account.allowed is not None:
        line += " " + _ROOM.filled(used=used, most=account.allowed.a_day_in_a_room).in_(language)
    yield line
    if place.full is not None:
        yield "  " + _FULL.filled(until=_at(place.full, place.zone)).in_(language)
    if place.untold:
        yield "  " + _UNTOLD.filled(who=", ".join(place.untold)).in_(language)
    for gap in place.gaps:
        since, until = ends(gap.since.astimezone(place.zone), gap.until.astimezone(place.zone))
        yield "  " + _GAP.filled(since=since, until=until, zone=place.zone.key).in_(language)


def _zone(account: Examined) -> ZoneInfo:
    """The zone that all groups of an account have; UTC where they have several, or none."""
    zones = {place.zone for place in account.places}
    return zones.pop() if len(zones) == 1 else ZONELESS


def _at(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M} {zone.key}"


def _span(by: timedelta) -> Said:
    """How far, in the largest unit of which there are some."""
    minutes, sign = round(abs(by) / timedelta(minutes=1)), "+" if by > timedelta() else "-"
    for unit, size in ((_DAYS, 1440), (_HOURS, 60), (_MINUTES, 1)):
        if minutes >= 2 * size or size == 1:
            return unit.filled(sign=sign, n=round(minutes / size))
    raise AssertionError(by)


_KNOWN_AGAIN = Said(
    "the database is of a backup, and people were forgotten after it: {count}. The next start of `yaji serve` forgets "
    "them again",
    "数据库是恢复的备份，备份之后有 {count} 人被忘记；下次启动 `yaji serve` 时会再忘记他们",
)
_DAYS = Said("{sign}{n} days", "{sign}{n} 天")
_HOURS = Said("{sign}{n} hours", "{sign}{n} 小时")
_MINUTES = Said("{sign}{n} minutes", "{sign}{n} 分钟")
_LEAPT = Said(
    "this machine's clock leapt ({leap}). What serves goes on by the time before, and deletes nothing for its age, "
    "until a platform dates something by the new one. Put the clock right, or wait if it is right",
    "这台机器的时钟跳了（{leap}）。服务照原来的时间走，到期的东西先不删，直到平台的消息也是新的时间。"
    "请把时钟调好；如果它是对的，等着就行",
)
_BEHIND = Said(
    "this machine's clock is wrong, or was: it shows a time before the newest one in the database ({newest}). "
    "Put it right",
    "这台机器的时钟不对，或者之前不对：它比数据库里最新的时间（{newest}）还早。请把时钟调好",
)
_SEP = Said(": ", "：")
_NEVER = Said("never served yet", "还没有上线过")
_NOT_SERVED = Said("not served now; heard until {heard}", "现在没有在服务；最后收到消息的时刻 {heard}")
_HEARD = Said("connected; what people write arrives", "已连上，消息收得到")
_CATCHES_UP = Said("connected; what was written meanwhile is still arriving", "已连上，这段时间里写的消息还在陆续收到")
_AWAY = Said("not heard ({how}); heard until {heard}", "收不到消息（{how}）；最后收到消息的时刻 {heard}")
_WAITED = Said(
    "what comes due by the clock in its groups waits until what is written there is heard: two hours at most, ten "
    "minutes where the group is told things all the same",
    "群里到点的事会等到群友写的都收到了再办：最多等两小时；群里照样收得到话的，最多等十分钟",
)
_HOW = {
    "absent": Said("no gateway answers there", "网关没有应答"),
    "connecting": Said("still connecting", "正在连接"),
    "deaf": Said("the gateway hands nothing over any more", "网关不再送消息过来"),
    "elsewhere": Said("what is written goes elsewhere", "消息送到别处去了"),
    "ended": Said("the gateway ended the connection", "网关断开了连接"),
    "failed": Said("the gateway answers with an error", "网关报错"),
    "frozen": Said("the gateway answers nothing any more", "网关不再应答"),
    "logged out": Said("logged out", "账号退出了登录"),
    "refused": Said("it is refused", "被拒绝了"),
    "running": Said("running", "正常"),
    "starting": Said("just starting", "正在启动"),
    "store_down": Said("the database does not answer", "数据库没有应答"),
    "stuck": Said("it gets no further", "卡住了"),
    "taken": Said("somebody else listens in its place", "被别的程序占用了"),
    "to be scanned": Said("the login code waits to be scanned", "等人扫码登录"),
    "undelivered": Said("what is written cannot be delivered", "消息送不过来"),
    "unreachable": Said("not reachable", "连不上"),
    "untrusted": Said("the gateway's certificate is the wrong one", "网关的证书不对"),
}
_BUDGET = Said(
    "said in 24 hours: {messages} of {a_day}; people written to in private: {people} of {most}",
    "24 小时内发了 {messages} 条，上限 {a_day}；私聊过 {people} 人，上限 {most}",
)
_HELD = Said(
    "WeChat complained: nothing is said or done until {until}",
    "微信报过错：{until} 之前什么都不发、不做",
)
_QUIET = Said(
    "first logged in not long ago: until {until} it only answers",
    "刚第一次登录：{until} 之前只回答问题",
)
_ROOM = Said("Said in 24 hours: {used} of {most}.", "24 小时内发了 {used} 条，上限 {most}。")
_FULL = Said(
    "what its day may hold is said: nothing more is said there until {until}, and what waits goes out then",
    "一天的条数用完了：{until} 之前这里什么都不发，等着的到时再发",
)
_UNTOLD = Said(
    "what the admins are told does not reach {who}, who is no contact of the account; they should add it as one",
    "{who} 还不是这个账号的好友，给管理员的消息收不到；请 TA 加这个账号为好友",
)
_FINE = Said("{group} ({address}): nothing is missing.", "{group}（{address}）：什么都不缺。")
_MISSING = Said(
    "{group} ({address}): rights are missing: {missing}. Grant them in the group's administrator settings.",
    "{group}（{address}）：缺权限：{missing}。请在群的管理员设置里授权。",
)
_WITHOUT = Said(
    "{group} ({address}): not possible there: {missing}; `yaji check` says what it becomes.",
    "{group}（{address}）：那里做不到：{missing}；变成什么，`yaji check` 会说明。",
)
_ABSENT = Said(
    "{group} ({address}): the account is not in there. Add it again.",
    "{group}（{address}）：账号不在群里。请把它拉回去。",
)
_UNKNOWN = Said("{group} ({address}): not looked at yet.", "{group}（{address}）：还没看过。")
_GAP = Said("not heard from {since} to {until} {zone}", "{since} 到 {until}（{zone}）没有收到消息")
_IN_PART = Said(
    "yaji.yaml is understood in part only: the accounts below are those that were served, or that the rest names.",
    "yaji.yaml 只读懂了一部分：下面的账号，是上线过的，或者读得懂的部分里写着的。",
)
_USUAL = Said(
    "Which database it is cannot be told from yaji.yaml. Looked at is {file}, which it is when no other is written.",
    "从 yaji.yaml 看不出是哪个数据库。下面看的是 {file}，没有另写时就是它。",
)
_NOWHERE = Said(
    "Which database it is cannot be told from yaji.yaml, so what is in it is not looked at. Mend the file, or set "
    "YAJI_DATABASE_URL.",
    "从 yaji.yaml 看不出是哪个数据库，里面有什么就没有看。请改好这个文件，或者设置 YAJI_DATABASE_URL。",
)
_UNLOOKED = Said(
    "{group} was served and stands in no file that can be read: what it needs is not looked at.",
    "{group} 上线过，但读得了的文件里都没有它：它缺什么，这里看不到。",
)
_UNSERVED = Said(
    "{group} is not served yet: `yaji serve` goes to the address in its file.",
    "{group} 还没有上线：运行 `yaji serve`，就会去文件里写的地址。",
)
_HOMELESS = Said("{group} lives nowhere. Run: yaji bind {group}", "{group} 还没有群。请运行：yaji bind {group}")
_ROOMLESS = Said(
    "{group}: no room called {topic} is served. The account has to be in one of that name, and in one only, with an "
    "admin of yours (`wechat:` and an id under `admins`). Or run: yaji bind {group}",
    "{group}：还没有服务叫“{topic}”的群。账号要在一个、也只在一个叫这个名字的群里，"
    "而且群里要有你的管理员（`admins` 里写 `wechat:` 加编号）。或者运行：yaji bind {group}",
)
_UNSTEERED = Said(
    "{groups}: nobody is written under `admins` yet; `yaji check` says what that means.",
    "{groups}：`admins` 还没有写人；这意味着什么，`yaji check` 会说明。",
)
_OPEN = Said("On their way: {waiting}.", "还在路上的：{waiting}。")
_NOTHING_OPEN = Said("Nothing is on its way.", "没有在路上的消息。")
