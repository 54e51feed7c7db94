"""What importing Wechaty does to the process, and does not; and what gateways write that cannot be meant."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.wechat.library import instant
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


@pytest.mark.parametrize("odd", [None, "", "soon", {}, {"low": 1, "high": 2}, [1], -1, float("nan"), 1e300], ids=repr)
def test_what_is_no_instant_is_none(odd: object) -> None:
    assert instant(odd) is None


@pytest.mark.parametrize("told", [1_764_000_000, "1764000000", 1_764_000_000_000])
def test_an_instant_is_told_in_seconds_or_in_milliseconds(told: object) -> None:
    assert instant(told) == datetime.fromtimestamp(1_764_000_000, UTC)
