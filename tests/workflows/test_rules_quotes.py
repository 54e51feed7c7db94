"""Words that a message quotes, where a quote can be typed by anybody: spam does not hide in them, and complaining of
spam is no spam."""

from __future__ import annotations

import pytest

from core.effects import TellAdmins, plain
from tests.workflows.rules_chat import ANA, BEN, BOSS, Chat, rule, rules

LISTS = {"ads": ["加群", "代购"], "votes": ["投票"], "fine": {"domains": ["github.com"]}}
ADS = rule(id="ads", words="ads", then=["delete", {"warn": "no ads"}, {"mute": "1h"}], escalate={2: ["ban"]})


def chat(*written, language="en", **sections) -> Chat:
    return Chat(rules(rules=list(written), lists=LISTS, **sections), language=language)


def decided(it: Chat) -> list[tuple[str, tuple[str, ...]]]:
    it.run()
    return [(row.rule, row.then) for row in it.store.audit("g") if row.rule]


def lines(it: Chat) -> list[str]:
    return [plain(row.effect.words) for row in it.store.outbox("g") if isinstance(row.effect, TellAdmins)]


def test_what_is_forbidden_in_a_quote_is_told_to_the_admins_and_nothing_else_is_done():
    it = chat(ADS)
    it.says(ANA, "厉害", quoted="代购加群 88")
    assert decided(it) == [("ads", ("notify",))]
    assert lines(it) == [
        "📌 What ana quotes met a rule. It may be a quote, or their own words made to look like one; I did nothing\n"
        "> 代购加群 88"
    ]
    [note] = it.store.audit("g")
    assert note.because == ("says 代购 (ads), 加群 (ads)", "in words that it quotes, or that look like a quote")
    assert not list(it.store.facts("g")), "no warning"


def test_the_admins_read_it_in_their_language_with_the_rules_name():
    it = chat(ADS | {"name": {"zh": "不发广告", "en": "No ads"}}, language="zh")
    it.says(ANA, "", quoted="加群")
    it.run()
    assert lines(it)[0].startswith("📌 ana 引用的内容触发了规则「不发广告」")


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        pytest.param(
            rule(**{"if": "msg.domains.exists(d, !(d in lists.fine))"}), "看 https://spam.example", id="a link"
        ),
        pytest.param(
            rule(**{"if": "lists.ads.exists(w, msg.normalized.contains(w))"}), "加 群 加群", id="a list in CEL"
        ),
        pytest.param(rule(**{"if": 'msg.text.matches("V信[0-9]+")'}), "V信123", id="a pattern in CEL"),
        pytest.param(rule(words="ads", mode="on", **{"if": "member.joined_days < 40000"}), "加群", id="of a newcomer"),
    ],
)
def test_every_rule_about_what_is_said_looks_at_the_quote(written, quoted):
    it = chat(written)
    it.says(ANA, "+1", quoted=quoted)
    assert decided(it) == [("r", ("notify",))]


def test_the_limit_on_links_looks_at_the_quote():
    it = chat(links={"allowed_domains": "fine", "then": ["delete"]})
    it.says(ANA, "+1", quoted="https://spam.example")
    it.says(BEN, "+1", quoted="https://github.com/x")
    assert decided(it) == [("links", ("notify",))]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(rule(words="ads", then=[{"points": 5}]), id="it rewards"),
        pytest.param(rule(words="ads", then=[{"reply": "hello"}]), id="it answers"),
        pytest.param(rule(**{"if": "msg.length < 4 && msg.length > 0"}), id="it is about the length"),
        pytest.param(rule(words="ads", mode="off"), id="it is off"),
    ],
)
def test_a_rule_that_does_not_judge_what_is_said_leaves_the_quote_alone(written):
    it = chat(written)
    it.says(ANA, "谢谢大家", quoted="加群")
    assert decided(it) == []


@pytest.mark.parametrize(
    "then",
    [pytest.param(["notify"], id="only that"), pytest.param(["notify", {"reply": "noted"}], id="with an answer")],
)
def test_a_rule_that_tells_the_admins_tells_them_of_a_quote_too(then):
    it = chat(rule(id="watch", words="ads", then=then))
    it.says(ANA, "+1", quoted="加群")
    assert decided(it) == [("watch", ("notify",))]
    assert lines(it)[0].startswith("📌 What ana quotes met a rule.")


def test_what_the_admins_were_told_of_own_words_they_are_not_told_again_of_the_quote_under_them():
    it = chat(rule(id="watch", words="ads", then=["notify"]), rule(id="vote", words="votes", then=["notify"]))
    it.says(ANA, "加群", quoted="加群 投票")
    assert decided(it) == [("watch", ("notify",)), ("vote", ("notify",))]


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param('!msg.text.contains("#intro")', id="a word that is missing"),
        pytest.param('!msg.text.contains("#intro") && msg.length > 0', id="and there are words"),
        pytest.param("msg.text.size() > 0 && !msg.text.contains('#intro')", id="and a text of some length"),
        pytest.param("!lists.ads.exists(w, msg.text.contains(w)) && !(msg.normalized in lists.ads)", id="no list"),
        pytest.param('!("ads" in msg.hits)', id="no hit"),
        pytest.param('!msg.text.contains("#intro") || member.joined_days < 3', id="or something else about the member"),
    ],
)
def test_words_that_a_quote_lacks_are_not_told(condition):
    it = chat(rule(**{"if": condition}))
    it.says(ANA, "#intro 加群", quoted="大家早上好")
    assert decided(it) == []


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param('msg.text.contains("加群") && !msg.text.contains("#intro")', id="one there and one missing"),
        pytest.param('msg.text.contains("加群") || msg.length > 200', id="or much is said"),
        pytest.param("!lists.ads.all(w, !msg.text.contains(w))", id="twice no is yes"),
    ],
)
def test_words_that_are_there_are_told_whatever_else_is_asked(condition):
    it = chat(rule(**{"if": condition}))
    it.says(ANA, "+1", quoted="加群")
    assert decided(it) == [("r", ("notify",))]


def test_a_notice_about_a_quote_leaves_the_cooldown_of_an_answer_as_it_is():
    it = chat(rule(id="hi", words="votes", then=[{"reply": "hello"}], cooldown="1h"), ADS | {"cooldown": "1h"})
    it.says(ANA, "投票", quoted="加群")
    it.says(ANA, "投票", 60, quoted="加群")
    it.run()
    answers = [row for row in it.store.outbox("g") if not isinstance(row.effect, TellAdmins)]
    assert len(answers) == 1
    assert len(lines(it)) == 1


def test_who_quoted_first_is_told_of_when_they_write_it_themselves():
    it = chat(rule(id="watch", words="ads", then=["notify"], cooldown="1h"))
    it.says(ANA, "+1", quoted="加群")
    it.says(ANA, "加群", 60)
    it.says(ANA, "+1", 120, quoted="加群")
    it.run()
    quote, own = lines(it)
    assert quote.startswith("📌 What ana quotes met a rule.")
    assert "quotes" not in own


def test_who_quoted_first_is_answered_when_their_own_words_are_deleted():
    it = chat(rule(id="ads", words="ads", then=["delete", {"reply": "no ads"}], cooldown="1h"))
    it.says(ANA, "+1", quoted="加群")
    it.says(ANA, "加群", 60)
    it.run()
    assert len(lines(it)) == 1
    assert it.said() == ["no ads"]


def test_who_quoted_first_is_judged_when_they_write_it_into_the_same_message():
    it = chat(rule(id="ads", words="ads", then=["delete", {"reply": "no ads"}], cooldown="1h"))
    message = it.says(ANA, "+1", quoted="加群")
    it.edits(ANA, message, "加群", 60)
    assert decided(it) == [("ads", ("notify",)), ("ads", ("delete", "reply"))]


def test_own_words_are_judged_as_ever_and_the_quote_is_not_judged_beside_them():
    it = chat(ADS)
    it.says(ANA, "加群", quoted="代购")
    assert [rule_ for rule_, then in decided(it) if "notify" in then] == []
    assert "warn" in " ".join(decided(it)[0][1])


def test_own_words_that_earn_something_hide_nothing():
    it = chat(rule(id="thanks", **{"if": 'msg.text.contains("谢谢")'}, then=[{"react": "👍"}]), ADS)
    it.says(ANA, "谢谢", quoted="加群")
    assert decided(it) == [("thanks", ("react 👍",)), ("ads", ("notify",))]


def test_the_admins_are_told_once_per_burst():
    it = chat(ADS)
    for second in (0, 20, 40, 90):
        it.says(ANA, "+1", second, quoted="加群")
    it.says(BEN, "+1", 50, quoted="加群")
    it.run()
    assert len(lines(it)) == 3


def test_a_rule_on_trial_stays_on_trial():
    it = chat(ADS | {"mode": "shadow"})
    it.says(ANA, "+1", quoted="加群")
    it.run()
    assert lines(it) == []
    assert [(row.mode, row.because[0]) for row in it.store.audit("g")] == [("shadow", "would have done: notify")]


def test_staff_and_who_is_exempt_may_quote_what_they_like():
    it = chat(ADS | {"exempt": ["role:admin"]})
    it.says(BOSS, "看看这个", quoted="加群")
    assert decided(it) == []


def test_an_admin_who_quotes_is_no_news_to_the_admins():
    it = chat(rule(words="ads", then=["notify"]))
    it.says(BOSS, "看看这个", quoted="加群")
    assert decided(it) == []
