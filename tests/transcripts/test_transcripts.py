"""What people see is what the transcripts show, word for word."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.transcripts import ambassador_story, survey_story
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


SURVEYS: Final = """
surveys:
  nps:
    who: member.joined_days >= 1
    follow_up: {zh: 最想多些什么？, en: What would you like more of?}
"""


AMBASSADORS: Final = """
ambassadors:
  koc:
    name: {zh: 达人, en: Helper}
    discover: member.helped_30d >= 2 && member.active_days_30d >= 3
    look: thu 10:00
    tag: koc
    tasks:
      share: {say: ["#推荐", "#recommend"], per: month, times: 2, points: 20}
    quiet_after: 7d
"""


def page_of(story: str, platform: Platform, language: Language) -> Path:
    """Where the transcript of a story of its own is kept."""
    return page(platform, language).with_name(f"{story}.{platform}.{language}.txt")


@pytest.mark.parametrize(("platform", "language"), TOLD)
def test_the_story_is_told_word_for_word(platform: Platform, language: Language, tmp_path: Path):
    assert played(story, ADMINS, tmp_path, platform, language) == page(platform, language).read_text(encoding="utf-8")


@pytest.mark.parametrize(("platform", "language"), TOLD)
def test_a_survey_is_told_word_for_word(platform: Platform, language: Language, tmp_path: Path):
    told = played(survey_story.story, ADMINS, tmp_path, platform, language, SURVEYS)
    assert told == page_of("survey", platform, language).read_text(encoding="utf-8")


@pytest.mark.parametrize(("platform", "language"), TOLD)
def test_an_ambassador_is_told_word_for_word(platform: Platform, language: Language, tmp_path: Path):
    told = played(ambassador_story.story, ADMINS, tmp_path, platform, language, AMBASSADORS)
    assert told == page_of("ambassador", platform, language).read_text(encoding="utf-8")
