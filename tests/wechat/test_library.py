"""What importing Wechaty does to the process, and does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.patience import PATIENCE

ROOT = Path(__file__).parents[2]
LOOK = """
import os, sys, logging
import adapters.wechat.perform
print(os.listdir("."))
print(sorted({name.split(".")[0] for name in sys.modules} & {"wechaty", "quart", "flask", "apscheduler", "lxml"}))
logging.getLogger("PuppetService").warning("a token would stand here")
from adapters.wechat.endpoint import Endpoint
from adapters.wechat.library import Puppet
import asyncio
async def made(): Puppet(Endpoint(host="127.0.0.1", port=1, token="s3cret", tls=None), 1).close()
asyncio.run(made())
print(repr(Endpoint(host="127.0.0.1", port=1, token="s3cret", tls=None)))
"""


def test_no_folder_no_server_no_token_in_the_log(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    assert done.stdout.splitlines()[:2] == ["[]", "[]"]
    assert "s3cret" not in done.stdout + done.stderr
    assert done.stderr == ""
