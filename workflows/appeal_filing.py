"""An appeal goes to the admins; one that comes too early is kept until it may, and then goes by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from core import state
from core.decision import NOTHING, Decision, Put, SetTimer
from core.effects import Choice, TellAdmins, plain
from core.events import MessagePosted, TimerDue
from core.people import Account, Member
from core.workflow import View
from workflows import appeal_book, rule_names, steering_books
from workflows.acts import ACTS, Act, Acts
from workflows.appeal_book import APPEAL, APPEALED, REMEMBERED, TALLY, Appeal, Appealed, Tally
from workflows.appeal_chances import begins, none_left, open_acts
from workflows.appeal_options import Appeals
from workflows.appeal_voice import done_by, facts_of, in_private, say
from workflows.facts import shown_name

PRESSED: Final = "appeal:"
EARLY, REMIND, FORGET = "early:", "undecided:", "forget:"
"""The timers of an appeal that is kept, of one that nobody decided, and of words that have been kept long enough."""


def kept_early(event: MessagePosted, id_: str, act: Act, words: str, when: datetime, view: View) -> Decision:
    """The words wait for their time. Those of before about the same act are forgotten."""
    who = event.actor.account
    kept = (view.get(APPEALED.of(who)) or Appealed()).written()
    appeal = Appeal(at=event.at, rule=act.rule, words=words, stage="early")
    return Decision(
        changes=_with_one(kept, who, id_, act, appeal, view),
        effects=(in_private(who, say(view, view.language(), "kept_early", begins=view.group.moment(when, event.at))),),
        timers=(SetTimer(key=f"{EARLY}{id_}:{who}", at=when, member=who),),
        because=("an appeal that came early is kept",),
        rule=APPEAL,
    )


def rung_early(event: TimerDue, who: Account, id_: str, options: Appeals, view: View) -> Decision:
    """The time has come: the appeal is filed, unless there is nothing left to appeal against, which is told."""
    kept = view.get(APPEALED.of(who)) or Appealed()
    appeal = kept.of.get(id_)
    if appeal is None or appeal.stage != "early":
        return NOTHING
    member: Member | None = view.get(state.member(who))
    language = view.group.language_of(member)
    acts = dict(open_acts(who, options, view, event.at))
    act = acts.get(id_)
    no = none_left(who, {id_: act} if act is not None else {}, options, view, event.at)
    if act is None or no is not None:
        key, because, values = (
            no if no is not None and act is not None else ("early_gone", "what it was about is over", {})
        )
        words = say(view, language, key, group=appeal_book.called(view.group), **values)
        return Decision(
            changes=_dropped(who, id_, kept, view),
            effects=(in_private(who, words),),
            because=(f"an appeal that was kept is dropped: {because}",),
            rule=APPEAL,
        )
    when = begins(who, act, options, view, event.at)
    if event.at < when:  # another appeal was made meanwhile, or the operator wants people to wait longer
        return Decision(
            effects=(in_private(who, say(view, language, "kept_early", begins=view.group.moment(when, event.at))),),
            timers=(SetTimer(key=event.key, at=when, member=who),),
            because=("it is too soon for an appeal that is kept",),
            rule=APPEAL,
        )
    # What they are asked to write at this moment, maybe about something else, they are still asked.
    return _filed(kept, who, id_, act, appeal.words, event.at, options, view, said="sent_early")


def filed(who: Account, id_: str, act: Act, words: str, at: datetime, options: Appeals, view: View) -> Decision:
    """The member's own words go to the admins with what was done and why."""
    kept = (view.get(APPEALED.of(who)) or Appealed()).written()
    return _filed(kept, who, id_, act, words, at, options, view, said="sent")


def _filed(
    kept: Appealed,
    who: Account,
    id_: str,
    act: Act,
    words: str,
    at: datetime,
    options: Appeals,
    view: View,
    *,
    said: str,
) -> Decision:
    member: Member | None = view.get(state.member(who))
    name = shown_name(member) if member is not None else who
    language = view.group.languages[0]
    why = steering_books.reasons(act.because, language) or rule_names.called(act.rule, view.group, language)
    told = {**facts_of(act, view, language), "why": why}
    asked = say(view, language, "asked", name=name, by=done_by(act, view, language), words=words, **told)
    line = TellAdmins(words=asked, evidence=act.message or None, about=who, choices=answers(view, id_, who))
    return Decision(
        changes=(
            *_with_one(kept, who, id_, act, Appeal(at=at, rule=act.rule, words=words), view),
            Put(TALLY.of_group(), (view.get(TALLY.of_group()) or Tally()).counting(act.rule, "open")),
            appeal_book.fact(APPEAL, who, id_, act.rule),
        ),
        effects=(line, in_private(who, say(view, view.group.language_of(member), said))),
        timers=(
            SetTimer(key=f"{FORGET}{id_}:{who}", at=at + REMEMBERED, member=who),
            *((SetTimer(key=f"{REMIND}{id_}:{who}", at=at + options.alone, member=who),) if options.alone else ()),
        ),
        because=("appealed",),
        rule=APPEAL,
        about=who,
        then=("appeal",),
    )


def _with_one(kept: Appealed, who: Account, id_: str, act: Act, appeal: Appeal, view: View) -> tuple[Put, Put]:
    """The appeal with its words, and the act, which stays as long as they do."""
    held = view.get(ACTS.of(who)) or Acts()
    return (
        Put(APPEALED.of(who), kept.with_one(id_, appeal)),
        Put(ACTS.of(who), held.with_one(id_, replace(act, appealed=True))),
    )


def _dropped(who: Account, id_: str, kept: Appealed, view: View) -> tuple[Put, ...]:
    """Nothing is left of an appeal that was never made."""
    held = view.get(ACTS.of(who)) or Acts()
    rest = {other: one for other, one in kept.of.items() if other != id_}
    gone = Put(APPEALED.of(who), replace(kept, of=rest))
    if id_ not in held.last:
        return (gone,)
    return gone, Put(ACTS.of(who), held.with_one(id_, replace(held.last[id_], appealed=False)))


def answers(view: View, id_: str, who: Account) -> tuple[Choice, ...]:
    """The admins' buttons under an appeal."""
    language = view.group.languages[0]
    return tuple(
        Choice(label=plain(say(view, language, f"button_{answer}")), data=f"{PRESSED}{answer}:{id_}:{who}")
        for answer in ("yes", "no")
    )
