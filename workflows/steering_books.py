"""What admins ask: why something happened to a member, which warnings there are, how the assistant stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from core import state
from core.effects import Words, in_lines, plain
from core.events import Instructed, MessagePosted
from core.pausing import PAUSED
from core.people import Account, Member, platform_of
from core.state import POINTS, WARNING, Entry, Key
from core.workflow import View
from workflows import acts, conversions, deed_words, features, ladder, platform_names, presence, rule_names
from workflows.acts import ACTS, Act
from workflows.appeal_book import TALLY, Tally
from workflows.facts import TIER, shown_name
from workflows.gaps import GAPS, ends
from workflows.plain_text import one_line
from workflows.proposals import AGREED
from workflows.reasons import in_language
from workflows.rule_options import Rules
from workflows.steering_orders import NOTE
from workflows.steering_voice import Voice

BACK: Final = timedelta(days=30)
"""How far back points are told."""
ASKED: Final = frozenset(("why", "warns", "status", "export"))
"""What `told` answers."""
GOALS: Final = "goals"
"""Under which an order to tell why names the conversions of the group."""
_MOST_LINES: Final = 10
_TOLD_BY_THE_LEDGER: Final = ("points ", NOTE)


def told(event: Instructed, view: View, voice: Voice, member: Member | None) -> Words:
    """The answer. `member` is whom it is about, as far as they are known."""
    match event.verb:
        case "why":
            return _why(event, view, voice, member)
        case "warns":
            return _warns(event, view, voice, member)
        case "status":
            return _status(event, view, voice)
        case _:
            return voice.say("export_how")


def reasons(because: Iterable[str], language: str) -> str:
    """Why, in words."""
    return ("；" if language == "zh" else "; ").join(in_language(one, language) for one in because if one)


def _because(because: Iterable[str], language: str) -> str:
    told = reasons(because, language)
    return (f"：{told}" if language == "zh" else f": {told}") if told else ""


def points(event: MessagePosted | Instructed, who: Account) -> Key[tuple[Entry, ...]]:
    """The points of a member that are told."""
    return state.entries(POINTS, who, event.at - BACK)


def _why(event: Instructed, view: View, voice: Voice, member: Member | None) -> Words:
    assert event.target is not None
    who = event.target.account
    name = shown_name(member) if member is not None else event.target.name
    lines = [voice.say("why_head", target=name)]
    for act in reversed((view.get(ACTS.of(who)) or acts.NONE).last.values()):
        if act.did[0].startswith(_TOLD_BY_THE_LEDGER) and not act.undone:
            continue
        line = _why_line(act, ruled=rule_names.known(act.rule, view.group))
        because = (one for one in act.because if line != "why_agreed" or one != AGREED)  # the line says so
        lines.append(
            voice.say(
                line,
                at=view.group.moment(act.at, event.at),
                what=deed_words.told(act.did, view.group, voice.language, act.where or platform_of(who)),
                rule=rule_names.called(act.rule, view.group, voice.language) or "-",
                why=_because(because, voice.language),
                by=act.by or act.undone,
            )
        )
    lately = view.get(points(event, who))
    for entry in lately[-_MOST_LINES // 2 :][::-1]:
        why = in_language(entry.reason, voice.language)
        lines.append(
            voice.say("why_points", at=view.group.moment(entry.at, event.at), amount=f"{entry.amount:+d}", why=why)
        )
    lines += _converted(event, view, voice)
    standing = view.get(TIER.of(who))
    if standing is not None and standing.tier is not None:
        key = "why_tier_locked" if standing.locked else "why_tier"
        lines.append(
            voice.say(
                key, tier=deed_words.tier(standing.tier, view.group), at=view.group.moment(standing.since, event.at)
            )
        )
    noted = _noted(view.get(state.entries(NOTE, who)))
    lines += [voice.say("why_note", at=view.group.moment(entry.at, event.at), text=entry.reason) for entry in noted]
    if len(lines) == 1:
        lines.append(voice.say("why_nothing"))
    return in_lines(lines)


def further_looks(event: Instructed) -> tuple[Key[tuple[Entry, ...]], ...]:
    """The conversions of a member that are told, once an order to tell why names the goals of the group."""
    goals = event.arguments.get(GOALS)
    if event.verb != "why" or event.target is None or not isinstance(goals, tuple):
        return ()
    return tuple(state.entries(conversions.kind(goal), event.target.account, event.at - BACK) for goal in goals)


def _converted(event: Instructed, view: View, voice: Voice) -> Iterable[Words]:
    """What rules counted, the newest first; what an admin did is among the acts."""
    counted = [entry for key in further_looks(event) for entry in view.get(key)]
    ruled = [entry for entry in counted if entry.rule != conversions.BY_HAND and entry.amount > 0]
    for entry in sorted(ruled, key=lambda entry: entry.at)[-_MOST_LINES // 2 :][::-1]:
        yield voice.say(
            "why_act",
            at=view.group.moment(entry.at, event.at),
            what=deed_words.told((conversions.told(conversions.goal(entry.kind)),), view.group, voice.language),
            rule=rule_names.called(entry.rule, view.group, voice.language) or "-",
            why="",
        )


def _why_line(act: Act, *, ruled: bool) -> str:
    """The line that tells an act: by a rule, by somebody, by a rule as somebody agreed to it, or taken back since."""
    if act.undone:
        return "why_undone_rule" if ruled else "why_undone"
    return "why_act" if not act.by else "why_agreed" if ruled else "why_by"


def _noted(notes: Sequence[Entry]) -> Sequence[Entry]:
    """The last notes that were not taken back."""
    if not notes:
        return ()
    gone = {entry.key.removeprefix("back:") for entry in notes if entry.amount < 0}
    return [one for one in notes if one.amount > 0 and one.key not in gone][-_MOST_LINES // 2 :]


def _warns(event: Instructed, view: View, voice: Voice, member: Member | None) -> Words:
    assert event.target is not None
    who = event.target.account
    history = view.get(state.entries(WARNING, who))
    live, forgiven = ladder.counting(history, event.at), ladder.forgiven(history)
    name = shown_name(member) if member is not None else event.target.name
    rules = view.group.options(Rules) or Rules()
    lines = [voice.say("warns_head", target=name, live=len(live), all=sum(1 for entry in history if entry.amount > 0))]
    for entry in [one for one in history if one.amount > 0][-_MOST_LINES:][::-1]:
        key = "warns_live" if entry in live else "warns_forgiven" if entry.key in forgiven else "warns_over"
        until = view.group.moment(entry.expires, event.at) if entry.expires is not None else "-"
        known = rules.named(entry.rule, voice.language)
        why = known or in_language(one_line(entry.reason), voice.language) or plain(voice.say("warns_by_admin"))
        lines.append(voice.say(key, at=view.group.moment(entry.at, event.at), why=why, until=until))
    return in_lines(lines)


_ACTS: Final = ("delete", "mute", "remove", "ban", "approve", "invite", "pin")
"""What a platform may have nothing like, whatever anybody grants."""


def _status(event: Instructed, view: View, voice: Voice) -> Words:
    between = "、" if voice.language == "zh" else ", "
    runs = between.join(features.names(view.group, voice.language).values())
    lines = [voice.say("status_head", group=view.group.key, runs=runs or "-")]
    paused = view.get(PAUSED.of_group())
    if paused is not None and (paused.until is None or event.at < paused.until):
        key = "status_paused_until" if paused.until is not None else "status_paused"
        until = view.group.moment(paused.until, event.at) if paused.until is not None else ""
        lines.append(voice.say(key, until=until, by=one_line(paused.by, 64) or "-"))
    standings = view.get(presence.STANDINGS.of_group())
    for platform, standing in (standings.on if standings is not None else {}).items():
        chat = platform_names.called(platform, voice.language)
        if not standing.present:
            lines.append(voice.say("status_absent", platform=chat))
        elif platform in view.group.unbarred and (lost := [one for one in _ACTS if one in standing.missing]):
            named = tuple(voice.label(f"act_{one}") for one in lost)
            lines.append(voice.say("status_unable", platform=chat, acts=named))
        elif standing.missing:
            rights = dict.fromkeys(
                plain(view.group.texts.say(f"delivery.right_{one}", voice.language, {})) for one in standing.missing
            )
            lines.append(voice.say("status_missing", platform=chat, rights=tuple(rights)))
        else:
            lines.append(voice.say("status_well", platform=chat))
    gaps = view.get(GAPS.of_group())
    for gap in gaps.latest[-1:] if gaps is not None else ():
        since, until = ends(view.group.local(gap.since), view.group.local(gap.until))
        lines.append(
            voice.say(
                "status_unheard", platform=platform_names.called(gap.platform, voice.language), since=since, until=until
            )
        )
    total = (view.get(TALLY.of_group()) or Tally()).total()
    if total.appealed:
        waiting = total.appealed - total.upheld - total.turned_down
        lines.append(voice.say("status_appeals", all=total.appealed, upheld=total.upheld, open=waiting))
    return in_lines(lines)
