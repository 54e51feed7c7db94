"""What the admins are told by the way: which right to grant, which topic is shut, what was not done or said. Pure."""

from __future__ import annotations

from core.corrections import Undone
from core.delivery import Ability
from core.effects import TellAdmins, Words
from core.events import GENERAL
from core.people import Account
from core.workflow import Group


def lacking(needs: Ability, group: Group) -> TellAdmins:
    """The line that says which right to grant."""
    right = text(group, f"right_{needs}")
    return TellAdmins(words=say(group, "lacking", group=group.key, right=right))


def corrected(undone: Undone, group: Group, count: int) -> TellAdmins:
    """The line that says that what rules do, so often lately, was told and not done."""
    key = f"undone_{undone.why}_{'report' if count == 1 else 'reports'}"
    words = say(group, key, what=undone.what, group=group.key, right=undone.right, count=count)
    return TellAdmins(words=words, about=undone.member)


def silenced(group: Group, asker: Account | None, name: str) -> TellAdmins:
    """The line that says whose questions are not answered for now."""
    return TellAdmins(words=say(group, "silenced", group=group.key, name=name or somebody(group)), about=asker)


def shut(topic: str, group: Group) -> TellAdmins:
    """The line that says in which topic nothing can be said."""
    called = text(group, "topic_general") if topic == GENERAL else text(group, "topic_numbered", number=topic)
    return TellAdmins(words=say(group, "shut", group=group.key, topic=called))


def somebody(group: Group) -> str:
    """What somebody is called whose name is not known."""
    return text(group, "somebody")


def say(group: Group, key: str, language: str = "", /, **values: object) -> Words:
    """A sentence of the delivery's, in the group's first language if no other is asked for."""
    return group.texts.say(f"delivery.{key}", language or group.languages[0], {"delivery": values})


def text(group: Group, key: str, language: str = "", /, **values: object) -> str:
    """The same as bare text."""
    return "".join(part if isinstance(part, str) else part.name for part in say(group, key, language, **values))
