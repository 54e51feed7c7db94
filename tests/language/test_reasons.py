"""Reasons are kept in English and shown in the reader's language: none is left out."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import adapters
import core
import jobs
import workflows
from adapters.exports.history import Reading
from config import home as homes
from config.home import load
from jobs.rehearse import performed
from jobs.report.words import Words
from jobs.sample import write_sample
from jobs.seating import rehearsing
from jobs.simulate import simulated
from workflows.measures import compared, measured
from workflows.reasons import in_language, phrases
from workflows.vocabulary import SECTIONS

SOURCES = sorted(Path(workflows.__file__).parent.glob("*.py"))
COMPARED = ("member", "event", "msg", "check_in", "tier", "warning")
TEMPLATES = Path(homes.__file__).parent / "templates"


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("live warnings: 1", "有效警告 1 次"),
        ("joined 0 days ago (< 7)", "入群 0 天（< 7）"),
        ("not staff", "不是管理员"),
        ("every step is answered", "问题都回答了"),
        ("left before answering the steps; their place is kept", "在答完问题之前离开，位置还留着"),
        ("warned 20s ago (< 1m)", "20 秒前刚警告过（间隔不到 1 分钟）"),
        ("would have done: delete, mute 1h, points +5", "试运行，本来会：删除、禁言 1 小时、积分 +5"),
        ("the admins were asked before: ban 90m", "已经问过管理员：封禁 1 小时 30 分钟"),
        ("staff earn nothing here (2 people)", "管理员在这里不得分（2 人）"),
        ("2026-03-04 added: no reason given", "补记 2026-03-04：没有说明原因"),
        ("2026-03-04 added: the bot was down", "补记 2026-03-04：the bot was down"),
        ("link to a.example, b.example, not on the list allowed", "链接到 a.example、b.example，不在名单 allowed 里"),
        ("says 加群 (ads), buy now (spam)", "出现 加群（ads）、buy now（spam）"),
        ("none -> guest", "无 → guest"),
        ("not done: warned 20s ago (< 1m)", "没有执行：20 秒前刚警告过（间隔不到 1 分钟）"),
    ],
)
def test_a_reason_is_shown_in_chinese(english: str, chinese: str):
    assert in_language(english, "zh") == chinese
    assert in_language(english, "en") == english


@pytest.mark.parametrize("own", ["the bot was down", "比赛期间", "", "100%", "{n} (n)", "a\nb", "5 days", "(" * 400])
def test_somebodys_own_words_stay(own: str):
    assert in_language(own, "zh") == own


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("8 active days in 14 days, less than 90% of 10", "14 天内活跃 8 天，不到 10 的 90%"),
        ("50 points, less than 90% of 200", "50 积分，不到 200 的 90%"),
        ("link to a.example, not on the list", "链接到 a.example，不在允许名单里"),
        ("link to a.example (blocked)", "链接到 a.example（blocked）"),
        ("not vip by tag", "没有标签 vip"),
        ("step one is no longer in the configuration", "要问的问题已从配置里去掉"),
        ("an admin said so", "管理员的决定"),
        ("made up 2026-03-04", "补了 2026-03-04 的卡"),
        ("the text matches says x (ads) holds", "文字符合 says x (ads) holds"),
    ],
)
def test_of_templates_that_fit_the_most_specific_wins(english: str, chinese: str):
    assert in_language(english, "zh") == chinese


def test_every_place_of_a_template_is_filled():
    for template in phrases("zh").templates:
        names = re.findall(r"\{(\w+)\}", template.told)
        assert sorted(names) == sorted(template.kinds), template.pattern.pattern
        assert template.literal > 0, "what is told of in a reason is shorter than the reason"
        assert list(template.kinds.values()).count("") <= 2, "a template that fits slowly"


@pytest.mark.parametrize("section", COMPARED)
def test_every_fact_has_words_for_its_value(section: str):
    examples = {"int": 3, "string": "x", "bool": True}
    for field, known in SECTIONS[section].items():
        if known.type in examples and field:
            name, value = f"{section}.{field}", "telegram:1" if field == "id" else examples[known.type]
            for told in (measured(name, value), compared(name, value, "!=", "y")):
                assert in_language(told, "zh") != told, told


# Every sentence in the source


ASIDE = {
    "actions": "how actions are written",
    "ambassador_replies": "how people write",
    "answer_words": "how people write",
    "asking": "how people write",
    "catalog": "the phrasebook",
    "check_in_sentences": "how people write",
    "command_sentences": "how people write",
    "deed_words": "what was done, in words of its own",
    "event_wishes": "how people write",
    "event_options": "what is refused in a configuration",
    "expression_mistakes": "mistakes in expressions",
    "expression_slips": "mistakes in expressions",
    "expression_shortcuts": "expressions",
    "expression_source": "expressions",
    "expressions": "expressions",
    "links": "the ends of host names",
    "options": "how values are written",
    "patterns": "how patterns are written",
    "rule_options": "what is refused in a configuration",
    "rule_sections": "what is refused in a configuration",
    "texts": "operators' texts",
    "tier_options": "what is refused in a configuration",
    "vocabulary": "the reference",
    "wording": "operators' texts",
}
"""Modules that decide nothing."""

NO_REASONS = {
    "ambassador_orders": {"ambassador {}"},
    "ambassador_turns": {"untag {}"},
    "ambassadors": {"my tasks", "step down", "tag {}", "untag {}"},
    "acts": {"[{}, {}, {{}}]", "{}: {}"},
    "commands": {"{} {}"},
    "quiet_wishes": {
        "/optout on",
        "/optout off",
        "/reminders off",
        "/reminders on",
        "stop reminders",
        "stop reminding me",
        "resume reminders",
    },
    "member_commands": {"my points", "group rules", "forget me"},
    "members": {"by_admin"},
    "steering_books": {"warns_by_admin"},
    "steering_orders": {"points {}", "tag {}"},
    "steering_progress": {"{} {}", "{} ({})", "tier {}", "onboarding {}"},
    "check_in_repairs": {"taken back"},
    "check_in_dates": {"day after tomorrow", "the day after tomorrow", "end of the month", "the end of the month"}
    | {"day before yesterday", "the day before yesterday", "last night"},
    "check_in_words": {"_Letters | None", "{} {}"},
    "deeds": {"tag {}", "untag {}", "propose {}", "react {}", "\n> {}", "{} {}"},
    "digest_options": {"day {} {}", "last day 20:00", "last day {}", "{} {}"}
    | {'write "20:00" for every day, "sun 20:00" for a day of the week, "day 1 09:00" or "last day 20:00"'},
    "digest_wishes": {"/digest hide", "/digest off", "/digest on", "/digest show"},
    "flood": {" in the group"},
    "happened": {"<>\"'`，。！？；：、（）【】《》「」『』“”‘’…()[]{}|"},
    "measures": {"{}: {}", " days ago", " day ago"},
    "mutes": {"mute {}"},
    "onboarding_options": {"thank you", "hi everyone", "hello everyone", "hi all", "hello all", "my name is", "i am"}
    | {"call me", "about me", "introduce myself", "new here"},
    "onboarding_steps": {"one"},
    "proposals": {"{} {}", "not {}"},
    "questions": {"me too", "same here", "same question"},
    "rule_orders": {"%Y-%m-%d"},
    "rule_reasons": {" by tag"},
    "clock_clauses": {
        "{} would have to be at least {} and at most {}",
        "{}; write || where the time goes on past its end",
        "{}; {}",
        "Sunday is 0",
        "January is 0",
        "the first is 0",
        "the first is 0, and 1 with getDate",
    },
    "courtesies": {"thank you", "got it", "good night"},
    "survey_answers": {"{} {}"},
    "survey_desk": {"survey {}"},
    "streaks": {"a check-in comes after the last one; others need a recount"},
    "tier_clauses": {
        "member.{} {} {}",
        "{} cannot hold from {} points on",
        "member.{} would have to be at least {} and at most {}",
    },
    "tier_moves": {"tier {}", " -> "},
    "tier_needs": {"a window cannot hold more active days than it has; the options refuse such a tier"},
    "tier_orders": {" ", "_"},
}
"""Sentences with a space in them that are no reasons."""

HOLES = ("3", "x", "not staff", "2026-03-02", "1h", "telegram:1", "<", "added", "people", "unknown tier", "")


def sentences(tree: ast.AST) -> Iterator[str]:
    """Strings and f-strings of a module that read like sentences, values as {}; those of errors and docs left out."""
    for node in ast.iter_child_nodes(tree):
        if _never_told(node):
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    yield from sentences(part)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        else:
            yield from sentences(node)


def _never_told(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).rpartition(".")[2] in ("Field", "compile")
    docs = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return docs or isinstance(node, ast.Raise)


def flowing(tree: ast.AST) -> Iterator[str]:
    """Single words too, where they go straight into a reason: because=..., reason=..., why = ..."""
    for node in ast.walk(tree):
        value: ast.AST | None = None
        if isinstance(node, ast.keyword):
            value = node.value if node.arg in ("because", "reason") else None
        elif isinstance(node, ast.Assign):
            named = ast.unparse(node.targets[0])
            value = node.value if named in ("because", "why", "reason", "reasons") else None
        if isinstance(value, ast.Constant | ast.Tuple | ast.List | ast.BoolOp | ast.IfExp):
            yield from (text for text in sentences(ast.Expression(body=value)) if text)


def rendered(template: str) -> bool:
    holes = template.count("{}")
    return template in phrases("zh").terms or any(
        in_language(text, "zh") != text
        for values in itertools.product(HOLES, repeat=holes)
        for text in [template.format(*values) if holes else template]
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_sentence_of_a_workflow_has_its_chinese(path: Path):
    if path.stem in ASIDE or path.stem in ("reasons", "__init__"):
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spoken = {text for text in sentences(tree) if re.search(r"[a-z}][,:;]? [a-z({]|[a-z] [a-z]", text)}
    wanted = (spoken | set(flowing(tree))) - NO_REASONS.get(path.stem, set())
    assert sorted(text for text in wanted if not rendered(text)) == []


OUTCOMES = (
    *sorted(Path(core.__file__).parent.glob("courier*.py")),
    *(Path(core.__file__).parent / name for name in ("budget.py", "degrade.py")),
    *(Path(adapters.__file__).parent / name for name in ("telegram/perform_acts.py", "telegram/message_ids.py")),
    *(Path(adapters.__file__).parent / name for name in ("wechat/perform.py", "wecom/perform.py")),
    Path(jobs.__file__).parent / "digest" / "task.py",
)
"""What the operator is told of what could not be said or done."""
NO_OUTCOMES = {
    "budget": {"the account's day", "the room's day"},
    "courier": {
        "another courier serves {}; this one waits until it ends",
        "the outbox can be used again",
        "this courier serves {} now",
    },
    "courier_answers": {"told to wait", "{}, with everything", "{}: {}"},
    "courier_errands": {"the assistant is back; what was parked goes out"},
    "degrade": {"{}: {}", "{}: said anew", "{}: said in words"},
    "perform_acts": {"may come back in a minute ({})", "was not muted", "was out already", "chat not found"}
    | {"for {} s, the nearest span that Telegram keeps", "channels are banned for good"}
    | {"{} of {} messages cannot be deleted"},
    "perform": {"it stands already", "it was set, and could not be read back: {}"},
    "task": {"the %s %s of %s failed", "the %s %s of %s is given up: %s", "{}: {}"},
}
"""Parts of sentences, what comes with a success, and what the log says in words of its own."""


@pytest.mark.parametrize("path", OUTCOMES, ids=lambda path: f"{path.parent.stem}/{path.stem}")
def test_every_outcome_that_an_operator_reads_has_its_chinese(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spoken = {text for text in sentences(tree) if re.search(r"[a-z}][,:;]? [a-z({]|[a-z] [a-z]", text)}
    assert sorted(text for text in spoken - NO_OUTCOMES.get(path.stem, set()) if not rendered(text)) == []


def test_no_word_is_left_aside_for_nothing():
    modules = {path.stem: path for path in SOURCES}
    for stem, aside in NO_REASONS.items():
        unused = {text for text in aside if text not in _texts(modules[stem])}
        assert unused == set(), stem
    assert set(ASIDE) <= set(modules)


def _texts(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {*sentences(tree), *flowing(tree)}


# Every reason of a history


def stored(store, group: str) -> Iterator[tuple[str, str]]:
    """Each reason of the books, and what it is about; those of a bug are no sentences of ours."""
    for row in store.audit(group):
        yield from ((row.rule or row.workflow, why) for why in row.because if row.mode != "fault")
    yield from ((fact.kind, fact.reason) for fact in store.facts(group) if fact.reason)


OWN_WORDS = re.compile("[\u4e00-\u9fff]|no ads|Links are open after|slower, please", re.IGNORECASE)
"""What the operators of the shipped communities tell those whom they warn, and the ledger with it."""


def test_every_reason_of_the_sample_history_is_shown_in_chinese(tmp_path):
    group = load(TEMPLATES / "literati").groups["lanting"]
    history = write_sample(tmp_path).history
    with simulated(history, group, Reading(group=group.key, zone=group.zone), None, None) as simulation:
        told = set(stored(simulation.books, group.key))
    assert len(told) > 200
    assert [why for kind, why in sorted(told) if kind != "warning" and in_language(why, "zh") == why] == []
    assert all(OWN_WORDS.search(why) for kind, why in told if kind == "warning")


@pytest.mark.parametrize("name", ["literati", "reading", "support"])
def test_every_reason_of_a_shipped_rehearsal_is_shown_in_chinese(name: str):
    deployment, _ = homes.look(TEMPLATES / name)
    assert deployment is not None
    told: set[tuple[str, str]] = set()
    for written in deployment.rehearsals.values():
        community = deployment.communities[f"communities/{written.community}"].community
        for test in written.tests:
            group = deployment.groups[test.group or next(iter(community.groups))]
            told |= set(stored(performed(test, rehearsing(group, test)).store, group.key))
    assert told
    for kind, why in told:
        if not (kind == "warning" and OWN_WORDS.search(why)):
            assert in_language(why, "zh") != why, (kind, why)


def test_a_report_speaks_the_readers_language_and_keeps_an_operators_rules():
    zh, en = Words("zh"), Words("en")
    assert (zh.reason("live warnings: 2"), en.reason("live warnings: 2")) == ("有效警告 2 次", "live warnings: 2")
    assert (zh.source("check_in:daily:bonus:7"), en.source("onboarding.complete")) == (
        "打卡 daily 连续 7 天",
        "onboarding completed",
    )
    assert zh.source("thanks") == "thanks"
