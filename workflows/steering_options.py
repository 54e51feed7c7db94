"""How a group is steered: written under `community:` in its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Anonymous = Literal["yes", "confirm", "no"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """`anonymous`: what the word of an admin who writes as the group is worth. `quiet`: a reaction, not a line."""

    anonymous: Anonymous = "confirm"
    quiet: bool = False
