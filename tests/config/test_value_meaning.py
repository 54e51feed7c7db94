"""Conditions that ask for what a value never is are told where that stands, in both languages."""

from __future__ import annotations

import pytest

from config.home import look
from tests.config.test_probably_meant import HEAD, line, told
from tests.config.test_rule_meaning import DAYS, rule

ADS = "lists: {ads: [x]}\n"
RULES = "rules:\n  - {id: ads, when: message, words: ads, then: [delete, warn]}\n"


def asked(condition: str, when: str = "message", more: str = "") -> str:
    return rule("{say: hi}", condition=f"'{condition}'", when=when, more=more)


@pytest.mark.parametrize(
    ("body", "column", "name", "guess"),
    [
        (asked('check_in.challenge == "morning"', "check_in", DAYS), 32, "morning", ""),
        (asked('check_in.challenge in ["m", "n"]', "check_in", DAYS), 38, "n", ""),
        (asked('"roon" == group.key'), 10, "roon", "`room`"),
        (asked('group.key != "rooms"'), 23, "rooms", "`room`"),
        (asked('event.type == "warning"'), 24, "warning", "`warned`"),
    ],
)
def test_what_a_value_never_is_is_warned_of_with_what_it_can_be(tmp_path, body, column, name, guess):
    (warning,) = told(tmp_path, body)
    assert warning.weight == "warning"
    assert line(warning).startswith(f"11:{column}: rules[0].if: `")
    assert f"` is never `{name}`; it can be `" in line(warning)
    assert f"` 不会是 `{name}`；它可以是 `" in line(warning, "zh")
    assert warning.guess == guess


def test_a_rule_that_gives_no_warning_because_there_is_none_of_it_is_guessed(tmp_path):
    body = f'{RULES}  - {{id: b, when: warned, if: warning.rule == "adss", then: [say: hi]}}\n{ADS}'
    (warning,) = told(tmp_path, body)
    assert line(warning) == (
        "10:47: rules[1].if: `warning.rule` is never `adss`; it can be `ads`, `b` (did you mean `ads`?)"
    )


@pytest.mark.parametrize(
    ("condition", "when", "column", "en", "zh", "guess"),
    [
        ('"https://a.com/x" in msg.domains', "message", 10, "`msg.domains` holds hosts alone", "只有主机名", "a.com"),
        ('msg.domains.exists(d, d == "www.a.com")', "message", 37, "without `www.`", "不带 `www.`", "a.com"),
        ('"@ana" in msg.mentions', "message", 10, "`msg.mentions` holds accounts", "里是账号", ""),
        ('":+1:" in event.emoji || "ok" in event.emoji', "reaction", 10, "the emoji themselves", "表情本身", ""),
        ('"helper" in member.roles', "message", 10, "`owner` and `moderator` alone", "里只有 `admin`、`owner`", ""),
        ('member.language == "Chinese"', "message", 29, "`member.language` is a code", "是语言代码", ""),
        ('msg.normalized.contains("VIP")', "message", 34, "so `VIP` is never found", "`VIP` 永远找不到", "vip"),
        ('msg.normalized.startsWith("兼職")', "message", 36, "so `兼職` is never found", "永远找不到", "兼职"),
        ('msg.normalized == "ＯＫ，"', "message", 28, "so `ＯＫ，` is never found", "永远找不到", "ok,"),
    ],
)
def test_what_a_list_or_a_text_never_holds_is_warned_of(tmp_path, condition, when, column, en, zh, guess):
    warning = told(tmp_path, asked(condition, when))[0]
    assert line(warning).startswith(f"11:{column}: rules[0].if: `")
    assert en in line(warning)
    assert zh in line(warning, "zh")
    assert warning.guess == (f'`"{guess}"`' if guess else "")


@pytest.mark.parametrize(
    "body",
    [
        asked('check_in.challenge == "m"', "check_in", DAYS),
        asked('event.type == "edit" && group.key == "room" && member.language != ""'),
        asked('warning.rule == "admin"', "warned"),
        asked('"a.com" in msg.domains || msg.domains.exists(d, d.endsWith(".a.com"))'),
        asked('"telegram:1" in msg.mentions && "admin" in member.roles'),
        asked('"moderator" in member.roles || "owner" in member.roles'),
        asked('member.language in ["ru", "zh-hans", "pt-br", "zh"]'),
        f"{RULES}{ADS}".replace("then:", "exempt: [role:admin, role:owner, role:moderator], then:"),
        asked('"👍" in event.emoji || "custom:5" in event.emoji', "reaction"),
        asked('msg.normalized.contains("兼职 vip,") && msg.text.contains("VIP")'),
        asked("now.getHours(group.timezone) >= 23 || now.getHours(group.timezone) < 7"),
        asked("msg.length > 10 && msg.lines == 0 && msg.length < 100"),
        asked("now.getDayOfWeek(group.timezone) == 0 && 22 <= now.getHours(group.timezone)"),
        "links: {allowed_domains: [https://a.com/, www.b.com, c.com]}\n",
    ],
)
def test_what_can_be_passes(tmp_path, body):
    assert told(tmp_path, body) == []


@pytest.mark.parametrize(
    ("condition", "en", "zh"),
    [
        (
            "now.getHours(group.timezone) >= 23 && now.getHours(group.timezone) < 7",
            "now.getHours would have to be at least 23 and at most 6; write || where the time goes on past its end",
            "now.getHours 得至少是 23、又至多是 6；跨过一天、一周的，请用 ||",
        ),
        ("24 <= now.getHours(group.timezone)", "at least 24 and at most 23", "得至少是 24、又至多是 23"),
        ("now.getDayOfWeek(group.timezone) == 7", "at most 6; Sunday is 0", "至多是 6；星期日是 0"),
        ("now.getMonth(group.timezone) == 12", "at most 11; January is 0", "至多是 11；一月是 0"),
        ("now.getDayOfMonth(group.timezone) > 30", "the first is 0, and 1 with getDate", "用 getDate 时一号是 1"),
        ("now.getDayOfYear(group.timezone) > 365", "at most 365; the first is 0", "至多是 365；第一天是 0"),
        ("now.getDate(group.timezone) == 0", "at least 1 and at most 0", "得至少是 1、又至多是 0"),
        ("msg.length > 100 && msg.length < 10", "msg.length would have to be at least 101 and at most 9", "又至多是 9"),
        ("0 > msg.lines", "msg.lines would have to be at least 0 and at most -1", "又至多是 -1"),
    ],
)
def test_an_hour_or_a_day_that_never_comes_is_a_problem(tmp_path, condition, en, zh):
    (problem,) = told(tmp_path, asked(condition))
    assert problem.weight == "problem"
    assert en in line(problem)
    assert zh in line(problem, "zh")


@pytest.mark.parametrize(
    ("asks", "en", "zh"),
    [
        ("getMonth", "`getMonth` counts otherwise than people do: January is 0", "一月是 0，十二月是 11"),
        ("getDayOfMonth", "people do: the first is 0, and 1 with getDate", "一号是 0；`getDate` 里一号是 1"),
    ],
)
def test_what_counts_from_0_is_noted(tmp_path, asks, en, zh):
    assert told(tmp_path, asked(f"now.{asks}(group.timezone) == 1")) == []
    (note,) = look(tmp_path)[1]
    assert note.weight == "note"
    assert line(note).startswith("11:14: rules[0].if: ")
    assert en in line(note)
    assert zh in line(note, "zh")


def test_hosts_that_no_link_has_are_warned_of(tmp_path):
    lists = "lists: {ok: {domains: [a.com, www.b.com]}}\n"
    (warning,) = told(tmp_path, asked("msg.domains.exists(d, !(d in lists.ok))", more=lists))
    why = "conditions find hosts as they stand here, and no link has the host `www.b.com`"
    assert line(warning) == f"13:31: lists.ok.domains[1]: {why} (did you mean `b.com`?)"
    assert "没有哪个链接的主机名是 `www.b.com`" in line(warning, "zh")


def test_that_a_page_allows_its_host_is_told(tmp_path):
    (warning,) = told(tmp_path, "links: {allowed_domains: [https://github.com/acme]}\n")
    why = "links are judged by their host, so this allows all of `github.com`, not `https://github.com/acme` alone"
    assert line(warning) == f"8:27: links.allowed_domains[0]: {why} (did you mean `github.com`?)"
    assert "放行的是整个 `github.com`" in line(warning, "zh")


def test_a_role_that_nobody_has_leaves_nobody_alone(tmp_path):
    (warning,) = told(tmp_path, f"{RULES}{ADS}".replace("then:", "exempt: [role:admin, role:moderators], then:"))
    assert line(warning) == (
        "9:63: rules[0].exempt[1]: `member.roles` holds `admin`, `owner` and `moderator` alone: `moderators` is never "
        "one of them (did you mean `moderator`?)"
    )


def test_a_group_whose_heading_has_a_mistake_is_not_missed(tmp_path):
    body = asked('group.key == "elsewhere"')
    assert [each.weight for each in told(tmp_path, body, HEAD.replace("Asia/Shanghai", "nowhere at all"))] == [
        "problem"
    ]


CAMPS = "check_ins:\n  m: {keywords: [a], starts: 2090-03-01, length: 14d}\n  n: {keywords: [b], %s}\n"
ENDS = CAMPS % "starts: 2090-03-01, length: 21d, days: weekdays"


@pytest.mark.parametrize(
    ("body", "column", "streak"),
    [
        (asked("check_in.streak == 21", "check_in", ENDS), 10, 21),
        (asked("msg.edited && member.streak > 15", more=ENDS), 24, 16),
        (f"tiers: {{a: {{from: 0}}, b: {{from: 9, if: member.streak >= 16}}}}\n{ENDS}", 40, 16),
    ],
)
def test_a_streak_that_no_challenge_is_long_enough_for_is_warned_of(tmp_path, body, column, streak):
    (warning,) = told(tmp_path, body)
    assert f":{column}: " in line(warning)
    assert f"the longest challenge asks for 15 days in all, so a streak of {streak} can never be" in line(warning)
    assert f"最长的打卡项目也只有 15 天，连续 {streak} 天永远达不到" in line(warning, "zh")


@pytest.mark.parametrize(
    "body",
    [
        asked("check_in.streak == 15 || check_in.streak < 30", "check_in", ENDS),
        asked("check_in.streak >= 21", "check_in", CAMPS % "starts: 2090-03-01"),
    ],
    ids=["long enough", "one has no end"],
)
def test_a_streak_that_can_be_reached_passes(tmp_path, body):
    assert told(tmp_path, body) == []


@pytest.mark.parametrize(
    ("body", "en", "zh"),
    [
        ("flood: {within: 0s}\n", "flood.within: found `0s`: in no time nothing happens twice", "什么都不会发生两次"),
        ("duplicates: {within: 0m}\n", "duplicates.within: found `0m`: in no time nothing", "什么都不会发生两次"),
        ("links: {allowed_domains: [a.com], newcomers_for: 0d}\n", "nobody joined less than no time ago", "或者删掉它"),
        ("check_ins: {m: {board: {over: 12h}}}\n", "`over` is at least a day", "`over` 至少一天"),
        ("check_ins: {m: {remind: {at: 20:00, forget_after: 12h}}}\n", "`forget_after` is at least a day", "至少一天"),
    ],
)
def test_a_time_in_which_nothing_can_happen_is_a_problem(tmp_path, body, en, zh):
    problem = told(tmp_path, body)[0]
    assert problem.weight == "problem"
    assert en in line(problem)
    assert zh in line(problem, "zh")
