"""Rules: what matches, who is left alone, and how a decision explains itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.effects import Delete
from core.events import JoinRequested, MemberLeft
from core.follow_ups import CheckedIn, OnboardingCompleted, PointsChanged, TierChanged, Warned
from tests.workflows.rules_chat import ANA, BEN, BOSS, CHANNEL, GHOST, ROBOT, START, Chat, rule, rules
from workflows.rules import workflow

LISTS = {"ads": ["加群", "代购", "刷单", "cow", "vip", "博彩"], "allowed": ["github.com", "mp.weixin.qq.com"]}
WORDS = rules(lists=LISTS, rules=[rule(words="ads")])
IDIOM = rules(lists=LISTS, rules=[rule(**{"if": "lists.ads.exists(w, msg.normalized.contains(w))"})])
HITS = rules(lists=LISTS, rules=[rule(**{"if": '"ads" in msg.hits'})])
LINKS = rules(lists=LISTS, rules=[rule(**{"if": "msg.domains.exists(d, !(d in lists.allowed))"})])


def hit(options: Any, text: str = "", who: Any = ANA, **told: Any) -> bool:
    chat = Chat(options)
    chat.says(who, text, **told)
    return bool(chat.done())


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        pytest.param("低价代购化妆品", True, id="a word inside Chinese text"),
        pytest.param("scowl at me", False, id="scunthorpe: cow is not in scowl"),
        pytest.param("a cow!", True, id="the whole word"),
        pytest.param("加vip群", True, id="a latin word between Chinese letters"),
        pytest.param("VIP", True, id="capitals"),
        pytest.param("ｖｉｐ", True, id="full width"),
        pytest.param("vіp", True, id="look-alike Cyrillic letter"),
        pytest.param("代\u200b购", True, id="zero-width space inside"),
        pytest.param("代購", True, id="traditional characters"),
        pytest.param("加\u2060群\ufeff", True, id="word joiner and byte order mark"),
        pytest.param("大家早上好", False, id="an honest message"),
        pytest.param("", False, id="no text at all"),
    ],
)
def test_words_are_found_however_they_are_typed(text: str, matches: bool) -> None:
    assert hit(WORDS, text) is matches
    assert hit(HITS, text) is matches


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        pytest.param("找我代购", True, id="contained"),
        pytest.param("找我代購", True, id="traditional"),
        pytest.param("代\u200b购", True, id="zero-width"),
        pytest.param("早上好", False, id="not contained"),
    ],
)
def test_the_contains_idiom_of_the_dialect_works(text: str, matches: bool) -> None:
    assert hit(IDIOM, text) is matches


@pytest.mark.parametrize(
    ("text", "told", "matches"),
    [
        pytest.param("看 https://spam.example/x", {}, True, id="written out"),
        pytest.param("click here", {"links": ("https://spam.example/x",)}, True, id="hidden behind words"),
        pytest.param("", {"links": ("https://spam.example",), "kind": "photo"}, True, id="a caption's link"),
        pytest.param("https://github.com/x", {}, False, id="allowed"),
        pytest.param("https://GitHub.com:443/x", {}, False, id="allowed in capitals with a port"),
        pytest.param("https://www.github.com/x", {}, False, id="allowed with www"),
        pytest.param("https://github.com@spam.example/", {}, True, id="an allowed host as a user name"),
        pytest.param("https://gіthub.com/", {}, True, id="a look-alike of an allowed host"),
        pytest.param("看这里https://spam.example/x，很好", {}, True, id="touching Chinese text"),
        pytest.param("文章：https://mp.weixin.qq.com/s/abc。", {}, False, id="allowed, before a Chinese full stop"),
        pytest.param("no links here", {}, False, id="none"),
        pytest.param("https://spam.example/x", {"forwarded": True}, True, id="forwarded"),
    ],
)
def test_links_to_elsewhere(text: str, told: dict[str, Any], matches: bool) -> None:
    assert hit(LINKS, text, **told) is matches


def test_a_caption_is_judged_like_text() -> None:
    assert hit(WORDS, "代购", kind="photo")


@pytest.mark.parametrize(
    ("told", "matches"),
    [
        pytest.param({"topic": "17"}, True, id="in the topic"),
        pytest.param({"topic": "17", "kind": "photo"}, False, id="what belongs there"),
        pytest.param({"topic": "1"}, False, id="in General"),
        pytest.param({}, False, id="where there are no topics"),
    ],
)
def test_a_topic_has_rules_of_its_own(told: dict[str, Any], matches: bool) -> None:
    chat = Chat(rules(rules=[rule(**{"if": 'msg.topic == "17" && !msg.has_media'})]))
    message = chat.says(BEN, "hello", **told)
    assert bool(chat.done()) is matches
    chat.edits(BEN, message, "hello again", at=5, **told)
    assert len(chat.done()) == 2 * matches


def test_an_edit_is_judged() -> None:
    chat = Chat(WORDS)
    message = chat.says(ANA, "hello")
    chat.edits(ANA, message, "代购", 5)
    assert chat.done() == [("e2", "r", ("delete",))]
    assert chat.effects() == [Delete(messages=(message,))]


@pytest.mark.parametrize(
    ("who", "told", "matches"),
    [
        pytest.param(ANA, {}, True, id="a member"),
        pytest.param(BOSS, {}, False, id="staff"),
        pytest.param(CHANNEL, {}, True, id="a channel"),
        pytest.param(GHOST, {}, False, id="an anonymous admin"),
        pytest.param(ROBOT, {}, False, id="a bot"),
        pytest.param(ANA, {"private": True}, False, id="in private"),
    ],
)
def test_who_is_judged(who: Any, told: dict[str, Any], matches: bool) -> None:
    assert hit(WORDS, "代购", who, **told) is matches


def test_the_admin_of_a_linked_channel_is_not_judged() -> None:
    from dataclasses import replace

    assert not hit(WORDS, "代购", replace(CHANNEL, admin=True))


def test_a_newcomer_is_whoever_was_seen_joining() -> None:
    options = rules(rules=[rule(**{"if": "member.joined_days < 7"})])
    chat = Chat(options)
    chat.joins(ANA, -86400)
    chat.says(ANA, "hello")
    chat.says(BEN, "hello")
    assert chat.done() == [("m2", "r", ("delete",))]
    assert chat.why() == [("joined 1 day ago (< 7)",)]


NIGHT = rules(
    rules=[rule(id="night", **{"if": 'now.getHours(group.timezone) >= 23 && msg.kind in ["voice", "sticker"]'})]
)


@pytest.mark.parametrize(
    ("zone", "hour", "kind", "matches"),
    [
        pytest.param("Asia/Shanghai", 23, "sticker", True, id="23:00 in Shanghai"),
        pytest.param("Asia/Shanghai", 22, "sticker", False, id="22:00 in Shanghai"),
        pytest.param("Asia/Shanghai", 23, "text", False, id="text is always fine"),
        pytest.param("Europe/Berlin", 23, "voice", False, id="23:00 in Shanghai is afternoon in Berlin"),
    ],
)
def test_night_quiet_is_the_groups_night(zone: str, hour: int, kind: Any, matches: bool) -> None:
    chat = Chat(NIGHT, zone=zone)
    chat.says(ANA, "", (hour - 10) * 3600, kind=kind)
    assert bool(chat.done()) is matches
    if matches:
        assert chat.why() == [("it was 23:00", f"kind: {kind}")]


def test_shadow_only_tells_what_would_have_been_done() -> None:
    options = rules(lists=LISTS, rules=[rule(words="ads", mode="shadow", then=["delete", {"warn": "no ads"}])])
    chat = Chat(options)
    chat.says(ANA, "代购")
    chat.run()
    (row,) = chat.store.audit("g")
    assert (row.mode, row.then) == ("shadow", ("delete", "warn"))
    assert row.because == ("would have done: delete, warn", "says 代购 (ads)", "live warnings: 1")
    assert chat.effects() == []
    assert chat.ledger("warning") == []


def test_off_is_off() -> None:
    assert not hit(rules(lists=LISTS, rules=[rule(words="ads", mode="off")]), "代购")


@pytest.mark.parametrize(
    ("source", "text", "told", "because"),
    [
        pytest.param('"ads" in msg.hits', "找代购", {}, "says 代购 (ads)", id="a list that matched"),
        pytest.param("msg.length > 3", "hello", {}, "5 characters (> 3)", id="a number"),
        pytest.param("msg.mentions.size() > 0", "@ben", {"mentions": (BEN,)}, "mentions 1 person", id="mentions"),
        pytest.param('!("admin" in member.roles)', "hello", {}, "not admin", id="a role"),
        pytest.param('msg.text.matches("h.llo")', "hello", {}, "the text matches h.llo", id="a pattern"),
        pytest.param(
            "msg.forwarded || msg.reply",
            "x",
            {"forwarded": True},
            "msg.forwarded || msg.reply holds",
            id="anything else",
        ),
        pytest.param(
            "msg.domains.exists(d, !(d in lists.allowed))",
            "https://a.example https://github.com",
            {},
            "link to a.example, not on the list allowed",
            id="a link",
        ),
    ],
)
def test_a_decision_says_why_in_plain_words(source: str, text: str, told: dict[str, Any], because: str) -> None:
    chat = Chat(rules(lists=LISTS, rules=[rule(**{"if": source})]))
    chat.says(ANA, text, **told)
    assert chat.why() == [(because,)]


def test_a_condition_that_fails_while_it_runs_is_no_match() -> None:
    options = rules(rules=[rule(**{"if": "10 / (msg.length - 5) > 1"})])
    assert not hit(options, "hello")
    assert hit(options, "hello!!")


def test_a_deleted_message_earns_nothing_and_gets_no_answer() -> None:
    options = rules(
        lists=LISTS,
        rules=[
            rule(id="thanks", **{"if": "msg.mentions.size() > 0"}, then=[{"points": {"to": "mentioned", "add": 1}}]),
            rule(id="ads", words="ads"),
        ],
    )
    chat = Chat(options)
    chat.says(ANA, "thanks @ben 代购", mentions=(BEN,))
    assert chat.done() == [("m1", "ads", ("delete",))]


def test_stop_leaves_out_the_rules_after_it() -> None:
    options = rules(rules=[rule(id="a", stop=True, then=[{"react": "👀"}]), rule(id="b", then=[{"react": "👍"}])])
    chat = Chat(options)
    chat.says(ANA, "hello")
    assert chat.done() == [("m1", "a", ("react 👀",))]


def test_exempt_by_tag() -> None:
    options = rules(
        lists=LISTS,
        rules=[
            rule(id="volunteers", **{"if": 'msg.text == "me"'}, then=[{"tag": "volunteer"}]),
            rule(id="ads", words="ads", exempt=["tag:volunteer"]),
        ],
    )
    chat = Chat(options)
    chat.says(ANA, "me")
    chat.says(ANA, "代购", 5)
    chat.says(BEN, "代购", 6)
    assert chat.done() == [("m1", "volunteers", ("tag volunteer",)), ("m3", "ads", ("delete",))]


@pytest.mark.parametrize(
    ("written", "tier", "matches"),
    [
        pytest.param({"exempt": "tier:tree"}, "tree", False, id="the tier is exempt"),
        pytest.param({"exempt": "tier:tree"}, "seed", True, id="another tier is not"),
        pytest.param({"unless_granted": "post_links"}, "tree", False, id="the tier grants it"),
        pytest.param({"unless_granted": "post_links"}, "seed", True, id="the tier does not grant it"),
        pytest.param({"unless_granted": "post_links"}, None, True, id="no tier yet"),
    ],
)
def test_tiers_exempt(written: dict[str, Any], tier: str | None, matches: bool) -> None:
    from core.decision import Decision, Put
    from core.workflow import Bound, Workflow
    from workflows.facts import TIER, TierStanding
    from workflows.options import Options

    def place(event: Any, options: Any, view: Any) -> Decision:
        return Decision(changes=(Put(TIER.of(ANA.account), TierStanding(tier=tier, since=START)),))

    placing = Workflow("placing", Options, frozenset((MemberLeft,)), lambda event, options: (), place)
    options = rules(lists=LISTS, rules=[rule(words="ads", **written)]).with_grants({"tree": frozenset(("post_links",))})
    chat = Chat(options)
    runs = (Bound(placing, Options()), Bound(workflow, options))
    chat.engine._groups = {"g": type(chat.group)(key="g", runs=runs, texts=chat.group.texts)}
    chat.says(ANA, "hello")
    chat.add(MemberLeft(id="l", at=START, group="g", actor=ANA))
    chat.says(ANA, "代购", 5)
    assert bool(chat.done()) is matches


def event(kind: type, **told: Any) -> Any:
    return kind(id="f", at=START, group="g", actor=ANA, **told)


@pytest.mark.parametrize(
    ("when", "source", "happening"),
    [
        pytest.param("leave", "true", event(MemberLeft), id="leave"),
        pytest.param("join_request", 'event.invite == ""', event(JoinRequested), id="join request"),
        pytest.param(
            "check_in",
            "check_in.streak >= 7",
            event(CheckedIn, challenge="c", day=START.date(), streak=7),
            id="check-in",
        ),
        pytest.param("tier_changed", 'tier.id == "tree"', event(TierChanged, old=None, new="tree"), id="tier"),
        pytest.param("onboarding_completed", "true", event(OnboardingCompleted), id="onboarding"),
        pytest.param("points", "event.amount > 5", event(PointsChanged, amount=6), id="points"),
        pytest.param("warned", "warning.live >= 2", event(Warned, rule="x", live=2), id="warned"),
    ],
)
def test_every_event_can_be_a_rules_when(when: str, source: str, happening: Any) -> None:
    chat = Chat(rules(rules=[rule(when=when, **{"if": source}, then=[{"say": "hello ${member.name}"}])]))
    chat.says(ANA, "hello")
    chat.add(happening)
    assert chat.done() == [("f", "r", ("say",))]
    assert chat.said() == ["hello ana"]


def test_one_member_is_answered_once_per_burst() -> None:
    chat = Chat(rules(rules=[rule(then=["delete", {"reply": "shh"}])]))
    for second in (0, 1, 59, 61):
        chat.says(ANA, "x", second)
    chat.says(BEN, "x", 62)
    assert [then for _, _, then in chat.done()] == [
        ("delete", "reply"),
        ("delete",),
        ("delete",),
        ("delete", "reply"),
        ("delete", "reply"),
    ]
    assert chat.why()[1] == ("a message was written", "spoken to less than 1m ago")


def test_a_reply_does_not_hang_on_a_message_that_goes_away() -> None:
    chat = Chat(rules(rules=[rule(then=["delete", {"reply": "shh"}])]))
    chat.says(ANA, "x")
    assert [effect.reply_to for effect in chat.effects("Say")] == [None]
    chat = Chat(rules(rules=[rule(then=[{"reply": "yes?"}])]))
    message = chat.says(ANA, "x")
    assert [effect.reply_to for effect in chat.effects("Say")] == [message]


def test_a_batch_equals_its_events_one_by_one() -> None:
    options = rules(
        lists=LISTS, flood={"messages": 3, "within": "10s"}, rules=[rule(words="ads", then=["delete", "warn"])]
    )
    whole, single = Chat(options), Chat(options)
    for chat in (whole, single):
        for second in range(12):
            chat.says(ANA if second % 3 else BEN, "代购" if second % 4 == 0 else "hi", second * 2)
            if chat is single:
                chat.run()
    assert whole.done() == single.done()
    assert list(whole.store.facts("g")) == list(single.store.facts("g"))


def test_a_plain_message_is_nothing_to_decide() -> None:
    chat = Chat(
        rules(
            lists=LISTS,
            rules=[rule(words="ads"), rule(id="n", **{"if": "member.joined_days < 7 && msg.domains.exists(d, true)"})],
        )
    )
    chat.says(ANA, "good morning")
    plain = chat.events[0]
    bound = chat.group.runs[0]
    assert workflow.reads(plain, bound.options) is None


def test_the_longest_cooldown_is_the_rules_own() -> None:
    chat = Chat(rules(rules=[rule(cooldown="1h", then=[{"reply": "hi"}])]))
    for second in (0, 3599, 3600):
        chat.says(ANA, "x", second)
    assert len(chat.said()) == 2
    assert timedelta(hours=1) == chat.group.runs[0].options.rules[0].cooldown


@pytest.mark.parametrize(
    ("text", "host"),
    [
        pytest.param("spam.example/x", "spam.example", id="bare"),
        pytest.param("看 spam.com", "spam.com", id="bare, common ending"),
        pytest.param("ｓｐａｍ．ｅｘａｍｐｌｅ／ｘ", "spam.example", id="full width"),
        pytest.param("spam。example/x", "spam.example", id="Chinese dot"),
        pytest.param("https://例子.中国/x", "xn--fsqu00a.xn--fiqs8s", id="Chinese name"),
        pytest.param("https://spam%2eexample/x", "spam.example", id="escaped"),
        pytest.param("spam\u200b.example/x", "spam.example", id="hidden character"),
    ],
)
@pytest.mark.parametrize("asks", ["domains.exists(d, !(d in lists.allowed))", "links.size() > 0", "domains.size() > 0"])
def test_a_newcomers_link_is_judged_however_it_is_written(asks, text, host):
    written = rule(id="newcomer-links", **{"if": f"member.joined_days < 7 && msg.{asks}"})
    chat = Chat(rules(lists={"allowed": {"domains": ["github.com"]}}, rules=[written]))
    chat.joins(ANA)
    chat.says(ANA, "读 github 的人多吗。见 3.5 节", at=10)
    message = chat.says(ANA, text, at=20)
    assert chat.done() == [(f"m{message}", "newcomer-links", ("delete",))]
    if "exists" in asks:
        assert chat.why() == [("joined 0 days ago (< 7)", f"link to {host}, not on the list allowed")]


def test_a_chinese_host_can_be_allowed_as_it_is_written():
    options = rules(
        lists={"allowed": {"domains": ["例子.中国"]}},
        rules=[rule(**{"if": "msg.domains.exists(d, !(d in lists.allowed))"})],
        links={"allowed_domains": "allowed", "then": "delete"},
    )  # fmt: skip
    chat = Chat(options)
    chat.says(ANA, "https://例子.中国/x")
    assert chat.done() == []


def test_rules_are_made_ready_once_and_anew_for_changed_grants():
    options = rules(lists={"ads": ["vip"]}, rules=[rule(words="ads")])
    assert options.book is options.book
    assert options.book.lists["ads"] is options.lists["ads"].entries
    granted = options.with_grants({"tree": frozenset(("post_links",))})
    assert granted.book.rules is granted
    assert options.book.rules is options
