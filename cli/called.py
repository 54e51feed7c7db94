"""How `yaji` is called from where this one was: by its name where the shell knows it, else by its path."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def called() -> list[str]:
    """The first word of a command to type next."""
    here = sys.argv[0]
    return [here] if Path(here).name == "yaji" and shutil.which("yaji") is None else ["yaji"]
