"""One community file, understood: what it says of itself, the options of its workflows, and where all of it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field

from config.community import PLATFORMS, Community
from config.places import Spot, Step
from config.problems import Problems, Said, Weight
from workflows.options import Options, Window


class Heading(Options):
    """What a community file says before its sections."""

    version: Literal[1] = Field(1, description="the version of this format: 1")
    community: Community = Field(description="who the community is, and where")
    quiet_hours: Window | None = Field(
        None,
        description="no reminders in here, like 22:30-07:00: they come at its end, or before it where that is too late",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """`options` are by workflow name, those that could be used. `heading` is None only while there are problems."""

    file: str
    heading: Heading | None
    options: Mapping[str, BaseModel]
    spot: Spot

    @property
    def community(self) -> Community:
        """Who it is about."""
        assert self.heading is not None
        return self.heading.community

    def addresses(self) -> Iterator[tuple[tuple[str, str], str]]:
        """(platform, address) and the group's key."""
        for key, written in self.community.groups.items():
            for platform in PLATFORMS:
                address = getattr(written, platform, None)
                if address is not None:
                    yield (platform, address), key

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that its groups are on."""
        if self.heading is None:
            return ()
        return tuple(platform for platform in PLATFORMS if any(p == platform for (p, _), _ in self.addresses()))

    def tell(self, problems: Problems, weight: Weight, path: Sequence[Step], why: Said, *, guess: str = "") -> None:
        """Say something of what is written at a path, or of the part of it that is written."""
        problems.tell(weight, self.spot.at_path(path).at, self.spot.known(path), why, guess=guess)
