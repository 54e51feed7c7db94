"""The commands of those who steer a group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workflows import ambassador_options, conversions
from workflows.commands import AMONG_STAFF, ANYWHERE, Aim, Book, Command, Right, Role

NO_VERBS: Final[Mapping[str, str]] = {}
TIER_VERBS: Final[Mapping[str, str]] = {
    "lock": "lock",
    "unlock": "unlock",
    "set": "set",
    "recalculate": "recalculate",
    "锁定": "lock",
    "解锁": "unlock",
    "设为": "set",
    "重算": "recalculate",
}
ONBOARDING_VERBS: Final[Mapping[str, str]] = {
    "restart": "restart",
    "complete": "complete",
    "skip": "skip",
    "重来": "restart",
    "完成": "complete",
    "跳过": "skip",
}
AMBASSADOR_VERBS: Final[Mapping[str, str]] = {
    "invite": "invite",
    "later": "later",
    "never": "never",
    "end": "end",
    "邀请": "invite",
    "以后": "later",
    "不再": "never",
    "卸任": "end",
}
CHECKIN_VERBS: Final[Mapping[str, str]] = {
    "repair": "add_day",
    "remove": "remove_day",
    "excuse": "excuse_day",
    "cards": "grant_cards",
    "补": "add_day",
    "取消": "remove_day",
    "免": "excuse_day",
    "发卡": "grant_cards",
}

CONVERSION_VERBS: Final[Mapping[str, str]] = {"add": "add", "remove": "remove", "记": "add", "取消": "remove"}


def _acts(
    name: str,
    *zh: str,
    least: Role,
    right: Right | None,
    against: bool = False,
    aim: Aim = "somebody",
    verbs: Mapping[str, str] = NO_VERBS,
    form: str = "",
    everyones: bool = False,
    counts: bool = False,
    workflow: str = "",
) -> Command:
    """A command that changes something: the platform is asked at that moment."""
    return Command(
        name=name,
        zh=zh,
        least=least,
        places=AMONG_STAFF,
        right=right,
        destructive=True,
        aim=aim,
        against=against,
        verbs=verbs,
        form=form,
        everyones=everyones,
        counts=counts,
        workflow=workflow,
    )


COMMANDS: Final = (
    _acts("warn", "警告", least=Role.MODERATOR, right="restrict", against=True),
    _acts("unwarn", "撤销警告", least=Role.MODERATOR, right="restrict"),
    _acts("mute", "禁言", least=Role.MODERATOR, right="restrict", against=True),
    _acts("unmute", "解除禁言", least=Role.MODERATOR, right="restrict"),
    _acts("kick", "移出", least=Role.ADMIN, right="restrict", against=True),
    _acts("ban", "封禁", least=Role.ADMIN, right="restrict", against=True),
    _acts("unban", "解封", least=Role.ADMIN, right="restrict"),
    _acts("approve", "同意入群", least=Role.ADMIN, right="invite"),
    _acts("trust", "信任", least=Role.ADMIN, right="restrict"),
    _acts("points", "加减分", least=Role.ADMIN, right="change_info", counts=True),
    _acts("tier", "等级", least=Role.ADMIN, right="change_info", verbs=TIER_VERBS, form="tier_form"),
    _acts(
        "checkin",
        "打卡",
        "签到",
        least=Role.ADMIN,
        right="change_info",
        verbs=CHECKIN_VERBS,
        form="checkin_form",
        everyones=True,
    ),
    _acts(
        "onboarding",
        "新人引导",
        least=Role.ADMIN,
        right="change_info",
        verbs=ONBOARDING_VERBS,
        form="onboarding_form",
    ),
    _acts(
        "conversion",
        "转化",
        least=Role.ADMIN,
        right="change_info",
        verbs=CONVERSION_VERBS,
        form="conversion_form",
        workflow=conversions.NAME,
    ),
    _acts(
        "ambassador",
        "达人",
        least=Role.ADMIN,
        right="change_info",
        verbs=AMBASSADOR_VERBS,
        form="ambassador_form",
        workflow=ambassador_options.NAME,
    ),
    _acts("announce", "公告", least=Role.ADMIN, right="change_info", aim="none"),
    _acts("pause", "暂停", least=Role.ADMIN, right="change_info", aim="none"),
    _acts("resume", "恢复", least=Role.ADMIN, right="change_info", aim="none"),
    _acts("undo", "撤销", least=Role.MODERATOR, right="restrict", aim="optional"),
    Command(name="note", zh=("备注",), least=Role.MODERATOR, places=AMONG_STAFF, aim="somebody"),
    Command(name="warns", zh=("警告记录",), least=Role.MODERATOR, places=ANYWHERE, aim="somebody"),
    Command(name="why", zh=("为什么",), least=Role.MODERATOR, places=ANYWHERE, aim="somebody"),
    Command(name="status", zh=("状态",), least=Role.MODERATOR, places=ANYWHERE),
    Command(
        name="export", zh=("导出",), least=Role.OWNER, places=frozenset(ANYWHERE), right="change_info", destructive=True
    ),
)
BOOK: Final = Book(COMMANDS)
FOR_OTHERS: Final = frozenset(("unwarn", "unmute", "unban", "trust", "points"))
"""What nobody gives themself, by whichever of their accounts."""
TARGETS_UNSEEN: Final = frozenset(("ban", "unban"))
"""What can be done to an account that was never seen in the group."""
DISCREET: Final = frozenset(("ambassador",))
"""What the group does not read the answer to: who was asked for something, and who said no."""
