"""Which platform an effect goes to, for groups that live on several."""

from __future__ import annotations

from core.effects import Effect, Invite, Pin, Say, TellAdmins
from core.events import Event, TimerDue
from core.workflow import Group

NOWHERE = ("",)


def platforms(effect: Effect, event: Event, group: Group) -> tuple[str, ...]:
    """The platforms of an effect, at least one; "" stands for none.

    What names its platform goes there, or nowhere. What is done to an account goes to that account's platform, an
    answer to where the event came from. What is said to the whole group by the clock is said on every platform of the
    group, or on those that the operator names. Admins are told once: where the event came from if they are there, else
    on the first platform where they are.
    """
    served = group.platforms
    if not served:
        return NOWHERE
    if type(effect) is Say:
        if effect.on:
            return (effect.on,) if effect.on in served else NOWHERE
        account = effect.to or effect.chooser
    elif type(effect) is TellAdmins:
        found = group.desks or served
        origin = event.id.partition(":")[0]
        return (origin,) if origin in found else found[:1]
    else:
        account = getattr(effect, "member", None)
    if account is None and type(event) is TimerDue:
        account = event.member
    origin = (account or event.id).partition(":")[0]
    if origin in served:
        return (origin,)
    return NOWHERE if account is not None else announced(group)


def announced(group: Group) -> tuple[str, ...]:
    """The platforms on which a group hears what nobody asked for, at least one; "" stands for none."""
    return tuple(one for one in group.platforms if one in group.said_on) or group.platforms or NOWHERE


def urgency(effect: Effect) -> int:
    """0 overtakes (acts, answers), 1 is the normal case, 2 waits for all others (digests)."""
    if isinstance(effect, Say):
        return _URGENCIES[effect.urgency]
    return 1 if isinstance(effect, TellAdmins | Pin | Invite) else 0


_URGENCIES = {"now": 0, "soon": 1, "bulk": 2}
