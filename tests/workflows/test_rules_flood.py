"""Floods, repeats and links: the limits that have a section of their own."""

from __future__ import annotations

from hashlib import blake2s
from typing import Any

import pytest

from core.memory import MemoryUnit
from core.people import NOBODY, Actor
from core.ports import RecordAt, Writes
from tests.workflows.rules_chat import ANA, BEN, BOSS, CLEO, START, Chat, actor, rule, rules
from workflows import flood

FLOOD = rules(flood={"messages": 3, "within": "10s", "then": "delete"})
SAME = rules(duplicates={"times": 3, "within": "10m", "then": "delete"})
TOGETHER = rules(duplicates={"times": 3, "within": "10m", "by": "anyone", "then": "delete"})


def deleted(options: Any, *messages: tuple[Any, str, float, dict[str, Any]]) -> list[str]:
    chat = Chat(options)
    for who, text, at, told in messages:
        chat.says(who, text, at, **told)
    return [event for event, _, _ in chat.done()]


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        pytest.param([(ANA, 0), (ANA, 1), (ANA, 2), (ANA, 3)], ["m3", "m4"], id="the third and on"),
        pytest.param([(ANA, 0), (ANA, 5), (ANA, 10)], [], id="the first one is out of the window"),
        pytest.param([(ANA, 0), (ANA, 5), (ANA, 9.9)], ["m3"], id="just inside the window"),
        pytest.param([(ANA, 0), (BEN, 1), (ANA, 2), (BEN, 3)], [], id="each member is counted alone"),
        pytest.param([(BOSS, 0), (BOSS, 1), (BOSS, 2)], [], id="staff are not counted"),
    ],
)
def test_flood(messages: list[tuple[Any, float]], expected: list[str]) -> None:
    assert deleted(FLOOD, *[(who, f"text {at}", at, {}) for who, at in messages]) == expected


def test_an_album_is_one_act() -> None:
    parts = [(ANA, "", n / 10, {"album": "a", "kind": "photo"}) for n in range(8)]
    assert deleted(FLOOD, *parts) == []
    assert deleted(FLOOD, *parts, (ANA, "", 2, {}), (ANA, "", 3, {})) == ["m10"]


def test_edits_are_no_flood() -> None:
    chat = Chat(FLOOD)
    message = chat.says(ANA, "a")
    for n in range(5):
        chat.edits(ANA, message, f"a{n}", n)
    assert chat.done() == []


def test_a_flood_says_how_much_it_was() -> None:
    chat = Chat(FLOOD)
    for n in range(3):
        chat.says(ANA, "x", n)
    assert chat.why() == [("3 messages within 2s (limit: 3 in 10s)",)]


def test_a_flood_is_counted_within_one_batch_and_over_several() -> None:
    chat = Chat(FLOOD)
    for n in range(3):
        chat.says(ANA, "x", n)
        chat.run()
    assert [event for event, _, _ in chat.done()] == ["m3"]


def test_a_flood_in_shadow_is_counted_all_the_same() -> None:
    chat = Chat(rules(flood={"messages": 2, "within": "10s", "mode": "shadow"}))
    for n in range(3):
        chat.says(ANA, "x", n)
    assert [because[0] for because in chat.why()] == ["would have done: delete, warn"] * 2
    assert chat.effects() == []


def test_the_usual_answer_to_a_flood_warns_once() -> None:
    chat = Chat(rules(flood={"messages": 2, "within": "10s"}))
    for n in range(4):
        chat.says(ANA, "x", n)
    assert [then for _, _, then in chat.done()] == [("delete", "warn"), ("delete",), ("delete",)]
    assert chat.said()[0].startswith("@ana That was a lot at once")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["buy it here", "buy it here", "buy it here"], ["m3"], id="the third"),
        pytest.param(["buy it here", "BUY  it here", "ｂｕｙ it here"], ["m3"], id="spelled differently"),
        pytest.param(["加我微信领红包", "加我微信領紅包", "加我 微信领红包"], ["m3"], id="traditional and spaces"),
        pytest.param(["早安", "早安", "早安"], [], id="short greetings may repeat"),
        pytest.param(["buy it here", "something else", "buy it here"], [], id="only twice"),
        pytest.param(["加群领红包 点我头像1", "加群领红包 点我头像22", "加群领红包 点我头像③"], ["m3"], id="digits"),
        pytest.param(["加群领红包点头像😀", "😁加群领红包点头像", "加群领红包❤️点头像"], ["m3"], id="emoji"),
        pytest.param(["加群领红包，点头像", "加群领红包!点头像~", "【加群】领红包…点头像"], ["m3"], id="punctuation"),
        pytest.param(["@ana buy it here", "buy it here @ben_2", "@小王 buy it here"], ["m3"], id="mentions"),
        pytest.param(["@加群领红包点头像", "加群领红包点头像", "@加群领红包点头像！"], ["m3"], id="@ hides no text"),
        pytest.param(["看 t.me/a?start=1", "看 t.me/a?start=x", "看 T.me/a#y 。"], ["m3"], id="parameters of a link"),
        pytest.param(["看 t.me/a?x=1，快来", "看 t.me/a?x=2，快来", "看 t.me/a，走"], [], id="the text behind a link"),
        pytest.param(["看 x.com/s/1", "看 x.com/s/2", "看 x.com/s/3"], [], id="several links"),
        pytest.param(["youtu.be/w?v=a", "youtu.be/w?v=b", "youtu.be/w?v=c"], [], id="nothing but links"),
        pytest.param(["+1", "1", "+1", "+1"], [], id="a count of hands"),
        pytest.param(["2026123101", "2026123102", "2026123103"], [], id="numbers"),
        pytest.param(["2026123101", "2026123101", "2026 1231 01"], ["m3"], id="one number"),
        pytest.param(["加我13800138000", "加我138-0013-8000", "加我 13800138000！"], ["m3"], id="a number to call"),
        pytest.param(["加我13800138001", "加我13800138002", "加我13800138003"], [], id="numbers to call"),
        pytest.param(["早上好😀😀😀😀", "早上好！！！！！", "早上好☀️☀️☀️☀️"], [], id="a short greeting, adorned"),
        pytest.param(["@老师 早上好", "@老师 早上好", "@老师 早上好"], [], id="a short greeting to somebody"),
    ],
)
def test_duplicates(texts: list[str], expected: list[str]) -> None:
    assert deleted(SAME, *[(ANA, text, n * 60.0, {}) for n, text in enumerate(texts)]) == expected


def test_duplicates_by_several_members() -> None:
    messages: list[tuple[Actor, str, float, dict[str, Any]]] = [
        (who, "forward this to ten friends", n * 60.0, {}) for n, who in enumerate((ANA, BEN, CLEO))
    ]
    assert deleted(SAME, *messages) == []
    assert deleted(TOGETHER, *messages) == ["m3"]


def test_mentions_make_no_difference_by_whatever_name_the_platform_shows_them() -> None:
    messages = [
        (ANA, f"{shown} buy it here", n * 60.0, {"mentions": (actor(name),)})
        for n, (shown, name) in enumerate((("@Old Wang", "Old Wang"), ("Lily", "Lily"), ("@ÉVE", "Éve")))
    ]
    assert deleted(SAME, *messages) == ["m3"]


def test_fingerprints_that_were_made_otherwise_are_kept_and_match_nothing() -> None:
    chat = Chat(TOGETHER)
    old = tuple(blake2s(f"buyithere{n}".encode(), digest_size=8).hexdigest() for n in range(2))
    then = int(START.timestamp() * 1000)
    with chat.store.unit() as unit:
        unit.save(Writes(records={RecordAt("g", NOBODY, flood.REPEATED.name): flood.Repeated(old, (then, then))}))
    for n, who in enumerate((ANA, BEN, CLEO), 1):
        chat.says(who, f"buy it here {n}", n * 60.0)
    assert [event for event, _, _ in chat.done()] == ["m3"]


def test_duplicates_out_of_the_window_do_not_count() -> None:
    assert deleted(SAME, *[(ANA, "buy it here", n * 400.0, {}) for n in range(4)]) == []


def test_edits_are_no_duplicates() -> None:
    chat = Chat(SAME)
    message = chat.says(ANA, "buy it here")
    for n in range(5):
        chat.edits(ANA, message, "buy it here", n)
    assert chat.done() == []


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        pytest.param("https://spam.example", True, id="another host"),
        pytest.param("https://github.com/a", False, id="an allowed host"),
        pytest.param("https://gist.github.com/a", False, id="its subdomain"),
        pytest.param("https://notgithub.com/a", True, id="a host that ends alike"),
        pytest.param("https://github.com.spam.example/a", True, id="a host that begins alike"),
    ],
)
def test_links(text: str, matches: bool) -> None:
    options = rules(links={"allowed_domains": ["github.com"], "then": "delete"})
    assert bool(deleted(options, (ANA, text, 0, {}))) is matches


def test_links_of_newcomers_only() -> None:
    options = rules(
        lists={"hosts": {"domains": ["www.GitHub.com"]}},
        links={"allowed_domains": "hosts", "newcomers_for": "7d", "then": "delete"},
    )
    chat = Chat(options)
    chat.joins(ANA, -6 * 86400)
    chat.joins(BEN, -8 * 86400)
    for who in (ANA, BEN, CLEO):
        chat.says(who, "https://spam.example https://github.com")
    assert chat.done() == [("m3", "links", ("delete",))]
    assert chat.why() == [("link to spam.example, not on the list",)]


def test_all_parts_of_an_album_go_with_one_of_them() -> None:
    chat = Chat(rules(lists={"ads": ["代购"]}, rules=[rule(words="ads")]))
    for n, text in enumerate(("", "代购", "", "")):
        chat.says(ANA, text, n / 10, album="a", kind="photo")
    chat.says(ANA, "", 5, album="b", kind="photo")
    assert chat.done() == [("m2", "r", ("delete",)), ("m3", "r", ("delete",)), ("m4", "r", ("delete",))]
    assert [effect.messages for effect in chat.effects()] == [("1", "2"), ("3",), ("4",)]


ADS, SOFT = rule(words="ads"), rule(id="soft", words="soft", mode="shadow")
LISTS = {"ads": ["代购"], "soft": ["软文"]}


@pytest.mark.parametrize(
    ("texts", "gone"),
    [
        pytest.param(("", "软文", "软文"), [], id="a rule in shadow deletes no part"),
        pytest.param(("软文", "代购", ""), [("1", "2"), ("3",)], id="and keeps no other from deleting them"),
        pytest.param(("代购", "软文", ""), [("1",), ("2",), ("3",)], id="nor a part that comes later from going"),
        pytest.param(("", "代购", "代购"), [("1", "2"), ("3",)], id="what is gone is not deleted again"),
        pytest.param(("",) * 30 + ("代购",), [tuple(str(n) for n in range(12, 32))], id="no more is kept than 20"),
    ],
)
def test_of_an_album_goes_what_a_rule_deletes_and_each_part_once(
    texts: tuple[str, ...], gone: list[tuple[str, ...]]
) -> None:
    chat = Chat(rules(lists=LISTS, rules=[SOFT, ADS]))
    for n, text in enumerate(texts):
        chat.says(ANA, text, n / 10, album="a", kind="photo")
    chat.run()
    assert [effect.messages for effect in chat.effects()] == gone


@pytest.mark.parametrize("at", [60.0, 0.5], ids=["once all are there", "before the last one comes"])
def test_all_parts_of_an_album_go_where_one_is_edited_into_what_a_rule_deletes(at: float) -> None:
    chat = Chat(rules(lists={"ads": ["代购"]}, rules=[rule(words="ads")]))
    first, second = chat.says(ANA, "晚霞", album="a", kind="photo"), chat.says(ANA, "", 0.1, album="a", kind="photo")
    if at > 1:
        third = chat.says(ANA, "", 1, album="a", kind="photo")
    chat.edits(ANA, first, "代购加微信", at, kind="photo")
    if at < 1:
        third = chat.says(ANA, "", 1, album="a", kind="photo")
    other = chat.says(ANA, "散步", 90, kind="photo")
    chat.edits(ANA, other, "代购", 95, kind="photo")
    gone = [(first, second, third)] if at > 1 else [(first, second), (third,)]
    assert [effect.messages for effect in chat.effects()] == [*gone, (other,)]


@pytest.mark.parametrize("limit", ["flood", "duplicates"])
def test_the_ledger_is_looked_at_once_a_limit_is_passed_and_not_before(monkeypatch: pytest.MonkeyPatch, limit: str):
    read: list[object] = []
    entries = MemoryUnit.entries

    def watched(unit: MemoryUnit, wanted: Any) -> Any:
        read.append(wanted)
        return entries(unit, wanted)

    monkeypatch.setattr(MemoryUnit, "entries", watched)
    count = {"messages": 3} if limit == "flood" else {"times": 3}
    limits = rules(**{limit: {**count, "within": "10s", "then": [{"warn": "slower"}]}})
    for many, met in ((2, []), (3, ["m3"])):
        chat = Chat(limits)
        for at in range(many):
            chat.says(ANA, "a text of some length", at)
        assert [event for event, _, _ in chat.done()] == met
        assert bool(read) == bool(met)
