"""Performs effects through one bot account: one case per effect, and every failure becomes an answer.

A message of several parts that breaks off goes on where it broke off (`core/unfinished.py`).

After a call that had no answer, nothing is sent until getMe has one. So an outage leaves only those parcels unsure that
were on their way when it began; the others wait.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, assert_never

import msgspec
from msgspec import Struct

from adapters.telegram import perform_acts as acts
from adapters.telegram.actors import BotIdentity
from adapters.telegram.calls import AnswerLost, ApiError, BotCalls, CallFailed, NotSent, result_of
from adapters.telegram.markup import visible
from adapters.telegram.message_ids import id_of, not_there, number_in, with_chat
from adapters.telegram.perform_posts import (
    Buttons,
    Post,
    Unpostable,
    chat_id,
    of_edit,
    of_line,
    of_say,
    without_buttons,
)
from adapters.telegram.refusals import answer_to, wait
from adapters.telegram.seal import Seal
from adapters.telegram.updates import Chat
from core.delivery import Ability, Answer, Destination, Done, Later, Never, Refusal, Unsure
from core.effects import (
    Approve,
    Ban,
    Decline,
    Delete,
    Edit,
    Effect,
    Invite,
    Mute,
    Pin,
    React,
    Remove,
    Say,
    TellAdmins,
    Unban,
    Unmute,
)
from core.unfinished import Unfinished

Act = Delete | Mute | Unmute | Remove | Ban | Unban | Approve | Decline | Invite
_FLOOD: Final = 2.0
_FLOODED: Final = 3
"""So many chats told to wait within `_FLOOD` seconds mean that the whole bot is too fast, not one chat."""
_MOST_SHOWN: Final = 200
"""Characters of what is shown to who pressed; Telegram takes no more."""
_NO_TEXT: Final = "there is no text in the message to edit"


class _Posted(Struct, gc=False):
    message_id: int
    chat: Chat | None = None


class TelegramPlatform:
    """Implements `core.delivery.Platform`. Lives in one event loop.

    `abilities` is what the gateway last heard that the bot may do in each group, `address` where a group lives now,
    `numbered` the chat that a number alone means, for groups that left one, `home` the topic of a chat for what belongs
    to none; all are asked anew each time. `now` is the time in UTC, `clock` counts seconds.
    """

    name: Final = "telegram"

    def __init__(
        self,
        calls: BotCalls,
        identity: BotIdentity,
        abilities: Mapping[str, frozenset[Ability]],
        *,
        seal: Seal,
        address: Callable[[str], str | None] = lambda _group: None,
        numbered: Callable[[str], int | None] = lambda _group: None,
        home: Callable[[Destination], str] = lambda _to: "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._calls = calls
        self._buttons = Buttons(seal=seal, username=identity.username)
        self._abilities = abilities
        self._address = address
        self._numbered = numbered
        self._home = home
        self._named = identity.named
        self._now = now
        self._clock = clock
        self._unfinished = Unfinished()
        self._floods: dict[str, float] = {}
        self._silent = False
        self._probes = 0
        self._next_probe = 0.0
        self._probing = asyncio.Lock()

    def abilities(self, group: str) -> frozenset[Ability] | None:
        """What the bot may do in the group now; None if nobody has said yet."""
        return self._abilities.get(group)

    def parts(self, effect: Effect, to: Destination) -> int:
        """How many messages it takes to post an effect: what counts for Telegram's limits on sending."""
        try:
            return len(self._posts(effect, to)) if isinstance(effect, (Say, TellAdmins)) else 0
        except Unpostable:
            return 0

    def forget(self, effect: Effect, to: Destination) -> None:
        """See `Platform.forget`."""
        self._unfinished.forget(to.chat, self._in_full(effect, to))

    async def perform(self, effect: Effect, to: Destination) -> Answer:
        """Do it, a message at a time. Never raises for what Telegram can answer; ends within the timeouts of the
        calls."""
        if self._silent:
            held_up = await self._probe()
            if held_up is not None:
                return held_up
        try:
            return await self._performed(effect, to)
        except CallFailed as failed:
            return self._answer(failed, effect, to)
        except Unpostable as error:
            return Never(refusal=Refusal.MALFORMED, why=str(error))

    async def _performed(self, effect: Effect, to: Destination) -> Answer:
        chat = chat_id(to.chat)
        effect = self._in_full(effect, to)
        match effect:
            case Say() if effect.press and await self._shown(effect):
                return Done()
            case Say() | TellAdmins():
                return await self._post(effect, to)
            case Edit():
                return await self._edit(effect, to)
            case React():
                given = effect.emoji
                kind = (
                    {"type": "custom_emoji", "custom_emoji_id": given.removeprefix("custom:")}
                    if given.startswith("custom:")
                    else {"type": "emoji", "emoji": given}
                )
                return await self._on_message(
                    "setMessageReaction", effect.message, chat, reaction=[kind] if given else []
                )
            case Pin():
                return await self._on_message("pinChatMessage", effect.message, chat, disable_notification=True)
            case _:
                return await self._counted(effect, chat, to)

    async def _counted(self, effect: Act, chat: int | str, to: Destination) -> Answer:
        """What becomes of an act, with how many requests were made for it, whether it was done or not."""
        call = acts.Counted(self._call)
        try:
            answer = await self._acted(call, effect, chat, to)
        except CallFailed as failed:
            answer = self._answer(failed, effect, to)
        if call.made <= 1:
            return answer
        return replace(answer, posts=call.made) if isinstance(answer, Done) else replace(answer, requests=call.made)

    async def _acted(self, call: acts.Call, effect: Act, chat: int | str, to: Destination) -> Answer:
        match effect:
            case Delete():
                return await acts.delete(call, chat, effect, self._abilities.get(to.group))
            case Mute():
                return await acts.mute(call, chat, effect, self._now())
            case Unmute():
                return await acts.unmute(call, chat, effect)
            case Remove():
                return await acts.remove(call, chat, effect, self._now())
            case Ban():
                return await acts.ban(call, chat, effect, self._now())
            case Unban():
                return await acts.unban(call, chat, effect)
            case Approve():
                return await acts.settle_request(call, "approveChatJoinRequest", chat, effect.member)
            case Decline():
                return await acts.settle_request(call, "declineChatJoinRequest", chat, effect.member)
            case Invite():
                return await acts.invite(call, chat, effect)
            case _:
                assert_never(effect)

    def _posts(self, effect: Say | TellAdmins, to: Destination) -> Sequence[Post]:
        if isinstance(effect, Say):
            return of_say(effect, to, self._buttons, self._home(to))
        return of_line(effect, to, self._address(to.group), self._buttons, self._home(to))

    def _in_full(self, effect: Effect, to: Destination) -> Effect:
        chat = self._numbered(to.group)
        return effect if chat is None else with_chat(effect, chat)

    async def _post(self, effect: Say | TellAdmins, to: Destination) -> Answer:
        """Post the first part that is not posted yet, with the evidence above it. Its id is the message's."""
        posts = self._posts(effect, to)
        begin, message = self._unfinished.resumed(to.chat, effect)
        end = next((n for n, post in enumerate(posts, 1) if n > begin and not post.optional), len(posts))
        for at in range(begin, end):
            post = posts[at]
            try:
                body = await self._sent(post, effect)
            except CallFailed as failed:
                answer = self._answer(failed, effect, to)
                if post.optional and not isinstance(answer, Later):
                    continue
                if isinstance(answer, Later | Unsure):
                    self._unfinished.broke_off(to.chat, effect, at, message)
                return answer
            except asyncio.CancelledError:
                self._unfinished.broke_off(to.chat, effect, at, message)
                raise
            if message is None and not post.optional:
                message = self._posted(body)
        if end < len(posts):
            self._unfinished.broke_off(to.chat, effect, end, message)
        note = without_buttons(effect, self._buttons) if isinstance(effect, TellAdmins) else ""
        return Done(message=message, note=note, posts=max(1, end - begin), left=len(posts) - end)

    async def _sent(self, post: Post, effect: Say | TellAdmins) -> bytes:
        try:
            return await self._call(post.method, post.params, post)
        except ApiError as failed:
            meant = answer_to(failed, effect)
            shut = isinstance(meant, Never) and meant.refusal is Refusal.SHUT
            if not shut or post.params.get("message_thread_id") is None or not _is_worth_more(effect, failed):
                raise
        return await self._call(post.method, {**post.params, "message_thread_id": None}, post)

    async def _shown(self, say: Say) -> bool:
        """Whether who pressed was shown it; not if it is too long for that, or comes too late."""
        text = visible(say.words).text
        if len(text) > _MOST_SHOWN:
            return False
        shown = {"callback_query_id": say.press, "text": text, "show_alert": True}
        try:
            await self._call("answerCallbackQuery", shown)
        except ApiError as failed:
            if failed.code == 429 or failed.code >= 500 or failed.foreign:
                raise
            return False
        return True

    async def _edit(self, effect: Edit, to: Destination) -> Answer:
        if number_in(to.chat, effect.message) is None:
            return not_there(effect.message)
        text, caption = of_edit(effect, to, self._buttons)
        try:
            await self._call(text.method, text.params)
        except ApiError as failed:
            if _NO_TEXT not in failed.description.lower():
                raise
            await self._call(caption.method, caption.params)
        return Done(message=effect.message)

    async def _on_message(self, method: str, message: str, chat: int | str, **more: object) -> Answer:
        number = number_in(chat, message)
        if number is None:
            return not_there(message)
        await self._call(method, {"chat_id": chat, "message_id": number, **more})
        return Done()

    async def _call(self, method: str, params: Mapping[str, object], post: Post | None = None) -> bytes:
        """Make a call, and keep in mind whether Telegram answers at all."""
        try:
            body = await self._calls.call(method, params, files=post.files if post else None)
        except (NotSent, AnswerLost):
            self._silent = True
            raise
        except ApiError as failed:
            self._silent = self._silent or failed.foreign or failed.code >= 500
            raise
        return body

    async def _probe(self) -> Answer | None:
        """Whether Telegram answers again: None, or else what every parcel is answered meanwhile."""
        async with self._probing:
            if not self._silent:
                return None
            left = self._next_probe - self._clock()
            if left > 0:
                return Later(after=timedelta(seconds=left), why="Telegram does not answer", whole_bot=True)
            try:
                await self._calls.call("getMe")
            except CallFailed as failed:
                if isinstance(failed, ApiError) and failed.code in (401, 404) and not failed.foreign:
                    return answer_to(failed, None)
                pause = wait(self._probes)
                self._probes += 1
                self._next_probe = self._clock() + pause.total_seconds()
                return Later(after=pause, why=str(failed), whole_bot=True)
            self._silent = False
            self._probes = 0
            return None

    def _answer(self, failed: CallFailed, effect: Effect, to: Destination) -> Answer:
        return answer_to(
            failed,
            effect,
            private=to.chat.isdecimal() or (isinstance(effect, Say) and effect.to is not None),
            able=self._abilities.get(to.group),
            troubles=self._probes,
            flooded=isinstance(failed, ApiError) and failed.code == 429 and self._flooded(to.chat),
        )

    def _flooded(self, chat: str) -> bool:
        at = self._clock()
        self._floods = {held: since for held, since in self._floods.items() if at - since < _FLOOD} | {chat: at}
        return len(self._floods) >= _FLOODED

    def _posted(self, body: bytes) -> str | None:
        """The id of what was posted; None if the answer is not shaped as documented: it is posted all the same."""
        try:
            posted = result_of(body, _Posted)
        except msgspec.DecodeError:
            return None
        return id_of(posted.message_id, posted.chat, self._named) if posted.chat is not None else str(posted.message_id)


def _is_worth_more(effect: Say | TellAdmins, failed: ApiError) -> bool:
    """Whether something is to be said outside of a topic where nothing can be: lines to the admins are, and what
    belongs to no topic where the one for that is gone. One that is closed may be so on purpose."""
    if isinstance(effect, TellAdmins):
        return True
    return not effect.topic and "topic_closed" not in failed.description.lower()
