"""What the admins and the member read of an operator's `on_…` actions: what happened, in words instead of ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from core import state
from core.effects import plain
from core.people import Account, native_of
from core.workflow import View
from workflows.facts import shown_name
from workflows.onboarding_options import Task
from workflows.onboarding_tasks import name_of
from workflows.onboarding_voice import Voice


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing that happened to a newcomer; `task` and `span` where it is about them."""

    account: Account
    view: View
    what: Literal["gave_up", "missed", "completed"]
    task: Task | None = None
    span: timedelta | None = None

    def story(self, language: str) -> str:
        """For the admins, with the newcomer's name."""
        return self._said(f"onboarding.{self.what}", language)

    def why(self, language: str) -> str:
        """For the newcomer, as the reason of what follows."""
        return self._said(f"onboarding.{self.what}_why", language)

    def _said(self, key: str, language: str) -> str:
        member = self.view.actor() if self.what == "completed" else self.view.get(state.member(self.account))
        voice = Voice(account=self.account, language=language, group=self.view.group, known={})
        task = name_of(self.task, voice) if self.task is not None else ""
        name = shown_name(member) if member is not None else native_of(self.account)
        return plain(voice.own(key, name=name, task=task, span=self.span))
