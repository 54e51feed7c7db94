"""Whether an export is UTF-8. A bad byte must not lose a history; a file in another encoding is garbage as a whole."""

from __future__ import annotations

import codecs
import re
from itertools import pairwise
from pathlib import Path
from typing import Final

from core.errors import InputRefused

SEEN: Final = 1 << 21
"""Bytes of the beginning that are looked at."""
MANY: Final = 6
"""Fewer runs of letters than these are damage, whatever they are."""
_MOST: Final = 4
"""How many bad runs there are to a good one where it is no mixture of encodings, which is read as far as it can be."""
_LINES: Final = 20
"""One of how many lines has them at least, where it is no damage here and there."""
_BOMS: Final = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
_LETTERS: Final = re.compile(rb"[\x80-\xff]{2,}")
"""Letters in most encodings of Chinese; a lone byte is damage, or an accent of an old log."""
_HAN: Final = re.compile("[\u3400-\u9fff]")
_COMMON: Final = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能子那得于着下自之年过发后作里"
    "好吗吧啊呢哈嗯今天明早晚打卡学习没想看很都去什么谢群加请小多还给真家点"
)
"""What every few words of Chinese have some of, and other encodings read as GBK hardly any."""


def refuse_other_than_utf8(path: Path) -> None:
    """Raises InputRefused for a file with another encoding's mark, or with hardly a letter that is UTF-8 and many that
    are not. What is no regular file can be read once only, and is not looked at."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        seen = file.read(SEEN)
    named = next((name for bom, name in _BOMS.items() if seen.startswith(bom)), "")
    if named:
        raise InputRefused(
            f"{path.name} is {named}, not UTF-8; save it as UTF-8 and try again.",
            f"{path.name} 是 {named}，不是 UTF-8；请另存为 UTF-8 再试。",
        )
    bad = _bad(seen)
    if bad is None:
        return
    line = seen.count(b"\n", 0, bad) + 1
    how = f"iconv -f gb18030 -t utf-8 {path.name}" if _is_gb18030(seen) else ""
    raise InputRefused(
        f"{path.name}:{line}: the byte 0x{seen[bad]:02X} is not UTF-8, nor is most of the text; save the file as UTF-8"
        + (f" (it looks like GBK: {how})." if how else "."),
        f"{path.name}:{line}：字节 0x{seen[bad]:02X} 不是 UTF-8，大部分文字都不是；请另存为 UTF-8"
        + (f"（看起来是 GBK：{how}）。" if how else "。"),
    )


def _bad(seen: bytes) -> int | None:
    """Where the first letter is that is no UTF-8, if nearly none is and it is no damage. The last may be cut off."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(seen)
    except UnicodeDecodeError:
        pass
    else:
        return None
    good, bad = 0, list[int]()
    for found in _LETTERS.finditer(seen):
        try:
            found[0].decode()
        except UnicodeDecodeError as error:
            if found.end() < len(seen) or len(seen) < SEEN:
                bad.append(found.start() + error.start)
        else:
            good += 1
    if len(bad) < MANY or len(bad) < good * _MOST:
        return None
    lines = 1 + sum(b"\n" in seen[one:other] for one, other in pairwise(bad))
    return bad[0] if lines * _LINES >= seen.count(b"\n") else None


def _is_gb18030(seen: bytes) -> bool:
    """Whether it reads as that, and mostly as Chinese that people write."""
    try:
        text = codecs.getincrementaldecoder("gb18030")().decode(seen)
    except UnicodeDecodeError:
        return False
    han = _HAN.findall(text)
    other = sum(letter.isalpha() and letter > "\x7f" for letter in text) - len(han)
    return len(han) > other and sum(letter in _COMMON for letter in han) * 6 > len(han)
