"""What is held against somebody who is forgotten: a ban of one account is not over because another one was let in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workflows.acts import Act, Acts
from workflows.bans import Banned
from workflows.held import held

AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("let_in", "banned"),
    [("telegram", None), ("wechat", Banned()), ("", None)],
    ids=["the account itself", "another one", "nobody wrote down which"],
)
def test_the_ban_of_an_account_is_over_once_that_one_was_let_in(let_in, banned):
    known = Acts({"a": Act(at=AT, did=("ban",), where="telegram"), "b": Act(at=AT, did=("unban",), where=let_in)})
    assert held((), None, known, None, None, AT).banned == banned
