"""`yaji simulate --against`: the same history under two homes, and what the change from one to the other would do."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from jobs.report.against.words import SAID
from tests.simulate.homes import home
from tests.simulate.test_simulate import ANN, BOB, at, history, run, said

WORDS = "lists: {{ad_words: [{words}]}}\n"
ADS = "rules:\n  - {id: ads, name: {zh: 广告, en: Advertising}, when: message, words: ad_words, then: [delete]}\n"
BROAD, NARROW = (WORDS.format(words=words) + ADS for words in ("代购, 刷单", "代购"))
PRACTICE = "check_ins:\n  {id}: {{name: {{zh: 日课, en: Daily}}, keywords: 打卡, points: 2, reply: {reply}}}\n"
TIERS = """
tiers:
  guest: {{name: {{zh: 新客, en: Guest}}, from: 0}}
  friend: {{name: {{zh: 雅友, en: Friend}}, from: {start}}}
"""
DAILY = PRACTICE.format(id="daily", reply="好")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Two people who practise for two days, and advertise."""
    joins = [{"event": "joined", "at": at(1, "09:00:00"), "from": who} for who in (ANN, BOB)]
    days = ((1, ANN), (2, BOB)), ((3, ANN), (4, BOB))
    practice = [said(n, day, who, "打卡 读了一页") for day, both in enumerate(days, 1) for n, who in both]
    ads = [said(30, 3, ANN, "代购包税"), said(31, 3, BOB, "刷单 <b>日结</b>"), said(32, 3, BOB, "又刷单")]
    return history(tmp_path / "h.jsonl", *joins, *practice, *ads)


def compared(tmp_path: Path, export: Path, before: str, after: str, *args: object) -> tuple[str, dict[str, Any]]:
    """What is printed, and the JSON."""
    where = tmp_path / "report.json"
    served, tried = home(tmp_path / "served", before), home(tmp_path / "tried", after)
    result = run(export, "--home", tried, "--against", served, "--json", where, *args)
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(where.read_text(encoding="utf-8"))
    return result.output, told


def lines_of(output: str) -> list[str]:
    return [line.strip(" │") for line in output.splitlines()]


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        (
            "en",
            [
                "Something differs for 1 of 2 members.",
                "Advertising  ads  on 3 → 1 (−2) · people 2 → 1 (−1)",
                "hit before, not now: 2 (people: 1)",
                "2026-03-03 10:31 波波  刷单 <b>日结</b>",
                "because says 刷单 (ad_words)",
                "messages deleted 3 → 1 (−2)",
                "The same: check-ins, points, tiers, onboarding, timers, faults.",
            ],
        ),
        (
            "zh",
            [
                "2 名成员里，有 1 人会有不同。",
                "广告  ads  执行 3 → 1（−2） · 人数 2 → 1（−1）",
                "以前命中、现在不命中：2 次（1 人）",
                "2026-03-03 10:31 波波  刷单 <b>日结</b>",
                "原因：出现 刷单（ad_words）",
                "删除 3 → 1（−2）",
                "没有变化：打卡、积分、等级、新人引导、定时、出错。",
            ],
        ),
    ],
)
def test_what_a_rule_does_not_hit_any_more_is_quoted_with_whom_and_why(tmp_path, export, lang, wanted):
    output, told = compared(tmp_path, export, BROAD, NARROW, "--lang", lang)
    lines = lines_of(output)
    assert [line for line in wanted if line not in lines] == []
    [rule] = told["against"]["rules"]
    assert (rule["presence"], rule["same"], rule["gained"]["count"], rule["lost"]["count"]) == ("both", 1, 0, 2)
    assert [(hit["change"], hit["event"], hit["after"]) for hit in told["against_hits"]] == [
        ("lost", "export:yaji:message:31", None),
        ("lost", "export:yaji:message:32", None),
    ]
    assert told["against_hits"][0]["before"]["because"] == ["says 刷单 (ad_words)"]


def test_the_comparison_stands_before_the_report_of_the_changed_home(tmp_path, export):
    output, told = compared(tmp_path, export, BROAD, NARROW, "--lang", "en")
    assert output.index("What the change would do") < output.index("Yaji simulation report")
    assert told["rules"][0]["on"] == 1, "the rest of the JSON is of the changed home"


def test_a_rule_that_hits_more_and_one_that_only_does_something_else(tmp_path, export):
    after = BROAD.replace("then: [delete]", "then: [delete], mode: shadow") + "flood: {messages: 9, within: 1h}\n"
    output, told = compared(tmp_path, export, NARROW, after, "--lang", "en")
    lines = lines_of(output)
    for line in (
        "Advertising  ads  on 1 → 0 (−1) · shadow 0 → 3 (+3) · people 1 → 2 (+1)",
        "hit now, not before: 2 (people: 1)",
        "hit as before, something else is done: 1",
        "on: delete → shadow: delete ×1",
    ):
        assert line in lines, line
    assert {rule["rule"]: rule["presence"] for rule in told["against"]["rules"]} == {"ads": "both", "flood": "new"}


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        (
            "en",
            [
                "Advertising  ads  gone  on 3 → 0 (−3) · people 2 → 0 (−2)",
                "of these, hit now by another rule: adverts ×1",
                "adverts  new  on 0 → 1 (+1) · people 0 → 1 (+1)",
                "of these, hit before by another rule: Advertising ×1",
                "idle  new  no hits",
            ],
        ),
        ("zh", ["其中现在由别的规则命中：adverts ×1", "其中以前由别的规则命中：广告 ×1", "idle  新增  没有命中"]),
    ],
)
def test_rules_of_one_home_are_new_or_gone_and_what_another_rule_hits_now_is_said(tmp_path, export, lang, wanted):
    after = """
rules:
  - {id: adverts, when: message, if: 'msg.text.contains("代购")', then: [delete]}
  - {id: idle, when: message, if: 'msg.text == "nobody says this"', then: [delete]}
"""
    lines = lines_of(compared(tmp_path, export, BROAD, after, "--lang", lang)[0])
    assert [line for line in wanted if line not in lines] == []


@pytest.mark.parametrize(
    ("lang", "sentence"), [("en", "is not carried over when served."), ("zh", "成员在旧 id 下的记录不会带过来")]
)
def test_a_renamed_challenge_is_gone_and_new_and_that_nothing_is_carried_over_is_said(tmp_path, export, lang, sentence):
    output, told = compared(tmp_path, export, DAILY, PRACTICE.format(id="practice", reply="好"), "--lang", lang)
    assert sentence in " ".join(lines_of(output))
    by_id = {one["challenge"]: one for one in told["against"]["check_ins"]}
    assert {id_: (one["presence"], one["check_ins"], one["gained"], one["lost"]) for id_, one in by_id.items()} == {
        "daily": ("gone", {"before": 4, "after": 0}, 0, 2),
        "practice": ("new", {"before": 0, "after": 4}, 2, 0),
    }
    assert by_id["daily"]["changed"][0]["before"] == {"streak": 2, "longest": 2, "days": 2}
    assert not told["against"]["points"]["gained"], "the sums are the same"


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        (
            "en",
            [
                "Guest 0 → 2 (+2) · Friend 2 → 0 (−2)",
                "up: 0, down: 2",
                "Ann  Friend → Guest",
                "before: 4 points, 4 are needed",
                "now: 4 points, Friend needs 5",
            ],
        ),
        (
            "zh",
            [
                "新客 0 → 2（+2） · 雅友 2 → 0（−2）",
                "升 0 人，降 2 人",
                "Ann  雅友 → 新客",
                "以前：4 积分，需要 4",
                "现在：4 积分，雅友 需要 5",
            ],
        ),
    ],
)
def test_who_falls_where_a_tier_begins_higher_and_why(tmp_path, export, lang, wanted):
    before, after = (DAILY + TIERS.format(start=start) for start in (4, 5))
    lines = lines_of(compared(tmp_path, export, before, after, "--lang", lang)[0])
    assert [line for line in wanted if line not in lines] == []


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        (
            "en",
            "Both homes do the same with this history: hits, check-ins, points, tiers, answers and digests.",
        ),
        ("zh", "对这段记录，两个家做的完全一样：命中、打卡、积分、等级、回答、摘要，没有一处不同。"),
    ],
)
def test_two_homes_that_do_the_same_are_told_in_one_sentence(tmp_path, export, lang, sentence):
    body = BROAD + DAILY + TIERS.format(start=4)
    output, told = compared(tmp_path, export, body, "# the same, with a remark\n" + body, "--lang", lang)
    between = output[: output.index("雅集模拟报告" if lang == "zh" else "Yaji simulation report")]
    assert sentence in lines_of(between)
    assert "→ " not in between.partition("tried")[2]
    assert len(told["against"]["same"]) == 13
    assert told["against_hits"] == []


def test_words_that_are_said_otherwise_are_shown_as_they_were_and_are(tmp_path, export):
    output, _ = compared(tmp_path, export, DAILY, PRACTICE.format(id="daily", reply="真好"), "--lang", "en")
    lines = lines_of(output)
    assert "No member fares otherwise; only what the assistant does or says differs." in lines
    assert "check-ins · messages said  4 in other words" in lines
    first = lines.index("− 2026-03-01 10:01 好")
    assert lines[first + 1] == "+ 2026-03-01 10:01 真好"


ONBOARDING = """
onboarding:
  steps:
    - {{id: agree, ask: Agree?, options: [{{say: [打卡 读了一页]}}]}}
  give_up_after: {span}
"""


def test_whose_onboarding_ends_otherwise_is_told(tmp_path, export):
    before, after = (ONBOARDING.format(span=span) for span in ("2d", "30m"))
    output, told = compared(tmp_path, export, before, after, "--lang", "en")
    lines = lines_of(output)
    assert "completed 2 → 0 (−2) · gave up 0 → 2 (+2)" in lines
    assert "Ann  completed → gave up" in lines
    assert told["against"]["onboarding"]["people"] == 2


def test_what_is_known_tells_whether_the_change_is_for_the_better(tmp_path, export):
    known = [{"name": "spam", "events": [f"export:yaji:message:{n}" for n in (30, 31, 32)], "then": ["delete"]}]
    (tmp_path / "t").write_text(json.dumps({"version": 1, "known": known}))
    output, told = compared(tmp_path, export, NARROW, BROAD, "--truth", tmp_path / "t", "--lang", "en")
    assert "spam  right 1 → 3 of 3 · hits 1 → 3 (+2) · precision 100.0% · recall 33.3% → 100.0%" in lines_of(output)
    assert told["against"]["truth"][0]["after"]["recall"] == 1.0


def test_pseudonyms_leave_no_name_and_no_words_in_the_comparison(tmp_path, export):
    page = tmp_path / "r.html"
    before = BROAD + DAILY + TIERS.format(start=4)
    after = NARROW + PRACTICE.format(id="daily", reply='"${member.name} 真好"') + TIERS.format(start=5)
    output, told = compared(tmp_path, export, before, after, "--pseudonyms", "--html", page, "--lang", "en")
    shown = output + page.read_text(encoding="utf-8") + json.dumps(told, ensure_ascii=False)
    for secret in ("Ann", "波波", 'telegram:1"', 'wechat:b"', "日结", "真好"):
        assert secret not in shown, secret
    assert "(text withheld)" in output
    against = told["against"]
    names = {one["account"]: one["person"] for one in against["tiers"]["changed"]}
    assert len(set(names.values())) == 2
    assert all(names[hit["person_account"]] == hit["person"] for hit in told["against_hits"])
    assert {board["person"] for board in told["points"]["top"]} <= set(names.values())


def test_the_same_homes_and_history_give_the_same_bytes_wherever_they_lie(tmp_path, export):
    written = []
    for n in range(2):
        served, tried = home(tmp_path / f"a{n}" / "s", BROAD + DAILY), home(tmp_path / f"a{n}" / "t", NARROW)
        where = tmp_path / f"{n}.json"
        assert run(export, "--home", tried, "--against", served, "--json", where).exit_code == 0
        written.append(where.read_bytes())
    assert written[0] == written[1]
    assert str(tmp_path).encode() not in written[0]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_tells_the_comparison_first_and_escapes_what_was_said(tmp_path, export, lang):
    page = tmp_path / "r.html"
    compared(tmp_path, export, BROAD, NARROW, "--html", page, "--lang", lang)
    html = page.read_text(encoding="utf-8")
    assert html.index('id="against"') < html.index('id="activity"')
    assert "刷单 &lt;b&gt;日结&lt;/b&gt;" in html
    assert not re.search(r"(?:src|href|url|@import)\s*[=(]|<script|<link|<b>日结", html)


def test_a_report_without_a_comparison_has_no_place_for_one(tmp_path, export):
    page, where = tmp_path / "r.html", tmp_path / "r.json"
    result = run(export, "--home", home(tmp_path / "home", BROAD), "--html", page, "--json", where)
    assert result.exit_code == 0
    assert 'id="against"' not in page.read_text(encoding="utf-8")
    assert not {"against", "against_hits"} & set(json.loads(where.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("en", "--home and --against are the same folder"), ("zh", "--home 和 --against 是同一个文件夹")],
)
def test_a_home_is_not_compared_with_itself(tmp_path, export, lang, sentence):
    one = home(tmp_path / "home", BROAD)
    result = run(export, "--home", one, "--against", tmp_path / "x" / ".." / "home", "--lang", lang)
    assert result.exit_code == 2
    assert sentence in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_problems_of_both_homes_are_told_at_once_each_under_its_option(tmp_path, export):
    served, tried = home(tmp_path / "served", "rulez: []\n"), home(tmp_path / "tried", "tierz: {}\n")
    result = run(export, "--home", tried, "--against", served, "--lang", "en")
    assert result.exit_code == 2
    mine, _, theirs = result.output.partition(f"--against {served}\n")
    assert mine.startswith(f"--home {tried}\n")
    assert "communities/room.yaml:7:1: tierz" in mine
    assert "communities/room.yaml:7:1: rulez" in theirs
    assert "tierz" not in theirs


def test_a_home_that_is_not_there_is_named_by_its_option(tmp_path, export):
    result = run(export, "--home", home(tmp_path / "h", BROAD), "--against", tmp_path / "gone", "--lang", "en")
    assert result.exit_code == 2
    assert f"--against {tmp_path / 'gone'}\n" in result.output
    assert "Say where the home is: --against DIR" in result.output


@pytest.mark.parametrize(
    ("keys", "lang", "sentence"),
    [
        (["hall"], "en", "has no group 'room'; it has hall; give the group the same key in both homes."),
        (["hall"], "zh", "没有群 'room'；有的是：hall。请让这个群在两个家里用同一个键。"),
        (["hall", "den"], "en", "it has hall, den; choose one that both have with --group: den."),
    ],
)
def test_a_group_that_the_other_home_lacks_is_refused_with_what_to_do(tmp_path, export, keys, lang, sentence):
    served, tried = home(tmp_path / "served", BROAD), home(tmp_path / "tried", BROAD)
    for folder, groups in ((served, keys), (tried, ["room", *keys[1:]])):
        file = folder / "communities" / "room.yaml"
        text = file.read_text(encoding="utf-8")
        listed = ", ".join(f"{key}: {{}}" for key in groups)
        file.write_text(text.replace("groups: {room: {}}", f"groups: {{{listed}}}"), encoding="utf-8")
    result = run(export, "--home", tried, "--against", served, "--group", "room", "--lang", lang)
    assert result.exit_code == 2
    assert sentence in result.output


def test_a_copy_of_the_home_that_is_changed_is_what_one_compares_with(tmp_path, export):
    tried = home(tmp_path / "tried", BROAD)
    shutil.copytree(tried, tmp_path / "served")
    file = tried / "communities" / "room.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("then: [delete]", "then: [delete, {mute: 1h}]"))
    output = run(export, "--home", tried, "--against", tmp_path / "served", "--lang", "en").output
    assert "on: delete → on: delete · mute 1h ×3" in lines_of(output)
    assert all(cell_len(line) <= 100 for line in output.splitlines())


def test_nobody_is_dealt_with_otherwise_where_another_rule_does_just_the_same(tmp_path, export):
    output, told = compared(tmp_path, export, BROAD, BROAD.replace("id: ads", "id: adverts"), "--lang", "en")
    lines = lines_of(output)
    assert "Nothing is done or said otherwise; only what is written, or hit in shadow, differs." in lines
    assert "of these, hit now by another rule: Advertising (adverts) ×3" in lines
    assert told["against"]["people"] == 0


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        (
            "en",
            [
                "Daily  check-ins 4 → 3 (−1) · people 2 · longest streak 2",
                "counted before, not now: 1",
                "2026-03-02 10:04 波波  打卡 好",
                "better for 0, worse for 1",
                "波波  longest streak 2 → 1 (−1) · days 2 → 1 (−1) · streak now 2 → 1 (−1)",
            ],
        ),
        (
            "zh",
            [
                "日课  次数 4 → 3（−1） · 人数 2 · 最长连续 2",
                "以前算数、现在不算：1 次",
                "变好 0 人，变差 1 人",
                "波波  最长连续 2 → 1（−1） · 总天数 2 → 1（−1） · 当前连续 2 → 1（−1）",
            ],
        ),
    ],
)
def test_check_ins_that_do_not_count_any_more_are_quoted_and_who_loses_a_streak_is_told(tmp_path, lang, wanted):
    export = history(
        tmp_path / "h",
        *(said(n, day, who, f"打卡 读了 {n} 页书") for n, day, who in ((1, 1, ANN), (2, 1, BOB), (3, 2, ANN))),
        said(4, 2, BOB, "打卡 好"),
    )
    after = DAILY.replace("points: 2", "points: 2, proof: {min_chars: 4}")
    lines = lines_of(compared(tmp_path, export, DAILY, after, "--lang", lang)[0])
    assert [line for line in wanted if line not in lines] == []


@pytest.mark.parametrize("key", SAID)
def test_each_sentence_has_the_same_places_in_both_languages(key):
    zh, en = (set(re.findall(r"\{(\w+)\}", text)) for text in SAID[key])
    assert zh == en


@pytest.mark.parametrize(("lang", "last"), [("en", "… and 2 more"), ("zh", "……还有 2 人")])
def test_of_many_people_the_first_are_named_and_the_others_counted(tmp_path, lang, last):
    people = [{"account": f"telegram:{n}", "name": f"P{n}"} for n in range(7)]
    export = history(tmp_path / "h", *(said(n, 1, who, "打卡 读了一页") for n, who in enumerate(people)))
    lines = lines_of(compared(tmp_path, export, DAILY, DAILY.replace("points: 2", "points: 3"), "--lang", lang)[0])
    first = lines.index("P0 2 → 3（+1）" if lang == "zh" else "P0 2 → 3 (+1)")
    assert lines[first + 4].startswith("P4 ")
    assert lines[first + 5] == last
