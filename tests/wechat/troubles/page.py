"""docs/wechat-troubles.md and its Chinese twin, made of what was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final, Literal

from tests.wechat.troubles.scenes import Seen
from tests.wechat.troubles.table import TROUBLES, Both, Trouble

Language = Literal["en", "zh"]
ROOT: Final = Path(__file__).parents[3]
PAGES: Final[Mapping[Language, str]] = {"en": "docs/wechat-troubles.md", "zh": "docs/wechat-troubles.zh.md"}

_HEAD: Final = Both(
    """\
# When a WeChat gateway fails

[中文](wechat-troubles.zh.md) · [Connecting WeChat](wechat.md)

Everything below was done to Wechaty's own puppet server (`wechaty-puppet-service` 1.19.9 in a process of its own, with
a scripted account behind it) while the assistant was connected, at its usual timings. The times are seconds on a
machine with two cores that had other work to do. `python -m tests.wechat` does it all again and writes this page anew;
tests play the same scenes a hundred times faster and fail when something else is seen.

- **told** is what the operator hears, in order: `Disconnected` with its reason (the log, and the gap that is recorded
  from there to the next `Connected`), `StillAway` when the reason changes, `TakenOver`.
- **noticed** counts from the fault to the first word about it, **again** from the mend to being connected. Where
  something was done several times: the shortest, the middle and the longest.
- **heard** counts the messages that were written while the assistant was connected, and those of them that arrived,
  each once. What is written while nobody is connected is lost: a gateway keeps nothing.
- **said** is what became of words that were to be said meanwhile: `Later` waits, `Unsure` was on its way and nobody
  knows.

| what happens | what the assistant does | told | noticed | again | heard | said |
|---|---|---|---|---|---|---|
""",
    """\
# 微信网关出毛病时

[English](wechat-troubles.md) · [接入微信](wechat.zh.md)

下面每一行都是在助手连着网关、按平常的时间设置运行时，对 Wechaty 官方的 puppet 服务（`wechaty-puppet-service` 1.19.9，
单独的进程，背后是一个照剧本演的账号）真实做过的。时间以秒计，机器是双核，同时还有别的活。`python -m tests.wechat`
会全部重做一遍并重写本页；测试用快一百倍的设置演同样的场景，看到的若不一样就失败。

- **通知**是运维依次看到的：`Disconnected` 和原因（写日志，并从这里到下一次 `Connected` 记为一段空缺）、原因变了时的
  `StillAway`、`TakenOver`。
- **发现**是从出事到第一次通知，**恢复**是从修好到重新连上。做了多次的，写最短、中间、最长。
- **听到**是助手连着时群里写了几条，其中到了几条，每条一次。没人连着时写的就丢了：网关什么都不存。
- **要说的**是这期间要发的话的下场：`Later` 等着，`Unsure` 正在路上、谁也不知道成没成。

| 发生了什么 | 助手怎么做 | 通知 | 发现 | 恢复 | 听到 | 要说的 |
|---|---|---|---|---|---|---|
""",
)


def page(seen: Mapping[str, Seen], language: Language, old: Sequence[str] = ()) -> str:
    """The whole page. Troubles that were not seen now keep their `old` lines."""
    lines = [line(one, seen[one.key], language) if one.key in seen else old[at] for at, one in enumerate(TROUBLES)]
    return _in(_HEAD, language) + "".join(f"{each}\n" for each in lines)


def line(trouble: Trouble, seen: Seen, language: Language) -> str:
    """One line of the table."""
    cells = (
        _in(trouble.what, language),
        _in(trouble.does, language),
        ", ".join(f"`{state}`" for state in dict.fromkeys(seen.told)) or "–",
        _spans(seen.noticed),
        _spans(seen.again),
        f"{seen.heard} / {seen.posted}" if seen.posted else "–",
        ", ".join(f"`{answer}`" for answer in seen.answers) or "–",
    )
    return "| " + " | ".join(cells) + " |"


def _spans(seconds: Sequence[float]) -> str:
    if not seconds:
        return "–"
    if len(seconds) == 1:
        return f"{seconds[0]:.1f}"
    return f"{min(seconds):.1f} / {median(seconds):.1f} / {max(seconds):.1f}"


def _in(both: Both, language: Language) -> str:
    return both.en if language == "en" else both.zh
