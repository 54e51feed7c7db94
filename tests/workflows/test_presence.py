"""What a group and its admins hear about the assistant's own rights."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.delivery import Ability
from core.effects import Say, TellAdmins, plain
from core.engine import Engine
from core.events import BotStanding
from core.memory import MemoryStore
from core.people import NOBODY, Account
from core.ports import RecordAt
from core.workflow import Bound, Group
from workflows.presence import STANDINGS, Presence, Standings, workflow
from workflows.texts import Catalog

START = datetime(2026, 3, 2, 2, tzinfo=UTC)
MEMBER = frozenset(("say", "react", "edit", "buttons", "picture", "private", "file"))
ADMIN = MEMBER | {"hear", "delete", "mute", "remove", "ban", "pin", "approve", "invite"}
NEEDS: frozenset[Ability] = frozenset(("hear", "delete", "mute", "ban"))


class Hall:
    """One group with an assistant whose standing changes."""

    def __init__(self, needs: frozenset[Ability] = NEEDS, language: str = "en") -> None:
        self.store = MemoryStore()
        self.needs(needs, language)
        self._told = 0

    def needs(self, needs: frozenset[Ability], language: str = "en") -> None:
        group = Group(
            key="hall",
            languages=(language,),
            staff=frozenset((Account("telegram:1"),)),
            platforms=("telegram",),
            runs=(Bound(workflow, Presence(needs=needs)),),
            texts=Catalog.shipped(),
        )
        self.engine = Engine(self.store, {"hall": group})

    def stands(
        self,
        abilities: frozenset[str],
        *,
        present: bool = True,
        platform: str = "telegram",
        title: str = "",
        refused: bool = False,
    ) -> list[str]:
        """The lines that follow: `group: …` or `admins: …`."""
        self._told += 1
        outcome = self.engine.process(
            [
                BotStanding(
                    id=f"{platform}:9:{self._told}",
                    at=START + timedelta(minutes=self._told),
                    group="hall",
                    platform=platform,
                    present=present,
                    abilities=abilities if present else frozenset(),
                    title=title,
                    refused=refused,
                )
            ]
        )
        assert not outcome.faults
        rows = [row for row in self.store.outbox("hall") if row.event == f"{platform}:9:{self._told}"]
        lines = []
        for row in rows:
            assert isinstance(row.effect, Say | TellAdmins)
            lines.append(("group: " if isinstance(row.effect, Say) else "admins: ") + plain(row.effect.words))
        return lines


def test_first_contact_says_which_rights_are_missing_and_how_to_grant_them():
    assert Hall().stands(MEMBER) == [
        "group: 👋 Hello! For what is set up in this group I still need:\n"
        "· “Delete messages”, to take away what breaks the rules\n"
        "· “Ban users”, to mute or remove people\n"
        "· to see all messages. Make me an administrator, or send @BotFather /setprivacy, choose me, choose “Disable”, "
        "then remove me and add me again\n"
        "How: group name → Edit → Administrators → Add admin → me, and switch these on."
    ]


def test_first_contact_in_chinese():
    (line,) = Hall(language="zh").stands(ADMIN - {"delete"})
    assert line == (
        "group: 👋 大家好！要做好这个群里设定的事，我还需要：\n· “删除消息”权限，用来删掉违反群规的内容\n"
        "方法：点群名称 → 编辑 → 管理员 → 添加管理员 → 选我，打开这些权限。"
    )


def test_privacy_mode_alone_needs_no_administrator_rights():
    (line,) = Hall(frozenset(("hear",))).stands(MEMBER)
    assert "/setprivacy" in line
    assert "How:" not in line


def test_where_nothing_is_missing_only_the_admins_hear_it():
    assert Hall().stands(ADMIN) == ["admins: ✅ I am in hall, and no right is missing."]


def test_nothing_is_said_twice():
    hall = Hall()
    hall.stands(MEMBER)
    assert hall.stands(MEMBER) == []
    assert hall.stands(MEMBER | {"pin"}) == []


def test_rights_granted_one_by_one_are_thanked_for_when_all_are_there():
    hall = Hall()
    hall.stands(MEMBER)
    assert hall.stands(ADMIN - {"delete"}) == []
    assert hall.stands(ADMIN) == ["group: 👍 Thank you! Now I can do everything that is set up here."]
    assert hall.stands(ADMIN) == []


def test_a_lost_right_is_one_line_to_the_admins():
    hall = Hall()
    hall.stands(ADMIN)
    (line,) = hall.stands(ADMIN - {"delete"})
    assert line.startswith("admins: ⚠️ In hall I cannot do all that is set up there. I need:\n· “Delete messages”")
    assert "Ban users" not in line
    assert hall.stands(ADMIN - {"delete"}) == []


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("zh", "admins: 👍 hall 群：权限又齐了，设定的事我都能做了。"),
        ("en", "admins: 👍 No right is missing in hall any more. I can do all that is set up there."),
    ],
)
def test_a_right_that_comes_back_is_told_to_the_admins_who_heard_that_it_was_lost(language, line):
    hall = Hall(language=language)
    hall.stands(ADMIN)
    hall.stands(ADMIN - {"delete", "ban"})
    assert hall.stands(ADMIN - {"delete"}) == []
    assert hall.stands(ADMIN) == [line]
    assert hall.stands(ADMIN) == []


@pytest.mark.parametrize("refused", [False, True], ids=["told", "refused"])
def test_kicked_is_written_down_and_said_to_the_admins_once(refused: bool):
    hall = Hall()
    hall.stands(ADMIN)
    assert hall.stands(MEMBER, present=False, refused=refused) == [
        "admins: ⚠️ I am not in hall any more: somebody removed me, or the group is gone. What is to be said there "
        "waits, and goes out when I am added again, as far as it is still of use."
    ]
    assert hall.stands(MEMBER, present=False, refused=not refused) == []
    assert [row.because for row in hall.store.audit("hall")][-1] == ("removed from the group",)
    assert hall.stands(MEMBER, present=False) == []
    assert [line[:12] for line in hall.stands(MEMBER)] == ["group: 👋 Hel"]


def test_a_plain_group_is_told_that_only_supergroups_know_muting():
    (line,) = Hall().stands(ADMIN - {"mute"})
    assert "a supergroup, to mute people" in line
    assert "Ban users" not in line


def test_an_assistant_that_may_not_speak_tells_the_admins():
    (line,) = Hall().stands(frozenset(("hear",)))
    assert line.startswith("admins: 👋")


def test_a_new_need_of_the_configuration_is_told_when_the_standing_is_told_next():
    hall = Hall(frozenset(("hear",)))
    hall.stands(ADMIN - {"pin"})
    hall.needs(frozenset(("hear", "pin")))
    (line,) = hall.stands(ADMIN - {"pin"})
    assert "“Pin messages”" in line


def test_other_platforms_are_written_down_without_words():
    hall = Hall()
    assert hall.stands(frozenset(("say",)), platform="wechat") == []
    assert hall.stands(ADMIN) == ["admins: ✅ I am in hall, and no right is missing."]


def test_what_the_chat_is_called_is_kept_without_words_and_once_it_is_gone():
    hall = Hall()
    hall.stands(frozenset(("say",)), platform="wechat", title="晨读")
    assert hall.stands(frozenset(("say",)), platform="wechat", title="夜读") == []
    (line,) = hall.stands(frozenset(), present=False, platform="wechat")
    assert line.startswith("admins: ⚠️ I am not in hall any more")
    with hall.store.unit() as unit:
        found = unit.records([(RecordAt("hall", NOBODY, STANDINGS.name), STANDINGS)])
    (kept,) = found.values()
    assert isinstance(kept, Standings)
    assert (kept.on["wechat"].title, kept.on["wechat"].present) == ("夜读", False)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_ability_that_an_admin_grants_has_words(language: str):
    granted: frozenset[Ability] = frozenset(("delete", "mute", "remove", "ban", "pin", "approve", "invite", "hear"))
    for ability in granted:
        (line,) = Hall(frozenset((ability,)), language).stands(MEMBER)
        assert line.count("\n") >= 1
