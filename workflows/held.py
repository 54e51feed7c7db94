"""What stays against abuse when somebody is forgotten: warnings that count, a mute and a ban that last, and that they
were here before, so that no invitation brings them a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from core.state import Entry
from workflows import ladder
from workflows.acts import Acts
from workflows.bans import BANNED, Banned
from workflows.mutes import MUTED, Muted
from workflows.options import span
from workflows.referral_book import INVITEE, Invitee


class Held(NamedTuple):
    """What is held against somebody at an instant."""

    warnings: tuple[Entry, ...] = ()
    muted: Muted | None = None
    banned: Banned | None = None
    invitee: Invitee | None = None

    @property
    def records(self) -> Mapping[str, object]:
        """The records among it, by slot."""
        found = {MUTED.name: self.muted, BANNED.name: self.banned, INVITEE.name: self.invitee}
        return {slot: record for slot, record in found.items() if record is not None}


def held(
    warnings: Sequence[Entry],
    muted: Muted | None,
    known: Acts | None,
    banned: Banned | None,
    invitee: Invitee | None,
    at: datetime,
) -> Held:
    """What of a member's warnings, mute, last acts, ban and invitation still counts. Warnings lose words and giver, an
    invitation the inviter and what it paid."""
    bare = tuple(
        entry._replace(key=f"held:{n}", by=None, event="held", reason="", about=None)
        for n, entry in enumerate(ladder.counting(warnings, at))
    )
    lasts = muted is not None and (not muted.until or muted.until > at.timestamp())
    lasting = replace(muted, where="") if muted is not None and lasts else None
    ban = _by_acts(known, banned) if known is not None else banned
    if ban is not None and ban.until is not None and ban.until <= at:
        ban = None
    came = Invitee(joined=invitee.joined, stage="left") if invitee is not None else None
    return Held(bare, lasting, ban, came)


def _by_acts(known: Acts, banned: Banned | None) -> Banned | None:
    """The ban that the last acts leave, if they leave one: on any platform, the one given last."""
    bans = {banned.where: banned} if banned is not None else {}
    for act in known.last.values():
        for did in act.did:
            verb, _, length = did.partition(" ")
            if verb in ("ban", "unban"):
                bans = {where: ban for where, ban in bans.items() if where and act.where and where != act.where}
            if verb == "ban" and not act.undone:
                bans[act.where] = Banned(act.at + span(length) if length else None)
    return next(reversed(bans.values()), None)
