"""What went wrong inside a batch that was committed, as lines of a log: nobody's account stands in them."""

from __future__ import annotations

import logging

from core.outcome import Outcome
from jobs.privacy.veil import unnamed


def tell(outcome: Outcome, log: logging.Logger) -> None:
    """Log which workflows crashed and which events were set aside. Ids of timers hold accounts, and errors may."""
    for fault in outcome.faults:
        what = (fault.workflow, unnamed(fault.event), unnamed(fault.error), fault.where)
        log.error("workflow %s crashed on %s: %s (%s)", *what)
    for letter in outcome.buried:
        log.error("%s of %s was set aside: %s", unnamed(letter.id), letter.group, unnamed(letter.why))
