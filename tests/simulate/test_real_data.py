"""Real public histories, read where they lie: YAJI_REAL_DATA names the folder; without it these tests are skipped."""

from __future__ import annotations

import csv
import json
import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from cli.simulate import simulate
from tests.simulate.homes import ONBOARDING, THANKS, home

FOLDER = os.environ.get("YAJI_REAL_DATA")
pytestmark = pytest.mark.skipif(not FOLDER, reason="YAJI_REAL_DATA names no folder of real histories")

app = typer.Typer()
app.command()(simulate)
NEAR = timedelta(seconds=30)


def told(tmp_path: Path, export: Path, body: str) -> dict[str, Any]:
    where = tmp_path / "report.json"
    args = [str(export), "--home", str(home(tmp_path / "home", body)), "--json", str(where)]
    result = CliRunner().invoke(app, args)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(where.read_text(encoding="utf-8"))
    return found


def the_rooms_own_bot(export: Path) -> list[tuple[datetime, str, str]]:
    """When, giver, receiver: one for each point that the bot in the room handed out."""
    with export.open(newline="", encoding="utf-8") as file:
        rows = {row[5]: row for row in csv.reader(file, delimiter="\t")}
    awards = []
    for row in rows.values():
        said = re.match(r"> (\S+) sends brownie points to (.*?) :sparkles:", row[6])
        if row[4] == "camperbot" and said:
            at = datetime.fromisoformat(row[2])
            awards += [(at, said[1].lower(), who.lower()) for who in re.findall(r"@(\S+)", said[2])]
    return awards


def test_the_thanks_rule_gives_what_the_room_s_own_bot_gave(tmp_path):
    export = Path(str(FOLDER)) / "gitter" / "Casual.tsv"
    report = told(tmp_path, export, THANKS)
    assert report["messages"] == 9_537
    theirs = the_rooms_own_bot(export)
    began = min(at for at, _, _ in theirs) - NEAR
    ours = [(datetime.fromisoformat(e["at"]), e["by"].lower(), e["person"].lower()) for e in report["ledger"]]
    ours = [award for award in ours if award[0] >= began]

    def among(award: tuple[datetime, str, str], others: list[tuple[datetime, str, str]]) -> bool:
        return any(award[1:] == other[1:] and abs(award[0] - other[0]) <= NEAR for other in others)

    recall = sum(among(award, ours) for award in theirs) / len(theirs)
    precision = sum(among(award, theirs) for award in ours) / len(ours)
    assert recall >= 0.89, recall
    assert precision >= 0.95, precision
    assert all(e["at"] and e["reason"] for e in report["ledger"])


def test_every_join_of_an_irc_log_starts_an_onboarding_and_every_leave_is_seen(tmp_path):
    [export] = (Path(str(FOLDER)) / "irc").glob("*.raw.txt")
    lines = export.read_text(encoding="utf-8", errors="replace").splitlines()
    joins = sum(bool(re.match(r"=== .* has joined", line)) for line in lines)
    leaves = sum(bool(re.match(r"=== .* has left", line)) for line in lines)
    kicks = sum(bool(re.match(r"=== .* was kicked off", line)) for line in lines)
    report = told(tmp_path, export, ONBOARDING)
    assert (report["joins"], report["leaves"], report["removals"]) == (joins, leaves, kicks)
    assert report["onboarding"]["starts"] == joins
