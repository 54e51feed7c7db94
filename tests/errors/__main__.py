"""`python -m tests.errors`: plays all troubles and writes docs/telegram-errors.md and docs/telegram-errors.zh.md."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.errors.page import PAGES, ROOT, page
from tests.errors.table import FAMILIES, family_played


def main() -> None:
    """Writes both pages."""
    with tempfile.TemporaryDirectory() as folder:
        found = {name: family_played(name, Path(folder) / name) for name in FAMILIES}
    for language, file in PAGES.items():
        (ROOT / file).write_text(page(found, language), encoding="utf-8")
        print(file)


if __name__ == "__main__":
    main()
