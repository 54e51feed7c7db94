"""The Chinese of English sentences of the models: of what they say of themselves, and of what they say is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml


@cache
def chinese() -> Mapping[str, str]:
    """What each English description is in Chinese, as it is shipped."""
    return beside("descriptions.zh.yaml")


@cache
def beside(file: str) -> Mapping[str, str]:
    """The English sentences of a file of ours with the Chinese beside each, in their order. Read once."""
    source = (files("config") / file).read_text(encoding="utf-8")
    written = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506 (makes strings only)
    return {english: told for own in written.values() for english, told in own.items()}
