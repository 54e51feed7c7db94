"""Troubles with one person: their private chat is closed, they cannot be acted on, they have gone."""

from __future__ import annotations

from core.effects import Approve, Ban, Decline, Mute, Remove, Say
from tests.errors.trouble import TEXT, Both, Play, Scene, Trouble
from tests.support.botapi import Person

_IN_GROUP = Both(
    "it is said to them in the group instead; what is for their eyes only is left out",
    "改在群里对本人说；只给本人看的内容则不发",
)


async def _whisper(scene: Scene, member: Person) -> None:
    member.posts(scene.group, "whisper")
    await scene.heard()
    await scene.rests(2)
    posted = [message for message in scene.said() if TEXT in (message.text or "")]
    assert [message.chat for message in posted] == [scene.group]


async def _never_began(scene: Scene) -> None:
    await _whisper(scene, await scene.comes("Mo"))


async def _blocked(scene: Scene) -> None:
    member = await scene.comes("Mo")
    scene.stage.met(member)
    member.blocks(scene.bot)
    await scene.heard()
    await _whisper(scene, member)


async def _deactivated(scene: Scene) -> None:
    member = await scene.comes("Mo")
    scene.stage.met(member)
    member.deletes_account()
    scene.decides(Say(words=(TEXT,), to=scene.of(member)))
    await scene.rests(2)


async def _confidential(scene: Scene) -> None:
    member = await scene.comes("Mo")
    scene.decides(Say(words=(TEXT,), to=scene.of(member), confidential=True))
    await scene.rests()


async def _stranger(scene: Scene) -> None:
    member = await scene.comes("Mo")
    scene.bot.met.discard(member.id)
    scene.decides(Say(words=(TEXT,), to=scene.of(member)))
    await scene.rests(2)


async def _ban_admin(scene: Scene) -> None:
    admin = await scene.comes("Mo")
    scene.wang.promotes(admin, scene.group, "can_pin_messages")
    await scene.heard()
    scene.decides(Ban(member=scene.of(admin)))
    await scene.rests()


async def _mute_admin(scene: Scene) -> None:
    admin = await scene.comes("Mo")
    scene.wang.promotes(admin, scene.group, "can_pin_messages")
    await scene.heard()
    scene.decides(Mute(member=scene.of(admin), span=None))
    await scene.rests()
    assert scene.tries() == []


async def _ban_owner(scene: Scene) -> None:
    scene.decides(Ban(member=scene.of(scene.wang)))
    await scene.rests()


async def _ban_stranger(scene: Scene) -> None:
    stranger = scene.world.person("Nobody")
    scene.decides(Ban(member=scene.of(stranger)))
    await scene.rests()


async def _ban_who_left(scene: Scene) -> None:
    member = await scene.comes("Mo")
    member.leaves(scene.group)
    await scene.heard()
    scene.decides(Ban(member=scene.of(member)))
    await scene.rests()


async def _remove_who_left(scene: Scene) -> None:
    member = await scene.comes("Mo")
    member.leaves(scene.group)
    await scene.heard()
    scene.decides(Remove(member=scene.of(member)))
    await scene.rests()


def _request(decided: type[Approve | Decline], *, came: bool = False) -> Play:
    """The request was taken back, or an admin was faster."""

    async def play(scene: Scene) -> None:
        person = scene.world.person("Mo", language="en")
        scene.bot.met.add(person.id)
        if came:
            scene.world.joined(scene.group, person)
        scene.decides(decided(member=scene.of(person)))
        await scene.rests()

    return play


TROUBLES = (
    Trouble(
        key="never-began",
        what=Both(
            "to write to a member in private who never began a chat with the bot", "要私聊一位从没和机器人说过话的成员"
        ),
        does=_IN_GROUP,
        play=_never_began,
    ),
    Trouble(
        key="blocked",
        what=Both("the member blocked the bot", "对方拉黑了机器人"),
        does=Both("the same", "同上"),
        play=_blocked,
    ),
    Trouble(
        key="deactivated",
        what=Both("the member deleted their account", "对方注销了账号"),
        does=Both("the same", "同上"),
        play=_deactivated,
    ),
    Trouble(
        key="stranger",
        what=Both("Telegram has forgotten that the bot knows them", "Telegram 不记得机器人认识对方"),
        does=Both("the same", "同上"),
        play=_stranger,
    ),
    Trouble(
        key="confidential",
        what=Both("the same, and it is for their eyes only", "同上，而且内容只给本人看"),
        does=Both("it is not said anywhere", "哪里都不说"),
        play=_confidential,
    ),
    Trouble(
        key="ban-admin",
        what=Both("to ban an admin of the group", "要封禁群的管理员"),
        does=Both("nobody can", "谁也做不到"),
        play=_ban_admin,
    ),
    Trouble(
        key="ban-owner",
        what=Both("to ban the owner of the group", "要封禁群主"),
        does=Both("the same", "同上"),
        play=_ban_owner,
    ),
    Trouble(
        key="mute-admin",
        what=Both("to mute or remove an admin of the group", "要禁言或移出群的管理员"),
        does=Both("seen beforehand, and not even tried", "事先就看出来，不去试"),
        play=_mute_admin,
        silent=Both("(not asked)", "（没有发请求）"),
    ),
    Trouble(
        key="ban-stranger",
        what=Both("to act on somebody whom Telegram never saw in the group", "要处理一个 Telegram 没在群里见过的人"),
        does=Both("nothing is left to do", "无事可做"),
        play=_ban_stranger,
    ),
    Trouble(
        key="ban-gone-in-basic-group",
        what=Both("to ban somebody who has left a basic group", "要封禁一个已离开普通群的人"),
        does=Both("nothing is left to do", "无事可做"),
        play=_ban_who_left,
        kind="group",
    ),
    Trouble(
        key="remove-gone",
        what=Both("to remove somebody who has left", "要移出一个已离开的人"),
        does=Both("seen beforehand, and not even tried", "事先就看出来，不去试"),
        play=_remove_who_left,
        silent=Both("(not asked)", "（没有发请求）"),
    ),
    Trouble(
        key="approve-taken-back",
        what=Both("to let somebody in who took the request back", "要批准入群，但申请已撤回"),
        does=Both("nothing is left to do", "无事可做"),
        play=_request(Approve),
    ),
    Trouble(
        key="decline-taken-back",
        what=Both("to turn somebody away who took the request back", "要拒绝入群，但申请已撤回"),
        does=Both("it counts as done", "算作完成"),
        play=_request(Decline),
    ),
    Trouble(
        key="approve-faster",
        what=Both("an admin let them in first", "管理员先批准了"),
        does=Both("it counts as done", "算作完成"),
        play=_request(Approve, came=True),
    ),
)
