"""What is kept of the words behind a length: nothing, once they are dealt with."""

from __future__ import annotations

import weakref

from workflows.lengths import length_in


class Words(str):
    """A text that can be watched."""

    __slots__ = ("__weakref__",)


def test_what_stands_behind_a_length_is_not_kept():
    said = Words("1h Ann has told me that she is ill")
    watched = weakref.ref(said)
    assert length_in(said).rest == "Ann has told me that she is ill"
    del said
    assert watched() is None


def test_a_bare_length_is_read_once():
    assert length_in("30m") is length_in("30m")
