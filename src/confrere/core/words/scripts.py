"""Keys of sound: one spelling of a name stands for its spellings in nine Indian scripts.

The Brahmic blocks of Unicode are laid out alike, so one table by offset reads all of them. The key is coarse: voiced,
voiceless and aspirated sounds fall together, as Tamil writes them, and the vowel a is left out.
Source: The Unicode Standard, chapter 12 (South and Central Asia I).
"""

import re
from functools import lru_cache

BRAHMIC = re.compile(r"[\u0900-\u0963\u0971-\u0d7f]+")
"""A word of an Indian script (the danda ends it; digits have been read as ASCII ones)."""
ARABIC = re.compile(r"[\u0621-\u063a\u0641-\u064a\u066e-\u06d3\u06fa-\u06ff]+")

_VOWELS = {
    **dict.fromkeys((0x07, 0x08, 0x0D, 0x0E, 0x0F, 0x10, 0x3F, 0x40, 0x45, 0x46, 0x47, 0x48), "I"),
    **dict.fromkeys((0x09, 0x0A, 0x11, 0x12, 0x13, 0x14, 0x41, 0x42, 0x49, 0x4A, 0x4B, 0x4C), "U"),
    **dict.fromkeys((0x0B, 0x43), "RI"),
}
_CONSONANTS = {
    **dict.fromkeys((0x15, 0x16, 0x17, 0x18, 0x58, 0x59, 0x5A), "K"),
    **dict.fromkeys((0x19, 0x1E, 0x23, 0x28, 0x29), "N"),
    **dict.fromkeys((0x1A, 0x1B, 0x36, 0x37, 0x38), "S"),
    **dict.fromkeys((0x1C, 0x1D, 0x5B), "J"),
    **dict.fromkeys((*range(0x1F, 0x23), *range(0x24, 0x28), 0x5C, 0x5D, 0x4E), "T"),
    **dict.fromkeys((*range(0x2A, 0x2E), 0x35, 0x5E), "P"),
    0x2E: "M",
    0x2F: "Y",
    0x5F: "Y",
    **dict.fromkeys((0x30, 0x31), "R"),
    **dict.fromkeys((0x32, 0x33, 0x34), "L"),
    0x39: "H",
}
_CHILLU = {0xD7A: "N", 0xD7B: "N", 0xD7C: "R", 0xD7D: "L", 0xD7E: "L", 0xD7F: "K"}
_NASALS = (0x01, 0x02, 0x70)
_LATIN = re.compile(r"chh?|sh|th|dh|kh|gh|jh|ph|bh|zh|ng(?=[kg])|ck|ee|oo|ai|ay|au|ou|[a-z]")
_OF_LATIN = {
    **dict.fromkeys(("ch", "chh", "sh", "s"), "S"),
    **dict.fromkeys(("j", "jh", "z"), "J"),
    **dict.fromkeys(("k", "kh", "g", "gh", "q", "c", "ck"), "K"),
    **dict.fromkeys(("t", "th", "d", "dh"), "T"),
    **dict.fromkeys(("p", "ph", "b", "bh", "f", "v", "w"), "P"),
    **dict.fromkeys(("i", "ee", "e", "ai", "ay"), "I"),
    **dict.fromkeys(("u", "oo", "o", "au", "ou"), "U"),
    **dict.fromkeys(("n", "ng"), "N"),
    "m": "M",
    "r": "R",
    "l": "L",
    "zh": "L",
    "y": "Y",
    "h": "H",
    "x": "KS",
    "a": "",
}


def _settled(key: str) -> str:
    key = re.sub(r"(.)\1+", r"\1", key)
    key = re.sub(r"(?<=.)H", "", key)
    key = re.sub(r"YI?", "I", key).replace("NP", "MP")
    return re.sub(r"(.)\1+", r"\1", key)


@lru_cache(maxsize=65536)
def brahmic_key(word: str) -> str:
    """The key of a word of a Brahmic script."""
    parts: list[str] = []
    for place, character in enumerate(word, 1):
        code = ord(character)
        offset = code & 0x7F
        if code in _CHILLU:
            parts.append(_CHILLU[code])
        elif offset in _NASALS:
            # At the end of a word it is m in the south, and a mere colour of the vowel in the north.
            parts.append("N" if place < len(word) else "M" if code > 0x0C00 else "")
        elif offset == 0x39 and place > 1:
            continue
        else:
            parts.append(_CONSONANTS.get(offset, "") or _VOWELS.get(offset, ""))
    return _settled("".join(parts))


@lru_cache(maxsize=65536)
def latin_keys(word: str) -> tuple[str, ...]:
    """The keys of a name in small Latin letters: as it is spelled, and with its e and o read as the a of speech."""
    pieces = _LATIN.findall(word)
    pieces = [piece for at, piece in enumerate(pieces) if piece != "h" or not at]
    one = _settled("".join(_OF_LATIN[piece] for piece in pieces))
    other = _settled("".join("" if piece == "e" and at else _OF_LATIN[piece] for at, piece in enumerate(pieces)))
    return (one,) if one == other else (one, other)
