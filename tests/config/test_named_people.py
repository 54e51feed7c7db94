"""A WeChat account that is written by its name is warned of, and the community is served."""

from __future__ import annotations

import pytest

from tests.config.test_probably_meant import HEAD, line, told


@pytest.mark.parametrize("who", ["admins", "owners", "moderators"])
def test_a_name_in_place_of_an_id_is_warned_of_where_it_stands(tmp_path, who):
    written = HEAD.replace("admins: [telegram:1]", f"{who}: [telegram:1, wechat:小助手, wechat:wxid_a]")
    (problem,) = told(tmp_path, "", written)
    assert (problem.weight, problem.path) == ("warning", ("community", who, 1))
    assert line(problem).startswith("7:")
    assert '"小助手" is a name' in line(problem)
    assert "“小助手”是昵称" in line(problem, "zh")
