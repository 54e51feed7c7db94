"""What a home's own tests can say, each as a test that passes."""

from __future__ import annotations

import pytest

from cli.init import Template, write
from tests.rehearse.homes import home, one, rehearse

CLAIMS = {
    "the third link is muted": """\
    members: {新人: {joined: 2d ago}, 老人: {joined: 30d ago}}
    events:
      - {at: 0s, from: 新人, text: "福利 https://win.example/a"}
      - {at: 5m, from: 新人, text: "福利 https://win.example/b"}
      - {at: 6m, from: 老人, text: "别点 https://win.example/b"}
      - {at: 9m, from: 新人, text: "福利 https://win.example/c"}
      - {at: 12m, from: 新人, text: "https://books.example/c"}
    expect:
      - {event: 0, rule: newcomer-links, then: [delete, warn], says: 七天内请勿发外链}
      - {event: 1, rule: newcomer-links, then: [warn, delete]}
      - {event: 2, rule: none}
      - {event: 3, rule: newcomer-links, then: [delete, warn, mute 60m]}
      - {event: 4, rule: none, says: none}
    expect_members: {新人: {warnings: 3}, 老人: {warnings: 0}}
""",
    "a rule in shadow only reports where the test says so": """\
    shadow: reports
    members: {新人: {joined: 2d ago}}
    events: [{at: 0s, from: 新人, text: "福利 https://win.example/a"}]
    expect: [{event: 0, rule: newcomer-links, then: [delete, warn], says: none}]
    expect_members: {新人: {warnings: 0}}
""",
    "seven mornings earn the bonus over a weekend": """\
    members: {小王: {}}
    events: [{at: 0d, repeat: {every: 1d, times: 9}, from: 小王, text: 打卡 今天读完了第三章的前十页}]
    expect: [{event: 0, nth: 9, rule: morning, then: ["check_in:morning +1", points +5, points +10, say]}]
    expect_members:
      小王: [{at: 4d, streak: 5, points: 25}, {at: 9d, streak: 7, points: 45}, {at: 30d, streak: 0}]
""",
    "members begin with what they are given": """\
    members:
      甲: {points: 98, tags: [a, b], warnings: 2}
      乙: {points: 120}
      丙: {points: 120, tier: seed}
      丁: {tier: tree, points: 600, joined: 1d ago}
    expect_members:
      甲: {points: 98, tags: [b, a], warnings: 2, tier: seed}
      乙: {tier: sprout, tags: []}
      丙: {tier: seed}
      丁: {tier: tree}
""",
    "warnings from before the test lapse as others do": """\
    members: {甲: {warnings: 1}}
    expect_members: {甲: [{at: 28d, warnings: 1}, {at: 29d, warnings: 0}]}
""",
    "a thank-you lifts a member into the next tier, once": """\
    members: {小李: {points: 99}, 小王: {}}
    events: [{at: 0s, from: 小王, text: 谢谢 @小李 老师}, {at: 1m, from: 小王, text: 谢谢, mentions: 小李}]
    expect:
      - {event: 0, rule: thanks, then: [points +1]}
      - {event: 0, rule: sprout, says: 新芽}
    expect_members: {小李: {tier: sprout, tags: sprouted}}
""",
    "a review takes the tier of somebody who was silent": """\
    members: {小李: {tier: sprout, points: 200, joined: 90d ago}}
    expect: [{at: 6d17h, rule: tiers}]
    expect_members: {小李: [{at: 6d, tier: sprout}, {at: 7d, tier: seed}]}
""",
    "a newcomer joins, presses a button and is rewarded; another is reminded and given up": """\
    members: {小王: {language: en}, 小李: {}}
    events:
      - {at: 0s, from: 小王, does: join}
      - {at: 0s, from: 小李, does: join}
      - {at: 1m, from: 小王, does: press, data: Writing}
    expect:
      - {event: 0, rule: onboarding, says: [Welcome 小王, Which track]}
      - {event: 2, rule: onboarding}
      - {at: 24h, rule: onboarding, says: 小李}
      - {at: 3d, tells_admins: 小李, says: none}
    expect_members: {小王: {points: 10, tags: "track:writing"}, 小李: {points: 0}}
""",
    "admins are not judged, and who adds somebody is told apart": """\
    members: {阿管: {admin: true}, 小王: {}}
    events:
      - {at: 0s, from: 阿管, text: 代购违规}
      - {at: 1m, from: 小王, does: join, by: 阿管}
    expect: [{event: 0, rule: none}, {event: 1, says: 欢迎}, {at: 24h, says: none}]
""",
    "an edit is judged, a reaction rewards the author, an answer names its author": """\
    members: {小王: {}, 小李: {}}
    events:
      - {at: 0s, from: 小王, text: 今天的书}
      - {at: 1m, from: 小李, does: react, of: 0, data: 👍}
      - {at: 2m, from: 小李, text: 好, reply_to: 0}
      - {at: 3m, from: 小王, does: edit, of: 0, text: 代购的书}
      - {at: 4m, from: 小王, does: recall, of: 0}
      - {at: 5m, from: 小王, does: leave}
    expect:
      - {event: 1, rule: likes, then: [points +1]}
      - {event: 2, rule: none}
      - {event: 3, rule: ad-words, then: [delete, notify], tells_admins: 代购的书}
    expect_members: {小王: {points: 1}}
""",
    "a limit is known by its section, a deed may be written as in the rules": """\
    members: {小王: {}}
    events: [{at: 0s, from: 小王, text: 在吗, repeat: {every: 1s, times: 3}}]
    expect: [{event: 0, nth: 2, rule: none}, {event: 0, nth: 3, rule: flood, then: [{mute: 600s}]}]
""",
    "another group of the community": """\
    group: hall
    members: {小王: {}}
    events: [{at: 0s, from: 小王, text: 代购}]
    expect: [{event: 0, rule: ad-words}]
""",
}


@pytest.mark.parametrize("body", CLAIMS.values(), ids=CLAIMS)
def test_passes(tmp_path, capsys, body):
    status, printed = rehearse(one(tmp_path, body), capsys)
    assert (status, "✗" in printed) == (0, False), printed


def test_the_report_has_a_line_for_each_test(tmp_path, capsys):
    two = "".join(
        f"""\
  - name: {name}
    start: 2026-03-02T07:00:00+08:00
    members: {{小王: {{}}}}
    events: [{{at: 0s, from: 小王, text: 打卡 今天读完了第三章的前十页}}]
    expect_members: {{小王: {{at: 3d, points: 5}}}}
"""
        for name in ("five points", "five [bold]points[/] more")
    )
    assert rehearse(home(tmp_path, two), capsys) == (
        0,
        """\
tests/camp.yaml · 晨读营
  ✓ five points  1 event
  ✓ five [bold]points[/] more  1 event

Tests: 2, all passed.""",
    )
    assert rehearse(tmp_path, capsys, only="MORE", lang="zh") == (
        0,
        """\
tests/camp.yaml · 晨读营
  ✓ five [bold]points[/] more  1 个事件

1 个测试，全部通过。 (另有 1 个没有运行)""".replace("(", "（").replace(")", "）"),
    )


@pytest.mark.parametrize("template", list(Template))
def test_the_tests_of_a_new_home_pass(tmp_path, capsys, template):
    write(tmp_path, template)
    status, printed = rehearse(tmp_path, capsys)
    assert (status, "all passed" in printed) == (0, True), printed


def test_two_runs_print_the_same(tmp_path, capsys):
    write(tmp_path, Template.READING)
    assert rehearse(tmp_path, capsys) == rehearse(tmp_path, capsys)
