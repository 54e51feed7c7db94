"""Where points come from, as a report says it: ids of our own are put into words, the operator's have their names."""

from __future__ import annotations

import re
from typing import Final

from jobs.report.names import Names

_OWN: Final = tuple(
    (re.compile(pattern), zh, en)
    for pattern, zh, en in (
        (r"check_in:(?P<id>[^:]+)", "打卡 {id}", "check-in {id}"),
        (r"check_in:(?P<id>[^:]+):bonus:(?P<n>\d+)", "打卡 {id} 连续 {n} 天", "{n} days in a row, check-in {id}"),
        (r"check_in:(?P<id>[^:]+):finish", "打卡 {id} 完成", "finished: check-in {id}"),
        (r"onboarding\.complete", "完成新人引导", "onboarding completed"),
        (r"onboarding\.give_up", "没有完成新人引导", "onboarding given up"),
        (r"onboarding\.task\.(?P<id>.+)", "没做新人任务 {id}", "newcomer task {id} missed"),
        (r"onboarding", "新人任务", "newcomer tasks"),
        (r"tier (?P<id>.+)", "达到等级 {id}", "tier {id} reached"),
        (r"admin", "管理员", "an admin"),
    )
)


def source(rule: str, language: str, names: Names | None = None) -> str:
    """A rule of the ledger in words."""
    for pattern, zh, en in _OWN:
        if found := pattern.fullmatch(rule):
            told = found.groupdict()
            if names is not None and "id" in told:
                named = names.tiers if rule.startswith("tier ") else names.challenges
                told["id"] = named.get(told["id"], told["id"])
            return (zh if language == "zh" else en).format(**told)
    return names.rules.get(rule, rule) if names is not None else rule
