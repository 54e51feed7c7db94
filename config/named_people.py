"""People of WeChat who are written by their name: nobody's id holds Han letters, so whoever was meant is not found."""

from __future__ import annotations

import re
from typing import Final

from config.chapter import Chapter
from config.problems import Problems, said

_HAN: Final = re.compile("[\u3400-\u9fff]")
_LISTS: Final = ("admins", "owners", "moderators")


def consider(chapter: Chapter, problems: Problems) -> None:
    """Warn of each that stands among those who steer the community."""
    if chapter.heading is None:
        return
    for name in _LISTS:
        for i, account in enumerate(getattr(chapter.community, name)):
            platform, _, native = account.partition(":")
            if platform == "wechat" and _HAN.search(native):
                at = ("community", name, i)
                problems.tell("warning", chapter.spot.at_path(at).at, at, _A_NAME.filled(name=native))


_A_NAME: Final = said(
    '"{name}" is a name, and WeChat knows people by their ids: nobody is meant by it; '
    "write the id, like wechat:wxid_of_ana",
    "“{name}”是昵称，微信按 id 认人，这样写谁也不是；请写 id，例如 wechat:wxid_of_ana",
)
