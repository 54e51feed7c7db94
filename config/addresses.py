"""What there may be once only in a whole home: the key of a group, and an address on a platform."""

from __future__ import annotations

from collections.abc import Iterable

from config.chapter import Chapter
from config.places import Place
from config.problems import Problems, said


def consider(chapters: Iterable[Chapter], problems: Problems) -> None:
    """Tell each key and each address that is taken already, with the place where."""
    keys: dict[str, Place] = {}
    places: dict[tuple[str, str], tuple[str, Place]] = {}
    for chapter in chapters:
        if chapter.heading is None:
            continue
        here = chapter.spot.at_path(("community", "groups"))
        for key in chapter.community.groups:
            spot = here.at_path((key,))
            first = keys.setdefault(key, spot.name)
            if first != spot.name:
                found = said(f"the group `{key}` a second time", f"第二个群 `{key}`")
                wanted = said(
                    f"each key once in the home; it is also at {first}", f"每个群键全家只用一次；它也在 {first}"
                )
                problems.refuse(spot.name, ("community", "groups", key), found, wanted)
        for (platform, address), key in chapter.addresses():
            spot = here.at_path((key, platform))
            owner, place = places.setdefault((platform, address), (key, spot.at))
            if place != spot.at:
                found = said(f"the address of the group `{owner}`", f"群 `{owner}` 的地址")
                wanted = said(f"an address of its own; this one is also at {place}", f"自己的地址；这个也在 {place}")
                problems.refuse(spot.at, ("community", "groups", key, platform), found, wanted)
