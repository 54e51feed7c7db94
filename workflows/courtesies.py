"""What people say to be polite."""

from __future__ import annotations

from typing import Final

POLITE: Final = frozenset(
    (
        "谢谢", "谢谢你", "谢谢您", "多谢", "感谢", "谢啦", "谢谢啦", "谢了", "谢谢哈", "好", "好的", "好吧",
        "好滴", "好哒", "好嘞", "好呀", "行", "没事", "没事了", "不用了", "收到", "嗯", "嗯嗯", "哦", "知道了",
        "明白", "明白了", "辛苦了", "再见", "拜拜", "晚安",
        "thanks", "thank you", "thx", "ty", "ok", "okay", "got it", "fine", "great", "cool", "bye", "good night",
    )
)  # fmt: skip
"""Alone in a message it wants no answer, and is none."""
