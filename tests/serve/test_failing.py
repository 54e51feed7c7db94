"""The operator hears of a rule whose condition fails: when it begins to, and once a day while it goes on."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.sql import open_store
from config.problems import Language
from core.workflow import Bound
from jobs.serve.clock import SystemClock
from jobs.serve.failing import Ailing
from jobs.serve.metrics import Metrics
from tests.workflows.rules_chat import ANA, START, Chat, rule, rules
from workflows import tiers
from workflows.tier_options import Tiers


class At(SystemClock):
    """A clock that is set by hand."""

    at = START

    def now(self) -> datetime:
        return self.at


def talked(chat: Chat, clock: At, text: str) -> None:
    chat.says(ANA, text, (clock.at - START).total_seconds())
    chat.run()


@pytest.mark.parametrize(("language", "told"), [("en", "comes to an error, 2 so far"), ("zh", "已有 2 次")])
def test_a_rule_that_fails_is_logged_once_a_day(language: Language, told: str, caplog: pytest.LogCaptureFixture):
    chat, clock = Chat(rules(rules=[rule(**{"if": "int(msg.text) > 3"})])), At()
    heard: list[Mapping[tuple[str, str], int]] = []
    ailing = Ailing(lambda: {"g": chat.group}, heard.append, clock, language)
    caplog.set_level(logging.WARNING, "yaji.rules")
    talked(chat, clock, "12")
    ailing.look()
    assert caplog.messages == []
    talked(chat, clock, "geheim")
    ailing.look()
    ailing.look()
    assert len(caplog.messages) == 1
    talked(chat, clock, "geheim")
    ailing.look()
    assert len(caplog.messages) == 1
    clock.at += timedelta(days=1)
    ailing.look()
    ailing.look()
    assert len(caplog.messages) == 2
    assert told in caplog.messages[1]
    assert "int(msg.text) > 3" in caplog.messages[1]
    assert "geheim" not in caplog.text
    clock.at += timedelta(days=1)
    ailing.look()
    assert len(caplog.messages) == 2, "it failed no more"
    assert heard[0] == {}
    assert heard[-1] == {("g", "r"): 2}


def test_a_condition_that_was_mended_in_vain_is_told_at_once(caplog: pytest.LogCaptureFixture):
    chats = [Chat(rules(rules=[rule(**{"if": asked})])) for asked in ("int(msg.text) > 3", "double(msg.text) > 3.0")]
    clock = At()
    ailing = Ailing(lambda: {"g": chats[0].group}, lambda times: None, clock, "en")
    caplog.set_level(logging.WARNING, "yaji.rules")
    for left in (1, 0):
        talked(chats[0], clock, "geheim")
        ailing.look()
        del chats[: 1 if left else 0]
    assert ["int(msg.text)" in caplog.messages[0], "double(msg.text)" in caplog.messages[1]] == [True, True]


def test_what_has_one_id_is_counted_together_in_a_group_and_apart_in_others():
    tree = Tiers.model_validate({"tiers": {"new": {"from": 0}, "r": {"from": 1, "if": "1 / member.warnings > 2"}}})
    number = rule(**{"if": "int(msg.text) > 3"})
    chats = {"a": Chat(rules(rules=[number]), beside=(Bound(tiers.workflow, tree),)), "b": Chat(rules(rules=[number]))}
    heard: list[Mapping[tuple[str, str], int]] = []
    ailing = Ailing(lambda: {key: chat.group for key, chat in chats.items()}, heard.append, At(), "en")
    whole = tree.ladder.rungs[1].whole
    assert whole is not None
    assert not whole.holds({"member": {"warnings": 0}})
    for key, times in (("a", 2), ("b", 3)):
        for n in range(times):
            chats[key].says(ANA, "geheim", n)
        chats[key].run()
    ailing.look()
    assert heard == [{("a", "r"): 3, ("b", "r"): 3}]


def test_how_often_it_failed_is_for_prometheus_to_read(tmp_path: Path):
    with closing(open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}", durable=False)) as store:
        metrics = Metrics(store)
        assert "yaji_condition_errors_total" not in metrics.read()
        metrics.conditions_fail({("g", "r"): 2})
        assert 'yaji_condition_errors_total{group="g",rule="r"} 2' in metrics.read().splitlines()
        metrics.conditions_fail({("g", 'say"hi"\\'): 1})
        quoted = r'yaji_condition_errors_total{group="g",rule="say\"hi\"\\"} 1'
        assert quoted in metrics.read().splitlines(), "or nothing at all can be read by Prometheus"
