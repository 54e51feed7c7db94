"""Orders about conversions: one more, one less."""

from __future__ import annotations

from typing import Final

from core.events import Instructed
from core.people import PERSON, Member
from core.workflow import View
from workflows import conversions
from workflows.acts import way_back
from workflows.conversion_options import Conversions
from workflows.naming import leading
from workflows.steering_order import Order, Wrong, rest, to

_OPPOSITES: Final = {"add": "remove", "remove": "add"}


def goal(event: Instructed, view: View) -> str | None:
    """The conversion that an order means, by its id or one of its names: the one that is named, or the only one."""
    named, _ = _called(rest(event), view)
    options = view.group.options(Conversions)
    known = tuple(options) if options is not None else ()
    return named if named is not None or len(known) != 1 or rest(event) else known[0]


def conversion(event: Instructed, member: Member | None, view: View) -> Order | Wrong:
    """`goal` was found out before, so that the sum could be read."""
    options = view.group.options(Conversions)
    if options is None:
        return Wrong(says="no_conversions", because="the group counts no conversions")
    id_, target = event.arguments.get("goal"), event.target
    if not isinstance(id_, str) or target is None:
        known = tuple(options.named(one, view.group) for one in options)
        return Wrong(says="conversion_which", because="no such conversion", values={"goals": known})
    called = options.named(id_, view.group)
    if member is None or member.kind is not PERSON:
        return Wrong(says="conversion_nobody", because="only persons convert", values={"goal": called})
    verb = str(event.arguments.get("verb", ""))
    if verb == "remove" and view.get(conversions.counted(id_, target.account)) <= 0:
        return Wrong(says="conversion_not_there", because="never converted", values={"goal": called})
    _, reason = _called(rest(event), view)
    return Order(
        said=f"did_conversion_{verb}",
        did=conversions.told(id_, removed=verb == "remove"),
        follows=(to(event, conversions.NAME, verb, reason, goal=id_),),
        back=(way_back(conversions.NAME, _OPPOSITES[verb], {"goal": id_}),),
        reason=reason,
        values={"goal": called},
    )


def _called(written: str, view: View) -> tuple[str | None, str]:
    """The conversion that words begin with, by its id or a name of several words perhaps; and what follows."""
    options = view.group.options(Conversions)
    if options is None:
        return None, written
    names = {options.name(id_, language).casefold(): id_ for id_ in options for language in view.group.languages}
    names |= {id_: id_ for id_ in options}
    return leading(written, names)
