"""An invitation answered in words: who is asked in private may write `愿意` or `not this time` as well as press.

A clear yes or no counts as long as the invitation is open, what is said of much else, too (`好的`, `ok`), on the first
day; both only where nothing but one invitation can be meant: not while words are waited for that say why somebody
appeals, or more about an answer to a survey.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

from core.events import MessagePosted
from core.people import PERSON
from core.state import Key
from core.workflow import View
from workflows.ambassador_book import NONE, PATHS
from workflows.appeal_book import APPEALED
from workflows.folding import normalized
from workflows.survey_book import ANSWERS

_FIRST_DAY: Final = timedelta(days=1)
_LONGEST: Final = 24
_EDGES: Final = re.compile(r"^[\W_]+|[\W_]+$")
_TAIL: Final = re.compile(r"(?<=[\u3400-\u9fff])(?:的|啊|呀|哦|哈|吧|了|啦|谢谢|[\s,.!~、，。！]+)+$")
_YES: Final = frozenset(
    (
        *("愿意", "我愿意", "很愿意", "我很愿意", "非常愿意", "我非常愿意", "当然愿意", "乐意", "我乐意"),
        *("yes", "yes gladly", "yes, gladly", "gladly", "yes please", "yes, please"),
        *("i'd love to", "i would love to", "i'd be glad to"),
    )
)
_NO: Final = frozenset(
    (
        *("不愿意", "我不愿意", "这次不", "这次就不", "这次先不", "暂时不", "暂时不愿意", "先不"),
        *("no", "no thanks", "no, thanks", "no thank you", "no, thank you"),
        *("not this time", "not now", "rather not", "i'd rather not"),
    )
)
_MAYBE_YES: Final = frozenset(("好", "可以", "行", "没问题", "当然", "ok", "okay", "sure", "of course"))
_MAYBE_NO: Final = frozenset(("不", "不用", "算", "不行", "不可以", "nope"))


def told(event: MessagePosted) -> tuple[bool, bool] | None:
    """Whether a private message says yes, and whether that is sure; None where it says neither yes nor no."""
    if not event.private or event.desk or event.forwarded or event.actor.kind is not PERSON:
        return None
    if not 0 < len(event.text) <= _LONGEST:
        return None
    whole = _EDGES.sub("", normalized(event.text))
    said = _TAIL.sub("", whole)
    for yes, sure, words in (
        (True, True, _YES),
        (False, True, _NO),
        (True, False, _MAYBE_YES),
        (False, False, _MAYBE_NO),
    ):
        if said in words or whole in words:
            return yes, sure
    return None


def reads(event: MessagePosted) -> tuple[Key[Any], ...]:
    """What tells whether an invitation is answered."""
    who = event.actor.account
    return (PATHS.of(who), APPEALED.of(who), ANSWERS.of(who))


def meant(event: MessagePosted, view: View) -> tuple[bool, str] | None:
    """The answer, and to which kind; None where no invitation is open, or more than one, or other words are awaited."""
    who, paths = event.actor.account, view.get(PATHS.of(event.actor.account)) or NONE
    appeals, answers = view.get(APPEALED.of(who)), view.get(ANSWERS.of(who))
    if (appeals and appeals.asked(event.at)) or (answers and answers.awaited(who, event.at)):
        return None
    heard = told(event)
    asked = {id_: path for id_, path in paths.at("invited").items() if path.said}
    if heard is None or len(asked) != 1:
        return None
    (id_, path), (yes, sure) = next(iter(asked.items())), heard
    return (yes, id_) if sure or event.at - path.at <= _FIRST_DAY else None
