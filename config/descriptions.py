"""What the models say of themselves, in Chinese: `descriptions.zh.yaml` has a line for each of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml


@cache
def chinese() -> Mapping[str, str]:
    """What each English description is in Chinese, as it is shipped. Read once."""
    source = (files("config") / "descriptions.zh.yaml").read_text(encoding="utf-8")
    written = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506 (makes strings only)
    return {english: told for own in written.values() for english, told in own.items()}
