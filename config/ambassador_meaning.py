"""Ambassadors that are well written and cannot be meant: found by what nobody ever has, or with a tag of others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from config.chapter import Chapter
from config.meaning import attempted
from config.places import Step
from config.powers import actions, values
from config.problems import Problems, Said, said
from workflows.ambassador_options import NAME, Ambassadors, Program
from workflows.check_in_options import Challenge, CheckIns
from workflows.onboarding_options import Answer
from workflows.question_options import Asking
from workflows.steering_standing import TRUSTED

_NEEDS: Final = {
    "member.invited": ("referrals", said("`referrals:` is not written", "没有写 `referrals:`")),
    "member.tier": ("tiers", said("`tiers:` is not written", "没有写 `tiers:`")),
    "member.streak": ("check_in", said("`check_ins:` is not written", "没有写 `check_ins:`")),
    "member.check_ins_30d": ("check_in", said("`check_ins:` is not written", "没有写 `check_ins:`")),
}
"""What is asked for, the workflow without which nobody has any of it, and why."""


def consider(chapter: Chapter, problems: Problems) -> None:
    """Tell what is asked for and never there, tags that others give too, and looks in the quiet hours."""
    kinds = chapter.options.get(NAME)
    if not isinstance(kinds, Ambassadors):
        return
    for id_, kind in kinds.items():
        _discover(chapter, id_, kind, problems)
        _tag(chapter, id_, kind, kinds, problems)
        _look(chapter, id_, kind, problems)
        _tasks(chapter, id_, kind, problems)


def _discover(chapter: Chapter, id_: str, kind: Program, problems: Problems) -> None:
    if kind.discover is None:
        return
    path: tuple[Step, ...] = (NAME, id_, "discover")
    for name, (workflow, why) in _NEEDS.items():
        if name in kind.discover.names and workflow not in chapter.options and not attempted(chapter, workflow):
            chapter.tell(problems, "warning", path, _nobody_has(name, why))
    if "member.helped_30d" in kind.discover.names and not thanked(chapter):
        chapter.tell(problems, "warning", path, _nobody_has("member.helped_30d", _NO_THANKS))


def thanked(chapter: Chapter) -> bool:
    """Whether anything counts that somebody was thanked, or stands in a section that cannot be read yet."""
    if any(attempted(chapter, one) and one not in chapter.options for one in ("rules", "questions")):
        return True
    questions = chapter.options.get("questions")
    if isinstance(questions, Asking) and questions.award != "off":
        return True
    awards = (action.points or action.thank for _, action in actions(chapter))
    return any(award is not None and award.as_ == "thanks" for award in awards)


def _tag(chapter: Chapter, id_: str, kind: Program, kinds: Ambassadors, problems: Problems) -> None:
    if kind.tag is None:
        return
    path: tuple[Step, ...] = (NAME, id_, "tag")
    if any(one.tag == kind.tag for other, one in kinds.items() if other < id_):
        chapter.tell(problems, "problem", path, _TWICE.filled(tag=kind.tag))
    elif kind.tag == TRUSTED or kind.tag in set(_given(chapter)):
        chapter.tell(problems, "warning", path, _OTHERS.filled(tag=kind.tag))


def _given(chapter: Chapter) -> Iterator[str]:
    """The tags that something else in the file gives."""
    for _, action in actions(chapter):
        yield from action.tag or ()
    for _, thing in values(chapter):
        if isinstance(thing, Challenge) and thing.finish is not None and thing.finish.tag:
            yield thing.finish.tag
        elif isinstance(thing, Answer):
            yield from (f"{name}:{value}" for name, value in thing.set.items())


def _look(chapter: Chapter, id_: str, kind: Program, problems: Problems) -> None:
    quiet = chapter.heading.quiet_hours if chapter.heading is not None else None
    at = kind.look.clock
    if quiet is None or kind.discover is None or not quiet.holds(at):
        return
    told = _QUIET.filled(at=f"{at:%H:%M}", quiet=str(quiet), then=f"{quiet.hours.end:%H:%M}")
    chapter.tell(problems, "warning", (NAME, id_, "look"), told)


def _tasks(chapter: Chapter, id_: str, kind: Program, problems: Problems) -> None:
    check_ins = chapter.options.get("check_in")
    challenges = check_ins.root.values() if isinstance(check_ins, CheckIns) else ()
    booked = {word.casefold() for one in challenges for word in one.keywords}
    taken: dict[str, str] = {}
    for task_id, task in kind.tasks.items():
        path: tuple[Step, ...] = (NAME, id_, "tasks", task_id)
        if task.cooldown * (task.times - 1) >= _LASTS[task.per]:
            chapter.tell(problems, "problem", (*path, "times"), _NEVER.filled(times=task.times, per=task.per))
        for word in task.words:
            if word in booked:
                chapter.tell(problems, "warning", (*path, "say"), _BOOKED.filled(word=word))
            if taken.setdefault(word, task_id) != task_id:
                chapter.tell(problems, "warning", (*path, "say"), _SAME.filled(word=word, other=taken[word]))


_LASTS: Final = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31)}
_NEVER: Final = said(
    "with this `cooldown` nobody can do it {times} times in a {per}; make one of them smaller",
    "按这个 `cooldown`，一个 {per} 里做不到 {times} 次；请改小其中一个",
)
_BOOKED: Final = said("`{word}` checks in as well; take another word", "`{word}` 也是打卡的词；请换一个")
_SAME: Final = said(
    "`{word}` is the word of `{other}`, too, and one message counts for both",
    "`{word}` 也是 `{other}` 的词，一句话会两边都算",
)


def _nobody_has(name: str, why: Said) -> Said:
    return said(f"nobody is ever found by `{name}`: {why.en}", f"按 `{name}` 谁也找不到：{why.zh}")


_NO_THANKS: Final = said(
    "nothing counts who thanked whom; write a rule with `thank`, or `questions:`",
    "没有哪里会记下谁谢了谁；请写一条带 `thank` 的规则，或写 `questions:`",
)
_TWICE: Final = said(
    "`{tag}` is the tag of another kind already, and would be taken from who is one of the two no longer",
    "`{tag}` 已经是另一种达人的标签，其中一种不当了，标签就会被去掉",
)
_OTHERS: Final = said(
    "others get the tag `{tag}`, too; nobody can tell by it who is one, so take another word",
    "别处也会给标签 `{tag}`，看标签分不出谁是达人；请换一个",
)
_QUIET: Final = said(
    "{at} lies in quiet_hours ({quiet}); it is looked at {then}",
    "{at} 在安静时段（{quiet}）里，改在 {then} 找",
)
