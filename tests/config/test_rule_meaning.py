"""Rules that act on everything, wait for what nothing brings, ask for what nothing counts, read another clock or
hold back nothing are warned of at their place, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.home import look
from config.problems import Problem
from tests.config.test_probably_meant import HEAD, line, told

RULE = "rules:\n  - id: a\n    when: {when}\n"
DAYS = "check_ins: {m: {keywords: [x]}}\n"


def rule(then: str, *, condition: str = "", when: str = "message", more: str = "") -> str:
    asked = f"    if: {condition}\n" if condition else ""
    return RULE.format(when=when) + asked + f"    then: [{then}]\n" + more


@pytest.mark.parametrize("then", ["delete", "warn: no", "{propose: ban}", "reply: hi"])
@pytest.mark.parametrize("condition", ["", "true"])
def test_a_rule_that_acts_on_every_message_is_warned_of(tmp_path, then, condition):
    (warning,) = told(tmp_path, rule(then, condition=condition))
    verb = then.strip("{").partition(":")[0]
    en = f"this acts (`{verb}`) on every message of every member; say on which, by `if`, `words` or `patterns`"
    assert line(warning) == f"10:11: rules[0].when: {en}"
    assert f"对每个成员的每条消息都会执行（`{verb}`）；请用 `if`、`words` 或 `patterns`" in line(warning, "zh")


@pytest.mark.parametrize(
    "body",
    [
        rule("delete", condition="msg.edited"),
        rule("delete", more="    words: ads\nlists: {ads: [x]}\n"),
        rule("delete", more="    patterns: ads\npatterns: {ads: [x]}\n"),
        rule("{points: 1}"),
        rule("delete", when="edit"),
        rule("{say: hi}", when="join"),
        rule("approve", when="join_request"),
        rule("delete", more="    mode: 'off'\n"),
    ],
)
def test_what_is_asked_of_a_message_or_hurts_nobody_passes(tmp_path, body):
    assert told(tmp_path, body) == []


@pytest.mark.parametrize(
    ("when", "place", "name", "section"),
    [
        ("check_in", "10:11: rules[0].when", "check_in", "check_ins"),
        ("[join, tier_changed]", "10:18: rules[0].when[1]", "tier_changed", "tiers"),
        ("onboarding_completed", "10:11: rules[0].when", "onboarding_completed", "onboarding"),
    ],
)
def test_a_rule_that_waits_for_what_nothing_brings_is_warned_of(tmp_path, when, place, name, section):
    (warning,) = told(tmp_path, rule("{say: hi}", when=when))
    assert line(warning) == f"{place}: without `{section}:` there is no `{name}`, so this never happens"
    assert f"没有 `{section}:`，就不会有 `{name}`，这条规则永远不会执行" in line(warning, "zh")


def test_a_section_with_a_mistake_is_not_missed(tmp_path):
    body = rule("{say: hi}", when="check_in", condition="member.streak > 1", more="check_ins: {m: {keywords: []}}\n")
    assert [each.weight for each in told(tmp_path, body)] == ["problem"]


@pytest.mark.parametrize(
    ("body", "place", "field", "section"),
    [
        (rule("delete", condition="member.streak > 6"), "11:9: rules[0].if", "streak", "check_ins"),
        (rule("delete", condition="'member.check_ins_30d > 6'"), "11:10: rules[0].if", "check_ins_30d", "check_ins"),
        ("tiers: {a: {from: 0}, b: {from: 9, if: member.invited > 2}}\n", "8:40: tiers.b.if", "invited", "referrals"),
    ],
)
def test_a_number_that_nothing_counts_is_warned_of(tmp_path, body, place, field, section):
    (warning,) = told(tmp_path, body)
    en = f"without `{section}:` nothing counts `member.{field}`: it is 0 for everybody"
    assert line(warning) == f"{place}: {en}"
    assert f"没有 `{section}:`，就没有哪里会算 `member.{field}`：谁都是 0" in line(warning, "zh")


def test_help_that_nothing_counts_is_warned_of(tmp_path):
    (warning,) = told(tmp_path, "tiers: {a: {from: 0}, b: {from: 9, if: member.helped_30d > 2}}\n")
    assert line(warning).startswith("8:40: tiers.b.if: nothing counts who thanked whom, so `member.helped_30d` is 0")
    assert "`member.helped_30d` 谁都是 0；请写一条带 `thank` 的规则，或写 `questions:`" in line(warning, "zh")


@pytest.mark.parametrize(
    "body",
    [
        rule("delete", condition="member.streak > 6", more=DAYS),
        rule("delete", condition="member.invited > 6", more="referrals: {}\n"),
        rule("thank: replied", condition="member.helped_30d > 6"),
        rule("delete", condition="member.helped_30d > 6", more="questions: {}\n"),
        rule("delete", condition="msg.text == 'member.streak'"),
    ],
)
def test_numbers_that_something_counts_pass(tmp_path, body):
    assert told(tmp_path, body) == []


@pytest.mark.parametrize("name", ["getHours", "getDayOfWeek"])
def test_a_clock_without_a_zone_is_warned_of_at_its_name(tmp_path, name):
    (warning,) = told(tmp_path, rule("delete", condition=f"msg.edited && now.{name}() >= 6"))
    assert line(warning).startswith(f"11:27: rules[0].if: `{name}()` without a zone is told by the clock of UTC")
    assert f"`{name}()` 里不写时区，看的是 UTC 的钟" in line(warning, "zh")
    assert warning.guess == f"`{name}(group.timezone)`"


@pytest.mark.parametrize(
    ("written", "column"), [("now.getHours() > 1", 13), ('"now.getHours() > 1"', 14), ('"  now.getHours() > 1"', 16)]
)
def test_the_place_is_that_of_the_name_however_the_condition_is_written(tmp_path, written, column):
    (warning,) = told(tmp_path, rule("delete", condition=written))
    assert line(warning).startswith(f"11:{column}: ")


def test_a_clock_with_a_zone_and_one_of_utc_pass(tmp_path):
    assert told(tmp_path, rule("delete", condition="now.getHours(group.timezone) >= 23")) == []


def test_where_the_group_s_own_clock_is_utc_nothing_is_said_of_it(tmp_path):
    assert told(tmp_path, rule("delete", condition="now.getHours() > 1"), HEAD.replace("Asia/Shanghai", "UTC")) == []


ASKED = "rules: [{id: a, when: message, words: p, then: [delete]}]\n"


@pytest.mark.parametrize("entry", ["加.*微信", "加.+微信", "\\\\d{6,}"])
def test_a_pattern_in_a_list_of_words_is_warned_of(tmp_path, entry):
    (warning,) = told(tmp_path, f'lists: {{p: [vip, "{entry}"]}}\n{ASKED}')
    written = entry.replace("\\\\", "\\")
    en = f"a word of a list is looked for as it stands, `{written}` too; write patterns under `patterns:`"
    assert line(warning) == f"8:18: lists.p[1]: {en}"
    assert f"词表里的词按字面找，`{written}` 也是；正则请写在 `patterns:` 里" in line(warning, "zh")


def test_words_with_stars_of_their_own_pass(tmp_path):
    assert told(tmp_path, f"lists: {{p: [微*信, a.b, '***', 5*5]}}\n{ASKED}") == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("links: {allowed_domains: ['*.github.com']}\n", "8:27: links.allowed_domains[0]"),
        ("links: {allowed_domains: p}\nlists: {p: {domains: [a.md, '*.github.com']}}\n", "9:29: lists.p.domains[1]"),
    ],
)
def test_a_host_with_a_star_is_warned_of(tmp_path, body, place):
    (warning,) = told(tmp_path, body)
    assert line(warning).startswith(f"{place}: no host has a `*`, so `*.github.com` is none; in `links` subdomains are")
    assert "网址里没有 `*`，`*.github.com` 什么也对不上" in line(warning, "zh")
    assert warning.guess == "`github.com`"


SHORT = "    words: ads\nlists:\n  ads: [代购, 扫码加群, vip, 加 群]\n"


def noted(folder: Path, body: str) -> list[Problem]:
    """Notes about lists."""
    told(folder, body)
    return [one for one in look(folder)[1] if one.weight == "note" and one.path[0] == "lists"]


@pytest.mark.parametrize("then", ["delete", "warn: no", "mute: 1h", "{propose: ban}, delete"])
def test_words_of_two_letters_that_a_rule_deletes_by_are_noted(tmp_path, then):
    (note,) = noted(tmp_path, rule(then, more=SHORT))
    found = "words of two letters are found in longer ones, too, as `代购` is in `历代购书`: 代购; list longer ones"
    assert line(note) == f"14:3: lists.ads: {found}, or try the rule in `mode: shadow` first"
    assert "两个字的词在更长的话里也找得到，比如 `历代购书` 里有 `代购`：代购；请写长一点的词" in line(note, "zh")


def test_of_many_words_of_two_letters_three_are_named(tmp_path):
    (note,) = noted(tmp_path, rule("delete", more="    words: ads\nlists: {ads: [代购, 刷单, 博彩, 返利]}\n"))
    assert "`: 代购, 刷单, 博彩…; " in line(note)


@pytest.mark.parametrize(
    "body",
    [
        rule("delete", more="    mode: shadow\n" + SHORT),
        rule("notify: admins", more=SHORT),
        rule("{propose: ban}", more=SHORT),
        rule("delete", more="    words: ok\nlists: {ok: [扫码加群], other: [代购]}\n"),
    ],
    ids=["in shadow", "only told", "only asked", "another list"],
)
def test_words_of_two_letters_that_delete_nothing_pass(tmp_path, body):
    assert noted(tmp_path, body) == []


@pytest.mark.parametrize(
    ("then", "en", "zh"),
    [
        ("delete", "and this rule has none: `delete` comes each time", "这条规则里没有：`delete` 每次都会执行"),
        (
            "points: 1",
            "`points` comes each time; write `cap_per_day` or",
            "`points` 每次都会执行；请在那里写 `cap_per_day`",
        ),
        ("react: 👍, tag: x", "", ""),
    ],
)
def test_a_cooldown_that_holds_back_nothing_is_warned_of(tmp_path, then, en, zh):
    body = rule(", ".join(f"{{{one}}}" if ":" in one else one for one in then.split(", ")), condition="msg.edited")
    (warning,) = told(tmp_path, body + "    cooldown: 1d\n")
    assert line(warning).startswith("13:15: rules[0].cooldown: `cooldown` holds back warnings and words")
    assert en in line(warning)
    assert zh in line(warning, "zh")


@pytest.mark.parametrize("then", ["delete, warn: no", "reply: hi", "{notify: admins}, delete", "{propose: ban}"])
def test_a_cooldown_of_what_is_said_passes(tmp_path, then):
    then = ", ".join(f"{{{one}}}" if one[0] != "{" and ":" in one else one for one in then.split(", "))
    assert told(tmp_path, rule(then, condition="msg.edited", more="    cooldown: 1d\n")) == []


def stopping(first: str, second: str) -> str:
    return f"rules:\n  - {{id: a, stop: true, {first}}}\n  - {{id: b, when: message, {second}}}\n"


def test_a_rule_that_lets_no_other_come_is_warned_of(tmp_path):
    (warning,) = told(tmp_path, stopping("when: [message, join], then: [{points: 1}]", "then: [{tag: x}]"))
    en = "this rule acts each time and lets none of its kind come after it: `b` is passed over"
    assert line(warning) == f"9:19: rules[0].stop: {en}"
    assert "后面同类的规则就都不看了：`b` 轮不到" in line(warning, "zh")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("when: message, if: msg.edited, then: [{points: 1}]", "then: [{tag: x}]"),
        ("when: join, then: [{points: 1}]", "then: [{tag: x}]"),
        ("when: message, then: [{points: 1}], mode: shadow", "then: [{tag: x}]"),
        ("when: message, then: [{points: 1}], exempt: tag:x", "then: [{tag: x}]"),
        ("when: message, then: [{points: 1}]", "if: msg.edited, then: [delete]"),
    ],
    ids=["asks something", "another event", "in shadow", "leaves some alone", "those that hurt come first"],
)
def test_a_rule_that_lets_some_other_come_passes(tmp_path, first, second):
    assert told(tmp_path, stopping(first, second)) == []
