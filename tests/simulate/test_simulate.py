"""`yaji simulate`: a history in, a report out, nothing sent, the same bytes each time."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from rich.cells import cell_len
from typer.testing import CliRunner

from cli.simulate import simulate
from core.effects import Effect
from jobs.report.gathering import telling
from jobs.report.words import EFFECTS, Words
from tests.simulate.homes import ADS, ONBOARDING, THANKS, home
from tests.support.patience import PATIENCE

app = typer.Typer()
app.command()(simulate)

ANN = {"account": "telegram:1", "name": "Ann"}
BOB = {"account": "wechat:b", "name": "波波"}


def at(day: int, clock: str = "10:00:00") -> str:
    return f"2026-03-{day:02}T{clock}Z"


def said(n: int, day: int, who: dict[str, str], text: str, *mentions: dict[str, str]) -> dict[str, Any]:
    return {
        "event": "message",
        "at": at(day, f"10:{n:02}:00"),
        "from": who,
        "message": str(n),
        "text": text,
        "mentions": list(mentions),
    }


def history(path: Path, *lines: dict[str, Any] | str) -> Path:
    told = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("\n".join(told) + "\n", encoding="utf-8")
    return path


def run(*args: object) -> Any:
    return CliRunner().invoke(app, [str(arg) for arg in args])


def report(tmp_path: Path, export: Path, body: str, *args: object) -> dict[str, Any]:
    where = tmp_path / "report.json"
    result = run(export, "--home", home(tmp_path / "home", body), "--json", where, *args)
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(where.read_text(encoding="utf-8"))
    return told


@pytest.fixture
def thanked(tmp_path: Path) -> Path:
    return history(
        tmp_path / "history.jsonl",
        said(1, 1, ANN, "how do I start?"),
        said(2, 1, BOB, "read the notes"),
        said(3, 1, ANN, "谢谢 @波波", BOB),
        said(3, 1, ANN, "谢谢 @波波", BOB),
        said(4, 2, ANN, "thanks to myself", ANN),
        "{broken",
        {"event": "joined", "at": at(2), "from": "telegram:3"},
        {"event": "left", "at": at(3), "from": "telegram:3"},
        {"event": "left", "at": at(4), "from": BOB, "by": ANN},
    )


def test_the_report_counts_what_happened_once(tmp_path, thanked):
    told = report(tmp_path, thanked, THANKS)
    counted = {key: told[key] for key in ("messages", "members", "joins", "leaves", "removals", "repeated", "format")}
    assert counted == {
        "messages": 4,
        "members": 3,
        "joins": 1,
        "leaves": 1,
        "removals": 1,
        "repeated": 1,
        "format": "yaji",
    }
    assert told["skipped_count"] == 1
    assert told["skipped"][0]["place"] == "line 6"
    assert [(day["day"], day["messages"], day["active"]) for day in told["activity"]] == [
        ("2026-03-01", 3, 2),
        ("2026-03-02", 1, 1),
        ("2026-03-03", 0, 0),
        ("2026-03-04", 0, 0),
    ]


def test_the_ledger_says_who_got_what_from_whom_when_and_why(tmp_path, thanked):
    told = report(tmp_path, thanked, THANKS)
    [entry] = told["ledger"]
    assert entry["person"] == "波波"
    assert entry["person_account"] == "wechat:b"
    assert entry["by"] == "Ann"
    assert (entry["at"], entry["kind"], entry["amount"], entry["rule"]) == (
        "2026-03-01T10:03:00Z",
        "points",
        1,
        "thanks",
    )
    assert entry["reason"]
    assert entry["event"] == "export:yaji:message:3"
    first, second = told["hits"]
    assert (first["rule"], first["person"], first["mode"], first["event"]) == ("thanks", "Ann", "on", entry["event"])
    assert first["then"] == ["points +1", "react 👍"]
    assert "nobody rewards themselves" in second["because"]


def test_the_same_history_and_home_give_the_same_bytes(tmp_path, thanked):
    folder = home(tmp_path / "home", THANKS)
    for name in ("one", "two"):
        assert run(thanked, "--home", folder, "--json", tmp_path / name).exit_code == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert str(tmp_path) not in (tmp_path / "one").read_text()


def test_onboarding_runs_on_the_history_s_own_clock(tmp_path):
    export = history(
        tmp_path / "h",
        {"event": "joined", "at": at(1), "from": ANN},
        {"event": "joined", "at": at(1), "from": BOB},
        said(1, 1, ANN, "agree"),
        said(2, 9, ANN, "a week later"),
    )
    told = report(tmp_path, export, ONBOARDING)
    assert told["onboarding"] == {
        "starts": 2, "completed": 1, "gave_up": 1, "in_progress": 0, "left": 0, "skipped": 0,
    }  # fmt: skip
    assert told["timers"]["fired"] == 2
    assert told["timers"]["sent"]["onboarding"] >= 1
    assert told["timers"]["examples"][0]["at"] == "2026-03-02T10:00:00Z"


def test_hits_are_held_against_the_truth(tmp_path):
    export = history(
        tmp_path / "h",
        said(1, 1, ANN, "代购"),
        said(2, 1, ANN, "刷单"),
        said(3, 1, BOB, "代购?"),
        said(4, 1, BOB, "hidden"),
    )
    truth = tmp_path / "truth.json"
    events = [f"export:yaji:message:{n}" for n in (1, 2, 4)]
    truth.write_text(json.dumps({"version": 1, "known": [{"name": "spam", "events": events, "then": ["delete"]}]}))
    told = report(tmp_path, export, ADS, "--truth", truth)
    [verdict] = told["truth"]
    assert (verdict["precision"], verdict["recall"], verdict["rules"]) == (0.6667, 0.6667, ["ads"])
    assert verdict["missed"] == ["export:yaji:message:4"]
    assert verdict["wrong"] == ["export:yaji:message:3"]
    assert [quote["text"] for quote in verdict["missed_quotes"]] == ["hidden"]
    assert [(quote["person"], quote["text"]) for quote in verdict["wrong_quotes"]] == [("波波", "代购?")]
    [rule] = told["rules"]
    assert (rule["on"], rule["shadow"], rule["examples"][0]["text"]) == (0, 3, "代购")


@pytest.mark.parametrize(("hide", "shown"), [((), True), (("--pseudonyms",), False)])
def test_what_was_missed_and_what_was_hit_wrongly_is_read_in_its_words(tmp_path, hide, shown):
    export = history(tmp_path / "h", *(said(n, 1, BOB, f"hidden {n}") for n in range(1, 6)), said(9, 1, ANN, "代购!"))
    known = [{"name": "spam", "events": [f"export:yaji:message:{n}" for n in (1, 2, 3, 4, 77)], "then": ["delete"]}]
    (tmp_path / "t").write_text(json.dumps({"version": 1, "known": known}))
    page = tmp_path / "r.html"
    result = run(
        export, "--home", home(tmp_path / "home", ADS), "--truth", tmp_path / "t", "--html", page, "--lang", "en", *hide
    )
    for told in (result.output[result.output.index("Against what is known") :], page.read_text(encoding="utf-8")):
        assert "Missed 5" in told
        assert "Wrong 1" in told
        for text in ("hidden 1", "hidden 3", "代购!"):
            assert (text in told) is shown, text
        assert "hidden 4" not in told


def test_what_was_missed_and_what_was_hit_wrongly_stands_in_the_order_of_the_history(tmp_path):
    lines = (said(n, 1, BOB, f"fine {n}") if n % 2 else said(n, 1, ANN, f"代购 {n}") for n in range(7, 13))
    known = {"name": "spam", "events": ["gone", *(f"export:yaji:message:{n}" for n in (11, 7, 9))], "then": ["delete"]}
    (tmp_path / "t").write_text(json.dumps({"version": 1, "known": [known]}))
    [verdict] = report(tmp_path, history(tmp_path / "h", *lines), ADS, "--truth", tmp_path / "t")["truth"]
    assert [quote["text"] for quote in verdict["missed_quotes"]] == ["fine 7", "fine 9", "fine 11"]
    assert [quote["text"] for quote in verdict["wrong_quotes"]] == ["代购 8", "代购 10", "代购 12"]
    assert verdict["missed"] == [*(f"export:yaji:message:{n}" for n in (7, 9, 11)), "gone"]


LIMITS = "flood: {messages: 2, within: 1m}\nlinks: {allowed_domains: [x.com]}\nduplicates: {times: 2, within: 1h}\n"


@pytest.mark.parametrize(
    ("lang", "names"),
    [("en", ["flood", "links", "duplicates"]), ("zh", ["刷屏  flood", "链接  links", "重复  duplicates"])],
)
def test_the_limits_are_called_by_names_and_not_by_what_members_are_told(tmp_path, lang, names):
    burst = [{**said(n, 1, ANN, "see https://spam.example/x"), "at": at(1, f"10:00:{n:02}")} for n in range(4)]
    result = run(history(tmp_path / "h", *burst), "--home", home(tmp_path / "home", LIMITS), "--lang", lang)
    lines = [line.strip() for line in result.output.splitlines()]
    assert [name for name in names if name not in lines] == []


def test_pseudonyms_leave_no_name_anywhere(tmp_path, thanked):
    folder = home(tmp_path / "home", THANKS)
    files = tmp_path / "r.json", tmp_path / "r.html"
    result = run(thanked, "--home", folder, "--json", files[0], "--html", files[1], "--pseudonyms")
    shown = result.output + "".join(file.read_text(encoding="utf-8") for file in files)
    for name in ("Ann", "波波", 'telegram:1"', 'wechat:b"'):
        assert name not in shown, name
    told = json.loads(files[0].read_text(encoding="utf-8"))
    [entry] = told["ledger"]
    assert re.fullmatch(r"[A-Z]\w+ [A-Z]\w+", entry["person"])
    assert entry["by"] == told["hits"][0]["person"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_fits_a_hundred_columns_and_the_page_loads_nothing(tmp_path, thanked, lang):
    page = tmp_path / "r.html"
    result = run(thanked, "--home", home(tmp_path / "home", THANKS), "--html", page, "--lang", lang)
    assert result.exit_code == 0, result.output
    assert ("雅集模拟报告" if lang == "zh" else "Yaji simulation report") in result.output
    assert all(cell_len(line) <= 100 for line in result.output.splitlines())
    html = page.read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href|url|@import)\s*[=(]|<script|<link", html)
    assert html.count("<svg") == 4
    assert not re.search("A bar is of|一条是", html)


@pytest.mark.parametrize(
    ("lang", "told", "name"),
    [
        ("en", "A bar is of 2 days: the mean of active members", "Active members"),
        ("zh", "一条是 2 天：活跃成员是这几天的平均", "活跃成员"),
    ],
)
def test_of_more_days_than_bars_it_is_told_what_a_bar_is(tmp_path, lang, told, name):
    days = ("2026-03-01", "2026-03-02", "2026-08-01")
    lines = [{**said(n, 1, ANN, "hi"), "at": f"{day}T10:00:00Z"} for n, day in enumerate(days)]
    export = history(tmp_path / "h.jsonl", *lines)
    page = tmp_path / "r.html"
    assert run(export, "--home", home(tmp_path / "home", THANKS), "--html", page, "--lang", lang).exit_code == 0
    html = page.read_text(encoding="utf-8")
    assert told in html
    assert f"2026-03-01 – 2026-03-02 · {name} 1<" in html


def test_a_message_can_not_become_markup(tmp_path):
    export = history(
        tmp_path / "h", said(1, 1, {"account": "t:1", "name": "<b>&[red]"}, "代购 <script>alert(1)</script>")
    )
    page = tmp_path / "r.html"
    result = run(export, "--home", home(tmp_path / "home", ADS), "--html", page)
    assert "<b>&[red]" in result.output
    html = page.read_text(encoding="utf-8")
    assert "<script>" not in html
    assert "&lt;b&gt;&amp;[red]" in html


@pytest.mark.parametrize(
    ("make", "args", "sentence"),
    [
        ("prose", (), "h is no export that Yaji knows"),
        ("header only", (), "h holds nothing that could be read as yaji"),
        ("fine", ("--group", "other"), "has no group 'other'; it has room"),
        ("fine", ("--format", "pdf"), "'pdf' is no export format"),
        ("fine", ("--zone", "Mars/Base"), "'Mars/Base' is no time zone"),
        ("fine", ("--lang", "fr"), "Yaji speaks zh and en"),
        ("fine", ("--truth", "/nowhere.json"), "/nowhere.json cannot be read"),
        ("fine", ("--json", "/nowhere/x.json"), "cannot be written"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(tmp_path, make, args, sentence):
    content = {
        "prose": "dear diary\n",
        "header only": '{"yaji":"history"}\n',
        "fine": json.dumps(said(1, 1, ANN, "hi")),
    }
    export = tmp_path / "h"
    export.write_text(content[make])
    result = run(export, "--home", home(tmp_path / "home", ADS), *args)
    assert result.exit_code == 2
    assert sentence in result.output
    assert len(result.output.strip().splitlines()) == 1


NAMED = """
lists: {ad_words: [代购, 刷单, 博彩]}
rules:
  - id: ads
    name: {zh: 广告, en: Advertising}
    when: message
    words: ad_words
    if: "!('staff' in member.roles)"
    then: [delete, {mute: 1h}]
  - {id: bare, when: message, if: 'msg.text == "bare"', then: [delete]}
check_ins: {daily: {name: {zh: "[日课]", en: "[Daily]"}, keywords: 打卡, points: 2}}
tiers:
  guest: {name: {zh: 新客, en: Guest}, from: 0}
  friend: {name: {zh: 雅友, en: Friend}, from: 2}
"""


@pytest.fixture
def named(tmp_path: Path) -> Path:
    words = ["代购", "代购 again", "刷单", "博彩"]
    joins = [{"event": "joined", "at": at(1, "09:00:00"), "from": who} for who in (ANN, BOB)]
    ads = [said(n, 1, BOB, text) for n, text in enumerate(words)]
    left = {"event": "left", "at": at(3), "from": BOB}
    return history(tmp_path / "h", *joins, *ads, said(8, 1, ANN, "bare"), said(9, 2, ANN, "打卡"), left)


def test_reasons_that_tell_hits_apart_come_before_those_that_every_hit_has(tmp_path, named):
    result = run(named, "--home", home(tmp_path / "home", NAMED), "--lang", "en")
    lines = [line.strip() for line in result.output.splitlines()]
    start = lines.index("Advertising  ads")
    told = [line.partition(" ")[2] for line in lines[start + 1 : start + 4]]
    assert told == ["says 代购 (ad_words) ×2", "says 刷单 (ad_words) ×1", "says 博彩 (ad_words) ×1"]


def test_of_reasons_each_as_common_those_come_last_that_every_hit_has():
    every = Counter({"not staff": 23, "warned 0s ago (< 1m)": 10, "live warnings: 1": 8, "live warnings: 2": 5})
    every |= {"says 代购 (ads)": 12, "says 刷单 (ads)": 11}
    assert [why for why, _ in telling(every, 23)] == [
        "says 代购 (ads)", "says 刷单 (ads)", "live warnings: 1", "not staff", "live warnings: 2",
        "warned 0s ago (< 1m)",
    ]  # fmt: skip


FLOOD = "flood: {messages: 2, within: 1m, then: [warn]}\nlinks: {allowed_domains: [x.com], then: [warn]}\n"


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ["Because 2 messages within 1s (limit: 2 in 1m)", "Because link to spam.example, not on the list"]),
        ("zh", ["原因 1 秒内发了 2 条（上限：1 分钟内 2 条）", "原因 链接到 spam.example，不在允许名单里"]),
    ],
)
def test_that_somebody_was_warned_just_before_does_not_hide_why_a_rule_hit(tmp_path, lang, told):
    burst = [{**said(n, 1, ANN, f"hi {n} https://spam.example/x"), "at": at(1, f"10:00:{n:02}")} for n in range(8)]
    export = history(tmp_path / "h", *burst)
    result = run(export, "--home", home(tmp_path / "home", FLOOD), "--lang", lang)
    lines = [line.strip() for line in result.output.splitlines()]
    assert [why for why in told if not any(line.startswith(why) for line in lines)] == []


def test_reasons_that_differ_in_numbers_only_take_one_place_before_the_others_have_theirs():
    reasons = Counter({f"{n} messages within {n}m (limit: 2 in 1m)": 2 for n in range(3, 20)} | {"says x (ads)": 1})
    told = [why for why, _ in telling(reasons, 34)]
    assert told[:2] == ["10 messages within 10m (limit: 2 in 1m)", "says x (ads)"]
    assert len(told) == 12


def test_tiers_count_who_is_there_and_apart_who_left(tmp_path, named):
    told = report(tmp_path, named, NAMED)
    assert told["tiers"] == [
        {"tier": "guest", "people": 0, "left": 1},
        {"tier": "friend", "people": 1, "left": 0},
    ]


@pytest.mark.parametrize(
    ("lang", "shown", "hidden"),
    [
        (
            "zh",
            ["[日课]", "新客 → 雅友", "广告  ads", "删除 ×4 · 禁言 1 小时 ×4", "打卡 [日课]"],
            ["Delete", "daily", "guest"],
        ),
        (
            "en",
            ["[Daily]", "Guest → Friend", "Advertising  ads", "check-in [Daily]"],
            ["Delete", "daily"],
        ),
    ],
)
def test_the_report_calls_things_as_the_operator_does(tmp_path, named, lang, shown, hidden):
    page = tmp_path / "r.html"
    result = run(named, "--home", home(tmp_path / "home", NAMED), "--lang", lang, "--html", page)
    for words in shown:
        assert words in result.output, words
    for words in (*shown[:2], shown[2].partition(" ")[0]):
        assert words in page.read_text(encoding="utf-8"), words
    for words in hidden:
        assert words not in result.output, words
        assert words not in re.sub(r"<style>.*?</style>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL), words
    assert "bare" in result.output


def test_there_are_words_for_every_effect():
    assert set(EFFECTS) == {kind.__name__ for kind in get_args(Effect)}


@pytest.mark.parametrize(
    ("said", "zh", "en"),
    [("[sticker]", "[贴纸]", "[sticker]"), ("[photo]", "[图片]", "[photo]"), ("[hello]", "[hello]", "[hello]")],
)
def test_a_message_without_words_is_told_by_its_kind_in_the_readers_language(said, zh, en):
    assert (Words("zh").quote(said), Words("en").quote(said)) == (zh, en)


@pytest.mark.parametrize("more", [(), ("--format", "yaji"), ("--pseudonyms",), ("--against", "old")], ids=" ".join)
def test_a_history_through_a_pipe_is_read_like_one_in_a_file(tmp_path, thanked, monkeypatch, more):
    monkeypatch.chdir(tmp_path)
    home(tmp_path / "home", THANKS)
    home(tmp_path / "old", ADS)
    pipe = tmp_path / "piped" / thanked.name
    pipe.parent.mkdir()
    os.mkfifo(pipe)
    of_file = run(thanked, "--home", "home", "--json", "file.json", *more)
    assert of_file.exit_code == 0, of_file.output
    with ThreadPoolExecutor() as pool:
        written = pool.submit(pipe.write_bytes, thanked.read_bytes())
        of_pipe = run(pipe, "--home", "home", "--json", "pipe.json", *more)
        assert written.result(PATIENCE) == len(thanked.read_bytes())
    assert (of_pipe.exit_code, of_pipe.output) == (0, of_file.output)
    assert Path("pipe.json").read_bytes() == Path("file.json").read_bytes()


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "Conditions that came to an error, each time as no match 2"),
        ("zh", "算不出来的条件，每次都按不符合处理 2"),
    ],
)
def test_a_condition_that_fails_is_told_with_its_rule(tmp_path: Path, lang: str, told: str):
    failing = "rules:\n  - {id: number, when: message, if: int(msg.text) > 3, then: [delete]}\n"
    export = history(tmp_path / "h.jsonl", *(said(n, 2, ANN, text) for n, text in enumerate(("12", "seven", "eight"))))
    where = home(tmp_path / "home", failing)
    page, data = tmp_path / "r.html", tmp_path / "r.json"
    result = run(export, "--home", where, "--html", page, "--json", data, "--lang", lang)
    assert result.exit_code == 0, result.output
    assert told in result.output
    assert "number ×2: int(msg.text) > 3: INVALID_ARGUMENT: cannot convert" in result.output
    [one] = json.loads(data.read_text(encoding="utf-8"))["failing"]
    assert (one["rule"], one["times"], one["condition"]) == ("number", 2, "int(msg.text) > 3")
    assert "int(msg.text) &gt; 3" in page.read_text(encoding="utf-8")


HELD = """
onboarding: {hold: true, welcome_after: 1s, steps: [{id: agree, ask: Agree?, options: [{say: [agree]}]}]}
rules: [{id: ads, when: message, if: 'msg.text == "ad"', then: [delete]}]
"""


@pytest.mark.parametrize(("lang", "line"), [("en", "onboarding 2 · rules 1"), ("zh", "新人引导 2 · 规则 1")])
def test_by_what_each_thing_would_have_been_done_is_told(tmp_path, lang, line):
    joined = {"event": "joined", "at": at(1), "from": ANN}
    chat = history(tmp_path / "h.jsonl", joined, said(1, 2, ANN, "hi"), said(2, 3, ANN, "hello"), said(3, 3, BOB, "ad"))
    page, where = tmp_path / "r.html", tmp_path / "r.json"
    result = run(chat, "--home", home(tmp_path / "home", HELD), "--lang", lang, "--html", page, "--json", where)
    told = json.loads(where.read_text(encoding="utf-8"))
    assert told["effects_by"]["Delete"] == {"onboarding": 2, "rules": 1}
    assert {kind: sum(by.values()) for kind, by in told["effects_by"].items()} == told["effects"]
    assert line in result.output
    assert line in " ".join(page.read_text(encoding="utf-8").split())
