"""Binding one's own accounts: a code from the one, entered with the other, and a yes from the first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from core import state
from core.decision import NOTHING, Bind, Decision, Part, Put, SetTimer
from core.directory import read_code
from core.effects import Choice, Say, Words, plain
from core.events import ButtonPressed, Instructed, MessagePosted, TimerDue
from core.people import Account, Actor, ActorKind, Member, native_of, platform_of
from core.state import Bond, Key
from core.workflow import Group, View
from workflows import platform_names, rights
from workflows.commands import Call, Place, place
from workflows.facts import shown_name
from workflows.identity_commands import NO, YES
from workflows.identity_offers import (
    AGAIN,
    GOOD_FOR,
    OFFERS,
    TRIES,
    Home,
    Offer,
    Offers,
    Tries,
    key_of,
    new_code,
    token_of,
)
from workflows.plain_text import LONGEST_NAME, one_line

IDENTITY: Final = "identity"
PRESSED: Final = "link:"
_LINES: Final = frozenset(("asked", "bound", "refused", "parted"))


@dataclass(frozen=True, slots=True)
class _Voice:
    group: Group
    language: str

    def say(self, key: str, **values: object) -> Words:
        if "platform" in values:
            values["platform"] = platform_names.called(str(values["platform"]), self.language)
        return self.group.texts.say(f"identity.{key}", self.language, {"identity": values})


def reads(event: MessagePosted) -> tuple[Key[Any], ...]:
    """The state that `commanded` looks at."""
    who = event.actor.account
    return (OFFERS.of_house(), TRIES.of(who), state.bonds(who))


def commanded(call: Call, event: MessagePosted, view: View) -> Decision:
    """`/link`, `/link CODE`, `/link yes`, `/unlink`, `/unlink yes`."""
    if event.actor.kind is not ActorKind.PERSON:
        return Decision(because=("no person",), rule=call.command.name)
    if call.command.name == "unlink":
        return _unlink(call, event, view)
    word = call.rest.casefold()
    offers = view.get(OFFERS.of_house()) or Offers()
    if word in YES or word in NO:
        return _answered(event, view, offers, offers.of(event.actor.account, event.at), yes=word in YES)
    return _entered(call, event, view, offers) if word else _offered(call, event, view, offers)


def pressed(event: ButtonPressed, view: View) -> Decision:
    """The buttons under the question who somebody is."""
    said, _, token = event.data.removeprefix(PRESSED).partition(":")
    offers = view.get(OFFERS.of_house()) or Offers()
    mine = offers.of(event.actor.account, event.at)
    if mine is None or token_of(mine[0]) != token or said not in ("yes", "no"):
        return Decision(because=("the code is over",), rule="link")
    return _answered(event, view, offers, mine, yes=said == "yes")


def told(event: Instructed, view: View) -> Decision:
    """A line in private to somebody whom another group's event is about."""
    target = event.target
    if target is None or event.verb not in _LINES:
        return NOTHING
    member: Member | None = view.get(state.member(target.account))
    voice = _Voice(view.group, view.group.language_of(member))
    values = {"name": event.arguments.get("name"), "platform": event.arguments.get("platform")}
    choices: tuple[Choice, ...] = ()
    if event.verb == "asked":
        data = f":{event.arguments.get('token')}"
        choices = tuple(
            Choice(label=plain(voice.say(f"{said}_mine")), data=f"{PRESSED}{said}{data}") for said in ("yes", "no")
        )
    say = Say(
        words=voice.say(event.verb, **values),
        to=target.account,
        choices=choices,
        chooser=target.account if choices else None,
        urgency="now",
        confidential=True,
        expires=event.at + GOOD_FOR if choices else None,
    )
    return Decision(effects=(say,), because=(_WHY[event.verb],), rule="link", about=target.account)


_WHY: Final = {
    "asked": "asked whether another account is theirs",
    "bound": "told that they are bound",
    "refused": "told that it was a no",
    "parted": "told that they are parted",
}


def parting(
    event: MessagePosted | Instructed, offers: Offers, pairs: Iterable[tuple[Account, Account]]
) -> Iterator[Instructed]:
    """What accounts that are parted from others hear, each where it is spoken to."""
    for account, partner in pairs:
        home = offers.homes.get(account, Home(event.group, ""))
        yield _line(event, home.group, "parted", account, home.name, partner, called(partner, offers))


def sides(bond: Bond, bonds: Iterable[Bond]) -> tuple[Account, Account]:
    """The two accounts of a bond, or what each has become since."""
    became = {other.gone: other.partner(other.gone) for other in bonds if other.gone is not None}
    one, other = (became.get(account, account) for account in (bond.one, bond.other))
    return one, other


def called(account: Account, offers: Offers) -> str:
    """What a bound account is called."""
    home = offers.homes.get(account)
    return home.name if home is not None and home.name else native_of(account)


# /link


def _offered(call: Call, event: MessagePosted, view: View, offers: Offers) -> Decision:
    """A new code, in private only."""
    voice, who = _voice(view), event.actor.account
    if place(event) is not Place.PRIVATE:
        shown = rights.answer(call, event, view, voice.say("in_private"))
        if isinstance(shown, Say):
            choice = Choice(label=plain(voice.say("open")), data="link", private=True)
            shown = replace(shown, choices=(choice,), chooser=who)
        return Decision(effects=(shown,), because=("asked where others read along: shown the way",), rule="link")
    mine = offers.of(who, event.at)
    if mine is not None and event.at - mine[1].at < AGAIN:
        return _said(event, voice.say("again"), "asked for a code twice in a minute")
    code = new_code(view.group, event)
    offer = Offer(
        account=who,
        name=one_line(event.actor.name, LONGEST_NAME),
        group=event.group,
        at=event.at,
        platforms=_platforms(who, view.get(state.bonds(who))),
    )
    words = voice.say("code", code=code, minutes=_minutes())
    said = _said(event, words, "asked for a code to bind another account")
    key = key_of(code)
    return replace(
        said,
        changes=(Put(OFFERS.of_house(), offers.having(key, offer)),),
        timers=(SetTimer(key=f"over:{token_of(key)}", at=event.at + GOOD_FOR, member=who),),
    )


def over(event: TimerDue, view: View) -> Decision:
    """A code that led to nothing is kept no longer than it is good."""
    offers = view.get(OFFERS.of_house())
    current = offers.current(event.at) if offers is not None else None
    return NOTHING if current == offers else Decision(changes=(Put(OFFERS.of_house(), current),), rule="link")


def _entered(call: Call, event: MessagePosted, view: View, offers: Offers) -> Decision:
    """A code that somebody got on another platform, or what they take for one."""
    voice, who = _voice(view), event.actor.account
    tries = view.get(TRIES.of(who)) or Tries()
    if tries.too_many(event.at):
        return _replied(call, event, view, voice.say("too_many"), "entered too many wrong codes")
    code = read_code(call.rest)
    offer = offers.open.get(key_of(code)) if code is not None else None
    if code is None or offer is None or not offer.good(event.at):
        wrong = _replied(call, event, view, voice.say("wrong", minutes=_minutes()), "entered a code that is none")
        return replace(wrong, changes=(Put(TRIES.of(who), tries.with_one(event.at)),))
    if offer.account == who:
        return _replied(call, event, view, voice.say("own", code=code), "entered their own code with the same account")
    platforms = _platforms(who, view.get(state.bonds(who)))
    shared = sorted({*platforms} & {*offer.platforms})
    if shared:
        words = voice.say("one_platform", platform=shared[0])
        return _replied(call, event, view, words, "two accounts of one platform are not bound")
    if offer.taken is not None:
        return _replied(call, event, view, voice.say("used"), "the code was entered before")
    key = key_of(code)
    taken = replace(offer, taken=who, taken_name=one_line(event.actor.name, LONGEST_NAME), taken_group=event.group)
    ask = _line(event, offer.group, "asked", offer.account, offer.name, who, taken.taken_name, token_of(key))
    words = voice.say("entered", name=offer.name or native_of(offer.account), platform=platform_of(offer.account))
    said = _replied(call, event, view, words, "entered a code: the other account is asked")
    return replace(
        said, changes=(Put(OFFERS.of_house(), replace(offers, open={**offers.open, key: taken})),), follows=(ask,)
    )


def _answered(
    event: MessagePosted | ButtonPressed, view: View, offers: Offers, mine: tuple[str, Offer] | None, *, yes: bool
) -> Decision:
    """What whoever made the code says about the account that entered it."""
    voice = _voice(view)
    if mine is None or mine[1].taken is None:
        return _said(event, voice.say("nothing_open"), "there is nothing to answer")
    key, offer = mine
    assert offer.taken is not None
    named = {"name": offer.taken_name or native_of(offer.taken), "platform": platform_of(offer.taken)}
    verb = "bound" if yes else "refused"
    line = _line(event, offer.taken_group, verb, offer.taken, offer.taken_name, offer.account, offer.name)
    if not yes:
        said = _said(event, voice.say("refused", **named), "said that the account is not theirs")
        return replace(said, changes=(Put(OFFERS.of_house(), offers.without(key)),), follows=(line,))
    put = Put(OFFERS.of_house(), offers.bound(offer, offer.taken))
    said = _said(event, voice.say("bound", **named), f"bound {offer.account} and {offer.taken}: proof from both sides")
    return replace(said, changes=(put, Bind(one=offer.account, other=offer.taken)), follows=(line,), then=("bind",))


# /unlink


def _unlink(call: Call, event: MessagePosted, view: View) -> Decision:
    """One's own accounts apart again: the word yes has to be typed behind the command."""
    voice, who = _voice(view), event.actor.account
    bonds = view.get(state.bonds(who))
    own = [bond for bond in bonds if bond.gone is None]
    if not own:
        return _replied(call, event, view, voice.say("not_bound"), "there is nothing to part")
    bond, offers = own[-1], view.get(OFFERS.of_house()) or Offers()
    one, other = sides(bond, bonds)
    partner = other if platform_of(one) == platform_of(who) else one
    named = {"name": called(partner, offers), "platform": platform_of(partner)}
    if call.rest.casefold() not in YES:
        return _replied(call, event, view, voice.say("unlink_asked", **named), "asked to type a confirmation")
    said = _replied(call, event, view, voice.say("parted", **named), f"parted {bond.one} and {bond.other} as asked")
    return replace(
        said,
        changes=(Part(bond=bond), Put(OFFERS.of_house(), offers.parted(bond.one, bond.other))),
        follows=tuple(parting(event, offers, [(partner, who)])),
        then=("part",),
    )


def _line(
    event: MessagePosted | ButtonPressed | Instructed,
    group: str,
    verb: str,
    to: Account,
    to_name: str,
    about: Account,
    about_name: str,
    token: str = "",
) -> Instructed:
    """An order to this workflow, in the group where the other account is spoken to."""
    return Instructed(
        id=event.id,
        at=event.at,
        group=group,
        actor=event.actor,
        workflow=IDENTITY,
        verb=verb,
        target=Actor(account=to, name=to_name),
        arguments={"name": about_name or native_of(about), "platform": platform_of(about), "token": token},
    )


def _said(event: MessagePosted | ButtonPressed, words: Words, because: str) -> Decision:
    say = Say(words=words, to=event.actor.account, urgency="now", confidential=True, expires=event.at + GOOD_FOR)
    return Decision(effects=(say,), because=(because,), rule="link")


def _replied(call: Call, event: MessagePosted, view: View, words: Words, because: str) -> Decision:
    if place(event) is Place.PRIVATE:
        return _said(event, words, because)
    return Decision(effects=(rights.answer(call, event, view, words),), because=(because,), rule="link")


def _voice(view: View) -> _Voice:
    return _Voice(view.group, view.language())


def _platforms(account: Account, bonds: Iterable[Bond]) -> tuple[str, ...]:
    """The platforms on which somebody has an account; one that is gone is none."""
    gone = {bond.gone for bond in bonds}
    every = {account, *(one for bond in bonds for one in (bond.one, bond.other))} - gone
    return tuple(sorted({platform_of(one) for one in every if one is not None}))


def _minutes() -> int:
    return int(GOOD_FOR.total_seconds()) // 60


def name_of(member: Member | None, account: Account) -> str:
    """How somebody is known in the group."""
    return shown_name(member) if member is not None else native_of(account)
