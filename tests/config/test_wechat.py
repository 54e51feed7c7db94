"""WeChat's gateways: which there are, which room has which, and what is said where that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.connections import gateways
from config.home import load, look

COMMUNITY = """\
community:
  name: 晨读
  timezone: Asia/Shanghai
  groups: {reading: {wechat: 晨读打卡营 3 群%s}}
  admins: [%s]
"""


def home(folder: Path, wechat: str, group: str = "", admin: str = "wechat:wang") -> Path:
    (folder / "communities").mkdir(parents=True)
    (folder / "communities" / "a.yaml").write_text(COMMUNITY % (group, admin), encoding="utf-8")
    (folder / "yaji.yaml").write_text(f"platforms:\n  wechat: {wechat}\n", encoding="utf-8")
    return folder


def told(folder: Path) -> list[str]:
    return [f"{problem.weight}: {problem.told('en')}" for problem in look(folder)[1]]


@pytest.mark.parametrize(
    ("wechat", "names"),
    [
        pytest.param("{endpoint: '127.0.0.1:8788'}", ["main"], id="one"),
        pytest.param("{gateways: {a: {endpoint: 'a:1'}, b: {endpoint: 'b:1'}}}", ["a", "b"], id="several by name"),
        pytest.param("{endpoint: 'm:1', gateways: {a: {endpoint: 'a:1'}}}", ["main", "a"], id="one beside the first"),
    ],
)
def test_the_first_gateway_serves_rooms_that_name_none(tmp_path: Path, wechat: str, names: list[str]):
    assert list(gateways(load(home(tmp_path, wechat)).settings)) == names


@pytest.mark.parametrize(
    ("wechat", "line"),
    [
        ("{}", "problem: yaji.yaml:2:11: platforms.wechat: has no gateway; write `endpoint: host:port`"),
        ("{endpoint: nowhere}", "found `nowhere`, wanted an endpoint: write host:port, like 127.0.0.1:8788"),
        ("{gateways: {a: {}}}", 'the gateway "a" has no `endpoint`; write host:port'),
        ("{endpoint: 'a:1', gateways: {a: {endpoint: 'a:1'}}}", 'the gateways "main" and "a" have the same endpoint'),
        ("{endpoint: 'a:1', tls: {plain: true, name: x}}", "`plain: true` is without TLS, and `ca` and `name`"),
        ("{endpoint: 'a:1', pace: {least: 9s, most: 3s}}", "`least` is longer than `most`"),
        (
            "{endpoint: 'a:1', tls: {plain: true}}",
            "warning: yaji.yaml:2:34: platforms.wechat.tls: everybody on the way",
        ),
    ],
)
def test_what_cannot_be_connected_is_told_with_what_to_write(tmp_path: Path, wechat: str, line: str):
    assert any(line in each for each in told(home(tmp_path, wechat))), told(tmp_path)


def test_speaking_plainly_to_this_machine_needs_no_warning(tmp_path: Path):
    assert told(home(tmp_path, "{endpoint: '127.0.0.1:1', tls: {plain: true}}")) == []


@pytest.mark.parametrize("admin", ["", "telegram:1"])
def test_a_room_that_no_admin_can_vouch_for_is_told_how_it_is_bound(tmp_path: Path, admin: str):
    (note,) = (each for each in told(home(tmp_path, "{endpoint: '127.0.0.1:1'}", admin=admin)) if "bound" in each)
    assert note.startswith("note: communities/a.yaml:4:30: community.groups.reading.wechat: no admin of this community")
    assert "`yaji bind reading`" in note


def test_a_room_that_names_an_unknown_gateway_is_told_which_there_are(tmp_path: Path):
    lines = told(home(tmp_path, "{gateways: {first: {endpoint: 'a:1'}}}", ", gateway: frist"))
    assert any(
        "found `frist`, wanted a gateway of yaji.yaml: `first` (did you mean `first`?)" in each for each in lines
    )


@pytest.mark.parametrize(
    ("more", "en", "zh"),
    [
        (
            "",
            "as WeChat does not say who is an admin of a room, nobody steers it; "
            "write accounts, like wechat:wxid_of_ana",
            "微信又不说谁是群的管理员，所以没有人能管群；请写账号，例如 wechat:wxid_of_ana",
        ),
        (
            ", telegram: -1001",
            "only who is an admin of the group on its platform steers it, "
            "and on WeChat, which does not say who is one, nobody; write accounts, like telegram:10001",
            "只有群在平台上的管理员能管群，微信不说谁是管理员，在那里没有人能管；请写账号，例如 telegram:10001",
        ),
    ],
    ids=["on WeChat", "on both"],
)
def test_without_admins_nobody_steers_a_room(tmp_path, more, en, zh):
    _, problems = look(home(tmp_path, "{}", more, admin=""))
    notes = [each for each in problems if each.path == ("community", "admins")]
    assert [each.message("en").partition("reaches nobody, and ")[2] for each in notes] == [en]
    assert [each.message("zh").partition("没有人收到，")[2] for each in notes] == [zh]
