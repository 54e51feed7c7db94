"""What counts as a conversion: written under `conversions:`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import ConfigDict, Field, RootModel

from core.names import Named
from core.workflow import Group
from workflows.options import Options
from workflows.texts import LocalName

GoalId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class Goal(Options):
    """Something that members come to do and the community counts: a trial, a purchase, a course joined."""

    name: LocalName | None = Field(None, description="its name for people; the id when left out")
    once: bool = Field(True, description="whether rules count it once for each person; `false`: each time")


class Conversions(RootModel[dict[GoalId, Goal]]):
    """The conversions of a community, by id."""

    model_config = ConfigDict(frozen=True)

    def __getitem__(self, id_: str) -> Goal:
        return self.root[id_]

    def __contains__(self, id_: object) -> bool:
        return id_ in self.root

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]
        return iter(self.root)

    def name(self, id_: str, language: str) -> str:
        """What people call a goal."""
        goal = self.root.get(id_)
        return goal.name.in_(language) if goal is not None and goal.name is not None else id_

    def named(self, id_: str, group: Group) -> Named:
        """What people call a goal, in each of the group's languages."""
        called = {language: self.name(id_, language) for language in group.languages}
        return Named(called[group.languages[0]], called)
