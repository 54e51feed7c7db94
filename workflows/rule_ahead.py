"""What rules decided about an event, as later rules see it: the engine applies it only when all have decided."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from core.decision import Decision, Post, Put
from core.events import Event
from core.people import NOBODY, Member, PersonId
from core.state import Entry, Key
from core.workflow import View

T = TypeVar("T")


class Ahead:
    """A view with the decisions so far laid over it: records, warnings and sums."""

    def __init__(self, view: View, event: Event) -> None:
        self.group = view.group
        self._view = view
        self._event = event
        self._puts: dict[Key[Any], object | None] = {}
        self._posts: list[Post] = []
        self._actor: Member | None = None

    def actor(self) -> Member:
        if self._actor is None:
            self._actor = self._view.actor()
        return self._actor

    def person(self) -> PersonId:
        return self._view.person()

    def language(self) -> str:
        return self._view.language()

    def get(self, key: Key[T]) -> T:
        """The value as it will be once the decisions so far are applied. Who a new fact's giver is stays unknown."""
        value = self._view.get(key)
        if key in self._puts:
            return cast(T, self._puts[key])
        if self._posts and key.what in ("entries", "balance"):
            new = [post for post in self._posts if post.member == key.who and post.kind == key.name]
            if new and key.what == "balance":
                return cast(T, cast(int, value) + sum(post.amount for post in new))
            if new:
                return cast(T, (*cast("tuple[Entry, ...]", value), *(self._entry(post) for post in new)))
        return value

    def note(self, decision: Decision) -> None:
        """Lay a decision over what is there; one in shadow changes nothing."""
        if decision.shadow:
            return
        for change in decision.changes:
            if isinstance(change, Put):
                self._puts[change.key] = change.value
            elif isinstance(change, Post):
                self._posts.append(change)

    def _entry(self, post: Post) -> Entry:
        return Entry(
            kind=post.kind,
            key=post.key,
            at=self._event.at,
            person=NOBODY,
            amount=post.amount,
            by=NOBODY if post.by is not None else None,
            event=self._event.id,
            rule=post.rule,
            reason=post.reason,
            expires=post.expires,
        )
