"""A slip gets a helpful sentence, in the language of the group, and nothing is done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.effects import Ban, Mute, Say, plain
from core.events import MemberLeft
from core.people import ActorKind
from tests.commands.group import ADA, ALL_RIGHTS, ANA, BEN, BOSS, CLEO, GHOST, MIA, ROBOT, Steered, actor, admin

SLIPS = {
    "nobody named": (ADA, "/warn", None, "Whom do you mean? Answer", "请说明是哪位"),
    "a suffix of spaces": (ADA, "/mute   \n ", None, "Whom do you mean? Answer", "请说明是哪位"),
    "oneself": (MIA, "/warn @mia", None, "You cannot use /warn on yourself.", "不能对自己用 /警告 哦。"),
    **{
        text: (who, text, None, "on yourself. Another admin can.", "，请找别的管理员。")
        for who, text in (
            (MIA, "/unwarn @mia"), (MIA, "/unmute @mia"), (ADA, "/unban 10002"), (ADA, "/trust 10002"),
            (ADA, "/points 10002 +1000 me"),
        )
    },
    "an admin by reply": (ADA, "/mute 1h", BOSS, "is an admin too", "也是管理员"),
    "an anonymous admin": (ADA, "/mute 1h", GHOST, "is an admin too", "也是管理员"),
    "a bot": (ADA, "/ban", ROBOT, "is a bot", "是机器人"),
    "an unknown name": (ADA, "/ban @nobody", None, "There is nobody called nobody here", "没有叫 nobody 的人"),
    "an unknown number": (ADA, "/mute 55555 1h", None, "I have not seen 55555", "没见过 55555"),
    "no right": (admin(10002, "Ada", "pin"), "/ban @ben", None, "You lack the admin right", "你没有“封禁用户”"),
    "an old word": (
        admin(10002, "Ada", "restrict", vouched=False), "/ban @ben", None,
        "did not tell what you may do", "没法向平台确认",
    ),
    "a member": (ANA, "/ban @ben", None, "Only admins can use /ban.", "只有管理员可以用"),
    "not the owner": (ADA, "/export", None, "Only the owner can use /export.", "只有群主可以用"),
    "no number of points": (ADA, "/points @ben many", None, "Write it like this: /points", "像这样：/加减分"),
    "no such tier": (ADA, "/tier set @ben gold", None, "There are new, old", "等级有：new、old"),
    "no day": (ADA, "/checkin repair @ben soon", None, "Which day?", "请写上日期"),
    "nothing to forgive": (ADA, "/unwarn @ben", None, "has no warning that still counts", "没有有效的警告"),
    "not paused": (ADA, "/resume", None, "Nothing is paused.", "现在没有暂停。"),
    "nothing to undo": (ADA, "/undo", None, "There is nothing of yours to undo", "没有可以撤销的操作"),
    "an empty note": (ADA, "/note @ben", None, "What shall I note?", "请写上备注内容"),
    "no onboarding here": (ADA, "/onboarding skip @ben", None, "has no onboarding", "没有设新人引导"),
    "not locked": (ADA, "/tier unlock @ben", None, "is not locked", "没有锁定"),
    "a day that does not count": (ADA, "/checkin remove @ben 2026-03-01", None, "has no check-in for", "没有打卡"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_answered_and_nothing_is_done(slip, language):
    who, text, to, en, zh = SLIPS[slip]
    group = Steered(language)
    group.says(ADA, "hello")
    group.says(who, text, to=to)
    said = group.told()
    assert len(said) == 1
    assert {"en": en, "zh": zh}[language] in said[0]


@pytest.mark.parametrize(("language", "wanted"), [("en", "cannot be given points"), ("zh", "没法给")])
def test_a_channel_gets_no_points_and_nothing_claims_it_did(language, wanted):
    group = Steered(language)
    channel = actor(50001, "News", kind=ActorKind.CHANNEL)
    group.says(channel, "tea at five")
    group.says(ADA, "/points +5 for tea", to=channel)
    (said,) = group.told()
    assert wanted in said
    assert group.ledger("points") == 0


@pytest.mark.parametrize("command", ["/mute 1h", "/kick"])
@pytest.mark.parametrize(("language", "wanted"), [("en", "can only be banned, with /ban"), ("zh", "对频道只能封禁")])
def test_a_channel_can_only_be_banned(command, language, wanted):
    group = Steered(language)
    channel = actor(50001, "News", kind=ActorKind.CHANNEL)
    group.says(channel, "tea at five")
    group.says(ADA, command, to=channel)
    (effect,) = group.effects()
    assert wanted in str(effect.words)


def test_a_channel_is_banned_for_good_whatever_length_is_written():
    group = Steered()
    channel = actor(50001, "News", kind=ActorKind.CHANNEL)
    group.says(channel, "tea at five")
    group.says(ADA, "/ban 7d ads", to=channel)
    effects = group.effects()
    assert [effect.span for effect in effects if isinstance(effect, Ban)] == [None]
    assert "News is banned." in str(effects)


def test_points_are_booked_in_the_decision_about_the_message():
    group = Steered()
    group.says(BEN, "hi")
    group.says(ADA, "/points @ben +5 for tea", to=BEN)
    group.says(ADA, f"/points {BEN.account} +2")
    rows = [(row.workflow, row.rule, row.because) for row in group.store.audit("g") if "points +2" in row.then]
    assert rows == [("steering", "points", ("an admin commanded /points",))]
    facts = [(fact.amount, fact.rule, fact.reason) for fact in group.store.facts("g") if fact.kind == "points"]
    assert facts == [(5, "admin", "for tea"), (2, "admin", "an admin said so")]


@pytest.mark.parametrize(("language", "wanted"), [("en", "has left the group"), ("zh", "已经不在群里了")])
def test_who_left_can_be_banned_and_not_muted(language, wanted):
    group = Steered(language)
    group.run(MemberLeft(id="left", at=group.at, group="g", actor=BEN))
    group.says(ADA, "/mute @ben 1h")
    assert wanted in group.told()[0]
    group.says(ADA, "/ban @ben")
    assert "Ban" in group.kinds()


def test_a_name_that_two_have_is_told_and_nobody_is_hit():
    group = Steered()
    for number in (40001, 40002):
        one = actor(number, "Lili")
        group.says(one, "hi")
    group.told()
    group.says(ADA, "/ban @lili")
    assert "or more than one" in group.told()[0]


@pytest.mark.parametrize(
    "text",
    ["/mute@other_bot @ben 1h", "mute @ben 1h", "/muted @ben", "/mutex @ben", "please /mute @ben", "//mute @ben"],
)
def test_what_is_no_command_of_ours_is_left_alone(text):
    group = Steered()
    group.says(ADA, text)
    assert group.effects() == []


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("/mute @ben 30m spam", 1800),
        ("/MUTE @BEN 2H", 7200),
        ("/mute 20002 7d", 604800),
        ("/mute telegram:20002 1h30m", 5400),
        ("/禁言 @ben 30分钟 太吵", 1800),
        ("／禁言 @ben 2小时", 7200),
        ("/mute @ben\n1h", 3600),
        ("/mute @ben for ever", None),
        ("/mute @ben 7 days spam", 604800),
        ("/mute @ben 10min", 600),
        ("/mute @ben for 2 hours", 7200),
        ("/mute @ben half an hour", 1800),
        ("/mute @ben 1h 30m 2 warnings", 5400),
        ("/mute @ben 365d", 31536000),
        ("/禁言 @ben 30 分钟 太吵", 1800),
        ("/禁言 @ben 半小时", 1800),
        ("/禁言 @ben 一天，刷屏", 86400),
        ("/禁言 @ben 两个半小时", 9000),
        ("/禁言 @ben 二十四小时", 86400),
        ("/禁言 @ben ３０分钟", 1800),
        ("/禁言 @ben 一直刷屏", None),
        ("/禁言 @ben 半夜刷屏", None),
        ("/mute @ben a lot of spam", None),
        ("/mute @ben for 3 warnings", None),
        ("/mute @ben for 30 spam links", None),
        ("/mute @ben for 24/7 spam", None),
        ("/mute @ben for 2-3 ads", None),
        ("/mute @ben for 100,000 messages", None),
        ("/mute @ben one-sided talk", None),
        ("/mute @ben (2h)", 7200),
        ("/mute @ben 2h.", 7200),
        ("/mute @ben 2h~", 7200),
        ("/mute @ben [7d) spam", 604800),
        ("/mute @ben half hour", 1800),
        ("/mute @ben half day", 43200),
        ("/mute @ben twenty minutes", 1200),
        ("/mute @ben forty-five minutes", 2700),
        ("/mute @ben fifteen minutes", 900),
        ("/mute @ben twelve hours", 43200),
        ("/mute @ben seventy days", 6048000),
        ("/mute @ben eighty minutes", 4800),
        ("/mute @ben eighty-five minutes", 5100),
        ("/mute @ben one-day", 86400),
        ("/mute @ben two-day ban", 172800),
        ("/mute @ben for 3-day", 259200),
        ("/mute @ben half-hour", 1800),
        ("/mute @ben half-an-hour", 1800),
        ("/mute @ben one and a half hours", 5400),
        ("/mute @ben a day and a half", 129600),
        ("/mute @ben 2 hours and 30 minutes", 9000),
        ("/mute @ben for the next 2 hours", 7200),
        ("/mute @ben 1h 3 days of spam", 3600),
        ("/mute @ben 2 days 2 days late", 172800),
        ("/禁言 @ben 1天～", 86400),
        ("/禁言 @ben 一百天", 8640000),
        ("/禁言 @ben 一百零五天", 9072000),
        ("/禁言 @ben 三百六十五天", 31536000),
        ("/禁言 @ben 两个钟", 7200),
        ("/禁言 @ben 半个钟", 1800),
        ("/禁言 @ben 一刻钟", 900),
        ("/禁言 @ben 一整天", 86400),
        ("/禁言 @ben 一天半", 129600),
        ("/禁言 @ben 一小时零五分", 3900),
        ("/禁言 @ben 十分钟", 600),
        ("/禁言 @ben 兩天", 172800),
        ("/禁言 @ben 一個小時", 3600),
        ("/禁言 @ben 兩個半小時", 9000),
        ("/禁言 @ben 半小時", 1800),
        ("/禁言 @ben 三十分鐘", 1800),
        ("/禁言 @ben 一週", 604800),
        ("/禁言 @ben 1天 内容违规", 86400),
        ("/禁言 @ben 十分讨厌", None),
        ("/禁言 @ben 一天到晚发广告", None),
        ("/禁言 @ben 到处发广告", None),
        ("/mute @ben a second account of a banned user", None),
    ],
)
def test_lengths_and_names_are_read_as_people_write_them(text, seconds):
    group = Steered()
    group.says(ADA, text)
    mute = next(effect for effect in group.effects() if type(effect).__name__ == "Mute")
    assert mute.member == BEN.account
    assert (mute.span.total_seconds() if mute.span is not None else None) == seconds


@pytest.mark.parametrize("text", ["/mute @ben: 2h", "/mute @ben, 2h", "/禁言 @ben，2小时", "/禁言 @ben（2小时）刷屏"])
def test_a_length_is_heard_behind_the_stop_after_who_is_mentioned(text):
    group = Steered()
    group.says(ADA, text, mentions=(BEN,))
    (mute,) = [effect for effect in group.effects() if isinstance(effect, Mute)]
    assert (mute.member, mute.span) == (BEN.account, timedelta(hours=2))


UNCLEAR = {"en": "How long?", "zh": "多久？"}
UNKEPT = {"en": "at most 365 days", "zh": "最长 365 天"}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/mute @ben 30", UNCLEAR),
        ("/mute @ben 30 spam", UNCLEAR),
        ("/mute @ben 1.5h", UNCLEAR),
        ("/mute @ben 1h30", UNCLEAR),
        ("/mute @ben a month", UNCLEAR),
        ("/ban @ben 7 moons", UNCLEAR),
        ("/ban @ben a week ago it was worse", UNCLEAR),
        ("/ban 99887766 3 warnings", UNCLEAR),
        ("/封禁 @ben 一个月", UNCLEAR),
        ("/封禁 @ben 几天", UNCLEAR),
        ("/封禁 @ben 7天前发广告", UNCLEAR),
        ("/pause 2", UNCLEAR),
        ("/pause for lunch", UNCLEAR),
        ("/pause until the storm is over", UNCLEAR),
        ("/暂停 到散会", UNCLEAR),
        ("/ban @ben 5 minutes after joining he posted ads", UNCLEAR),
        ("/ban @ben 1h 30 minutes after joining", UNCLEAR),
        ("/ban @ben 3 days in a row", UNCLEAR),
        ("/mute @ben 3 days of spam", UNCLEAR),
        ("/ban @ben two weeks later the same", UNCLEAR),
        ("/ban @ben a day or two", UNCLEAR),
        ("/ban @ben one or two days", UNCLEAR),
        ("/mute @ben 1h 30", UNCLEAR),
        ("/mute @ben for 30", UNCLEAR),
        *(
            (f"/ban @ben for {length}", UNCLEAR)
            for length in (
                "1.5h",
                "1,5 hours",
                "1/2 hour",
                "2-3 hours",
                "2 – 3 hours",
                "1~2天",
                "1-2 days",
                "two-three days",
                "7+ days",
                "1.5个小时",
                "1y",
                "2 yrs",
                "1mo",
                "1h-30m",
                "two-day-old ads",
            )
        ),
        ("/mute @ben a few hours", UNCLEAR),
        ("/mute @ben a couple of days", UNCLEAR),
        ("/mute @ben several days", UNCLEAR),
        ("/mute @ben a hundred days", UNCLEAR),
        ("/mute @ben until tomorrow", UNCLEAR),
        ("/封禁 @ben 5分钟后又发广告", UNCLEAR),
        ("/封禁 @ben 两天内发了三次", UNCLEAR),
        ("/封禁 @ben 7天 之内三次", UNCLEAR),
        ("/禁言 @ben 两三天", UNCLEAR),
        ("/禁言 @ben 一两天", UNCLEAR),
        ("/禁言 @ben 十几天", UNCLEAR),
        ("/禁言 @ben 二十几天", UNCLEAR),
        ("/禁言 @ben 好几天", UNCLEAR),
        ("/禁言 @ben 一个多月", UNCLEAR),
        ("/禁言 @ben 到明天", UNCLEAR),
        ("/mute @ben 0m", UNKEPT),
        ("/mute @ben 1s", UNKEPT),
        ("/ban @ben 366d", UNKEPT),
        ("/ban @ben twenty-second", UNKEPT),
        ("/mute @ben " + "1  d" * 400 + "x", UNCLEAR),
        ("/mute @ben 1" + " " * 3000 + "x", UNCLEAR),
        ("/mute @ben for 1" + "1 .,/+~-" * 400 + "h", UNCLEAR),
        ("/mute @ben a second", UNKEPT),
        ("/ban @ben 9999999w", UNKEPT),
        ("/ban @ben " + "9999999w" * 400, UNCLEAR),
    ],
)
@pytest.mark.parametrize("who", [ADA, GHOST], ids=["an admin", "as the group"])
def test_a_length_that_is_not_understood_is_asked_for_and_nothing_is_done(text, wanted, language, who):
    group = Steered(language)
    group.says(who, text)
    effects = group.effects()
    assert [type(effect) for effect in effects] == [Say]
    assert wanted[language] in plain(effects[0].words)
    assert not effects[0].choices


@pytest.mark.parametrize("text", ["/pause", "/pause for now", "/pause raid!"])
def test_a_pause_without_an_end_lasts_until_it_is_ended(text):
    group = Steered()
    group.says(ADA, text)
    assert "until /resume" in group.told()[0]


def test_by_reply_a_bare_number_is_no_reason():
    group = Steered()
    group.says(ADA, "/mute 30", to=BEN)
    assert "How long?" in group.told()[0]
    group.says(ADA, "/mute 123456", to=BEN)
    assert "How long?" in group.told()[0]
    group.says(ADA, "/warn 30 times the same", to=BEN)
    assert group.ledger("warning") == 1


def test_what_follows_a_length_is_the_reason():
    group = Steered()
    group.says(ADA, "/mute @ben 2 hours, too loud")
    group.says(ADA, "/why @ben")
    why = group.told()[-1]
    assert "too loud" in why
    assert "hours" not in why


def test_somebody_without_a_username_is_named_by_reply_and_by_mention():
    group = Steered()
    wu = actor(40009, "老 吴")
    nameless = type(wu)(account=wu.account, name=wu.name)
    group.says(nameless, "hi")
    group.effects()
    group.says(ADA, "/warn ads", to=nameless)
    group.says(ADA, "/mute 老 吴 1h", mentions=(nameless,))
    assert group.kinds() == ["Say", "Say", "Say", "Mute"]


def test_a_forwarded_command_is_no_command():
    group = Steered()
    group.says(ADA, "/ban @ben", forwarded=True)
    assert group.effects() == []


@pytest.mark.parametrize(
    ("text", "kind", "amount"),
    [
        pytest.param("/points 10000 a long march", "points", 10_000, id="points"),
        pytest.param("/points 20003 a prize", "points", 20_003, id="as many points as somebody's number"),
        pytest.param("/note 20260301 was late", "note", 1, id="a day"),
        pytest.param("/warn 123456 is no code", "warning", 1, id="a code"),
    ],
)
def test_behind_an_answer_a_number_that_nobody_has_is_a_number(text, kind, amount):
    group = Steered()
    group.says(ADA, text, to=BEN)
    (fact,) = [fact for fact in group.store.facts("g") if fact.kind == kind]
    ben = next(member.person for member in group.store.people("g") if member.account == BEN.account)
    assert (fact.person, fact.amount) == (ben, amount)
    assert kind != "note" or fact.reason == "20260301 was late"


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        pytest.param("/mute 20003 1h", CLEO, id="somebody here"),
        pytest.param("/ban 99887766", actor(99887766, "?"), id="somebody never seen"),
        pytest.param("/mute telegram:20003 1h", CLEO, id="with the platform"),
    ],
)
def test_behind_an_answer_the_number_of_somebody_is_who_is_meant(text, whose):
    group = Steered()
    group.says(ADA, text, to=BEN)
    assert [effect.member for effect in group.effects() if isinstance(effect, Mute | Ban)] == [whose.account]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("text", "to"),
    [
        pytest.param("/checkin @ben 2026-03-01", None, id="no verb"),
        pytest.param("/打卡 @ben 2026-03-01", None, id="in Chinese"),
        pytest.param("/checkin repiar @ben 2026-03-01", None, id="a slip of the pen"),
        pytest.param("/checkin 20002 2026-03-01", None, id="by number"),
        pytest.param("/checkin telegram:20002", None, id="by account"),
        pytest.param("/checkin 2026-03-01", BEN, id="by reply"),
    ],
)
def test_an_order_about_check_ins_without_its_verb_checks_nobody_in(text, to, language):
    group = Steered(language)
    group.says(ADA, text, to=to)
    (told,) = group.told()
    wanted = {"en": "Write it like this: /checkin repair @username", "zh": "请这样写：/打卡 补 @用户名"}
    assert wanted[language] in told
    assert {fact.kind for fact in group.store.facts("g")} == {"tier"}


NOT_VOUCHED = admin(10002, "Ada", *ALL_RIGHTS, vouched=False)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("text", ["/checkin @ben 2026-03-01", "/打卡 @ben 3月1日", "/checkin repiar @ben 2026-03-01"])
@pytest.mark.parametrize(
    ("who", "told"),
    [
        pytest.param(MIA, {"en": "Only admins can use /checkin", "zh": "只有管理员可以用"}, id="a moderator"),
        pytest.param(
            admin(10002, "Ada", "pin"),
            {"en": "You lack the admin right", "zh": "你没有“修改群组信息”"},
            id="an admin without the right",
        ),
        pytest.param(
            NOT_VOUCHED, {"en": "did not tell what you may do", "zh": "没法向平台确认你的权限"}, id="not vouched for"
        ),
    ],
)
def test_who_steers_and_may_not_is_told_so_and_not_checked_in_by_somebody_s_day(who, told, text, language):
    group = Steered(language)
    group.says(who, text)
    (line,) = group.told()
    assert told[language] in line
    assert group.ledger("points") == 0


def test_an_admin_whom_the_platform_did_not_vouch_for_is_not_checked_in_by_naming_somebody():
    group = Steered()
    group.says(NOT_VOUCHED, "/checkin @ben")
    (line,) = group.told()
    assert "did not tell what you may do" in line
    assert group.ledger("points") == 0


@pytest.mark.parametrize(
    ("who", "text"),
    [
        pytest.param(ANA, "/打卡 @ben 和我一起读完了", id="a member"),
        pytest.param(ANA, "/打卡 @ben 3月1日", id="a member with a day"),
        pytest.param(MIA, "/checkin @ben and I read", id="a moderator"),
        pytest.param(admin(10002, "Ada", "pin"), "/checkin @ben and I read", id="an admin without the right"),
        pytest.param(ADA, "/checkin", id="the word alone"),
        pytest.param(ADA, "/checkin read with friends, @ben too", id="a name further on"),
        pytest.param(ADA, "/打卡 读书 @ben 一起", id="a name behind a word"),
        pytest.param(ADA, "/打卡 10000 步", id="a number"),
        pytest.param(ADA, "打卡 @ben 和我", id="no command"),
    ],
)
def test_ones_own_check_in_counts_whoever_is_named_in_it(who, text):
    group = Steered()
    group.says(who, text)
    assert group.ledger("points") == 2
    assert not any("Write it like this" in line for line in group.told())


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            "You are listed as an admin here, but are none of the group on this platform, so /ban was not carried out.",
        ),
        ("zh", "你在名单上是管理员，但在这个平台上不是本群的管理员，所以 /封禁 没有执行。"),
    ],
)
@pytest.mark.parametrize("where", [{}, {"desk": True, "private": True}], ids=["in the group", "at the desk"])
def test_who_is_listed_and_no_admin_of_the_platform_any_more_hears_which_is_missing(language, told, where):
    group = Steered(language, staff=frozenset((ANA.account,)))
    group.says(ANA, "/ban @ben", **where)
    (said,) = group.told()
    assert told in said
    group.says(ANA, "/status", **where)
    assert told not in group.told()[0]


def test_who_is_listed_hears_of_what_the_owner_alone_may_that_it_is_so():
    group = Steered(staff=frozenset((ANA.account,)))
    group.says(ANA, "/export", private=True)
    assert group.told() == ["Only the owner can use /export."]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Boss did so 20 s ago, too, so that is two warnings: if one is enough, take this one back with /undo."),
        ("zh", "Boss 在 20 秒前也警告过 TA，这就是两次了；一次就够的话，发 /撤销 收回这一次。"),
    ],
)
def test_of_two_admins_who_warn_at_once_the_second_is_told_of_the_first(language, told):
    group = Steered(language)
    group.says(BOSS, "/warn", to=BEN)
    group.told()
    group.says(ADA, "/warn", to=BEN, seconds=20)
    assert group.told()[0].endswith(told)


def test_what_is_done_in_the_same_second_is_a_second_ago():
    group = Steered("en")
    group.says(BOSS, "/warn", to=BEN)
    group.told()
    group.says(ADA, "/warn", to=BEN, seconds=0)
    assert "Boss did so 1 s ago, too" in group.told()[0]


def test_of_a_warning_that_was_taken_back_nobody_is_told():
    group = Steered("en")
    group.says(BOSS, "/warn", to=BEN)
    group.says(BOSS, "/undo", to=BEN, seconds=5)
    group.told()
    group.says(ADA, "/warn", to=BEN, seconds=20)
    assert group.told()[0] == "✅ Ben was warned."


def test_who_warns_twice_and_who_warns_later_is_told_nothing_of_it():
    group = Steered("en")
    for who, seconds in ((BOSS, 1), (BOSS, 20), (ADA, 61), (BOSS, 62)):
        group.says(who, "/warn", to=BEN, seconds=seconds)
    assert [text for text in group.told() if "did so" in text] == []
