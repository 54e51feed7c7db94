"""`yaji check` lists every section that was understood, with its days and times, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.check import check
from cli.understood import counted
from config.home import load
from config.sections import SECTIONS
from tests.config.test_probably_meant import HEAD

BODY = """
check_ins: {camp: {keywords: [x], starts: 2026-03-02, length: 30d, window: 05:00-09:00, remind: {at: 08:00}}}
tiers: {a: {from: 0}}
faq: {rules: {ask: fees, answer: {zh: 免费, en: Free}}}
content: {verse: {at: 12:30, text: {zh: 诗, en: Verse}}}
digests: {daily: {at: 21:00, to: room, sections: [activity]}, weekly: {at: sun 20:00, to: room, sections: [activity]}}
events: {closing: {title: {zh: 结营, en: Closing}, at: 2026-03-31 20:00}}
surveys: {nps: {at: day 1 10:00}, asked: {}}
ambassadors: {koc: {name: {zh: 达人, en: KOC}}}
conversions: {order: {}}
referrals: {}
appeals: {open: true}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "communities").mkdir()
    (tmp_path / "communities" / "room.yaml").write_text(HEAD + BODY, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        (
            "en",
            (
                "check-ins:  camp 2026-03-02 – 2026-03-31 05:00-09:00 ⏰ 08:00",
                "answers:    rules",
                "posts:      verse 12:30",
                "digests:    daily 21:00, weekly sun 20:00",
                "events:     closing 2026-03-31 20:00",
                "surveys:    nps day 1 10:00, asked",
                "ambassadors: koc",
                "conversions: order",
                "also:       invitations, appeals",
            ),
        ),
        (
            "zh",
            (
                "打卡：camp 2026-03-02 – 2026-03-31 05:00-09:00 ⏰ 08:00",
                "常问：rules",
                "定时内容：verse 12:30",
                "摘要：daily 21:00，weekly sun 20:00",
                "活动：closing 2026-03-31 20:00",
                "调查：nps day 1 10:00，asked",
                "达人：koc",
                "转化：order",
                "还有：邀请，申诉",
            ),
        ),
    ],
)
def test_every_section_has_its_line(home, capsys, lang, lines):
    check(home, lang=lang)
    told = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert [line for line in lines if line not in told] == [], told


def test_programs_read_them_too(home, capsys):
    check(home, json=True)
    (told,) = json.loads(capsys.readouterr().out)["communities"]
    assert told["digests"] == ["daily 21:00", "weekly sun 20:00"]
    assert told["others"] == ["referrals", "appeals"]


def test_no_section_is_left_out(home):
    told = counted(load(home).communities["communities/room.yaml"])
    listed = {*told, "referrals", "questions", "reactivate", "appeals"}
    assert {section.under or section.workflow.name for section in SECTIONS} <= listed
