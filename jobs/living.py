"""Groups as they live now: on which platforms each is served, and on which its admins can be told things."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from adapters.telegram.seal import fits
from core.people import platform_of
from core.workflow import Group

PLATFORMS: Final = ("telegram", "wechat")
"""In the order in which they are asked and told."""
NUMBERED: Final = frozenset(("wechat",))
"""Platforms without buttons."""
UNBARRED: Final = frozenset(("wechat",))
"""Platforms that know no ban: who is removed may be brought back by any member."""


def living(groups: Mapping[str, Group], live: Mapping[str, Collection[str]]) -> Mapping[str, Group]:
    """The groups, each with where it lives. `live` are the platforms by group."""
    everywhere = {platform for platforms in live.values() for platform in platforms}
    return {key: _living(group, live, everywhere) for key, group in groups.items()}


def _living(group: Group, live: Mapping[str, Collection[str]], everywhere: Collection[str]) -> Group:
    platforms = _ordered(live.get(group.key, ()))
    if group.desk:
        desks = _ordered(live.get(group.desk, ()))
    else:
        desks = _ordered({platform_of(account) for account in group.staff}.intersection(everywhere))
    return replace(
        group,
        platforms=platforms,
        numbered=_ordered(NUMBERED.intersection((*platforms, *desks))),
        unbarred=_ordered(UNBARRED.intersection(platforms)),
        desks=desks,
        fits=fits,
    )


def _ordered(platforms: Collection[str]) -> tuple[str, ...]:
    return tuple(one for one in PLATFORMS if one in platforms)
