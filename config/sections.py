"""Which section of a community file drives which workflow. The only such table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from config import fields
from config.community import Community
from core.workflow import Bound, Workflow
from workflows import (
    ambassadors,
    appeals,
    check_in,
    content,
    conversions,
    digests,
    events,
    faq,
    identity,
    members,
    onboarding,
    questions,
    quiet,
    reach,
    reactivation,
    referrals,
    rules,
    signpost,
    steering,
    surveys,
    tidy,
    tiers,
    topics,
)
from workflows.ambassador_options import Ambassadors
from workflows.appeal_options import Appeals
from workflows.check_in_options import CheckIns
from workflows.content_options import Contents
from workflows.conversion_options import Conversions
from workflows.digest_options import Digests
from workflows.event_options import Events
from workflows.faq_options import Faq
from workflows.onboarding_options import Onboarding
from workflows.question_options import Asking
from workflows.reactivation_options import Reactivate
from workflows.referral_options import Referrals
from workflows.rule_options import Rules
from workflows.steering_options import Anonymous, Steering
from workflows.survey_options import Surveys
from workflows.tier_options import Tiers


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A workflow and where its options stand: all under the key `under`, or as keys of their own in the file."""

    workflow: Workflow[Any]
    model: type[BaseModel]
    under: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The top-level keys that belong to it."""
        return (self.under,) if self.under else tuple(key for key in fields.keys_of(self.model) if key not in SHARED)


SHARED = ("quiet_hours",)
"""Top-level keys that every workflow may have as an option of its own; what stands there wins."""

SECTIONS = (
    Section(workflow=onboarding.workflow, model=Onboarding, under="onboarding"),
    Section(workflow=check_in.workflow, model=CheckIns, under="check_ins"),
    Section(workflow=rules.workflow, model=Rules),
    Section(workflow=tiers.workflow, model=Tiers),
    Section(workflow=faq.workflow, model=Faq, under="faq"),
    Section(workflow=content.workflow, model=Contents),
    Section(workflow=digests.workflow, model=Digests, under="digests"),
    Section(workflow=events.workflow, model=Events, under="events"),
    Section(workflow=surveys.workflow, model=Surveys, under="surveys"),
    Section(workflow=reactivation.workflow, model=Reactivate, under="reactivate"),
    Section(workflow=questions.workflow, model=Asking, under="questions"),
    Section(workflow=referrals.workflow, model=Referrals, under="referrals"),
    Section(workflow=conversions.workflow, model=Conversions, under="conversions"),
    Section(workflow=ambassadors.workflow, model=Ambassadors, under="ambassadors"),
    Section(workflow=appeals.workflow, model=Appeals, under="appeals"),
)
"""In the order in which workflows decide: who is new, who checked in, what is not allowed, who moves up."""


def commanded(community: Community, options: Mapping[str, BaseModel]) -> Iterator[Bound[Any]]:
    """What every community has: its members' commands and its admins'. They come after what they give orders to."""
    tiers, check_ins, rules = options.get("tiers"), options.get("check_in"), options.get("rules")
    reminding = isinstance(check_ins, CheckIns) and any(
        {"remind", "danger", "broken"} & {*c.rings} for c in check_ins.root.values()
    )
    newcomers = options.get("onboarding")
    if isinstance(newcomers, Onboarding) and (newcomers.steps or newcomers.tasks):
        reminding = reminding or newcomers.remind.times > 0
    if reminding or {"reactivation", "questions", "events", "surveys", "ambassadors"} & options.keys():
        yield Bound(quiet.workflow, quiet.Reminded(quiet=community.quiet_answers))
    answers = options.get("faq")
    known = members.Members(
        faq=answers if isinstance(answers, Faq) else None,
        tiers=tiers if isinstance(tiers, Tiers) else None,
        check_ins=check_ins if isinstance(check_ins, CheckIns) else None,
        rules=rules if isinstance(rules, Rules) else None,
        rules_text=community.house_rules,
        quiet=community.quiet_answers,
    )
    yield Bound(identity.workflow, identity.Identity())
    yield Bound(members.workflow, known)
    worth: Mapping[bool | str, Anonymous] = {True: "yes", False: "no", "confirm": "confirm"}
    steered = Steering(anonymous=worth[community.anonymous_admins], quiet=community.quiet_answers)
    yield Bound(steering.workflow, steered)
    yield Bound(signpost.workflow, signpost.Signpost())
    if community.tidy:
        yield Bound(tidy.workflow, tidy.Tidied())


def reaching(options: Mapping[str, BaseModel]) -> Iterator[Bound[Any]]:
    """What remembers who cannot be written to: only where people are chosen to be written to in private."""
    told, check_ins, silent = options.get("digests"), options.get("check_in"), options.get("reactivation")
    challenges = list(check_ins.root.values()) if isinstance(check_ins, CheckIns) else []
    notices = [said for one in challenges for said in (one.remind, one.streak.danger) if said is not None]
    if (
        (isinstance(told, Digests) and told.open_to_members)
        or any(one.where == "private" for one in notices)
        or (isinstance(silent, Reactivate) and silent.where == "private")
    ):
        yield Bound(reach.workflow, reach.Reach())


def listening(options: Mapping[str, BaseModel]) -> Iterator[Bound[Any]]:
    """What listens along for the digests of a community: only for what one of them tells."""
    told, check_ins = options.get("digests"), options.get("check_in")
    if not isinstance(told, Digests):
        return
    if told.asks_for("unanswered") and "questions" not in options:
        yield Bound(questions.workflow, Asking.listening())
    if told.asks_for("hot_topics"):
        said = list(check_ins.root.values()) if isinstance(check_ins, CheckIns) else []
        late = [word for challenge in said if challenge.late is not None for word in challenge.late.keyword]
        words = [word for challenge in said for word in (*challenge.keywords, "checkin")]
        keywords = frozenset(word.lower() for word in (*words, *late))
        yield Bound(topics.workflow, topics.Listening(leave_out=keywords))
