"""`yaji jobs`: what is due, waiting, at work, failed and set aside, with reasons; trying again, or dropping it."""

from __future__ import annotations

import json as json_text
import os
import re
import sys
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import redis
import typer
from rich.markup import escape

from adapters.queue.embedded import EmbeddedMissing
from adapters.queue.rings import QUEUES, Failed, Link, failed, queue_of
from adapters.sql import SqlStore
from adapters.sql.backlog import FAILED, UNDERWAY, Backlog
from adapters.sql.clock import SqlClock
from adapters.sql.tasks import STATES, SqlTasks, TaskState
from cli.books import books, site_of
from cli.refusing import unusable
from cli.screen import screen
from cli.spoken import HELP, spoken
from cli.status import UNDONE
from config.problems import Language
from config.site import Site
from core.errors import ConfigError
from jobs.clock.premises import redis_url
from workflows.reasons import in_language

jobs = typer.Typer(
    help="What is due, waiting, failed and set aside; trying it again, or dropping it.",
    invoke_without_command=True,
    add_completion=False,
)
SHOWN = (*UNDERWAY, *FAILED)
Home = Annotated[Path, typer.Option(help="the home with the communities")]
Lang = Annotated[str | None, typer.Option(help=HELP)]
Same = Annotated[Path | None, typer.Option(help="the home, here or after `yaji jobs`", show_default=False)]
Id = Annotated[str, typer.Argument(metavar="ID", help="as `yaji jobs` shows it")]


class _Desk(NamedTuple):
    """A home's database, and where its Redis is."""

    site: Site
    store: SqlStore
    clock: SqlClock


@jobs.callback()
def show(
    context: typer.Context,
    home: Home = Path(),
    most: Annotated[int, typer.Option("--most", min=1, max=1000, help="rows of each kind")] = 10,
    json: Annotated[bool, typer.Option("--json", help="print one JSON object for programs")] = False,
    lang: Lang = None,
) -> None:
    """Show what is due, waiting, failed and set aside. Nothing is changed."""
    if context.invoked_subcommand is not None:
        return
    language = spoken(lang)
    with _opened(home, language) as desk:
        told = gathered(desk, most)
        try:
            rings = _rings(desk)
        except ConfigError as error:
            unusable(home, error, language)
    told["rings"] = rings
    if json:
        sys.stdout.write(json_text.dumps(told, ensure_ascii=False, indent=2, default=_written) + "\n")
    else:
        out = screen()
        for line in _lines(told, language):
            out.print(line)


@jobs.command()
def retry(context: typer.Context, id_: Id, home: Same = None, lang: Lang = None) -> None:
    """Send a message that failed once more, or ring for a timer at once. Exits 1 if that cannot be."""
    home, language = _asked(context, home, lang)
    with _opened(home, language) as desk:
        why = Backlog(desk.store).retry(id_, desk.clock.now())
        if why == "unknown":
            why = _steered(desk, id_, ("dead", "dropped"), "waiting", "an operator asked for another try")
        _done(id_, why, "retried", language)


@jobs.command()
def cancel(context: typer.Context, id_: Id, home: Same = None, lang: Lang = None) -> None:
    """Drop a message that waits or failed, a timer, or an event that was set aside. Exits 1 if that cannot be."""
    home, language = _asked(context, home, lang)
    with _opened(home, language) as desk:
        why = Backlog(desk.store).cancel(id_)
        if why == "unknown":
            why = _steered(desk, id_, ("waiting", "dead"), "dropped", "an operator cancelled it")
        _done(id_, why, "cancelled_once" if _comes_again(id_) else "cancelled", language)


def _comes_again(id_: str) -> bool:
    """Whether it is a timer by the clock, whose next time comes all the same."""
    return _BY_THE_CLOCK.match(id_) is not None


_BY_THE_CLOCK: Final = re.compile(
    r"[^/]+/(?:digests/|content/|reactivation/|ambassadors/(?:look|quiet):|check_in/(?:remind|danger|broken):)"
)


def _asked(context: typer.Context, home: Path | None, lang: str | None) -> tuple[Path, Language]:
    """The home and the language, as said after the command or before it."""
    before = context.parent.params if context.parent is not None else {}
    return home or before.get("home") or Path(), spoken(lang or before.get("lang"))


def _steered(desk: _Desk, id_: str, allowed: Collection[str], to: str, why: str) -> str | None:
    """A digest or a post, by `group/kind/key`."""
    group, _, rest = id_.partition("/")
    kind, _, key = rest.partition("/")
    return SqlTasks(desk.store).steer(group, kind, key, allowed, to, why)


def gathered(desk: _Desk, most: int) -> dict[str, Any]:
    """All there is to see in the store, as it is printed for programs."""
    backlog, tasks, now = Backlog(desk.store), SqlTasks(desk.store), desk.clock.now()
    count, letters = backlog.letters(most)
    return {
        "now": now,
        "timers": backlog.timers(now)._asdict() | {"next": [timer._asdict() for timer in backlog.waiting(most)]},
        "tasks": {
            "states": dict(tasks.counts()),
            **{state: [_task(one) for one in tasks.told(state, most)] for state in STATES if state != "done"},
        },
        "messages": {
            "states": {state.value: n for state, n in backlog.messages().items()},
            **{state.value: [message._asdict() for message in backlog.latest(state, most)] for state in SHOWN},
        },
        "letters": {"all": count, "latest": [letter._asdict() for letter in letters]},
    }


def _task(one: TaskState) -> dict[str, Any]:
    return {"id": f"{one.group}/{one.kind}/{one.key}", **one._asdict()}


def _rings(desk: _Desk) -> dict[str, Any] | None:
    """What lies in Redis; None where it is not there to be asked. One of our own is never started for this."""
    url = redis_url(desk.site.settings, os.environ)
    folder = desk.site.home / "data" / "redis"
    link = Link(url, folder)
    if link.embedded is not None:
        if not link.embedded.socket.exists():
            return None
        link = Link(link.embedded.url, folder)
    try:
        with closing(link.open()) as client:
            return {
                "waiting": {name: queue_of(client, name).count for name in QUEUES},
                "failed": [ring._asdict() for ring in failed(client)],
            }
    except (redis.RedisError, EmbeddedMissing, OSError):
        return None


@contextmanager
def _opened(home: Path, language: Language) -> Iterator[_Desk]:
    """What this takes of a home, which is nothing that its communities say."""
    site = site_of(home, language)
    with books(site, language) as store:
        yield _Desk(site, store, SqlClock(store))


def _done(id_: str, why: str | None, what: str, language: Language) -> None:
    words = WORDS[language]
    if why is None:
        typer.echo(words[what].format(id=id_))
        return
    known = words.get(f"not_{why}")
    typer.echo(known.format(id=id_) if known else words["not"].format(id=id_, state=words[why]), err=True)
    raise typer.Exit(UNDONE)


def _lines(told: dict[str, Any], language: Language) -> Iterator[str]:
    words = WORDS[language]
    timers, letters, rings = told["timers"], told["letters"], told["rings"]
    yield f"[bold]{words['timers'].format(**timers)}[/]"
    for timer in timers["next"]:
        late = words["late"].format(rings=timer["rings"]) if timer["at"] <= told["now"] else ""
        yield f"  {_at(timer['at'])}  {escape(timer['id'])}  {late}".rstrip()
    yield from _tasks(told["tasks"], words, language)
    yield from _messages(told["messages"], told["now"], words, language)
    yield f"[bold]{words['letters'].format(n=letters['all'])}[/]"
    for letter in letters["latest"]:
        yield f"  {escape(letter['id'])}  {escape(letter['group'])}  {_at(letter['at'])}"
        yield f"      {escape(letter['why'])}"
    if rings is None:
        yield words["no_redis"]
        return
    waiting = words["comma"].join(f"{name} {n}" for name, n in rings["waiting"].items())
    yield f"[bold]{words['rings'].format(waiting=waiting)}[/]"
    for ring in (Failed(**ring) for ring in rings["failed"]):
        yield f"  {words['failed']}  {ring.queue}  {ring.id}  {escape(ring.why)}"


def _messages(messages: dict[str, Any], now: datetime, words: dict[str, str], language: Language) -> Iterator[str]:
    """What is on its way and until when it waits, then what came to nothing; each with its reason."""
    states = words["comma"].join(f"{words[state]} {n}" for state, n in messages["states"].items())
    yield f"[bold]{words['messages'].format(states=states or words['none'])}[/]"
    for state in SHOWN:
        for message in messages[state.value]:
            where = f"{message['kind']} → {message['platform'] or '-'} {message['group']}"
            again = message["not_before"]
            until = words["until"].format(at=_at(again)) if again is not None and again > now else ""
            line = f"  {words[state.value]}  {escape(message['id'])}  {escape(where)}  {_at(message['at'])}  {until}"
            yield line.rstrip()
            if message["outcome"]:
                yield f"      {escape(in_language(message['outcome'], language))}"
        more = messages["states"].get(state.value, 0) - len(messages[state.value])
        if more > 0:
            yield f"  {words[state.value]}  {words['more'].format(n=more)}"


def _tasks(tasks: dict[str, Any], words: dict[str, str], language: Language) -> Iterator[str]:
    """Digests and posts with pictures: what waits and what is at work, then what came to nothing."""
    states = words["comma"].join(
        f"{words[state]} {tasks['states'][state]}" for state in STATES if state in tasks["states"]
    )
    yield f"[bold]{words['tasks'].format(states=states or words['none'])}[/]"
    for state in STATES:
        for task in tasks.get(state, ()):
            begun = words["begun"].format(n=task["attempts"]) if task["attempts"] else ""
            yield f"  {words[state]}  {escape(task['id'])}  {_at(task['at'])}  {begun}".rstrip()
            if task["outcome"]:
                yield f"      {escape(in_language(task['outcome'], language))}"


def _at(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%SZ")


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "timers": "Timers: {all} set, {due} due, {rung} rung for",
        "late": "due; rung for {rings} times",
        "tasks": "Digests and posts: {states}",
        "begun": "begun {n} times",
        "messages": "Messages: {states}",
        "until": "not before {at}",
        "more": "… and {n} more (--most)",
        "letters": "Set aside: {n} events that could not be processed",
        "rings": "Rings in Redis: {waiting}",
        "no_redis": "Redis is not there; timers fire in the scheduler, or in `yaji serve`.",
        "comma": ", ",
        "none": "none",
        "waiting": "waiting",
        "running": "at work",
        "sending": "being sent",
        "parked": "parked",
        "done": "done",
        "unsure": "unsure",
        "dead": "dead",
        "dropped": "dropped",
        "failed": "failed",
        "retried": "{id} is tried again.",
        "cancelled": "{id} is dropped.",
        "cancelled_once": "{id} is dropped: only this time, later ones come.",
        "not": "{id} is {state}: nothing was done.",
        "not_unknown": "There is no {id}; `yaji jobs` shows the ids.",
        "not_expired": "{id} has expired: nobody wants it any more.",
        "not_changed": "{id} has just been changed by somebody else; look again.",
    },
    "zh": {
        "timers": "定时：共 {all} 个，到点 {due} 个，已催 {rung} 个",
        "late": "已到点；催过 {rings} 次",
        "tasks": "摘要和带图的内容：{states}",
        "begun": "做过 {n} 次",
        "messages": "消息：{states}",
        "until": "{at} 之前不发",
        "more": "……还有 {n} 条（--most）",
        "letters": "搁置：{n} 件处理不了的事件",
        "rings": "Redis 里的铃：{waiting}",
        "no_redis": "Redis 不在；到点的事由 scheduler 或 `yaji serve` 自己处理。",
        "comma": "，",
        "none": "没有",
        "waiting": "等待",
        "running": "正在做",
        "sending": "正在发送",
        "parked": "暂存",
        "done": "完成",
        "unsure": "结果不明",
        "dead": "失败",
        "dropped": "放弃",
        "failed": "出错",
        "retried": "{id} 再试一次。",
        "cancelled": "{id} 已放弃。",
        "cancelled_once": "{id} 已放弃：只少这一次，以后照常。",
        "not": "{id} 的状态是“{state}”：没有改动。",
        "not_unknown": "没有 {id}；用 `yaji jobs` 看编号。",
        "not_expired": "{id} 已经过期，没人再需要它了。",
        "not_changed": "{id} 刚被别处改过；请再看一眼。",
    },
}
