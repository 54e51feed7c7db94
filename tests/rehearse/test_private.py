"""A home's own tests can write to the assistant in private: questions at the door, answers that nobody else reads."""

from __future__ import annotations

import pytest

from tests.rehearse.homes import CAMP, home, rehearse

COMMUNITY = """\
version: 1
community:
  name: 晨读营
  timezone: Asia/Shanghai
  languages: [zh]
  groups: {camp: {}}
onboarding:
  entry:
    questions: [{id: order, ask: 订单号？, text: {pattern: "^[0-9]{6}$"}}]
"""
CLAIM = """\
  - name: claim
    start: 2026-03-02T07:00:00+08:00
    members: {小新: {}}
    events:
      - {at: 0s, from: 小新, does: request}
      - {at: 1m, from: 小新, text: "12345", private: true}
      - {at: 2m, from: 小新, text: "123456"PRIVATE}
    expect:
      - {event: 0, says: 订单号}
      - {event: 1, says: 格式}
      - {event: 2, then: [approve, say]}
"""


@pytest.mark.parametrize(("private", "status"), [(", private: true", 0), ("", 1)], ids=["in private", "in the group"])
def test_a_question_at_the_door_is_answered_in_private(tmp_path, capsys, private, status):
    found, printed = rehearse(home(tmp_path, CLAIM.replace("PRIVATE", private), COMMUNITY), capsys)
    assert found == status, printed


def test_what_is_no_message_is_not_private(tmp_path, capsys):
    claim = CLAIM.replace("does: request}", "does: request, private: true}").replace("PRIVATE", "")
    found, printed = rehearse(home(tmp_path, claim, CAMP), capsys)
    assert found == 2
    assert "`private` is said of a message; this is `does: request`" in printed or "`private` 说的是消息" in printed
