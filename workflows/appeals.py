"""Appeals: a member says in private, in their own words, why something done about them was wrong; the admins decide.

One appeal for each act, and only while it stands. Another admin than the one who acted decides; when nobody did for
`alone`, the one who acted may too, and the admins are told so. An appeal that is upheld takes the act back by the same
orders as `/undo`, and counts against the rule that acted. What comes too early is kept until its time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from core import state
from core.decision import NOTHING, Decision, DropTimer, Put, SetTimer
from core.effects import Choice, Say, TellAdmins, plain
from core.events import ButtonPressed, Event, JoinRequested, MemberJoined, MessagePosted, TimerDue
from core.follow_ups import Acted
from core.people import Account, Actor, ActorKind, Member, platform_of
from core.state import Key
from core.workflow import View, Workflow
from workflows import appeal_book, deed_words, other_accounts, rights, steering_books, steering_undo
from workflows.acts import ACTS, Act, Acts
from workflows.appeal_book import APPEAL, APPEALED, NAME, TALLY, UPHELD, Appealed, Tally
from workflows.appeal_chances import begins, none_left, open_acts
from workflows.appeal_filing import EARLY, FORGET, PRESSED, REMIND, answers, filed, kept_early, rung_early
from workflows.appeal_options import Appeals
from workflows.appeal_voice import facts_of, in_private, known_as, refusal, say
from workflows.commands import SLASHES, Book, Command, Place, place
from workflows.facts import shown_name
from workflows.meant import meant_otherwise
from workflows.options import span_text
from workflows.plain_text import LONGEST_VALUE, shown
from workflows.rights import Refused
from workflows.steering_commands import BOOK as STEERING_BOOK
from workflows.steering_desk import instructed

BOOK: Final = Book(appeal_book.COMMANDS)
LONGEST: Final = LONGEST_VALUE
"""Characters of an appeal that are kept and shown."""
SHORTEST: Final = 4
_WRITE_WITHIN: Final = timedelta(minutes=30)
_UNCHOSEN: Final = "?"
"""What a member writes about who was asked which act they mean, and has not chosen."""
_MOST_SHOWN: Final = 5


def reads(event: Event, options: Appeals) -> Iterable[Key[Any]] | None:
    if type(event) is MessagePosted:
        if not _in_private(event):
            return None if BOOK.heard(event) is None else ()
        return (*appeal_book.reads(event.actor.account), TALLY.of_group())
    if type(event) is ButtonPressed:
        if not event.data.startswith(PRESSED):
            return None
        found = _decided(event.data)
        own = event.actor.account
        return (*appeal_book.reads(found[2] if found is not None else own), TALLY.of_group(), state.bonds(own))
    if type(event) is TimerDue:
        return () if event.member is None else (*appeal_book.reads(event.member), TALLY.of_group())
    if type(event) is JoinRequested or type(event) is MemberJoined:
        return (APPEALED.of(event.actor.account),)
    if type(event) is Acted:
        return (state.member(event.actor.account),) if _unread(event) else None
    return None


def decide(event: Event, options: Appeals, view: View) -> Decision:
    match event:
        case MessagePosted():
            return _heard(event, options, view)
        case ButtonPressed():
            found = _decided(event.data)
            return _chosen(event, options, view) if found is None else _judged(event, *found, options, view)
        case JoinRequested() | MemberJoined():
            return _asked_elsewhere(event.actor.account, view)
        case TimerDue() if event.member is not None:
            return _rung(event, event.member, options, view)
        case Acted():
            return _told_why(event, options, view)
    return NOTHING


# What the member does


def _heard(event: MessagePosted, options: Appeals, view: View) -> Decision:
    call = BOOK.heard(event)
    if not _in_private(event):
        if call is None:
            return NOTHING
        no = rights.refused(call, event, view)
        if no is None and place(event) is not Place.GROUP:
            no = rights.told(call, event, view, Refused("an anonymous admin", "anonymous"))
        return no if no is not None else _in_private_please(event, options, view)
    if call is not None:
        return _opened(event, call.rest, options, view)
    if event.text.split("@")[0].strip() == "/start":
        told = view.actor().left is not None or _may_now(event, options, view)
        return _opened(event, "", options, view) if told else NOTHING
    kept = view.get(APPEALED.of(event.actor.account)) or Appealed()
    if event.text[:1] in SLASHES or not kept.asked(event.at):
        return NOTHING
    if meant_otherwise(event, view.group):
        return NOTHING
    if kept.writing == _UNCHOSEN:
        return _opened(event, event.text, options, view)
    return _written(event, kept.writing, event.text, options, view)


def _may_now(event: MessagePosted, options: Appeals, view: View) -> bool:
    """Whether there is something that the admins would take an appeal against at this moment."""
    who, at = event.actor.account, event.at
    acts = dict(open_acts(who, options, view, at))
    if none_left(who, acts, options, view, at) is not None:
        return False
    return any(begins(who, act, options, view, at) <= at for act in acts.values())


def _in_private(event: MessagePosted) -> bool:
    """Whether somebody writes for themselves: neither to the admins nor as the group."""
    return place(event) is Place.PRIVATE and event.actor.kind is ActorKind.PERSON


def _asked_elsewhere(who: Account, view: View) -> Decision:
    """Who asks to be let in, or comes in, is asked other things: what they write next is no appeal."""
    kept = view.get(APPEALED.of(who))
    if kept is None or not kept.writing:
        return NOTHING
    because = "is asked something else now"
    return Decision(changes=(Put(APPEALED.of(who), kept.written()),), because=(because,))


def _in_private_please(event: MessagePosted, options: Appeals, view: View) -> Decision:
    language = view.language()
    key = "in_private" if options.open else "closed"
    line = Say(
        words=say(view, language, key),
        reply_to=event.message,
        topic=event.topic,
        choices=appeal_book.way(view.group, language),
        urgency="now",
        quiet=True,
    )
    return Decision(effects=(line,), because=("appeals are made in private",), rule=APPEAL)


def _opened(event: MessagePosted, words: str, options: Appeals, view: View) -> Decision:
    """Which acts can be appealed against; with one of them the member can write at once."""
    who = event.actor.account
    acts = dict(open_acts(who, options, view, event.at))
    no = _not_now(event, acts, options, view)
    if no is not None:
        return no
    if len(acts) == 1:
        (id_,) = acts
        return _written(event, id_, words, options, view) if words else _write_now(event, id_, acts[id_], options, view)
    language = view.language()
    choices = tuple(
        Choice(label=plain(say(view, language, "one", **facts_of(act, view, language))), data=f"{PRESSED}about:{id_}")
        for id_, act in list(acts.items())[:_MOST_SHOWN]
    )
    kept = view.get(APPEALED.of(who)) or Appealed()
    return Decision(
        changes=(Put(APPEALED.of(who), replace(kept, writing=_UNCHOSEN, until=event.at + _WRITE_WITHIN)),),
        effects=(in_private(who, say(view, language, "which_first" if words else "which"), choices),),
        because=("asked which act the appeal is about",),
        rule=APPEAL,
    )


def _chosen(event: ButtonPressed, options: Appeals, view: View) -> Decision:
    """The member pressed the act that they mean."""
    id_ = event.data.removeprefix(f"{PRESSED}about:")
    acts = dict(open_acts(event.actor.account, options, view, event.at))
    if id_ not in acts:
        return Decision(because=("there is nothing to appeal against",), rule=APPEAL)
    no = _not_now(event, {id_: acts[id_]}, options, view)  # before anybody writes in vain
    return no if no is not None else _write_now(event, id_, acts[id_], options, view)


def _not_now(
    event: MessagePosted | ButtonPressed, acts: dict[str, Act], options: Appeals, view: View
) -> Decision | None:
    """Why nothing can be appealed against; None if something can, be it in a while."""
    no = none_left(event.actor.account, acts, options, view, event.at)
    if no is None:
        return None
    key, because, values = no
    return refusal(event, view, key, because, **values)


def _write_now(event: MessagePosted | ButtonPressed, id_: str, act: Act, options: Appeals, view: View) -> Decision:
    who = event.actor.account
    language = view.language()
    kept = view.get(APPEALED.of(who)) or Appealed()
    when = begins(who, act, options, view, event.at)
    key = "write_early" if event.at < when else "write"
    words = say(view, language, key, begins=view.group.moment(when, event.at), **facts_of(act, view, language))
    return Decision(
        changes=(Put(APPEALED.of(who), replace(kept, writing=id_, until=event.at + _WRITE_WITHIN)),),
        effects=(in_private(who, words),),
        because=("asked for the words of the appeal",),
        rule=APPEAL,
    )


def _written(event: MessagePosted, id_: str, text: str, options: Appeals, view: View) -> Decision:
    """The member's own words: they go to the admins with what was done and why."""
    who = event.actor.account
    acts = dict(open_acts(who, options, view, event.at))
    no = _not_now(event, {id_: acts[id_]} if id_ in acts else {}, options, view)
    if no is not None:
        return no
    words = shown(text, LONGEST).strip()
    if len(words) < SHORTEST:
        return refusal(event, view, "too_short", "the appeal says nothing")
    act = acts[id_]
    when = begins(who, act, options, view, event.at)
    if event.at < when:
        return kept_early(event, id_, act, words, when, view)
    return filed(who, id_, act, words, event.at, options, view)


# What the admins do


def _judged(event: ButtonPressed, verdict: str, id_: str, who: Account, options: Appeals, view: View) -> Decision:
    """A press under an appeal: by who could have done the act and did not do this one."""
    kept = view.get(APPEALED.of(who)) or Appealed()
    appeal = kept.of.get(id_)
    if appeal is None or appeal.stage != "open":
        return Decision(because=("the appeal was decided before",), rule=APPEAL, about=who)
    act = (view.get(ACTS.of(who)) or Acts()).last.get(id_)
    refused = _may_not(event, who, act, view)
    if refused is not None:
        return rights.unheeded(*refused, event, view, rule=APPEAL, about=who)
    language = view.group.languages[0]
    by = event.actor.account
    if act is not None and act.giver in other_accounts.accounts(by, view) and event.at < appeal.at + options.alone:
        words = say(view, language, "not_you", by=shown_name(view.actor()), wait=options.alone)
        return Decision(
            effects=(TellAdmins(words=words, about=who, choices=answers(view, id_, who)),),
            because=("another admin than the one who acted decides",),
            rule=APPEAL,
            about=who,
        )
    member: Member | None = view.get(state.member(who))
    upheld = verdict == "yes"
    stage: appeal_book.Stage = "upheld" if upheld else "turned_down"
    name = shown_name(member) if member is not None else who
    line = TellAdmins(words=say(view, language, f"line_{stage}", name=name, by=shown_name(view.actor())), about=who)
    told = () if upheld else (line,)  # the undoing tells both in one line
    answer = say(view, view.group.language_of(member), stage, group=appeal_book.called(view.group))
    tally = (view.get(TALLY.of_group()) or Tally()).counting(appeal.rule, stage)
    decided = replace(kept, of={**kept.of, id_: replace(appeal, stage=stage, decided=event.at)})
    target = Actor(account=who, name=member.name if member is not None else "")
    arguments = {"act": id_, "place": Place.DESK.value, "upheld": plain(line.words)}
    return Decision(
        changes=(
            Put(APPEALED.of(who), decided),
            Put(TALLY.of_group(), tally),
            *((appeal_book.fact(UPHELD, who, id_, appeal.rule, by),) if upheld else ()),
        ),
        effects=(*told, in_private(who, answer)),
        timers=(
            DropTimer(f"{REMIND}{id_}:{who}"),
            SetTimer(key=f"{FORGET}{id_}:{who}", at=event.at + options.kept, member=who),
        ),
        follows=(instructed(event, "undo", event.actor, target, arguments),) if upheld else (),
        because=("the appeal was upheld" if upheld else "the appeal was turned down",),
        rule=APPEAL,
        about=who,
        then=("uphold",) if upheld else ("turn down",),
    )


def _may_not(event: ButtonPressed, who: Account, act: Act | None, view: View) -> tuple[Command, Refused] | None:
    """Why somebody may not decide: it takes the right to undo the act, and nobody decides about themselves."""
    undo = STEERING_BOOK.named("undo")
    assert undo is not None
    if who in other_accounts.accounts(event.actor.account, view):
        return undo, Refused("oneself is meant", "oneself")
    ruled = rights.verdict(undo, event.actor, view.group, Place.DESK)
    if isinstance(ruled, Refused):
        return undo, ruled
    return steering_undo.may_not(event.actor, act, view) if act is not None else None


def _decided(data: str) -> tuple[str, str, Account] | None:
    """The answer, the act and the member, if a press is an admin's under an appeal."""
    answer, _, rest = data.removeprefix(PRESSED).partition(":")
    id_, _, account = rest.partition(":")
    return (answer, id_, Account(account)) if answer in ("yes", "no") and id_ and account else None


# What the clock and the others do


def _rung(event: TimerDue, who: Account, options: Appeals, view: View) -> Decision:
    verb, id_, _ = event.key.split(":", 2)
    kept = view.get(APPEALED.of(who)) or Appealed()
    if f"{verb}:" == FORGET:
        return _words_go(who, id_, kept, view.get(ACTS.of(who)) or Acts())
    if f"{verb}:" == EARLY:
        return rung_early(event, who, id_, options, view)
    appeal = kept.of.get(id_)
    if appeal is None or appeal.stage != "open":
        return NOTHING
    member: Member | None = view.get(state.member(who))
    language = view.group.languages[0]
    name = shown_name(member) if member is not None else who
    words = say(view, language, "undecided", name=name, wait=options.alone, words=appeal.words)
    return Decision(
        effects=(TellAdmins(words=words, about=who, choices=answers(view, id_, who)),),
        because=(f"nobody decided for {span_text(options.alone)}",),
        rule=APPEAL,
        about=who,
    )


def _words_go(who: Account, id_: str, kept: Appealed, held: Acts) -> Decision:
    """The words of an appeal are kept no longer, and the act is one of the last or none; so it is, too, where a newer
    appeal took the place of a long decided one before that. One that nobody decided can be decided still."""
    changes: list[Put] = []
    undecided = id_ in kept.of and kept.of[id_].stage == "open"
    if id_ in kept.of:
        changes.append(Put(APPEALED.of(who), replace(kept, of={**kept.of, id_: replace(kept.of[id_], words="")})))
    if id_ in held.last and not undecided:
        changes.append(Put(ACTS.of(who), held.with_one(id_, replace(held.last[id_], appealed=False))))
    if not changes:
        return NOTHING
    why = "the words of an appeal that nobody decided are forgotten"
    because = why if undecided else "the words of a decided appeal are forgotten"
    return Decision(changes=tuple(changes), because=(because,), rule=APPEAL, about=who)


def _unread(event: Acted) -> bool:
    """Whether somebody reads nothing of what was done to them: they are out, or were muted by a press of an admin's."""
    verbs = {did.partition(" ")[0] for did in event.did}
    return not verbs.isdisjoint(("remove", "ban")) or (event.by is not None and "mute" in verbs)


def _told_why(event: Acted, options: Appeals, view: View) -> Decision:
    """Who is put out of the group by a rule, or muted as an admin agreed to that, hears why and where to go, as long as
    they can be written to."""
    member: Member | None = view.get(state.member(event.actor.account))
    if not options.open or member is None or member.kind is not ActorKind.PERSON:
        return NOTHING
    language = view.group.language_of(member)
    did, why = event.did, known_as(event.rule, view, language)
    if event.workflow == "onboarding":  # no rule of the group was broken
        did = tuple(one for one in did if one != "delete")
        why = steering_books.reasons(event.because[:1], language) or why
    what = deed_words.told(did, view.group, language, platform_of(member.account))
    return Decision(
        effects=(appeal_book.notice(view.group, member.account, language, what, why),),
        because=("told in private how to appeal",),
        rule=APPEAL,
        about=member.account,
    )


workflow = Workflow(
    NAME,
    Appeals,
    frozenset((MessagePosted, ButtonPressed, JoinRequested, MemberJoined, TimerDue, Acted)),
    reads,
    decide,
    steers=True,
    outsiders=True,
    deaf=BOOK.deaf,
)
