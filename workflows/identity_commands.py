"""Who may say that two are one, or two."""

from __future__ import annotations

from typing import Final

from workflows.commands import AMONG_STAFF, Command, Role

SAME: Final = Command(name="same", least=Role.ADMIN, places=AMONG_STAFF, right="change_info", destructive=True)
"""What it takes to answer a likeness. There is no such command: it is a button."""
