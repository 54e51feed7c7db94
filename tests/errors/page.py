"""The table as pages: docs/telegram-errors.md and its Chinese twin, made of what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from core.delivery import State
from tests.errors.table import FAMILIES
from tests.errors.trouble import Both, Seen, Trouble

ROOT: Final = Path(__file__).parents[2]
PAGES: Final[Mapping[Language, str]] = {"en": "docs/telegram-errors.md", "zh": "docs/telegram-errors.zh.md"}
Language = Literal["en", "zh"]
_HEAD: Final = Both(
    """\
# When Telegram says no

[中文](telegram-errors.zh.md) · [Serving Telegram groups](telegram.md)

Everything that can go wrong between the assistant and Telegram, as far as it is known, and what comes of it. Each
line was provoked on a running assistant over a test server. Telegram's words, what is in bold, who is told and the
copies are what was seen; a test fails when they no longer are (`python -m tests.errors` writes this page anew). The
sentences beside them are written by hand; that a group is asked again every hour is tested with the courier.

How to read it:

- **Telegram's words** are the HTTP code and the description of the Bot API. In brackets: what happened instead of an
  answer.
- In bold stands what became of it in the outbox. **done**; **something else instead**; **left out**: nothing was left
  to do; **parked**: it waits until the assistant may speak there; **waiting**: it is on its way; **refused for good**:
  it was given up, and is in the log; **unsure**: nobody knows, and it is not tried again.
- **Copies** counts how often members could read what was to be said. Of a message there are never more than two, of a
  digest never more than one. A dash: nothing was to be said.
- The admins are told in their desk group if the community has one, else in private.
""",
    """\
# 当 Telegram 说不

[English](telegram-errors.md) · [连接 Telegram 群](telegram.zh.md)

助手和 Telegram 之间已知会出的各种差错，以及结果如何。每一行都在运行中的助手上用测试服务器真实触发过。
Telegram 的原话、粗体、告诉谁、份数都是当时看到的，一旦不符测试就会失败（`python -m tests.errors` 会重写本页）。
旁边的句子是人写的；“每小时试一次”由信使的测试另行验证。

怎么读：

- **Telegram 的原话**是 HTTP 状态码加 Bot API 的说明。括号里是没有回答时发生的事。
- 粗体是发件箱里这件事的下场。**完成**；**由别的代替**；**略过**：已无事可做；**存着**：等助手能在那里说话；
  **等待中**：还会发；**被拒作废**：不再尝试，记入日志；**不明**：谁也不知道成没成，不再尝试。
- **份数**是成员能看到几遍。一条消息绝不超过两遍，摘要绝不超过一遍。横线：本来就不说话。
- 社群设了管理群就告诉管理群，否则私聊告诉管理员。
""",
)
_COLUMNS: Final = Both(
    "| what happens | Telegram's words | what the assistant does | who is told | copies |\n|---|---|---|---|---|",
    "| 发生了什么 | Telegram 的原话 | 助手怎么做 | 告诉谁 | 份数 |\n|---|---|---|---|---|",
)
_STATES: Final = {
    State.DONE: Both("done", "完成"),
    State.DROPPED: Both("left out", "略过"),
    State.PARKED: Both("parked", "存着"),
    State.WAITING: Both("waiting", "等待中"),
    State.SENDING: Both("waiting", "等待中"),
    State.DEAD: Both("refused for good", "被拒作废"),
    State.UNSURE: Both("unsure", "不明"),
}
_REPLACED: Final = Both("something else instead", "由别的代替")
_NOBODY: Final = Both("nobody", "不告诉任何人")


def line(trouble: Trouble, found: Seen, language: Language) -> str:
    """One line of the table."""
    cells = (
        _in(trouble.what, language),
        _words(trouble, found, language),
        _deed(trouble, found, language),
        _told(trouble, language),
        "–" if found.copies is None else str(found.copies),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def page(all_found: Mapping[str, Mapping[str, Seen]], language: Language) -> str:
    """The whole page, of all families."""
    parts = [_in(_HEAD, language)]
    for name, family in FAMILIES.items():
        lines = [line(trouble, all_found[name][trouble.key], language) for trouble in family.troubles]
        parts.append(f"## {_in(family.title, language)}\n\n{_in(_COLUMNS, language)}\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def _words(trouble: Trouble, found: Seen, language: Language) -> str:
    if found.words:
        return "<br>".join(f"`{words}`" for words in found.words)
    assert trouble.silent is not None, f"{trouble.key}: Telegram said nothing"
    return _in(trouble.silent, language)


def _deed(trouble: Trouble, found: Seen, language: Language) -> str:
    does = _in(trouble.does, language)
    if found.state is None:
        return does
    ended = _in(_REPLACED if found.replaced else _STATES[found.state], language)
    if trouble.timed and (found.attempts > 1 or found.seconds >= 1):
        seconds = round(found.seconds * 2) / 2
        after = Both(f"attempt {found.attempts}, after {seconds:g} s", f"第 {found.attempts} 次，{seconds:g} 秒后")
        ended += Both(" (", "（")[language == "zh"] + _in(after, language) + Both(")", "）")[language == "zh"]
    return f"{does}. **{ended}**" if language == "en" else f"{does}。**{ended}**"


def _told(trouble: Trouble, language: Language) -> str:
    means = [_in(told.means, language) for told in trouble.told]
    kept = [text for text in dict.fromkeys(means) if text]
    return ("; " if language == "en" else "；").join(kept) or _in(_NOBODY, language)


def _in(both: Both, language: Language) -> str:
    return both.en if language == "en" else both.zh
