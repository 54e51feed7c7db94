"""Who a digest is for: a group by its key, the admins, or who asked for it. A word that means nobody is told."""

from __future__ import annotations

import pytest

from config.home import load, look
from tests.config.test_probably_meant import HEAD, line, told

DESK = HEAD.replace("{room: {}}", "{room: {}, desk: {}}") + "  admin_group: desk\n"
NAMED_SO = HEAD.replace("{room: {}}", "{room: {}, admins: {}}") + "  admin_group: admins\n"


def _digest(to: str, more: str = "") -> str:
    return f"digests: {{weekly: {{at: sun 20:00, sections: [activity], to: {to}{more}}}}}\n"


@pytest.mark.parametrize(
    ("to", "guess", "en", "zh"),
    [
        ("roon", "`room`", "digests.weekly.to: there is no group `roon`, so nobody there hears of it; there are "
         "`room`, `admins`, `subscribers`", "没有群 `roon`，那里谁也收不到；可用：`room`、`admins`、`subscribers`"),
        ("[room, desk]", "`admins`", "digests.weekly.to[1]: `desk` is the admins' own group: what is for the admins is "
         "told there", "`desk` 是管理群：给管理员的摘要就发在那里"),
    ],
    ids=["no group", "the desk"],
)  # fmt: skip
def test_a_digest_for_nobody_is_a_problem(tmp_path, to, guess, en, zh):
    (problem,) = told(tmp_path, _digest(to), DESK)
    assert (problem.weight, problem.guess) == ("problem", guess)
    assert en in line(problem)
    assert zh in line(problem, "zh")


def test_the_admins_hear_a_digest_where_their_own_group_bears_the_word(tmp_path):
    assert told(tmp_path, _digest("[room, admins]"), NAMED_SO) == []


@pytest.mark.parametrize(("key", "zh"), [("admins", "管理员"), ("subscribers", "订阅了的成员")])
def test_another_group_that_bears_such_a_word_is_warned_of(tmp_path, key, zh):
    (warning,) = told(tmp_path, _digest("room"), HEAD.replace("{room: {}}", f"{{room: {{}}, {key}: {{}}}}"))
    assert line(warning).startswith(f"6:22: community.groups.{key}: under `to:` and `tell:` the word `{key}` means")
    assert f"`{key}` 指的是{zh}，不是这个群；请换一个键名" in line(warning, "zh")


@pytest.mark.parametrize(
    "body",
    [
        _digest("room", ", topic: 5"),
        "content: {v: {at: 20:00, text: {zh: 早, en: Hi}, topic: 5}}\n",
        "events: {v: {at: sun 20:00, title: {zh: 茶, en: Tea}, topic: 5}}\n",
        "surveys: {v: {at: sun 20:00, topic: 5}}\n",
    ],
    ids=["digest", "post", "event", "survey"],
)
def test_a_topic_is_a_number_with_quotes_or_without(tmp_path, body):
    assert told(tmp_path, body) == []
    (tmp_path / "communities" / "room.yaml").write_text(HEAD + body.replace("topic: 5", 'topic: "5"'), encoding="utf-8")
    assert [each for each in look(tmp_path)[1] if each.weight != "note"] == []
    (tmp_path / "communities" / "room.yaml").write_text(HEAD + body, encoding="utf-8")
    (chapter,) = load(tmp_path).communities.values()
    written = next(iter(chapter.options[body.partition(":")[0]].model_dump().values()))
    assert '"5"' in repr(written).replace("'", '"')


@pytest.mark.parametrize("topic", ["5", '"5"'])
def test_so_is_that_of_a_group(tmp_path, topic):
    assert told(tmp_path, "", HEAD.replace("{room: {}}", f"{{room: {{telegram: -1001, topic: {topic}}}}}")) == []
    (chapter,) = load(tmp_path).communities.values()
    written = chapter.community.groups["room"]
    assert written is not None
    assert written.topic == "5"


@pytest.mark.parametrize("topic", ["-5", "true", "general", "1.5", "1234567890123"])
def test_what_is_no_number_is_no_topic(tmp_path, topic):
    (problem,) = told(tmp_path, _digest("room", f", topic: {topic}"))
    assert "digests.weekly.topic: found" in line(problem)
