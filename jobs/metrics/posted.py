"""What the group posts by the clock, and when each was last posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.reckoning import Reckoning
from core.workflow import Group
from workflows.content import POSTED, Posted
from workflows.content_options import Contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A post that the group has: the day for which it was last posted, None if never yet, and whether it waits for room
    in the budget for advertising."""

    post: str
    posted: date | None
    waiting: bool


def posted(group: Group, reckoning: Reckoning) -> tuple[Piece, ...]:
    """The posts of a group in the order of its file, as of now."""
    options = group.options(Contents)
    own = [id_ for id_, post in options.content.items() if post.is_for(group)] if options is not None else []
    if not own:
        return ()
    kept = reckoning.record(group.key, POSTED) or Posted()
    return tuple(Piece(post=id_, posted=kept.last.get(id_), waiting=id_ in kept.waiting) for id_ in own)
