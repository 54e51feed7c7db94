"""Records are read by many threads, some of them for the first time at the same moment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.patience import PATIENCE

ROOT = Path(__file__).parents[2]
SCENE = """
import sys, threading
from dataclasses import make_dataclass
from adapters.sql import rows

sys.setswitchinterval(1e-6)
for n in range(200):
    inner = [make_dataclass(f"Inner{n}_{k}", [("n", int, 0)]) for k in range(8)]
    shared = make_dataclass(f"Shared{n}", [(f"f{k}", each, None) for k, each in enumerate(inner)] + [("z", str, "")])
    kinds = [shared, list[shared], tuple[shared, ...], dict[str, shared]]
    texts = ['{"z": "a"}', '[{"z": "a"}]', '[{"z": "a"}]', '{"x": {"z": "a"}}']
    begin = threading.Barrier(4)

    def read(kind, text):
        begin.wait()
        rows.unpacked(text, kind)

    threads = [threading.Thread(target=read, args=both) for both in zip(kinds, texts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print("read")
"""
FORKED = """
import os, signal, sys, threading
from adapters.sql import rows

held, forked = threading.Event(), threading.Event()


def build():
    with rows._building:
        held.set()
        forked.wait()


threading.Thread(target=build).start()
held.wait()
child = os.fork()
if not child:
    signal.alarm(20)
    print(rows.unpacked('[1]', list[int]), flush=True)
    os._exit(0)
forked.set()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_threads_that_read_a_kind_of_record_for_the_first_time_at_once_do_not_break_the_process():
    played = subprocess.run([sys.executable, "-c", SCENE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (played.returncode, played.stdout) == (0, "read\n"), played.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_process_forked_while_another_thread_makes_such_a_kind_known_reads_all_the_same():
    played = subprocess.run(
        [sys.executable, "-c", FORKED], cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert (played.returncode, played.stdout) == (0, "[1]\n"), played.stderr
