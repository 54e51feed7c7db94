"""The words that operators' expressions may use: `member.points`, `msg.text`, `now` ..., with their types and meaning.

`if:` conditions and `${...}` in texts are checked against this table when they are loaded; the reference
documentation is made from it. A section is added here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Known(NamedTuple):
    """A field of a section: its type (int, string, bool, timestamp, mention, list(string)) and one line of doc."""

    type: str
    doc: str


Section = Mapping[str, Known]
"""The fields of one section. A section with the single field "" is a plain value (`now`)."""

PLAIN: Final = ""
WHATEVER: Final = "*"
"""As a field name: any name will do, with this type (`lists.ad_words`)."""

MEMBER: Final[Section] = {
    "id": Known("string", "the member's account, platform and number: telegram:10001"),
    "name": Known("string", "the name that is shown"),
    "mention": Known("mention", "names the member so that the platform notifies them; for texts only"),
    "language": Known(
        "string", 'the language the member chose, "zh" or "en", else what their app says, like "zh-hans"; "" if unknown'
    ),
    "staff": Known("bool", "whether the member is an admin"),
    "roles": Known("list(string)", 'roles in the group: "admin" for staff, "owner", "moderator"'),
    "tags": Known("list(string)", "tags given by onboarding, rules or admins, sorted"),
    "joined_days": Known("int", "whole local days since the member was seen joining; 36500 if nobody saw it"),
    "seen_days": Known("int", "whole local days since anything of the member was first seen"),
    "points": Known("int", "the sum of the member's points"),
    "warnings": Known("int", "warnings that have not expired"),
    "tier": Known("string", 'the id of the member\'s tier, "" if none'),
    "streak": Known("int", "the longest running streak over all challenges"),
    "active_days_7d": Known("int", "days of the last 7, today included, with a message, reaction or check-in"),
    "active_days_14d": Known("int", "the same over 14 days"),
    "active_days_30d": Known("int", "the same over 30 days"),
    "active_days_90d": Known("int", "the same over 90 days"),
    "messages_7d": Known("int", "messages in the last 7 local days, today included"),
    "messages_30d": Known("int", "messages in the last 30 local days"),
    "replies_given_30d": Known("int", "answers the member gave to others in the last 30 local days"),
    "replies_received_30d": Known("int", "answers the member got from others in the last 30 local days"),
    "check_ins_30d": Known("int", "check-ins in the last 30 local days"),
    "invited": Known("int", "how many newcomers came by the member's invitation, stayed and took part"),
    "helped_30d": Known("int", "how many different people thanked the member in the last 30 local days"),
}

MESSAGE: Final[Section] = {
    "text": Known("string", "the text or caption, as written; of a poll, a checklist or a rich message its lines"),
    "normalized": Known(
        "string", "the text with case, widths, look-alikes, hidden characters and traditional forms folded"
    ),
    "kind": Known(
        "string", "text, photo, video, voice, audio, file, sticker, animation, location, contact, poll or other"
    ),
    "length": Known("int", "how many characters the text has"),
    "lines": Known("int", "how many lines the text has, 0 without text"),
    "mentions": Known("list(string)", "accounts that are mentioned"),
    "links": Known("list(string)", "links, hidden ones included"),
    "domains": Known("list(string)", "host names of the links, in lower case"),
    "hits": Known("list(string)", "names of the word lists and patterns that match, sorted"),
    "reply": Known("bool", "whether it answers another message"),
    "forwarded": Known("bool", "whether it was forwarded"),
    "edited": Known("bool", "whether this is a new version of an earlier message"),
    "has_media": Known("bool", "whether there is anything beside text"),
    "topic": Known("string", 'the number of the forum topic it is in, "1" in General; "" where there are none'),
}

GROUP: Final[Section] = {
    "key": Known("string", "the group's key in the configuration"),
    "name": Known("string", "the community's name"),
    "timezone": Known("string", "the group's zone: now.getHours(group.timezone)"),
}

CHECK_IN: Final[Section] = {
    "streak": Known("int", "days in a row with this check-in"),
    "points": Known("int", "points for this check-in, bonus included"),
    "bonus": Known("int", "the streak bonus in it, 0 without"),
    "day": Known("string", "the local day it counts for: 2026-03-02"),
    "challenge": Known("string", "the challenge's id"),
    "name": Known("string", "the challenge's name"),
    "total": Known("int", "all check-ins of the member in this challenge"),
    "best": Known("int", "the member's longest streak in this challenge"),
    "late": Known("bool", "whether it was made up later"),
    "freezes": Known("int", "days that may still be missed this month without breaking the streak"),
}

EVENT: Final[Section] = {
    "type": Known(
        "string",
        "what `when` can say: message, edit, join, leave, reaction, check_in, tier_changed, warned ...",
    ),
    "emoji": Known("list(string)", "for reactions: what stands now"),
    "amount": Known("int", "for points: how many were gained or lost"),
    "rule": Known("string", "for warnings: the rule's id"),
    "by_admin": Known("bool", "for joins: whether an admin added the member"),
    "invite": Known("string", 'for joins: the invitation link, "" if unknown'),
    "private": Known("bool", "whether it happened in a private conversation"),
}

TIER: Final[Section] = {
    "id": Known("string", "the tier's id"),
    "name": Known("string", "the tier's name"),
    "old": Known("string", 'the tier before, "" if none'),
    "next": Known("string", 'the name of the next tier, "" at the top'),
    "missing": Known("int", "points missing for the next tier"),
}

WARNING: Final[Section] = {
    "rule": Known("string", "the id of the rule"),
    "live": Known("int", "the member's warnings that have not expired, this one included"),
    "reason": Known("string", "why, in words"),
}

STEP: Final[Section] = {
    "id": Known("string", "the onboarding step's id"),
    "number": Known("int", "which step it is, from 1"),
    "of": Known("int", "how many steps there are"),
    "answer": Known("string", 'what the member answered, "" before that'),
}

SECTIONS: Final[Mapping[str, Section]] = {
    "member": MEMBER,
    "msg": MESSAGE,
    "group": GROUP,
    "now": {PLAIN: Known("timestamp", "the instant of the event")},
    "lists": {WHATEVER: Known("list(string)", "a word list of the configuration, by its name")},
    "check_in": CHECK_IN,
    "event": EVENT,
    "tier": TIER,
    "warning": WARNING,
    "step": STEP,
}
"""Every section there is. What a place may use of them is told by its `Speaks(...)`."""
