"""Writes the transcripts."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.transcripts import ambassador_story, survey_story
from tests.transcripts.chat import played
from tests.transcripts.story import ADMINS, story
from tests.transcripts.test_transcripts import AMBASSADORS, SURVEYS, TOLD, page, page_of

for platform, language in TOLD:
    with tempfile.TemporaryDirectory() as folder:
        page(platform, language).write_text(played(story, ADMINS, Path(folder), platform, language), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        told = played(survey_story.story, ADMINS, Path(folder), platform, language, SURVEYS)
        page_of("survey", platform, language).write_text(told, encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        told = played(ambassador_story.story, ADMINS, Path(folder), platform, language, AMBASSADORS)
        page_of("ambassador", platform, language).write_text(told, encoding="utf-8")
