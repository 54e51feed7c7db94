"""Which events of a batch can be loaded together."""

from __future__ import annotations

from collections.abc import Iterator

from core.events import Event, MemberRenamed


def segments(batch: list[Event]) -> Iterator[list[Event]]:
    """Runs of events that can be loaded together: a change of identity stands alone."""
    run: list[Event] = []
    for event in batch:
        if isinstance(event, MemberRenamed):
            if run:
                yield run
            yield [event]
            run = []
        else:
            run.append(event)
    if run:
        yield run
