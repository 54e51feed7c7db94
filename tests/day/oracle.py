"""What must come of the day, reckoned from what people did, by the rules as they are written down for people.

Nothing of the assistant is imported here. An effect is a tuple: what, where, and about whom or with which words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.day.cast import Cast
from tests.support.botapi import Person
from tests.support.botapi.model import Message, User

Effect = tuple[Any, ...]

ZONE = ZoneInfo("Asia/Shanghai")
HOUSEKEEPING = frozenset(
    (
        "getMe", "getUpdates", "getChat", "getChatMember", "getChatAdministrators", "getWebhookInfo", "setWebhook",
        "deleteWebhook", "setMyCommands", "deleteMyCommands", "getMyCommands",
    )
)  # fmt: skip
"""Calls that nobody in a chat sees."""
SAID = frozenset(("say", "evidence"))


@dataclass(kw_only=True, repr=False)
class Oracle:
    """The books of the day: effects that are due, points, warnings, days."""

    cast: Cast
    due: Counter[Effect] = field(default_factory=Counter)
    points: Counter[tuple[str, int]] = field(default_factory=Counter)
    warnings: Counter[tuple[str, int]] = field(default_factory=Counter)
    days: dict[tuple[str, int], set[date]] = field(default_factory=lambda: defaultdict(set))

    def expect(self, *effect: Any) -> None:
        """One more effect is due."""
        self.due[effect] += 1

    def says(self, where: str, text: str, topic: int | None = None) -> None:
        """These words are due."""
        self.expect("say", where, topic, text)

    def writes(self, person: User, text: str) -> None:
        """These words are due in somebody's private chat."""
        self.says(f"private {person.id}", text)

    def in_words_of(self, person: User, zh: str, en: str) -> str:
        """The sentence in the language that the person is spoken to in."""
        return zh if self.cast.spoken[person.id] == "zh" else en

    # check-ins

    def checks_in(self, group: str, person: Person, message: Message) -> None:
        """A check-in that counts, or one more on a day that counted already."""
        day = datetime.fromtimestamp(message.date, ZONE).date()
        days = self.days[group, person.id]
        again, name = day in days, f"{person.first_name}"
        days.add(day)
        streak = 1
        while day - timedelta(days=streak) in days:
            streak += 1
        topic = message.thread if message.is_topic_message else None
        if again and group == "reading":
            self.says(group, self.in_words_of(person, f"已打 {name} {streak}", f"Again {name} {streak}"), topic)
            return
        each, bonus = {"reading": (5, 3), "writing": (2, 1)}[group]
        earned = each + (bonus if streak == 2 else 0)
        self.points[group, person.id] += earned
        self.says(
            group, self.in_words_of(person, f"✅ {name} {streak} +{earned}", f"✔ {name} {streak} +{earned}"), topic
        )
        if group == "reading":
            self.climbs(person, earned)

    def climbs(self, person: Person, earned: int) -> None:
        """Points were earned in the reading camp: at 15 somebody is a sprout, and the group hears it."""
        now = self.points["reading", person.id]
        if now - earned < 15 <= now:
            name = person.first_name
            self.says("reading", self.in_words_of(person, f"升级 {name} 新芽", f"Raised {name} Sprout"))

    # warnings

    def warned(self, person: Person, message: Message, zh: str, en: str) -> int:
        """A message goes and its author is warned. Answers how many warnings that makes."""
        self.expect("delete", "reading", message.id)
        return self.told_off(person, message, zh, en)

    def told_off(self, person: Person, message: Message, zh: str, en: str) -> int:
        """The warning alone."""
        self.warnings["reading", person.id] += 1
        count, name = self.warnings["reading", person.id], person.first_name
        muted_zh, muted_en = ("，[禁言]", ". [muted]") if count == 2 else ("", "")
        words = self.in_words_of(
            person, f"{name} {zh}[警告{count}]{muted_zh}", f"{name} {en} [warned {count}]{muted_en}"
        )
        self.says("reading", words, message.thread if message.is_topic_message else None)
        if count == 2:
            self.expect("mute", "reading", person.id)
            self._to_the_desk("处理", person, message, zh, "[禁言]")
        if count >= 3:
            self._to_the_desk("提议", person, message, zh, "[移出]")
        return count

    def _to_the_desk(self, what: str, person: Person, message: Message, reason: str, sanction: str) -> None:
        self.expect("evidence", "desk", "reading", message.id)
        self.says("desk", f"{what} {person.first_name}/发言/广告（{reason}）{sanction}\n> {message.text}")

    # coming in

    def welcomed(self, person: Person) -> None:
        """A newcomer is welcomed with the first question."""
        name = person.first_name
        self.says(
            "reading",
            self.in_words_of(
                person, f"欢迎 {name}\n\n读完群规请点同意", f"Welcome {name}\n\nDo you agree to the rules?"
            ),
        )

    def completed(self, person: Person) -> None:
        """Every step is answered."""
        name = person.first_name
        self.says("reading", self.in_words_of(person, f"完成 {name}", f"Done {name}"))
        self.points["reading", person.id] += 10
        self.climbs(person, 10)


def effects(calls: list[Any], cast: Cast) -> Counter[Effect]:
    """What was done, from the calls that Telegram accepted."""
    found: Counter[Effect] = Counter()
    for call in calls:
        if call.code == 200 and call.done and call.method not in HOUSEKEEPING:
            found.update(_seen(call, cast))
    return found


def astray(calls: list[Any]) -> list[str]:
    """Answers to check-ins that hang on somebody else's message: each names whom it answers."""
    answers = [call.answer for call in calls if call.method == "sendMessage" and call.code == 200 and call.done]
    return [
        f"{answer['text']} under {answer['reply_to_message']['from']['first_name']}"
        for answer in answers
        if answer["text"].startswith(("✅ ", "✔ ")) and "reply_to_message" in answer
        if answer["reply_to_message"]["from"]["first_name"] not in answer["text"]
    ]


def _seen(call: Any, cast: Cast) -> list[Effect]:
    given = call.params
    chat = cast.key(int(given["chat_id"])) if "chat_id" in given else ""
    match call.method:
        case "sendMessage":
            answer = call.answer
            topic = answer.get("message_thread_id") if answer.get("is_topic_message") else None
            return [("say", chat, topic, answer["text"])]
        case "editMessageText":
            return [("edit", chat, int(given["message_id"]), call.answer["text"])]
        case "forwardMessage":
            return [("evidence", chat, cast.key(int(given["from_chat_id"])), int(given["message_id"]))]
        case "deleteMessages":
            ids = given["message_ids"]
            return [("delete", chat, number) for number in (ids if isinstance(ids, list) else _list(ids))]
        case "deleteMessage":
            return [("delete", chat, int(given["message_id"]))]
        case "restrictChatMember":
            permissions = given["permissions"]
            held = permissions if isinstance(permissions, dict) else _dict(permissions)
            return [("unmute" if held["can_send_messages"] else "mute", chat, int(given["user_id"]))]
        case "banChatMember":
            return [("remove" if given.get("until_date") else "ban", chat, int(given["user_id"]))]
        case "unbanChatMember":
            # A removal is a ban for a minute that is lifted at once; whoever is not lifted may come back after it.
            return [] if given.get("only_if_banned") else [("unban", chat, int(given["user_id"]))]
        case "approveChatJoinRequest":
            return [("approve", chat, int(given["user_id"]))]
        case "declineChatJoinRequest":
            return [("decline", chat, int(given["user_id"]))]
        case "setMessageReaction":
            return [("react", chat, int(given["message_id"]))]
        case "answerCallbackQuery":
            return [("answer", given["callback_query_id"])]
    return [("unforeseen", call.method, str(given))]


def _list(written: str) -> list[int]:
    import json

    return [int(number) for number in json.loads(written)]


def _dict(written: str) -> dict[str, bool]:
    import json

    held: dict[str, bool] = json.loads(written)
    return held
