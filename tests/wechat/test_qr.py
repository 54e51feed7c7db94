"""The code that has to be scanned, for a terminal and for a page."""

from __future__ import annotations

from jobs.serve.qr import in_blocks, page


def test_a_code_is_drawn() -> None:
    assert "▀" in in_blocks("http://weixin.qq.com/x/abc")
    assert page("http://weixin.qq.com/x/abc", "main").count("<rect x=") > 200


def test_what_no_code_can_hold_is_shown_as_text() -> None:
    long = "x" * 5000
    assert in_blocks(long) == ""
    assert "<rect x=" not in page(long, "main")
    assert long in page(long, "main")
