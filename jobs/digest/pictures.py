"""Posts with a picture: the file is fetched from the home when the time has come, and not kept in between."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from adapters.sql.tasks import Claimed
from config.pictures import PictureRefused, read
from core.effects import Say
from core.people import NOBODY
from core.ports import AuditRow, OutboxRow, Writes
from core.routing import announced
from core.workflow import Group


def posted(group: Group, task: Claimed, home: Path, at: datetime) -> Writes:
    """What a post comes to: its rows of the outbox, and a line of the audit if it goes without its picture."""
    data, event = task.data, f"{task.kind}:{task.group}:{task.key}"
    words, file = str(data.get("words") or ""), str(data.get("picture") or "")
    topic = data.get("topic")
    writes = Writes()
    picture = None
    try:
        picture = read(home, file)
    except PictureRefused as error:
        because = (f"the picture {file} cannot be used: {error}",)
        id_ = task.key.partition(":")[0]
        writes.audit.append(AuditRow(at, group.key, event, "content", id_, NOBODY, "on", (), because))
    if picture is None and not words:
        return writes
    said = Say(
        words=(words,) if words else (),
        topic=str(topic) if topic else None,
        picture=picture,
        quiet=bool(data.get("quiet")),
        urgency="bulk",
        expires=task.expires,
        pin=bool(data.get("pin")),
    )
    writes.outbox += [
        OutboxRow(
            f"{event}@{platform}" if platform else event,
            at,
            group.key,
            event,
            "content",
            "Say",
            said,
            task.expires,
            platform,
        )
        for platform in announced(group)
    ]
    return writes
