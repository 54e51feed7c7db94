"""What an admin orders of the rules is decided about with the command itself, and stays the rules' decision."""

from __future__ import annotations

from typing import Any

import pytest

from core.decision import Decision
from core.effects import Ban, Mute, Remove, Unban, Unmute
from core.events import Event, Instructed, MemberLeft
from core.people import Account, Actor, Member
from core.workflow import Bound, View, Workflow
from tests.commands.group import ADA, BEN, Steered
from workflows import steering_orders
from workflows.acts import ACTS
from workflows.steering_order import Order, to

ORDERS: tuple[tuple[str, str, list[str]], ...] = (
    ("/warn {} spam", "warn", ["Say"]),
    ("/unwarn {}", "forgive", []),
    ("/mute {} 30m", "mute 30m", ["Mute"]),
    ("/unmute {}", "unmute", ["Unmute"]),
    ("/kick {}", "remove", ["Remove"]),
    ("/ban {} 2d", "ban 2d", ["Ban"]),
    ("/unban {}", "unban", ["Unban"]),
    ("/approve {}", "approve", ["Approve"]),
)


@pytest.mark.parametrize(("written", "did", "effects"), ORDERS)
def test_the_audit_has_three_lines_of_the_message_and_the_member_one_act(written, did, effects):
    group = Steered()
    group.says(ADA, f"/warn {BEN.account}", seconds=1)
    if did == "approve":  # nobody is let in who is in
        group.run(MemberLeft(id=group.id(), at=group.at, group="g", actor=BEN))
    before, _ = len(list(group.store.audit("g"))), group.effects()
    id_ = group.says(ADA, written.format(BEN.account))
    people = {member.account: member.person for member in group.store.people("g")}
    ada, ben, verb = people[ADA.account], people[BEN.account], written.split()[0].removeprefix("/")
    rows = [(row.workflow, row.rule, row.person, row.then, row.event) for row in group.store.audit("g")]
    assert rows[before:] == [
        ("steering", verb, ada, (), id_),
        ("steering", verb, ben, (did,), id_),
        ("rules", "admin", ben, (did,), id_),
    ]
    assert [kind for kind in group.kinds() if kind != "TellAdmins"][1:] == effects
    ((_, acts),) = group.store.every_record("g", ACTS)
    assert [act.did for act in acts.last.values()] == [("warn",), (did,)]


@pytest.mark.parametrize(("verb", "kind"), [("mute", "Mute"), ("kick", "Remove"), ("ban", "Ban")])
def test_what_is_done_to_a_member_goes_its_way_behind_the_line_that_tells_it(verb, kind):
    group = Steered()
    group.says(ADA, f"/{verb} {BEN.account}")
    rows = [(row.workflow, row.kind) for row in group.store.outbox("g") if row.kind != "TellAdmins"]
    assert rows == [("steering", "Say"), ("steering", kind)]


@pytest.mark.parametrize("verb", ["mute", "unmute", "kick", "ban", "unban"])
@pytest.mark.parametrize(("desk", "heard"), [(False, "group"), (True, "admins")])
def test_what_is_done_knows_who_reads_that_it_is(verb, desk, heard):
    """They are told where it could not be done."""
    group = Steered()
    group.says(ADA, f"/{verb} {BEN.account}", private=desk, desk=desk)
    effects = [row.effect for row in group.store.outbox("g")]
    assert [one.heard for one in effects if isinstance(one, Mute | Unmute | Remove | Ban | Unban)] == [heard]


@pytest.mark.parametrize("verb", ["mute", "kick", "ban"])
def test_about_staff_the_rules_are_asked_whoever_orders_it_and_refuse(verb):
    group = Steered(staff=frozenset((BEN.account,)))
    operator = Actor(account=Account("operator:cli"), name="cli")
    group.run(
        Instructed(id="order", at=group.at, group="g", actor=operator, workflow="steering", verb=verb, target=BEN)
    )
    assert not {"Mute", "Remove", "Ban"} & set(group.kinds())
    refused = list(group.store.audit("g"))[-1]
    assert (refused.workflow, refused.because) == ("rules", ("not done: staff cannot be acted on",))


def test_orders_that_are_not_all_to_the_rules_reach_each_workflow(monkeypatch):
    """Whichever comes first."""

    def both(event: Instructed, member: Member | None, view: View) -> Order:
        return Order(said="did_unmute", did="unmute", follows=(to(event, "rules", "unmute"), to(event, "ears", "hear")))

    def hear(event: Event, options: dict[str, Any], view: View) -> Decision:
        return Decision(because=("heard",), rule="heard")

    monkeypatch.setitem(steering_orders._ORDERS, "unmute", both)
    ears = Bound(Workflow("ears", dict, frozenset({Instructed}), lambda event, options: (), hear), {})
    group = Steered(also=(ears,))
    group.says(ADA, f"/unmute {BEN.account}")
    assert [(row.workflow, row.rule) for row in group.store.audit("g")][-2:] == [("rules", "admin"), ("ears", "heard")]
