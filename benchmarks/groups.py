"""The groups in which commands are measured: those that `yaji init` writes, and one made for the purpose.

A group as an operator has it does something about each message: conditions are looked at, topics counted. The bare one
runs whatever commands are for and as little as can be besides, so that hardly anything is done about a plain message.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from config import templates
from config.home import load
from core.events import Event, MemberJoined, MessagePosted
from core.people import Account, Actor
from core.workflow import Bound, Group
from workflows import appeals, check_in, faq, members, onboarding, referrals, rules, steering, tiers
from workflows.appeal_options import Appeals
from workflows.check_in_options import CheckIns
from workflows.faq_options import Faq
from workflows.members import Members
from workflows.onboarding_options import Onboarding
from workflows.referral_options import Referrals
from workflows.rule_options import Rules
from workflows.steering_options import Steering
from workflows.texts import Catalog
from workflows.tier_options import Tiers

BARE: Final = "bare"
NAMES: Final = (*templates.NAMES, BARE)
MEMBERS: Final = 4_999
"""A prime, so that what comes to each tenth message comes to everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A group, and what its members write there. `answers` are to the questions that newcomers are asked."""

    group: Group
    check_in: str = ""
    question: str = ""
    answers: tuple[str, ...] = ()


def setting(name: str) -> Setting:
    """The group of a name."""
    if name == BARE:
        return Setting(group=_bare(), check_in="打卡", question="what is the fee?")
    (group,) = load(templates.folder(name)).groups.values()
    group = replace(group, key="g", platforms=("telegram",))
    if name == "literati":
        return Setting(group=group, check_in="打卡 读了三页兰亭", question="群规是什么？", answers=("同意", "读诗"))
    if name == "reading":
        return Setting(group=group, check_in="打卡 今天读完了小王子的第一章", answers=("英语",))
    return Setting(group=group, question="which version is this?")


def moved_in(of: Setting, at: datetime) -> Iterator[list[Event]]:
    """Everybody joins, and then answers what newcomers are asked, some hundreds at a time."""
    everybody = [member(n) for n in range(MEMBERS)]
    for n, text in enumerate(("", *of.answers)):
        then = at + timedelta(minutes=n)
        for first in range(0, MEMBERS, 500):
            yield [
                MessagePosted(id=f"telegram:{n}{one.account}", at=then, group="g", actor=one, message="1", text=text)
                if text
                else MemberJoined(id=f"telegram:0{one.account}", at=then, group="g", actor=one)
                for one in everybody[first : first + 500]
            ]


def member(n: int) -> Actor:
    """The member of a number."""
    n %= MEMBERS
    return Actor(account=Account(f"telegram:{1_000 + n}"), name=f"Member {n}")


def _bare() -> Group:
    """A group that runs whatever commands are for. What does something about each message (hot topics, reactivation)
    would make a plain one dearer, and is left out."""
    climbed = Tiers.model_validate({"tiers": {"new": {"from": 0}, "old": {"from": 1_000_000}}})
    days = CheckIns.model_validate({"morning": {"points": 2}})
    judged = Rules.model_validate(
        {"lists": {"ads": [f"buy number {n}" for n in range(1_000)]},
         "rules": [{"id": "ads", "when": "message", "if": '"ads" in msg.hits', "then": [{"warn": "no ads"}]}]}
    )  # fmt: skip
    answers = Faq.model_validate(
        {f"q{n}": {"ask": [f"question {n}"], "answer": "yes"} for n in range(50)}
        | {"fee": {"ask": ["the fee"], "answer": "none", "cooldown": "0s"}}
    )
    runs = (
        Bound(onboarding.workflow, Onboarding()),
        Bound(check_in.workflow, days),
        Bound(rules.workflow, judged),
        Bound(tiers.workflow, climbed),
        Bound(faq.workflow, answers),
        Bound(referrals.workflow, Referrals()),
        Bound(appeals.workflow, Appeals()),
        Bound(members.workflow, Members(faq=answers, tiers=climbed, check_ins=days, rules=judged)),
        Bound(steering.workflow, Steering()),
    )
    return Group(
        key="g", community="g", zone=ZoneInfo("Asia/Shanghai"), languages=("en", "zh"), runs=runs,
        platforms=("telegram",), texts=Catalog.shipped(),
    )  # fmt: skip
