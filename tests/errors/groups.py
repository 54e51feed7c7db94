"""Troubles of the whole group: the assistant is out of it, it moved, or a right is missing."""

from __future__ import annotations

from collections.abc import Callable

from core.effects import Ban, Effect, Invite, Pin, Remove, Say, Unban, Unmute
from core.people import Account
from tests.errors.stage import RIGHTS
from tests.errors.trouble import TEXT, Both, Play, Scene, Told, Trouble
from tests.support.botapi.model import NO_PERMISSIONS, Standing

PARKED = Told(
    who="log",
    words="is parked until it is back",
    means=Both("the operator's log", "运营者的日志"),
)
GONE = Told(
    who="admins",
    words="I am not in",
    means=Both("the admins, once: it is not in the group", "管理员，只说一次：它不在群里了"),
)
READY = Told(
    who="admins",
    words="no right is missing",
    means=Both("the admins, when it is back", "管理员：回来的时候"),
)


def _lacking(right: Both) -> Told:
    means = Both(f"the admins, once: it lacks the right {right.en}", f"管理员，只说一次：缺{right.zh}权限")
    return Told(who="admins", words=f"I lack the right {right.en}", means=means)


_DELETE = _lacking(Both("“Delete messages”", "“删除消息”"))
_BAN = _lacking(Both("“Ban users”", "“封禁用户”"))
_PIN = _lacking(Both("“Pin messages”", "“置顶消息”"))
_INVITE = _lacking(Both("“Invite users via link”", "“通过链接邀请用户”"))
_SEND = Told(
    who="admins",
    words="I lack the right to send messages",
    means=Both("the admins, once: it lacks the right to send messages", "管理员，只说一次：缺发消息的权限"),
)


async def _back(scene: Scene) -> None:
    """It is parked until an admin takes the bot in again."""
    await scene.rests(2)
    assert sorted(row.state for row in scene.rows()) == ["done", "parked"]
    scene.wang.promotes(scene.bot, scene.group, *RIGHTS)
    await scene.answered()
    await scene.rests()


def _out(status: str) -> Play:
    async def play(scene: Scene) -> None:
        scene.group.standings[scene.bot.id] = Standing(status=status)
        scene.decides(Say(words=(TEXT,)))
        await _back(scene)

    return play


async def _removed(scene: Scene) -> None:
    scene.wang.removes(scene.bot, scene.group)
    await scene.heard()
    scene.decides(Say(words=(TEXT,)))
    await _back(scene)


async def _unknown_chat(scene: Scene) -> None:
    scene.refuses("sendMessage", "Bad Request: chat not found")
    scene.decides(Say(words=(TEXT,)))
    await scene.rests(2)
    scene.wang.promotes(scene.bot, scene.group, *RIGHTS, "can_change_info")
    await scene.answered()
    await scene.rests()


async def _deleted(scene: Scene) -> None:
    scene.wang.deletes_chat(scene.group, told=False)
    scene.decides(Say(words=(TEXT,)))
    await scene.rests(2)


async def _upgraded(scene: Scene) -> None:
    new = scene.wang.upgrades(scene.group)
    scene.bot.queue.clear()  # what tells of it is still on its way when something is to be said
    scene.decides(Say(words=(TEXT,)))
    await scene.rests()
    scene.stage.groups[scene.key] = new
    assert TEXT in [message.text for message in new.said_by(scene.bot)]


async def _silenced(scene: Scene) -> None:
    scene.group.standings[scene.bot.id] = Standing(status="restricted", permissions=dict(NO_PERMISSIONS))
    scene.decides(Say(words=(TEXT,)), Say(words=("more",)))
    await scene.rests(3)
    assert [row.state for row in scene.rows()] == ["parked", "parked", "done"]
    scene.wang.promotes(scene.bot, scene.group, *RIGHTS)
    await scene.answered()
    await scene.rests()


async def _no_pictures(scene: Scene) -> None:
    permissions = {**NO_PERMISSIONS, "can_send_messages": True}
    scene.group.standings[scene.bot.id] = Standing(status="restricted", permissions=permissions)
    scene.decides(Say(words=(TEXT,), picture=b"\x89PNG\r\n\x1a\n"))
    await scene.rests(2)


async def _delete(scene: Scene) -> None:
    scene.loses("can_delete_messages")
    del scene.stage.at_work.connections["main"].abilities[scene.key]
    scene.li.posts(scene.group, "an ad")
    await scene.rests(2)


async def _delete_late(scene: Scene) -> None:
    scene.loses("can_delete_messages")
    scene.li.posts(scene.group, "an ad")
    await scene.rests()


async def _mute_by_rule(scene: Scene) -> None:
    scene.loses("can_restrict_members")
    member = await scene.comes("Mo")
    member.posts(scene.group, "noise")
    await scene.heard()
    await scene.rests(2)


def _refused(right: str, effect: Callable[[Account, str], Effect]) -> Play:
    """The act is refused, and once more; the admins are told the first time only."""

    async def play(scene: Scene) -> None:
        member = await scene.comes("Mo")
        message = member.posts(scene.group, "hello")
        await scene.heard()
        scene.loses(right)
        for rows in (2, 3):
            scene.decides(effect(scene.of(member), str(message.id)))
            await scene.rests(rows)

    return play


async def _unmute(scene: Scene) -> None:
    member = await scene.comes("Mo")
    scene.wang.mutes(member, scene.group)
    await scene.heard()
    scene.loses("can_restrict_members")
    scene.decides(Unmute(member=scene.of(member)))
    await scene.rests(2)


async def _unban(scene: Scene) -> None:
    member = await scene.comes("Mo")
    scene.wang.bans(member, scene.group)
    await scene.heard()
    scene.loses("can_restrict_members")
    scene.decides(Unban(member=scene.of(member)))
    await scene.rests(2)


async def _approve(scene: Scene) -> None:
    newcomer = scene.world.person("Mo", language="en")
    newcomer.asks_to_join(scene.group, scene.wang.creates_link(scene.group, creates_join_request=True))
    scene.loses("can_invite_users")
    await scene.rests(2)


async def _invite(scene: Scene) -> None:
    scene.loses("can_invite_users")
    scene.decides(Invite(member=scene.of(scene.li), name="Li"))
    await scene.rests(2)


async def _mute_in_basic_group(scene: Scene) -> None:
    del scene.stage.at_work.connections["main"].abilities[scene.key]
    scene.li.posts(scene.group, "noise")
    await scene.rests(2)


_REMINDED = Told(
    who="group",
    words="take a break and do not write for",
    means=Both("the group: a friendly word in place of the mute", "群里：一句提醒代替禁言"),
)

_RULE = Told(
    who="group",
    words="That is against the rules of this group",
    means=Both("the rule's own sentence, as decided", "规则自己的话，照决定时的说法"),
)
_STORY = Told(
    who="admins",
    words="and a rule matched",
    means=Both("the rule's report, as decided", "规则的报告，照决定时的说法"),
)
_CORRECTED = Told(
    who="admins",
    words="Mo is not muted, as I lack the right",
    means=Both("a correction: it is not done, and what to grant", "一条更正：没有做成，要开哪项权限"),
)
_NOBODY_CAN = Told(
    who="admins",
    words="Nobody can do that here",
    means=Both("a line that nobody can do it there", "一条提示：那里谁都做不了"),
)
_LOGGED = Told(who="log", words="no_right", means=Both("the operator's log", "运营者的日志"))

TROUBLES = (
    Trouble(
        key="kicked",
        what=Both("somebody removed the bot from the group", "有人把机器人移出了群"),
        does=Both(
            "everything for this group waits until the bot is in it again; the group is asked again every hour",
            "这个群的一切都先存着，等机器人回群再发；每小时试一次",
        ),
        told=(PARKED, GONE, READY),
        play=_out("kicked"),
    ),
    Trouble(
        key="left",
        what=Both("the bot is not in the group", "机器人不在群里"),
        does=Both("the same", "同上"),
        told=(PARKED, GONE, READY),
        play=_out("left"),
    ),
    Trouble(
        key="removed",
        what=Both("somebody removed the bot, and Telegram has told it so", "有人移出了机器人，而且 Telegram 已经告知"),
        does=Both("the same, without asking", "同上，连问都不问"),
        told=(GONE, READY),
        play=_removed,
        silent=Both("(not asked)", "（没有发请求）"),
    ),
    Trouble(
        key="unknown-chat",
        what=Both("Telegram knows no such chat", "Telegram 说没有这个群"),
        does=Both("the same", "同上"),
        told=(PARKED, GONE, READY),
        play=_unknown_chat,
    ),
    Trouble(
        key="deleted-group",
        what=Both("the owner deleted the group", "群主解散了群"),
        does=Both("everything for this group is kept; nothing is sent any more", "这个群的一切都存着，不再发送"),
        told=(PARKED, GONE),
        play=_deleted,
        kind="group",
    ),
    Trouble(
        key="upgraded",
        what=Both("the group became a supergroup, and its number changed", "群升级成了超级群，编号变了"),
        does=Both(
            "the new number is written down, and what was to be said is said there",
            "记下新编号，把要说的话发到新群",
        ),
        told=(
            Told(
                who="group",
                words="Now I can do everything",
                means=Both("the group: muting works now that it is a supergroup", "群里：升级后可以禁言了"),
            ),
        ),
        play=_upgraded,
        kind="group",
    ),
    Trouble(
        key="silenced",
        what=Both("the bot may not write in the group", "机器人在群里被禁言"),
        does=Both(
            "what is to be said waits until it may write again, and is tried every hour",
            "要说的话先存着，恢复权限后再发；每小时试一次",
        ),
        told=(_SEND,),
        play=_silenced,
    ),
    Trouble(
        key="no-pictures",
        what=Both("the bot may not send pictures", "机器人不能发图片"),
        does=Both("the words are said without the picture", "只发文字，不发图"),
        told=(
            Told(
                who="admins",
                words="I lack the right to send pictures",
                means=Both("the admins, once: it lacks the right to send pictures", "管理员，只说一次：缺发图片的权限"),
            ),
        ),
        play=_no_pictures,
    ),
    Trouble(
        key="no-delete",
        what=Both("to delete a message, without the right to", "要删消息，但没有权限"),
        does=Both(
            "the message stays; the group reads a reminder in its place",
            "消息留着，改为在群里提醒一句",
        ),
        told=(
            _DELETE,
            Told(
                who="group",
                words="That message is against the rules",
                means=Both("the group: please take it back", "群里：请自己撤回"),
            ),
        ),
        play=_delete,
    ),
    Trouble(
        key="no-delete-yet-unheard",
        what=Both(
            "the right to delete was taken away a moment ago, and Telegram has not told the bot yet",
            "删除权限刚被收走，Telegram 还没告诉机器人",
        ),
        does=Both(
            "Telegram uses the same words for what nobody can delete, so it is left out; "
            "the admins hear of the missing right when Telegram tells of it",
            "Telegram 对“谁也删不了”用同一句话，所以这条略过；等 Telegram 告知权限变化时再告诉管理员",
        ),
        play=_delete_late,
    ),
    Trouble(
        key="no-mute",
        what=Both("to mute somebody by a rule, without the right to", "规则要禁言某人，但没有权限"),
        does=Both("they are asked to stop", "改为请对方停一停"),
        told=(_BAN, _CORRECTED, _REMINDED, _RULE, _STORY),
        play=_mute_by_rule,
    ),
    Trouble(
        key="no-ban",
        what=Both("to ban somebody, without the right to (twice)", "要封禁某人，但没有权限（两次）"),
        does=Both("they stay", "人留在群里"),
        told=(
            _BAN,
            _LOGGED,
            _LOGGED,
        ),
        play=_refused("can_restrict_members", lambda member, _: Ban(member=member)),
    ),
    Trouble(
        key="no-remove",
        what=Both("to remove somebody, without the right to (twice)", "要移出某人，但没有权限（两次）"),
        does=Both("they stay", "人留在群里"),
        told=(
            _BAN,
            _LOGGED,
            _LOGGED,
        ),
        play=_refused("can_restrict_members", lambda member, _: Remove(member=member)),
    ),
    Trouble(
        key="no-unmute",
        what=Both("to lift a mute, without the right to", "要解除禁言，但没有权限"),
        does=Both("they stay muted", "禁言照旧"),
        told=(
            _BAN,
            _LOGGED,
        ),
        play=_unmute,
    ),
    Trouble(
        key="no-unban",
        what=Both("to lift a ban, without the right to", "要解除封禁，但没有权限"),
        does=Both("the ban stays", "封禁照旧"),
        told=(
            _BAN,
            _LOGGED,
        ),
        play=_unban,
    ),
    Trouble(
        key="no-approve",
        what=Both("to let somebody in, without the right to", "要批准入群，但没有权限"),
        does=Both("the request stays open, for an admin to answer", "申请留着，由管理员处理"),
        told=(
            _INVITE,
            _LOGGED,
        ),
        play=_approve,
    ),
    Trouble(
        key="no-invite",
        what=Both("to make an invite link, without the right to", "要建邀请链接，但没有权限"),
        does=Both("no link is made", "不建链接"),
        told=(
            _INVITE,
            _LOGGED,
        ),
        play=_invite,
    ),
    Trouble(
        key="no-pin",
        what=Both("to pin a message, without the right to (twice)", "要置顶消息，但没有权限（两次）"),
        does=Both("it is not pinned", "不置顶"),
        told=(
            _PIN,
            _LOGGED,
            _LOGGED,
        ),
        play=_refused("can_pin_messages", lambda _, message: Pin(message=message)),
    ),
    Trouble(
        key="basic-group",
        what=Both("to mute somebody in a basic group, where nobody can", "在普通群里禁言，而普通群没有禁言"),
        does=Both("they are asked to stop", "改为请对方停一停"),
        told=(_REMINDED, _RULE, _STORY, _NOBODY_CAN),
        play=_mute_in_basic_group,
        kind="group",
    ),
)
