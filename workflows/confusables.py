"""Letters that look like Latin ones: from the look-alike to the lower-case Latin letter that it imitates.

Chosen by eye for what spam in chats uses: Cyrillic, Greek, Armenian, small capitals, letters in dark boxes. Letters
that resemble each other only in some fonts are left out: a false alarm costs more than a miss. Compatibility forms
(full-width, mathematical, circled) are folded by NFKC and accents fall off by themselves; neither needs a line here.
Greek capitals follow their own shape (capital nu is an n, small nu a v), so they are looked up before case is folded.
"""

from __future__ import annotations

from typing import Final

_LOOK_ALIKES: Final = {
    "a": "аАαΑɑᴀ",
    "b": "вВΒβʙЬьƄɓ",
    "c": "сСϲϹᴄ",
    "d": "ԁԀᴅɖɗ",
    "e": "еЕΕεєЄҽᴇɛ℮",
    "f": "ꜰƒϝ",
    "g": "ɡɢԍ",
    "h": "һҺнНΗʜհɦ",
    "i": "іІιΙɩıɪ",
    "j": "јЈϳʝᴊȷ",
    "k": "кКκΚқҚᴋ",
    "l": "ӏӀʟǀɫ",
    "m": "мМΜᴍ",
    "n": "ΝηɴոռпПɲ",
    "o": "оОοΟօՕσᴏ",
    "p": "рРρΡᴘ",
    "q": "ԛԚգ",
    "r": "ʀɾ",
    "s": "ѕЅꜱՏʂ",
    "t": "тТτΤᴛ",
    "u": "υսՍᴜʊ",
    "v": "νѵѴᴠʋ",
    "w": "ԝԜѡѠωᴡ",
    "x": "хХχΧ",
    "y": "уУүҮΥγʏ",
    "z": "ΖᴢʐƵ",
}
_BOXED: Final = (0x1F150, 0x1F170)
"""Where the 26 letters in dark circles and dark boxes begin; NFKC leaves them as they are."""

LATIN: Final[dict[str, str]] = {
    **{look_alike: letter for letter, look_alikes in _LOOK_ALIKES.items() for look_alike in look_alikes},
    **{chr(first + n): chr(ord("a") + n) for first in _BOXED for n in range(26)},
}
