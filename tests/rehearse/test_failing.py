"""What is printed of a test that fails: the place, what was expected and found, and why."""

from __future__ import annotations

import pytest

from tests.rehearse.homes import CAMP, home, one, rehearse

FAILURES = {
    "a rule that did not act tells each part of its condition": (
        """\
    members: {老人: {joined: 30d ago}}
    events: [{at: 0s, from: 老人, text: "看 https://win.example/a"}]
    expect:
      - {event: 0, rule: newcomer-links, then: [delete, warn]}
""",
        """\
    tests/camp.yaml:8:9: claim: event 0, 老人 after 0s: "看 https://win.example/a"
      expected   newcomer-links: delete, warn
      found      nothing is decided
      asked      ✗ member.joined_days < 7  member.joined_days = 30
                 ✓ msg.domains.exists(d, !(d in lists.allowed))  msg.domains = ["win.example"]""",
    ),
    "a rule that acted in another way tells its reasons": (
        """\
    members: {新人: {joined: 2d ago}}
    events: [{at: 0s, from: 新人, text: "看 https://win.example/a"}]
    expect:
      - {event: 0, rule: newcomer-links, then: [delete, mute 1h]}
""",
        """\
    tests/camp.yaml:8:9: claim: event 0, 新人 after 0s: "看 https://win.example/a"
      expected   newcomer-links: delete, mute 1h
      found      newcomer-links: delete, warn
      because    newcomer-links: joined 2 days ago (< 7)
                 newcomer-links: link to win.example, not on the list allowed
                 newcomer-links: live warnings: 1""",
    ),
    "something was decided where nothing should be": (
        """\
    members: {小王: {}}
    events: [{at: 0s, from: 小王, text: 代购}]
    expect: [{event: 0, rule: none}]
""",
        """\
    tests/camp.yaml:7:14: claim: event 0, 小王 after 0s: "代购"
      expected   nothing is decided
      found      ad-words: delete, notify
      because    ad-words: says 代购 (ad_words)""",
    ),
    "who is staff or exempt": (
        """\
    members: {阿管: {admin: true}, 商人: {tags: trader}}
    events: [{at: 0s, from: 阿管, text: 代购}, {at: 1s, from: 商人, text: 你好}]
    expect: [{event: 0, rule: ad-words}, {event: 1, rule: ad-words}]
""",
        """\
    tests/camp.yaml:7:14: claim: event 0, 阿管 after 0s: "代购"
      expected   ad-words
      found      nothing is decided
      asked      ✗ not an admin  member.staff = true
                 ✓ says a word of ad_words

    tests/camp.yaml:7:42: claim: event 1, 商人 after 1s: "你好"
      expected   ad-words
      found      nothing is decided
      asked      ✗ not exempt by tag:trader
                 ✗ says a word of ad_words""",
    ),
    "what waits for something else, is off, or keeps to a limit": (
        """\
    members: {小王: {}}
    events: [{at: 0s, from: 小王, text: 早}]
    expect:
      - {event: 0, rule: likes}
      - {event: 0, rule: welcome-back}
      - {event: 0, rule: flood}
      - {event: 0, rule: morning}
""",
        """\
    tests/camp.yaml:8:9: claim: event 0, 小王 after 0s: "早"
      expected   likes
      found      nothing is decided
      because    likes waits for: reaction

    tests/camp.yaml:9:9: claim: event 0, 小王 after 0s: "早"
      expected   welcome-back
      found      nothing is decided
      because    welcome-back is off

    tests/camp.yaml:10:9: claim: event 0, 小王 after 0s: "早"
      expected   flood
      found      nothing is decided
      because    the limit was not passed

    tests/camp.yaml:11:9: claim: event 0, 小王 after 0s: "早"
      expected   morning
      found      nothing is decided
      because    its keywords: 打卡""",
    ),
    "a rule that an earlier one got ahead of": (
        """\
    members: {小王: {}, 小李: {}}
    events: [{at: 0s, from: 小王, text: 谢谢 @小李 的代购}]
    expect: [{event: 0, rule: thanks}]
""",
        """\
    tests/camp.yaml:7:14: claim: event 0, 小王 after 0s: "谢谢 @小李 的代购"
      expected   thanks
      found      ad-words: delete, notify
      because    ad-words: says 代购 (ad_words)
                 everything it asks for holds: a rule before it settled the matter
      asked      ✓ msg.mentions.size() > 0  msg.mentions = ["test:小李"]
                 ✓ msg.text.contains("谢谢")  msg.text = "谢谢 @小李 的代购\"""",
    ),
    "words that were not said": (
        """\
    members: {新人: {joined: 2d ago}}
    events: [{at: 0s, from: 新人, text: "看 https://win.example/a"}]
    expect: [{event: 0, says: [七天内, 再见], tells_admins: 看}]
""",
        """\
    tests/camp.yaml:7:25: claim: event 0, 新人 after 0s: "看 https://win.example/a"
      expected   words said: "再见"
      found      "@新人 七天内请勿发外链（第 1 次警告，30 天内有效）"

    tests/camp.yaml:7:42: claim: event 0, 新人 after 0s: "看 https://win.example/a"
      expected   admins are told: "看"
      found      admins are told nothing""",
    ),
    "a member who is not as expected, with the ledger or the last decisions": (
        """\
    members: {小王: {points: 20}}
    events: [{at: 0d, repeat: {every: 1d, times: 3}, from: 小王, text: 打卡 今天读完了第三章的前十页}]
    expect_members:
      小王: [{at: 1d, points: 30}, {points: 40, tags: [好友], streak: 4}]
""",
        """\
    tests/camp.yaml:8:35: claim: 小王 after 2d (03-04 07:00)
      expected   points 40
      found      points 35
      because    +20, start: at the start of the test
                 +5 x 3, check_in:morning: check-in

    tests/camp.yaml:8:47: claim: 小王 after 2d (03-04 07:00)
      expected   tags [好友]
      found      tags []
      because    0s, morning: check_in:morning +1, points +5, say (2026-03-02: day 1 in a row)
                 1d, morning: check_in:morning +1, points +5, say (2026-03-03: day 2 in a row)
                 2d, morning: check_in:morning +1, points +5, say (2026-03-04: day 3 in a row)

    tests/camp.yaml:8:59: claim: 小王 after 2d (03-04 07:00)
      expected   streak 4
      found      streak 3
      because    0s, morning: check_in:morning +1, points +5, say (2026-03-02: day 1 in a row)
                 1d, morning: check_in:morning +1, points +5, say (2026-03-03: day 2 in a row)
                 2d, morning: check_in:morning +1, points +5, say (2026-03-04: day 3 in a row)""",
    ),
    "the first time of a repeated event that is amiss": (
        """\
    members: {小王: {}}
    events: [{at: 1m30s, repeat: {every: 1d, times: 3}, from: 小王, text: 代购, kind: photo}]
    expect: [{event: 0, nth: 2, rule: none}]
""",
        """\
    tests/camp.yaml:7:14: claim: event 0 2/3, 小王 after 1d 1m 30s: "代购"
      expected   nothing is decided
      found      ad-words: delete, notify
      because    ad-words: says 代购 (ad_words)""",
    ),
    "timers that came due at other times": (
        """\
    members: {小王: {}}
    events: [{at: 0s, from: 小王, does: join}]
    expect: [{at: 25h, says: 小王}, {at: 3d, says: none}]
""",
        """\
    tests/camp.yaml:7:24: claim: timers after 25h (03-03 08:00)
      expected   words said: "小王"
      found      nothing is said
      because    timers came due after 1d onboarding, 3d onboarding, 3d onboarding.give_up""",
    ),
    "somebody who never came": (
        """\
    members: {小王: {}}
    events: [{at: 1d, from: 小王, does: join}]
    expect_members: {小王: {at: 1h, points: 0}}
""",
        """\
    tests/camp.yaml:7:22: claim: 小王 after 1h (03-02 08:00)
      expected   a member of the group
      found      nobody of that name was ever here""",
    ),
}


@pytest.mark.parametrize(("body", "told"), FAILURES.values(), ids=FAILURES)
def test_tells(tmp_path, capsys, body, told):
    status, printed = rehearse(one(tmp_path, body), capsys)
    assert status == 1
    lines = printed.splitlines()
    assert lines[0] == "tests/camp.yaml · 晨读营"
    assert lines[1].startswith("  ✗ claim  ")
    assert lines[-1] == "Tests: 1, 0 passed, 1 failed."
    assert "\n".join(lines[3:-2]) == told


def test_the_other_tests_still_run_and_are_counted(tmp_path, capsys):
    tests = """\
  - {name: good, start: 2026-03-02T07:00:00+08:00, members: {小王: {}}, expect_members: {小王: {points: 0}}}
  - {name: bad, start: 2026-03-02T07:00:00+08:00, members: {小王: {}}, expect_members: {小王: {points: 1}}}
"""
    assert rehearse(home(tmp_path, tests), capsys, lang="zh") == (
        1,
        """\
tests/camp.yaml · 晨读营
  ✓ good  0 个事件
  ✗ bad  0 个事件

    tests/camp.yaml:4:92: bad: 小王，0s 后（03-02 07:00）
      期望       points 1
      实际       points 0

2 个测试，1 个通过，1 个失败。""",
    )


def test_what_a_condition_looked_at_is_told_as_of_the_event(tmp_path, capsys):
    rule = (
        "rules:\n  - {id: rich, when: message, if: member.points >= 30 && member.messages_30d > 2, then: [react: 👍]}\n"
    )
    community = CAMP.partition("rules:\n")[0] + rule
    tests = """\
  - name: claim
    start: 2026-03-02T07:00:00+08:00
    members: {小王: {points: 20}}
    events: [{at: 0d, repeat: {every: 1d, times: 3}, from: 小王, text: 打卡 今天读完了第三章的前十页}]
    expect: [{event: 0, nth: 1, rule: rich}, {event: 0, nth: 3, rule: rich}]
"""
    status, printed = rehearse(home(tmp_path, tests, community), capsys)
    assert status == 1
    assert "✗ member.points >= 30  member.points = 25\n                 ✗ member.messages_30d > 2" in printed
    assert printed.count("asked") == 1, "the third time has points and messages enough"


def test_a_workflow_that_breaks_down_fails_the_test(tmp_path, capsys, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr("workflows.flood.flooded", broken)
    body = (
        "    members: {小王: {}}\n    events: [{at: 0s, from: 小王, text: 早}]\n    expect: [{event: 0, rule: none}]\n"
    )
    status, printed = rehearse(one(tmp_path, body), capsys)
    assert status == 1
    assert "tests/camp.yaml:3:5: claim: rules broke down on event:0" in printed
    assert "found      RuntimeError: a bug of ours" in printed
