"""What is said before what is asked of the check-ins: a greeting, or who leads the group."""

from __future__ import annotations

import re
from typing import Final

GREETS: Final = re.compile(
    r"(?:(?:大家|各位|群友们?|朋友们|家人们|小伙伴们?|群主|管理员?|班长|组长|老师|教练|队长)?"
    r"(?:早上好|早安|早|晚上好|晚安|下午好|中午好|你们?好|您?好)(?:大家|各位)?[呀啊哦哈]?"
    r"|报[到道]|(?:报告)?(?:群主|管理员?|班长|组长|老师|教练|队长)(?:大人)?|报告"
    r"|(?:good )?(?:morning|evening|afternoon|night)|hi|hello|hey)"
    r"(?: (?:all|everyone|everybody|guys|folks|there))?\s*(?:[,!.~，！。～、…\s🌞☀️🌙👋]+|(?<=[一-鿿])(?=我))",
    re.IGNORECASE,
)
"""What is said before, to all or to who leads the group: `早上好，打卡 …`, `班长，明天请假`, `老师我请假两天`."""
MAY_GREET: Final = re.compile(
    "[大各群朋家小早晚下中你好报班组老教队管]"
    "|(?:大家|各位|群[友主]|朋友|家人|小伙|早[上安,!~。 ]|晚[上安]|[下中]午|你[们好]|好[呀,!~]|报[到道告]).?"
    "|(?:班长|组长|老师|教练|队长)[,!~。 好早我你您大]?|管理[员,! ]?"
    "|g(?:oo?)?|m(?:or?)?|e(?:ve?)?|a(?:ft?)?|n(?:ig?)?|h(?:i[ ,!.~]?|e[ly]?)?"
)
"""The first letters of a greeting, one to three."""
TO_ALL: Final = re.compile("大家|各位|们|all|every|guys|folks")
"""What makes of a greeting one to everybody."""
