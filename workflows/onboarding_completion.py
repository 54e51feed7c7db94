"""What operators promise for answering every step, given once in a lifetime."""

from __future__ import annotations

from dataclasses import replace

from core.decision import NOTHING, Decision, Post
from core.follow_ups import OnboardingCompleted
from core.workflow import View
from workflows import actions
from workflows.onboarding_options import Onboarding
from workflows.onboarding_state import PROGRESS, kept
from workflows.onboarding_telling import Telling


def rewarded(event: OnboardingCompleted, options: Onboarding, view: View) -> Decision | tuple[Decision, ...]:
    """`on_complete`, in full the first time; after a restart by an admin without what the ledger already holds."""
    progress = view.get(PROGRESS.of(event.actor.account))
    if progress is None or not options.on_complete:
        return NOTHING
    account = event.actor.account
    tell = Telling(account, view, "completed")
    done = actions.perform(
        options.on_complete,
        event,
        view,
        actor=account,
        rule="onboarding.complete",
        title=tell.why,
        story=tell.story,
    )
    if "complete" in progress.paid:
        again = tuple(change for change in done.changes if not isinstance(change, Post))
        then = tuple(word for word in done.then if not word.startswith(("points", "thanks")))
        return replace(done, changes=again, then=then, because=(*done.because, "was rewarded before"))
    # A natural key: whatever happens, the ledger cannot hold this reward twice.
    changes = tuple(
        replace(change, key=f"onboarding:complete:{n}") if isinstance(change, Post) else change
        for n, change in enumerate(done.changes)
    )
    paid = kept(replace(progress, paid=(*progress.paid, "complete")))
    return replace(done, changes=(*changes, paid), because=(*done.because, "every step is answered"))
