"""Ambassadors: shown with numbers, asked when an admin says so, free to say no and to stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from core.effects import Say, TellAdmins, plain
from core.events import MemberJoined, Unreached
from core.occurrences import Hours
from core.people import Actor
from core.ports import RecordAt, Writes
from core.workflow import Bound
from tests.commands.group import ADA, ANA, BEN, BOSS, CLEO, MIA, OTHER_MIA, ROBOT, WANG
from tests.workflows.ambassador_circle import KOC, Circle
from workflows.ambassador_options import Ambassadors
from workflows.appeal_book import APPEALED, Appealed
from workflows.survey_book import ANSWERS, Answers, Given

FOUND = (
    "🌱 Ana may be one to ask (Helper): helped 2 people in 30 days (>= 2); 7 active days in 30 days (>= 3). "
    "Shall I ask?"
)


def do(verb: str, who: Actor = ANA, kind: str = "koc") -> str:
    return f"ambassador:do:{verb}:{kind}:{who.account}"


YES, NO = "ambassador:say:yes:koc", "ambassador:say:no:koc"


class TestWhoIsShown:
    def test_who_helped_different_people_with_the_numbers(self):
        circle = Circle()
        assert circle.found(ANA) == [FOUND]
        assert circle.stage(ANA) == "listed"

    def test_three_ways_to_go_on_from_there(self):
        circle = Circle()
        circle.found(ANA)
        circle.read = 0
        assert circle.choices() == [(FOUND, [do("invite"), do("later"), do("never")])]

    def test_in_chinese_too(self):
        circle = Circle("zh")
        assert circle.found(WANG) == [
            "🌱 小王 也许适合当「达人」：30 天内帮过 2 人（>= 2）；30 天内活跃 7 天（>= 3）。要邀请吗？"
        ]

    def test_ten_thanks_of_one_person_are_one(self):
        circle = Circle()
        for _ in range(10):
            circle.thanks(BEN, ANA)
        assert circle.lives(7, ANA) == []

    def test_nobody_who_steers_is_a_bot_or_does_not_want_to_be_written_to(self):
        circle = Circle(staff=frozenset((CLEO.account,)))
        circle.says(WANG, "/optout")
        assert circle.found(ADA, CLEO, ROBOT, WANG) == []

    def test_those_first_whom_most_people_thanked_and_a_few_only(self):
        circle = Circle(most=2, discover="member.active_days_30d >= 3")
        circle.thanks(ANA, BEN)
        circle.thanks(CLEO, BEN)
        circle.thanks(ANA, CLEO)
        circle.told()
        said = circle.lives(7, ANA, CLEO, BEN, WANG)
        assert [line.split(" may")[0] for line in said] == ["🌱 Ben", "🌱 Cleo"]
        assert "showed the admins 2 of 4 who may be ambassadors" in circle.reasons()

    def test_whom_the_admins_did_not_decide_about_is_shown_again_after_a_month(self):
        circle = Circle(discover="member.active_days_30d >= 3")
        assert len(circle.lives(28, ANA)) == 1
        assert len(circle.lives(7, ANA)) == 0
        assert len(circle.lives(7, ANA)) == 1

    def test_a_look_in_the_quiet_hours_is_at_their_end(self):
        circle = Circle(look="mon 03:00", group={"quiet": Hours(time(22), time(8))})
        circle.thanks(BEN, ANA)
        circle.thanks(CLEO, ANA)
        circle.told()
        assert circle.lives(6, ANA) == []
        circle.says(ANA, "good morning")
        assert circle.pass_(hours=21, minutes=30) == []
        [line] = circle.pass_(minutes=30)
        assert line.startswith("🌱 Ana")

    def test_a_look_that_is_a_day_late_is_left_out_and_the_next_is_not(self):
        circle = Circle()
        circle.thanks(BEN, ANA)
        circle.thanks(CLEO, ANA)
        for _ in range(7):
            circle.says(ANA, "good morning")
            circle.at += timedelta(days=1)
        [row] = [row for row in circle.store.timers("g") if row.key == "look:koc"]
        circle.told()
        circle.at += timedelta(days=2)
        circle.run(row.due(circle.at))
        assert circle.told() == []
        assert len(circle.pass_(days=7)) == 1

    def test_starting_again_changes_nothing_and_a_cancelled_look_is_left_out(self):
        circle = Circle()
        [before] = [row for row in circle.store.timers("g") if row.key == "look:koc"]
        circle.at += timedelta(hours=1)
        circle.arm()
        assert [row for row in circle.store.timers("g") if row.key == "look:koc"] == [before]
        circle.store._timers.clear()
        circle.at += timedelta(hours=1)
        circle.arm()
        [after] = [row for row in circle.store.timers("g") if row.key == "look:koc"]
        assert after.at - before.at == timedelta(days=7)

    def test_a_look_that_is_written_otherwise_moves_and_one_that_is_gone_stops(self):
        circle = Circle()
        runs = circle.group.runs
        for written, expected in (({**KOC, "look": "tue 11:00"}, ["03-03 11:00"]), ({"name": "K"}, [])):
            options = Ambassadors.model_validate({"koc": written})
            now = tuple(Bound(one.workflow, options) if one.name == "ambassadors" else one for one in runs)
            circle.becomes(replace(circle.group, runs=now))
            circle.at += timedelta(minutes=1)
            circle.arm()
            times = [row.at for row in circle.store.timers("g") if row.key == "look:koc"]
            assert [f"{circle.group.local(at):%m-%d %H:%M}" for at in times] == expected


class TestTheInvitation:
    def test_is_said_in_private_to_who_is_meant_alone_once_an_admin_says_so(self):
        circle = Circle()
        circle.found(ANA)
        circle.presses(ADA, do("invite"))
        done, asked = circle.effects()
        assert plain(done.words) == "✅ Ana is asked to be: Helper. You will read the answer."
        assert isinstance(asked, Say)
        assert (asked.to, asked.chooser, asked.confidential) == (ANA.account, ANA.account, True)
        assert [choice.data for choice in asked.choices] == [YES, NO]

    def test_is_in_the_operators_words(self):
        circle = Circle(invite={"en": "${member.name}, help ${group.name}?", "zh": "来吗？"})
        circle.found(ANA)
        circle.presses(ADA, do("invite"))
        assert circle.told()[-1] == "Ana, help g?"

    def test_yes_gives_the_tag_and_tells_the_admins(self):
        circle = Circle()
        circle.asked(ANA)
        circle.told()
        circle.presses(ANA, YES)
        assert circle.told() == [
            "🎉 Thank you! You are one now: Helper. Should you want to stop, write “step down”.",
            "🎉 Ana said yes (Helper).",
        ]
        assert circle.tags(ANA) == {"koc"}
        assert circle.stage(ANA) == "active"

    def test_no_is_respected_for_half_a_year(self):
        circle = Circle()
        circle.asked(ANA)
        circle.presses(ANA, NO)
        assert circle.told()[-2:] == [
            "All right, and thank you for telling. Nobody asks again soon.",
            "Ana said no, and is left alone for 180 days (Helper).",
        ]
        circle.says(ADA, "/ambassador invite @ana")
        assert circle.told() == ["Ana said no, or did not answer, and is not asked before 2026-09-05 (Helper)."]
        assert circle.lives(28, ANA) == []
        circle.pass_(days=152)
        circle.says(ADA, "/ambassador invite @ana")
        assert circle.stage(ANA) == "invited"

    def test_without_an_answer_for_two_weeks_it_is_a_no(self):
        circle = Circle()
        circle.asked(ANA)
        circle.told()
        assert circle.pass_(days=13) == []
        assert circle.pass_(days=1) == ["Ana did not answer within 14 days, and is left alone for 180 days (Helper)."]
        circle.presses(ANA, YES)
        assert (circle.stage(ANA), circle.tags(ANA)) == ("declined", frozenset())

    def test_an_admin_whom_only_the_platform_knows_becomes_none(self):
        circle = Circle()
        circle.says(BOSS, "hello")
        circle.says(ADA, f"/ambassador invite {BOSS.account}")
        circle.told()
        circle.presses(BOSS, YES)
        assert circle.told() == ["Thank you! Admins do all this anyway, so they are no ambassadors."]
        assert (circle.stage(BOSS), circle.tags(BOSS)) == (None, frozenset())

    def test_nobody_else_can_answer_it_and_nobody_twice(self):
        circle = Circle()
        circle.asked(ANA)
        circle.presses(BEN, YES)
        circle.presses(ADA, YES)
        assert (circle.stage(BEN), circle.stage(ANA)) == (None, "invited")
        circle.presses(ANA, YES)
        circle.told()
        circle.presses(ANA, NO)
        circle.presses(ANA, YES)
        assert (circle.told(), circle.stage(ANA)) == ([], "active")

    def test_waits_for_the_end_of_the_quiet_hours(self):
        circle = Circle(group={"quiet": Hours(time(9), time(12))})
        circle.found(ANA)
        circle.says(ADA, "/ambassador invite @ana")
        assert len(circle.told()) == 1
        circle.pass_(hours=2)
        circle.read -= 1
        assert circle.told()[-1].startswith("Ana, you help a lot of people")

    def test_waits_for_the_end_of_a_pause_then(self):
        circle = Circle(group={"quiet": Hours(time(9), time(12))})
        circle.found(ANA)
        circle.says(ADA, "/ambassador invite @ana")
        circle.says(ADA, "/pause 4h")
        circle.told()
        assert circle.pass_(hours=3) == []
        said = circle.pass_(hours=3)
        assert any(line.startswith("Ana, you help") for line in said)

    def test_that_cannot_be_said_in_private_is_told_to_the_admins_once(self):
        circle = Circle()
        circle.asked(ANA)
        [row] = [row for row in circle.store.outbox("g") if isinstance(row.effect, Say) and row.effect.choices]
        circle.told()
        for n in range(2):
            circle.run(Unreached(id=f"{row.id}:unreached" + n * "again", at=circle.at, group="g", member=ANA.account))
        assert circle.told() == [
            "Ana could not be written to in private, so nothing was asked (Helper). Ask them to write to me first, "
            "then invite them again."
        ]
        circle.says(ADA, "/ambassador invite @ana")
        assert circle.stage(ANA) == "invited"

    def test_is_not_over_because_something_else_could_not_be_said(self):
        circle = Circle()
        circle.asked(ANA)
        circle.run(Unreached(id="telegram:1:999/1:unreached", at=circle.at, group="g", member=ANA.account))
        assert circle.stage(ANA) == "invited"

    def test_may_be_said_in_the_group_where_the_operator_allows_it(self):
        circle = Circle(in_group=True)
        circle.asked(ANA)
        [row] = [row for row in circle.store.outbox("g") if isinstance(row.effect, Say) and row.effect.choices]
        assert isinstance(row.effect, Say)
        assert not row.effect.confidential
        circle.run(Unreached(id=f"{row.id}:unreached", at=circle.at, group="g", member=ANA.account))
        assert circle.stage(ANA) == "invited"

    @pytest.mark.parametrize(
        ("who", "line"),
        [
            (BOSS, "Boss is an admin, and admins are no ambassadors."),
            (WANG, "小王 does not want to be written to (/optout), so nothing is asked."),
            (CLEO, "Cleo has left the group."),
        ],
    )
    def test_is_refused_to_some(self, who: Actor, line: str):
        circle = Circle(staff=frozenset((BOSS.account,)))
        circle.says(BOSS, "hello")
        circle.says(WANG, "/optout")
        circle.leaves(CLEO)
        circle.told()
        circle.says(ADA, f"/ambassador invite {who.account}")
        assert circle.told() == [line]


class TestAnAnswerInWords:
    @pytest.mark.parametrize(
        "text", ["愿意", "我愿意！", "愿意的", "Yes, gladly", "🙋 Yes, gladly", "好的", "可以呀", "ok", "Sure!"]
    )
    def test_yes_is_a_yes_in_private(self, text: str):
        circle = Circle()
        circle.asked(ANA)
        circle.told()
        circle.says(ANA, text, private=True)
        assert circle.told()[-1] == "🎉 Ana said yes (Helper)."
        assert circle.tags(ANA) == {"koc"}
        assert circle.stage(ANA) == "active"

    @pytest.mark.parametrize(
        "text", ["不愿意", "这次不了", "先不了吧", "Not this time", "no, thanks", "🙏 Not this time", "算了"]
    )
    def test_no_is_a_no(self, text: str):
        circle = Circle()
        circle.asked(ANA)
        circle.says(ANA, text, private=True)
        assert (circle.stage(ANA), circle.tags(ANA)) == ("declined", frozenset())

    @pytest.mark.parametrize(
        "text",
        [
            "愿意做什么？",
            "你愿意吗",
            "yes or no?",
            "what is it?",
            "愿意的话要做什么呢",
            "okay then tell me more about it",
        ],
    )
    def test_what_asks_or_says_more_is_none(self, text: str):
        circle = Circle()
        circle.asked(ANA)
        circle.says(ANA, text, private=True)
        assert circle.stage(ANA) == "invited"

    def test_what_may_be_about_something_else_counts_on_the_first_day(self):
        circle = Circle()
        circle.asked(ANA)
        circle.pass_(days=2)
        circle.says(ANA, "好的", private=True)
        assert circle.stage(ANA) == "invited"
        circle.says(ANA, "愿意", private=True)
        assert circle.stage(ANA) == "active"

    def test_in_the_group_or_by_who_was_not_asked_it_is_talk(self):
        circle = Circle()
        circle.asked(ANA)
        circle.says(ANA, "愿意")
        circle.says(BEN, "愿意", private=True)
        circle.says(ANA, "愿意", private=True, forwarded=True)
        assert (circle.stage(ANA), circle.stage(BEN)) == ("invited", None)

    def test_before_it_was_said_to_them_it_answers_nothing(self):
        circle = Circle(group={"quiet": Hours(time(9), time(12))})
        circle.found(ANA)
        circle.says(ADA, "/ambassador invite @ana")
        circle.says(ANA, "愿意", private=True)
        assert circle.stage(ANA) == "invited"

    @pytest.mark.parametrize("text", ["no", "yes", "没问题", "算了"])
    def test_words_that_a_survey_or_an_appeal_waits_for_are_none(self, text: str):
        at = Circle().at + timedelta(days=7)
        asked = Given(survey="nps", run="1", account=ANA.account, n=0, at=at, asked=at)
        until = at + timedelta(hours=6)
        for slot, record in (
            (ANSWERS, Answers(given=(asked,))),
            (APPEALED, Appealed(writing="a", until=until)),
        ):
            circle = Circle()
            circle.asked(ANA)
            with circle.store.unit() as unit:
                unit.save(Writes(records={RecordAt("g", circle.store._accounts[ANA.account][0], slot.name): record}))
                unit.commit()
            circle.says(ANA, text, private=True)
            assert circle.stage(ANA) == "invited"
            circle.pass_(days=2)
            circle.says(ANA, "愿意", private=True)
            assert circle.stage(ANA) == "active"

    def test_where_two_invitations_are_open_it_means_neither(self):
        circle = Circle(kinds={"koc": KOC, "kol": {"name": "Guide"}})
        circle.asked(ANA)
        circle.says(ADA, "/ambassador invite @ana kol")
        circle.says(ANA, "愿意", private=True)
        assert circle.stage(ANA) == "invited"


class TestWhatAdminsDecide:
    def test_never_is_never(self):
        circle = Circle()
        circle.found(ANA)
        circle.presses(ADA, do("never"))
        circle.told()
        assert circle.lives(60, ANA) == []
        circle.pass_(days=400)
        circle.says(ADA, "/ambassador invite @ana")
        assert circle.told()[-1].startswith("Ana shall never be asked, as an admin said (Helper).")

    def test_not_now_is_not_for_ninety_days(self):
        circle = Circle(discover="member.active_days_30d >= 3")
        circle.lives(7, ANA)
        circle.presses(ADA, do("later"))
        circle.told()
        assert circle.lives(86, ANA) == []
        assert len(circle.lives(7, ANA)) == 1

    @pytest.mark.parametrize("who", [BEN, MIA, ANA])
    def test_takes_an_admin(self, who: Actor):
        circle = Circle()
        circle.found(ANA)
        circle.presses(who, do("invite"))
        circle.says(who, "/ambassador invite @ana")
        assert circle.stage(ANA) == "listed"

    @pytest.mark.parametrize("verb", ["invite", "later", "never"])
    def test_can_be_undone(self, verb: str):
        circle = Circle()
        circle.found(ANA)
        circle.presses(ADA, do(verb))
        circle.told()
        circle.says(ADA, "/undo @ana")
        assert circle.stage(ANA) == "listed"
        circle.presses(ADA, do("invite"))
        assert circle.stage(ANA) == "invited"

    def test_who_was_asked_is_told_when_that_is_undone(self):
        circle = Circle()
        circle.asked(ANA)
        circle.told()
        circle.says(ADA, "/undo @ana")
        assert circle.told()[-1] == (
            "The invitation was taken back by the admins (Helper). There is nothing for you to do."
        )
        circle.presses(ANA, YES)
        assert (circle.stage(ANA), circle.tags(ANA)) == ("listed", frozenset())
        assert circle.told()[-1].startswith("This invitation is over")
        assert circle.pass_(days=15) == []

    def test_an_invitation_that_was_answered_is_not_undone(self):
        circle = Circle()
        circle.joined(ANA)
        circle.says(ADA, "/undo @ana")
        assert circle.stage(ANA) == "active"

    def test_that_somebody_is_one_no_longer_and_that_is_undone_with_the_tag(self):
        circle = Circle()
        circle.joined(ANA)
        circle.says(ADA, "/ambassador end @ana moved away")
        assert (circle.stage(ANA), circle.tags(ANA)) == ("ended", frozenset())
        assert "moved away" in circle.reasons()
        circle.says(ADA, "/undo @ana")
        assert (circle.stage(ANA), circle.tags(ANA)) == ("active", frozenset({"koc"}))

    def test_what_was_ended_is_not_undone_for_who_left(self):
        circle = Circle()
        circle.joined(ANA)
        circle.says(ADA, "/ambassador end @ana")
        circle.leaves(ANA)
        circle.says(ADA, "/undo @ana")
        assert circle.stage(ANA) == "ended"

    def test_the_group_reads_nothing_of_it(self):
        circle = Circle()
        circle.found(ANA)
        for text in ("/ambassador invite @ana", "/ambassador invite @ana", "/undo @ana", "/ambassador never @ana"):
            circle.effects()
            circle.says(ADA, text)
            assert {(one.to, one.confidential) for one in circle.effects() if isinstance(one, Say)} <= {
                (ADA.account, True),
                (ANA.account, True),
            }
        circle.says(BEN, "/ambassador invite @ana")
        assert "Ana" not in "".join(circle.told())

    def test_one_of_several_kinds_is_named_by_id_or_name(self):
        two = {"koc": {"name": {"en": "Helper", "zh": "达人"}}, "kol": {"name": "Big Voice"}}
        circle = Circle(kinds=two)
        circle.says(ADA, "/ambassador invite @ana")
        assert circle.told() == ["Which one is meant? Write it behind the name: Helper, Big Voice."]
        circle.says(ADA, "/ambassador invite @ana big voice")
        circle.says(ADA, "/达人 邀请 @ben 达人")
        assert (circle.stage(ANA, "kol"), circle.stage(ANA), circle.stage(BEN)) == ("invited", None, "invited")

    def test_how_it_is_written_is_told(self):
        circle = Circle("zh")
        circle.says(ADA, "/达人")
        assert circle.told() == ["请这样写：/达人 邀请 @用户名。「邀请」也可以换成「以后」「不再」「卸任」。"]


class TestTheList:
    def test_tells_who_is_what(self):
        circle = Circle(discover="member.active_days_30d >= 3")
        circle.lives(7, ANA, BEN, CLEO)
        circle.presses(ADA, do("invite"))
        circle.presses(ANA, YES)
        circle.presses(ADA, do("invite", BEN))
        circle.says(ADA, "/ambassador never 20004")
        circle.told()
        circle.says(MIA, "/ambassadors")
        assert circle.told() == [
            "🌟 Helper: 1\n"
            "· Ana, since 2026-03-09. Since then: 0 tasks done, 0 people helped, 0 invited\n"
            "· Ben: asked on 2026-03-09, no answer yet\n"
            "· Cleo: shown to you on 2026-03-09, not decided\n"
            "· left alone for now or for good: 1"
        ]

    def test_is_not_for_members(self):
        circle = Circle()
        circle.joined(ANA)
        circle.says(BEN, "/ambassadors")
        assert "Ana" not in "".join(circle.told())


class TestStopping:
    @pytest.mark.parametrize("word", ["step down", "/stepdown", "卸任", "/退出达人"])
    def test_by_a_word(self, word: str):
        circle = Circle()
        circle.joined(ANA)
        circle.says(ANA, word)
        assert (circle.stage(ANA), circle.tags(ANA)) == ("ended", frozenset())
        assert circle.told()[-1] == "Ana stepped down (Helper), and is left alone for 180 days."

    def test_the_word_of_others_means_nothing(self):
        circle = Circle()
        circle.says(BEN, "卸任")
        assert circle.told() == []
        circle.says(BEN, "/stepdown")
        assert circle.told() == ["You are no ambassador, so there is nothing to step down from."]

    def test_a_tag_that_they_had_before_is_left(self):
        circle = Circle(tag="trusted")
        circle.says(ADA, "/trust @ana")
        circle.joined(ANA)
        circle.says(ANA, "step down")
        assert circle.tags(ANA) == {"trusted"}

    def test_who_leaves_is_none_any_more(self):
        circle = Circle()
        circle.joined(ANA)
        circle.leaves(ANA)
        assert circle.told() == ["Ana left the group and is no ambassador any more (Helper)."]
        circle.run(MemberJoined(id=circle.id(), at=circle.at, group="g", actor=ANA))
        assert (circle.stage(ANA), circle.tags(ANA)) == ("ended", frozenset())

    def test_who_leaves_without_an_answer_was_none(self):
        circle = Circle()
        circle.asked(ANA)
        circle.leaves(ANA)
        assert circle.stage(ANA) == "declined"
        circle.told()
        assert circle.pass_(days=15) == []

    def test_who_leaves_with_one_of_two_accounts_is_still_one(self):
        circle = Circle(discover="member.active_days_30d >= 3")
        circle.says(OTHER_MIA, "hello")
        circle.says(OTHER_MIA, "that is me")
        circle.says(ADA, f"/ambassador invite {MIA.account}")
        circle.presses(MIA, YES)
        circle.leaves(OTHER_MIA)
        assert circle.stage(MIA) == "active"


class TestOnePerson:
    def test_whom_the_admins_never_want_asked_is_not_with_another_account(self):
        circle = Circle(discover="member.active_days_30d >= 3")
        circle.says(OTHER_MIA, "hello")
        circle.says(ADA, f"/ambassador never {MIA.account}")
        circle.says(OTHER_MIA, "that is me")
        circle.told()
        assert circle.lives(14, OTHER_MIA) == []
        assert circle.stage(OTHER_MIA) == "never"

    def test_of_two_paths_the_one_that_binds_more_counts(self):
        circle = Circle(discover="member.active_days_30d >= 3")
        circle.lives(7, OTHER_MIA)
        assert circle.stage(OTHER_MIA) == "listed"
        circle.says(ADA, f"/ambassador never {MIA.account}")
        circle.says(OTHER_MIA, "that is me")
        assert circle.stage(OTHER_MIA) == circle.stage(MIA) == "never"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"discover": "member.active_days_30d >= 31"}, "nobody can ever be found"),
        ({"discover": "member.points > 5 && member.points < 3"}, "nobody can ever be found"),
        ({"most": 0}, "greater than or equal"),
        ({"look": "someday"}, "not a time"),
        ({"invite": "${member.points}"}, "member.points"),
    ],
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, Any], why: str):
    with pytest.raises(ValueError, match=why):
        Ambassadors.model_validate({"koc": {**KOC, **wrong}})


def test_the_lines_are_for_admins_and_the_question_for_one_member():
    circle = Circle()
    circle.asked(ANA)
    for row in circle.store.outbox("g"):
        effect = row.effect
        if isinstance(effect, Say) and effect.choices:
            assert effect.to == ANA.account
        elif isinstance(effect, TellAdmins) and plain(effect.words).startswith("🌱"):
            assert effect.about == ANA.account


def test_the_end_of_one_of_several_kinds_need_not_name_it_where_they_are_one_alone():
    circle = Circle(kinds={"koc": KOC, "kol": {"name": "Guide"}})
    circle.joined(ANA)
    circle.says(ADA, "/ambassador end @ana too busy")
    assert circle.told() == ["✅ Ana is no ambassador any more (Helper)."]
    assert circle.stage(ANA) == "ended"
    circle.says(ADA, "/ambassador end @ben")
    assert circle.told() == ["Which one is meant? Write it behind the name: Helper, Guide."]
