"""What becomes of one who may be an ambassador: asked, left alone, one no longer; by admins' orders, time and fate."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from core import state
from core.decision import NOTHING, Change, Decision, DropTimer, Put, SetTimer, Tag
from core.effects import Effect
from core.events import Instructed, MemberLeft, TimerDue, Unreached
from core.follow_ups import Linked, Parted
from core.occurrences import awake
from core.pausing import PAUSED, lasts
from core.people import Account, Member
from core.state import Key
from core.workflow import View
from workflows import ambassador_silence, ambassador_words
from workflows.ambassador_book import NONE, OPEN_FOR, PATHS, STAGES, Path, Paths, Stage, led, together
from workflows.ambassador_options import Ambassadors, Program
from workflows.ambassador_orders import TAKE_BACK
from workflows.ambassador_words import told
from workflows.quiet_wishes import QUIET

_OVER: Final[dict[Stage, Stage]] = {"active": "ended", "invited": "declined"}
"""What who leaves is from then on."""
_ASK, _LAPSE = "ask:", "lapse:"
_AFTER_PAUSE: Final = timedelta(hours=1)


def reads(who: Account) -> tuple[Key[Any], ...]:
    """The state that is looked at about somebody who did nothing themselves."""
    return (PATHS.of(who), state.member(who))


def reads_of_time(who: Account) -> tuple[Key[Any], ...]:
    """The state that `rung` looks at."""
    return (*reads(who), PAUSED.of_group(), QUIET.of(who))


def no_longer_asked(id_: str, who: Account) -> tuple[DropTimer, ...]:
    """The timers of an invitation, which is over."""
    return DropTimer(f"{_ASK}{id_}:{who}"), DropTimer(f"{_LAPSE}{id_}:{who}")


def unattended(event: Instructed, options: Ambassadors, standing: Set[str], view: View) -> Iterator[SetTimer]:
    """The timers of invitations that have none: theirs rang in vain, while their kind was not in the file."""
    for member, paths in view.get(PATHS.of_all()):
        who = member.account
        for id_, path in paths.at("invited").items():
            asking, over = no_longer_asked(id_, who)
            if options.get(id_) is None or not standing.isdisjoint((asking.key, over.key)):
                continue
            ends = path.at + OPEN_FOR
            if path.said or ends <= event.at:
                yield SetTimer(key=over.key, at=max(event.at, ends), member=who)
            else:
                yield SetTimer(key=asking.key, at=awake(event.at, view.group.quiet, view.group.zone), member=who)


def ordered(event: Instructed, options: Ambassadors, view: View) -> Decision:
    """An order of the admins', or that one is taken back."""
    id_ = str(event.arguments.get("kind"))
    kind = options.get(id_)
    if kind is None or event.target is None:
        return NOTHING
    member: Member | None = view.get(state.member(event.target.account))
    if member is None:
        return NOTHING
    paths = view.get(PATHS.of(member.account)) or NONE
    if event.verb == TAKE_BACK:
        return _taken_back(event, id_, kind, paths, member, view)
    order, before = str(event.arguments.get("order", "")), paths.of.get(id_)
    match event.verb:
        case "invite":
            return _invited(event, id_, kind, paths, member, view)
        case "end" if before is not None:
            return _ended(id_, kind, paths, member, replace(before, stage="ended", at=event.at, order=order), event)
        case "later" | "never" as stage:
            now = led(before, stage, event.at, order)
            put = Put(PATHS.of(member.account), paths.having(id_, now))
            said = "an admin said not now" if stage == "later" else "an admin said never"
            return Decision(changes=(put,), because=(said, *_reason(event)), rule=id_, about=member.account)
    return NOTHING


def _reason(event: Instructed) -> tuple[str, ...]:
    return (event.reason,) if event.reason else ()


def _invited(event: Instructed, id_: str, kind: Program, paths: Paths, member: Member, view: View) -> Decision:
    """Asked at once, or at the end of the quiet hours."""
    who, then = member.account, awake(event.at, view.group.quiet, view.group.zone)
    path = led(paths.of.get(id_), "invited", event.at, str(event.arguments.get("order", "")))
    path = replace(path, account=who)
    if then > event.at:
        return Decision(
            changes=(Put(PATHS.of(who), paths.having(id_, path)),),
            timers=(SetTimer(key=f"{_ASK}{id_}:{who}", at=then, member=who),),
            because=("an admin said invite", *_reason(event), "it is said at the end of the quiet hours"),
            rule=id_,
            about=who,
        )
    return _say_invitation(event, id_, kind, paths, path, member, view, ("an admin said invite", *_reason(event)))


def _say_invitation(
    event: Instructed | TimerDue,
    id_: str,
    kind: Program,
    paths: Paths,
    path: Path,
    member: Member,
    view: View,
    because: tuple[str, ...],
) -> Decision:
    said, until = replace(path, said=event.id), event.at + OPEN_FOR
    return Decision(
        changes=(Put(PATHS.of(member.account), paths.having(id_, said)),),
        effects=(ambassador_words.invitation(id_, kind, member, view.group, until),),
        timers=(SetTimer(key=f"{_LAPSE}{id_}:{member.account}", at=until, member=member.account),),
        because=because,
        rule=id_,
        about=member.account,
        then=("invite",),
    )


def rung(event: TimerDue, who: Account, options: Ambassadors, view: View) -> Decision:
    """The time of an invitation, or the end of one."""
    what, _, rest = event.key.partition(":")
    id_ = rest.partition(":")[0]
    kind, paths = options.get(id_), view.get(PATHS.of(who)) or NONE
    path, member = paths.of.get(id_), view.get(state.member(who))
    if kind is None or path is None or member is None or path.stage != "invited":
        return Decision(because=("the invitation is over",), rule=id_, about=who)
    if f"{what}:" == _LAPSE:
        if event.due - path.at < OPEN_FOR:
            return Decision(because=("another invitation was meant",), rule=id_, about=who)
        said = bool(path.said)
        over = replace(path, stage="declined" if said else "unreached", at=event.at, order="")
        return Decision(
            changes=(Put(PATHS.of(who), paths.having(id_, over)),),
            effects=(told(view.group, "no_answer", kind, member),) if said else (),
            because=("did not answer the invitation" if said else "the invitation is over",),
            rule=id_,
            about=who,
        )
    if member.staff:
        put = Put(PATHS.of(who), paths.having(id_, None))
        return Decision(changes=(put,), because=("staff are no ambassadors",), rule=id_, about=who)
    if (wish := view.get(QUIET.of(who))) is not None and wish.on:
        return Decision(
            changes=(Put(PATHS.of(who), paths.having(id_, replace(path, stage="unreached", at=event.at, order=""))),),
            effects=(told(view.group, "line_unwilling", kind, member),),
            because=("does not want to be written to",),
            rule=id_,
            about=who,
        )
    if lasts(view.get(PAUSED.of_group()), event.at):
        later = awake(event.at + _AFTER_PAUSE, view.group.quiet, view.group.zone)
        timer = SetTimer(key=event.key, at=later, member=who)
        return Decision(timers=(timer,), because=("paused: it is said later",), rule=id_, about=who)
    return _say_invitation(event, id_, kind, paths, path, member, view, ("it is the end of the quiet hours",))


def _taken_back(event: Instructed, id_: str, kind: Program, paths: Paths, member: Member, view: View) -> Decision:
    """An order is undone, as long as it is what led here: they are where they were."""
    path = paths.of.get(id_)
    if path is None or path.order != event.arguments.get("of"):
        return Decision(because=("something newer took its place",), rule=id_, about=member.account)
    who, stage = member.account, event.arguments.get("stage")
    before: Path | None = None
    known: Stage | None = next((one for one in STAGES if one == stage), None)
    if known is not None:
        at = datetime.fromisoformat(str(event.arguments.get("at")))
        before = replace(path, stage=known, at=at, order=str(event.arguments.get("order", "")), said="")
    changes: tuple[Change, ...] = (Put(PATHS.of(who), paths.having(id_, before)),)
    watch: tuple[SetTimer, ...] = ()
    if before is not None and before.stage == "active":
        watch = ambassador_silence.watch(id_, kind, who, view.group.day(event.at), view.group)
    effects: tuple[Effect, ...] = ()
    if before is not None and before.stage == "active" and before.tagged and kind.tag is not None:
        changes += (Tag(member=who, add=frozenset((kind.tag,))),)
    if path.stage == "invited" and path.said:
        language = view.group.language_of(member)
        words = ambassador_words.say(view.group, language, "withdrawn", kind=kind.name.in_(language))
        effects = (replace(ambassador_words.invitation(id_, kind, member, view.group), words=words, choices=()),)
    return Decision(
        changes=changes,
        effects=effects,
        timers=(*no_longer_asked(id_, who), *watch),
        because=("taken back by an admin",),
        rule=id_,
        about=who,
    )


def _ended(id_: str, kind: Program, paths: Paths, member: Member, ended: Path, event: Instructed) -> Decision:
    """No ambassador any more, by an admin's order."""
    who = member.account
    untag = (Tag(member=who, remove=frozenset((kind.tag,))),) if ended.tagged and kind.tag is not None else ()
    return Decision(
        changes=(Put(PATHS.of(who), paths.having(id_, ended)), *untag),
        because=("an admin ended it", *_reason(event)),
        rule=id_,
        about=who,
        then=(f"untag {kind.tag}",) if untag else (),
    )


def gone(event: MemberLeft, options: Ambassadors, view: View) -> Decision:
    """Who leaves is none any more, and is asked nothing."""
    who, member = event.actor.account, view.actor()
    if member.left is None:  # another account of theirs is still there
        return NOTHING
    paths = view.get(PATHS.of(who)) or NONE
    after, changes, effects, timers = paths, list[Change](), list[Effect](), list[DropTimer]()
    for id_, path in paths.at("active", "invited").items():
        kind, over = options.get(id_), _OVER[path.stage]
        after = after.having(id_, replace(path, stage=over, at=event.at, order="")) or NONE
        timers += no_longer_asked(id_, who)
        if kind is not None and path.stage == "active":
            effects.append(told(view.group, "line_left", kind, member))
            if path.tagged and kind.tag is not None:
                changes.append(Tag(member=who, remove=frozenset((kind.tag,))))
    if after is paths:
        return NOTHING
    changes.insert(0, Put(PATHS.of(who), after))
    return Decision(changes=tuple(changes), effects=tuple(effects), timers=tuple(timers), because=("left",))


def unreached(event: Unreached, options: Ambassadors, view: View) -> Decision:
    """The invitation did not reach them: the admins hear what can be done."""
    who = event.member
    paths, member = view.get(PATHS.of(who)) or NONE, view.get(state.member(who))
    for id_, path in paths.at("invited").items():
        kind = options.get(id_)
        if kind is None or kind.in_group or member is None or not path.said or not event.id.startswith(f"{path.said}/"):
            continue
        now = replace(path, stage="unreached", at=event.at, order="")
        return Decision(
            changes=(Put(PATHS.of(who), paths.having(id_, now)),),
            effects=(told(view.group, "line_unreached", kind, member),),
            timers=(DropTimer(f"{_LAPSE}{id_}:{who}"),),
            because=("the invitation could not be said in private",),
            rule=id_,
            about=who,
        )
    return NOTHING


def bound(event: Linked, view: View) -> Decision:
    """Two accounts are one person: of each kind what binds more."""
    had = [kept for side in event.sides if (kept := view.get(PATHS.kept(side))) is not None]
    if len(had) < 2:
        return NOTHING
    put = Put(PATHS.of(event.actor.account), together(had[0], had[1]))
    return Decision(changes=(put,), because=("bound to another account",))


def parted(event: Parted, view: View) -> Decision:
    """An account that is somebody else's again is no ambassador because the other one is, and was asked nothing."""
    who = event.actor.account
    paths, own = view.get(PATHS.of(who)), view.get(state.presences(who))
    after = paths
    for id_, path in paths.at("active", "invited").items() if paths is not None else ():
        if after is not None and path.account and path.account not in own:
            after = after.having(id_, None)
    if after == paths:
        return NOTHING
    return Decision(changes=(Put(PATHS.of(who), after),), because=("parted: the other account was asked",))
