"""Whatever happens to a gateway, the assistant goes on as docs/wechat-troubles.md says."""

from __future__ import annotations

import os
import re

import pytest

from tests.support.wechat import node
from tests.support.wechat.assistant import QUICK, WARY, play, running
from tests.support.wechat.fake import FakeGateway
from tests.wechat.troubles.page import PAGES, ROOT
from tests.wechat.troubles.scenes import How
from tests.wechat.troubles.table import TROUBLES


def in_python(certificate=None):
    return running(FakeGateway(certificate=certificate))


def in_javascript(certificate=None):
    return running(node.NodeGateway(certificate=certificate))


@pytest.mark.parametrize("trouble", TROUBLES, ids=[trouble.key for trouble in TROUBLES])
def test_what_is_seen_is_what_the_page_says(trouble) -> None:
    if trouble.alone and (why := node.missing()) and not os.environ.get(node.REQUIRED):
        pytest.skip(why)
    silent = {"Disconnected (frozen)", "Disconnected (deaf)"}.intersection(trouble.told)
    make = in_javascript if trouble.alone else in_python
    how = How(make=make, timings=WARY if silent else QUICK, times=3)
    seen = play(trouble.play(how))
    assert tuple(dict.fromkeys(seen.told)) == trouble.told
    assert tuple(seen.answers) == trouble.answers
    assert seen.heard == seen.posted


@pytest.mark.parametrize(("language", "file"), PAGES.items())
def test_a_page_has_a_line_for_each_trouble_and_no_other(language, file) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    lines = re.findall(r"^\| (.*?) \| .*\|$", text, re.MULTILINE)[1:]
    assert lines == [getattr(trouble.what, language) for trouble in TROUBLES]
    for trouble in TROUBLES:
        told = ", ".join(f"`{state}`" for state in trouble.told) or "–"
        assert f"| {getattr(trouble.does, language)} | {told} |" in text, trouble.key
