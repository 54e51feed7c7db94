"""Performing as a courier does: message by message, until nothing is left."""

from __future__ import annotations

from dataclasses import replace

from core.delivery import Answer, Destination, Done, Platform
from core.effects import Effect


async def in_full(platform: Platform, effect: Effect, to: Destination) -> Answer:
    """The last answer, with the messages of all of them."""
    answer, posts = await platform.perform(effect, to), 0
    while isinstance(answer, Done) and answer.left:
        posts += answer.posts
        answer = await platform.perform(effect, to)
    return replace(answer, posts=posts + answer.posts) if isinstance(answer, Done) else answer
