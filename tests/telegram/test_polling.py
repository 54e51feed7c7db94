"""Fetching: nothing is confirmed before it was handled, and no trouble stops it for good."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest

from adapters.telegram.calling import CredentialsRefused
from adapters.telegram.calls import AnswerLost, ApiError, NotSent
from adapters.telegram.polling import ALLOWED, LONG, SLACK, Fetching, Poller, polling_begun
from core.errors import StoreUnavailable
from tests.support.patience import PATIENCE
from tests.telegram.gateway import Clock, Telegram
from tests.telegram.payloads import message


class Hand:
    """Handles batches; `trouble` is raised by the first ones, one after another."""

    def __init__(self, *trouble: Exception) -> None:
        self.trouble = list(trouble)
        self.batches: list[list[int | None]] = []
        self.bad: list[str] = []
        self.behind: list[bool] = []
        self.stands: Callable[[], bool] = lambda: False

    async def __call__(self, good, bad):
        if self.trouble:
            raise self.trouble.pop(0)
        self.batches.append([one.update_id for one in (*good, *bad)])
        self.behind.append(self.stands())
        self.bad += [one.why for one in bad]


class Scene:
    def __init__(self, telegram: Telegram, *trouble: Exception, **options) -> None:
        self.telegram, self.clock, self.hand = telegram, Clock(), Hand(*trouble)
        self.told: list[tuple[Fetching, str]] = []
        self.poller = Poller(
            telegram,
            told=lambda how, why: self.told.append((how, why)),
            pause=self.clock.pause,
            chance=lambda: 1.0,
            **options,
        )
        self.hand.stands = lambda: self.poller.behind

    @property
    def offsets(self):
        return [params.get("offset") for params in self.telegram.of("getUpdates")]


def polled(waiting, *trouble: Exception, fails=(), **options) -> Scene:
    """Poll until everything that waits is confirmed."""

    async def scene() -> Scene:
        telegram = Telegram()
        telegram.waiting = list(waiting)
        telegram.fails["getUpdates"] = list(fails)
        made = Scene(telegram, *trouble, **options)
        task = asyncio.create_task(made.poller.run(made.hand))
        await asyncio.wait(
            [task, asyncio.ensure_future(telegram.idle.wait())], timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED
        )
        if task.done():
            await task
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return made

    return asyncio.run(scene())


def updates(*numbers):
    return [{"update_id": number, "message": message()} for number in numbers]


def test_each_request_confirms_what_was_handled_and_no_more():
    scene = polled(updates(*range(1, 6)), limit=2)
    assert scene.hand.batches == [[1, 2], [3, 4], [5]]
    assert scene.offsets == [None, 3, 5, 6]
    assert scene.told == [(Fetching.RUNNING, "")]


def test_every_request_names_the_kinds_of_update():
    scene = polled(updates(1))
    assert {params["allowed_updates"] for params in scene.telegram.of("getUpdates")} == {ALLOWED}
    assert [params["timeout"] for params in scene.telegram.of("getUpdates")] == [0, 25]
    assert {"chat_member", "message_reaction", "chat_join_request", "my_chat_member"} <= set(ALLOWED)


@pytest.mark.parametrize(("waiting", "asked"), [(0, [0, 25]), (1, [0, 25]), (2, [0, 0, 25]), (5, [0, 0, 0, 25])])
def test_what_waited_is_fetched_at_once_and_until_all_of_it_was_handled_it_is_behind(waiting, asked):
    scene = polled(updates(*range(1, waiting + 1)), limit=2)
    assert [params["timeout"] for params in scene.telegram.of("getUpdates")] == asked
    assert [number for batch in scene.hand.batches for number in batch] == list(range(1, waiting + 1))
    assert scene.hand.behind == [True] * len(scene.hand.batches)
    assert scene.poller.behind is False


@pytest.mark.parametrize(
    ("fails", "trouble"),
    [
        pytest.param([ApiError("getUpdates", 502, "Bad Gateway")], [], id="out of reach"),
        pytest.param([ApiError("getUpdates", 409, "Conflict")], [], id="another process fetches"),
        pytest.param([ApiError("getUpdates", 429, "Too Many Requests", retry_after=7)], [], id="asked to wait"),
        pytest.param([], [StoreUnavailable("disk full")], id="nothing can be stored"),
    ],
)
def test_after_any_trouble_it_is_behind_until_what_was_written_meanwhile_was_handled(fails, trouble):
    async def scene():
        telegram = Telegram()
        made = Scene(telegram, limit=2)
        task = asyncio.create_task(made.poller.run(made.hand))
        await telegram.idle.wait()
        assert made.poller.behind is False
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        telegram.waiting, telegram.made = updates(1, 2, 3), []
        telegram.fails["getUpdates"], made.hand.trouble = list(fails), list(trouble)
        telegram.idle.clear()
        task = asyncio.create_task(made.poller.run(made.hand))
        await telegram.idle.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return made

    made = asyncio.run(scene())
    first = [25] * len(fails) or [25]
    assert made.hand.batches == [[1, 2], [3]]
    assert made.hand.behind[-1] is True
    assert [params["timeout"] for params in made.telegram.of("getUpdates")] == [*first, *[0] * (1 + len(fails)), 25]
    assert made.poller.behind is False


def test_a_machine_that_slept_is_behind_before_the_request_that_was_open_is_given_up():
    ticks, lost = 0.0, asyncio.Event()

    class Asleep(Telegram):
        async def _updates(self, params):
            if params["timeout"] and not self.waiting and not lost.is_set():
                self.idle.set()
                await lost.wait()
                raise AnswerLost("getUpdates", "timed out")
            return await super()._updates(params)

    async def scene():
        nonlocal ticks
        telegram = Asleep()
        made = Scene(telegram, ticks=lambda: ticks)
        task = asyncio.create_task(made.poller.run(made.hand))
        await telegram.idle.wait()
        ticks += LONG + SLACK
        assert not made.poller.behind
        ticks += 8 * 3600
        assert made.poller.behind
        assert made.poller.how is Fetching.RUNNING
        telegram.waiting = updates(1)
        telegram.idle.clear()
        lost.set()
        await telegram.idle.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return made

    made = asyncio.run(scene())
    assert (made.hand.batches, made.hand.behind) == ([[1]], [True])
    assert made.poller.behind is False


def test_while_nothing_can_be_stored_the_same_batch_is_tried_again_without_fetching():
    scene = polled(updates(1, 2), StoreUnavailable("disk full"), StoreUnavailable("disk full"))
    assert scene.hand.batches == [[1, 2]]
    assert scene.offsets == [None, 3]
    assert scene.clock.pauses == [1.0, 2.0]
    assert scene.told == [(Fetching.STORE_DOWN, "disk full"), (Fetching.RUNNING, "")]


def test_of_those_that_share_a_database_one_fetches_and_the_next_one_as_soon_as_it_is_its_turn():
    async def scene():
        telegram = Telegram()
        telegram.waiting = updates(1, 2)
        ours, hand = asyncio.Event(), Hand()
        taken_over: list[bool] = []
        poller = Poller(telegram, turn=ours, takes_over=lambda: taken_over.append(True))
        task = asyncio.create_task(poller.run(hand))
        for _ in range(5):
            await asyncio.sleep(0)
        assert telegram.of("getUpdates") == []
        assert poller.how is None
        assert taken_over == []
        ours.set()
        await telegram.idle.wait()
        assert hand.batches == [[1, 2]]
        assert poller.how is Fetching.RUNNING
        assert taken_over == [True]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(scene())


def test_killed_between_fetching_and_the_commit_the_same_updates_come_again():
    async def scene():
        telegram = Telegram()
        telegram.waiting = updates(1, 2)
        fetched = asyncio.Event()

        async def hangs(good, bad):
            fetched.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(Poller(telegram).run(hangs))
        await fetched.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        hand = Hand()
        task = asyncio.create_task(Poller(telegram).run(hand))
        await telegram.idle.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert hand.batches == [[1, 2]]

    asyncio.run(scene())


def test_a_bug_in_handling_is_not_swallowed_and_confirms_nothing():
    with pytest.raises(ZeroDivisionError):
        polled(updates(1), ZeroDivisionError())


def test_a_second_poller_waits_says_so_once_and_says_when_it_goes_on():
    conflict = [ApiError("getUpdates", 409, "Conflict: terminated by other getUpdates request") for _ in range(3)]
    scene = polled(updates(1), fails=conflict)
    assert [how for how, _ in scene.told] == [Fetching.TAKEN, Fetching.RUNNING]
    assert "other getUpdates request" in scene.told[0][1]
    assert scene.clock.pauses == [15.0, 30.0, 60.0]
    assert scene.hand.batches == [[1]]


def test_out_of_reach_it_waits_longer_each_time_up_to_half_a_minute():
    fails = [NotSent("getUpdates", "no route"), *(AnswerLost("getUpdates", "cut") for _ in range(7))]
    scene = polled(updates(1), fails=fails)
    assert scene.clock.pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    assert scene.told == [(Fetching.UNREACHABLE, "no route"), (Fetching.RUNNING, "")]


def test_pauses_are_jittered():
    async def scene():
        telegram = Telegram()
        telegram.fails["getUpdates"] = [NotSent("getUpdates", "x"), NotSent("getUpdates", "x")]
        clock = Clock()
        poller = Poller(telegram, pause=clock.pause, chance=iter([0.0, 0.5]).__next__)
        task = asyncio.create_task(poller.run(Hand()))
        await telegram.idle.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert clock.pauses == [0.5, 1.5]

    asyncio.run(scene())


def test_a_request_to_wait_is_obeyed():
    fails: list[Exception] = [ApiError("getUpdates", 429, "Too Many Requests", retry_after=7)]
    assert polled(updates(1), fails=fails).clock.pauses == [8.0]


@pytest.mark.parametrize(
    ("code", "words"), [(401, "Unauthorized"), (404, "Not Found")], ids=["revoked", "never was one"]
)
def test_a_refused_token_ends_it_with_a_sentence_for_the_operator(code, words):
    with pytest.raises(CredentialsRefused) as refused:
        polled([], fails=[ApiError("getUpdates", code, words)])
    assert str(refused.value) == (
        f'Telegram does not accept the token of the bot "main" ({code} {words}): give it the one that BotFather shows'
    )


@pytest.mark.parametrize("code", [401, 404, 403])
def test_a_page_of_a_proxy_says_nothing_about_the_token(code):
    page = ApiError("getUpdates", code, f"the answer ({code}) is not the Bot API's", foreign=True)
    scene = polled(updates(1), fails=[page, page])
    assert scene.hand.batches == [[1]]
    assert scene.clock.pauses == [1.0, 2.0]
    assert [how for how, _ in scene.told] == [Fetching.UNREACHABLE, Fetching.RUNNING]


@pytest.mark.parametrize(
    "body", [b"", b"<html>502</html>", b'{"ok":true,"result":[{"update_id":1}', b'{"ok":true}'], ids=repr
)
def test_an_answer_that_is_none_is_asked_for_again(body):
    scene = polled(updates(1), fails=[body])
    assert scene.hand.batches == [[1]]
    assert [how for how, _ in scene.told] == [Fetching.UNREACHABLE, Fetching.RUNNING]


def test_an_unreadable_update_is_handed_on_with_the_others_and_passed():
    scene = polled([*updates(1), {"update_id": 2, "message": {"message_id": "seven"}}, *updates(3)])
    assert scene.hand.batches == [[1, 3, 2]]
    assert scene.hand.bad == ["Expected `int`, got `str` - at `$.message.message_id`"]
    assert scene.offsets == [None, 4]


def test_the_number_of_an_unreadable_update_is_found_in_what_came():
    broken = json.dumps({"ok": True, "result": [{"message": 7, "x": {"update_id": 5}}]}).encode()
    scene = polled([], fails=[broken])
    assert scene.hand.batches == [[5]]
    assert scene.offsets == [None, 6]


def test_an_update_without_any_number_is_told_once_and_tried_again():
    broken = json.dumps({"ok": True, "result": [{"nothing": "known"}]}).encode()
    scene = polled(updates(1), fails=[broken, broken])
    assert scene.hand.batches == [[None], [None], [1]]
    assert [how for how, _ in scene.told] == [Fetching.STUCK, Fetching.RUNNING]
    assert scene.clock.pauses == [1.0, 2.0]


def test_after_a_quiet_time_numbers_may_begin_anew():
    empty = json.dumps({"ok": True, "result": []}).encode()
    scene = polled([], fails=[json.dumps({"ok": True, "result": updates(900)}).encode(), empty, empty])
    assert scene.offsets == [None, 901, None, None]


def test_polling_begins_by_taking_a_webhook_away_and_keeps_what_waits():
    async def scene():
        telegram = Telegram()
        before = await polling_begun(telegram)
        assert (before.url, before.pending_update_count, before.allowed_updates) == (
            "https://old.example/hook",
            3,
            None,
        )
        assert telegram.of("deleteWebhook") == [{"drop_pending_updates": False}]
        telegram.fails["getWebhookInfo"] = [b'{"ok":true,"result":{"url":"","pending_update_count":0}}']
        await polling_begun(telegram)
        assert len(telegram.of("deleteWebhook")) == 1
        telegram.fails["getWebhookInfo"] = [ApiError("getWebhookInfo", 401, "Unauthorized")]
        with pytest.raises(CredentialsRefused):
            await polling_begun(telegram)

    asyncio.run(scene())
