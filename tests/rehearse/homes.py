"""A reading camp to rehearse: small, with every workflow in it, and its tests as each claim writes them."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from cli.test import test as run

CAMP = """\
version: 1
community:
  name: 晨读营
  timezone: Asia/Shanghai
  languages: [zh, en]
  groups: {camp: {}, hall: {}}
onboarding:
  welcome: {zh: "欢迎 ${member.name}", en: "Welcome ${member.name}"}
  steps:
    - id: track
      ask: {zh: 哪个方向？, en: Which track?}
      options:
        - {say: [英语, english], label: {zh: 🇬🇧 英语, en: 🇬🇧 English}, set: {track: english}}
        - {say: [写作, writing], label: {zh: ✍️ 写作, en: ✍️ Writing}, set: {track: writing}}
  remind: {after: 24h, times: 1}
  on_complete: [points: 10]
  give_up_after: 72h
  on_give_up: [notify: admins]
check_ins:
  morning:
    keywords: [打卡]
    window: 05:30-09:00
    days: weekdays
    proof: {min_chars: 10}
    points: 5
    streak: {bonus: {7: 10}}
tiers:
  seed: {name: 种子, from: 0}
  sprout: {name: 新芽, from: 100, on_reach: [tag: sprouted]}
  tree: {name: 大树, from: 500, if: member.active_days_30d >= 3}
tier_review: {every: week, demote_if: member.active_days_30d < 1}
tier_talk: {announce: group}
lists:
  ad_words: [代购]
  allowed: [books.example]
flood: {messages: 3, within: 10s, then: [mute: 10m]}
rules:
  - id: newcomer-links
    when: message
    if: member.joined_days < 7 && msg.domains.exists(d, !(d in lists.allowed))
    then: [delete, warn: 七天内请勿发外链]
    escalate: {3: {mute: 1h}}
    mode: shadow
  - {id: ad-words, when: message, words: ad_words, then: [delete, notify: admins], exempt: ["tag:trader"]}
  - id: thanks
    when: message
    if: msg.mentions.size() > 0 && msg.text.contains("谢谢")
    then: [thank: {to: mentioned, add: 1}]
  - {id: likes, when: reaction, if: '"👍" in event.emoji', then: [points: {to: author, add: 1}]}
  - {id: welcome-back, when: join, then: [say: 又见面了], mode: "off"}
"""


def home(folder: Path, tests: str, community: str = CAMP) -> Path:
    """The camp with one file of tests; `tests` begins at `- name:`."""
    (folder / "communities").mkdir()
    (folder / "communities" / "camp.yaml").write_text(community, encoding="utf-8")
    (folder / "tests").mkdir()
    (folder / "tests" / "camp.yaml").write_text(f"community: camp.yaml\ntests:\n{tests}", encoding="utf-8")
    return folder


def one(folder: Path, body: str) -> Path:
    """The camp with one test, `claim`, that begins on Monday 2026-03-02 at 07:00; its body is indented by four."""
    return home(folder, f"  - name: claim\n    start: 2026-03-02T07:00:00+08:00\n{body}")


def rehearse(
    folder: Path, capsys: pytest.CaptureFixture[str], *, only: str | None = None, lang: str = "en"
) -> tuple[int, str]:
    """The exit status and what is printed, without spaces at the ends of lines."""
    status = 0
    try:
        run(folder, only=only, lang=lang)
    except typer.Exit as left:
        status = left.exit_code
    printed = capsys.readouterr().out
    return status, "\n".join(line.rstrip() for line in printed.splitlines())
