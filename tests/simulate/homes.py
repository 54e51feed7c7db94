"""Small homes to simulate under."""

from __future__ import annotations

from pathlib import Path

from config.home import load
from core.workflow import Group

THANKS = r"""
rules:
  - id: thanks
    when: message
    if: msg.mentions.size() > 0 && msg.text.matches("(?i)\\b(thanks|thank you|thx|ty)\\b|谢谢|感谢")
    then:
      - points: {to: mentioned, add: 1, cap_per_day: 10}
      - react: 👍
"""
ONBOARDING = """
onboarding:
  welcome: {en: "Welcome ${member.name}"}
  steps:
    - id: agree
      ask: {en: Do you agree?}
      options:
        - {say: [agree]}
  remind: {after: 24h, times: 1}
  give_up_after: 72h
"""
ADS = """
lists:
  ad_words: [代购, 刷单]
rules:
  - id: ads
    when: message
    if: lists.ad_words.exists(w, msg.normalized.contains(w))
    then: [delete]
    mode: shadow
"""


def home(folder: Path, body: str, zone: str = "UTC") -> Path:
    """A home of one community with one group, `room`."""
    (folder / "communities").mkdir(parents=True)
    head = (
        f"version: 1\ncommunity:\n  name: Room\n  timezone: {zone}\n  languages: [en, zh]\n  groups: {{room: {{}}}}\n"
    )
    (folder / "communities" / "room.yaml").write_text(head + body, encoding="utf-8")
    return folder


def group(folder: Path, body: str, zone: str = "UTC") -> Group:
    """Its group."""
    return load(home(folder, body, zone)).groups["room"]
