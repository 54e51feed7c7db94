"""A home's own tests can sign members up: events are on the calendar from the start, announced and reminded of."""

from __future__ import annotations

import pytest

from tests.rehearse.homes import CAMP, home, rehearse

COMMUNITY = f"{CAMP}events:\n  tea: {{title: 茶会, at: fri 20:00, limit: 1, remind: 1h}}\n"
TESTS = """\
  - name: seats
    start: 2026-03-02T20:00:00+08:00
    members: {小王: {joined: 30d ago}, 小李: {joined: 30d ago}}
    events:
      - {at: 48h, from: 小王, text: 报名 茶会}
      - {at: 49h, from: 小李, text: 报名 茶会}
    expect:
      - {event: 0, rule: tea, says: 已报名}
      - {event: 1, rule: tea, says: "WAITS"}
      - {at: 24h, says: 茶会}
      - {at: 95h, rule: tea, says: 小王}
"""


@pytest.mark.parametrize(("waits", "status"), [("候补", 0), ("已报名", 1)])
def test_members_sign_up_wait_and_are_reminded(tmp_path, capsys, waits, status):
    found, printed = rehearse(home(tmp_path, TESTS.replace("WAITS", waits), COMMUNITY), capsys)
    assert found == status, printed
