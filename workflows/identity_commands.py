"""The commands by which two accounts become one person, and two again."""

from __future__ import annotations

from typing import Final

from workflows.commands import AMONG_STAFF, Book, Command, Place, Role

COMMANDS: Final = (
    Command(name="link", zh=("绑定",), places=frozenset((Place.GROUP, Place.PRIVATE)), bare=True, spoken=True),
    Command(
        name="unlink",
        zh=("解绑",),
        places=frozenset((Place.GROUP, Place.PRIVATE)),
        aim="optional",
        bare=True,
        spoken=True,
        others="separate",
    ),
    Command(
        name="separate",
        zh=("拆分账号",),
        least=Role.ADMIN,
        places=AMONG_STAFF,
        right="change_info",
        destructive=True,
        aim="somebody",
    ),
)
BOOK: Final = Book(COMMANDS)
SEPARATE: Final = COMMANDS[-1]
"""Who may part others may say of others that they are the same, too."""
YES: Final = frozenset(("yes", "confirm", "是", "确认", "好"))
NO: Final = frozenset(("no", "cancel", "否", "取消", "不"))
