"""What a home becomes, and what is said about one that is well written but cannot be meant."""

# ruff: noqa: E501  (the lines are what is printed)

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from config.home import load, look
from core.errors import ConfigError
from core.people import Account

HEAD = """\
version: 1
community:
  name: {zh: 雅集, en: Gathering}
  timezone: Asia/Shanghai
  languages: [zh, en]
  groups: {%s}
  admins: [telegram:1]
"""


def home(folder: Path, *, groups: str = "g: {}", sections: str = "", **files: str) -> Path:
    (folder / "communities").mkdir(parents=True, exist_ok=True)
    (folder / "communities" / "a.yaml").write_text(HEAD % groups + sections, encoding="utf-8")
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yaml", ".yaml").replace("_txt", ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def said(folder: Path, weight: str) -> list[str]:
    _, told = look(folder)
    return [str(problem) for problem in told if problem.weight == weight]


def test_a_group_has_its_clock_languages_staff_and_workflows_in_order(tmp_path):
    sections = (
        "tiers: {seed: {from: 0}}\nonboarding: {}\nrules: [{id: r, when: join, then: {points: 1}}]\n"
        "check_ins: {m: {points: 1}}\n"
    )
    group = load(home(tmp_path, sections=sections)).groups["g"]
    assert str(group.zone) == "Asia/Shanghai"
    assert group.languages == ("zh", "en")
    assert group.staff == {Account("telegram:1")}
    assert (group.called("zh"), group.called("en")) == ("雅集", "Gathering")
    assert [bound.name for bound in group.runs] == [
        "onboarding",
        "check_in",
        "rules",
        "tiers",
        "appeals",
        "identity",
        "members",
        "steering",
        "signpost",
        "presence",
    ]


def test_an_absent_section_runs_nothing_but_commands_proposals_appeals_and_the_watch_over_rights(tmp_path):
    assert [bound.name for bound in load(home(tmp_path)).groups["g"].runs] == [
        "rules",
        "appeals",
        "identity",
        "members",
        "steering",
        "signpost",
        "presence",
    ]


def test_quiet_hours_reach_onboarding_unless_it_has_its_own(tmp_path):
    group = load(home(tmp_path, sections="quiet_hours: 22:00-07:00\nonboarding: {hold: false}\n")).groups["g"]
    assert str(group.runs[0].options.quiet_hours) == "22:00-07:00"
    own = "quiet_hours: 22:00-07:00\nonboarding: {quiet_hours: 23:00-06:00}\n"
    assert str(load(home(tmp_path, sections=own)).groups["g"].runs[0].options.quiet_hours) == "23:00-06:00"


def test_a_group_knows_the_quiet_hours_of_its_community(tmp_path):
    group = load(home(tmp_path, sections="quiet_hours: 22:30-07:00\n")).groups["g"]
    assert group.quiet == (time(22, 30), time(7, 1))
    assert load(home(tmp_path)).groups["g"].quiet is None


def test_an_event_can_be_chosen_by_its_title_where_there_are_no_buttons(tmp_path):
    titled = "events: {walk: {title: {zh: 散步, en: Walk}, at: 2026-05-01 20:00}}\n"
    assert {"散", "w"} <= load(home(tmp_path, sections=titled)).groups["g"].letters
    assert "散" not in load(home(tmp_path)).groups["g"].letters


def test_addresses_lead_to_groups(tmp_path):
    deployment = load(home(tmp_path, groups="g: {telegram: -100, wechat: 雅集}, quiet: null"))
    assert deployment.addresses == {("telegram", "-100"): "g", ("wechat", "雅集"): "g"}
    assert set(deployment.groups) == {"g", "quiet"}


def test_an_operators_own_sentence_is_said(tmp_path):
    group = load(home(tmp_path, texts__zh_yaml="onboarding:\n  welcome: 来了 ${member.name}\n")).groups["g"]
    assert group.texts.say("onboarding.welcome", "zh", {"member": {"name": "王"}}) == ("来了 王",)
    assert group.texts.say("rules.flood", "en", {})


def test_one_group_key_in_two_files_is_refused_naming_both(tmp_path):
    other = HEAD % "g: {}"
    assert said(home(tmp_path, communities__b_yaml=other), "problem") == [
        "communities/b.yaml:6:12: community.groups.g: found the group `g` a second time, "
        "wanted each key once in the home; it is also at communities/a.yaml:6:12"
    ]


def test_a_home_without_communities_says_what_is_missing(tmp_path):
    with pytest.raises(ConfigError) as raised:
        load(tmp_path)
    assert "communities/<name>.yaml" in str(raised.value)


@pytest.mark.parametrize(
    ("sections", "weight", "line"),
    [
        (
            "lists: {ok: []}\n",
            "problem",
            "communities/a.yaml:8:13: lists.ok: the list is empty",
        ),
        (
            "lists: {ads: [x]}\n",
            "warning",
            "communities/a.yaml:8:9: lists.ads: no rule asks for the list `ads`",
        ),
        (
            "quiet_hours: 22:00-09:00\ncheck_ins: {m: {window: 05:00-06:00, remind: {at: 05:30}}}\n",
            "warning",
            "communities/a.yaml:9:51: check_ins.m.remind.at: 05:30 lies in quiet_hours (22:00-09:00); it comes at its time, as nobody can check in outside of them",
        ),
        (
            "quiet_hours: 22:00-09:00\ncheck_ins: {m: {streak: {danger: {at: 23:00}}}}\n",
            "warning",
            "communities/a.yaml:9:39: check_ins.m.streak.danger.at: 23:00 lies in quiet_hours (22:00-09:00); it comes at 21:59",
        ),
        (
            "quiet_hours: 22:00-09:00\ncheck_ins: {m: {remind: {at: 08:30}}}\n",
            "warning",
            "communities/a.yaml:9:30: check_ins.m.remind.at: 08:30 lies in quiet_hours (22:00-09:00); it comes at 09:01",
        ),
        (
            "check_ins: {m: {window: 08:00-09:00, remind: {at: 07:00}}}\n",
            "warning",
            "communities/a.yaml:8:51: check_ins.m.remind.at: the reminder at 07:00 comes before the window 08:00-09:00 opens; nobody can check in then",
        ),
        (
            "onboarding: {steps: [{id: a, ask: x, introduce: true}], remind: {after: 3d}, give_up_after: 2d}\n",
            "warning",
            "communities/a.yaml:8:65: onboarding.remind: the first reminder comes when the steps are given up already; make `after` shorter than `give_up_after`",
        ),
        (
            "onboarding: {tasks: [{id: t, check_in: [evening]}]}\ncheck_ins: {m: {}}\n",
            "problem",
            'communities/a.yaml:8:41: onboarding.tasks[0].check_in[0]: there is no challenge "evening"',
        ),
        (
            "onboarding: {on_complete: [delete]}\n",
            "problem",
            "communities/a.yaml:8:28: onboarding.on_complete[0]: `delete` needs a message, and `on_complete` has none",
        ),
        (
            "rules: [{id: r, when: message, then: delete, exempt: [tier:tree]}]\ntiers: {seed: {from: 0}}\n",
            "problem",
            "communities/a.yaml:8:55: rules[0].exempt[0]: there is no tier `tree`",
        ),
        (
            "onboarding: {welcome: {zh: 你好}}\n",
            "note",
            "communities/a.yaml:8:23: onboarding.welcome: this text is not in every language of the community (zh, en); the first one written is said",
        ),
        (
            "faq: {a: {ask: fees, answer: y}, b: {ask: [Fees!], answer: z}}\n",
            "problem",
            "communities/a.yaml:8:7: faq.a: \"Fees!\" asks for `a` and for `b`; each word may ask for one",
        ),
    ],
    ids=[
        "empty list", "unused list", "of use only at night", "streak at night", "reminder at night",
        "reminder too early", "reminder too late", "unknown challenge",
        "no message to delete", "unknown tier", "missing language", "a word for two answers",
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_told(tmp_path, sections, weight, line):
    assert any(each.startswith(line) for each in said(home(tmp_path, sections=sections), weight))


@pytest.mark.parametrize(
    ("sections", "en", "zh"),
    [
        (
            "check_ins: {m: {starts: 2026-02-30}}\n",
            "8:25: check_ins.m.starts: found `2026-02-30`, wanted a date: write one like 2026-03-02",
            "写的是 `2026-02-30`，应为日期，例如 2026-03-02",
        ),
        (
            "check_ins: {m: {starts: 2026-03-02, ends: 3/2/2026}}\n",
            "8:43: check_ins.m.ends: found `3/2/2026`, wanted a date: write one like 2026-03-02",
            "写的是 `3/2/2026`，应为日期，例如 2026-03-02",
        ),
        (
            "check_ins:\n  m:\n    points： 5\n",
            "10:5: check_ins.m: found `points： 5`, wanted keys with values (did you mean `points: 5`?)",
            "写的是 `points： 5`，应为键和值（是不是想写 `points: 5`？）",
        ),
        (
            "faq:\n  a:\n    ask：x\n    answer：y\n",
            "10:5: faq.a: found `ask：x answer：y`, wanted `ask`, `answer` or `cooldown` with values",
            "写的是 `ask：x answer：y`，应为键和值：`ask`、`answer`、`cooldown`",
        ),
        (
            "check_ins: {m: {points： 5, late: {}}}\n",
            "8:17: check_ins.m.points： 5: found the unknown key `points： 5`, wanted a key that is known here (did you mean `points`?)",
            "写的是不认识的键 `points： 5`，应为这里认识的键（是不是想写 `points`？）",
        ),
    ],
    ids=["no day", "another country's", "a wide colon", "two wide colons", "a wide colon in brackets"],
)
def test_what_is_written_another_way_is_told_how_to_write_it(tmp_path, sections, en, zh):
    _, told = look(home(tmp_path, sections=sections))
    assert [(str(each), each.message("zh")) for each in told] == [(f"communities/a.yaml:{en}", zh)]


@pytest.mark.parametrize(
    ("action", "place"),
    [
        ("{mute: 10s}", "8:73: rules[0].escalate.3.mute: "),
        ("{mute: 400d}", "8:73: rules[0].escalate.3.mute: "),
        ("{mute: 0s}", "8:73: rules[0].escalate.3.mute: "),
        ("{ban: 59s}", "8:73: rules[0].escalate.3.ban: "),
        ("{propose: {mute: 366d}}", "8:83: rules[0].escalate.3.propose.mute: "),
    ],
)
def test_a_length_that_no_platform_keeps_is_a_problem(tmp_path, action, place):
    rule = "rules: [{id: r, when: message, then: warn, name: ladder, escalate: {3: %s}}]\n"
    verb = place.rpartition(".")[2].removesuffix(": ")
    _, told = look(home(tmp_path, sections=rule % action))
    assert [(str(each), each.message("zh")) for each in told] == [
        (
            f"communities/a.yaml:{place}`{verb}` takes a length from 1m to 365d; written alone, it lasts until an admin ends it",
            f"`{verb}` 的时长从 1m 到 365d；不写时长就一直有效，直到管理员解除",
        )
    ]
    for kept in ("{mute: 1m}", "{mute: 365d}", "{ban: 1h}", "ban", "mute"):
        assert said(home(tmp_path, sections=rule % kept), "problem") == []


def test_every_wrong_name_of_a_text_is_told_and_none_of_them_wants_quotes(tmp_path):
    reply = '"第 ${user.nick} 天 ${name} ${member.nmae}"'
    folder = home(tmp_path, sections=f"check_ins: {{m: {{reply: {{zh: {reply}, en: '${{foo}} ${{bar}}'}}}}}}\n")
    names = (
        "member.id, member.name, member.mention, member.language ..., "
        "check_in.streak, check_in.points, check_in.bonus, check_in.day ..., group.key, group.name, group.timezone"
    )
    assert said(folder, "problem") == [
        f"communities/a.yaml:8:34: check_ins.m.reply.zh: found `user`, wanted {names}",
        "communities/a.yaml:8:49: check_ins.m.reply.zh: found `name`, wanted a known name (did you mean `member.name`?)",
        "communities/a.yaml:8:57: check_ins.m.reply.zh: found `member.nmae`, wanted a field of `member` (did you mean `member.name`?)",
        f"communities/a.yaml:8:79: check_ins.m.reply.en: found `foo`, wanted {names}",
        f"communities/a.yaml:8:86: check_ins.m.reply.en: found `bar`, wanted {names}",
    ]
    first = look(folder)[1][0]
    assert first.message("zh").startswith("写的是 `user`，应为 member.id、member.name、")


def test_a_rule_that_stands_twice_is_told_with_the_place_of_the_first(tmp_path):
    rules = "rules:\n" + "".join(f"  - {{id: {id_}, when: message, then: delete}}\n" for id_ in ("a", "b", "a", "a"))
    folder = home(tmp_path, sections=rules)
    assert said(folder, "problem") == [
        'communities/a.yaml:11:10: rules[2].id: found `a`: two rules are called "a": number 1 and number 3; '
        "the first is at communities/a.yaml:9:10",
        'communities/a.yaml:12:10: rules[3].id: found `a`: two rules are called "a": number 1 and number 4; '
        "the first is at communities/a.yaml:9:10",
    ]
    assert look(folder)[1][0].message("zh").endswith("；第一条在 communities/a.yaml:9:10")


BOARD = "digests: {weekly: {at: sun 20:00, sections: [check_in_board], to: [g]}}\n"
TASKS = "onboarding: {tasks: [{id: t, check_in: true}, {id: u, check_in: [m]}]}\n"


@pytest.mark.parametrize(
    ("written", "more"),
    [
        ("check_ins: {m: {points: five}}\n", []),
        ("chekc_ins: {m: {}}\n", []),
        ("check_ins: {m: *x}\n", []),
        (
            "",
            [
                "`check_in_board` has nothing to tell without `check_ins:`",
                "there is nothing to check in to; write `check_ins:`",
                'there is no challenge "m"',
            ],
        ),
        ("check_ins:\n", ["`check_in_board` has nothing to tell without `check_ins:`"]),
    ],
    ids=["a mistake in it", "misspelled", "refused by the parser", "not written", "written and empty"],
)
def test_a_section_with_a_mistake_is_not_said_to_be_lacking(tmp_path, written, more):
    _, told = look(home(tmp_path, sections=BOARD + (TASKS if len(more) != 1 else "") + written))
    others = [problem.message() for problem in told if not str(problem.path[0]).startswith("ch")]
    assert others == more


def test_challenges_at_different_hours_may_share_a_word(tmp_path):
    shared = "check_ins: {a: {window: 05:00-08:00}, b: {window: 20:00-22:00, status: [晚课]}}\n"
    assert said(home(tmp_path, sections=shared), "problem") == []


def test_what_wechat_cannot_do_is_a_note_with_what_becomes_of_it(tmp_path):
    rules = "rules:\n  - {id: r, when: message, then: [delete, warn: x], escalate: {2: {mute: 1h}}}\n"
    assert said(home(tmp_path, groups="g: {wechat: 雅集}", sections=rules), "note") == [
        "communities/a.yaml:6:12: community.groups.g: "
        "is on WeChat only: what admins are to be told of it does not reach telegram:1; write their WeChat accounts "
        "under `admins`, too, or give the admins a group of their own there (`admin_group`)",
        "communities/a.yaml:6:24: community.groups.g.wechat: "
        "is simulated and not served: yaji.yaml has no `platforms.wechat` with an `endpoint`",
        "communities/a.yaml:9:35: rules[0].then[0]: `delete` on WeChat: "
        "becomes a public reminder and a line to the admins: WeChat has nothing like it",
        "communities/a.yaml:9:67: rules[0].escalate.2: `mute` on WeChat: "
        "becomes a public reminder and a line to the admins: WeChat has nothing like it",
    ]
    assert said(home(tmp_path, groups="g: {telegram: -100}", sections=rules), "note") == []


@pytest.mark.parametrize(
    ("sections", "line"),
    [
        pytest.param(
            "check_ins: {m: {react: ✅}}\n",
            "communities/a.yaml:8:24: check_ins.m.react: "
            "Telegram takes no ✅ as a reaction: check-ins are answered in words there",
            id="in place of an answer",
        ),
        pytest.param(
            "check_ins: {m: {react: ✅, gather: {every: 10m}}}\n",
            "communities/a.yaml:8:24: check_ins.m.react: Telegram takes no ✅ as a reaction: it is left out there",
            id="beside a gathered answer",
        ),
        pytest.param(
            "rules: [{id: r, when: message, then: [react: ✅]}]\n",
            "communities/a.yaml:8:46: rules[0].then[0].react: Telegram takes no ✅ as a reaction: it is left out there",
            id="by a rule",
        ),
    ],
)
def test_a_reaction_that_telegram_does_not_take_is_a_warning_with_what_becomes_of_it(tmp_path, sections, line):
    assert said(home(tmp_path, groups="g: {telegram: -100}", sections=sections), "warning") == [line]
    assert said(home(tmp_path, groups="g: {wechat: 雅集}", sections=sections), "warning") == []


def test_reactions_that_telegram_takes_are_no_warning(tmp_path):
    taken = "check_ins: {m: {react: ❤️}, n: {keywords: [晚课], react: 'custom:5368324170671202286'}}\n"
    assert said(home(tmp_path, groups="g: {telegram: -100}", sections=taken), "warning") == []


def test_that_wechat_tells_no_requests_to_join_is_a_note(tmp_path):
    sections = """\
onboarding:
  entry: {at: request, questions: [{id: q, ask: Why?, text: {min_chars: 2}}], then: approve}
"""
    notes = said(home(tmp_path, groups="g: {wechat: 雅集}", sections=sections), "note")
    assert any("onboarding.entry: asks nobody on WeChat" in each for each in notes)
    telegram = said(home(tmp_path, groups="g: {telegram: -100}", sections=sections), "note")
    assert not any("WeChat" in each for each in telegram)


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (
            "telegrm:10001",
            "found `telegrm:10001`, wanted an account: write platform and id, like telegram:10001 (did you mean `telegram:10001`?)",
        ),
        (
            "telegram：10001",
            "found `telegram：10001`, wanted an account: write platform and id, like telegram:10001 (did you mean `telegram:10001`?)",
        ),
        ("Telegram:ana", "found `Telegram:ana`, wanted an account: write platform and id, like telegram:10001"),
        ("telegram：010", "found `telegram：010`, wanted an account: write platform and id, like telegram:10001"),
        (
            "Wechat: ana",
            "found `Wechat: ana`, wanted an account: write platform and id, like telegram:10001 (did you mean `wechat:ana`?)",
        ),
        ("qq:10001", "found `qq:10001`, wanted an account: write platform and id, like telegram:10001"),
        (
            "telegram:@ana",
            "found `telegram:@ana`, wanted a Telegram account: write its number, like telegram:10001, and no @name",
        ),
        (
            "telegram:-100",
            "found `telegram:-100`, wanted a Telegram account: write its number, like telegram:10001, and no @name",
        ),
    ],
)
def test_an_admin_whom_nobody_can_be_is_a_problem(tmp_path, written, line):
    folder = home(tmp_path)
    file = folder / "communities" / "a.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("telegram:1", f'"{written}"'), encoding="utf-8")
    assert said(folder, "problem") == [f"communities/a.yaml:7:12: community.admins[0]: {line}"]


def test_that_nobody_is_written_as_an_admin_is_a_note(tmp_path):
    folder = home(tmp_path, sections="rules: [{id: r, when: message, then: notify}]\n")
    file = folder / "communities" / "a.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("[telegram:1]", "[]"), encoding="utf-8")
    assert said(folder, "warning") == []
    assert said(folder, "note") == [
        "communities/a.yaml:7:3: community.admins: nobody is written under `admins` yet: what admins are to be told "
        "reaches nobody, and only who is an admin of the group on its platform steers it; write accounts, like telegram:10001"
    ]
    desk = (
        file.read_text(encoding="utf-8")
        .replace("{g: {}}", "{g: {}, desk: {}}")
        .replace("admins: []", "admin_group: desk")
    )
    file.write_text(desk, encoding="utf-8")
    assert said(folder, "note") == [
        "communities/a.yaml:2:1: community: nobody is written under `admins` yet: "
        "only who is an admin of the group on its platform steers it; write accounts, like telegram:10001"
    ]
    file.write_text(
        file.read_text(encoding="utf-8").replace("admin_group: desk", "owners: [telegram:1]"), encoding="utf-8"
    )
    assert said(folder, "note") == []


def test_warnings_and_notes_do_not_stop_a_home(tmp_path):
    deployment = load(home(tmp_path, sections="lists: {ads: [x]}\nonboarding: {welcome: {zh: 你好}}\n"))
    assert [note.weight for note in deployment.notes] == ["warning", "note"]


def test_of_a_file_that_is_not_there_no_more_is_said_than_that(tmp_path):
    asked = "faq:\n  rules: {ask: [rules], answer: {zh: !file texts/none.md, en: Be kind.}}\n"
    _, problems = look(home(tmp_path, sections=asked))
    (problem,) = [each for each in problems if each.weight == "problem"]
    assert "faq.rules.answer.zh: found `texts/none.md`, which does not exist" in str(problem)
