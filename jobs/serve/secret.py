"""The deployment's own secret: the key of its button seals, made once and kept beside its data."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Final

from config.problems import Said, system_said
from jobs.serve.refusing import CannotServe

SHORTEST: Final = 16
"""Characters that a secret has at least."""


def deployment_secret(home: Path, environment: Mapping[str, str]) -> bytes:
    """32 bytes that stay the same over restarts: from YAJI_SECRET, or `data/secret` of the home (made if absent)."""
    given = environment.get("YAJI_SECRET")
    if given is not None:
        if len(given) < SHORTEST:
            raise CannotServe(_TOO_SHORT)
        return _key(given)
    file = home / "data" / "secret"
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            kept = file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            kept = _made(file)
    except (OSError, UnicodeDecodeError) as error:
        why = system_said(error) if isinstance(error, OSError) else "?"
        raise CannotServe(_UNREADABLE.filled(file=file, why=why)) from None
    if len(kept) < SHORTEST:
        raise CannotServe(_UNREADABLE.filled(file=file, why=Said("too short", "太短")))
    return _key(kept)


def is_secret_made(home: Path) -> bool:
    """Whether a process of the home was begun before, and made one."""
    return os.path.exists(home / "data" / "secret")


def _made(file: Path) -> str:
    """A new one, in its place at once and whole; whoever else makes one at the same time is the first or reads it."""
    made = secrets.token_hex(32)
    draft = file.with_name(f".secret-{secrets.token_hex(4)}")
    opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:  # a disk that is full has nothing left on it of each attempt
        with os.fdopen(opened, "w", encoding="ascii") as out:
            out.write(made + "\n")
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, file)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    finally:
        draft.unlink()
    return made


def _key(secret: str) -> bytes:
    return blake2b(secret.encode(), digest_size=32, person=b"yaji buttons").digest()


_TOO_SHORT = Said(
    f"YAJI_SECRET is too short; give it at least {SHORTEST} characters.",
    f"YAJI_SECRET 太短了；至少要 {SHORTEST} 个字符。",
)
_UNREADABLE = Said(
    "{file} cannot be used ({why}); it holds the key of the buttons. Mend its rights, or remove it (open buttons end).",
    "{file} 用不了（{why}）；里面是按钮的密钥。请改好权限，或者删掉它（已发出的按钮会失效）。",
)
