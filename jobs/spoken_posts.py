"""Posts of a rehearsal: nobody fetches a picture in it, so that its name stands above the words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from core.workflow import Bound, Group
from workflows.content_options import Contents, Post
from workflows.speaking import Speaks
from workflows.texts import Text

_GROUP: Final = Speaks("group")


def spoken(group: Group) -> Group:
    """The same group, whose posts name their pictures in words."""
    return replace(group, runs=tuple(_in_words(bound) for bound in group.runs))


def _in_words(bound: Bound[Any]) -> Bound[Any]:
    if not isinstance(bound.options, Contents):
        return bound
    posts = {id_: _named(post) for id_, post in bound.options.content.items()}
    return replace(bound, options=bound.options.model_copy(update={"content": posts}))


def _named(post: Post) -> Post:
    if post.picture is None:
        return post
    name = post.picture.replace("${", "$${")
    sources = post.text.sources if post.text is not None else {}
    said = {language: f"[{name}]\n{source}" for language, source in sources.items()} or {"": f"[{name}]"}
    return post.model_copy(update={"picture": None, "text": Text(said, _GROUP.vocabulary)})
