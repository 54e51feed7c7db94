"""What people see is what the transcripts show, word for word."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.transcripts.chat import Language, Platform, played
from tests.transcripts.story import ADMINS, story

TOLD: Final[tuple[tuple[Platform, Language], ...]] = (
    ("telegram", "zh"),
    ("telegram", "en"),
    ("wechat", "zh"),
    ("wechat", "en"),
)


def page(platform: Platform, language: Language) -> Path:
    """Where a transcript is kept."""
    return Path(__file__).parent / f"{platform}.{language}.txt"


@pytest.mark.parametrize(("platform", "language"), TOLD)
def test_the_story_is_told_word_for_word(platform: Platform, language: Language, tmp_path: Path):
    assert played(story, ADMINS, tmp_path, platform, language) == page(platform, language).read_text(encoding="utf-8")
