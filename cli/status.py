"""What a command tells by its exit status."""

from __future__ import annotations

from typing import Final

REFUSED: Final = 2
"""It cannot use what it was given."""
