"""What would be posted nowhere, kept by nothing, or silent by day is told with its place, in both languages."""

from __future__ import annotations

import pytest

from config.home import look
from tests.config.test_probably_meant import HEAD, line, told

DESK = HEAD.replace("{room: {}}", "{room: {}, hall: {}, desk: {}}") + "  admin_group: desk\n"
EVENT = "events: {tea: {title: {zh: 茶, en: Tea}, at: fri 20:00, to: X}}\n"
POST = "content: {ad: {at: 20:00, text: {zh: 课, en: Course}, to: X}}\n"


@pytest.mark.parametrize("body", [EVENT, POST])
@pytest.mark.parametrize(
    ("to", "guess", "en", "zh"),
    [
        ("rom", "`room`", "there is no group `rom`, so it is posted nowhere; there are `room`, `hall`",
         "没有群 `rom`，所以哪里都不会发；可用：`room`、`hall`"),
        ("[hall, 大厅]", "", "there is no group `大厅`, so it is posted nowhere", "没有群 `大厅`，所以哪里都不会发"),
        ("desk", "", "`desk` is the admins' own group, and nothing is posted there; there are `room`, `hall`",
         "`desk` 是管理群，那里不发这些；可用：`room`、`hall`"),
    ],
)  # fmt: skip
def test_what_would_be_posted_nowhere_is_a_problem(tmp_path, body, to, guess, en, zh):
    (problem,) = told(tmp_path, body.replace("X", to), DESK)
    assert (problem.weight, problem.guess) == ("problem", guess)
    assert f"{problem.path[0]}.{problem.path[1]}.to{'[1]' if to[0] == '[' else ''}: {en}" in line(problem)
    assert zh in line(problem, "zh")


@pytest.mark.parametrize("body", [EVENT, POST])
@pytest.mark.parametrize("to", ["room", "[room, hall]"])
def test_groups_that_there_are_pass(tmp_path, body, to):
    assert told(tmp_path, body.replace("X", to), DESK) == []


def test_a_budget_without_advertising_is_warned_of(tmp_path):
    (warning,) = told(tmp_path, POST.replace("X", "room") + "marketing_budget: {promotional_per_week: 1}\n")
    assert line(warning).startswith("9:1: marketing_budget: no post under `content:` is `promotional: true`, so the")
    assert "没有哪条写着 `promotional: true`，推广额度什么也管不到；活动的公告不占额度" in line(warning, "zh")


def test_advertising_without_a_budget_is_warned_of(tmp_path):
    (warning,) = told(tmp_path, POST.replace("X", "room, promotional: true"))
    assert line(warning).endswith(
        "content.ad.promotional: without `marketing_budget:` nothing limits how often this is posted"
    )
    assert "没有 `marketing_budget:`，这条发多少次都没有限制" in line(warning, "zh")


def test_advertising_with_a_budget_passes(tmp_path):
    body = POST.replace("X", "room, promotional: true") + "marketing_budget: {promotional_per_week: 1}\n"
    assert told(tmp_path, body) == []


@pytest.mark.parametrize(
    ("days", "most", "times"),
    [("[mon, wed]", 2, 3), ("[mon, wed]", 3, 0), ("every day", 7, 8)],
    ids=["more", "as many", "every day, written"],
)
def test_more_days_than_a_budget_has_room_for_are_noted(tmp_path, days, most, times):
    body = (
        f"content:\n  ad: {{at: 20:00, days: {days}, text: {{zh: 课, en: Course}}, promotional: true}}\n"
        "  fair: {at: 12:00, days: sat, text: {zh: 展, en: Fair}, promotional: true, to: hall}\n"
        f"marketing_budget: {{promotional_per_week: {most}}}\n"
    )
    assert told(tmp_path, body, DESK) == []
    notes = [each for each in look(tmp_path)[1] if each.path[0] == "marketing_budget"]
    assert [str(each.path[-1]) for each in notes] == (["promotional_per_week"] if times else [])
    for note in notes:
        en = f"advertises {times} times a week in `hall`, and the budget has room for {most}: what comes later waits"
        assert en in line(note)
        assert f"写下的推广在 `hall` 里一周要发 {times} 次，而额度只有 {most} 次：后到的要等" in line(note, "zh")


def test_advertising_of_which_no_days_are_written_waits_for_room_as_it_is_meant_to(tmp_path):
    body = POST.replace("X", "hall, promotional: true") + "marketing_budget: {promotional_per_week: 1}\n"
    assert told(tmp_path, body, DESK) == []
    assert [each for each in look(tmp_path)[1] if each.path[0] == "marketing_budget"] == []


def test_quiet_hours_that_are_the_day_are_warned_of(tmp_path):
    (warning,) = told(tmp_path, "quiet_hours: 07:00-23:00\n")
    assert warning.guess == "`23:00-07:00`"
    assert line(warning).startswith("8:14: quiet_hours: that is 16 hours of quiet, by day: reminders wait until they")
    assert "安静时段有 16 个小时，白天都在里面：提醒要等它结束才发" in line(warning, "zh")


def test_so_are_those_that_go_on_over_midnight_and_noon(tmp_path):
    (warning,) = told(tmp_path, "quiet_hours: 22:00-13:00\n")
    assert warning.guess == "`13:00-22:00`"
    assert "that is 15 hours of quiet" in line(warning)


@pytest.mark.parametrize(
    "written", ["file texts/v.txt", "！file texts/v.txt", "include texts/v.txt", "file：texts/v.txt"]
)
def test_so_is_one_behind_a_sign_that_is_none(tmp_path, written):
    (warning,) = told(tmp_path, f"content:\n  v:\n    at: 20:00\n    rotate: {written}\n")
    assert f"`{written}` is taken as a word" in line(warning)
    assert warning.guess == "`!file texts/v.txt`"


@pytest.mark.parametrize("hours", ["23:00-07:00", "12:00-14:00", "20:00-10:00"])
def test_quiet_hours_by_night_or_at_noon_pass(tmp_path, hours):
    assert told(tmp_path, f"quiet_hours: {hours}\n") == []


@pytest.mark.parametrize(
    ("body", "place", "name"),
    [
        ("content: {v: {at: 20:00, rotate: texts/v.txt}}\n", "8:34: content.v.rotate", "texts/v.txt"),
        ("content: {v: {at: 20:00, text: {zh: v.md, en: V}}}\n", "8:37: content.v.text.zh", "v.md"),
        ("lists: {p: a.txt}\nrules: [{id: a, when: message, words: p, then: delete}]\n", "8:12: lists.p", "a.txt"),
        ("content: {v: {at: 20:00, rotate: file.txt}}\n", "8:34: content.v.rotate", "file.txt"),
    ],
)
def test_the_name_of_a_file_where_its_words_are_meant_is_warned_of(tmp_path, body, place, name):
    (warning,) = told(tmp_path, body)
    assert line(warning).startswith(f"{place}: `{name}` is taken as a word, not as the file of that name")
    assert f"`{name}` 会当成文字，不会去读这个文件" in line(warning, "zh")
    assert warning.guess == f"`!file {name}`"


@pytest.mark.parametrize(
    "body",
    [
        "content: {v: {at: 20:00, text: 'v.txt'}}\n",
        "content: {v: {at: 20:00, text: see v.txt}}\n",
        "links: {allowed_domains: [x.md]}\n",
    ],
)
def test_what_is_no_file_or_meant_so_passes(tmp_path, body):
    assert told(tmp_path, body) == []


def test_a_look_after_the_silent_in_the_quiet_hours_is_warned_of(tmp_path):
    (warning,) = told(tmp_path, "quiet_hours: 22:00-07:00\nreactivate: {at: 23:00}\n")
    assert line(warning).startswith("9:18: reactivate.at: 23:00 lies in quiet_hours (22:00-07:00); it is looked after")
    assert "23:00 在安静时段（22:00-07:00）里，改在 07:01 找" in line(warning, "zh")


def test_one_at_their_end_passes(tmp_path):
    assert told(tmp_path, "quiet_hours: 22:00-07:00\nreactivate: {at: 07:00}\n") == []


@pytest.mark.parametrize(
    ("body", "en", "zh"),
    [
        ("content: {v: {at: sat 12:00, text: {zh: 早, en: Hi}}}", "content.v.at: the day stands under its own key: "
         "write at: 12:00 and days: [sat]", "星期要单独写：at: 12:00 加 days: [sat]"),
        ("reactivate: {after: 36h}", "reactivate.after: after is in whole days, from 1d to 365d",
         "after 按整天写，从 1d 到 365d"),
        ("reactivate: {after: 5d, until: 3d}", "reactivate.until: until: 3d is not longer than after: 5d",
         "until: 3d 并不比 after: 5d 长"),
        ("ambassadors: {koc: {name: KOC, discover: msg.length > 2}}", "found `msg`, wanted what is known here: `member",
         "写的是 `msg`，应为这里能用的：`member`"),
        ("ambassadors: {koc: {name: KOC, look: sometime}}", "wanted a time that comes again: write",
         "每月如 day 1 09:00，月底如 `last day 20:00`"),
    ],
)  # fmt: skip
def test_what_a_time_or_a_condition_lacks_is_told_with_what_to_write(tmp_path, body, en, zh):
    (problem,) = told(tmp_path, body + "\n")
    assert en in line(problem)
    assert zh in line(problem, "zh")


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ("check_ins: {m: {name: {zh: X的打卡, en: Mine}}}\n", "8:28: check_ins.m.name.zh"),
        ("events: {v: {at: sun 20:00, title: X 的茶会}}\n", "8:37: events.v.title"),
        ("content: {v: {at: 20:00, rotate: [早, X早]}}\n", "8:38: content.v.rotate[1]"),
    ],
)
@pytest.mark.parametrize("written", ["${member.name}", "{member.name}", "$｛member.name｝"])
def test_what_is_never_put_into_a_name_is_warned_of(tmp_path, body, at, written):
    (warning,) = told(tmp_path, body.replace("X", f'"{written}').replace("的打卡", '的打卡"').replace(
        " 的茶会", ' 的茶会"').replace("早]", '早"]'))  # fmt: skip
    assert line(warning).partition(": members")[0].partition(": ")[2] == at.partition(": ")[2]
    assert f"members would read `{written}` as it stands: nothing is put into names" in line(warning)
    assert f"成员看到的会是 `{written}` 这几个字：名字和 `rotate` 的各行里" in line(warning, "zh")


def test_so_is_what_stands_in_a_file_of_lines(tmp_path):
    (tmp_path / "v.txt").write_text("早\n# 不发\n{group.name} 早\n{name}早\n", encoding="utf-8")
    (warning,) = told(tmp_path, "content: {v: {at: 20:00, rotate: !file v.txt}}\n")
    assert str(warning).startswith("v.txt:3:1: content.v.rotate: members would read `{group.name}` as it stands")


def test_the_lines_of_all_texts_that_lack_a_language_are_told(tmp_path):
    body = "events:\n" + "".join(f"  e{n}: {{at: sun 20:00, title: {{zh: 茶 {n}}}}}\n" for n in range(11))
    assert told(tmp_path, body) == []
    (note,) = (each for each in look(tmp_path)[1] if "in every language" in line(each))
    assert "(and 10 more, the first in lines 10, 11, 12, 13, 14, 15, 16, 17)" in line(note)
    assert "（另有 10 处，前几处在第 10、11、12、13、14、15、16、17 行）" in line(note, "zh")
    (tmp_path / "communities" / "room.yaml").write_text(HEAD + "".join(body.splitlines(True)[:3]), encoding="utf-8")
    (note,) = (each for each in look(tmp_path)[1] if "in every language" in line(each))
    assert "(and 1 more, in line 10)" in line(note)
