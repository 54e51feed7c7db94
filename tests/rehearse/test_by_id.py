"""A home's own tests can speak of whatever decides and has an id: surveys, answers, goals."""

from __future__ import annotations

import pytest

from tests.rehearse.homes import CAMP, home, rehearse

COMMUNITY = f"""{CAMP}surveys:
  mood: {{kind: scale, ask: 心情？, who: "true"}}
faq:
  fee: {{ask: [会费], answer: 不收费。}}
conversions:
  order: {{name: 下单}}
events:
  tea: {{title: 茶会, at: fri 20:00}}
"""
CLAIM = """\
  - name: claim
    start: 2026-03-02T07:00:00+08:00
    members: {阿管: {admin: true}, 小王: {joined: 30d ago}}
    events:
      - {at: 0s, from: 小王, text: 会费是多少？}
      - {at: 1m, from: 阿管, text: /调查 开始 mood}
      - {at: 2m, from: 小王, text: 打分 5}
      - {at: 3m, from: 阿管, text: "/转化 记 @小王 下单", mentions: [小王]}
    expect: [{event: EVENT, rule: RULE}]
"""


@pytest.mark.parametrize(
    ("event", "rule", "status"),
    [(0, "fee", 0), (1, "mood", 0), (2, "mood", 0), (3, "order", 0), (2, "order", 1), (3, "tea", 1), (2, "moon", 2)],
)
def test_what_decides_may_be_named_by_its_id(tmp_path, capsys, event, rule, status):
    claim = CLAIM.replace("EVENT", str(event)).replace("RULE", rule)
    found, printed = rehearse(home(tmp_path, claim, COMMUNITY), capsys)
    assert found == status, printed
