"""A home's own tests can speak of the topics of a forum."""

from __future__ import annotations

from tests.rehearse.homes import home, rehearse

COMMUNITY = """\
version: 1
community: {name: Readers, timezone: Asia/Shanghai, languages: [en], groups: {camp: {}}}
rules:
  - {id: pictures, when: message, if: 'msg.topic == "17" && !msg.has_media', then: [delete]}
"""
CLAIM = """\
  - name: one topic is for pictures
    start: 2026-03-02T07:00:00+08:00
    members: {ana: {}}
    events:
      - {at: 0s, from: ana, text: hello, topic: "17"}
      - {at: 1m, from: ana, text: hello, topic: "1"}
      - {at: 2m, from: ana, kind: photo, topic: "17"}
      - {at: 3m, from: ana, text: hello}
    expect:
      - {event: 0, rule: pictures, then: [delete]}
      - {event: 1, rule: none}
      - {event: 2, rule: none}
      - {event: 3, rule: none}
"""


def test_a_message_may_stand_in_a_topic(tmp_path, capsys):
    status, printed = rehearse(home(tmp_path, CLAIM, COMMUNITY), capsys)
    assert status == 0, printed
