"""What a command wrote into a home itself: it may be replaced by the same command as long as nobody changed it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

_KEPT: Final = ".digests.json"
"""The file in the home with the name of each file that was written, and what its content came to."""


def own(file: Path) -> bool:
    """Whether a file stands there as it was written."""
    return file.is_file() and _known(file.parent).get(file.name) == _content(file)


def remember(folder: Path, files: Iterable[Path]) -> None:
    """Keep what was written, beside what was before."""
    written = {file.name: _content(file) for file in files if file.is_file()}
    kept = json.dumps({**_known(folder), **written}, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / _KEPT).write_text(kept + "\n", encoding="utf-8")


def _known(folder: Path) -> Mapping[str, object]:
    try:
        known = json.loads((folder / _KEPT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _content(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
