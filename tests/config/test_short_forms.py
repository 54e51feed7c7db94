"""Values in a shorter or longer form than a field takes, and keys by other names, are guessed as they were meant."""

from __future__ import annotations

import pytest

from tests.config.test_probably_meant import HEAD, line, told

DAYS = "check_ins: {{m: {{keywords: [x], {}}}}}\n"
RULE = "rules: [{{id: a, when: message, if: msg.edited, {}}}]\n"


@pytest.mark.parametrize(
    ("body", "guess"),
    [
        (DAYS.format("points: 5分"), "`5`"),
        (DAYS.format("points: ５"), "`5`"),
        (DAYS.format("leave: {per_month: 3天}"), "`3`"),
        (DAYS.format("streak: {bonus: {7天: 10}}"), "`7`"),
        (DAYS.format("streak: {freezes: 2}"), "`{per_month: 2}`"),
        (DAYS.format("proof: photo"), "`{or: photo}`"),
        (DAYS.format("remind: 20:00"), "`{at: 20:00}`"),
        (DAYS.format("late: true"), "`{}`"),
        (DAYS.format("remind: true"), ""),
        (DAYS.format("leave: 3"), ""),
        *((DAYS.format(f"leave: {word}"), "`{}`") for word in ("yes", "on", "是")),
        *((DAYS.format(f"board: {word}"), "`null`") for word in ("no", "off", "false", "关闭")),
        (DAYS.format("streak: no"), ""),
        (DAYS.format("days: mon-fri"), "`weekdays`"),
        (DAYS.format("days: 周一到周五"), "`weekdays`"),
        (DAYS.format("days: sat-mon"), "`[sat, sun, mon]`"),
        (DAYS.format("days: 周一、周三"), "`[mon, wed]`"),
        ("referrals: true\n", "`{}`"),
        ("referrals: {after_days: 7d}\n", "`7`"),
        ("onboarding: {remind: 24h}\n", "`{after: 24h}`"),
        ("digests: {d: {at: 20:00, to: room, sections: 'activity, rule_report'}}\n", "`[activity, rule_report]`"),
        ("content: {a: {at: 20:00, text: {zh: 甲, en: A}, pin: 是}}\n", "`true`"),
        ("content: {a: {at: 20:00, text: {zh: 甲, en: A}, pin: 否}}\n", "`false`"),
        ("content: {a: {at: 20:00, text: {zh: 甲, en: A}, pin: maybe}}\n", ""),
        ("content: {a: {at: 20:00, text: {zh: 甲, en: A}, pin: flase}}\n", "`false`"),
        ("content: {a: {at: 20:00, text: {zh: 甲, en: A}, pin: ture}}\n", "`true`"),
        ("marketing_budget: {share: 2}\n", "`2%`"),
        ("marketing_budget: {share: 2.5}\n", "`2.5%`"),
        ("marketing_budget: {share: 2％}\n", "`2%`"),
        ("quiet_hours: {from: 23:00, to: 07:00}\n", "`23:00-07:00`"),
        ("quiet_hours: [23点, 7点]\n", "`23:00-07:00`"),
        ("conversions: [order]\n", "`order:`"),
        ("tiers: [{id: seed, from: 0}]\n", "`seed:`"),
        ("tiers: [{id: 种子, from: 0}]\n", ""),
        ("conversions: [Order One]\n", ""),
        ("lists: [vip, 兼职]\n", ""),
        (RULE.format("mode: true, then: delete"), "`on`"),
        (RULE.format("mode: false, then: delete"), "`off`"),
        (RULE.format("then: [mute 1h]"), "`{mute: 1h}`"),
        (RULE.format("then: [禁言30分钟]"), "`{mute: 30m}`"),
        (RULE.format("then: ['propose: 封禁']"), "`{propose: ban}`"),
        (RULE.format("then: warn 别发广告"), "`{warn: 别发广告}`"),
        (RULE.format("then: 删除、警告"), "`[delete, warn]`"),
        (RULE.format("then: [warn], escalate: {2: mute 1h}"), "`{mute: 1h}`"),
        (RULE.format("then: [foo bar]"), ""),
    ],
)
def test_the_form_that_was_meant_is_guessed(tmp_path, body, guess):
    (problem,) = told(tmp_path, body)
    assert (problem.weight, problem.guess) == ("problem", guess), line(problem)


@pytest.mark.parametrize(
    ("written", "meant", "guess"),
    [
        ("admins: [telegram:1]", "admins: [telegram: 7]", "`telegram:7`"),
        ("admins: [telegram:1]", "admins: [微信:wxid_a]", "`wechat:wxid_a`"),
        ("admins: [telegram:1]", "admins: ['telegram:1，telegram:2']", "`telegram:1, telegram:2`"),
        ("{room: {}}", "{room: {telegram: https://t.me/readers}}", "`@readers`"),
        ("{room: {}}", "[room]", "`room:`"),
        ("languages: [zh, en]", "languages: zh, en", "`[zh, en]`"),
        ("languages: [zh, en]", "languages: [zh-CN, en]", "`zh`"),
        ("languages: [zh, en]", "languages: [zh, en-US]", "`en`"),
        ("version: 1", "version: '1'", ""),
    ],
)
def test_the_heading_that_was_meant_is_guessed(tmp_path, written, meant, guess):
    (problem,) = told(tmp_path, "", HEAD.replace(written, meant))
    assert (problem.weight, problem.guess) == ("problem", guess), line(problem)


@pytest.mark.parametrize(
    ("head", "en", "zh"),
    [
        ("version: '1'", 'found the text "1", wanted the number, without quotes', '写的是文字 "1"，应为数，不加引号'),
        (
            "admins: [telegram: 7]",
            "found a mapping of 1, wanted an account: write platform and id, like telegram:10001",
            "写的是有 1 个键的映射，应为账号：平台加冒号加号码，例如 telegram:10001（是不是想写 `telegram:7`？）",
        ),
    ],
)
def test_what_is_wrong_in_a_heading_is_told_in_both_languages(tmp_path, head, en, zh):
    written = "version: 1" if head.startswith("version") else "admins: [telegram:1]"
    (problem,) = told(tmp_path, "", HEAD.replace(written, head))
    assert en in line(problem)
    assert zh in line(problem, "zh")


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("faq: {a: {q: x, a: y}}\n", {"q": "`ask`", "a": "`answer`"}),
        ("faq: {a: {问题: x, 答案: y}}\n", {"问题": "`ask`", "答案": "`answer`"}),
        (
            "rules: [{id: a, on: message, 条件: msg.edited, do: [delete]}]\n",
            {"on": "`when`", "条件": "`if`", "do": "`then`"},
        ),
        ("events: {e: {name: x, time: fri 20:00}}\n", {"name": "`title`", "time": "`at`"}),
        ("check_ins: {m: {关键词: [x], 积分: 5}}\n", {"关键词": "`keywords`", "积分": "`points`"}),
        ("tiers: {a: {from: 0}, b: {points: 9}}\n", {"points": "`from`"}),
        ("referrals: {reward: 10}\n", {"reward": "`points`"}),
        ("referrals: {Reward: 10}\n", {"Reward": "`points`"}),
        ("check_ins: {m: {keywords: [x], make-up: {}}}\n", {"make-up": "`late`"}),
        ("surveys: {s: {question: x}}\n", {"question": "`ask`"}),
    ],
)  # fmt: skip
def test_keys_by_other_names_are_guessed(tmp_path, body, keys):
    found = {str(each.path[-1]): each.guess for each in told(tmp_path, body) if "unknown key" in each.found.en}
    assert found == keys


@pytest.mark.parametrize(
    ("condition", "en", "zh"),
    [
        ("member.joined_days < 7d", 'write 7 instead of "7d"', "请把 “7d” 写成 7"),
        ("member.points > 7分", 'write 7 instead of "7分"', "请把 “7分” 写成 7"),
        (
            "'\"兼职\" in msg.text'",
            '"in" does not work on string, string; write msg.text.contains("兼职")',
            '“in” 不能用在 string, string 上；请写 msg.text.contains("兼职")',
        ),
        ("msg.links > 0", "write .size() behind a list to count it", "要数列表有几项，请在列表后面写 .size()"),
        ("msg.links", "write .size() > 0 behind it", "请在后面写 .size() > 0"),
        (
            "msg.text == 'a' || 'b'",
            'write the whole comparison on both sides: a == "x" || a == "y"',
            '两边都要写完整的比较：a == "x" || a == "y"',
        ),
        (
            "now.hour >= 23",
            "a time has no fields; write now.getHours(group.timezone)",
            "时间没有字段；请写 now.getHours(group.timezone)",
        ),
        (
            "now > 23",
            '">" does not work on time, int; write now.getHours(group.timezone)',
            "“>” 不能用在 time, int 上；请写 now.getHours(group.timezone)",
        ),
        ("member.days < 7", "(did you mean `member.joined_days`?)", "（是不是想写 `member.joined_days`？）"),
    ],
)
def test_a_condition_is_told_as_it_was_meant(tmp_path, condition, en, zh):
    (problem,) = told(tmp_path, f"rules:\n  - id: a\n    when: message\n    if: {condition}\n    then: [delete]\n")
    assert en in line(problem)
    assert zh in line(problem, "zh")


@pytest.mark.parametrize(
    ("rule", "en", "zh"),
    [
        (
            "words: 兼职",
            'there is no list "兼职"; here stands the name of a list, and its words stand under `lists`',
            "没有词表 “兼职”；这里写词表的名字，词写在 `lists` 里",
        ),
        (
            "patterns: 兼职",
            'there are no patterns "兼职"; here stands a name, and its patterns stand under `patterns`',
            "没有叫 “兼职” 的正则；这里写名字，正则写在 `patterns` 里",
        ),
    ],
)
def test_words_where_the_name_of_a_list_belongs_are_told_where_they_stand(tmp_path, rule, en, zh):
    (problem,) = told(tmp_path, f"rules: [{{id: a, when: message, {rule}, then: [delete]}}]\n")
    assert en in line(problem)
    assert zh in line(problem, "zh")
