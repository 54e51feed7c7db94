"""Events, goals, tiers and kinds of ambassadors that share a name: whoever writes the name means one of them only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from config.chapter import Chapter
from config.places import Step
from config.problems import Problems, said
from workflows.ambassador_options import Ambassadors
from workflows.conversion_options import Conversions
from workflows.event_options import Events, Gathering, Once
from workflows.texts import LocalName
from workflows.tier_options import Tiers


def consider(chapter: Chapter, problems: Problems) -> None:
    """Warn of each name that was given before in the same section, for the same group."""
    for section, key, named in _named(chapter):
        seen: dict[str, list[str]] = {}
        for id_, one in named.items():
            name = getattr(one, key)
            for language, called in name.names.items() if isinstance(name, LocalName) else ():
                others = seen.setdefault(called.casefold(), [])
                twin = next((other for other in others if other != id_ and _meet(named[other], one)), None)
                if twin is not None:
                    path: tuple[Step, ...] = (section, id_, key, *((language,) if language else ()))
                    chapter.tell(problems, "warning", path, _SHARED.filled(name=called, other=twin))
                    break
                others.append(id_)


def _named(chapter: Chapter) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Sections whose entries people name in chats: section, the key of the name, the entries."""
    events, goals, kinds = (chapter.options.get(name) for name in ("events", "conversions", "ambassadors"))
    if isinstance(events, Events):
        yield "events", "title", events.root
    if isinstance(goals, Conversions):
        yield "conversions", "name", goals.root
    if isinstance(kinds, Ambassadors):
        yield "ambassadors", "name", kinds.root
    if isinstance(tiers := chapter.options.get("tiers"), Tiers):
        yield "tiers", "name", tiers.tiers


def _meet(one: Any, other: Any) -> bool:
    """Whether both are in one group, and at one time: of two events of one day each, whether both can be open."""
    to, too = ({*getattr(each, "to", ())} for each in (one, other))
    if to and too and to.isdisjoint(too):
        return False
    times = [_open(each) for each in (one, other) if isinstance(each, Gathering) and isinstance(each.at, Once)]
    return len(times) < 2 or max(times)[0] < min(times)[1]


def _open(event: Gathering) -> tuple[datetime, datetime]:
    """From when until when people say that they come to an event of one day, on the community's clock."""
    assert isinstance(event.at, Once)
    begins = datetime.combine(event.at.day, event.at.clock)
    return begins - event.announce, begins


_SHARED: Final = said(
    "`{other}` is called `{name}`, too, and who writes the name means one of them only; take another name",
    "`{other}` 也叫 `{name}`，说这个名字时只会当成其中一个；请换一个名字",
)
