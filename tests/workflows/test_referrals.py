"""Invitations: credited once, to somebody else, for who stays and takes part; taken back when they leave soon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core import state
from core.decision import NOTHING, Bind, Decision, Part
from core.effects import Invite, TellAdmins
from core.engine import Engine
from core.events import ButtonPressed, InviteMade, JoinRequested, MemberJoined, MemberLeft, MessagePosted
from core.memory import MemoryStore
from core.people import Account, Actor, ActorKind
from core.state import POINTS
from core.workflow import Bound, Group, Workflow
from tests.commands.group import ALL_RIGHTS, admin, button
from tests.support.ears import Ears
from workflows import referrals
from workflows.command_list import weight
from workflows.facts import INVITE_COUNTED
from workflows.referral_book import INVITED, INVITEE, MADE, code_in
from workflows.referral_options import Referrals
from workflows.texts import Catalog

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def person(number: int, name: str = "", platform: str = "telegram", **told: Any) -> Actor:
    return Actor(account=Account(f"{platform}:{number}"), name=name or f"P{number}", **told)


HOST, BOSS = person(1, "Hua"), admin(10001, "Boss", *ALL_RIGHTS)
WX, WX_NEW = person(1, "阿花", "wechat"), person(2, "Hua", "wechat")


def _binds(event: object, options: object, view: Any) -> Decision:
    assert isinstance(event, MessagePosted)
    if event.text == "that is not me":
        return Decision(changes=tuple(Part(bond=bond) for bond in view.get(state.bonds(event.actor.account))))
    account = event.text.removeprefix("that is me: ")
    if account == event.text:
        return NOTHING
    return Decision(changes=(Bind(one=Account(account), other=event.actor.account),), because=("bound",))


def _bonds(event: object, options: object) -> Any:
    assert isinstance(event, MessagePosted)
    return (state.bonds(event.actor.account),)


binding = Workflow("binding", dict, frozenset({MessagePosted}), _bonds, _binds)


class Town(Ears):
    """A group with invitations; `joins` and `stays` tell the story of a newcomer."""

    def __init__(self, staff: frozenset[Account] = frozenset(), **options: Any) -> None:
        self.store = MemoryStore()
        self.group = Group(
            key="g",
            zone=ZoneInfo("Asia/Shanghai"),
            languages=("en", "zh"),
            staff=staff,
            runs=(Bound(referrals.workflow, Referrals.model_validate(options)), Bound(binding, {})),
            texts=Catalog.shipped(),
        )
        self.engine = Engine(self.store, {"g": self.group})
        self.at, self.made = START, 0
        for one in (HOST, WX):
            self.happens(MemberJoined, actor=one)

    def happens(self, kind: type, *, minutes: float = 1, **fields: Any) -> None:
        self.at += timedelta(minutes=minutes)
        self.made += 1
        platform = fields["actor"].account.partition(":")[0]
        event = kind(id=f"{platform}:{self.made}", at=self.at, group="g", **fields)
        outcome = self.engine.replay([event])
        assert not outcome.faults, outcome.faults
        assert not outcome.buried, outcome.buried

    def joins(self, who: Actor, by: Actor | None = HOST, minutes: float = 61, **told: Any) -> None:
        self.happens(MemberJoined, actor=who, by=by, minutes=minutes, **told)

    def leaves(self, who: Actor) -> None:
        self.happens(MemberLeft, actor=who)

    def says(self, who: Actor, text: str, **told: Any) -> list[str]:
        self.happens(MessagePosted, actor=who, message=str(self.made), text=text, **told)
        return self.told()

    def passes(self, **span: float) -> None:
        self.at += timedelta(**span)
        outcome = self.engine.replay([], until=self.at)
        assert not outcome.faults, outcome.faults

    def stays(self, who: Actor, days: int = 8, active: int = 3) -> None:
        for day in range(days):
            if day < active:
                self.says(who, "good morning")
            self.passes(days=1)

    def sum(self, kind: str, who: Actor = HOST) -> int:
        (person,) = [member.person for member in self.store.people("g") if member.account == who.account]
        return sum(fact.amount for fact in self.store.facts("g") if fact.kind == kind and fact.person == person)

    def stage(self, who: Actor) -> str:
        return next((one.stage for m, one in self.store.every_record("g", INVITEE) if m.account == who.account), "")


def test_who_stays_and_takes_part_counts_once():
    town = Town()
    town.joins(person(2, "Li"))
    assert (town.sum(INVITED), town.sum(INVITE_COUNTED), town.sum(POINTS)) == (1, 0, 0)
    town.told()
    town.stays(person(2, "Li"))
    assert (town.sum(INVITED), town.sum(INVITE_COUNTED), town.sum(POINTS)) == (1, 1, 10)
    assert town.told() == ["🎉 Li, whom you invited to g, stayed and took part: +10"]
    town.stays(person(2, "Li"), days=60, active=60)
    assert town.sum(POINTS) == 10


def test_days_without_activity_are_waited_for_and_then_it_lapses():
    town = Town(give_up_after="20d")
    town.joins(person(2))
    town.stays(person(2), days=10, active=1)
    assert town.stage(person(2)) == "pending"
    town.says(person(2), "a")
    town.passes(days=1)
    town.says(person(2), "b")
    town.passes(days=2)
    assert town.stage(person(2)) == "counted"
    town.joins(person(3))
    town.passes(days=21)
    assert town.stage(person(3)) == "lapsed"
    assert town.sum(POINTS) == 10


def test_the_source_is_mostly_unknown_and_that_is_no_error():
    town = Town()
    town.joins(person(2), by=None)
    town.joins(person(3), by=HOST, added_by_admin=True)
    town.joins(person(4), by=person(5, kind=ActorKind.BOT))
    town.passes(days=40)
    assert (town.sum(INVITED), town.told()) == (0, [])


@pytest.mark.parametrize("before", ["joined by no link", "invited", "was a member"])
def test_a_second_join_is_nobodys_merit(before):
    town = Town()
    if before == "was a member":
        town.says(person(2), "hello")
        town.passes(days=4)
    else:
        town.joins(person(2), by=HOST if before == "invited" else None)
        town.leaves(person(2))
    made = town.sum(INVITED)
    town.joins(person(2))
    town.stays(person(2), days=40, active=40)
    assert town.sum(INVITED) == made
    assert town.sum(POINTS) == 0


def test_waiting_at_the_door_is_no_earlier_join():
    town = Town()
    town.happens(JoinRequested, actor=person(2))
    town.joins(person(2))
    assert town.sum(INVITED) == 1


def test_a_bot_that_a_member_adds_is_nobodys_merit():
    town = Town()
    town.joins(person(2, kind=ActorKind.BOT))
    town.passes(days=40)
    assert (town.sum(INVITED), town.stage(person(2))) == (0, "")


@pytest.mark.parametrize("gone", ["before somebody comes by their link", "before they count", "after they counted"])
def test_who_left_gets_nothing_for_whom_they_invited(gone):
    town = Town()
    if gone == "before somebody comes by their link":
        town.leaves(HOST)
    town.joins(person(2))
    if gone == "before they count":
        town.leaves(HOST)
    town.stays(person(2))
    if gone == "after they counted":
        town.leaves(HOST)
    invited, counted, stage = {
        "before somebody comes by their link": (0, 0, ""),
        "before they count": (1, 0, "refused"),
        "after they counted": (1, 1, "counted"),
    }[gone]
    assert (town.sum(INVITED), town.sum(INVITE_COUNTED), town.stage(person(2))) == (invited, counted, stage)
    assert town.sum(POINTS) == 10 * counted


def test_nobody_invites_themselves_by_a_second_account_of_theirs():
    town = Town()
    twin = person(77, "Hua again")
    town.store._accounts[twin.account] = (
        town.store._accounts[HOST.account][0],
        *town.store._accounts[HOST.account][1:],
    )
    town.joins(twin)
    assert town.sum(INVITED) == 0


def test_who_turns_out_to_be_oneself_before_they_count_never_counts():
    town = Town()
    town.joins(WX_NEW)
    town.says(HOST, f"that is me: {WX_NEW.account}")
    town.stays(WX_NEW)
    assert (town.sum(INVITE_COUNTED), town.sum(POINTS)) == (0, 0)
    assert town.stage(HOST) == "refused"


@pytest.mark.parametrize("bound", ["before they count", "afterwards"])
@pytest.mark.parametrize("first", ["the one that joined", "the other"])
def test_what_was_paid_is_taken_back_once_from_who_was_two_accounts_for_a_while(bound, first):
    town, li, other = Town(), person(2, "Li"), person(9, "小李", "wechat")
    town.joins(other, by=None)
    town.joins(li)
    if bound == "afterwards":
        town.stays(li)
    town.says(li, f"that is me: {other.account}")
    if bound == "before they count":
        town.stays(li)
    assert (town.sum(POINTS), town.sum(INVITE_COUNTED)) == (10, 1)
    town.says(li, "that is not me")
    assert (town.stage(li), town.stage(other)) == ("counted", "")
    gone = [li, other] if first == "the one that joined" else [other, li]
    town.leaves(gone[0])
    assert town.sum(POINTS) == (0 if gone[0] is li else 10)
    town.leaves(gone[1])
    assert (town.sum(POINTS), town.sum(INVITE_COUNTED)) == (0, 0)


def test_of_two_invitations_of_one_person_one_counts_for_whoever_it_was_by():
    town, host, li, other = Town(), person(3, "Mo"), person(2, "Li"), person(9, "小李", "wechat")
    town.joins(host, by=None)
    town.joins(li)
    town.joins(other, by=host)
    town.says(li, f"that is me: {other.account}")
    town.stays(li)
    town.stays(other)
    assert (town.sum(POINTS), town.sum(POINTS, host)) == (10, 0)


def test_leaving_early_takes_it_back_and_later_does_not():
    town = Town(revoke_within="30d")
    for n, days in ((2, 5), (3, 31)):
        town.joins(person(n))
        town.stays(person(n))
        town.passes(days=days)
        town.leaves(person(n))
    assert (town.stage(person(2)), town.stage(person(3))) == ("taken_back", "counted")
    assert (town.sum(POINTS), town.sum(INVITE_COUNTED)) == (10, 1)
    reasons = [fact.reason for fact in town.store.facts("g") if fact.amount < 0]
    assert set(reasons) == {"somebody they invited left soon afterwards"}
    town.joins(person(4))
    town.leaves(person(4))
    town.passes(days=40)
    assert town.stage(person(4)) == "left"


def test_a_day_has_a_cap():
    town = Town(cap_per_day=2, hold_at=50)
    for n in range(2, 6):
        town.joins(person(n))
    assert [town.stage(person(n)) for n in range(2, 6)] == ["pending", "pending", "refused", "refused"]
    town.passes(days=1)
    town.joins(person(6))
    assert town.stage(person(6)) == "pending"


def held() -> Town:
    town = Town(cap_per_day=50, hold_at=3)
    for n in range(2, 7):
        town.joins(person(n), minutes=1)
    return town


@pytest.mark.parametrize(("answer", "points"), [("yes", 50), ("no", 20)])
def test_many_at_once_wait_for_an_admins_word_and_the_admins_are_asked_once(answer, points):
    town = held()
    lines = [effect for effect in town.effects() if isinstance(effect, TellAdmins)]
    assert len(lines) == 1
    data = button(lines, f"referral:{answer}:")
    weak = [HOST, admin(10001, "Boss", *ALL_RIGHTS, vouched=False), admin(10002, "Ada", "restrict")]
    for who in (*weak, BOSS, BOSS):
        town.happens(ButtonPressed, actor=who, data=data)
    assert sum("newcomers of Hua" in one for one in town.told()) == 1
    for n in range(2, 7):
        for _ in range(3):
            town.says(person(n), "hello")
            town.passes(days=1)
    town.passes(days=20)
    assert town.sum(POINTS) == points


def test_without_a_word_those_who_wait_never_count():
    town = held()
    for n in range(2, 7):
        town.stays(person(n))
    town.passes(days=40)
    assert town.sum(POINTS) == 20


def test_staff_win_nothing_by_inviting():
    town = Town(staff=frozenset((HOST.account,)))
    town.joins(person(2))
    town.told()
    town.stays(person(2))
    assert (town.sum(INVITE_COUNTED), town.sum(POINTS)) == (1, 0)
    assert town.told() == [f"🎉 {person(2).name}, whom you invited to g, stayed and took part"]


@pytest.mark.parametrize("asked", ["/invite", "邀请", "/推荐", "invites", "我的邀请"])
def test_a_link_is_made_once_and_told_to_its_member(asked):
    town = Town()
    town.happens(MessagePosted, actor=HOST, message="1", text=asked)
    made, _ = town.effects()
    assert made == Invite(member=HOST.account, name="Hua")
    assert "making your own link" in town.says(HOST, asked)[0]
    town.happens(InviteMade, actor=HOST, link="https://t.me/+abc")
    (say,) = town.effects()
    assert (say.to, "https://t.me/+abc" in str(say.words)) == (HOST.account, True)
    town.happens(InviteMade, actor=HOST, link="https://t.me/+other")
    assert town.effects() == []
    assert town.sum(MADE) == 1


def test_one_sees_who_pends_and_who_counts():
    town = Town()
    town.happens(InviteMade, actor=HOST, link="https://t.me/+abc")
    for n, name in ((2, "Li"), (3, "Mo"), (4, "Su")):
        town.joins(person(n, name))
    town.stays(person(2, "Li"))
    town.leaves(person(4, "Su"))
    town.told()
    (told,) = town.says(HOST, "/invite")
    assert told.splitlines() == [
        "🔗 Your link: https://t.me/+abc",
        "Counted: 1, still pending: 1 (days to stay: 7, active on 3 of them)",
        "· Li: counts ✅",
        "· Mo: pending",
        "· Su: left early",
    ]


def test_where_there_are_no_links_a_newcomer_says_a_code_once():
    town = Town()
    (told,) = town.says(WX, "邀请")
    code = told.split("Your code: ")[1][:6]
    li = person(2, "小李", "wechat")
    town.joins(li, by=None)
    assert town.says(li, f"邀请码 {code.lower()}") == ["👌 Noted who invited you. Welcome!"]
    assert "on record already" in town.says(li, f"邀请码：{code}")[0]
    town.stays(li)
    assert town.sum(POINTS, WX) == 10


def test_a_code_is_no_use_to_its_owner_to_old_members_and_when_it_is_made_up():
    town = Town(code_within="2d")
    code = town.says(WX, "/invite")[0].split("Your code: ")[1][:6]
    assert "your own code" in town.says(WX, f"invite code {code}")[0]
    li = person(2, "小李", "wechat")
    town.joins(li, by=None)
    assert "do not know this invitation code" in town.says(li, "邀请码 ZZZZZ9")[0]
    town.passes(days=3)
    assert "first days after joining only" in town.says(li, f"邀请码 {code}")[0]
    assert town.sum(INVITED, WX) == 0


@pytest.mark.parametrize(
    "text", ["邀请码 ABC234", "邀請碼 ABC234", "邀请码：ａｂｃ２３４", "推薦碼是 abc234", "Invite code: ABC234!"]
)
def test_a_code_is_heard_however_it_is_typed(text):
    assert code_in(text) == "ABC234"


@pytest.mark.parametrize(
    "text", ["邀请码哪里来", "邀请码是什么", "invite code please", "请问邀请码 ABCDEF", "iPhone", "推荐一本书"]
)
def test_ordinary_words_are_no_code(text):
    assert code_in(text) is None
    event = MessagePosted(id="1", at=START, group="g", actor=HOST, message="1", text=text)
    assert referrals.reads(event, Referrals()) is None


@pytest.mark.parametrize(
    ("options", "wanted"),
    [({"after_days": 60}, "after_days: 60"), ({"active_days": 40, "after_days": 1}, "active_days: 40")],
)
def test_conditions_that_nobody_can_meet_are_refused(options, wanted):
    with pytest.raises(ValueError, match=wanted):
        Referrals.model_validate(options)


def test_the_platform_is_asked_at_once_about_who_decides():
    assert weight(ButtonPressed(id="1", at=START, group="g", actor=BOSS, data="referral:yes:telegram:1")) == 2
