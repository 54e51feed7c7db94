"""The assistant's own standing in a group: what it may do there, and who is told when that is not enough.

At first contact the group hears which rights are missing for what its configuration asks; a right that is lost later is
a line to the admins, and so are having it back and being out of the group. Nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from core.decision import NOTHING, Decision, Put
from core.delivery import Ability
from core.effects import Effect, Say, TellAdmins, Words
from core.events import BotStanding, Event, Unheard
from core.state import Key, Slot
from core.workflow import View, Workflow
from workflows import gaps
from workflows.gaps import GAPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """`needs` are the abilities that the configuration of the group asks for."""

    needs: frozenset[Ability] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """What was last known on one platform. `thanks` says that the group still waits to hear that all is well.

    `abilities` are all that the platform told; other processes of the deployment read them here. `title` is what the
    chat was called last: where it comes back under another id, it is known by that. `untold` are admins whom no line
    reaches.
    """

    present: bool
    missing: tuple[str, ...] = ()
    thanks: bool = False
    abilities: tuple[str, ...] = field(default=(), compare=False)
    title: str = field(default="", compare=False)
    untold: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Standings:
    """By platform."""

    on: dict[str, Standing] = field(default_factory=dict)


STANDINGS: Final = Slot("presence.standings", Standings)


def reads(event: Event, options: Presence) -> Iterable[Key[Any]] | None:
    return (GAPS.of_group(),) if isinstance(event, Unheard) else (STANDINGS.of_group(),)


def decide(event: Event, options: Presence, view: View) -> Decision:
    if isinstance(event, Unheard):
        return gaps.decide(event, view)
    assert isinstance(event, BotStanding)
    known = view.get(STANDINGS.of_group()) or Standings()
    was = known.on.get(event.platform)
    missing = tuple(sorted(options.needs - event.abilities)) if event.present else ()
    abilities = was.abilities if event.refused and was is not None else tuple(sorted(event.abilities))
    title = event.title or (was.title if was is not None else "")
    untold = (was.untold if was is not None else ()) if event.untold is None else event.untold
    if was is None or not was.present:
        if not event.present:
            return NOTHING
        now, effects, because = _met(event, missing, view)
    elif not event.present:
        now, effects, because = _gone(view)
    elif missing == was.missing:
        if (abilities, title, untold) == (was.abilities, was.title, was.untold):
            return NOTHING
        return Decision(changes=(_kept(known, event, was, abilities, title, untold),))
    else:
        now, effects, because = _changed(event, was, missing, view)
    put = _kept(known, event, now, abilities, title, untold)
    spoken = event.platform in _SPOKEN or not event.present
    return Decision(changes=(put,), effects=effects if spoken else (), because=(because,))


def _kept(
    known: Standings,
    event: BotStanding,
    now: Standing,
    abilities: tuple[str, ...],
    title: str,
    untold: tuple[str, ...],
) -> Put:
    kept = replace(now, abilities=abilities, title=title, untold=untold)
    return Put(STANDINGS.of_group(), Standings({**known.on, event.platform: kept}))


_Step = tuple[Standing, tuple[Effect, ...], str]


def _met(event: BotStanding, missing: Sequence[str], view: View) -> _Step:
    """First contact, or back after having been away."""
    if not missing:
        line = TellAdmins(words=_said(view, "ready", group=view.group.key))
        return Standing(True), (line,), "first contact, and no right is missing"
    words = (*_said(view, "hello"), *_wanted(view, missing, event.abilities))
    effect = Say(words=words) if "say" in event.abilities else TellAdmins(words=words)
    return Standing(True, tuple(missing), True), (effect,), f"first contact, and rights are missing: {_list(missing)}"


def _gone(view: View) -> _Step:
    line = TellAdmins(words=_said(view, "gone", group=view.group.key))
    return Standing(False), (line,), "removed from the group"


def _changed(event: BotStanding, was: Standing, missing: Sequence[str], view: View) -> _Step:
    lost = sorted(set(missing) - set(was.missing))
    if lost:
        words = (*_said(view, "lacking", group=view.group.key), *_wanted(view, lost, event.abilities))
        now = Standing(True, tuple(missing), was.thanks)
        return now, (TellAdmins(words=words),), f"rights are missing now: {_list(lost)}"
    if missing:
        return Standing(True, tuple(missing), was.thanks), (), f"rights are still missing: {_list(missing)}"
    # Whoever heard that rights are missing hears that none is: the group at first contact, the admins later.
    heard: Effect = TellAdmins(words=_said(view, "again", group=view.group.key))
    if was.thanks and "say" in event.abilities:
        heard = Say(words=_said(view, "complete"), quiet=True)
    return Standing(True), (heard,), "no right is missing any more"


def _wanted(view: View, missing: Collection[str], has: Collection[str]) -> Words:
    """A line for each right to grant, in Telegram's own words, and how that is done."""
    wanted = {_RIGHTS[ability]: None for ability in _RIGHTS if ability in missing}
    if "ban" in wanted and "ban" in has and "mute" not in has:
        # Whoever may ban and cannot mute is in a plain group: only supergroups know muting.
        wanted = {right if right != "ban" else "supergroup": None for right in wanted}
    words: list[Any] = [part for right in wanted for part in ("\n· ", *_said(view, right))]
    if any(right in _GRANTED for right in wanted):
        words += ["\n", *_said(view, "grant")]
    return tuple(words)


def _said(view: View, key: str, **values: object) -> Words:
    return view.group.texts.say(f"presence.{key}", view.group.languages[0], {"presence": values})


def _list(abilities: Iterable[str]) -> str:
    return ", ".join(abilities)


_SPOKEN: Final = ("telegram",)
"""Platforms where rights are granted by admins, and where there are words for it."""
_RIGHTS: Final = {
    "delete": "delete",
    "mute": "ban",
    "remove": "ban",
    "ban": "ban",
    "approve": "invite",
    "invite": "invite",
    "pin": "pin",
    "hear": "hear",
}
"""The right of Telegram's that gives each ability, as its sentence is called."""
_GRANTED: Final = ("delete", "ban", "invite", "pin")
"""Those that are switched on among an administrator's rights."""

workflow = Workflow("presence", Presence, frozenset((BotStanding, Unheard)), reads, decide)
