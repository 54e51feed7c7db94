"""Events and surveys on a history: announced and asked at their times, answered by those who wrote so, and what another
limit, time or condition would have come to."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.simulate.homes import home
from tests.simulate.test_against import compared, lines_of
from tests.simulate.test_simulate import at, history, report, run

TEA = """
events:
  tea: {{title: {{zh: 茶会, en: Tea}}, at: {at}, limit: {limit}, remind: {remind}}}
"""
SURVEY = """
surveys:
  nps: {{at: {at}, open_for: 1d, again_after: 7d, who: "{who}"{more}}}
"""
FRIDAY = TEA.format(at="fri 20:00", limit=2, remind="[24h, 1h]")
FIFTH = SURVEY.format(at="day 5 10:00", who="true", more="")


def says(day: int, clock: str, who: int, text: str) -> dict[str, Any]:
    person = {"account": f"telegram:{who}", "name": f"M{who}"}
    return {"event": "message", "at": at(day, clock), "from": person, "message": f"{day}{clock}{who}", "text": text}


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    """Four sign up for the tea of the 6th and seven answer on the 5th; then one withdraws, and one leaves."""
    days = [(day, who) for day in range(1, 16) for who in range(1, 9) if day < 5 or who != 1]
    talk = [says(day, f"09:0{who}:00", who, "hello") for day, who in days]
    signs = [says(4, f"12:0{who}:00", who, "/join tea") for who in (1, 2, 3, 4)]
    gone = {"event": "left", "at": at(5, "13:00:00"), "from": {"account": "telegram:1", "name": "M1"}}
    scores = [says(5, f"11:0{who}:00", who, f"/answer {who + 3}") for who in range(1, 8)]
    return history(tmp_path / "history.jsonl", *talk, *signs, *scores, says(5, "14:00:00", 2, "/withdraw tea"), gone)


def _seats(told: dict[str, Any]) -> dict[str, tuple[list[str], list[str], int, bool]]:
    (tea,) = told["gatherings"]
    assert tea["event"] == "tea"
    return {
        each["day"]: (
            [guest["person"] for guest in each["coming"]],
            [guest["person"] for guest in each["waiting"]],
            each["reminders"],
            each["begun"],
        )
        for each in tea["times"]
    }


def test_who_signed_up_first_has_a_seat_and_those_who_come_are_reminded(tmp_path, chat):
    told = report(tmp_path, chat, FRIDAY)
    assert _seats(told) == {
        "2026-03-06": (["M3", "M4"], [], 2, True),
        "2026-03-13": ([], [], 0, True),
    }
    assert told["faults"] == []
    assert told["timers"]["sent"]["events"] == 4


def test_of_an_event_that_has_not_begun_it_is_told_how_it_stands_at_the_end(tmp_path, chat):
    told = report(tmp_path, chat, TEA.format(at="2026-03-30 20:00, announce: 30d", limit=3, remind="[]"))
    assert _seats(told) == {"2026-03-30": (["M3", "M4"], [], 0, False)}


def led(tmp_path: Path, chat: Path, body: str, order: str) -> dict[str, Any]:
    """The report where an admin gives an order on the 5th."""
    lines = chat.read_text(encoding="utf-8").splitlines()
    export = history(tmp_path / "led.jsonl", *lines, says(5, "15:00:00", 90, order))
    folder, where = home(tmp_path / "home", body), tmp_path / "report.json"
    file = folder / "communities" / "room.yaml"
    written = file.read_text(encoding="utf-8").replace("  name: Room\n", "  name: Room\n  admins: [telegram:90]\n")
    file.write_text(written, encoding="utf-8")
    result = run(export, "--home", folder, "--json", where)
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(where.read_text(encoding="utf-8"))
    return told


def test_a_cancelled_event_is_told_to_be_so(tmp_path, chat):
    (tea,) = led(tmp_path, chat, FRIDAY, "/event cancel tea")["gatherings"]
    assert [(each["cancelled"], len(each["coming"])) for each in tea["times"]] == [(True, 2), (False, 0)]


def test_nobody_has_a_seat_in_what_is_cancelled(tmp_path, chat):
    led(tmp_path, chat, FRIDAY, "/event cancel tea")
    output = run(tmp_path / "led.jsonl", "--home", tmp_path / "home", "--lang", "en").output
    assert "Tea 2 0 0 0" in " ".join(output.split())
    assert "seats 2, waiting 0, reminders 0 (cancelled): M3, M4" in output


def test_a_survey_is_asked_and_told_as_it_would_have_been(tmp_path, chat):
    told = report(tmp_path, chat, FIFTH)
    (nps,) = told["surveys"]
    (time,) = nps["times"]
    assert (time["day"], time["told"], time["off"], time["answered"], time["could"]) == (
        "2026-03-05",
        True,
        False,
        6,
        7,
    )
    assert time["counts"] == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]
    assert time["came"] == {"zh": "0 ±22", "en": "0 ±22"}
    assert told["effects_by"]["TellAdmins"] == {"surveys": 1}


def test_of_fewer_answers_than_are_told_nothing_is(tmp_path, chat):
    told = report(tmp_path, chat, SURVEY.format(at="day 5 10:00", who="true", more=", least: 9"))
    (time,) = told["surveys"][0]["times"]
    assert (time["answered"], time["counts"], time["came"]) == (6, [], {})


def test_of_a_survey_that_is_open_at_the_end_it_is_told_how_many_answered(tmp_path, chat):
    told = report(tmp_path, chat, SURVEY.format(at="day 5 10:00", who="true", more="").replace("1d", "14d"))
    (time,) = told["surveys"][0]["times"]
    assert (time["told"], time["off"], time["answered"], time["counts"]) == (False, False, 6, [])


def test_one_that_an_admin_calls_off_is_told_to_be_so(tmp_path, chat):
    told = led(tmp_path, chat, FIFTH, "/survey cancel nps")
    assert [(time["off"], time["told"]) for time in told["surveys"][0]["times"]] == [(True, False)]


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        (
            "en",
            (
                "Event Announced Had a seat Waited Reminders Tea 2 2 0 2",
                "2026-03-06 20:00 Tea seats 2, waiting 0, reminders 2: M3, M4",
                "Survey Asked Answered Could have nps 1 6 7",
                "2026-03-05 10:00 nps 6 of 7 answered: 0 ±22",
                "The history has no presses of buttons: of answers to events and surveys only written ones count.",
            ),
        ),
        (
            "zh",
            (
                "活动 发布 有位 候补 提醒 茶会 2 2 0 2",
                "2026-03-06 20:00 茶会 有位 2 人，候补 0 人，提醒 2 次：M3、M4",
                "调查 问过 回答 能回答 nps 1 6 7",
                "2026-03-05 10:00 nps 能回答的 7 人里 6 人回答：0 ±22",
                "这份历史里没有按钮的点按，活动和调查只算写出来的回答。",
            ),
        ),
    ],
)
def test_the_terminal_and_the_page_tell_it(tmp_path, chat, lang, parts):
    page = tmp_path / "r.html"
    result = run(chat, "--home", home(tmp_path / "home", FRIDAY + FIFTH), "--lang", lang, "--html", page)
    assert result.exit_code == 0, result.output
    whole = "".join(result.output.split())
    assert all("".join(part.split()) in whole for part in parts), result.output
    seen = re.sub(r"<[^>]*>", "", page.read_text(encoding="utf-8"))
    assert parts[3].partition("nps ")[2] in seen
    assert parts[4] in seen


def test_presses_in_the_neutral_form_count(tmp_path, chat):
    pressed = {"event": "pressed", "at": at(4, "11:00:00"), "from": "telegram:8", "data": "event:yes:tea:20260306"}
    lines = chat.read_text(encoding="utf-8").splitlines()
    told = report(tmp_path, history(tmp_path / "h.jsonl", *lines, pressed), FRIDAY)
    assert _seats(told)["2026-03-06"][:2] == (["M8", "M3"], ["M4"])
    assert "only written ones count" not in run(chat, "--home", tmp_path / "home", "--lang", "zh").output


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        (
            "en",
            [
                "Something differs for 1 of 8 members.",
                "Tea  announced 2 · had a seat 2 → 1 (−1) · waited 0 → 1 (+1) · reminders 2 → 1 (−1)",
                "− 2026-03-06 20:00 seats 2, waiting 0, reminders 2",
                "+ 2026-03-06 20:00 seats 1, waiting 1, reminders 1",
                "have none now: M4",
            ],
        ),
        (
            "zh",
            [
                "8 名成员里，有 1 人会有不同。",
                "茶会  发布 2 · 有位 2 → 1（−1） · 候补 0 → 1（+1） · 提醒 2 → 1（−1）",
                "− 2026-03-06 20:00 有位 2 人，候补 0 人，提醒 2 次",
                "+ 2026-03-06 20:00 有位 1 人，候补 1 人，提醒 1 次",
                "现在没有位：M4",
            ],
        ),
    ],
)
def test_another_limit_takes_a_seat_from_who_was_later(tmp_path, chat, lang, wanted):
    after = TEA.format(at="fri 20:00", limit=1, remind="[1h]")
    lines = lines_of(compared(tmp_path, chat, FRIDAY, after, "--lang", lang)[0])
    assert [line for line in wanted if line not in lines] == []


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        (
            "en",
            [
                "nps  asked 1 · answered 6 → 5 (−1) · could have answered 7 → 5 (−2)",
                "− 2026-03-05 10:00 6 of 7 answered: 0 ±22",
                "+ 2026-03-05 10:00 5 of 5 answered: +20",
            ],
        ),
        (
            "zh",
            [
                "nps  问过 1 · 回答 6 → 5（−1） · 能回答 7 → 5（−2）",
                "− 2026-03-05 10:00 能回答的 7 人里 6 人回答：0 ±22",
                "+ 2026-03-05 10:00 能回答的 5 人里 5 人回答：+20",
            ],
        ),
    ],
)
def test_another_condition_asks_others_and_comes_to_another_score(tmp_path, chat, lang, wanted):
    after = SURVEY.format(at="day 5 10:00", who="!(member.name in ['M2', 'M8'])", more="")
    lines = lines_of(compared(tmp_path, chat, FIFTH, after, "--lang", lang)[0])
    assert [line for line in wanted if line not in lines] == []


def test_an_event_that_is_moved_is_announced_on_other_days(tmp_path, chat):
    output, told = compared(
        tmp_path, chat, FRIDAY, TEA.format(at="sat 20:00", limit=2, remind="[24h, 1h]"), "--lang", "en"
    )
    (tea,) = told["against"]["events"]
    days = [(each["day"], each["before"] is None, each["after"] is None) for each in tea["changed"]]
    assert days == [("2026-03-06", False, True), ("2026-03-07", True, False), ("2026-03-13", False, True)]
    assert (tea["otherwise"], tea["presence"]) == (4, "both")
    assert "… and 1 more" in output


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [("en", ["nps  gone  asked 1 → 0 (−1)", "Tea  new  announced 0 → 2 (+2)"]), ("zh", ["nps  没有了", "茶会  新增"])],
)
def test_what_stands_in_one_home_only_is_new_or_gone(tmp_path, chat, lang, wanted):
    output, told = compared(tmp_path, chat, FIFTH, FRIDAY, "--lang", lang)
    assert all(any(line.startswith(part) for line in lines_of(output)) for part in wanted), output
    assert told["against"]["unshown"] == []


UNSEEN = """
faq: {{start: {{ask: [how to begin], answer: {answer}}}}}
conversions: {{order: {{once: {once}}}}}
events: {{walk: {{title: {{zh: 散步, en: Walk}}, at: 2027-05-01 09:30, limit: {limit}}}}}
surveys: {{taste: {{least: {least}}}}}
"""
WRITTEN = {"answer": "one", "once": "true", "limit": 3, "least": 5}


@pytest.mark.parametrize(
    ("changed", "lang", "named"),
    [
        ({"answer": "two"}, "en", "answers"),
        ({"answer": "two"}, "zh", "常见问题"),
        ({"once": "false"}, "en", "conversions"),
        ({"limit": 4}, "en", "events"),
        ({"limit": 4}, "zh", "活动"),
        ({"least": 6, "once": "false"}, "en", "surveys, conversions"),
        ({}, "en", ""),
    ],
)
def test_what_is_written_otherwise_and_not_seen_is_named(tmp_path, chat, changed, lang, named):
    page = tmp_path / "r.html"
    before, after = UNSEEN.format(**WRITTEN), "# all of it\n" + UNSEEN.format(**WRITTEN | changed)
    output, told = compared(tmp_path, chat, before, after, "--lang", lang, "--html", page)
    sentence = (
        f"Written otherwise, with nothing in this history to show it: {named}."
        if lang == "en"
        else f"写法不同，但这段记录里看不出差别：{named}。"
    )
    assert (sentence in lines_of(output)) == bool(named)
    assert (sentence in page.read_text(encoding="utf-8")) == bool(named)
    assert bool(told["against"]["unshown"]) == bool(named)
    assert len(told["against"]["same"]) == 13


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("  moderators: [telegram:1]\n", ["community"]),
        ("  anonymous_admins: true\n", ["steering"]),
        ("  tidy: true\n", ["tidy"]),
        ("  report: all\n", ["community"]),
    ],
)
def test_so_is_what_stands_under_the_community(tmp_path, chat, written, named):
    after = home(tmp_path / "tried", FRIDAY)
    file = after / "communities" / "room.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("  name: Room\n", f"  name: Room\n{written}"), "utf-8")
    before, where = home(tmp_path / "served", FRIDAY), tmp_path / "r.json"
    result = run(chat, "--home", after, "--against", before, "--json", where, "--lang", "en")
    assert result.exit_code == 0, result.output
    assert f'"unshown":{str(named).replace(chr(39), chr(34))}'.replace(" ", "") in where.read_text("utf-8")


def test_other_quiet_hours_are_no_other_words_of_what_they_are_handed_down_to(tmp_path, chat):
    onboarding = "onboarding: {steps: [{id: a, ask: {zh: 好, en: Well}, options: [{say: [x]}, {say: [y]}]}]}\n"
    before, after = (f"quiet_hours: {hours}\n{onboarding}{FRIDAY}" for hours in ("23:00-07:00", "18:30-07:00"))
    _, told = compared(tmp_path, chat, before, after, "--lang", "en")
    assert "answers" not in told["against"]["same"]
    assert told["against"]["unshown"] == []


def test_words_that_part_late_are_shown_from_there(tmp_path, chat):
    long = "We meet in the big room on the second floor of the old library, "
    body = "check_ins:\n  daily: {{keywords: hello, reply: {reply}}}\n"
    before, after = (body.format(reply=f'"{long}{end}"') for end in ("by the window", "near the stove"))
    output, _ = compared(tmp_path, chat, before, after, "--lang", "en")
    lines = lines_of(output)
    assert "− 2026-03-01 09:01 …ld library, by the window" in lines
    assert "+ 2026-03-01 09:01 …ld library, near the stove" in lines
