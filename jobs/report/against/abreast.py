"""Two streams of the same history side by side: instant by instant, so that neither is ever held whole."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Protocol, TypeVar

from core.ports import AuditRow, OutboxRow
from core.state import Entry


class Dated(Protocol):
    """Anything that happened at an instant."""

    @property
    def at(self) -> datetime: ...


T = TypeVar("T", bound=Dated)
R = TypeVar("R")


def abreast(before: Iterable[T], after: Iterable[T]) -> Iterator[tuple[list[T], list[T]]]:
    """What both have of each instant. Both must be in order of time."""
    ones, others = groupby(before, _instant), groupby(after, _instant)
    one, other = next(ones, None), next(others, None)
    while one is not None or other is not None:
        first = min(at for at, _ in filter(None, (one, other)))
        left: list[T] = []
        right: list[T] = []
        if one is not None and one[0] == first:
            left, one = list(one[1]), next(ones, None)
        if other is not None and other[0] == first:
            right, other = list(other[1]), next(others, None)
        yield left, right


def matched(
    before: Iterable[R],
    after: Iterable[R],
    key: Callable[[R], tuple[str, ...]],
    value: Callable[[R], Hashable],
) -> Iterator[tuple[R | None, R | None]]:
    """What belongs together by its key, in order of the keys. Of several of one key, those of one value do."""
    sides: dict[tuple[str, ...], tuple[list[R], list[R]]] = defaultdict(lambda: ([], []))
    for row in before:
        sides[key(row)][0].append(row)
    for row in after:
        sides[key(row)][1].append(row)
    for _, (left, right) in sorted(sides.items(), key=lambda item: item[0]):
        places: dict[Hashable, deque[int]] = defaultdict(deque)
        for n, row in enumerate(right):
            places[value(row)].append(n)
        rest, met = list[R](), set[int]()
        for row in left:
            if same := places.get(value(row)):
                met.add(same[0])
                yield row, right[same.popleft()]
            else:
                rest.append(row)
        others = [row for n, row in enumerate(right) if n not in met]
        common = min(len(rest), len(others))
        yield from zip(rest[:common], others[:common], strict=True)
        yield from ((row, None) for row in rest[common:])
        yield from ((None, row) for row in others[common:])


def root_of(row: AuditRow | OutboxRow | Entry) -> str:
    """The event of the history that a row came of; of a timer without what tells the rings of one instant apart.

    What follows from an event is numbered, and a ring is named after what set it: both change with anything else that
    the event brings.
    """
    root = row.event.partition(">")[0]
    return root.rpartition(":")[0] if root.startswith("timer:") else root


def _instant(row: Dated) -> datetime:
    return row.at
