"""Which time zone was meant: people write cities, countries and offsets, and the tz database knows places only.

An offset is no place: its clock knows no summer time, and `Etc/GMT+8` is eight hours behind. One alone is told from
all others: in +8 hours lie mostly those who write Chinese.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from functools import cache
from typing import Final
from zoneinfo import available_timezones

_CHINA: Final = (
    "china prc cst beijing peking guangzhou shenzhen hangzhou chengdu nanjing wuhan xian tianjin suzhou xiamen "
    "中国 中华人民共和国 北京 上海 广州 深圳 杭州 成都 南京 武汉 西安 天津 苏州 厦门 重庆 东八区 东8区"
)
_PLACES: Final = {
    **dict.fromkeys(_CHINA.split(), "Asia/Shanghai"),
    **dict.fromkeys(("香港", "hongkong"), "Asia/Hong_Kong"),
    **dict.fromkeys(("澳门", "macao"), "Asia/Macau"),
    **dict.fromkeys(("台北", "台湾", "taiwan"), "Asia/Taipei"),
    **dict.fromkeys(("新加坡",), "Asia/Singapore"),
    **dict.fromkeys(("东京", "日本", "japan"), "Asia/Tokyo"),
}
_SAYS_NOTHING: Final = re.compile(r"(?:china)?(?:standard)?time|标准时间|时间|时区|市")
_OFFSET: Final = re.compile(r"(?:utc|gmt|etc/gmt|etc/utc)?([+\-−–]?)(\d{1,2})(?::?(\d\d))?(?:小时|h)?")


def meant(written: object) -> str:
    """The zone that was probably meant, in backticks, or nothing."""
    folded = unicodedata.normalize("NFKC", str(written)).casefold().replace(" ", "")
    offset = _OFFSET.fullmatch(folded)
    if offset is not None:
        east = offset[1] != "-" and int(offset[2]) == 8 and int(offset[3] or 0) == 0
        return "`Asia/Shanghai`" if east else ""
    whole = _PLACES.get(folded) or ("Asia/Shanghai" if folded == "chinastandardtime" else "")
    city = _letters(_SAYS_NOTHING.sub("", folded.rpartition("/")[2]))
    found = whole or _PLACES.get(city) or _cities().get(city) or _alike(folded)
    return f"`{found}`" if found else ""


def _letters(name: str) -> str:
    return re.sub(r"[_\-'’]", "", name)


@cache
def known() -> frozenset[str]:
    """All zones of the tz database. Six hundred files are looked into for it: a third of the time in which a small home
    is read."""
    return frozenset(available_timezones())


@cache
def _cities() -> dict[str, str]:
    """Zones by their city alone: `tokyo` is Asia/Tokyo."""
    return {_letters(name.rpartition("/")[2].casefold()): name for name in sorted(_named())}


def _named() -> list[str]:
    """The zones that are named after a place, and UTC."""
    return [name for name in known() if name == "UTC" or ("/" in name and not name.startswith("Etc/"))]


def _alike(folded: str) -> str:
    names = {name.casefold(): name for name in _named()}
    close = difflib.get_close_matches(folded, names, n=1, cutoff=0.6)
    return names[close[0]] if close else ""
