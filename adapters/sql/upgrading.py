"""Alembic, run on a connection. Imported only where a schema is not the one of this version: it takes a tenth of the
time in which a process begins, and after a kill others wait for that."""

from __future__ import annotations

import threading
from collections.abc import Collection
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_SCRIPTS = Path(__file__).parent / "migrations"
_turn = threading.Lock()
"""Alembic keeps the running migration in a global of its module."""


def upgrade(connection: Connection) -> None:
    """Bring the schema up to date, in the transaction of the connection."""
    with _turn:
        command.upgrade(_config(connection), "head")


def revisions(connection: Connection) -> Collection[str]:
    """The schemas that this version knows."""
    return {script.revision for script in ScriptDirectory.from_config(_config(connection)).walk_revisions()}


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
