"""When each may go: the limits are never exceeded in any window, nobody waits longer than needed."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.pacing import UNLIMITED, Apart, Limits, Pacer

STRICT = Limits(slack=0.0)
Log = list[tuple[float, str]]


def run(pacer: Pacer, now: float = 0.0, *, lasts: float = 0.0) -> Log:
    """Send everything; each takes `lasts` seconds, during which nothing else is sent."""
    log: Log = []
    while True:
        key = pacer.next(now)
        if isinstance(key, str):
            log.append((now, key))
            now += lasts
            pacer.sent(key, now)
        elif key == math.inf:
            return log
        else:
            now += key


def offered(work: Iterable[tuple[str, int]], limits: Limits = STRICT, *, group: bool = True) -> Pacer:
    pacer = Pacer(limits)
    for chat, count in work:
        for n in range(count):
            pacer.offer(f"{chat}/{n}", chat, 1, group=group)
    return pacer


def chat_of(key: str) -> str:
    return key.split("/")[0]


def check(log: Log, limits: Limits, posts: Iterable[str] | None = None, private: Iterable[str] = ()) -> None:
    """No window of any limit holds more than it may."""
    times = [at for at, _ in log]
    if limits.overall is not None:
        no_more_than(limits.overall, limits.overall_span, times)
    chats = defaultdict(list)
    wanted = None if posts is None else set(posts)
    for at, key in log:
        if wanted is None or key in wanted:
            chats[chat_of(key)].append(at)
    for chat, mine in chats.items():
        if limits.chat_gap is not None:
            no_more_than(1, limits.chat_gap, mine)
        if limits.per_group is not None and chat not in private:
            no_more_than(limits.per_group, limits.group_span, mine)


def no_more_than(count: int, span: float, times: list[float]) -> None:
    for early, late in zip(times, times[count:], strict=False):
        assert late - early >= span - 1e-6


def bound(work: list[tuple[str, int]]) -> float:
    """Nobody can be faster: all by the overall limit, the longest chat by its own."""
    total, longest = sum(count for _, count in work), max(count for _, count in work)
    return max((total - 1) // 30, (longest - 1) // 20 * 60 + (longest - 1) % 20)


@pytest.mark.parametrize(
    "work",
    [
        [("big", 300), *((f"c{n}", 1) for n in range(5000))],
        [(f"g{n}", 200) for n in range(10)],
        [(f"c{n}", 1) for n in range(10_000)],
    ],
    ids=["a big group among 5,000 single ones", "ten groups of 200", "10,000 single ones"],
)
def test_the_plan_takes_hardly_longer_than_any_plan_must(work):
    log = run(offered(work))
    assert len(log) == sum(count for _, count in work)
    assert bound(work) / log[-1][0] >= 0.98
    check(log, STRICT)


def test_a_private_chat_has_no_limit_by_the_minute():
    assert run(offered([("c", 40)], group=False))[-1][0] == pytest.approx(39)


def test_without_limits_everything_goes_at_once():
    assert run(offered([("c", 500), ("d", 500)], UNLIMITED))[-1][0] == 0


def test_urgent_goes_before_what_can_wait_and_finds_a_gap_among_it():
    pacer = offered([(f"c{n}", 1) for n in range(300)])
    now, gone = 0.0, 0
    while gone < 100:
        key = pacer.next(now)
        if isinstance(key, str):
            pacer.sent(key, now)
            gone += 1
        else:
            now += key
    pacer.offer("urgent/0", "urgent", 0)
    key = pacer.next(now)
    waited = 0.0 if isinstance(key, str) else key
    assert pacer.next(now + waited) == "urgent/0"
    assert waited <= 1 / 30 + 1e-6, "what can wait is spread evenly"


def test_messages_of_one_urgency_keep_their_order_in_a_chat():
    pacer = Pacer(STRICT)
    for n in range(30):
        pacer.offer(f"c/{n}", "c", n % 3)
    order = [int(key.split("/")[1]) for _, key in run(pacer)]
    assert order == sorted(range(30), key=lambda n: (n % 3, n))


def test_one_message_of_a_chat_is_on_its_way_at_a_time():
    pacer = offered([("c", 2)], UNLIMITED)
    assert pacer.next(0.0) == "c/0"
    assert pacer.next(5.0) == math.inf
    pacer.sent("c/0", 6.0)
    assert pacer.next(6.0) == "c/1"


def test_acts_overtake_and_count_against_the_overall_limit_only():
    pacer = Pacer(STRICT)
    for n in range(3):
        pacer.offer(f"c/post{n}", "c", 1)
    for n in range(90):
        pacer.offer(f"c/act{n}", "c", 0, posts=False)
    log = run(pacer)
    check(log, STRICT, posts={"c/post0", "c/post1", "c/post2"})
    assert max(at for at, key in log if "act" in key) == pytest.approx(2.0, abs=0.2)


def test_an_act_counts_as_often_as_requests_were_made_for_it():
    pacer = Pacer(STRICT)
    for n in range(11):
        pacer.offer(f"c/act{n}", "c", 0, posts=False)
    for n in range(10):
        assert pacer.next(0.0) == f"c/act{n}"
        pacer.sent(f"c/act{n}", 0.0, posts=3)
    assert not isinstance(pacer.next(0.0), str)
    assert pacer.next(1.1) == "c/act10"


def test_acts_that_share_a_lane_keep_their_order():
    pacer = Pacer(UNLIMITED)
    pacer.offer("mute", "c", 0, posts=False, lane="wang")
    pacer.offer("unmute", "c", 0, posts=False, lane="wang")
    pacer.offer("other", "c", 0, posts=False, lane="li")
    assert [pacer.next(0.0), pacer.next(0.0), pacer.next(0.0)] == ["mute", "other", math.inf]
    pacer.sent("mute", 1.0)
    assert pacer.next(1.0) == "unmute"


def test_a_pause_of_one_chat_holds_nobody_else():
    pacer = offered([("c", 2), ("d", 2)])
    first = pacer.next(0.0)
    assert isinstance(first, str)
    held = chat_of(first)
    pacer.back(first)
    pacer.hold(held, 30.0)
    pacer.offer(f"{held}/act", held, 0, posts=False)
    log = run(pacer)
    assert [chat_of(key) for at, key in log if at < 30 and "act" not in key] == [{"c": "d", "d": "c"}[held]] * 2
    assert (0.0, f"{held}/act") in log, "a pause of posts does not hold acts"
    again = [(at, key) for at, key in log if at >= 30]
    assert again[0][0] == pytest.approx(30.0)
    assert again[0][1] == first, "what was sent back goes first"


def test_a_pause_of_acts_holds_acts_only():
    pacer = Pacer(UNLIMITED)
    pacer.hold("c", 10.0, posts=False)
    pacer.offer("c/act", "c", 0, posts=False)
    pacer.offer("c/post", "c", 1)
    assert run(pacer) == [(0.0, "c/post"), (10.0, "c/act")]


def test_a_pause_of_the_account_holds_everything():
    pacer = offered([("c", 1), ("d", 1)], UNLIMITED)
    pacer.hold_all(12.0)
    assert [at for at, _ in run(pacer)] == [12.0, 12.0]


def test_what_is_withdrawn_does_not_go_and_does_not_count():
    pacer = offered([("c", 21)])
    for n in range(20):
        pacer.withdraw(f"c/{n}") if n % 2 else None
    assert len(run(pacer)) == 11
    assert len(pacer) == 0
    pacer = offered([("c", 2)])
    key = pacer.next(0.0)
    assert isinstance(key, str)
    pacer.withdraw(key)
    assert run(pacer) == [(0.0, "c/1")]


def test_a_long_text_counts_as_often_as_it_was_split():
    pacer = offered([("c", 20)])
    key = pacer.next(0.0)
    assert isinstance(key, str)
    pacer.sent(key, 0.0, posts=3)
    log = run(pacer)
    assert len([at for at, _ in log if at < 60]) == 17


def test_a_long_text_waits_until_there_is_room_for_all_of_it():
    pacer = Pacer(STRICT)
    for n in range(18):
        pacer.offer(f"c/{n}", "c", 0)
    pacer.offer("c/long", "c", 1, parts=5)
    [at] = [at for at, key in run(pacer) if key == "c/long"]
    assert at == pytest.approx(62.0), "when the first three are a minute old"


@pytest.mark.parametrize("urgency", [0, 2])
def test_more_of_what_is_on_its_way_keeps_every_limit(urgency):
    limits = Limits(slack=0.0, overall=5, per_group=4)
    pacer = offered([("c", 1), ("d", 4)], limits)
    log: Log = []
    now, more = 0.0, {"c": 9}
    while True:
        wait = math.inf
        if more["c"] and any(key.startswith("c") for _, key in log):
            wait = pacer.more("c", urgency, now)
            if not wait:
                log.append((now, "c/more"))
                pacer.went("c", now)
                more["c"] -= 1
                continue
        key = pacer.next(now)
        if isinstance(key, str):
            log.append((now, key))
            pacer.went("c", now) if key == "c/0" else pacer.sent(key, now)
        elif (wait := min(wait, key)) < math.inf:
            now += wait
        else:
            break
    assert len([key for _, key in log if key.startswith("c")]) == 10
    check(log, limits)


def test_more_of_what_can_wait_is_spread_as_it_is_before_its_first_message():
    pacer = Pacer(Limits(overall=10, slack=0.0, burst=1, chat_gap=None))
    pacer.count(0.0)
    assert pacer.more("c", 0, 0.0) == 0.0
    assert pacer.more("d", 2, 0.0) == pytest.approx(0.2)
    assert pacer.more("d", 2, 0.2) == 0.0


def test_more_makes_way_for_what_is_more_urgent_and_goes_before_what_is_not():
    pacer = Pacer(Limits(overall=None, chat_gap=None, per_group=None, apart=Apart(lambda: 3.0)))
    pacer.offer("c/digest", "c", 2)
    assert pacer.next(0.0) == "c/digest"
    pacer.went("c", 0.0)
    assert pacer.more("c", 2, 0.0) == pytest.approx(3.0)
    pacer.offer("d/digest", "d", 2)
    assert not isinstance(pacer.next(3.0), str), "what has begun goes on first"
    pacer.offer("e/answer", "e", 0)
    assert pacer.more("c", 2, 3.0) == pytest.approx(0.05)
    assert pacer.next(3.0) == "e/answer"
    assert pacer.more("c", 2, 6.0) == 0.0
    assert not isinstance(pacer.next(8.0), str), "nothing goes within the pause"
    assert pacer.next(9.0) == "d/digest"


def test_a_claim_of_what_does_not_go_on_is_over_soon():
    pacer = Pacer(Limits(overall=None, chat_gap=None, per_group=None, apart=Apart(lambda: 3.0)))
    pacer.offer("d/digest", "d", 2)
    pacer.count(0.0)
    pacer.hold_all(5.0)
    assert pacer.more("c", 2, 0.0) == pytest.approx(5.0)
    assert not isinstance(pacer.next(5.0), str)
    assert pacer.next(5.1) == "d/digest"


def test_more_in_a_chat_that_is_not_known_yet_is_a_message_like_any_other():
    pacer = Pacer(STRICT)
    assert pacer.more("c", 0, 0.0, group=False) == 0.0
    pacer.offer("c/0", "c", 1, group=False)
    assert run(pacer) == [(1.0, "c/0")]


def test_an_account_rests_between_any_two_things_that_it_does():
    pacer = Pacer(Limits(overall=None, chat_gap=None, per_group=None, apart=Apart(lambda: 3.0)))
    pacer.offer("c/0", "c", 0)
    pacer.offer("d/0", "d", 0)
    pacer.offer("c/act", "c", 0, posts=False)
    times = [at for at, _ in run(pacer, lasts=1.0)]
    assert times == [0.0, 4.0, 8.0]
    assert pacer.more("e", 0, 9.0) == pytest.approx(3.0)


def test_what_is_known_to_come_counts_as_work():
    pacer = offered([("small", 2), ("big", 1)], STRICT)
    pacer.coming("big", 500)
    assert pacer.next(0.0) == "big/0"


def test_a_gap_may_be_drawn_longer_so_as_not_to_look_like_clockwork():
    gaps = iter([0.5, 0.25, 0.75, 0.0])
    assert [at for at, _ in run(offered([("c", 4)], Limits(jitter=lambda: next(gaps))))] == [0.0, 1.5, 2.75, 4.5]


def test_chats_that_rest_are_forgotten():
    pacer = Pacer(STRICT)
    for hour in range(10):
        for n in range(1000):
            pacer.offer(f"{hour}.{n}/0", f"{hour}.{n}", 1)
        run(pacer, hour * 3600.0)
    assert len(pacer._lanes) <= 2000


LIMITS = st.builds(
    Limits,
    overall=st.none() | st.integers(1, 30),
    slack=st.sampled_from([0.0, 0.015]),
    chat_gap=st.none() | st.sampled_from([0.5, 1.0, 3.0]),
    per_group=st.none() | st.integers(1, 20),
    burst=st.integers(1, 5),
)
OFFERS = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.integers(0, 2),
        st.booleans(),
        st.floats(0, 100),
        st.sampled_from([0.0, 0.04, 2.0]),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(limits=LIMITS, offers=OFFERS, seed=st.integers(0, 1000))
def test_no_window_ever_holds_more_than_it_may(limits, offers, seed):
    """Whatever is offered, whenever, however long each takes: and in the end all of it went, in order."""
    fate = random.Random(seed)
    pacer = Pacer(limits)
    coming = sorted(((at, n, *rest) for n, (*rest, at, _) in enumerate(offers)), reverse=True)
    lasting = {f"{chat}/{n}": lasts for n, (chat, _, _, _, lasts) in enumerate(offers)}
    posts = {f"{chat}/{n}" for n, (chat, _, is_post, _, _) in enumerate(offers) if is_post}
    private = {"e", "f"}
    now = 0.0
    log: Log = []
    flying: list[tuple[float, str, float]] = []
    for _ in range(100_000):
        while coming and coming[-1][0] <= now:
            _, n, chat, urgency, is_post = coming.pop()
            pacer.offer(f"{chat}/{n}", chat, urgency, posts=is_post, group=chat not in private)
        for landed in [one for one in flying if one[0] <= now]:
            flying.remove(landed)
            if fate.random() < 0.05:
                pacer.back(landed[1])
                log.remove((landed[2], landed[1]))
                pacer.hold(chat_of(landed[1]), now + 5.0, posts=landed[1] in posts)
            else:
                pacer.sent(landed[1], now)
        key = pacer.next(now)
        if isinstance(key, str):
            log.append((now, key))
            flying.append((now + lasting[key], key, now))
            continue
        moments = [now + key, *(one[0] for one in flying), *(one[0] for one in coming[-1:])]
        if min(moments) == math.inf:
            break
        now = max(now, min(moments))
    assert sorted(key for _, key in log) == sorted(lasting)
    check(log, limits, posts, private)


def order_of(pacer: Pacer) -> str:
    return " ".join(key for _, key in run(pacer))


def test_an_answer_goes_before_what_nobody_waits_for():
    pacer = Pacer(STRICT)
    for n in range(10):
        pacer.offer(f"w{n}", "c", 1)
    assert pacer.next(0.0) == "w0"
    pacer.offer("a0", "c", 1, answers=True)
    pacer.sent("w0", 0.1)
    times = {key: at for at, key in run(pacer, 0.1)}
    assert times["a0"] == pytest.approx(1.1)
    assert list(times) == ["a0", *(f"w{n}" for n in range(1, 10))]


def test_nothing_starves_behind_answers():
    pacer = Pacer(STRICT)
    for n in range(3):
        pacer.offer(f"w{n}", "c", 1)
    for n in range(12):
        pacer.offer(f"a{n}", "c", 1, answers=True)
    assert order_of(pacer) == "a0 a1 a2 a3 w0 a4 a5 a6 a7 w1 a8 a9 a10 a11 w2"


def test_an_answer_that_can_wait_overtakes_nothing_that_is_more_urgent():
    pacer = Pacer(STRICT)
    pacer.offer("digest", "c", 2, answers=True)
    pacer.offer("a", "c", 1, answers=True)
    pacer.offer("now", "c", 0)
    pacer.offer("now too", "c", 0, answers=True)
    assert order_of(pacer) == "now too now a digest"


def test_what_did_not_happen_and_what_is_withdrawn_had_no_turn():
    pacer = Pacer(UNLIMITED)
    for n in range(6):
        pacer.offer(f"a{n}", "c", 1, answers=True)
    pacer.offer("w", "c", 1)
    assert pacer.next(0.0) == "a0"
    pacer.back("a0")
    assert pacer.next(1.0) == "a0"
    pacer.withdraw("a0")
    pacer.withdraw("a2")
    assert order_of(pacer) == "a1 a3 a4 a5 w"


def test_answers_to_several_take_turns_and_who_asks_for_much_holds_up_nobody():
    pacer = Pacer(STRICT)
    for n in range(6):
        pacer.offer(f"ana{n}", "c", 0, answers=True, whose="ana")
    assert pacer.next(0.0) == "ana0"
    for n in range(2):
        pacer.offer(f"ben{n}", "c", 0, answers=True, whose="ben")
    pacer.offer("admin", "c", 0, answers=True)
    pacer.sent("ana0", 0.0)
    assert order_of(pacer) == "ana1 ana2 ben0 ben1 admin ana3 ana4 ana5"


def test_what_nobody_waits_for_has_its_turn_though_urgent_answers_come_between():
    pacer, now = Pacer(UNLIMITED), 0.0
    pacer.offer("welcome", "c", 1)
    gone = []
    for n in range(20):
        pacer.offer(f"a{n}", "c", 1, answers=True)
        pacer.offer(f"now{n}", "c", 0, answers=True)
        for _ in range(2):
            key = pacer.next(now)
            assert isinstance(key, str)
            gone.append(key)
            pacer.sent(key, now)
    assert gone.index("welcome") == 9


def test_what_did_not_go_is_the_next_again_whoever_came_meanwhile():
    pacer = Pacer(UNLIMITED)
    for n in range(3):
        pacer.offer(f"ana{n}", "c", 0, answers=True, whose="ana")
    assert pacer.next(0.0) == "ana0"
    pacer.back("ana0")
    assert order_of(pacer) == "ana0 ana1 ana2"
