"""Which hosts the links of a message lead to, as a browser would see it.

With a scheme (`https://…`) or `www.` anything counts. Without one, names with a common ending (`evil.com`) and names
that go on (`evil.me/x`, `evil.me:80`) count; file names and e-mail addresses do not. Hosts come in lower case, in
ASCII (`xn--…`), without `www.`, port and final dot. A host is compared whole: `github.com.evil.example` is not
`github.com`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address
from typing import Final
from urllib.parse import unquote

LONGEST_READ: Final = 8192
MOST_HOSTS: Final = 100
_DOTS: Final = re.compile(r"(?<=[a-z0-9\-])[。｡](?=[a-z0-9])")
_WITH_SCHEME: Final = re.compile(
    r"(?<![a-z0-9+.\-])(?:[a-z][a-z0-9+.\-]{1,30}:[/\\]{2,}|https?:[/\\]*)(?=([^\s/?#\\<>\"]{1,512}))"
)
_SCHEME: Final = re.compile(r"(?:[a-z][a-z0-9+.\-]{1,30}:)?[/\\]{2,}|https?:[/\\]*")
_BARE: Final = re.compile(
    r"(?<![a-z0-9@._\-/\\:%])((?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+([a-z][a-z0-9\-]{1,24}))(?:(:\d{1,5}|[/?#])|(?![@\w]|\.[a-z0-9]))",
    re.ASCII,
)
_ASCII_HOST: Final = re.compile(r"((?:[a-z0-9_\-]+\.)+[a-z][a-z0-9\-]+)(?::\d+)?(?=[^\x00-\x7f])")
_WWW: Final = re.compile(r"(?<![a-z0-9@._\-/\\:%])(?=www\.([^\s/?#\\<>\"]{1,512}))")
_LEADS_ON: Final = re.compile(r"\.[a-z]{2}", re.ASCII)
_COMMON_NAMES: Final = """
com net org edu gov info biz mobi asia io co app dev xyz top vip club site online shop store icu link click win bet bid
loan ltd wang ren tech website casino poker finance cn hk tw jp kr ru uk de fr us eu tv cc ua kz br mx vn th sg ph tr ir
pw ws gg ly lol monster cyou cfd sbs buzz
"""
_FILE_ENDINGS: Final = """
py md rs sh pl ps zip mov js ts jsx tsx json yaml yml toml txt csv html css xml log c h cpp hpp go java kt rb php sql
ini cfg conf exe dll so jar pdf doc docx xls xlsx ppt pptx png jpg jpeg gif webp svg mp3 mp4 wav avi gz tar bak lock
"""
_COMMON: Final = frozenset(_COMMON_NAMES.split())
"""Domains that make a name without a scheme a link. Left out: those that are also common words or file endings."""
_FILES: Final = frozenset(_FILE_ENDINGS.split())


_STRANGE: Final = re.compile(
    "[^\t\n -~、。《》「」『』【】〈〉，！？；：（）～“”‘’—…·¥￥\u4e00-\u9fff"
    "\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001f9ff]"
)
"""A character whose folding is not known at a glance, see `may_lead`."""
_HINT: Final = re.compile(
    r"[.。:：](?:(?<=[a-zA-Z0-9][.。])[a-zA-Z]|(?<=[:：])[/\\]{2}|(?<=(?i:http)[:：])|(?<=(?i:https)[:：])|(?<=(?i:www)\.))"
)
"""Every host that `domains_of` finds has one of these: a dot between two labels, the start of a scheme, `www.`."""


def may_lead(text: str) -> bool:
    """Whether a text may hold a link. False is certain and cheap; most texts without links are told so."""
    return hints(text) or (not text.isascii() and _STRANGE.search(text) is not None)


def hints(folded: str) -> bool:
    """The same for a text as word lists see it (`patterns.normalized`); there only voicing marks are strange."""
    if "." not in folded and ":" not in folded and "。" not in folded and "：" not in folded:
        return False
    return _HINT.search(folded) is not None or "\u3099" in folded or "\u309a" in folded


def domains_of(text: str, links: Iterable[str] = ()) -> tuple[str, ...]:
    """The hosts of the links that the platform told of and of those written in the text, each once, in order."""
    found: dict[str, None] = {}
    for link in links:
        if host := host_of(link):
            found[host] = None
    if text and may_lead(text):
        for host in _in_text(text[:LONGEST_READ]):
            found[host] = None
            if len(found) >= MOST_HOSTS:
                break
    return tuple(found)


def host_of(link: str) -> str:
    """The host that a link leads to; empty if it has none (`mailto:`, `tg://resolve`)."""
    address = _spelled(link[:LONGEST_READ]).strip()
    scheme = _SCHEME.match(address)
    if scheme is None and re.match(r"[a-z][a-z0-9+\-]*:(?!\d)", address):
        return ""
    rest = address[scheme.end() :] if scheme is not None else address
    return _host(re.split(r"[\s/?#\\<>\"]", rest, maxsplit=1)[0], whole=True)


def _in_text(text: str) -> Iterable[str]:
    spelled = _spelled(text)
    if "." not in spelled and "://" not in spelled:
        return
    for link in _WITH_SCHEME.finditer(spelled):
        if host := _host(link[1], whole=False):
            yield host
    if not spelled.isascii():
        for link in _WWW.finditer(spelled):
            if host := _host(link[1], whole=False):
                yield host
    for name in _BARE.finditer(spelled):
        host, domain, more = name[1], name[2], name[3]
        known = domain in _COMMON or domain.startswith("xn--") or host.startswith("www.")
        if known or (more is not None and more != "?" and domain not in _FILES):
            yield _bare(host)


def _spelled(text: str) -> str:
    """In one spelling: full-width forms and full-width dots folded, hidden characters gone, lower case."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).lower()
    folded = "".join(char for char in folded if char.isascii() or unicodedata.category(char) not in ("Cf", "Mn", "Cs"))
    return _DOTS.sub(".", folded)


def _host(authority: str, *, whole: bool) -> str:
    """The host in what stands between the slashes: without user name and port. `whole` knows that no text follows."""
    authority = unquote(authority, errors="ignore").lower().rpartition("@")[2]
    if authority.startswith("["):
        return _ipv6(authority[1:].partition("]")[0])
    authority = _SCHEME.sub("", authority, count=1) if _SCHEME.match(authority) else authority
    authority = authority.replace("。", ".") if whole else authority
    written = _ASCII_HOST.match(authority)
    if written is not None and not whole and not _LEADS_ON.search(authority[written.end() :]):
        return _bare(written[1])
    host = re.split(r"[:,;!'()*<>|，。！？；：、（）【】《》「」『』“”‘’…]", authority, maxsplit=1)[0].strip(".")
    if host.isascii():
        return _ascii(host)
    return _bare(".".join(_punycode(label) for label in host.split("."))) if "." in host else ""


def _ascii(host: str) -> str:
    if host.isdecimal() and len(host) > 3:
        return str(IPv4Address(int(host))) if int(host) < 1 << 32 else ""
    return _bare(host) if "." in host and re.fullmatch(r"[a-z0-9_\-.]+", host) else ""


def _ipv6(written: str) -> str:
    try:
        return str(IPv6Address(written.partition("%")[0]))
    except ValueError:
        return ""


def _bare(host: str) -> str:
    host = host.strip(".")
    return host.removeprefix("www.") if host.count(".") > 1 else host


def _punycode(label: str) -> str:
    if label.isascii():
        return label
    return "xn--" + label.encode("punycode", "ignore").decode("ascii").lower()
