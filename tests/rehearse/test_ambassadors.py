"""A home's own tests can speak of its ambassadors, by the id of their kind."""

from __future__ import annotations

import pytest

from tests.rehearse.homes import CAMP, home, rehearse

COMMUNITY = f"{CAMP}ambassadors: {{koc: {{name: 达人, tag: koc}}}}\n"
CLAIM = """\
  - name: claim
    start: 2026-03-02T07:00:00+08:00
    members: {阿管: {admin: true}, 小王: {joined: 30d ago}}
    events:
      - {at: 0s, from: 小王, text: 早上好}
      - {at: 1m, from: 阿管, text: "/达人 邀请 @小王", mentions: [小王]}
    expect: [{event: 1, rule: RULE, then: [invite]}]
"""


@pytest.mark.parametrize(("rule", "status"), [("koc", 0), ("kol", 2)])
def test_what_decides_may_be_a_kind_of_ambassadors(tmp_path, capsys, rule, status):
    found, printed = rehearse(home(tmp_path, CLAIM.replace("RULE", rule), COMMUNITY), capsys)
    assert found == status, printed
