"""Metrics as JSON: every number by its name, what each means, and what was counted of what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import msgspec

from config.problems import Language
from jobs.metrics import words
from jobs.metrics.figures import Metrics


def encoded(told: Sequence[Metrics], language: Language) -> bytes:
    """The same bytes for the same numbers. What is not known is null."""
    whole = {
        "groups": [_group(one) for one in told],
        "definitions": {key: said.in_(language) for key, said in words.DEFINITIONS.items()},
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def _group(one: Metrics) -> dict[str, Any]:
    told = asdict(one)
    for key, activity in (("activity", one.activity), ("activity_before", one.activity_before)):
        if activity is not None:
            told[key]["ratio"] = activity.ratio
    return told
