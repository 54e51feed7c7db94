"""Performs effects through robots' webhooks: texts with mentions, and pictures. Nothing else exists there.

A message of several parts that breaks off goes on where it broke off (`core/unfinished.py`): twenty a minute are soon
spent.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from adapters.wecom.refusals import answer_to
from adapters.wecom.webhook import CallFailed, Webhook
from core.delivery import Ability, Answer, Destination, Done, Never, Refusal
from core.effects import Effect, Mention, Say, TellAdmins, Words
from core.unfinished import Unfinished

LONGEST: Final = 2048
"""Bytes of a text, in UTF-8."""
LARGEST: Final = 2 * 1024 * 1024
"""Bytes of a picture, before it is encoded."""
_CAN: Final[frozenset[Ability]] = frozenset(("say", "picture"))

Post = tuple[str, Mapping[str, object]]


class WeComPlatform:
    """Implements `core.delivery.Platform`. `robots` by group may change while it lives."""

    name: Final = "wecom"

    def __init__(self, robots: Mapping[str, Webhook]) -> None:
        self._robots = robots
        self._unfinished = Unfinished()

    def abilities(self, group: str) -> frozenset[Ability]:
        """Saying things and showing pictures, where the group has a robot."""
        return _CAN if group in self._robots else frozenset()

    def parts(self, effect: Effect, to: Destination) -> int:
        """How many of the twenty messages a minute it takes."""
        return len(_posts(effect)) if isinstance(effect, Say | TellAdmins) else 0

    def forget(self, effect: Effect, to: Destination) -> None:
        """See `Platform.forget`."""
        self._unfinished.forget(to.group, effect)

    async def perform(self, effect: Effect, to: Destination) -> Answer:
        """Do it. Never raises for what WeCom can answer; ends within the deadline of each post."""
        robot = self._robots.get(to.group)
        if robot is None:
            return Never(refusal=Refusal.NOT_THERE, why="the group has no robot")
        if not isinstance(effect, Say | TellAdmins):
            return Never(refusal=Refusal.UNABLE, why=f"a robot cannot {type(effect).__name__.lower()}")
        if isinstance(effect, Say) and effect.to is not None:
            return Never(refusal=Refusal.UNREACHABLE, why="a robot has no private chats")
        if isinstance(effect, Say) and effect.picture is not None and len(effect.picture) > LARGEST:
            return Never(refusal=Refusal.UNABLE, why=f"the picture has more than {LARGEST} bytes", needs="picture")
        posts = _posts(effect)
        if not posts:
            return Never(refusal=Refusal.MALFORMED, why="there is nothing to say")
        begin, _ = self._unfinished.resumed(to.group, effect)
        for at in range(begin, len(posts)):
            try:
                await robot.post(*posts[at])
            except CallFailed as failed:
                self._unfinished.broke_off(to.group, effect, at)
                return answer_to(failed)
        return Done(posts=len(posts) - begin)


def _posts(effect: Say | TellAdmins) -> Sequence[Post]:
    """A picture first, then the text in as many messages as it needs; who is mentioned is told with the last."""
    posts: list[Post] = []
    if isinstance(effect, Say) and effect.picture is not None:
        encoded = base64.b64encode(effect.picture).decode()
        digest = hashlib.md5(effect.picture, usedforsecurity=False).hexdigest()
        posts.append(("image", {"base64": encoded, "md5": digest}))
    texts = _texts(effect.words)
    posts += [("text", {"content": text}) for text in texts]
    if texts and (mentioned := _mentioned(effect.words)):
        posts[-1] = ("text", {"content": texts[-1], "mentioned_list": mentioned})
    return posts


def _texts(words: Words) -> list[str]:
    """The words within the limit, cut between lines if possible."""
    whole = "".join(part if isinstance(part, str) else part.name for part in words).strip()
    texts: list[str] = []
    while whole:
        head = whole.encode()[:LONGEST].decode(errors="ignore")
        if len(head) < len(whole) and (line := head.rfind("\n")) > len(head) // 2:
            head = head[: line + 1]
        texts.append(head.rstrip())
        whole = whole[len(head) :].lstrip("\n")
    return texts


def _mentioned(words: Words) -> list[str]:
    """The WeCom ids of those mentioned; people of other platforms are named in the text only."""
    accounts = [str(part.account) for part in words if isinstance(part, Mention)]
    return list(dict.fromkeys(one.removeprefix("wecom:") for one in accounts if one.startswith("wecom:")))
