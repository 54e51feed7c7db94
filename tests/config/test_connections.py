"""Bots, the admins' group and the rights that a home needs: what fits together, and what is said where it does not."""

# ruff: noqa: E501  (the lines are what is printed)

from __future__ import annotations

from pathlib import Path

import pytest

from config.connections import accounts
from config.deployment import Settings
from config.home import load, look
from config.problems import Language
from core.workflow import Group
from workflows.presence import Presence

HEAD = """\
version: 1
community:
  name: Gathering
  timezone: Asia/Shanghai
  groups:
    reading: {telegram: -1001%s}
    desk: {telegram: -1002%s}
"""
BOTS = (
    "platforms:\n  telegram:\n    bots:\n      first: {token: '${env:FIRST}'}\n      second: {token: '${env:SECOND}'}\n"
)


def home(folder: Path, sections: str = "", *, yaji: str = "", reading: str = "", desk: str = "") -> Path:
    (folder / "communities").mkdir(parents=True)
    (folder / "communities" / "a.yaml").write_text(HEAD % (reading, desk) + sections, encoding="utf-8")
    if yaji:
        (folder / "yaji.yaml").write_text(yaji, encoding="utf-8")
    return folder


def problems(folder: Path, language: Language = "en") -> list[str]:
    _, told = look(folder)
    return [problem.told(language) for problem in told if problem.weight == "problem"]


def needs(group: Group) -> frozenset[str]:
    return next(bound.options.needs for bound in group.runs if isinstance(bound.options, Presence))


WECHAT = "platforms:\n  wechat: {endpoint: '127.0.0.1:8788', tls: {plain: true}}\n"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "is simulated and not served: yaji.yaml names WeChat alone; write `telegram: {}` under `platforms`, too",
        ),
        ("zh", "只能模拟，不会上线：yaji.yaml 里只写了微信；请在 `platforms` 下也写上 `telegram: {}`"),
    ],
)
def test_a_telegram_group_of_a_home_that_names_wechat_alone_is_said_to_be_simulated(
    tmp_path: Path, language: Language, words: str
):
    _, told = look(home(tmp_path / "alone", yaji=WECHAT))
    noted = [one for one in told if words in one.told(language)]
    assert [(one.weight, one.told(language).partition(": ")[0].rsplit("/")[-1]) for one in noted] == [
        ("note", "a.yaml:6:25")
    ]
    for n, yaji in enumerate((WECHAT + "  telegram: {}\n", "")):
        assert all(words not in one.told(language) for one in look(home(tmp_path / str(n), yaji=yaji))[1])


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "a room of WeChat has no topics: nothing comes of it"), ("zh", "微信群不分话题：写了也不起作用")],
)
def test_a_topic_of_a_room_that_has_none_is_noted(tmp_path: Path, language: Language, words: str):
    community = HEAD % (', topic: "17"', "") + '    room: {wechat: Tea, topic: "5"}\n    both: {topic: "5"}\n'
    (home(tmp_path) / "communities" / "a.yaml").write_text(community, encoding="utf-8")
    noted = [one.told(language) for one in look(tmp_path)[1] if words in one.told(language)]
    assert [line.partition(": ")[0].rsplit("/")[-1].partition("：")[0] for line in noted] == ["a.yaml:8:32"]


@pytest.mark.parametrize(
    ("yaji", "bots"),
    [
        pytest.param("{}", {"main": "TELEGRAM_BOT_TOKEN"}, id="none written: one bot, by the usual variable"),
        pytest.param(
            "platforms: {telegram: {token: '${env:MINE}'}}", {"main": "MINE"}, id="one bot with a variable of its own"
        ),
        pytest.param(BOTS, {"first": "FIRST", "second": "SECOND"}, id="several by name, the first is the default"),
        pytest.param(
            BOTS + "    token: ${env:MINE}\n",
            {"main": "MINE", "first": "FIRST", "second": "SECOND"},
            id="several beside the one of `token`, which is the default",
        ),
    ],
)
def test_bots_and_the_names_of_their_tokens(tmp_path: Path, yaji: str, bots: dict[str, str]):
    settings = load(home(tmp_path, yaji=yaji)).settings
    assert {name: secret.name for name, secret in accounts(settings).items()} == bots
    assert next(iter(accounts(settings))) == next(iter(bots))


def test_without_any_settings_there_is_one_bot():
    assert list(accounts(Settings())) == ["main"]


def test_a_group_may_name_its_bot(tmp_path: Path):
    deployment = load(home(tmp_path, yaji=BOTS, reading=", bot: second"))
    written = deployment.communities["communities/a.yaml"].community.groups["reading"]
    assert written is not None
    assert written.bot == "second"
    assert deployment.addresses == {("telegram", "-1001"): "reading", ("telegram", "-1002"): "desk"}


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (
            "en",
            "communities/a.yaml:6:37: community.groups.reading.bot: found `secnd`, wanted a bot of yaji.yaml: `first`, `second` (did you mean `second`?)",
        ),
        (
            "zh",
            "communities/a.yaml:6:37: community.groups.reading.bot: 写的是 `secnd`，应为yaji.yaml 里的机器人：`first`、`second`（是不是想写 `second`？）",
        ),
    ],
)
def test_a_bot_that_is_not_there_is_told_with_its_place(tmp_path: Path, language: Language, line: str):
    told = problems(home(tmp_path, yaji=BOTS, reading=", bot: secnd"), language)
    assert [each.replace("应为 ", "应为") for each in told] == [line]


@pytest.mark.parametrize(
    ("yaji", "line"),
    [
        pytest.param(
            BOTS.replace("first:", "main:") + "    token: ${env:MINE}\n",
            "yaji.yaml:6:5: platforms.telegram.token: `token` is the bot `main`; give the one under `bots` another name",
            id="two called main",
        ),
        pytest.param(
            BOTS.replace("SECOND", "FIRST"),
            'yaji.yaml:3:5: platforms.telegram: the bots "first" and "second" have the same token; give each its own',
            id="one token twice",
        ),
        pytest.param(
            "platforms: {telegram: {mode: webhook}}\n",
            "yaji.yaml:1:30: platforms.telegram.mode: Telegram delivers to an address of yours; write it as `web.public_url: https://…`, or use `mode: poll`",
            id="webhooks without an address",
        ),
    ],
)
def test_bots_that_cannot_be_connected(tmp_path: Path, yaji: str, line: str):
    folder = home(tmp_path, yaji=yaji)
    assert problems(folder) == [line]
    assert problems(folder, "zh") != [line]


def test_a_bot_api_server_of_ones_own(tmp_path: Path):
    settings = load(home(tmp_path / "a", yaji="platforms: {telegram: {api_url: 'http://127.0.0.1:8081'}}\n")).settings
    assert settings.platforms.telegram is not None
    assert settings.platforms.telegram.api_url == "http://127.0.0.1:8081"
    assert "yaji.yaml:1:33" in problems(home(tmp_path / "b", yaji="platforms: {telegram: {api_url: 'ftp://x'}}\n"))[0]


def test_the_admins_group_of_several_asks_back_which_one_is_meant(tmp_path: Path):
    more = "    music: {telegram: -1003}\n  admin_group: desk\n"
    groups = load(home(tmp_path, more)).groups
    asked, watch = groups["desk"].runs
    assert (asked.options.groups, watch.name) == (("reading", "music"), "presence")


def test_the_admins_group_runs_nothing_but_the_watch_over_rights_and_is_the_desk_of_all(tmp_path: Path):
    groups = load(home(tmp_path, "  admin_group: desk\ncheck_ins: {m: {points: 1}}\n")).groups
    assert [bound.name for bound in groups["desk"].runs] == ["presence"]
    assert [bound.name for bound in groups["reading"].runs] == [
        "check_in",
        "rules",
        "appeals",
        "identity",
        "members",
        "steering",
        "signpost",
        "presence",
    ]
    assert {group.desk for group in groups.values()} == {"desk"}


@pytest.mark.parametrize(
    ("written", "yaji", "desk", "line"),
    [
        pytest.param(
            "dask",
            "",
            "",
            "communities/a.yaml:8:16: community.admin_group: found `dask`, wanted a group of this community: `reading`, `desk` (did you mean `desk`?)",
            id="no such group",
        ),
        pytest.param(
            "desk",
            BOTS,
            ", bot: second",
            "communities/a.yaml:8:16: community.admin_group: the group `reading` has another bot (`first`), which cannot write here; give both the same",
            id="another bot's group",
        ),
    ],
)
def test_an_admins_group_that_cannot_be(tmp_path: Path, written: str, yaji: str, desk: str, line: str):
    folder = home(tmp_path, f"  admin_group: {written}\n", yaji=yaji, desk=desk)
    assert problems(folder) == [line]
    assert "community.admin_group" in problems(folder, "zh")[0]


def test_the_only_group_cannot_be_the_admins_own(tmp_path: Path):
    folder = home(tmp_path, "  admin_group: reading\n")
    file = folder / "communities" / "a.yaml"
    file.write_text(file.read_text().replace("    desk: {telegram: -1002}\n", ""))
    assert problems(folder) == [
        "communities/a.yaml:7:16: community.admin_group: nothing else runs in the admins' group, and this community has no other; give the admins a group of their own"
    ]


@pytest.mark.parametrize(
    ("sections", "wanted"),
    [
        pytest.param("", set(), id="nothing asked, nothing needed"),
        pytest.param("check_ins: {m: {points: 1}}\n", {"hear"}, id="check-ins are heard"),
        pytest.param(
            "rules: [{id: r, when: message, if: 'msg.text == \"x\"', then: [delete, {warn: x}], escalate: {2: [{mute: 1h}], 3: [ban]}}]\n",
            {"hear", "delete", "mute", "ban"},
            id="rules and their ladders",
        ),
        pytest.param(
            "rules: [{id: r, when: message, mode: shadow, then: [delete]}]\n", {"hear"}, id="a shadow touches nothing"
        ),
        pytest.param(
            "rules: [{id: r, when: join, then: [propose: remove]}]\n", {"hear", "remove"}, id="what may be agreed to"
        ),
        pytest.param(
            "onboarding: {entry: {questions: [{id: q, ask: why?}]}}\n", {"approve"}, id="questions for those who knock"
        ),
        pytest.param(
            "onboarding: {entry: {at: door, questions: [{id: q, ask: why?}]}}\n",
            {"mute", "delete", "remove"},
            id="questions at the door",
        ),
        pytest.param("onboarding: {on_complete: [pin]}\n", None, id="what cannot be anyway"),
        pytest.param(
            "tiers: {seed: {from: 0}, tree: {from: 5, on_reach: [{say: hello}]}}\n", set(), id="words need no right"
        ),
    ],
)
def test_the_rights_that_a_community_needs_come_from_what_it_does(
    tmp_path: Path, sections: str, wanted: set[str] | None
):
    deployment, _ = look(home(tmp_path, sections))
    if wanted is None:
        assert deployment is None
        return
    assert deployment is not None
    assert needs(deployment.groups["reading"]) == wanted


ROOM = """\
version: 1
community:
  name: Gathering
  timezone: Asia/Shanghai
  groups:
    reading: {wechat: 晨读}
%s  admins: [wechat:wxid_ana, telegram:10001]
"""


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            "communities/a.yaml:6:5: community.groups.reading: is on WeChat only: what admins are to be told of it does not reach telegram:10001; write their WeChat accounts under `admins`, too, or give the admins a group of their own there (`admin_group`)",
        ),
        (
            "zh",
            "communities/a.yaml:6:5: community.groups.reading: 只在微信上：要告诉管理员的话，telegram:10001 收不到；请在 `admins` 里也写上他们的微信账号，或者在微信上给管理员单独一个群（`admin_group`）",
        ),
    ],
)
def test_admins_who_have_no_account_where_the_group_is_are_told_beforehand_that_they_hear_nothing(
    tmp_path, language, told
):
    (tmp_path / "communities").mkdir()
    (tmp_path / "communities" / "a.yaml").write_text(ROOM % "", encoding="utf-8")
    assert told in [problem.told(language) for problem in look(tmp_path)[1]]


@pytest.mark.parametrize(
    ("more", "heard"),
    [
        ("    desk: {wechat: 管理}\n  admin_group: desk\n", True),
        ("    desk: {}\n  admin_group: desk\n", True),
        ("    desk: {telegram: -1002}\n  admin_group: desk\n", False),
    ],
    ids=["a desk there", "a desk that is bound later", "a desk elsewhere"],
)
def test_a_desk_where_the_group_is_reaches_every_admin(tmp_path, more, heard):
    (tmp_path / "communities").mkdir()
    (tmp_path / "communities" / "a.yaml").write_text(ROOM % more, encoding="utf-8")
    deaf = [problem for problem in look(tmp_path)[1] if "does not reach" in problem.told("en")]
    assert (deaf == []) is heard


def test_of_a_group_on_both_platforms_every_admin_hears(tmp_path):
    (tmp_path / "communities").mkdir()
    both = (ROOM % "").replace("{wechat: 晨读}", "{wechat: 晨读, telegram: -1001}")
    (tmp_path / "communities" / "a.yaml").write_text(both, encoding="utf-8")
    assert not any("does not reach" in problem.told("en") for problem in look(tmp_path)[1])
