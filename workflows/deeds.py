"""One decision in the making: each verb's deed, collected in order and handed over as a `Decision`.

Lives for one call of `actions.perform`. What is left out leaves a clause in `because`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from core import state
from core.decision import Change, Decision, Tag
from core.effects import Ban, Choice, Delete, Effect, Mention, Mute, Pin, React, Remove, Say, TellAdmins, Words, plain
from core.events import ButtonPressed, Event, JoinRequested, MessageEdited, MessagePosted
from core.people import NOBODY, Account, Actor, ActorKind, Member
from core.quick import maker
from core.workflow import View
from workflows import acts, appeal_book, awards, bans, conversions, facts, happened, ladder, mutes, proposals
from workflows.awards import Award
from workflows.facts import shown_name
from workflows.ladder import Verdict, Warn
from workflows.plain_text import one_line
from workflows.texts import Text

_decision: Final = maker(Decision)
_delete: Final = maker(Delete)
_say: Final = maker(Say)
_tell_admins: Final = maker(TellAdmins)

SANCTIONS: Final = frozenset(("mute", "remove", "ban"))
AGAINST: Final = SANCTIONS | {"warn", "delete", "propose", "decline"}
"""What is never done to staff."""

LIMITS: Final = frozenset(("flood", "duplicates", "links"))
"""The sections that are rules of their own; no rule can be called so."""
_EXCERPT: Final = 200
_POSTED: Final = (MessagePosted, MessageEdited)
_IN_A_TOPIC: Final = (MessagePosted, MessageEdited, ButtonPressed)


class Doing:
    """The deeds so far. `deletes` is set before the deeds, so that nothing answers a message that goes away."""

    def __init__(
        self,
        event: Event,
        view: View,
        account: Account,
        rule: str,
        title: Callable[[str], str],
        values: dict[str, object],
        story: Callable[[str], str] | None = None,
    ) -> None:
        self.event = event
        self.view = view
        self.account = account
        self.rule = rule
        self.title = title
        self.story = story
        self.values = values
        self.member = _member(event, view, account)
        self.language = view.group.language_of(self.member)
        self.message: str | None = getattr(event, "message", None) or None
        self.verdict: Verdict | None = None
        self.deletes = False
        self.silent = False
        self._warn: Warn | None = None
        self._reason: Text | None = None
        self._spoke = False
        self._noticed = False
        self._sanctions: list[tuple[str, timedelta | None]] = []
        self._changes: list[Change] = []
        self._evidence: list[Effect] = []
        self._effects: list[Effect] = []
        self._follows: list[Event] = []
        self._because: list[str] = []
        self._then: list[str] = []

    def tell_about(self, names: Iterable[str]) -> None:
        """Work out what the texts speak of, as far as the caller did not."""
        if "member" not in self.values:
            self.values["member"] = facts.values(names, self.view, self.member, self.event.at)
        for section, told in happened.values(names, self.event, self.view.group).items():
            self.values.setdefault(section, told)

    def explain(self, because: Iterable[str]) -> None:
        """Add reasons to those that the decision gives."""
        self._because += because

    # points, conversions and tags

    def award(self, award: Award, nth: int) -> None:
        granted = awards.grant(award, self.event, self.view, actor=self.account, rule=self.rule, nth=nth)
        self._changes += granted.posts
        self._because += granted.because
        moved = dict.fromkeys(f"{post.kind} {post.amount:+d}" for post in granted.posts if post.kind == state.POINTS)
        self._then += moved

    def convert(self, goal: str) -> None:
        if self.member.kind is not ActorKind.PERSON:
            self._because.append("only persons convert")
            return
        if self.member.staff:
            self._because.append("staff do not convert")
            return
        if isinstance(self.event, MessageEdited):
            self._because.append("an edit converts nobody")
            return
        post = conversions.by_rule(goal, self.account, self.rule, self.view)
        if isinstance(post, str):
            self._because.append(post)
            return
        self._changes.append(post)
        self._then.append(conversions.told(goal))

    def mark(self, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        if self.member.kind is not ActorKind.PERSON:
            self._because.append("only persons have tags")
            return
        self._changes.append(Tag(member=self.account, add=frozenset(add), remove=frozenset(remove)))
        self._then += [f"tag {tag}" for tag in add]
        self._then += [f"untag {tag}" for tag in remove]

    # warnings and sanctions

    def warn(self, warn: Warn, cooldown: timedelta) -> None:
        """Decide whether a warning is due, before anything is said."""
        self._warn, self._reason = warn, warn.text
        if self.member.staff:
            self._because.append("staff are never warned")
            self.verdict = Verdict()
            return
        reason = ladder.reason_in(
            warn, self.view.group.languages, self.values, self.title(self.view.group.languages[0])
        )
        self.verdict = ladder.verdict(
            warn, self.event, self.view, member=self.account, rule=self.rule, reason=reason, cooldown=cooldown
        )
        self._because.append(self.verdict.because)

    def tell_warning(self) -> None:
        verdict = self.verdict
        if verdict is None or verdict.post is None:
            return
        self._changes.append(verdict.post)
        self._follows.append(ladder.warned(self.event, self._actor(), self.rule, verdict.live))
        self._then.append("warn")

    def plainly(self, verb: str, span: timedelta | None) -> None:
        """The verbs that need nothing but the member or the message."""
        if verb in AGAINST and self.member.staff:
            self._because.append(f"no {verb}: staff are never judged")
        elif verb in ("delete", "pin"):
            if self.message is None:
                self._because.append(f"no {verb}: there is no message")
                return
            self._effects.append(_delete(messages=(self.message,)) if verb == "delete" else Pin(message=self.message))
            self._then.append(verb)
        elif verb in ("approve", "decline") and not isinstance(self.event, JoinRequested):
            self._because.append(f"no {verb}: nobody asked to join")
        elif verb in ("mute", "unmute") and self.member.kind is not ActorKind.PERSON:
            self._because.append(f"no {verb}: a channel writes or is banned")
        else:
            self._effects.append(proposals.effect(verb, self.account, span))
            self._then.append(proposals.told(verb, span))
            self._changes += mutes.kept(verb, self.account, span, self.event.at, self.rule, self.view.group)
            if verb in SANCTIONS:
                self._sanctions.append((verb, span))

    def propose(self, verb: str, span: timedelta | None) -> None:
        if self.member.staff:
            self._because.append("nothing is proposed about staff")
            return
        told = proposals.told(verb, span)
        words = self._about_member("rules.proposal", what=proposals.done(self.view, verb, span))
        asked = proposals.ask(self.event, self.view, self.member, verb=verb, span=span, rule=self.rule, words=words)
        if asked is None:
            self._because.append(f"the admins were asked before: {told}")
            return
        put, question = asked
        self._changes.append(put)
        self._evidence.append(question)
        self._noticed = True
        self._then.append(f"propose {told}")

    # words

    def reply(self, text: Text | None) -> None:
        if self.silent or text is None:
            return
        words = text.say(self.language, self.values)
        if words:
            self._speak(words, reply=True)
            self._then.append("reply")

    def say(self, text: Text, *, private: bool) -> None:
        if self.silent:
            return
        words = text.say(self.language, self.values)
        if words:
            self._speak(words, private=private)
            self._then.append("say")

    def react(self, emoji: str) -> None:
        if self.message is not None:
            self._effects.append(React(message=self.message, emoji=emoji))
            self._then.append(f"react {emoji}")

    def notify(self, text: Text | None) -> None:
        if self.silent:
            return
        words = text.say(self.view.group.languages[0], self.values) if text else self._about_member("rules.notice")
        self._evidence.append(_tell_admins(words=words, evidence=self.message, about=self.account))
        self._noticed = True
        self._then.append("notify")

    def decision(self) -> Decision:
        """Everything so far. Admins get their evidence before it is deleted; a sanction is always explained."""
        effects = [*self._evidence, *self._effects]
        if self._reported() and not self._noticed:
            what = ", ".join(proposals.done(self.view, verb, span) for verb, span in self._sanctions)
            key = "rules.sanctioned_by_words" if self._by_words else "rules.sanctioned"
            words = self._about_member(key if what else "rules.notice", what=what)
            undo = acts.button(self.view.group, self.event.id, self.rule, self.account)
            effects.insert(0, _tell_admins(words=words, evidence=self.message, about=self.account, choices=undo))
        given = self.verdict is not None and self.verdict.post is not None
        if self._sanctions and not self.silent:
            effects = [replace(one, announced=True) if isinstance(one, Mute | Remove | Ban) else one for one in effects]
        if self._sanctions and self._reported():
            effects = [replace(one, heard="report") if isinstance(one, Mute | Remove | Ban) else one for one in effects]
        if given or (self._sanctions and not self._spoke and not self.silent):
            if self._by_words:
                effects = [replace(one, asked=True) if isinstance(one, Mute) else one for one in effects]
            way = appeal_book.way(self.view.group, self.language)
            effects.append(self._saying(self._verdict_words(given=given), reply=True, choices=way))
        return _decision(
            changes=tuple(self._changes),
            effects=tuple(effects),
            follows=tuple(self._follows),
            because=tuple(self._because),
            rule=self.rule,
            about=self.account,
            then=tuple(self._then),
        )

    def _reported(self) -> bool:
        """Whether the admins get a line about it: of sanctions, or of everything against a member."""
        report = self.view.group.report
        if report == "all" and not self._sanctions:
            warned = self.verdict is not None and self.verdict.post is not None
            return warned or (self.deletes and any(isinstance(effect, Delete) for effect in self._effects))
        return bool(self._sanctions) and report != "none"

    def _verdict_words(self, *, given: bool) -> Words:
        """What the member is told: why, how many warnings count, and what follows from it."""
        say, language = self.view.group.texts.say, self.language
        reason = self._reason.say(language, self.values) if self._reason is not None else (self._called(language),)
        words: Words = (Mention(account=self.account, name=shown_name(self.member)), " ", *reason)
        gap = () if language == "zh" else (" ",)
        if given and self._warn is not None and self.verdict is not None:
            values = {"warning": {"live": self.verdict.live, "expires": self._warn.expires}}
            words += (*gap, *say("rules.warned", language, values))
        for verb, span in self._sanctions:
            done = proposals.asked if self._by_words else proposals.done
            words += (_joint(words, language), done(self.view, verb, span, language))
        return words

    @property
    def _by_words(self) -> bool:
        """Whether sanctions are asked for here and not carried out."""
        return bans.by_words_alone(self.account, self.view.group)

    def _about_member(self, key: str, what: str = "") -> Words:
        """A line for the admins: what happened, what follows, and the words it is about."""
        excerpt = one_line(getattr(self.event, "text", ""), _EXCERPT)
        group = self.view.group
        language = group.languages[0]
        story = self.story(language) if self.story is not None else self._match(language)
        if self._reason is not None:
            reason = plain(self._reason.say(language, self.values))
            story += plain(group.texts.say("rules.because", language, {"warning": {"reason": reason}}))
        words = group.texts.say(key, language, {"sanction": {"what": what, "story": story}})
        return (*words, f"\n> {excerpt}") if excerpt else words

    def _match(self, language: str) -> str:
        """That a rule matched, in words: who, what they did, and what people call the rule."""
        say = self.view.group.texts.say
        name = shown_name(self.member)
        if self.rule in LIMITS:
            return plain(say(f"rules.story_{self.rule}", language, {"sanction": {"name": name}}))
        did = plain(say(f"rules.did_{happened.kind(self.event)}", language, {}))
        title = self.title(language)
        key = "rules.story_named" if title != self.rule else "rules.story"
        return plain(say(key, language, {"sanction": {"name": name, "did": did, "rule": title}}))

    def _called(self, language: str) -> str:
        """What members are told that a rule is about. A rule without a name has only an id, which says nothing."""
        title = self.title(language)
        return title if title != self.rule else plain(self.view.group.texts.say("rules.unnamed", language, {}))

    def _speak(self, words: Words, *, reply: bool = False, private: bool = False) -> None:
        self._spoke = True
        self._effects.append(self._saying(words, reply=reply, private=private))

    def _saying(
        self, words: Words, *, reply: bool = False, private: bool = False, choices: tuple[Choice, ...] = ()
    ) -> Say:
        """An answer hangs on its message, unless that is about to go away."""
        event = self.event
        own = isinstance(event, _POSTED)
        return _say(
            words=words,
            to=self.account if private else None,
            reply_to=self.message if reply and own and not self.deletes else None,
            topic=event.topic if isinstance(event, _IN_A_TOPIC) and not private else None,
            choices=choices,
            urgency="now" if reply else "soon",
        )

    def _actor(self) -> Actor:
        own = getattr(self.event, "actor", None)
        if own is not None and own.account == self.account:
            assert isinstance(own, Actor)
            return own
        return Actor(account=self.account, name=self.member.name, kind=self.member.kind)


def _joint(words: Words, language: str) -> str:
    """What stands between a reason and what follows from it: an end, unless the reason has one of its own."""
    ended = isinstance(words[-1], str) and words[-1].rstrip().endswith(_ENDS)
    return ("" if ended else "，") if language == "zh" else (" " if ended else ". ")


_ENDS: Final = tuple("。！？….!?～~")


def _member(event: Event, view: View, account: Account) -> Member:
    own = getattr(event, "actor", None)
    if own is not None and own.account == account:
        return view.actor()
    found = view.get(state.member(account))
    return found if found is not None else Member(person=NOBODY, account=account, name="", seen=event.at)
