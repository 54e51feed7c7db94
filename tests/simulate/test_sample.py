"""The sample history: the same bytes from the same seed, and what the README promises to be in it."""

from __future__ import annotations

from collections import Counter

from adapters.exports.formats import open_history
from adapters.exports.history import Reading, Skipped
from core.events import MemberJoined, MemberLeft, MessageEdited, MessagePosted, ReactionChanged
from jobs.report import truth
from jobs.sample import write_sample


def test_one_seed_writes_the_same_bytes_and_another_does_not(tmp_path):
    one, two, other = (write_sample(tmp_path / name, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    assert one.history.read_bytes() == two.history.read_bytes()
    assert one.truth.read_bytes() == two.truth.read_bytes()
    assert one.history.read_bytes() != other.history.read_bytes()


def test_it_holds_sixty_days_of_two_platforms_and_a_spam_wave_with_its_truth(tmp_path):
    sample = write_sample(tmp_path)
    history = open_history(sample.history, Reading(group="g"))
    events = list(history.events)
    assert history.format == "yaji"
    assert not any(isinstance(event, Skipped) for event in events)
    kinds = Counter(type(event) for event in events)
    assert kinds[MessagePosted] == sample.messages
    assert 3_000 < sample.messages < 6_000
    assert all(kinds[kind] > 10 for kind in (MemberJoined, MemberLeft, MessageEdited, ReactionChanged))
    posted = [event for event in events if isinstance(event, MessagePosted)]
    assert {event.actor.account.partition(":")[0] for event in posted} == {"telegram", "wechat"}
    assert len({event.at.date() for event in posted}) >= 60
    known = {piece.name: piece for piece in truth.read(sample.truth)}
    ids = {event.id for event in posted}
    assert set(known["spam"].events) <= ids
    assert set(known["thanks"].events) <= ids
    assert len(known["spam"].events) == sample.spam > 20
