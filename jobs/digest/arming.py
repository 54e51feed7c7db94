"""Setting the timers by the clock: digests, posts and events are promised even where nobody ever says a word, and what
goes on by itself once somebody spoke goes on where a timer is gone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.events import NO_DATA, Instructed
from core.people import Account, Actor, ActorKind
from core.workflow import Group
from workflows.alarms import ARM, BACK
from workflows.ambassador_options import Ambassadors
from workflows.check_in_options import CheckIns
from workflows.content_options import Contents
from workflows.digest_options import Digests
from workflows.event_options import Events
from workflows.reactivation_options import Reactivate
from workflows.survey_options import Surveys

_CLOCK = Actor(account=Account(""), kind=ActorKind.ANONYMOUS_ADMIN)
"""Nobody: the order comes from the program itself."""


def arming(groups: Iterable[Group], at: datetime, *, back: bool = False) -> list[Instructed]:
    """The orders to give when a process starts, and when the configuration or a group's zone has changed.

    One that was given before changes nothing: timers that stand as they should are left. `back` says that the clock was
    ahead until now: what was promised for later than the next time is promised for that.
    """
    return [
        Instructed(
            id=f"{bound.name}:{ARM}:{group.key}:{at.isoformat()}",
            at=at,
            group=group.key,
            actor=_CLOCK,
            workflow=bound.name,
            verb=ARM,
            arguments={BACK: True} if back else NO_DATA,
        )
        for group in groups
        for bound in group.runs
        if isinstance(bound.options, Digests | Contents | Events | Surveys | CheckIns | Reactivate | Ambassadors)
    ]
