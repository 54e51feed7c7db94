"""Questions that nobody answers are asked once more; answers that helped are worth something, and cannot be farmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.effects import Mention, Say, TellAdmins, plain
from core.engine import Engine
from core.events import ButtonPressed, MemberJoined, MemberLeft, MessageDeleted, MessagePosted, Reply
from core.memory import MemoryStore
from core.people import Account, Actor, ActorKind
from core.state import POINTS
from core.workflow import Bound, Group
from tests.commands.group import ALL_RIGHTS, admin, button
from tests.support.ears import Ears
from workflows import faq, questions, quiet
from workflows.facts import THANKS
from workflows.faq_options import Faq
from workflows.question_options import Asking
from workflows.quiet import Reminded
from workflows.texts import Catalog

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def person(number: int, name: str) -> Actor:
    return Actor(account=Account(f"telegram:{number}"), name=name)


ANA, BEN, CLEO, DAN = (person(n, name) for n, name in enumerate(("Ana", "Ben", "Cleo", "Dan"), 1))
BOT = Actor(account=Account("telegram:99"), name="Yaji", kind=ActorKind.BOT)
ADA = admin(10002, "Ada", *ALL_RIGHTS)


class Room(Ears):
    def __init__(
        self, also: tuple[Bound[Any], ...] = (), languages: tuple[str, ...] = ("en", "zh"), **options: Any
    ) -> None:
        self.store = MemoryStore()
        self.group = Group(
            key="g",
            zone=ZoneInfo("Asia/Shanghai"),
            languages=languages,
            staff=frozenset((DAN.account,)),
            runs=(Bound(quiet.workflow, Reminded()), Bound(questions.workflow, Asking.model_validate(options)), *also),
            texts=Catalog.shipped(),
        )
        self.engine, self.at, self.made = Engine(self.store, {"g": self.group}), START, 0
        for one in (ANA, BEN, CLEO, DAN):
            self.happens(MemberJoined, actor=one)

    def happens(self, kind: type, /, minutes: float = 1, **fields: Any) -> None:
        self.at += timedelta(minutes=minutes)
        self.made += 1
        outcome = self.engine.replay([kind(id=f"telegram:{self.made}", at=self.at, group="g", **fields)])
        assert not outcome.faults, outcome.faults
        assert not outcome.buried, outcome.buried

    def says(self, who: Actor, text: str, to: tuple[str, Actor] | None = None, **told: Any) -> str:
        reply = Reply(message=to[0], author=to[1]) if to is not None else None
        message = str(self.made + 1)
        self.happens(MessagePosted, actor=who, message=message, text=text, reply_to=reply, **told)
        return message

    def passes(self, **span: float) -> None:
        self.at += timedelta(**span)
        assert not self.engine.replay([], until=self.at).faults

    def helped(self, asker: Actor, helper: Actor, words: str = "thanks, that helped") -> None:
        question = self.says(asker, "how does this work?")
        answer = self.says(helper, "like this", to=(question, asker))
        self.says(asker, words, to=(answer, helper))

    def sum(self, kind: str, who: Actor) -> int:
        (one,) = [member.person for member in self.store.people("g") if member.account == who.account]
        return sum(fact.amount for fact in self.store.facts("g") if fact.kind == kind and fact.person == one)


def test_a_question_without_an_answer_is_asked_once_more_and_only_once():
    room = Room(after="30m")
    message = room.says(ANA, "where is the archive?", topic="7")
    room.passes(minutes=29)
    assert room.effects() == []
    room.passes(minutes=2)
    (say,) = room.effects()
    assert plain(say.words) == "🙋 Nobody has answered this yet. Does anybody know?"
    assert (say.reply_to, say.topic, say.quiet) == (message, "7", True)
    room.passes(days=2)
    assert room.effects() == []


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "@Ana asked something a while ago.\n🙋 Nobody has answered this yet. Does anybody know?"),
        ("zh", "@Ana 之前问过一个问题。\n🙋 这个问题还没有人回答，有知道的吗？"),
    ],
)
def test_where_nothing_can_be_quoted_the_line_says_who_asked(language, told):
    room = Room(after="30m", languages=(language,))
    room.group = replace(room.group, numbered=("telegram",))
    room.engine = Engine(room.store, {"g": room.group})
    room.says(ANA, "where is the archive?")
    room.passes(hours=1)
    (say,) = room.effects()
    assert plain(say.words) == told
    assert [part.account for part in say.words if isinstance(part, Mention)] == [ANA.account]


def unquoting(**options: Any) -> Room:
    """A room in which nothing can be replied to."""
    room = Room(after="30m", **options)
    room.group = replace(room.group, numbered=("telegram",))
    room.engine = Engine(room.store, {"g": room.group})
    return room


@pytest.mark.parametrize(
    ("who", "words", "mentioned"),
    [
        (BEN, "@Ana behind the door", ANA),
        (ANA, "thanks @Ben", BEN),
    ],
    ids=["who asked is mentioned", "who asked thanks somebody"],
)
def test_where_nothing_can_be_replied_to_a_name_says_whose_question_is_answered(who, words, mentioned):
    room = unquoting(award="off")
    room.says(ANA, "where is the archive?")
    room.says(CLEO, "is there a garden?")
    room.says(who, words, mentions=(mentioned,))
    room.passes(hours=1)
    (say,) = room.effects()
    assert plain(say.words).startswith("@Cleo asked something")


@pytest.mark.parametrize(
    ("who", "words", "mentioned"),
    [
        (BEN, "@Ana where did you look?", ANA),
        (BEN, "@Dan behind the door", DAN),
        (ANA, "@Ana nobody?", ANA),
        (ANA, "it is urgent @Ben", BEN),
    ],
    ids=["asks back", "another is mentioned", "mentions oneself", "who asked says more"],
)
def test_other_mentions_answer_nothing(who, words, mentioned):
    room = unquoting()
    room.says(ANA, "where is the archive?")
    room.says(who, words, mentions=(mentioned,))
    room.passes(minutes=31)
    assert "@Ana asked something" in room.told()[0]


def test_where_messages_can_be_replied_to_a_mention_answers_nothing():
    room = Room(after="30m")
    room.says(ANA, "where is the archive?")
    room.says(BEN, "@Ana behind the door", mentions=(ANA,))
    room.passes(minutes=31)
    assert room.told() == ["🙋 Nobody has answered this yet. Does anybody know?"]


@pytest.mark.parametrize("first", ["answered by name", "thanked at once"])
def test_where_nothing_can_be_replied_to_thanks_by_name_are_rewarded_once(first):
    room = unquoting(award="auto", points=3)
    room.says(ANA, "where is the archive?")
    if first == "answered by name":
        room.says(BEN, "@Ana behind the door", mentions=(ANA,))
    for _ in range(2):
        room.says(ANA, "thanks @Ben", mentions=(BEN,))
    room.says(CLEO, "thanks @Ben", mentions=(BEN,))
    assert (room.sum(POINTS, BEN), room.sum(THANKS, BEN)) == (3, 1)


def test_who_quotes_their_own_question_does_not_answer_it():
    room = unquoting()
    message = room.says(ANA, "where is the archive?")
    room.happens(MessagePosted, actor=ANA, message="q", text="really urgent", reply_to=Reply(message=message))
    room.passes(minutes=31)
    assert "@Ana asked something" in room.told()[0]


@pytest.mark.parametrize(
    "how", ["answered", "deleted", "forwarded", "of an admin", "of a bot", "no question", "private", "poll"]
)
def test_what_is_no_open_question_is_left_alone(how):
    room = Room()
    who = {"of an admin": DAN, "of a bot": replace(ANA, kind=ActorKind.BOT)}.get(how, ANA)
    hows: dict[str, dict[str, Any]] = {
        "forwarded": {"forwarded": True},
        "private": {"private": True},
        "poll": {"kind": "poll"},
    }
    told = hows.get(how, {})
    message = room.says(who, "it is nice here." if how == "no question" else "where is the archive?", **told)
    if how == "answered":
        room.says(BEN, "in the attic", to=(message, ANA))
    if how == "deleted":
        room.happens(MessageDeleted, message=message)
    room.passes(hours=3)
    assert room.effects() == []


NO_ANSWERS = [
    "同问",
    "同问！",
    "+1",
    "＋1",
    "Me too.",
    "which one?",
    "哪一个？",
    "/warn rude",
    "／警告 吵",
    "/note asks a lot ",
]


def test_who_asked_does_not_answer_by_saying_more():
    room = Room(after="30m")
    message = room.says(ANA, "where is the archive?")
    room.says(ANA, "I looked in the attic already", to=(message, ANA))
    room.passes(minutes=40)
    (say,) = room.effects()
    assert say.reply_to == message


def test_a_poll_answers_nothing_and_a_picture_may():
    for kind, left in (("poll", 1), ("photo", 0)):
        room = Room()
        asked = room.says(ANA, "where is the archive?")
        room.says(BEN, "• Where? • In the attic" if kind == "poll" else "", to=(asked, ANA), kind=kind)
        room.passes(hours=3)
        assert len(room.effects()) == left, kind


@pytest.mark.parametrize("words", NO_ANSWERS)
def test_a_reply_that_answers_nothing_leaves_a_question_open_and_helps_nobody(words):
    room = Room(award="auto")
    question = room.says(ANA, "where is the archive?")
    stray = room.says(BEN, words, to=(question, ANA))
    room.says(ANA, "thanks", to=(stray, BEN))
    room.passes(minutes=31)
    assert "Nobody has answered this yet" in room.told()[0]
    answer = room.says(CLEO, "in the attic", to=(question, ANA))
    room.says(BEN, words, to=(question, ANA))
    room.says(ANA, "thanks", to=(stray, BEN))
    room.says(ANA, "thanks, and where is the attic?", to=(answer, CLEO))
    assert (room.sum(POINTS, BEN), room.sum(POINTS, CLEO)) == (0, 2)


def test_those_who_helped_lately_are_named_and_nobody_who_does_not_want_it_left_asked_or_was_named_before():
    room = Room(award="auto", name=2)
    for helper in (BEN, CLEO, ANA):
        room.helped(CLEO if helper is not CLEO else BEN, helper)
    room.told()
    room.says(ANA, "and where is the archive?")
    room.passes(minutes=31)
    assert room.told() == ["🙋 Nobody has answered this yet. Perhaps one of you knows? @Ben @Cleo"]
    room.says(ANA, "is there a garden?")
    room.passes(minutes=31)
    assert room.told() == ["🙋 Nobody has answered this yet. Does anybody know?"]
    room.passes(hours=13)
    room.says(BEN, "stop reminders")
    room.happens(MemberLeft, actor=CLEO)
    room.told()
    room.says(person(9, "Eve"), "is there a garden?")
    room.passes(minutes=31)
    assert room.told() == ["🙋 Nobody has answered this yet. Perhaps one of you knows? @Ana"]


def test_a_day_has_a_cap_and_the_night_is_quiet():
    room = Room(per_day=2)
    for who in (ANA, BEN, CLEO):
        room.says(who, "where is the archive?")
    room.passes(hours=1)
    assert len(room.told()) == 2
    room = Room(quiet_hours="22:00-07:00")
    room.passes(hours=13)
    room.says(ANA, "where is the archive?")
    room.passes(hours=7, minutes=30)
    assert room.told() == []
    room.passes(hours=1)
    assert len(room.told()) == 1


def test_a_question_may_wait_for_days_and_no_longer_than_it_is_remembered():
    room = Room(after="2d", quiet_hours="22:00-07:00")
    room.passes(hours=4)
    room.says(ANA, "where is the archive?")
    room.passes(days=2, minutes=-1)
    assert room.told() == []
    room.passes(minutes=1)
    assert len(room.told()) == 1
    with pytest.raises(ValueError, match="an open question is remembered for a week"):
        Room(after="7d")


def test_a_suggestion_is_rewarded_by_an_admins_word_once():
    room = Room(award="suggest", points=3)
    room.helped(ANA, BEN)
    (line,) = [effect for effect in room.effects() if isinstance(effect, TellAdmins)]
    assert plain(line.words) == "💡 Ana says that the answer of Ben helped. Reward it (+3)?"
    assert room.sum(POINTS, BEN) == 0
    data = button([line], "help:yes:")
    stale = admin(10002, "Ada", *ALL_RIGHTS, vouched=False)
    for who in (ANA, BEN, stale, admin(10002, "Ada", "pin")):
        room.happens(ButtonPressed, actor=who, data=data, message="5")
        assert room.sum(POINTS, BEN) == 0
    for _ in range(3):
        room.happens(ButtonPressed, actor=ADA, data=data, message="5")
    assert (room.sum(POINTS, BEN), room.sum(THANKS, BEN)) == (3, 1)
    room.happens(ButtonPressed, actor=ADA, data="help:yes:0000000000", message="5")
    assert room.sum(POINTS, BEN) == 3


def test_a_no_gives_nothing():
    room = Room()
    room.helped(ANA, BEN)
    room.happens(ButtonPressed, actor=ADA, data=button(room.effects(), "help:no:"), message="5")
    assert (room.sum(POINTS, BEN), room.sum(THANKS, BEN)) == (0, 0)


@pytest.mark.parametrize(
    "words",
    ["谢谢", "多谢！解决了", "Thanks a lot", "that helped", "THX", "謝謝", "可以了", "🙏", "this helps", "thank u"],
)
def test_thanks_are_understood_in_both_languages(words):
    room = Room(award="auto")
    room.helped(ANA, BEN, words)
    assert (room.sum(POINTS, BEN), room.sum(THANKS, BEN)) == (2, 1)


@pytest.mark.parametrize(
    "words", ["hm", "no thank-you notes, and a very long story follows " * 3, "pretty", "ok", "可以了吗"]
)
def test_other_words_are_no_thanks(words):
    room = Room(award="auto")
    room.helped(ANA, BEN, words)
    assert room.sum(POINTS, BEN) == 0


@pytest.mark.parametrize(
    "words",
    [
        *("谢谢，但没用", "还是不行，谢谢", "谢谢，不用了", "没有用，多谢", "謝謝，還沒解決"),
        *("no thanks", "thanks anyway", "thanks but it didn't help", "still doesn't work, thanks", "it's not solved"),
        *("谢谢，算了", "解决了吗？"),
    ],
)
def test_thanks_for_what_did_not_help_are_worth_nothing(words):
    room = Room(award="auto")
    room.helped(ANA, BEN, words)
    assert room.sum(POINTS, BEN) == 0


@pytest.mark.parametrize("words", ["谢谢，还不错", "不但解决了，还学到了", "谢谢，照你说的算了一下，对了"])
def test_letters_that_only_look_like_a_but_take_nothing_from_thanks(words):
    room = Room(award="auto")
    room.helped(ANA, BEN, words)
    assert room.sum(THANKS, BEN) == 1


def test_two_cannot_farm():
    room = Room(award="auto", pair_cooldown="7d", cap_per_day=2)
    for _ in range(5):
        room.helped(ANA, BEN)
    assert room.sum(POINTS, BEN) == 2
    for n in range(20, 25):
        room.helped(person(n, f"P{n}"), BEN)
    assert room.sum(POINTS, BEN) == 4
    room.passes(days=8)
    room.helped(ANA, BEN)
    assert room.sum(POINTS, BEN) == 6


def test_only_who_asked_can_say_that_it_helped_and_only_of_who_answered():
    room = Room(award="auto")
    question = room.says(ANA, "how does this work?")
    answer = room.says(BEN, "like this", to=(question, ANA))
    room.says(CLEO, "thanks", to=(answer, BEN))
    stray = room.says(CLEO, "it is raining")
    room.says(ANA, "thanks", to=(stray, CLEO))
    room.says(ANA, "thanks", to=(question, ANA))
    assert [room.sum(POINTS, who) for who in (ANA, BEN, CLEO)] == [0, 0, 0]
    room.passes(days=2)
    room.says(ANA, "thanks", to=(answer, BEN))
    assert room.sum(POINTS, BEN) == 0


def test_admins_win_nothing():
    room = Room(award="auto")
    room.helped(ANA, DAN)
    assert room.sum(POINTS, DAN) == 0


@pytest.mark.parametrize("asked", ["/questions", "/待答"])
def test_admins_list_what_waits(asked):
    room = Room(after=None)
    first, _ = room.says(ANA, "where is the archive?"), room.says(BEN, "is there a garden?")
    room.says(ADA, asked)
    head, *lines = room.effects()
    assert plain(head.words) == "🙋 Questions without an answer: 2"
    assert (len(lines), lines[0].reply_to) == (2, first)
    room.says(ADA, asked, desk=True, private=True)
    assert [effect.evidence for effect in room.effects() if isinstance(effect, TellAdmins)][1] == first
    room.says(ADA, asked, private=True)
    assert len(room.effects()) == 1
    room.says(ANA, asked)
    assert "admins" in room.told()[0]


@pytest.mark.parametrize("where", ["group", "private", "desk"])
def test_where_nothing_can_be_replied_to_the_list_says_who_asked_and_when(where):
    room = unquoting(languages=("zh",))
    for n in range(12):
        room.says((ANA, BEN)[n % 2], f"where is the archive {n}?")
    room.says(ADA, "/待答", desk=where == "desk", private=where != "group")
    (told,) = room.effects()
    assert isinstance(told, TellAdmins if where == "desk" else Say)
    head, *lines, last = plain(told.words).splitlines()
    assert (head, last) == ("🙋 还没有人回答的问题：12 个", "· 还有 2 个")
    assert lines[:2] == ["· Ana，03-02 10:05 问的", "· Ben，03-02 10:06 问的"]
    assert not [part for part in told.words if isinstance(part, Mention)]
    if isinstance(told, Say):
        assert (told.to, told.reply_to) == ((ADA.account, None) if where == "private" else (None, "17"))


def test_where_only_a_digest_listens_nothing_is_said_given_or_kept_of_who_asked():
    room = Room()
    runs = (Bound(questions.workflow, Asking.listening()),)
    room.engine = Engine(room.store, {"g": Group(key="g", runs=runs, texts=Catalog.shipped())})
    room.helped(ANA, BEN)
    room.says(ANA, "where is the archive?")
    room.passes(days=1)
    assert room.effects() == []
    (kept,) = [value for place, value in room.store._records.items() if "questions.open" in place]
    assert kept.open[-1].asker == ""  # type: ignore[attr-defined]


def test_of_several_questions_of_one_member_the_group_is_asked_about_the_first():
    room = Room(after="30m")
    first = room.says(ANA, "where is the archive?")
    room.says(ANA, "and who has the key?")
    room.says(ANA, "and when is it open?")
    other = room.says(BEN, "what is it about?")
    room.passes(hours=3)
    assert [say.reply_to for say in room.effects()] == [first, other]


def test_who_asks_again_and_again_is_helped_with_the_first_of_each_while():
    room = Room(after="30m")
    asked = []
    for _ in range(4):
        asked.append(room.says(ANA, "where is the archive?"))
        room.passes(minutes=20)
    room.passes(hours=1)
    assert [say.reply_to for say in room.effects()] == [asked[0], asked[2]]


def test_once_the_first_is_answered_the_next_has_its_turn():
    room = Room(after="30m")
    first = room.says(ANA, "where is the archive?")
    second = room.says(ANA, "and who has the key?")
    room.says(BEN, "in the attic", to=(first, ANA))
    room.passes(hours=3)
    assert [say.reply_to for say in room.effects()] == [second]


@pytest.mark.parametrize("asked", ["where is the archive?", "档案在哪里？"])
def test_what_the_operator_wrote_an_answer_to_is_answered(asked):
    answers = Faq.model_validate(
        {"archive": {"ask": ["where is the archive", "档案在哪里"], "answer": "In the attic."}}
    )
    room = Room(also=(Bound(faq.workflow, answers),), after="30m")
    room.says(ANA, asked)
    (answer,) = room.effects()
    assert plain(answer.words) == "In the attic."
    room.says(BEN, asked, minutes=0.1)
    room.passes(hours=3)
    assert room.effects() == []


FEES = Faq.model_validate(
    {
        "fee": {"ask": ["会费", "membership fee"], "answer": {"zh": "每年十元。", "en": "Ten a year."}},
        "rules": {"ask": ["群规", "rules"], "answer": {"zh": "请友善。", "en": "Be kind."}},
    }
)
ALONE = [
    "会费？", "请问会费是多少", "大家好，有谁知道会费要多少钱吗？谢谢", "@小王 会费是多少呀？", "會費是多少？",
    "今天会费多少？", "群规在哪里看？", "what are the rules here?", "hi all, is there a membership fee?",
    "@ben how much is the membership fee? Thanks!", "memebrship fee",
]  # fmt: skip
BESIDE = [
    "会费可以退吗", "会费怎么交？", "请问会费是多少？可以用微信付吗？", "学生会费打折吗？", "为什么要会费？",
    "群规第三条是什么意思？", "明天会费涨不涨？", "can I get the membership fee back?",
    "how do I pay the membership fee?", "who made the rules?", "why is there a membership fee?",
    "what happens if I break the rules?", "is the membership fee the same for students?",
]  # fmt: skip
ONCE_MORE = {
    "en": "🙋 Perhaps my answer missed the question. Does anybody know?",
    "zh": "🙋 我之前的回答也许没说到点上，有知道的吗？",
}


def answering(**options: Any) -> Room:
    return Room(also=(Bound(faq.workflow, FEES),), after="30m", **options)


def offered(room: Room) -> tuple[str, str]:
    """What the two buttons under the only thing said stand for: that it helped, that it did not."""
    (say,) = room.effects()
    helped, did_not = (choice.data for choice in say.choices)
    return helped, did_not


@pytest.mark.parametrize("asked", ALONE)
def test_what_asks_for_an_answer_of_the_operators_alone_is_answered_by_it(asked):
    room = answering()
    room.says(ANA, asked)
    offered(room)
    room.passes(hours=3)
    assert room.effects() == []


@pytest.mark.parametrize("asked", BESIDE)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_answer_beside_the_question_is_given_and_leaves_it_open(asked, language):
    room = answering(languages=(language,))
    question = room.says(ANA, asked)
    offered(room)
    room.says(ADA, "/questions")
    assert room.effects()[1].reply_to == question
    room.passes(hours=3)
    (say,) = room.effects()
    assert (plain(say.words), say.reply_to) == (ONCE_MORE[language], question)
    room.passes(days=2)
    assert room.effects() == []


def test_those_who_could_know_are_named_beside_an_offered_answer_too():
    room = answering(award="auto")
    room.helped(BEN, CLEO)
    room.says(ANA, "会费可以退吗")
    room.effects()
    room.passes(minutes=31)
    (say,) = room.effects()
    assert plain(say.words) == "🙋 Perhaps my answer missed the question. Perhaps one of you knows? @Cleo"


@pytest.mark.parametrize("asked", ["会费可以退吗", "can I get the membership fee back?"])
@pytest.mark.parametrize("how", ["button", "thanks", "谢谢", "reply"])
def test_an_offered_answer_answers_once_whoever_asked_says_so_or_somebody_replies(asked, how):
    room = answering()
    question = room.says(ANA, asked)
    helped, _ = offered(room)
    match how:
        case "button":
            room.happens(ButtonPressed, actor=ANA, data=helped, message="900")
        case "reply":
            room.says(BEN, "within a week, yes", to=(question, ANA))
        case words:
            room.happens(
                MessagePosted,
                actor=ANA,
                message="901",
                text=words,
                reply_to=Reply(message="900", author=BOT, data=helped),
            )
    room.passes(hours=3)
    assert room.effects() == []


@pytest.mark.parametrize("words", ["no, that is not it", "不是这个意思"])
def test_who_asked_says_more_to_an_offered_answer_and_waits_on(words):
    room = answering()
    question = room.says(ANA, "会费可以退吗")
    helped, _ = offered(room)
    room.happens(
        MessagePosted, actor=ANA, message="901", text=words, reply_to=Reply(message="900", author=BOT, data=helped)
    )
    room.passes(hours=3)
    assert [say.reply_to for say in room.effects()] == [question]


def test_the_thanks_of_somebody_else_leave_open_what_was_asked():
    room = answering()
    question = room.says(ANA, "会费可以退吗")
    helped, _ = offered(room)
    room.happens(
        MessagePosted, actor=BEN, message="901", text="谢谢", reply_to=Reply(message="900", author=BOT, data=helped)
    )
    room.passes(hours=3)
    assert [say.reply_to for say in room.effects()] == [question]


def test_each_of_two_offered_answers_is_confirmed_by_itself():
    room = answering()
    first = room.says(ANA, "会费可以退吗")
    offered(room)
    room.says(ANA, "会费可以分期吗", minutes=20)
    helped, _ = offered(room)
    room.happens(ButtonPressed, actor=ANA, data=helped, message="900")
    room.says(ADA, "/questions")
    assert [say.reply_to for say in room.effects()[1:]] == [first]


@pytest.mark.parametrize("award", ["suggest", "off"])
def test_what_an_answer_did_not_answer_is_open_from_then_on(award):
    room = answering(award=award)
    question = room.says(ANA, "请问会费是多少？", topic="7")
    _, did_not = offered(room)
    room.happens(ButtonPressed, actor=BEN, data=did_not, message="900", minutes=10)
    room.happens(ButtonPressed, actor=ANA, data=did_not, message="900", minutes=10)
    room.effects()
    room.passes(minutes=29)
    assert room.effects() == []
    room.passes(minutes=2)
    (say,) = room.effects()
    assert (plain(say.words), say.reply_to, say.topic) == (ONCE_MORE["en"], question, "7")


@pytest.mark.parametrize("how", ["answered", "deleted", "two days", "a quiet day"])
def test_an_answer_that_did_not_help_opens_nothing_that_is_settled(how):
    room = answering()
    question = room.says(ANA, "请问会费是多少？")
    _, did_not = offered(room)
    if how == "answered":
        room.says(BEN, "ask Cleo", to=(question, ANA))
    if how == "deleted":
        room.happens(MessageDeleted, message=question)
    if how == "two days":
        room.says(BEN, "where is the archive?", minutes=48 * 60)
        room.passes(hours=1)
    room.passes(days=how == "a quiet day")
    room.happens(ButtonPressed, actor=ANA, data=did_not, message="900")
    room.effects()
    room.passes(hours=3)
    assert room.effects() == []


def test_what_the_assistant_answers_itself_is_no_open_question():
    room = Room(after="30m")
    for asked in ("请问怎么打卡？", "how many points do I have?", "what are the rules?"):
        room.says(ANA, asked)
    room.passes(hours=3)
    assert room.effects() == []
