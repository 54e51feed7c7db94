"""Writes the transcripts."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.transcripts.chat import played
from tests.transcripts.story import ADMINS, story
from tests.transcripts.test_transcripts import TOLD, page

for platform, language in TOLD:
    with tempfile.TemporaryDirectory() as folder:
        page(platform, language).write_text(played(story, ADMINS, Path(folder), platform, language), encoding="utf-8")
