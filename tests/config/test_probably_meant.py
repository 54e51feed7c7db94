"""What passes or fails for a small reason is told with what was probably meant, at its own place, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import zones
from config.community import zone
from config.home import look
from config.problems import Problem

HEAD = (
    "version: 1\ncommunity:\n  name: Room\n  timezone: Asia/Shanghai\n  languages: [zh, en]\n"
    "  groups: {room: {}}\n  admins: [telegram:1]\n"
)


def told(folder: Path, body: str, head: str = HEAD, **files: str) -> list[Problem]:
    """Problems and warnings of a home with one community."""
    (folder / "communities").mkdir()
    (folder / "communities" / "room.yaml").write_text(head + body, encoding="utf-8")
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yaml", ".yaml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [problem for problem in look(folder)[1] if problem.weight != "note"]


def line(problem: Problem, language: str = "en") -> str:
    return problem.told("zh" if language == "zh" else "en").removeprefix("communities/room.yaml:")


def test_the_tz_database_is_looked_through_once_for_all_homes(monkeypatch: pytest.MonkeyPatch):
    names = zones.known()
    looks = iter([names])
    monkeypatch.setattr(zones, "available_timezones", lambda: next(looks))
    zones.known.cache_clear()
    assert [str(zone(name)) for name in ("Asia/Shanghai", "Europe/Berlin")] == ["Asia/Shanghai", "Europe/Berlin"]
    assert next(looks, None) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *((each, "Asia/Shanghai") for each in (
            "GMT+8", "UTC+8", "UTC+08:00", "utc + 8", "'+08:00'", "'8'", "Asia/Beijing", "Asia/Peking", "Beijing",
            "CST", "China", "China Standard Time", "北京", "北京时间", "中国", "中国标准时间", "上海", "东八区",
            "Asia/Shanghia",
        )),
        *((each, "") for each in ("GMT-5", "UTC+9", "'+05:30'", "GMT+10", "nowhere at all")),
        ("香港", "Asia/Hong_Kong"), ("Tokyo", "Asia/Tokyo"), ("new york", "America/New_York"), ("utc", "UTC"),
    ],
)  # fmt: skip
def test_a_time_zone_is_a_place_and_an_offset_is_not_guessed_wrongly(tmp_path, written, meant):
    (problem,) = told(tmp_path, "", HEAD.replace("Asia/Shanghai", written))
    assert problem.guess == (f"`{meant}`" if meant else "")
    assert "a time zone: write the place whose clock it is, like Asia/Shanghai" in line(problem)
    assert "时区，要写地名，例如 Asia/Shanghai" in line(problem, "zh")


@pytest.mark.parametrize(("zone", "place"), [("EST", "America/New_York"), ("MST", "America/Denver")])
def test_a_zone_that_knows_no_summer_time_is_warned_of(tmp_path, zone, place):
    (warning,) = told(tmp_path, "", HEAD.replace("Asia/Shanghai", zone))
    assert line(warning).startswith(f"4:13: community.timezone: `{zone}` is winter time all year; where clocks change,")
    assert line(warning, "zh").endswith(f"有夏令时的地方请写地名，例如 {place}")


def test_a_zone_whose_sign_is_the_other_way_round_is_warned_of(tmp_path):
    (warning,) = told(tmp_path, "", HEAD.replace("Asia/Shanghai", "Etc/GMT+8"))
    assert "`Etc/GMT+8` is 8 hours behind UTC" in line(warning)
    assert "`Etc/GMT+8` 比 UTC 慢 8 小时" in line(warning, "zh")


RULE = "rules:\n  - id: a\n    when: message\n    if: {}\n    then: [{{tag: onboard}}]\n"
TIERS = "tiers:\n  seed: {name: S, from: 0}\n  sprout: {name: T, from: 10}\n"
TASKS = "onboarding:\n  steps:\n    - {id: t, ask: Q, options: [{say: [a], set: {track: novels}}, {say: [b]}]}\n"


@pytest.mark.parametrize(
    ("condition", "place", "en", "zh"),
    [
        ("member.tier == 'sprot'", "11:25", "there is no tier `sprot`", "没有叫 `sprot` 的等级"),
        ("'sprot' != member.tier", "11:10", "there is no tier `sprot`", "没有叫 `sprot` 的等级"),
        ("member.tier in ['seed', 'sprot']", "11:34", "there is no tier `sprot`", "没有叫 `sprot` 的等级"),
        ("'onbord' in member.tags", "11:10", "nothing in this file gives the tag `onbord`", "会给标签 `onbord`"),
        ("member.tags.exists(t, t == 'onbord')", "11:37", "gives the tag `onbord`", "会给标签 `onbord`"),
        ("'track:novel' in member.tags", "11:10", "gives the tag `track:novel`", "会给标签 `track:novel`"),
    ],
)
def test_a_tier_or_a_tag_that_nobody_can_have_is_warned_of_at_its_name(tmp_path, condition, place, en, zh):
    (warning,) = told(tmp_path, RULE.format(f'"{condition}"') + TIERS + TASKS)
    assert warning.weight == "warning"
    assert warning.guess in ("`sprout`", "`onboard`", "`track:novels`")
    assert line(warning).startswith(f"{place}: rules[0].if: ")
    assert en in line(warning)
    assert zh in line(warning, "zh")


def test_a_name_in_a_condition_of_several_lines_is_told_on_its_line(tmp_path):
    (warning,) = told(tmp_path, RULE.format("|\n      msg.reply &&\n      member.tier == 'tree'") + TIERS)
    assert line(warning).startswith("13:22: rules[0].if: there is no tier `tree`")


@pytest.mark.parametrize(
    "condition",
    [
        "member.tier == ''", "member.tier != 'seed'", "'onboard' in member.tags", "'trusted' in member.tags",
        "'track:novels' in member.tags", "'finished' in member.tags", "member.name == 'sprot'",
        "member.tags.exists(t, t.startsWith('x'))", "'track:' + 'english' in member.tags",
        "msg.text + 'z' in member.tags", "member.tier == 'tr' + 'ee'", "'tr' + member.tier == 'tree'",
        "member.tier in ['tr' + 'ee']", "'A' in member.tags.map(t, t + 'A')", "'a' in member.tags + ['a']",
        "member.tags.exists(t, t == 'track:' + 'x')",
    ],
)  # fmt: skip
def test_tiers_and_tags_that_there_are_pass(tmp_path, condition):
    days = "check_ins: {m: {keywords: [x], starts: 2026-01-01, length: 9d, finish: {tag: finished}}}\n"
    assert told(tmp_path, RULE.format(f'"{condition}"') + TIERS + TASKS + days) == []


@pytest.mark.parametrize(
    ("written", "place", "path"),
    [
        ("    exempt: tag:onbord\n" + TIERS, "13:17", "rules[0].exempt"),
        ("    exempt: [tag:onboard, 'tag:onbord']\n" + TIERS, "13:32", "rules[0].exempt[1]"),
        (TIERS + "flood: {messages: 8, within: 10s, exempt: [tag:onbord]}\n", "16:48", "flood.exempt[0]"),
        (TIERS + "tier_review: {protect: [staff, tag:onbord]}\n", "16:36", "tier_review.protect[1]"),
    ],
)
def test_a_tag_that_nobody_can_have_leaves_nobody_alone(tmp_path, written, place, path):
    (warning,) = told(tmp_path, RULE.format("msg.reply") + written)
    assert (warning.weight, warning.guess) == ("warning", "`onboard`")
    assert line(warning).startswith(f"{place}: {path}: nothing in this file gives the tag `onbord`")
    assert "会给标签 `onbord`" in line(warning, "zh")


@pytest.mark.parametrize("who", ["tag:onboard", "tag:trusted", "tag:track:novels", "role:admin"])
def test_tags_that_something_gives_are_left_alone(tmp_path, who):
    assert told(tmp_path, RULE.format("msg.reply") + f"    exempt: {who}\n" + TIERS + TASKS) == []


def test_a_tier_that_is_left_alone_and_is_none_is_guessed(tmp_path):
    (problem,) = told(tmp_path, RULE.format("msg.reply") + "    exempt: tier:sprot\n" + TIERS)
    assert line(problem).startswith("13:13: rules[0].exempt: there is no tier `sprot`")
    assert problem.guess == "`sprout`"


def test_a_tag_that_nothing_gives_any_more_is_not_said_to_be_nobody_s(tmp_path):
    (warning,) = told(tmp_path, RULE.format("\"'finished' in member.tags\""))
    assert line(warning).endswith("nothing in this file gives the tag `finished`; only who got it before has it")
    assert line(warning, "zh").endswith("这份文件里没有哪里会给标签 `finished`；只有以前得到的人才有")


@pytest.mark.parametrize(
    "section",
    [
        "check_ins: {m: {keywords: [x], starts: 2026-01-01, length: 9x, finish: {tag: finished}}}\n",
        "onbording: {steps: [{id: t, ask: Q, options: [{say: [a], set: {finished: x}}]}]}\n",
        "tiers: {seed: {from: 0, on_reach: [{tag: finished}, {moot: 1h}]}}\n",
    ],
)
def test_tags_that_a_section_with_a_mistake_may_give_are_not_missed(tmp_path, section):
    found = told(tmp_path, RULE.format("\"'finished' in member.tags\"") + section)
    assert [problem.weight for problem in found] == ["problem"], [line(each) for each in found]


@pytest.mark.parametrize(
    ("text", "column", "written", "meant"),
    [
        ("hi {member.mention}", 16, "{member.mention}", "member.mention"),
        ("hi {{ member.name }}!", 16, "{{ member.name }}", "member.name"),
        ("hi $member.mention", 16, "$member.mention", "member.mention"),
        ("hi $｛member.mention｝", 16, "$｛member.mention｝", "member.mention"),
        ("hi ＄{member.mention}", 16, "＄{member.mention}", "member.mention"),
        ("hi $(member.name)", 16, "$(member.name)", "member.name"),
        ("hi @{name}", 17, "{name}", "member.name"),
        ("嗨｛member。name｝", 14, "｛member。name｝", "member.name"),
        ("hi %name%", 16, "%name%", "member.name"),
        ("欢迎{昵称}！", 15, "{昵称}", "member.name"),
        ("欢迎 {{用户名}}", 16, "{{用户名}}", "member.name"),
        ("欢迎来到{群名}", 17, "{群名}", "group.name"),
        ("hi @member!", 16, "@member", "member.mention"),
        ("欢迎@新人", 15, "@新人", "member.mention"),
        ("请@新人看群规", 14, "@新人", "member.mention"),
    ],
)
def test_a_placeholder_of_another_program_is_warned_of(tmp_path, text, column, written, meant):
    (warning,) = told(tmp_path, f"onboarding:\n  welcome: '{text}'\n")
    en = f'members would read `{written}` as it stands; if they shall, write `${{"{written}"}}`'
    zh = f'成员看到的会是 `{written}` 这几个字；如果就要这样，请写 `${{"{written}"}}`'
    assert line(warning) == f"9:{column}: onboarding.welcome: {en} (did you mean `${{{meant}}}`?)"
    assert line(warning, "zh").endswith(f"{zh}（是不是想写 `${{{meant}}}`？）")


@pytest.mark.parametrize(
    "text",
    [
        "${member.name}",
        "$${member.name}",
        "costs $5 (member.name)",
        "{other} {x.y} ${member.points + 1}",
        "member.name",
        "write {name}-{date}, like Ann-0302",
        "{city}/{name}",
        "｛city｝-｛name｝",
        '${"{name}"} and ${"$member.name"}',
        "{invite.link}",
        "写 {昵称}-{日期}",
        "{城市}",
        "100% name, 100%",
        "mail a@member.org, or ask @members, @member_li",
        "@新人类 来了",
        "@新人们 看这里",
        "to report somebody, write /report @username why",
        "道谢请发「谢谢 @昵称」",
    ],
)
def test_what_is_a_placeholder_or_no_name_passes(tmp_path, text):
    assert told(tmp_path, f"onboarding:\n  welcome: '{text}'\n") == []


def test_a_placeholder_with_a_wide_brace_is_a_problem_at_the_brace(tmp_path):
    (problem,) = told(tmp_path, "onboarding:\n  welcome: '${member.mention｝'\n")
    assert line(problem).startswith("9:29: ")
    assert "the wide ｝ should be a plain }" in line(problem)
    assert "全角 ｝ 应为半角 }" in line(problem, "zh")


def test_the_home_s_own_sentences_and_rules_are_looked_at_too(tmp_path):
    head = HEAD + "  house_rules: 'be kind, {member.name}'\n"
    warnings = told(tmp_path, "", head, texts__zh_yaml="onboarding: {held: '先回答，$member.name'}\n")
    assert [line(each).split(":")[:3] for each in warnings] == [
        ["8", "26", " community.house_rules"],
        ["texts/zh.yaml", "1", "25"],
    ]


@pytest.mark.parametrize(
    ("body", "en", "zh"),
    [
        (
            "check_ins: {m: {keywords: [打卡], days: daily}}",
            "8:39: check_ins.m.days: found `daily`, wanted a day: the days are mon, tue, wed, thu, fri, sat, sun; "
            "all of one kind: weekdays, weekends, every day (did you mean `every day`?)",
            "或写 `weekdays`、`weekends`、`every day`（是不是想写 `every day`？）",
        ),
        (
            "check_ins: {m: {keywords: [打卡], days: [mon, weekdays]}}",
            '8:45: check_ins.m.days[1]: "weekdays" is several days; write weekdays alone, without a list, or each day',
            "\"weekdays\" 不止一天；请单独写 weekdays，不放在列表里，或者把每一天分别写出来",
        ),
        (
            "check_ins: {m: {keywords: [打卡], days: [周末]}}",
            '8:40: check_ins.m.days[0]: "周末" is several days; write weekends alone, without a list, or each day',
            "\"周末\" 不止一天；请单独写 weekends，不放在列表里",
        ),
        ("check_ins: {m: {keywords: [打卡], days: [周一]}}", "(did you mean `mon`?)", "（是不是想写 `mon`？）"),
        (
            "check_ins: {m: {keywords: [打卡], window: '05:30-24:00'}}",
            '8:41: check_ins.m.window: found `05:30-24:00`: "24:00" is on no clock; write 00:00, or 23:59',
            "没有 24:00 这个钟点；请写 00:00，或者用 23:59",
        ),
        (
            "rules: [{id: Ad Words, when: message, then: [delete]}]",
            "rules[0].id: found `Ad Words`, wanted a name without spaces, `|`, `@`, `#` and `:`",
            "应为名字，里面没有空格和 `|`、`@`、`#`、`:`",
        ),
        (
            "check_ins: {m: {keywords: [排行]}}",
            '8:28: check_ins.m.keywords[0]: "排行" is a word of `keywords` and of `board.keyword`',
            "“排行” 既写在 `keywords`，又写在 `board.keyword`",
        ),
        (
            "check_ins: {m: {keywords: [a], late: {keyword: [b, a]}}}",
            '8:52: check_ins.m.late.keyword[1]: "a" is a word of `keywords` and of `late.keyword`',
            "“a” 既写在 `keywords`，又写在 `late.keyword`",
        ),
        (
            "onboarding: {steps: [{id: t, ask: Q, options: [{say: [a, b]}, {say: [c, A]}]}]}",
            '8:73: onboarding.steps[0].options[1].say[1]: "A" chooses two answers',
            "“A” 对应步骤 “t” 的两个选项",
        ),
    ],
    ids=["daily", "a kind among days", "a kind in a list", "a Chinese day",
         "24:00", "an id", "a shipped word", "a written word", "an answer"],
)  # fmt: skip
def test_what_was_found_is_told_at_its_place_with_what_may_be_written(tmp_path, body, en, zh):
    (problem,) = told(tmp_path, body + "\n")
    assert en in line(problem)
    assert zh in line(problem, "zh")


@pytest.mark.parametrize(("language", "guess"), [("cn", "`zh`"), ("eng", "`en`"), ("ja", "")])
def test_a_language_that_nobody_is_spoken_to_in_is_warned_of(tmp_path, language, guess):
    text = f"onboarding: {{welcome: {{{language}: a, zh: b}}}}\n"
    warnings = told(tmp_path, text, HEAD.replace("name: Room", f"name: {{{language}: Room}}"))
    assert [line(each).split(":")[0] for each in warnings] == ["3", "8"]
    assert {each.guess for each in warnings} == {guess}
    assert f"`{language}` is no language that is spoken here; there are zh and en" in line(warnings[0])
    assert f"这里不说 `{language}` 这种语言；可以写 zh 和 en" in line(warnings[0], "zh")


@pytest.mark.parametrize(("number", "guess"), [("1001234", "`-1001001234`"), ("1001234567890", "`-1001234567890`")])
def test_a_positive_number_is_no_telegram_group(tmp_path, number, guess):
    for written in (number, f"'{number}'"):
        (tmp_path / written).mkdir()
        (problem,) = told(tmp_path / written, "", HEAD.replace("{room: {}}", f"{{room: {{telegram: {written}}}}}"))
        assert problem.guess == guess
        assert "its number begins with -100, or with - for a basic group" in line(problem)
        assert "以 -100 开头，普通群以 - 开头" in line(problem, "zh")


@pytest.mark.parametrize(
    ("body", "place", "path", "guess"),
    [
        ("rules:\n  - {id: a, when: 【message, edit】, then: [delete]}\n", "9:19", "rules[0].when", "[message, edit]"),
        ("rules:\n  - {id: a, when: ［mesage, edit, join］, then: [delete]}\n", "9:19", "rules[0].when",
         "[mesage, edit, join]"),
        ("check_ins: {m: {keywords: 【x, y】}}\n", "8:27", "check_ins.m.keywords", "[x, y]"),
    ],
    ids=["two entries", "three, one of them unknown", "where any text will do"],
)  # fmt: skip
def test_wide_brackets_that_yaml_takes_apart_are_one_problem(tmp_path, body, place, path, guess):
    (problem,) = told(tmp_path, body)
    assert line(problem).startswith(f"{place}: {path}: found `")
    assert problem.guess == f"`{guess}`"
    assert "会被 YAML 拆开" in line(problem, "zh")


def test_a_key_beside_what_stands_in_wide_brackets_is_told_of_itself(tmp_path):
    found = told(tmp_path, "rules:\n  - {id: a, mod: off, when: 【message, edit】, then: [delete]}\n")
    assert [problem.path for problem in found] == [("rules", 0, "mod"), ("rules", 0, "when")]


@pytest.mark.parametrize(
    ("body", "guess"),
    [
        ("quiet_hours: 05：30-09：00\n", "`05:30-09:00`"),
        ("quiet_hours: ０５:３０－09:00\n", "`05:30-09:00`"),
        ("check_ins: {m: {keywords: [x], remind: {at: 08：30}}}\n", "`08:30`"),
        ("check_ins: {m: {keywords: [x], late: {within: ２d}}}\n", "`2d`"),
        ("digests: {w: {at: sun 20：00, to: [room], sections: [activity]}}\n", "`sun 20:00`"),
        ("quiet_hours: 05：30-29：00\n", ""),
    ],
)
def test_a_time_in_wide_signs_is_guessed_in_plain_ones(tmp_path, body, guess):
    (problem,) = told(tmp_path, body)
    assert problem.guess == guess
