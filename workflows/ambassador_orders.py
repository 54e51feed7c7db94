"""What admins order about ambassadors: to invite somebody, not now, never, or that somebody is one no longer."""

from __future__ import annotations

from typing import Final

from core import state
from core.events import Instructed
from core.names import Named
from core.people import PERSON, Account, Member
from core.workflow import Group, View
from workflows.acts import Back, way_back
from workflows.ambassador_book import NONE, PATHS, Path
from workflows.ambassador_options import NAME, Ambassadors
from workflows.quiet_wishes import QUIET
from workflows.steering_order import OVER, Order, Wrong, rest, to

TAKE_BACK: Final = "take_back"


def order(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    """What an order comes to."""
    kinds = view.group.options(Ambassadors)
    if kinds is None:
        return Wrong(says="no_ambassadors", because="the group has no ambassadors")
    id_, reason = kinds.called(rest(event))
    if id_ is None and member is not None and event.arguments.get("verb") == "end":
        active = [
            one for one in (view.get(PATHS.of(member.account)) or NONE).at("active") if kinds.get(one) is not None
        ]
        id_, reason = (active[0], rest(event)) if len(active) == 1 else (None, reason)
    if id_ is None:
        names = tuple(shown(one, kinds, view.group) for one in kinds.root)
        return Wrong(says="ambassador_which", because="no such kind of ambassadors", values={"kinds": names})
    if member is None or member.kind is not PERSON:
        return Wrong(says="ambassador_nobody", because="only persons are ambassadors")
    verb, called = str(event.arguments.get("verb", "")), shown(id_, kinds, view.group)
    path = (view.get(PATHS.of(member.account)) or NONE).of.get(id_)
    wrong = _wrong(verb, path, member, event, view)
    if wrong is not None:
        return Wrong(says=wrong.says, because=wrong.because, values={"kind": called, **wrong.values})
    before = {} if path is None else {"stage": path.stage, "at": path.at.isoformat(), "order": path.order}
    return Order(
        said=f"did_ambassador_{verb}",
        did=f"ambassador {verb}",
        follows=(to(event, NAME, verb, reason, kind=id_, order=event.id),),
        back=(way_back(NAME, TAKE_BACK, {"kind": id_, "of": event.id, **before}),),
        values={"kind": called},
    )


def _wrong(verb: str, path: Path | None, member: Member, event: Instructed, view: View) -> Wrong | None:
    stage = path.stage if path is not None else None
    if verb == "end":
        return None if stage == "active" else Wrong(says="ambassador_none", because="is no ambassador")
    if stage == "active":
        return Wrong(says="ambassador_is", because="is one already")
    if stage == "invited":
        return Wrong(says="ambassador_asked", because="was asked, and did not answer yet")
    if verb == "never":
        return Wrong(says="ambassador_never_already", because="shall never be asked") if stage == "never" else None
    if member.staff:
        return Wrong(says="ambassador_staff", because="staff are no ambassadors")
    if member.left is not None:
        return Wrong(says="ambassador_gone", because="the member has left")
    if stage == "never":
        return Wrong(says="ambassador_never", because="shall never be asked")
    if path is not None and (until := path.left_alone_until) is not None and event.at < until:
        key = "ambassador_declined" if stage == "declined" else "ambassador_ended"
        day = view.group.day(until).isoformat()
        return Wrong(says=key, because="is left alone after having said no", values={"day": day})
    wish = view.get(QUIET.of(member.account))
    if wish is not None and wish.on:
        return Wrong(says="ambassador_unwilling", because="does not want to be written to")
    return None


def in_vain(back: Back, who: Account, view: View) -> Wrong | None:
    """Why taking an order back would change nothing, or something newer; None where it is right."""
    member: Member | None = view.get(state.member(who))
    if back.arguments.get("stage") == "active" and (member is None or member.left is not None):
        return Wrong(says="undo_gone", because="the member has left")
    kinds, id_ = view.group.options(Ambassadors), str(back.arguments.get("kind"))
    path = (view.get(PATHS.of(who)) or NONE).of.get(id_) if kinds is not None and kinds.get(id_) is not None else None
    return None if path is not None and path.order == back.arguments.get("of") else OVER


def shown(id_: str, kinds: Ambassadors, group: Group) -> Named:
    """What people know a kind as, in each of the group's languages."""
    kind = kinds.get(id_)
    called = {language: kind.name.in_(language) if kind is not None else id_ for language in group.languages}
    return Named(called[group.languages[0]], called)
