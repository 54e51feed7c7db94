"""A comparison that is made, ready to be shown in each form of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console

from jobs.report.against import json_file, page, terminal
from jobs.report.against.comparing import compare
from jobs.report.against.shape import Against
from jobs.report.against.side import Side
from jobs.report.against.telling import Speech
from jobs.report.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A comparison in one language, between homes that are called somehow."""

    against: Against
    homes: tuple[str, str]
    speech: Speech

    def show(self, console: Console) -> None:
        """Print it."""
        terminal.show(self.against, self.homes, self.speech, console)

    def values(self) -> Mapping[str, object]:
        """What the page needs of it."""
        return page.values(self.against, self.homes, self.speech)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two homes and what differs. Their runs must still be open where JSON is written."""

    before: Side
    after: Side
    against: Against

    @classmethod
    def of(cls, before: Side, after: Side) -> Comparison:
        """Compare."""
        return cls(before=before, after=after, against=compare(before, after))

    def told(self, homes: tuple[str, str], words: Words) -> Shown:
        """In words."""
        summary = self.after.summary
        return Shown(against=self.against, homes=homes, speech=Speech(words, summary.zone, summary.pseudonyms))

    def as_json(self) -> Mapping[str, object]:
        """Keys for the report's JSON: the comparison, and every hit that differs as a stream."""
        return {"against": self.against, "against_hits": json_file.hits(self.before, self.after)}
