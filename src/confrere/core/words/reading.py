"""A text as it is searched: plain letters and digits, nothing invisible, and the way back to the text as given.

Compatibility forms (full-width, mathematical letters), digits of every script, accents and letters that only look
Latin are folded one for one; characters that are not seen are left out. What is told are offsets of the original.
Source: Unicode Standard Annex 15 (NFKC) and Technical Standard 39 (confusables; a short table of our own).
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

# Letters of Greek, Cyrillic and Armenian that look like Latin ones, and signs that look like a hyphen or a stroke.
_LOOKS = {
    mark: letter
    for marks, letters in (
        ("АВЕЅІЈКМНОРСТУХЗ", "ABESIJKMHOPCTYX3"),
        ("аеѕіјкморстухвнӏԁԛԝһ", "aesijkmopctyxbhldqwh"),
        ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
        ("αεικνορτυχ", "aeiknoptux"),
        ("օոսցհɡıℓ", "onuchgil"),
        ("‐‑‒–—―−﹣－", "---------"),
        ("·•∙", "..."),
        ("⁄∕", "//"),
        ("：٪", ":%"),
        ("’‘ʼ′`´", "''''''"),
    )
    for mark, letter in zip(marks, letters, strict=True)
}
_KEEP = frozenset("\n\t")
_BREAKS = frozenset("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


@dataclass(frozen=True, slots=True)
class Reading:
    """`plain` is what is searched; `starts` and `origins` say where in the original each stretch of it begins."""

    plain: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    length: int

    def origin(self, offset: int) -> int:
        """Where in the original the character at `offset` of the plain text stands."""
        if not self.starts:
            return offset
        at = bisect_right(self.starts, offset) - 1
        return min(self.origins[at] + offset - self.starts[at], self.length)

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that was read as `plain[start:end]`."""
        return self.origin(start), self.origin(end - 1) + 1


@lru_cache(maxsize=4096)
def folded(character: str) -> str:
    """What a character is read as: none, one or several characters of plain text."""
    category = unicodedata.category(character)
    if character in _KEEP:
        return character
    if character in _BREAKS:
        return "\n"
    if category in ("Cf", "Cc", "Cs", "Co") or "\ufe00" <= character <= "\ufe0f" or "\u0300" <= character <= "\u036f":
        return ""
    if "\u064b" <= character <= "\u065f" or character in "\u0640\u0670":
        return ""  # marks and the stretching stroke of Arabic script
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Zs":
        return " "
    if character in _LOOKS:
        return _LOOKS[character]
    if "\u0900" <= character <= "\u0dff":
        return character
    simple = unicodedata.normalize("NFKD", character)
    bare = "".join(one for one in simple if not unicodedata.combining(one)) or character
    return "".join(_LOOKS.get(one, one) for one in bare)


def read(text: str) -> Reading:
    """The reading of a text; an ASCII text without control characters is its own."""
    odd = {one for one in set(text) if not ("\x20" <= one <= "\x7e" or one in _KEEP)}
    table = {one: folded(one) for one in odd}
    changed = text.translate({ord(one): into for one, into in table.items() if len(into) == 1})
    uneven = [one for one, into in table.items() if len(into) != 1]
    if not uneven:
        return Reading(changed, (), (), len(text))
    return _moved(changed, table, re.compile(f"[{re.escape(''.join(uneven))}]+"))


def _moved(text: str, table: dict[str, str], uneven: re.Pattern[str]) -> Reading:
    pieces: list[str] = []
    starts, origins = [0], [0]
    at = before = 0
    for match in uneven.finditer(text):
        pieces.append(text[before : match.start()])
        at += match.start() - before
        for place, character in enumerate(match.group(), match.start()):
            into = table[character]
            for letter in into:
                starts.append(at)
                origins.append(place)
                pieces.append(letter)
                at += 1
        before = match.end()
        starts.append(at)
        origins.append(before)
    pieces.append(text[before:])
    return Reading("".join(pieces), tuple(starts), tuple(origins), len(text))
