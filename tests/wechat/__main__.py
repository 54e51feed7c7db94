"""`python -m tests.wechat`: plays all troubles in earnest (ten minutes) and writes docs/wechat-troubles.md, .zh.md.

With the keys of some troubles, only these are played, and only their lines are written anew.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from adapters.wechat.connection import Timings
from tests.support.wechat.assistant import play, running
from tests.support.wechat.node import NodeGateway
from tests.wechat.troubles.page import PAGES, ROOT, page
from tests.wechat.troubles.scenes import How, Seen
from tests.wechat.troubles.table import TROUBLES


def main(keys: Sequence[str]) -> None:
    """Writes both pages."""
    how = How(make=lambda certificate=None: running(NodeGateway(certificate=certificate)), timings=Timings(), times=20)
    seen: dict[str, Seen] = {}
    for trouble in TROUBLES:
        if not keys or trouble.key in keys:
            seen[trouble.key] = play(trouble.play(how), within=1500)
            print(trouble.key, seen[trouble.key], flush=True)
    for language, file in PAGES.items():
        old = (ROOT / file).read_text(encoding="utf-8").splitlines()[-len(TROUBLES) :] if keys else ()
        (ROOT / file).write_text(page(seen, language, old), encoding="utf-8")
        print(file)


if __name__ == "__main__":
    main(sys.argv[1:])
