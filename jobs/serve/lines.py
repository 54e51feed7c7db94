"""What a starting process says for its operator: a line for each bot and each group, and where to look."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

from adapters.telegram.calls import Me
from config.problems import Language, Said
from core.events import BotStanding
from core.workflow import Group
from jobs.ability_words import called
from workflows.presence import Presence


def of_bot(name: str, me: Me, groups: Iterable[str], language: Language) -> str:
    """The bot, the groups that it serves, and whether it hears everything."""
    served = ", ".join(groups)
    told = _BOT if served else _BOT_ALONE
    line = told.filled(name=name, username=me.username, groups=served).in_(language)
    if not me.can_read_all_group_messages:
        line += " " + _PRIVACY.in_(language)
    if not me.can_join_groups:
        line += " " + _NO_GROUPS.in_(language)
    return line


def of_group(
    group: Group, chat: str, standing: BotStanding | None, language: Language, *, grantable: bool = True
) -> str:
    """A group, and what is missing there for what it is set up to do: rights to grant, or what the platform lacks."""
    if standing is None:
        return _UNKNOWN.filled(group=group.key, chat=chat).in_(language)
    if not standing.present:
        return _ABSENT.filled(group=group.key, chat=chat).in_(language)
    missing = lacking(group, standing)
    if missing:
        return (
            (_LACKS if grantable else _WITHOUT)
            .filled(group=group.key, chat=chat, missing=called(missing, language))
            .in_(language)
        )
    return _FINE.filled(group=group.key, chat=chat).in_(language)


def of_unbound(group: str, home: Path, language: Language) -> str:
    """A group that has no chat, and how it gets one."""
    return _UNBOUND.filled(group=group, home=shlex.quote(str(home))).in_(language)


def lacking(group: Group, standing: BotStanding) -> list[str]:
    """The abilities that the group's configuration asks for and the bot has not."""
    found = (bound.options for bound in group.runs)
    needs = {ability for options in found if isinstance(options, Presence) for ability in options.needs}
    return sorted(needs - standing.abilities)


_BOT = Said("@{username} ({name}) serves {groups}.", "@{username}（{name}）服务的群：{groups}。")
_BOT_ALONE = Said("@{username} ({name}) serves no chat yet.", "@{username}（{name}）还没有群。")
_PRIVACY = Said(
    "Privacy mode is on: it hears everything only where it is an administrator (@BotFather /setprivacy).",
    "隐私模式开着：只有在它是管理员的群里才能看到所有消息（@BotFather /setprivacy）。",
)
_NO_GROUPS = Said(
    "It may not be added to groups: @BotFather /setjoingroups.", "它不能被拉进群：请用 @BotFather /setjoingroups 打开。"
)
_FINE = Said("{group} ({chat}): no right is missing.", "{group}（{chat}）：权限都齐了。")
_LACKS = Said(
    "{group} ({chat}): rights are missing: {missing}. The group was told how to grant them.",
    "{group}（{chat}）：缺权限：{missing}。群里已经说明怎样授权。",
)
_ABSENT = Said(
    "{group} ({chat}): the bot is not in this chat. Add it, or look at the address in communities/.",
    "{group}（{chat}）：机器人不在这个群里。请把它拉进去，或者检查 communities/ 里的地址。",
)
_WITHOUT = Said(
    "{group} ({chat}): not possible there: {missing}. `yaji check` says what it becomes.",
    "{group}（{chat}）：那里做不到：{missing}。变成什么，`yaji check` 会说明。",
)
_UNKNOWN = Said(
    "{group} ({chat}): the platform does not say what the assistant may do there.",
    "{group}（{chat}）：平台没有说助手在那里能做什么。",
)
_UNBOUND = Said(
    "{group} has no chat yet. Run: yaji bind {group} --home {home}",
    "{group} 还没有群。请运行：yaji bind {group} --home {home}",
)
CHANGED = Said("{home} was changed and is used as it is now.", "{home} 有改动，已经用上。")
RESTART = Said(
    "yaji.yaml was changed, too: how things are connected counts from the next start on.",
    "yaji.yaml 也改了：连接方式要到下次启动才生效。",
)
