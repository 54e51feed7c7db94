"""Two accounts of one person: proof from both sides, one score, and two again without loss."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from core.directory import hashed
from core.effects import Say
from core.events import AccountLookedAlike, MessagePosted
from core.people import NOBODY, Account, Actor
from core.ports import RecordAt
from core.state import HOUSE
from tests.identity.community import ADA, ANA, ANNA, BEN, BOSS, MALLORY, Community
from workflows.facts import STREAKS
from workflows.identity_offers import GOOD_FOR, OFFERS, Offers, new_code

MON, TUE, WED, THU = (date(2026, 3, day) for day in (2, 3, 4, 5))


@pytest.fixture
def town(store: Any) -> Community:
    return Community(store)


def test_a_code_from_the_one_entered_with_the_other_and_a_yes_from_the_first_binds(town):
    town.writes(ANNA, f"/link {town.code()}")
    heard = town.said()
    assert [to for to, _ in heard] == [ANNA.account, ANA.account]
    assert "安娜" in heard[1][1]
    assert "WeChat" in heard[1][1]
    assert not town.together()
    town.writes(ANA, "/link yes")
    assert town.together()
    assert [to for to, _ in town.said()] == [ANA.account, ANNA.account]


def test_the_code_is_entered_where_the_first_account_is_not_and_the_question_goes_where_it_is(town):
    """The wechat account writes about a group that Telegram has no part in."""
    town.writes(ANNA, f"绑定 {town.code().lower()}", "walks")
    rows = town.rows()
    [ask] = [row for row in rows if row.effect.to == ANA.account]
    assert (ask.group, ask.platform) == ("reading", "telegram")
    [yes] = [choice.data for choice in ask.effect.choices if choice.data.startswith("link:yes")]
    town.presses(ANA, yes)
    assert town.together()
    [told] = [row for row in town.rows() if row.effect.to == ANNA.account]
    assert (told.group, told.platform) == ("walks", "wechat")


def test_a_stolen_code_binds_nothing_unless_the_owner_says_yes_to_the_strangers_name(town):
    town.writes(MALLORY, f"/link {town.code()}", "walks")
    assert "Mallory" in next(words for to, words in town.said() if to == ANA.account)
    town.writes(MALLORY, "/link yes", "walks")
    town.presses(MALLORY, "link:yes:0123456789", "walks")
    town.writes(ANA, "/link no")
    town.writes(ANA, "/link yes")
    with town.store.unit() as unit:
        seats = unit.find("reading", [ANA.account, MALLORY.account])
    assert seats[ANA.account].own is None
    assert seats[MALLORY.account].own is None


def test_a_button_of_an_older_question_answers_nothing(town):
    town.writes(MALLORY, f"/link {town.code()}", "walks")
    old = town.token()
    town.writes(ANNA, f"/link {town.code()}")
    town.presses(ANA, old)
    assert not town.together()


def test_a_code_is_spent_once(town):
    code = town.code()
    town.writes(MALLORY, f"/link {code}", "walks")
    town.said()
    town.writes(ANNA, f"/link {code}")
    assert "before" in town.said()[0][1]
    town.writes(ANA, "/link no")
    town.writes(ANNA, f"/link {code}")
    town.writes(ANA, "/link yes")
    assert not town.together()


def test_a_code_expires_and_so_does_the_question(town):
    code = town.code()
    town.writes(ANNA, f"/link {code}", after=timedelta(minutes=11))
    assert "no code" in town.said()[0][1]
    town.writes(ANNA, f"/link {town.code()}")
    town.writes(ANA, "/link yes", after=timedelta(minutes=11))
    assert not town.together()


def test_after_five_wrong_codes_the_right_one_is_not_looked_at_for_an_hour(town):
    code = town.code()
    for n in range(5):
        town.writes(ANNA, f"/link AAAA-AAA{n}")
    town.said()
    town.writes(ANNA, f"/link {code}")
    assert "Too many" in town.said()[0][1]
    town.at += timedelta(hours=1)
    town.bind()
    assert town.together()


def test_who_sends_their_own_code_back_is_told_to_send_it_with_the_other_account(town):
    code = town.code()
    town.writes(ANA, f"/link {code}")
    [(to, words)] = town.said()
    assert to == ANA.account
    assert words == f"That is your own code. Write it to me with your account on the other platform: /link {code}"
    town.writes(ANNA, f"/link {code}")
    town.writes(ANA, "/link yes")
    assert town.together()


def test_two_accounts_of_one_platform_are_never_bound(town):
    def refused(who: Actor, group: str) -> str:
        town.writes(who, f"/link {town.code()}", group)
        [(to, words)] = town.said()
        assert to == who.account, "nobody is asked about it"
        assert "cannot be bound" in words
        return str(words)

    assert "Telegram" in refused(BEN, "reading")
    town.bind()
    assert "WeChat" in refused(MALLORY, "walks")


def test_whoever_entered_two_codes_is_bound_by_one_of_them_only(town):
    """Ana and Ben are both on Telegram."""
    codes = {who.account: town.code(who) for who in (ANA, BEN)}
    for who in (ANA, BEN):
        town.writes(ANNA, f"/link {codes[who.account]}")
    town.writes(ANA, "/link yes")
    town.writes(BEN, "/link yes")
    assert town.together()
    with town.store.unit() as unit:
        assert unit.find("reading", [BEN.account])[BEN.account].own is None


def test_in_the_group_nobody_gets_a_code(town):
    town.says(ANA, "/link")
    [(to, words)] = town.said()
    assert to == ""
    assert "private" in words


@pytest.mark.parametrize("talk", ["绑定 手机号怎么操作", "解绑 银行卡要多久"])
def test_talk_that_begins_with_the_word_is_no_command_in_the_group_and_no_wrong_code(town, talk):
    for _ in range(6):
        town.says(ANNA, talk)
    assert town.said() == []
    town.says(ANNA, f"绑定 {town.code()}")
    assert ANA.account in [to for to, _ in town.said()]


WIDE = {ord(letter): ord(letter) + 0xFEE0 for letter in "0123456789ABCDEFGHJKMNPQRSTVWXYZ-"}


@pytest.mark.parametrize("written", ["/link {}", "/link　{}", "绑定　{}", "绑定 {}", "绑定\n{}"])
@pytest.mark.parametrize("wide", [True, False])
def test_a_code_is_read_as_a_chinese_keyboard_types_it(town, written, wide):
    code = town.code()
    town.says(ANNA, written.format(code.translate(WIDE) if wide else code))
    assert ANA.account in [to for to, _ in town.said()]


def test_of_a_code_only_its_hash_is_kept_and_nobody_can_work_it_out_without_the_secret(town):
    code = town.code()
    with town.store.unit() as unit:
        place = RecordAt(HOUSE, NOBODY, OFFERS.name)
        kept = unit.records([(place, OFFERS)])[place]
    assert isinstance(kept, Offers)
    assert list(kept.open) == [hashed(code)]
    assert code not in repr([kept, *town.store.audit("reading")])
    asked = MessagePosted(id="telegram:1:9", at=town.at, group="reading", actor=ANA, message="9", text="/link")
    group = town.groups["reading"]
    assert new_code(group, asked) == new_code(group, asked) != new_code(replace(group, secret=b"another"), asked)


def test_a_code_that_leads_to_nothing_is_kept_for_ten_minutes_with_what_was_said_beside_it(town):
    def kept() -> Any:
        with town.store.unit() as unit:
            return unit.records([(RecordAt(HOUSE, NOBODY, OFFERS.name), OFFERS)]).get(
                RecordAt(HOUSE, NOBODY, OFFERS.name)
            )

    town.writes(ANNA, f"/link {town.code()}")
    rings = town.at - timedelta(seconds=20) + GOOD_FOR
    town.engine.process([row.due(rings) for row in town.store.timers("reading") if row.workflow == "identity"])
    assert kept() is None
    town.bind()
    town.code()
    rings = town.at + GOOD_FOR
    town.engine.process([row.due(rings) for row in town.store.timers("reading") if row.workflow == "identity"])
    assert set(kept().homes) == {ANA.account, ANNA.account}
    assert not kept().open


# What being one person means


def test_one_leaderboard_and_one_check_in_a_day_on_either_platform(town):
    town.checks_in(ANA, MON)
    town.bind()
    town.checks_in(ANNA, TUE)
    town.said()
    town.checks_in(ANA, TUE)
    assert town.points(ANA) == town.points(ANNA) == 10
    assert town.board()[0] == (ANA.account, 10)
    assert town.streak(ANA) == (2, 2)
    assert [fact.about for fact in town.store.facts("reading") if fact.kind == "check_in:morning"] == [MON, TUE]


def test_a_day_that_both_had_counts_once_and_the_later_ones_points_are_taken_with_a_reason(town):
    for day in (MON, TUE):
        town.checks_in(ANA, day)
        town.checks_in(ANNA, day)
    town.checks_in(ANNA, WED)
    assert (town.points(ANA), town.points(ANNA)) == (10, 25)
    town.bind()
    assert town.points(ANA) == 10 + 25 - 10
    assert town.streak(ANA) == (3, 3)
    struck = [fact for fact in town.store.facts("reading") if fact.own == 0 and fact.kind == "points"]
    assert [(fact.amount, fact.about, fact.reason) for fact in struck] == [
        (-5, MON, "checked in with both accounts"),
        (-5, TUE, "checked in with both accounts"),
    ]
    told = [why for row in town.store.audit("reading") for why in row.because]
    assert "2026-03-02 checked in with both accounts: counts once, points -5" in told


def test_days_that_the_two_had_in_turn_make_one_streak_and_the_next_day_earns_as_ever(town):
    town.checks_in(ANA, MON)
    town.checks_in(ANNA, TUE)
    town.bind()
    assert town.streak(ANA) == (2, 2)
    town.checks_in(ANNA, WED)
    assert town.streak(ANA) == (3, 3)
    assert town.points(ANA) == 5 + 5 + 5 + 10


def test_what_only_the_account_that_is_not_shown_had_of_a_challenge_is_had_by_both(store):
    """Ana only took leave; Anna signed up, checked in, and made up a day."""
    town = Community(store, join={"required": True}, late={"within": "2d"}, leave={})
    town.says(ANA, "请假")
    town.says(ANNA, "报名")
    town.checks_in(ANNA, MON)
    town.checks_in(ANNA, WED)
    town.says(ANNA, "补卡")
    assert town.streak(ANNA) == (3, 3)
    town.bind()
    town.checks_in(ANA, THU)
    assert any("4" in words for _, words in town.said())
    assert town.streak(ANA) == (4, 4)
    streak = next(streaks.of["morning"] for member, streaks in store.every_record("reading", STREAKS) if member)
    assert streak.joined is not None
    assert streak.made_up == (WED,)  # the day on which it was made up


def test_together_their_points_are_enough_for_a_tier_and_apart_they_are_not(town):
    town.says(ADA, "/points @ana +12 tea")
    town.says(BOSS, "/points wechat:anna +12 tea")
    assert (town.tier(ANA), town.tier(ANNA)) == ("new", "new")
    town.bind()
    assert town.tier(ANA) == "old"
    town.writes(ANA, "/unlink yes")
    assert (town.tier(ANA), town.tier(ANNA)) == ("new", "new")


def test_warnings_of_both_live_on_each_with_its_own_end(town):
    town.says(ADA, "/warn @ana rude")
    town.says(BOSS, "/warn wechat:anna rude")
    before = sorted((fact.at, fact.expires) for fact in town.store.facts("reading") if fact.kind == "warning")
    town.bind()
    after = [fact for fact in town.store.facts("reading") if fact.kind == "warning"]
    assert sorted((fact.at, fact.expires) for fact in after) == before
    assert len({fact.person for fact in after}) == 1


def test_it_holds_in_groups_where_only_one_of_them_was(town):
    town.checks_in(ANNA, MON, "walks")
    town.bind()
    town.checks_in(ANNA, TUE, "walks")
    assert town.points(ANA, "walks") == 10
    assert town.board("walks") == [(ANA.account, 10)]


# Two again


def test_parted_each_has_what_it_had_and_what_it_did_since(town):
    town.checks_in(ANA, MON)
    town.checks_in(ANNA, MON)
    town.bind()
    town.checks_in(ANNA, TUE)
    town.checks_in(ANA, WED)
    town.writes(ANNA, "/unlink")
    assert town.together()
    town.writes(ANNA, "解绑 确认")
    assert not town.together()
    assert (town.points(ANA), town.points(ANNA)) == (5 + 5 + 10, 5 + 5)
    assert (town.streak(ANA), town.streak(ANNA)) == ((1, 2), (2, 2))
    assert all(fact.own is None for fact in town.store.facts("reading"))
    town.checks_in(ANA, THU)
    town.checks_in(ANNA, THU)
    assert (town.streak(ANA), town.streak(ANNA)) == ((2, 3), (1, 3))


def test_both_sides_hear_that_they_are_parted_each_where_it_is_spoken_to(town):
    town.writes(ANNA, f"/link {town.code()}", "walks")
    town.writes(ANA, "/link yes")
    town.said()
    town.writes(ANA, "/unlink")
    assert "安娜 on WeChat" in town.said()[0][1]
    town.writes(ANA, "/unlink yes")
    heard = {row.effect.to: (row.group, row.platform) for row in town.rows()}
    assert heard == {ANA.account: ("reading", "telegram"), ANNA.account: ("walks", "wechat")}


def test_an_admin_parts_somebody_by_name_and_the_reason_is_kept(town):
    town.bind()
    town.says(ADA, "/unlink @ana two people after all")
    assert not town.together()
    [because] = [row.because for row in town.store.audit("reading") if row.rule == "separate" and len(row.because) > 1]
    assert because[1] == "two people after all"


def test_nobody_else_may_part_others(town):
    town.bind()
    town.says(BEN, "/unlink @ana")
    assert town.together()


def test_whoever_is_alone_hears_that_there_is_nothing_to_part(town):
    town.writes(BEN, "/unlink yes")
    assert "not bound" in town.said()[0][1]


# Ids that changed


NEW = Actor(account=Account("wechat:anna-2"), name="安娜")


def alike(town: Community, group: str = "reading") -> None:
    town.said()
    town.run(
        AccountLookedAlike(
            id="wechat:alike:1",
            at=town.at,
            group=group,
            actor=NEW,
            known=ANNA.account,
            alias="小安",
            gone=town.at - timedelta(hours=3),
        )
    )


def test_an_account_with_a_known_name_is_shown_to_the_admins_with_what_is_known_of_the_old_one(town):
    town.checks_in(ANNA, MON)
    alike(town)
    [(to, words)] = town.said()
    assert to == "admins"
    assert all(part in words for part in ("安娜", "小安", "points: 5", "streak: 1", "tier: new"))
    assert town.points(NEW) == 0


def test_a_yes_rebinds_and_what_the_new_account_did_since_is_the_old_persons(town):
    town.checks_in(ANNA, MON)
    town.checks_in(NEW, TUE)
    alike(town)
    town.presses(BOSS, town.token())
    assert town.points(NEW) == town.points(ANNA) == 10
    assert town.streak(NEW) == (2, 2)
    assert town.board()[0] == (NEW.account, 10)
    town.checks_in(NEW, WED)
    assert town.streak(NEW) == (3, 3)


def test_a_no_keeps_them_apart(town):
    town.checks_in(ANNA, MON)
    alike(town)
    town.presses(BOSS, town.token().replace("yes", "no"))
    assert (town.points(ANNA), town.points(NEW)) == (5, 0)


def test_a_wrong_yes_is_taken_back_by_an_admin(town):
    town.checks_in(ANNA, MON)
    town.checks_in(NEW, TUE)
    alike(town)
    town.presses(BOSS, town.token())
    town.says(BOSS, "/separate wechat:anna-2 a namesake")
    assert (town.points(ANNA), town.points(NEW)) == (5, 5)


def test_whoever_was_bound_before_their_id_changed_still_is(town):
    town.bind()
    town.checks_in(ANNA, MON)
    alike(town)
    town.presses(BOSS, town.token())
    town.checks_in(NEW, TUE)
    assert town.points(ANA) == town.points(NEW) == 10
    town.said()
    town.writes(ANA, "/unlink yes")
    assert (town.points(ANA), town.points(NEW)) == (0, 10)
    assert {to for to, _ in town.said()} == {ANA.account, NEW.account}


def test_nothing_confidential_falls_back_into_the_group(town):
    town.writes(ANNA, f"/link {town.code()}")
    town.writes(ANA, "/link yes")
    private = [row.effect for row in town.rows() if isinstance(row.effect, Say) and row.effect.to is not None]
    assert private
    assert all(say.confidential for say in private)


def test_a_platform_is_called_as_whoever_reads_it_calls_it(town):
    """ANNA is spoken to in the group's first language, English."""
    mei = Actor(account=Account("telegram:20077"), name="小梅", language="zh-hans")
    town.says(mei, "早上好")
    town.said()
    town.writes(mei, "/link")
    [(_, words)] = town.said()
    town.writes(ANNA, f"/link {words.partition('绑定码：')[2][:9]}")
    ((_, entered), (_, asked)) = town.said()
    assert "微信 上的" in asked
    assert "Telegram" in entered
    town.writes(mei, "/link yes")
    assert ["微信" in words for _, words in town.said()] == [True, False]
