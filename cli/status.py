"""What a command tells by its exit status."""

from __future__ import annotations

from typing import Final

UNWELL: Final = 1
"""It looked, and found something that is not in order."""
UNDONE: Final = 1
"""What was asked for stays undone."""
REFUSED: Final = 2
"""It cannot use what it was given."""
NOTHING_TO_DO: Final = 3
"""There is nothing here that it could do: to start it again is of no use."""
