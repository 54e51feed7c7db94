"""Whether an export is UTF-8. A bad byte must not lose a history; a file in another encoding is garbage as a whole."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Final

from core.errors import InputRefused

SEEN: Final = 1 << 21
"""Bytes of the beginning that are looked at."""
_BOMS: Final = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
_LETTERS: Final = re.compile(rb"[\x80-\xff]{2,}")
"""Letters in most encodings of Chinese; a lone byte is damage, or an accent of an old log."""


def refuse_other_than_utf8(path: Path) -> None:
    """Raises InputRefused for a file with another encoding's mark, or with more letters that are no UTF-8 than are."""
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
    """Where the first letter is that is no UTF-8, if most are none. The last one may be cut off."""
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
    return bad[0] if len(bad) > good else None


def _is_gb18030(seen: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("gb18030")().decode(seen)
    except UnicodeDecodeError:
        return False
    return True
