"""What `yaji.yaml` and the communities say about each other: which bot serves a group, where admins are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from config.chapter import Chapter
from config.community import PLATFORMS, Addresses
from config.deployment import Settings, Telegram
from config.places import Spot
from config.powers import NAMES
from config.problems import Problems, nearest, said
from config.secrets import Secret
from config.wechat import Gateway, WeChat


def consider(settings: Settings, deployed: Spot | None, chapters: Iterable[Chapter], problems: Problems) -> None:
    """Tell what cannot be connected. `deployed` is where `yaji.yaml` stands, None where there is none."""
    bots = accounts(settings)
    for chapter in chapters:
        if chapter.heading is not None:
            _bots(chapter, bots, problems)
            _desk(chapter, next(iter(bots), ""), problems)
            _out_of_hearing(chapter, problems)
            _topics(chapter, problems)
    rooms = gateways(settings)
    for chapter in chapters:
        if chapter.heading is not None:
            _gateways(chapter, rooms, problems)
    if deployed is not None and settings.platforms.wechat is not None:
        _wechat(settings.platforms.wechat, deployed, problems)
    telegram = settings.platforms.telegram
    if deployed is not None and telegram is not None and telegram.mode == "webhook" and settings.web.public_url is None:
        path = ("platforms", "telegram", "mode")
        problems.tell("problem", deployed.at_path(path).at, path, _NO_PUBLIC_URL)


def accounts(settings: Settings) -> Mapping[str, Secret]:
    """Every Telegram bot with the name of its token, the default one first.

    There is one without any settings, too; none where WeChat alone is written.
    """
    if settings.platforms.telegram is None and settings.platforms.wechat is not None:
        return {}
    return (settings.platforms.telegram or Telegram()).accounts


def gateways(settings: Settings) -> Mapping[str, Gateway]:
    """Every WeChat gateway by name, the default one first; none where WeChat is not served."""
    return settings.platforms.wechat.accounts if settings.platforms.wechat is not None else {}


def _gateways(chapter: Chapter, known: Mapping[str, Gateway], problems: Problems) -> None:
    rooms = [key for key, written in chapter.community.groups.items() if written is not None and written.wechat]
    if rooms and not known:
        path = ("community", "groups", rooms[0], "wechat")
        problems.tell("note", chapter.spot.at_path(path).at, path, _NO_GATEWAY)
    elif rooms and not any(who.startswith("wechat:") for who in (*chapter.community.admins, *chapter.community.owners)):
        path = ("community", "groups", rooms[0], "wechat")
        problems.tell("note", chapter.spot.at_path(path).at, path, _NO_WITNESS.filled(group=rooms[0]))
    for key, written in chapter.community.groups.items():
        if written is None or written.gateway is None or written.gateway in known:
            continue
        path = ("community", "groups", key, "gateway")
        listed = ", ".join(f"`{name}`" for name in known) or "-"
        wanted = said(f"a gateway of yaji.yaml: {listed}", f"yaji.yaml 里的网关：{listed.replace(', ', '、')}")
        guess = nearest(written.gateway, known)
        problems.refuse(chapter.spot.at_path(path).at, path, f"`{written.gateway}`", wanted, guess=guess)


def _wechat(wechat: WeChat, deployed: Spot, problems: Problems) -> None:
    path: tuple[str, ...] = ("platforms", "wechat")
    if not wechat.accounts:
        problems.tell("problem", deployed.at_path(path).at, path, _NO_ENDPOINT)
    for name, gateway in wechat.accounts.items():
        host = (gateway.endpoint or "").rpartition(":")[0].strip("[]")
        if gateway.tls.plain and host not in _HERE:
            at = path if gateway is wechat else (*path, "gateways", name)
            problems.tell("warning", deployed.at_path((*at, "tls")).at, (*at, "tls"), _PLAIN)


def _bots(chapter: Chapter, bots: Mapping[str, Secret], problems: Problems) -> None:
    chats = [key for key, written in chapter.community.groups.items() if written is not None and written.telegram]
    if chats and not bots:
        path: tuple[str, ...] = ("community", "groups", chats[0], "telegram")
        problems.tell("note", chapter.spot.at_path(path).at, path, _NO_BOT)
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


def _out_of_hearing(chapter: Chapter, problems: Problems) -> None:
    """Of groups on one platform, without a desk there: admins whose accounts are on another one are told nothing."""
    groups, desk = chapter.community.groups, chapter.community.admin_group
    staff = dict.fromkeys((*chapter.community.admins, *chapter.community.owners))
    only = {key: on[0] for key, written in groups.items() if len(on := _on(written)) == 1 and key != desk}
    for platform in dict.fromkeys(only.values()):
        apart = [who for who in staff if not who.startswith(f"{platform}:")]
        there = _on(groups.get(desk)) if desk is not None else ("nowhere",)
        if not apart or not there or platform in there:  # a desk without an address may be bound anywhere
            continue
        path = ("community", "groups", next(key for key, on in only.items() if on == platform))
        en, zh = NAMES[platform].en, NAMES[platform].zh.strip()
        found = said(
            f"is on {en} only: what admins are to be told of it does not reach {', '.join(apart)}; write their "
            f"{en} accounts under `admins`, too, or give the admins a group of their own there (`admin_group`)",
            f"只在{zh}上：要告诉管理员的话，{'、'.join(apart)} 收不到；请在 `admins` 里也写上他们的{zh}账号，"
            f"或者在{zh}上给管理员单独一个群（`admin_group`）",
        )
        problems.tell("note", chapter.spot.at_path(path).name, path, found)


def _topics(chapter: Chapter, problems: Problems) -> None:
    """Rooms of WeChat have no topics."""
    for key, written in chapter.community.groups.items():
        if written is not None and written.topic is not None and _on(written) == ("wechat",):
            path = ("community", "groups", key, "topic")
            problems.tell("note", chapter.spot.at_path(path).at, path, _NO_TOPICS)


def _on(written: Addresses | None) -> tuple[str, ...]:
    return tuple(one for one in PLATFORMS if written is not None and getattr(written, one))


_HERE = ("localhost", "127.0.0.1", "::1")
_NO_GATEWAY = said(
    "is simulated and not served: yaji.yaml has no `platforms.wechat` with an `endpoint`",
    "只能模拟，不会上线：yaji.yaml 里没有带 `endpoint` 的 `platforms.wechat`",
)
_NO_BOT = said(
    "is simulated and not served: yaji.yaml names WeChat alone; write `telegram: {}` under `platforms`, too, and put "
    "the bot's token into TELEGRAM_BOT_TOKEN",
    "只能模拟，不会上线：yaji.yaml 里只写了微信；请在 `platforms` 下也写上 `telegram: {}`，"
    "再把机器人的 token 放进环境变量 TELEGRAM_BOT_TOKEN",
)
_NO_TOPICS = said("a room of WeChat has no topics: nothing comes of it", "微信群不分话题：写了也不起作用")
_NO_WITNESS = said(
    "no admin of this community is on WeChat, and anybody can give a room this name: it is served once it is bound by "
    "a code (`yaji bind {group}`), or once somebody who is in it is written under `admins`, like wechat:wxid_…",
    "这个社群没有微信上的管理员，而群名谁都能起：要用码绑定（`yaji bind {group}`）才开始服务，"
    "或者在 `admins` 里写上群里的某个人，例如 wechat:wxid_…",
)
_NO_ENDPOINT = said(
    "has no gateway; write `endpoint: host:port` of the puppet gateway",
    "没有网关；请写 puppet 网关的地址：`endpoint: 主机:端口`",
)
_PLAIN = said(
    "everybody on the way to this gateway can read along and write as the account; give it TLS (`ca`, `name`)",
    "到这个网关的路上谁都能偷看、还能冒充这个账号；请用 TLS（`ca`、`name`）",
)
_NO_PUBLIC_URL = said(
    "Telegram delivers to an address of yours; write it as `web.public_url: https://…`, or use `mode: poll`",
    "Telegram 要有地址可送；请写 `web.public_url: https://…`，或者用 `mode: poll`",
)
_ONLY_GROUP = said(
    "nothing else runs in the admins' group, and this community has no other; give the admins a group of their own",
    "管理群里不跑别的功能，而这个社群只有这一个群；请给管理员单独一个群",
)
