"""The words of the report in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, get_args

from core.events import MessageKind
from core.workflow import Group
from jobs.report import skips
from jobs.report.names import Names
from jobs.report.sources import source
from jobs.report.summary import Asking, Elsewhen, Occasion, Summary
from workflows.reasons import deed, in_language

Language = Literal["zh", "en"]
_NAMED: Final = 10
_UNWORDED: Final = frozenset(f"[{kind}]" for kind in get_args(MessageKind))

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("雅集模拟报告", "Yaji simulation report"),
    "nothing_sent": ("这是演练：什么都没有发出去。", "A rehearsal: nothing was sent."),
    "group": ("群", "Group"),
    "export": ("导出文件", "Export"),
    "period": ("时间", "Period"),
    "workflows": ("流程", "Workflows"),
    "messages": ("消息", "Messages"),
    "members": ("成员", "Members"),
    "joins": ("入群", "Joins"),
    "leaves": ("退群", "Leaves"),
    "removals": ("被移出", "Removed"),
    "skipped": ("跳过", "Skipped"),
    "repeated": ("重复", "Repeated"),
    "overview": ("概览", "At a glance"),
    "activity": ("每日活跃", "Activity by day"),
    "messages_by_day": ("每日消息", "Messages by day"),
    "active_by_day": ("每日活跃成员", "Active members by day"),
    "several_days": (
        "一条是 {} 天：活跃成员是这几天的平均，其他图是合计。",
        "A bar is of {} days: the mean of active members, the sum of what other charts tell.",
    ),
    "joins_by_day": ("每日进出", "Joins and leaves by day"),
    "check_ins_by_day": ("每日打卡", "Check-ins by day"),
    "day": ("日期", "Day"),
    "active": ("活跃成员", "Active members"),
    "busiest": ("最热闹的几天", "Busiest days"),
    "talkers": ("发言最多", "Most messages"),
    "onboarding": ("新人引导", "Onboarding"),
    "starts": ("开始", "Started"),
    "completed": ("完成", "Completed"),
    "gave_up": ("超时放弃", "Gave up"),
    "in_progress": ("进行中", "In progress"),
    "left": ("中途退群", "Left midway"),
    "onboarding_skipped": ("免引导", "Excused"),
    "check_ins": ("打卡", "Check-ins"),
    "challenge": ("打卡项目", "Challenge"),
    "made_up": ("补卡", "Made up"),
    "taken_back": ("撤销", "Taken back"),
    "people": ("人数", "People"),
    "longest": ("最长连续", "Longest streak"),
    "streak": ("当前连续", "Streak now"),
    "days": ("总天数", "Days"),
    "tiers": ("等级", "Tiers"),
    "tier": ("等级", "Tier"),
    "gone": ("已退群", "Left since"),
    "no_tier": ("（无等级）", "(none)"),
    "moves": ("次数", "Moves"),
    "flows": ("等级变动", "Tier changes"),
    "rules": ("规则", "Rules"),
    "rule": ("规则", "Rule"),
    "hits": ("命中", "Hits"),
    "hits_by_rule": ("各规则命中", "Hits by rule"),
    "on": ("执行", "On"),
    "shadow": ("试运行", "Shadow"),
    "then": ("动作", "Then"),
    "because": ("原因", "Because"),
    "example": ("例子", "Example"),
    "examples": ("例子", "Examples"),
    "withheld": ("（原文略）", "(text withheld)"),
    "points": ("积分", "Points"),
    "given": ("发出", "Given"),
    "taken": ("扣除", "Taken"),
    "receivers": ("得分人数", "Receivers"),
    "ranking": ("积分榜", "Most points"),
    "by_rule": ("按来源", "By source"),
    "source": ("来源", "Source"),
    "effects": ("本来会做的事", "What would have been done"),
    "effect": ("动作", "Effect"),
    "times": ("次数", "Times"),
    "timers": ("定时", "Timers"),
    "fired": ("到期", "Came due"),
    "posts": ("定时内容", "Posts by the clock"),
    "post": ("内容", "Post"),
    "posted": ("发出", "Posted"),
    "waited": ("因额度没发（天）", "Days held back by the budget"),
    "waits": ("最后还在等", "Waits at the end"),
    "yes": ("是", "yes"),
    "events": ("活动", "Events"),
    "event": ("活动", "Event"),
    "announced": ("发布", "Announced"),
    "seats": ("有位", "Had a seat"),
    "waiting": ("候补", "Waited"),
    "reminders": ("提醒", "Reminders"),
    "surveys": ("调查", "Surveys"),
    "survey": ("调查", "Survey"),
    "asked": ("问过", "Asked"),
    "answered": ("回答", "Answered"),
    "could": ("能回答", "Could have"),
    "occasion": (
        "有位 {coming} 人，候补 {waiting} 人，提醒 {reminders} 次",
        "seats {coming}, waiting {waiting}, reminders {reminders}",
    ),
    "occasion_cancelled": ("{told}（取消了）", "{told} (cancelled)"),
    "occasion_coming": ("{told}（最后还没开始）", "{told} (not begun at the end)"),
    "guests": ("{told}：{who}", "{told}: {who}"),
    "came": ("能回答的 {could} 人里 {answered} 人回答：{came}", "{answered} of {could} answered: {came}"),
    "came_few": (
        "能回答的 {could} 人里 {answered} 人回答，太少不公布",
        "{answered} of {could} answered, too few to be told",
    ),
    "came_open": ("{answered} 人已经回答，最后还没截止", "{answered} answered, still open at the end"),
    "came_off": ("作废了", "called off"),
    "sent": ("会发出", "Would have sent"),
    "would_send": ("定时本来会发出的", "What timers would have sent"),
    "pending": ("仍在等待", "Still pending"),
    "next": ("接下来", "Next"),
    "truth": ("与已知真相对照", "Against what is known"),
    "known": ("已知", "Known"),
    "right": ("正确", "Right"),
    "precision": ("精确率", "Precision"),
    "recall": ("召回率", "Recall"),
    "missed": ("漏掉", "Missed"),
    "wrong": ("误中", "Wrong"),
    "troubles": ("出了问题的地方", "What went wrong"),
    "faults": ("流程出错", "Workflow faults"),
    "dead_letters": ("搁置的事件", "Events set aside"),
    "failing": ("算不出来的条件，每次都按不符合处理", "Conditions that came to an error, each time as no match"),
    "place": ("位置", "Place"),
    "why": ("原因", "Why"),
    "person": ("成员", "Member"),
    "amount": ("数量", "Amount"),
    "at": ("时间", "At"),
    "what": ("内容", "What"),
    "none": ("无", "none"),
    "comma": ("、", ", "),
    "more": ("还有 {} 条，见 JSON", "{} more in the JSON"),
    "pseudonyms": ("名字都是化名。", "All names are pseudonyms."),
    "no_rules": ("没有规则命中。", "No rule hit anything."),
    "elsewhen": ("日期都不在这段历史里，所以没有演练到", "No day of it is in this history, so it was not rehearsed"),
    "idle": ("一次也没有命中的规则", "Rules that nothing met"),
    "unrehearsed": ("只由时钟发起，所以没有演练", "Begun by the clock alone, so not rehearsed"),
    "pressless": (
        "这份历史里没有按钮的点按，活动和调查只算写出来的回答",
        "The history has no presses of buttons: of answers to events and surveys only written ones count",
    ),
    "from_day": ("{} 起", "from {}"),
    "to_day": ("到 {}", "until {}"),
    "all_read": ("每一行都读懂了。", "Every line was understood."),
    "per_week": ("按周", "by week"),
    "reading": ("读取", "reading"),
    "replaying": ("演练", "replaying"),
    "footer": ("由雅集生成；只在这个文件里，不联网。", "Made by Yaji; this file is complete and loads nothing."),
}


EFFECTS: Final[dict[str, tuple[str, str]]] = {
    "Say": ("发言", "messages said"),
    "Edit": ("改消息", "messages edited"),
    "TellAdmins": ("告诉管理员", "lines to the admins"),
    "Delete": ("删除", "messages deleted"),
    "React": ("表情", "reactions"),
    "Pin": ("置顶", "messages pinned"),
    "Mute": ("禁言", "mutes"),
    "Unmute": ("解除禁言", "mutes lifted"),
    "Remove": ("移出", "removals"),
    "Ban": ("封禁", "bans"),
    "Unban": ("解封", "bans lifted"),
    "Approve": ("同意入群", "let in"),
    "Decline": ("拒绝入群", "turned away"),
    "Invite": ("邀请链接", "invitation links"),
}


PARTS: Final[dict[str, tuple[str, str]]] = {
    "topics": ("话题", "topics"),
    "steering": ("管理指令", "admins' commands"),
    "members": ("成员指令", "members' commands"),
    "identity": ("账号", "accounts"),
    "presence": ("权限", "rights"),
    "unaddressed": ("管理群", "the admins' own group"),
    "quiet": ("退订", "no reminders"),
    "reach": ("私聊", "private chats"),
    "tidy": ("清理", "tidying up"),
}
"""The parts that only serve others."""


class Words:
    """The words in one language; with a group, its operator's names for what a report tells by id.

    What the group does not name is called as `before` names it: the same group in another home.
    """

    def __init__(self, language: Language, group: Group | None = None, before: Group | None = None) -> None:
        self.language: Language = language
        self._place = 0 if language == "zh" else 1
        self._names = Names(group, language, before) if group is not None else None

    def __call__(self, key: str) -> str:
        """The word of a key; a wrong key raises KeyError."""
        return WORDS[key][self._place]

    def reason(self, stored: str) -> str:
        """Why something was decided, as the books keep it."""
        return in_language(stored, self.language)

    def skip(self, place: str, why: str) -> tuple[str, str]:
        """Where a part of the export was skipped, and why."""
        return (skips.place_in_chinese(place), skips.in_chinese(why)) if self.language == "zh" else (place, why)

    def source(self, rule: str) -> str:
        """Where points come from, by the rule that the ledger names."""
        return source(rule, self.language, self._names)

    def rule(self, id_: str) -> str:
        """What the operator calls a rule, told apart from others."""
        return self._names.rules.get(id_, id_) if self._names is not None else id_

    def title(self, rule: str) -> str:
        """What the operator calls a rule, where its id stands beside."""
        return self._names.titles.get(rule, rule) if self._names is not None else rule

    def tier(self, id_: str) -> str:
        """What the operator calls a tier; a word of ours for none."""
        return (self._names.tiers.get(id_, id_) if self._names is not None else id_) or self("no_tier")

    def challenge(self, id_: str) -> str:
        """What the operator calls a challenge."""
        return self._names.challenges.get(id_, id_) if self._names is not None else id_

    def elsewhen(self, one: Elsewhen) -> str:
        """A challenge with its days."""
        days = f"{one.first} – {one.last}"
        if not one.first or not one.last:
            days = self("from_day" if one.first else "to_day").format(one.first or one.last)
        name = self.challenge(one.challenge)
        return f"{name} ({days})" if self._place else f"{name}（{days}）"

    def limits(self, summary: Summary) -> Iterator[tuple[str, str]]:
        """What the rehearsal could not show, and how: `elsewhen`, `unrehearsed`, `idle` or `pressless`."""
        colon, comma = (": ", ", ") if self._place else ("：", "、")
        named = {
            "elsewhen": [self.elsewhen(one) for one in summary.elsewhen],
            "unrehearsed": [self.workflow(name) for name in summary.unrehearsed],
            "idle": [self.title(rule) for rule in summary.idle],
        }
        yield from ((key, self(key) + colon + comma.join(names)) for key, names in named.items() if names)
        if summary.pressless:
            yield "pressless", self("pressless") + ("." if self._place else "。")

    def event(self, id_: str) -> str:
        """What the operator calls an event."""
        return self._names.events.get(id_, id_) if self._names is not None else id_

    def occasion(self, one: Occasion) -> str:
        """How many come to an event and wait, in a phrase."""
        told = self("occasion").format(coming=len(one.coming), waiting=len(one.waiting), reminders=one.reminders)
        key = "occasion_cancelled" if one.cancelled else "" if one.begun else "occasion_coming"
        return self(key).format(told=told) if key else told

    def guests(self, one: Occasion) -> str:
        """The first of those who come."""
        names = self("comma").join(guest.person for guest in one.coming[:_NAMED])
        return names + ("…" if len(one.coming) > _NAMED else "")

    def asking(self, one: Asking) -> str:
        """What came of a survey that was asked, in a phrase."""
        key = "came_off" if one.off else "came_open" if not one.told else "came" if one.came else "came_few"
        came = one.came.get(self.language, "")
        return self(key).format(answered=one.answered, could=one.could, came=came)

    def workflow(self, name: str) -> str:
        """What people call a workflow."""
        called = self._names.workflows.get(name) if self._names is not None else None
        return called or (PARTS[name][self._place] if name in PARTS else name)

    def quote(self, said: str) -> str:
        """What was said, as a run keeps it: a message without words is told by its kind."""
        return f"[{deed(said[1:-1], self.language)}]" if said in _UNWORDED else said

    def deed(self, done: str) -> str:
        """What a rule did, as the books keep it: `mute 1h`."""
        return deed(done, self.language)

    def effect(self, kind: str) -> str:
        """What would have been done, many times."""
        return EFFECTS[kind][self._place]
