"""Which section of a community file drives which workflow. The only such table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from config import fields
from core.workflow import Workflow
from workflows import check_in, onboarding, rules, tiers
from workflows.check_in_options import CheckIns
from workflows.onboarding_options import Onboarding
from workflows.rule_options import Rules
from workflows.tier_options import Tiers


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A workflow and where its options stand: all under the key `under`, or as keys of their own in the file."""

    workflow: Workflow[Any]
    model: type[BaseModel]
    under: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The top-level keys that belong to it."""
        return (self.under,) if self.under else tuple(key for key in fields.keys_of(self.model) if key not in SHARED)


SHARED = ("quiet_hours",)
"""Top-level keys that every workflow may have as an option of its own; what stands there wins."""

SECTIONS = (
    Section(workflow=onboarding.workflow, model=Onboarding, under="onboarding"),
    Section(workflow=check_in.workflow, model=CheckIns, under="check_ins"),
    Section(workflow=rules.workflow, model=Rules),
    Section(workflow=tiers.workflow, model=Tiers),
)
"""In the order in which workflows decide: who is new, who checked in, what is not allowed, who moves up."""
