"""Why something said nothing about an event, where no condition was asked: it is off, or waits for something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from config.problems import Said, said
from core.workflow import Group
from jobs.bystander import Check
from workflows.check_in_options import CheckIns
from workflows.rule_options import Rules


def reasons(group: Group, name: str, checks: Sequence[Check]) -> Iterator[Said]:
    """What is known of a rule, limit or challenge that did not decide."""
    for bound in group.runs:
        if isinstance(bound.options, Rules):
            yield from _of_rule(bound.options, name, checks)
        elif isinstance(bound.options, CheckIns) and name in bound.options:
            yield _of_challenge(bound.options[name])


def _of_rule(rules: Rules, name: str, checks: Sequence[Check]) -> Iterator[Said]:
    limit = getattr(rules, name) if name in ("flood", "duplicates", "links") else None
    rule = next((rule for rule in rules.rules if rule.id == name), limit)
    if rule is None:
        return
    if rule.mode == "off":
        yield said(f"{name} is off", f"{name} 已停用")
    elif limit is not None:
        yield said("the limit was not passed", "没有超过限度")
    elif not checks:
        heard = ", ".join(rule.when)
        yield said(f"{name} waits for: {heard}", f"{name} 只看：{heard}")
    elif all(check.holds for check in checks):
        yield said(
            "everything it asks for holds: a rule before it settled the matter",
            "条件全部满足：前面的规则已经处理了",
        )


def _of_challenge(challenge: Any) -> Said:
    words = ", ".join(challenge.keywords)
    return said(f"its keywords: {words}", f"它的关键词：{words}")
