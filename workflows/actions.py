"""What can be done about something that happened: the verbs under `then:`, `on_complete:`, `escalate:` and their like.

An action is a verb with its argument (`mute: 1h`), or a verb alone (`delete`). `perform` turns a list of them into one
decision. It promises: nobody rewards themselves, one burst is warned about once, evidence is shown to the admins before
it is deleted, what cannot be done about this event or member is left out and said in `because`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from core import state
from core.decision import Decision
from core.events import Event
from core.people import Account
from core.state import Key
from core.workflow import View
from workflows import awards, conversions, deeds, facts, ladder, proposals
from workflows.awards import Award
from workflows.conversion_options import GoalId
from workflows.ladder import BURST, Warn
from workflows.lengths import LONGEST, SHORTEST, length_in
from workflows.options import OneOrMany, Options, Span, span_text
from workflows.speaking import Speaks
from workflows.texts import Text

SPOKEN: Final = ("member", "group", "msg", "event", "tier", "check_in", "warning")
"""What the texts of actions may speak of; what an event does not have is refused by whoever knows the event."""

Said = Annotated[Text, Speaks(*SPOKEN)]


class Saying(Options):
    """Words for the group, or in private for the member."""

    text: Said = Field(description="what is said")
    to: Literal["group", "member"] = Field(default="group", description="the group, or the member in private")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, written: Any) -> Any:
        return {"text": written} if _is_text(written, "text", "to") else written


class Notice(Options):
    """A line to the people who steer the group, with the message it is about."""

    text: Said | None = Field(default=None, description="what they are told; without it, which rule it was and why")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, written: Any) -> Any:
        """`notify: admins` is the plain notice, `notify: some words` says these."""
        if written is None or written == "admins":
            return {}
        return {"text": written} if _is_text(written, "text") else written


class Action(Options):
    """One line under `then:`: exactly one verb."""

    points: Award | None = Field(default=None, description="give or take points")
    thank: Award | None = Field(default=None, description="points that also count as help: who was thanked, by whom")
    convert: GoalId | None = Field(default=None, description="count a conversion of the member, one of `conversions`")
    tag: OneOrMany[str] | None = Field(default=None, description="give the member tags")
    untag: OneOrMany[str] | None = Field(default=None, description="take tags from the member")
    warn: Warn | None = Field(default=None, description="warn the member; live warnings lead up the ladder (escalate)")
    delete: None = Field(default=None, description="delete the message, all parts of it")
    reply: Said | None = Field(default=None, description="answer the message in the group")
    say: Saying | None = Field(default=None, description="say something in the group, or to the member in private")
    react: str | None = Field(default=None, min_length=1, max_length=32, description="put an emoji on the message")
    notify: Notice | None = Field(default=None, description="tell the admins, with the message as evidence")
    mute: Span | None = Field(
        default=None, description="the member cannot write for this long, 1m to 365d; alone: until unmuted"
    )
    unmute: None = Field(default=None, description="the member can write again")
    remove: None = Field(default=None, description="take the member out; they may come back")
    ban: Span | None = Field(default=None, description="take the member out for this long, 1m to 365d; alone: for good")
    unban: None = Field(default=None, description="the member may join again")
    pin: None = Field(default=None, description="pin the message")
    approve: None = Field(default=None, description="let in who asked to join")
    decline: None = Field(default=None, description="turn away who asked to join")
    propose: Action | None = Field(default=None, description="ask the admins first; nothing happens without a yes")

    @cached_property
    def verb(self) -> str:
        """Which of the fields was written."""
        return next(iter(self.model_fields_set))

    @model_validator(mode="before")
    @classmethod
    def _one_verb(cls, written: Any) -> Any:
        if isinstance(written, cls):
            return written
        if isinstance(written, str):
            verb = written.strip()
            if verb in NEEDS_ARGUMENT:
                raise PydanticCustomError("action", f"`{verb}` needs an argument, like {_EXAMPLES[verb]}")
            written = {verb: None}
        if not isinstance(written, Mapping) or not written:
            raise PydanticCustomError("action", "wanted an action, like delete or {mute: 1h}")
        unknown = [str(verb) for verb in written if verb not in cls.model_fields]
        if unknown:
            raise PydanticCustomError(
                "action", f'"{unknown[0]}" is not an action{_guess(unknown[0], cls.model_fields)}'
            )
        if len(written) > 1:
            verbs = " and ".join(f"`{verb}`" for verb in written)
            raise PydanticCustomError(
                "action", f"{verbs} are two actions in one item; did you forget a `-`, or to indent?"
            )
        verb, argument = next(iter(written.items()))
        if argument is None and verb in NEEDS_ARGUMENT:
            raise PydanticCustomError("action", f"`{verb}` needs an argument, like {_EXAMPLES[verb]}")
        if argument is not None and verb in ALONE:
            raise PydanticCustomError("action", f"`{verb}` takes no argument; write it alone")
        if argument is None and verb in ("warn", "notify"):
            return {verb: {}}
        if verb == "thank":
            return {verb: _thanks(argument)}
        return {verb: argument}

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        if self.propose is not None and self.propose.verb not in proposals.PROPOSABLE:
            wanted = ", ".join(sorted(proposals.PROPOSABLE))
            raise ValueError(f"`{self.propose.verb}` cannot be proposed to the admins; what can: {wanted}")
        if self.verb in ("mute", "ban") and self.span is not None and not SHORTEST <= self.span <= LONGEST:
            least, most = span_text(SHORTEST), span_text(LONGEST)
            raise ValueError(
                f"`{self.verb}` takes a length from {least} to {most}; written alone, it lasts until an admin ends it"
            )
        return self

    @property
    def span(self) -> timedelta | None:
        """For how long, where the verb has a length; None is without end."""
        return self.mute if self.verb == "mute" else self.ban

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """The operator's own texts in it."""
        inner = (self.reply, self.say and self.say.text, self.notify and self.notify.text, self.warn and self.warn.text)
        return tuple(text for text in inner if text)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every variable that its texts use."""
        return frozenset(name for text in self.texts for name in text.names)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A verb alone is a string; a verb with its argument is a mapping with one key."""
        made = handler(schema)
        body = handler.resolve_ref_schema(made)
        if body.get("type") == "object":
            body |= {"minProperties": 1, "maxProperties": 1}
            alone = {"type": "string", "enum": [v for v in cls.model_fields if v not in NEEDS_ARGUMENT]}
            title, doc = body.pop("title", "Action"), body.pop("description", "")
            inner = dict(body)
            body.clear()
            body |= {"title": title, "description": doc, "anyOf": [alone, inner]}
        return made


ALONE: Final = frozenset(("delete", "unmute", "remove", "unban", "pin", "approve", "decline"))
NEEDS_ARGUMENT: Final = frozenset(("points", "convert", "tag", "untag", "reply", "say", "react", "propose"))
NEEDS_MESSAGE: Final = frozenset(("delete", "react", "pin"))
NEEDS_REQUEST: Final = frozenset(("approve", "decline"))
_EXAMPLES: Final = {
    "points": "{points: 5}",
    "convert": "{convert: purchase}",
    "tag": "{tag: volunteer}",
    "untag": "{untag: newcomer}",
    "reply": "{reply: well done}",
    "say": "{say: good morning}",
    "react": "{react: 👍}",
    "propose": "{propose: ban}",
}


def _listed(written: Any) -> Any:
    """One action without a list is a list of one."""
    if isinstance(written, str | Mapping | Action):
        return (written,)
    return written


Actions = Annotated[tuple[Action, ...], BeforeValidator(_listed)]
"""What is done, in this order."""


def reads(actions: Iterable[Action], event: Event, actor: Account) -> tuple[Key[Any], ...]:
    """The state that `perform` will look at for the same arguments."""
    actions = tuple(actions)
    keys: dict[Key[Any], None] = {}
    own = getattr(event, "actor", None)
    if own is None or own.account != actor:
        keys[state.member(actor)] = None
    if not actions:
        return tuple(keys)
    for action in actions:
        award = action.points or action.thank
        if award is not None:
            keys.update(dict.fromkeys(awards.reads(award, event, actor)))
        elif action.convert is not None:
            keys[conversions.counted(action.convert, actor)] = None
        elif action.warn is not None:
            keys[ladder.reads(actor)] = None
        elif action.propose is not None:
            keys[proposals.reads(actor)] = None
    if asked := names(actions):
        keys.update(dict.fromkeys(facts.reads(asked, actor, event.at)))
    return tuple(keys)


def names(actions: Iterable[Action]) -> frozenset[str]:
    """Every variable that the texts of these actions use: {"member.points", "msg.text"}."""
    return frozenset().union(*[action.names for action in actions])


def perform(
    actions: Iterable[Action],
    event: Event,
    view: View,
    *,
    actor: Account,
    rule: str,
    values: Mapping[str, object] | None = None,
    title: Callable[[str], str] | None = None,
    story: Callable[[str], str] | None = None,
    escalate: Mapping[int, Actions] | None = None,
    cooldown: timedelta = BURST,
    silent: bool = False,
    because: Iterable[str] = (),
) -> Decision:
    """Carry out actions about the member `actor`.

    `values` are the variables that the caller knows better than the event does (`check_in`). `title` is the rule's name
    for people, by language; `story` is what happened, for the admins, where it is no rule's match. `escalate` is the
    ladder that a warning climbs. `silent` leaves out all that is said, also warnings. `because` is what led to it; the
    decision says that first.
    """
    actions = tuple(actions)
    asked = names(actions)
    if escalate:
        asked = asked.union(*map(names, escalate.values()))
    doing = deeds.Doing(event, view, actor, rule, title or (lambda _: rule), dict(values or {}), story)
    doing.explain(because)
    if asked:
        doing.tell_about(asked)
    doing.deletes = any(action.verb == "delete" for action in actions)
    warning = next((action.warn for action in actions if action.warn is not None), None)
    if warning is not None and not silent:
        doing.warn(warning, cooldown)
    doing.silent = silent or (doing.verdict is not None and doing.verdict.post is None)
    for nth, action in enumerate(actions):
        _do(doing, action, nth)
    if doing.verdict is not None and doing.verdict.post is not None and escalate:
        for nth, action in enumerate(ladder.step(escalate, doing.verdict.live) or ()):
            _do(doing, action, len(actions) + nth)
    return doing.decision()


def _do(doing: deeds.Doing, action: Action, nth: int) -> None:
    match action.verb:
        case "points" | "thank":
            award = action.points or action.thank
            assert award is not None
            doing.award(award, nth)
        case "convert":
            doing.convert(action.convert or "")
        case "tag":
            doing.mark(add=action.tag or ())
        case "untag":
            doing.mark(remove=action.untag or ())
        case "warn":
            doing.tell_warning()
        case "reply":
            doing.reply(action.reply)
        case "say":
            assert action.say is not None
            doing.say(action.say.text, private=action.say.to == "member")
        case "notify":
            doing.notify(action.notify.text if action.notify else None)
        case "react":
            doing.react(action.react or "")
        case "propose":
            assert action.propose is not None
            doing.propose(action.propose.verb, action.propose.span)
        case verb:
            doing.plainly(verb, action.span)


def _thanks(argument: Any) -> Any:
    """`thank`, `thank: mentioned` and `thank: {add: 2}`: points to whoever is mentioned, counted as help."""
    if argument is None:
        argument = {}
    elif isinstance(argument, str):
        argument = {"to": argument}
    elif isinstance(argument, int) and not isinstance(argument, bool):
        argument = {"add": argument}
    return {"to": "mentioned", "add": 1, "as": "thanks", **argument} if isinstance(argument, Mapping) else argument


def _is_text(written: Any, *own: str) -> bool:
    """Whether a text was written where a mapping with `own` keys may stand too."""
    return isinstance(written, str) or (isinstance(written, Mapping) and bool(written) and not set(written) & set(own))


def _guess(written: str, known: Iterable[str]) -> str:
    """How a complaint about an action goes on: with how it was meant, with all it says, or with all there are."""
    verbs = list(known)
    apart = [_verb(part.strip(), verbs) for part in _COMMA.split(written)]
    if len(apart) > 1 and all(apart):
        return f" (did you mean [{', '.join(apart)}]?)"
    begun = _BEGUN.fullmatch(written)
    name = begun["verb"] if begun is not None else next((one for one in _LONGEST_FIRST if written.startswith(one)), "")
    verb, rest = _verb(name, verbs), written[len(name) :].strip(" :：")
    if verb and rest and verb not in ALONE:
        return f" (did you mean {{{verb}: {_argument(verb, rest)}}}?)"
    close = _verb(written, verbs)
    return f" (did you mean {close}?)" if close else f"; there are {', '.join(verbs)}"


def _verb(written: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(written, list(known), n=1) or [_SAID.get(written, "")]
    return close[0]


def _argument(verb: str, written: str) -> str:
    """What stands behind a verb, as its argument: a length of time in the form that YAML takes."""
    length = length_in(written) if verb in ("mute", "ban") else None
    if length is not None and length.span is not None and not length.rest:
        return span_text(length.span)
    return _SAID.get(written, written)


_SAID: Final = {
    name: verb
    for verb, names in {
        "points": "积分 加分 扣分 分数",
        "thank": "感谢 致谢 道谢",
        "convert": "转化",
        "tag": "标签 打标签 加标签",
        "untag": "去标签 去掉标签 删标签",
        "warn": "警告",
        "delete": "删除 撤回 删 删掉 删消息 remove_message",
        "reply": "回复 回答",
        "say": "说 发言 发消息 私信",
        "react": "表情 点表情 回应",
        "notify": "通知 通知管理员 告诉管理员",
        "mute": "禁言",
        "unmute": "解除禁言 解禁",
        "remove": "移出 踢 踢出 踢人 kick",
        "ban": "封禁 拉黑 封",
        "unban": "解封 解除封禁",
        "pin": "置顶",
        "approve": "同意 通过",
        "decline": "拒绝",
        "propose": "提议 请示 询问管理员",
    }.items()
    for name in names.split()
}
"""What actions are called by people who do not look them up."""


Action.model_rebuild()
_LONGEST_FIRST: Final = sorted(_SAID, key=len, reverse=True)
_BEGUN: Final = re.compile(r"(?P<verb>[A-Za-z_]+)\s*[\s:：]\s*\S.*", re.DOTALL)
_COMMA: Final = re.compile(r"\s*[,，、]\s*")
