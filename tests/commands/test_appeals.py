"""Appeals: once for each act that stands, decided by another admin, and counted against the rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.decision import NOTHING, Bind, Decision
from core.effects import Ban, Mute, Say, TellAdmins, Unban, Unmute, plain
from core.engine import Engine
from core.events import ButtonPressed, JoinRequested, MemberJoined, MemberLeft, MessagePosted
from core.people import Account, Actor, ActorKind
from core.workflow import Bound, Group, Workflow
from tests.commands.group import ADA, ALL_RIGHTS, ANA, BEN, BOSS, CLEO, GHOST, MIA, ROBOT, Steered, actor, admin, button
from workflows import appeals, digests, onboarding, quiet, referrals
from workflows.acts import ACTS, KEPT
from workflows.appeal_book import APPEAL, APPEALED, UPHELD
from workflows.appeal_options import Appeals
from workflows.command_list import weight
from workflows.digest_options import Digests
from workflows.faq import workflow as faq_workflow
from workflows.faq_options import Faq
from workflows.onboarding_options import Onboarding
from workflows.onboarding_state import PROGRESS
from workflows.referral_options import Referrals
from workflows.rule_options import Rules

SPAM = {"id": "spam", "when": "message", "if": 'msg.text == "spam"', "then": ["delete", {"mute": "2d"}]}
ADS = {"id": "ads", "name": {"zh": "不发广告", "en": "No ads"}, "when": "message", "if": 'msg.text == "ads"',
       "then": [{"warn": "no ads"}]}  # fmt: skip
OUT = {"id": "scam", "when": "message", "if": 'msg.text == "scam"', "then": ["delete", {"ban": "7d"}]}
OTTO = admin(10009, "Otto", *ALL_RIGHTS)
OTHER_ADA = Actor(account=Account("wechat:ada"), name="Ada")
WHY = "I only shared my own blog"


def _binds(event: object, options: object, view: object) -> Decision:
    assert isinstance(event, MessagePosted)
    account = event.text.removeprefix("that is me: ")
    if account == event.text:
        return NOTHING
    return Decision(changes=(Bind(one=Account(account), other=event.actor.account),), because=("bound",))


binding = Workflow("binding", dict, frozenset({MessagePosted}), lambda event, options: (), _binds)


class Court(Steered):
    """A steered group with appeals; `minutes` pass by `waits`."""

    def __init__(self, language: Any = "en", **options: Any) -> None:
        super().__init__(language, rules_written={"rules": [SPAM, ADS, OUT]})
        runs = (*self.group.runs, Bound(appeals.workflow, Appeals.model_validate(options)), Bound(binding, {}))
        self.group = Group(
            **{
                name: getattr(self.group, name)
                for name in ("key", "zone", "languages", "moderators", "texts", "report")
            },
            community="晨读营",
            owners=frozenset((OTHER_ADA.account,)),
            runs=runs,
        )
        self.engine = Engine(self.store, {"g": self.group})

    def waits(self, **span: float) -> None:
        self.at += timedelta(**span)
        self.engine.replay([], until=self.at)

    def writes(self, who: Any, text: str, seconds: float = 61) -> list[str]:
        """In private; what the assistant says to that."""
        self.says(who, text, private=True, seconds=seconds)
        return self.told()

    def binds(self, one: Actor, other: Actor) -> None:
        """They are one person from now on."""
        for who, text in ((other, "here"), (one, "here"), (one, f"that is me: {other.account}")):
            self.says(who, text)
        self.effects()

    def leaves(self, who: Any, by: Any = None) -> None:
        self.run(MemberLeft(id=self.id(), at=self.at, group="g", actor=who, by=by))

    def appealed(self, who: Any) -> dict[str, Any]:
        return next(
            (one.of for member, one in self.store.every_record("g", APPEALED) if member.account == who.account), {}
        )

    def keeps_bans(self) -> None:
        """Whoever was put out can be brought back by members."""
        self.group = replace(self.group, unbarred=("telegram",))
        self.engine = Engine(self.store, {"g": self.group})

    def asks(self, who: Any = BEN, text: str = "spam", *, leaves: bool = False) -> str:
        """Somebody is sanctioned and appeals twenty minutes later; the data of the admins' yes."""
        self.says(who, text)
        if leaves:
            self.leaves(who)
        self.waits(minutes=20)
        self.effects()
        self.says(who, f"/appeal {WHY}", private=True)
        return button(self.effects(), "appeal:yes:")


def test_the_sanction_bears_the_way_to_appeal():
    court = Court()
    for text in ("spam", "ads"):
        court.says(BEN, text)
        said = [effect for effect in court.effects() if isinstance(effect, Say)]
        assert [choice.label for choice in said[-1].choices if choice.private] == ["📮 Appeal"]
    court.says(ADA, "/mute @ana 1h")
    assert any(choice.private for effect in court.effects() for choice in getattr(effect, "choices", ()))


def test_where_appeals_are_closed_nothing_leads_there_and_that_is_said():
    court = Court(open=False)
    court.says(BEN, "spam")
    assert not any(choice.private for effect in court.effects() for choice in getattr(effect, "choices", ()))
    assert court.writes(BEN, "/appeal") == ["Appeals are not taken here. Please talk to an admin."]


@pytest.mark.parametrize(
    ("language", "why"),
    [
        ("en", "removed (wrong answer 1 of 1 to the question book). If that was wrong"),
        ("zh", "移出群（入群问题 book 答错 1/1 次）。如果弄错了"),
    ],
)
def test_who_did_not_get_in_is_not_told_of_a_broken_rule(language, why):
    court = Court(language)
    question = {"id": "book", "ask": "Paper?", "options": ["yes", "no"], "accept": "yes"}
    entry = Onboarding.model_validate({"entry": {"at": "door", "questions": [question], "tries": 1}})
    court.group = replace(court.group, runs=(Bound(onboarding.workflow, entry), *court.group.runs))
    court.engine = Engine(court.store, {"g": court.group})
    dan = Actor(account=Account("telegram:20009"), name="Dan")
    court.run(MemberJoined(id="dan", at=court.at, group="g", actor=dan))
    court.says(dan, "no")
    (notice,) = [told for told in court.told() if why in told]
    assert not any(deed in notice for deed in ("deleted", "删除"))


def test_who_chooses_an_act_that_is_too_fresh_is_told_when_before_they_write_why():
    court = Court()
    court.says(BEN, "ads")
    court.waits(minutes=20)
    court.says(BEN, "spam")
    court.effects()
    court.says(BEN, "/appeal", private=True)
    fresh, old = sorted(court.effects()[-1].choices, key=lambda choice: "muted" not in choice.label)
    court.presses(BEN, fresh.data)
    (said,) = court.told()
    assert "The admins take appeals against it from 03-02 10:32 on" in said
    court.presses(BEN, old.data)
    assert "Please write in one message" in court.told()[0]


@pytest.mark.parametrize("asked", ["/appeal", "申诉", "/申诉", "反馈", "/start"])
def test_an_appeal_is_opened_by_every_word_for_it_and_made_in_ones_own(asked):
    court = Court("zh")
    court.says(BEN, "ads")
    court.waits(minutes=20)
    court.told()
    (told,) = court.writes(BEN, asked)
    assert "警告（不发广告）" in told
    assert "30 分钟内" in told
    court.says(BEN, "那是我自己写的文章", private=True)
    line, sent = court.effects()
    assert isinstance(line, TellAdmins)
    assert "Ben 申诉" in str(line.words)
    assert "那是我自己写的文章" in str(line.words)
    assert line.evidence
    assert [choice.label for choice in line.choices] == ["✅ 成立，撤销处理", "❌ 维持原处理"]
    assert (sent.to, sent.confidential) == (BEN.account, True)
    assert court.writes(BEN, "还有一句") == []


@pytest.mark.parametrize(
    ("language", "asked", "told"),
    [
        ("en", "/appeal", "What is your appeal about? Choose one first, then send your reason once more"),
        ("zh", "申诉", "你要申诉哪一件？先选一件，再把理由发一遍"),
    ],
)
def test_who_writes_the_reason_before_they_have_chosen_is_asked_to_choose(language, asked, told):
    court = Court(language)
    for text in ("ads", "spam"):
        court.says(BEN, text)
    court.waits(minutes=20)
    court.effects()
    assert told not in court.writes(BEN, asked)[0]
    court.says(BEN, WHY, private=True)
    (which,) = court.effects()
    assert plain(which.words).startswith(told)
    assert court.appealed(BEN) == {}
    court.presses(BEN, which.choices[1].data)
    court.effects()
    court.says(BEN, WHY, private=True)
    assert [one.words for one in court.appealed(BEN).values()] == [WHY]


def test_who_is_asked_which_act_they_mean_may_do_something_else():
    court = Court()
    for text in ("ads", "spam"):
        court.says(BEN, text)
    court.waits(minutes=20)
    court.writes(BEN, "/appeal")
    assert "What is your appeal about" not in "".join(court.writes(BEN, "/me"))
    court.waits(hours=1)
    court.effects()
    assert "What is your appeal about" not in "".join(court.writes(BEN, WHY))


def test_of_several_acts_the_member_chooses_one():
    court = Court()
    court.says(BEN, "ads")
    court.says(BEN, "spam")
    court.waits(minutes=20)
    court.effects()
    court.says(BEN, "/appeal", private=True)
    (which,) = court.effects()
    assert [choice.label.split(" ", 2)[2] for choice in which.choices] == [
        "message deleted, muted for 2 d (against the rules of the group)",
        "warned (No ads)",
    ]
    court.presses(BEN, which.choices[1].data)
    assert "warned (No ads)" in court.told()[0]
    court.presses(CLEO, which.choices[0].data)
    assert court.effects() == []


@pytest.mark.parametrize(
    ("language", "command", "again"),
    [("en", "/appeal", "send your reason once more"), ("zh", "申诉", "再把理由发一遍")],
)
def test_who_gives_the_reason_before_the_act_is_told_to_give_it_again(language, command, again):
    """Until an act is chosen the words are no appeal, and are not kept."""
    court = Court(language)
    court.says(BEN, "ads")
    court.says(BEN, "spam")
    court.waits(minutes=20)
    court.effects()
    court.says(BEN, command, private=True)
    assert again not in court.told()[0]
    court.says(BEN, f"{command} {WHY}", private=True)
    (which,) = court.effects()
    assert again in plain(which.words)
    court.presses(BEN, which.choices[1].data)
    court.effects()
    court.says(BEN, WHY, private=True)
    assert WHY in str([effect.words for effect in court.effects() if isinstance(effect, TellAdmins)])


def test_an_appeal_that_is_upheld_takes_the_act_back_tells_the_member_and_counts_against_the_rule():
    court = Court()
    data = court.asks()
    court.presses(ADA, data)
    effects = court.effects()
    assert [effect.member for effect in effects if isinstance(effect, Unmute)] == [BEN.account]
    assert any(isinstance(effect, Say) and effect.to == BEN.account for effect in effects)
    lines = [plain(effect.words) for effect in effects if isinstance(effect, TellAdmins)]
    assert lines == [
        "✅ Ada upheld the appeal of Ben and took back what was done: message deleted, muted for 2 d. "
        "What cannot be taken back: message deleted."
    ]
    facts = [(fact.kind, fact.rule) for fact in court.store.facts("g") if fact.kind in (APPEAL, UPHELD)]
    assert facts == [(APPEAL, "spam"), (UPHELD, "spam")]
    court.says(ADA, "/status")
    assert "appeals: 1, upheld 1, undecided 0" in court.told()[-1]


def test_one_that_is_turned_down_changes_nothing_and_is_told():
    court = Court()
    court.presses(ADA, court.asks().replace(":yes:", ":no:"))
    effects = court.effects()
    assert not any(isinstance(effect, Unmute) for effect in effects)
    assert "did not change the decision" in str([e.words for e in effects if isinstance(e, Say)])
    assert court.writes(BEN, "/appeal") == ["You appealed against this once, and it was decided. That decision stands."]


def test_the_first_press_counts_whatever_follows():
    court = Court()
    data = court.asks()
    court.presses(ADA, data.replace(":yes:", ":no:"))
    court.effects()
    for who in (ADA, OTTO, BOSS):
        court.presses(who, data)
    assert court.effects() == []
    court.says(ADA, "/status")
    assert "appeals: 1, upheld 0, undecided 0" in court.told()[-1]


def test_who_may_not_undo_it_may_not_decide_and_a_made_up_press_does_nothing():
    court = Court()
    data = court.asks()
    stale, weak = admin(10002, "Ada", *ALL_RIGHTS, vouched=False), admin(10002, "Ada", "pin")
    for who in (BEN, ANA, ROBOT, stale, weak):
        court.presses(who, data)
    for forged in (
        "appeal:yes:ffffffffff:telegram:20002",
        "appeal:yes:",
        "appeal:maybe:1:telegram:2",
        "appeal:about:no",
    ):
        court.presses(ADA, forged)
    effects = court.effects()
    assert [effect.to for effect in effects] == [ADA.account, ADA.account]
    assert "The platform did not tell what you may do" in str(effects[0].words)
    assert plain(effects[1].words) == 'You lack the admin right "Ban users", so /undo was not carried out.'
    assert court.appealed(BEN)


@pytest.mark.parametrize(
    ("language", "refused"), [("en", "Only admins can use /unban."), ("zh", "/解封 只有管理员可以用。")]
)
def test_whoever_may_not_lift_a_ban_is_not_told_of_a_ban_when_upholding_an_appeal(language, refused):
    court = Court(language)
    court.presses(MIA, court.asks(text="scam", leaves=True))
    assert [plain(effect.words) for effect in court.effects()] == [refused]


def test_an_appeal_upheld_after_the_act_was_undone_is_told_in_one_line_with_that():
    court = Court()
    data = court.asks()
    court.says(OTTO, "/undo @ben")
    court.effects()
    court.presses(ADA, data)
    lines = [plain(effect.words) for effect in court.effects() if isinstance(effect, TellAdmins)]
    assert [line.partition("\n")[0] for line in lines] == ["✅ Ada upheld the appeal of Ben."]
    assert "took that back before" in lines[0]


def test_another_admin_than_the_one_who_acted_decides_until_a_day_has_passed():
    court = Court()
    court.says(ADA, "/mute @ben 7d rude")
    court.waits(minutes=20)
    court.effects()
    court.says(BEN, f"/appeal {WHY}", private=True)
    data = button(court.effects(), "appeal:yes:")
    court.presses(ADA, data)
    assert "so another admin decides. After 1 d without a decision you may." in court.told()[0]
    court.waits(hours=24)
    assert "From now on the admin who acted may decide it too" in court.told()[0]
    court.presses(ADA, data)
    assert any(isinstance(effect, Unmute) for effect in court.effects())


def test_another_admin_need_not_wait():
    court = Court()
    court.says(ADA, "/mute @ben 7d rude")
    court.waits(minutes=20)
    court.says(BEN, f"/appeal {WHY}", private=True)
    court.presses(OTTO, button(court.effects(), "appeal:yes:"))
    assert any(isinstance(effect, Unmute) for effect in court.effects())


def test_the_other_account_of_an_admin_is_no_other_admin_and_nobody_decides_about_themselves_by_one():
    court = Court()
    court.binds(OTHER_ADA, ADA)
    court.says(ADA, "/mute @ben 7d rude")
    court.waits(minutes=20)
    court.effects()
    court.says(BEN, f"/appeal {WHY}", private=True)
    court.presses(OTHER_ADA, button(court.effects(), "appeal:yes:"))
    assert "so another admin decides." in court.told()[0]
    court = Court()
    data = court.asks()
    court.binds(OTHER_ADA, BEN)
    court.presses(OTHER_ADA, data)
    assert court.told() == ["You cannot use /undo on yourself."]
    court.presses(OTTO, data)
    assert any(isinstance(effect, Unmute) for effect in court.effects())


def test_a_moderator_decides_about_a_mute_and_not_about_a_ban():
    court = Court()
    court.presses(MIA, court.asks())
    assert any(isinstance(effect, Unmute) for effect in court.effects())
    court.says(ADA, "/ban @ana spam")
    court.leaves(ANA)
    court.waits(minutes=20)
    court.says(ANA, f"/appeal {WHY}", private=True)
    data = button(court.effects(), "appeal:yes:")
    court.presses(MIA, data)
    assert court.told() == ["Only admins can use /unban."]
    court.presses(OTTO, data)
    assert any(isinstance(effect, Unban) for effect in court.effects())


def test_who_is_put_out_hears_why_in_private_and_can_appeal_from_outside():
    court = Court()
    court.says(BEN, "scam")
    (notice,) = [e for e in court.effects() if isinstance(e, Say) and e.to == BEN.account]
    assert notice.confidential
    assert "banned for 7 d (against the rules of the group)" in str(notice.words)
    assert [choice.private for choice in notice.choices] == [True]
    court.leaves(BEN)
    court.waits(minutes=20)
    assert "banned for 7 d" in court.writes(BEN, "/start")[0]
    court.says(BEN, WHY, private=True)
    court.presses(ADA, button(court.effects(), "appeal:yes:"))
    assert any(isinstance(effect, Unban) for effect in court.effects())


def test_an_outsider_is_heard_about_nothing_but_an_appeal():
    court = Court()
    court.says(BEN, "scam")
    court.leaves(BEN)
    court.told()
    for text in ("/me", "积分", "/top", "/rules", "/help", "打卡", "hello"):
        assert court.writes(BEN, text) == [], text
    assert [row.workflow for row in court.store.audit("g") if row.at > court.at - timedelta(seconds=300)] == []


def test_who_comes_back_from_a_ban_has_nothing_left_to_appeal_against():
    court = Court()
    court.says(BEN, "scam")
    court.waits(minutes=20)
    court.told()
    assert "There is nothing in 晨读营" in court.writes(BEN, "/appeal")[0]


@pytest.mark.parametrize("over", ["/unmute @ben", "/undo @ben"])
def test_what_no_longer_stands_cannot_be_appealed_against(over):
    court = Court()
    court.says(ADA, "/mute @ben 7d")
    court.says(ADA, over)
    court.waits(minutes=20)
    court.told()
    assert "There is nothing" in court.writes(BEN, "/appeal")[0]


def test_a_mute_that_is_over_and_a_warning_that_expired_are_no_matter():
    court = Court(within="60d")
    court.says(BEN, "spam")
    court.says(BEN, "ads")
    court.waits(days=31)
    court.told()
    assert "There is nothing" in court.writes(BEN, "/appeal")[0]


def test_an_appeal_waits_a_while_after_the_act_and_after_the_last_one():
    court = Court(between="1d", wait="10m")
    court.says(BEN, "ads")
    court.told()
    assert "appeals against it from 03-02 10:11 on" in court.writes(BEN, "/appeal")[0]
    court.waits(minutes=10)
    court.writes(BEN, f"/appeal {WHY}")
    court.says(BEN, "spam")
    court.waits(hours=1)
    court.told()
    assert "appeals against it from 03-03 10:1" in court.writes(BEN, "/appeal")[0]


EARLY = {
    "en": (
        "I keep that, and hand it to the admins at 03-02 10:11; I will tell you. To change it before then, "
        "send /appeal and your new reason.",
        '📮 Ben appeals against: 03-02 10:01 warned (rule "No ads"; the text is ads; live warnings: 1)\n> ' + WHY,
        "Your appeal is with the admins now, and another one than who acted will decide. I will tell you.",
    ),
    "zh": (
        "收到，先替你留着，03-02 10:11 自动交给管理员，到时候告诉你。在那之前想改，再发一次 /申诉 加上新的理由就行。",
        "📮 Ben 申诉：03-02 10:01 警告（规则：「不发广告」；文字是 ads；有效警告 1 次）\n> " + WHY,
        "时间到了，你的申诉已经交给管理员，由当时没有经手的管理员来决定。有结果我会告诉你。",
    ),
}


@pytest.mark.parametrize("asked", ["at once", "when asked"])
@pytest.mark.parametrize("language", EARLY)
def test_an_appeal_that_comes_early_is_kept_and_filed_when_its_time_comes(language, asked):
    kept, line, sent = EARLY[language]
    court = Court(language, wait="10m")
    court.says(BEN, "ads")
    court.told()
    if asked == "at once":
        told = court.writes(BEN, f"/appeal {WHY}")
    else:
        court.writes(BEN, "/appeal")
        told = court.writes(BEN, WHY)
    assert told == [kept]
    assert court.appealed(BEN)[next(iter(court.appealed(BEN)))].words == WHY
    court.waits(minutes=5)
    assert court.effects() == []
    court.engine = Engine(court.store, {"g": court.group})
    court.waits(minutes=6)
    effects = court.effects()
    assert [plain(one.words) for one in effects] == [line, sent]
    assert (effects[1].to, effects[1].confidential) == (BEN.account, True)
    court.presses(OTTO, button(effects, "appeal:yes:"))
    assert court.ledger("warning") == 0
    court.told()
    court.waits(hours=25)
    assert court.told() == [], "nobody is told of it again"


def test_of_what_is_written_early_twice_the_last_counts():
    court = Court(wait="10m")
    court.says(BEN, "ads")
    court.writes(BEN, "/appeal that was wrong")
    court.writes(BEN, f"/appeal {WHY}")
    court.told()
    court.waits(minutes=10)
    line, _ = court.told()
    assert WHY in line
    assert "that was wrong" not in line


@pytest.mark.parametrize("over", ["undone", "closed"])
def test_an_early_appeal_that_has_nothing_left_to_be_about_is_deleted_and_that_is_told(over):
    court = Court(wait="10m")
    court.says(BEN, "ads")
    court.writes(BEN, f"/appeal {WHY}")
    if over == "undone":
        court.says(ADA, "/undo @ben")
    else:
        runs = [
            Bound(appeals.workflow, Appeals(open=False)) if one.name == "appeals" else one for one in court.group.runs
        ]
        court.group = replace(court.group, runs=tuple(runs))
        court.engine = Engine(court.store, {"g": court.group})
    court.told()
    court.waits(minutes=10)
    (told,) = court.told()
    assert ("I have deleted your words" in told) == (over == "undone")
    assert court.appealed(BEN) == {}
    assert not any(act.appealed for _, acts in court.store.every_record("g", ACTS) for act in acts.last.values())


def test_two_early_appeals_are_a_day_apart_and_the_second_is_told_when():
    court = Court(wait="10m", between="1d")
    court.says(BEN, "ads")
    court.writes(BEN, f"/appeal {WHY}")
    court.says(BEN, "spam")
    court.effects()
    court.says(BEN, "/appeal", private=True)
    fresh = next(choice for choice in court.effects()[-1].choices if "muted" in choice.label)
    court.presses(BEN, fresh.data)
    court.writes(BEN, "and that was no spam")
    court.waits(minutes=20)
    _, _, later = court.told()
    assert "hand it to the admins at 03-03 10:11" in later
    court.waits(days=1)
    assert "and that was no spam" in court.told()[0]


def test_who_writes_about_something_else_when_a_kept_appeal_is_filed_is_heard():
    court = Court(wait="10m")
    court.says(BEN, "ads")
    court.writes(BEN, f"/appeal {WHY}")
    court.waits(minutes=5)
    court.says(BEN, "spam")
    court.effects()
    court.says(BEN, "/appeal", private=True)
    fresh = next(choice for choice in court.effects()[-1].choices if "muted" in choice.label)
    court.presses(BEN, fresh.data)
    court.waits(minutes=5)
    assert any(WHY in told for told in court.told())
    (told,) = court.writes(BEN, "and that was no spam")
    assert "I keep that, and hand it to the admins at" in told


def test_who_writes_anew_when_their_kept_appeal_is_filed_is_told_that_it_was():
    court = Court(wait="10m")
    court.says(BEN, "ads")
    court.writes(BEN, f"/appeal {WHY}")
    court.waits(minutes=5)
    court.writes(BEN, "/appeal")
    court.waits(minutes=5)
    court.told()
    assert court.writes(BEN, "better words") == ["Your appeal is with the admins. I will tell you what they decide."]


def test_a_member_has_so_many_appeals_a_month():
    court = Court(most=2, between="1h", wait="1m")
    for _ in range(3):
        court.says(BEN, "ads")
        court.waits(hours=2)
        court.told()
        told = court.writes(BEN, f"/appeal {WHY}")
    assert told == ["That would be more than 2 appeals in 30 days. Please talk to an admin."]


def test_an_appeal_says_something_and_no_more_than_can_be_read():
    court = Court()
    court.says(BEN, "ads")
    court.waits(minutes=20)
    court.told()
    assert "say a little more" in court.writes(BEN, "/appeal ?")[0]
    court.writes(BEN, "/appeal")
    court.writes(BEN, "x" * 5_000 + "\n\u202ehidden")
    ((_, kept),) = court.appealed(BEN).items()
    assert len(kept.words) == appeals.LONGEST
    assert "\u202e" not in kept.words


def test_the_words_go_when_they_were_kept_long_enough():
    court = Court(kept="30d")
    court.presses(ADA, court.asks())
    ((_, kept),) = court.appealed(BEN).items()
    assert kept.words == WHY
    court.waits(days=30)
    ((_, kept),) = court.appealed(BEN).items()
    assert (kept.words, kept.stage) == ("", "upheld")


def test_of_an_appeal_that_nobody_decides_the_words_go_too_and_it_can_still_be_decided():
    court = Court()
    data = court.asks()
    court.waits(days=89)
    assert [one.words for one in court.appealed(BEN).values()] == [WHY]
    court.waits(days=2)
    ((_, kept),) = court.appealed(BEN).items()
    assert (kept.words, kept.stage) == ("", "open")
    ((_, held),) = court.store.every_record("g", ACTS)
    assert [act.appealed for act in held.last.values()] == [True]
    court.presses(OTTO, data)
    ((_, kept),) = court.appealed(BEN).items()
    assert kept.stage != "open"


def test_what_a_newcomer_writes_to_appeal_is_no_answer_to_a_step():
    court = Court()
    steps = Onboarding.model_validate({"steps": [{"id": "why", "ask": "Why?", "text": {"min_chars": 4}}]})
    court.group = replace(court.group, runs=(Bound(onboarding.workflow, steps), *court.group.runs))
    court.engine = Engine(court.store, {"g": court.group})
    who = actor(20009, "Dan")
    court.run(MemberJoined(id=court.id(), at=court.at, group="g", actor=who))
    court.says(ADA, "/warn @dan ads")
    court.waits(minutes=20)
    court.says(who, "/appeal", private=True)
    court.told()
    court.says(who, WHY, private=True)
    assert not [line for line in court.told() if "Enjoy" in line]
    assert [one.words for one in court.appealed(who).values()] == [WHY]
    ((_, progress),) = court.store.every_record("g", PROGRESS)
    assert progress.answers == {}
    court.says(who, "I like poems", private=True)
    ((_, progress),) = court.store.every_record("g", PROGRESS)
    assert progress.answers == {"why": "I like poems"}


def test_an_act_stays_no_longer_than_the_words_though_the_appeal_was_dropped_before():
    court = Court(kept="120d")
    court.presses(ADA, court.asks().replace(":yes:", ":no:"))
    court.waits(days=95)
    court.asks(text="ads")
    assert [one.rule for one in court.appealed(BEN).values()] == ["ads"]
    court.waits(days=25)
    ((_, held),) = court.store.every_record("g", ACTS)
    assert [(act.rule, act.appealed) for act in held.last.values()] == [("spam", False), ("ads", True)]


def test_in_the_group_one_is_asked_to_write_in_private():
    court = Court("zh")
    court.says(BEN, "申诉")
    (say,) = court.effects()
    assert [choice.private for choice in say.choices] == [True]
    assert "私聊" in str(say.words)


def test_a_paused_group_still_hears_appeals():
    court = Court()
    court.says(BEN, "spam")
    court.says(ADA, "/pause")
    court.waits(minutes=20)
    court.effects()
    court.says(BEN, f"/appeal {WHY}", private=True)
    court.presses(ADA, button(court.effects(), "appeal:yes:"))
    assert any(isinstance(effect, Unmute) for effect in court.effects())


@pytest.mark.parametrize(("kept", "told"), [(True, "(rule spam; "), (False, "(spam; ")])
def test_the_admins_read_which_rule_an_appeal_is_about_while_it_is_one(kept, told):
    court = Court()
    court.says(BEN, "spam")
    if not kept:
        runs = (Bound(one.workflow, Rules()) if one.name == "rules" else one for one in court.group.runs)
        court.group = replace(court.group, runs=tuple(runs))
        court.engine = Engine(court.store, {"g": court.group})
    court.waits(minutes=20)
    court.effects()
    court.says(BEN, f"/appeal {WHY}", private=True)
    (line,) = [effect for effect in court.effects() if isinstance(effect, TellAdmins)]
    assert told in str(line.words)


def test_once_a_newer_one_stands_an_old_mute_is_no_matter_for_an_appeal():
    court = Court()
    court.says(BEN, "spam")
    court.says(ADA, "/mute @ben 7d rude")
    court.waits(minutes=20)
    court.told()
    (told,) = court.writes(BEN, "/appeal")
    assert "muted for 7 d (rude). Please write" in told


def test_joining_again_while_muted_gives_no_second_appeal():
    court = Court()
    court.presses(ADA, court.asks().replace(":yes:", ":no:"))
    court.run(MemberJoined(id=court.id(), at=court.at, group="g", actor=BEN))
    court.waits(minutes=20)
    court.told()
    assert court.writes(BEN, "/appeal") == ["You appealed against this once, and it was decided. That decision stands."]


def test_a_mute_put_back_of_which_nothing_is_known_any_more_can_be_appealed_against():
    court = Court()
    court.says(ADA, "/mute @ben 7d rude")
    for n in range(KEPT):
        court.says(OTTO, f"/note @ben {n}", seconds=1)
    court.run(MemberJoined(id=court.id(), at=court.at, group="g", actor=BEN))
    court.waits(minutes=20)
    court.told()
    assert "(joined again while muted, " in court.writes(BEN, "/appeal")[0]


def test_joining_again_while_banned_gives_no_second_appeal():
    court = Court()
    court.keeps_bans()
    data = court.asks(text="scam", leaves=True)
    court.presses(ADA, data.replace(":yes:", ":no:"))
    for _ in range(KEPT + 1):
        court.run(MemberJoined(id=court.id(), at=court.at, group="g", actor=BEN))
        assert any("out they go again" in line for line in court.told())
        court.leaves(BEN)
        court.waits(minutes=20)
    court.told()
    assert court.writes(BEN, "/appeal") == ["You appealed against this once, and it was decided. That decision stands."]


def test_an_appeal_against_a_ban_outlasts_joining_again():
    court = Court()
    court.keeps_bans()
    data = court.asks(text="scam", leaves=True)
    court.run(MemberJoined(id=court.id(), at=court.at, group="g", actor=BEN))
    court.leaves(BEN)
    court.effects()
    court.presses(ADA, data)
    assert any(isinstance(effect, Unban) for effect in court.effects())


def test_an_appeal_outlasts_whatever_happens_until_it_is_decided():
    court = Court()
    court.says(ADA, "/mute @ben 7d rude")
    court.waits(minutes=20)
    court.effects()
    court.says(BEN, f"/appeal {WHY}", private=True)
    data = button(court.effects(), "appeal:yes:")
    for n in range(2 * KEPT):
        court.says(OTTO, f"/note @ben {n}", seconds=1)
    court.told()
    court.presses(ADA, data)
    assert "so another admin decides." in court.told()[0]
    court.presses(OTTO, data)
    assert any(isinstance(effect, Unmute) for effect in court.effects())
    court.waits(days=30)
    court.says(OTTO, "/note @ben the last")
    ((_, kept),) = ((who, acts) for who, acts in court.store.every_record("g", ACTS) if who.account == BEN.account)
    assert len(kept.last) == KEPT


OTHER_WORDS = ("我的积分", "积分", "排行", "/me", "我的打卡", "我的等级", "早上几点开始", "订阅周报", "退订摘要",
               "别提醒我", "恢复提醒", "Stop  reminders", "邀请码 AB3D5F")  # fmt: skip


def _among(court: Court, *others: Bound[Any]) -> None:
    court.group = replace(court.group, runs=(*court.group.runs, *others))
    court.engine = Engine(court.store, {"g": court.group})


@pytest.mark.parametrize("text", OTHER_WORDS)
def test_what_is_meant_for_others_is_not_the_appeal(text):
    court = Court("zh")
    faq = Faq.model_validate({"when": {"ask": ["早上几点开始？"], "answer": "六点"}})
    told = Digests.model_validate({"weekly": {"at": "sun 20:00", "sections": ["activity"], "to": ["g"]}})
    _among(
        court,
        Bound(faq_workflow, faq),
        Bound(digests.workflow, told),
        Bound(quiet.workflow, quiet.Reminded()),
        Bound(referrals.workflow, Referrals()),
    )
    court.says(BEN, "ads")
    court.waits(minutes=20)
    court.writes(BEN, "/appeal")
    assert court.writes(BEN, text) != []
    assert court.appealed(BEN) == {}
    court.writes(BEN, "我的积分很多，我只是分享了早上几点开始，不是广告")
    assert len(court.appealed(BEN)) == 1


@pytest.mark.parametrize("text", ["订阅周报", "别提醒我", "邀请码 AB3D5F", "帮助 别人不算广告", "help is no ad"])
def test_words_that_nobody_answers_are_the_appeal(text):
    court = Court("zh")
    court.says(BEN, "ads")
    court.waits(minutes=20)
    court.writes(BEN, "/appeal")
    court.writes(BEN, text)
    assert len(court.appealed(BEN)) == 1


def test_who_asks_to_be_let_in_again_is_not_taken_to_write_an_appeal():
    court = Court()
    court.says(BEN, "scam")
    court.leaves(BEN)
    court.waits(minutes=20)
    court.writes(BEN, "/appeal")
    court.run(JoinRequested(id=court.id(), at=court.at, group="g", actor=BEN))
    assert court.writes(BEN, "because I like to read") == []
    assert court.appealed(BEN) == {}


@pytest.mark.parametrize(
    ("quiet", "desk", "notices"), [(True, False, 1), (False, True, 1), (False, False, 0)], ids=["quiet", "desk", "loud"]
)
def test_who_is_muted_where_the_group_reads_nothing_of_it_hears_why_in_private(quiet, desk, notices):
    group = Steered(quiet=quiet, also=(Bound(appeals.workflow, Appeals()),))
    group.says(ADA, "/mute @ben 2h rude", private=desk, desk=desk)
    told = [effect for effect in group.effects() if isinstance(effect, Say) and effect.to == BEN.account]
    assert len(told) == notices
    for notice in told:
        assert notice.confidential
        assert "muted for 2 h (rude)" in str(notice.words)
        assert [choice.private for choice in notice.choices] == [True]


def test_who_is_muted_as_an_admin_said_yes_to_it_hears_why_in_private():
    rule = {"id": "ads", "name": "No ads", "when": "message", "if": 'msg.text == "ads"'}
    asking = {"rules": [{**rule, "then": [{"propose": {"mute": "2h"}}]}]}
    group = Steered(rules_written=asking, also=(Bound(appeals.workflow, Appeals()),))
    group.says(BEN, "ads")
    (question,) = group.effects()
    group.presses(ADA, question.choices[0].data)
    (notice,) = [effect for effect in group.effects() if isinstance(effect, Say) and effect.to == BEN.account]
    assert "muted for 2 h (No ads)" in str(notice.words)
    assert [choice.private for choice in notice.choices] == [True]


@pytest.mark.parametrize(
    ("language", "who", "told"),
    [
        ("en", ADA, "/appeal is not for the admins' chat."),
        ("en", GHOST, "Anonymous admins cannot use /appeal. Please send it with your own account."),
        ("zh", ADA, "/申诉 不在管理群里用。"),
        ("zh", GHOST, "匿名管理员不能用 /申诉，请用自己的账号来发。"),
    ],
)
@pytest.mark.parametrize("private", [True, False])
def test_an_appeal_in_the_admins_chat_is_answered_with_where_it_can_be_made(language, who, told, private):
    court = Court(language)
    court.says(who, "/appeal", private=private, desk=True)
    court.says(who, "and another thing", private=private, desk=True)
    assert court.told() == [told]


def test_who_writes_as_the_group_cannot_appeal_in_private():
    court = Court()
    court.says(GHOST, "/appeal I only shared my blog", private=True)
    assert court.told() == ["Anonymous admins cannot use /appeal. Please send it with your own account."]
    assert court.appealed(GHOST) == {}


def test_plain_messages_cost_an_appeal_nothing():
    event = MessagePosted(id="1", at=Court().at, group="g", actor=BEN, message="1", text="申诉的事怎么办呢")
    assert appeals.reads(event, Appeals()) is None


def test_the_platform_is_asked_at_once_about_who_decides():
    press = ButtonPressed(id="1", at=Court().at, group="g", actor=ADA, data="appeal:yes:0123456789:telegram:20002")
    assert weight(press) == 2


def test_a_mute_given_on_top_is_not_lifted_by_an_appeal_against_a_warning():
    court = Court()
    court.says(BEN, "ads")
    court.says(ADA, "/mute @ben 7d")
    court.waits(minutes=20)
    court.effects()
    court.says(BEN, "/appeal", private=True)
    (which,) = court.effects()
    court.presses(BEN, which.choices[1].data)
    court.says(BEN, WHY, private=True)
    court.presses(OTTO, button(court.effects(), "appeal:yes:"))
    effects = court.effects()
    assert not any(isinstance(effect, Unmute | Mute) for effect in effects)
    assert court.ledger("warning") == 0


def test_a_channel_that_is_banned_is_written_to_by_nobody():
    court = Court()
    channel = actor(-1009, "News", kind=ActorKind.CHANNEL)
    court.says(channel, "tea at five")
    court.says(ADA, "/ban ads", to=channel)
    effects = court.effects()
    assert any(isinstance(effect, Ban) for effect in effects)
    assert [effect for effect in effects if isinstance(effect, Say) and effect.to is not None] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_start_offers_an_appeal_once_there_can_be_one_and_says_nothing_of_it_before(language):
    court = Court(language)
    court.says(ADA, "/mute @ben 1d ads")
    court.told()
    court.says(BEN, "/start", private=True)
    assert court.told() == []
    court.says(BEN, "/start", private=True, seconds=900)
    (said,) = court.told()
    assert {"en": "muted", "zh": "禁言"}[language] in said
