"""Whatever stands in a file, loading a home answers with a deployment or with ConfigError."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import home as homes
from config.problems import Problems
from config.reading import read
from core.errors import ConfigError

SOUND = (Path(__file__).parent / "mended" / "communities" / "b-onboarding.yaml").read_bytes()
YAML_MARKS = st.text(alphabet="abz01:-,[]{}&*!|>'\"%@`#?<\n \t\\~${}打卡\ufeff\x85\u2028", max_size=60)


def load(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "communities").mkdir()
        (Path(folder) / "communities" / "a.yaml").write_bytes(content)
        told: tuple[object, ...] = ("nothing raised",)
        try:
            homes.load(Path(folder))
        except ConfigError as error:
            told = error.problems
        assert told
        assert all(str(problem) for problem in told)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(content):
    load(content)


@settings(max_examples=150, deadline=None)
@given(YAML_MARKS)
def test_anything_that_looks_like_yaml(text):
    problems = Problems()
    read(text, "a.yaml", problems)
    assert all(str(problem) for problem in problems)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow])
@given(st.integers(0, len(SOUND)), st.integers(0, 12), YAML_MARKS)
def test_a_sound_file_with_a_piece_replaced(start, length, piece):
    load(SOUND[:start] + piece.encode() + SOUND[start + length :])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
SECTION = st.sampled_from(
    [
        "community",
        "onboarding",
        "check_ins",
        "rules",
        "lists",
        "patterns",
        "tiers",
        "tier_review",
        "faq",
        "digests",
        "flood",
    ]
)


@settings(max_examples=120, deadline=None)
@given(st.dictionaries(SECTION, VALUES, max_size=3))
def test_any_values_in_any_section(sections):
    import json

    load(json.dumps(sections).encode())
