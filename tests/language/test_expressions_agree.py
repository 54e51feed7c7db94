"""The same expressions under another implementation of CEL give the same answers."""

from datetime import UTC, datetime

import pytest

from workflows.expressions import Condition, Vocabulary
from workflows.vocabulary import SECTIONS

celpy = pytest.importorskip("celpy", reason="cel-python is a test-only partner")

ALL = Vocabulary.of(*SECTIONS)
VALUES = {
    "member": {"points": 120, "warnings": 0, "roles": ["admin"], "tags": ["a", "b"], "name": "小王", "staff": True},
    "msg": {
        "text": "Hello 世界 👋",
        "kind": "text",
        "length": 10,
        "domains": ["evil.com", "github.com"],
        "reply": False,
    },
    "lists": {"ads": ["世界", "x"], "none": []},
    "now": datetime(2026, 3, 2, 15, 30, tzinfo=UTC),
    "group": {"timezone": "Asia/Shanghai"},
}
EXPRESSIONS = [
    "member.points > 100",
    "member.points >= 120 && member.points <= 120",
    "member.points == 120 || member.points / member.warnings > 1",
    "member.points / member.warnings > 1 && false",
    "member.points / member.warnings > 1",
    "member.points % 7 == 1",
    "-member.points == -120",
    "member.points * 2 - 1 == 239",
    "member.warnings != 0",
    '"admin" in member.roles',
    '!("admin" in member.roles)',
    '"a" in member.tags && "c" in member.tags',
    "member.tags.size() == 2",
    "size(member.tags) == 2 && size(member.name) == 2",
    'member.tags == ["a", "b"]',
    'member.tags.exists(t, t == "b")',
    'member.tags.all(t, t < "c")',
    'member.tags.exists_one(t, t == "a")',
    'member.tags.filter(t, t != "a").size() == 1',
    'member.tags.map(t, t + "!") == ["a!", "b!"]',
    'member.tags[0] == "a"',
    'member.tags[5] == "a"',
    'msg.text.contains("世界")',
    'msg.text.startsWith("Hello") && msg.text.endsWith("👋")',
    "msg.text.size() == 10",
    'msg.text.matches("^Hel+o")',
    'msg.text.matches("^ello")',
    'msg.text.matches("(?i)HELLO")',
    r'msg.text.matches("\\bHello\\b")',
    'msg.kind in ["text", "photo"]',
    "msg.domains.exists(d, !(d in lists.ads))",
    "lists.ads.exists(w, msg.text.contains(w))",
    "lists.none.exists(w, msg.text.contains(w))",
    '"x" in lists.ads',
    "msg.kind in lists.ads",
    "msg.domains.all(d, d in lists.ads)",
    "now.getHours() == 15 && now.getMinutes() == 30",
    "now.getHours(group.timezone) == 23",
    "now.getDayOfWeek(group.timezone) == 1",
    "now.getDate() == 2 && now.getMonth() == 2 && now.getFullYear() == 2026",
    'now > timestamp("2026-03-02T15:00:00Z")',
    'now - timestamp("2026-03-02T15:00:00Z") == duration("30m")',
    "member.staff ? msg.reply : true",
    "member.staff && !msg.reply",
    'int("5") == 5 && string(5) == "5" && double(1) == 1.0',
    "msg.length > 5 == true",
    '"a" + "b" == "ab"',
    '"abc" < "abd"',
]


@pytest.mark.parametrize("source", EXPRESSIONS)
def test_both_agree(source):
    environment = celpy.Environment()
    program = environment.program(environment.compile(source))
    activation = {name: celpy.json_to_cel(value) for name, value in VALUES.items() if name != "now"}
    activation["now"] = celpy.celtypes.TimestampType(VALUES["now"])
    try:
        theirs = bool(program.evaluate(activation))
    except celpy.CELEvalError:
        theirs = False
    assert Condition(source, ALL).holds(VALUES) is theirs
