"""Clean a description: the words of imaging stay, every other word goes.

A word stays when it is on the list in tables/descriptor_words.toml and is no word of this patient's own names
and identifiers (a patient may be called Hand). A number stays when it has at most three digits before the
point and a unit with it. Two words after a title go, whatever they mean. What is kept is joined by single
spaces.

Source: PS3.15 E.3.5 (clean descriptors): text over which a person has control is cleaned of identity.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from confrere.core.deidentify.character_sets import ascii_view
from confrere.core.dicom.attributes import decoded

# "w/o" and "C-" are words of their own: half of one would say the opposite.
_TOKEN = re.compile(r"[Ww]/[Oo](?![^\W_])|(?<![^\W_])[Cc][+-](?![^\W_])|[^\W_]+(?:\.[0-9][^\W_]*)*")
_MEASURE = re.compile(r"([0-9]{1,3})(?:\.[0-9]{1,3})?([a-z]*)")
_PIECES = re.compile(rb"[0-9A-Za-z]+")
_SEPARATORS = re.compile(rb"[\x00-\x20\x7f^=\\,;/()-]+")
_LONG_TEXT = frozenset({b"LT", b"ST", b"UT"})
_LONGEST = {b"SH": 16, b"LO": 64, b"ST": 1024, b"LT": 10240}
_NAME_WORDS = 2  # how many words after a title may be the name
_SHORTEST_OWN, _SHORTEST_RAW, _SHORTEST_GLUED = 3, 4, 6
_DATE = re.compile(rb"([0-9]{4})([0-9]{2})([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All in small letters."""

    words: frozenset[str]
    units: frozenset[str]
    titles: frozenset[str]


@cache
def vocabulary() -> Vocabulary:
    """The committed list, read once."""
    read = tomllib.loads(files("confrere.core.deidentify").joinpath("tables/descriptor_words.toml").read_text("utf-8"))
    units, titles = (frozenset(read.pop(name).split()) for name in ("units", "titles"))
    words = frozenset(word.lower() for text in read.values() for word in text.split())
    return Vocabulary(words, units, titles)


def cleaned_value(vr: bytes, raw: bytes, terms: tuple[str, ...], taboo: frozenset[bytes]) -> bytes:
    """What may stay of the text `raw`, empty when nothing may; `terms` is its character set.

    `taboo` are words, in small letters, that go even where the list has them.
    """
    text = ascii_view(raw, terms)
    if text is None:
        return b""
    longest = _LONGEST.get(vr, 1 << 16)
    if vr in _LONG_TEXT:
        return _cut(cleaned(text, taboo), longest).encode("ascii")
    kept = [_cut(cleaned(part, taboo), longest).encode("ascii") for part in text.split("\\")]
    return b"\\".join(kept) if any(kept) else b""


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest + 1].rpartition(" ")[0]


def cleaned(text: str, taboo: frozenset[bytes]) -> str:
    """The words and measures of `text` that may stay, joined by single spaces."""
    found = _TOKEN.findall(text)
    known = vocabulary()
    kept, at = [], 0
    while at < len(found):
        word = found[at].lower()
        if word in known.titles:
            at += 1 + _NAME_WORDS
            continue
        following = found[at + 1].lower() if at + 1 < len(found) else ""
        taken = 0
        if word in known.words:
            taken = 1
        elif measure := _MEASURE.fullmatch(word):
            taken = 1 if measure[2] in known.units else 2 if not measure[2] and following in known.units else 0
        if taken and all(_allowed(each, taboo) for each in found[at : at + taken]):
            kept += found[at : at + taken]
        at += taken or 1
    return " ".join(kept)


def _allowed(token: str, taboo: frozenset[bytes]) -> bool:
    pieces = {token.lower().encode("ascii"), *_PIECES.findall(token.lower().encode("ascii"))}
    return not pieces & taboo


def own_words(raw: bytes) -> set[bytes]:
    """The words of a name or an identifier, in small letters; its parts that are not ASCII, as written and plain.

    Plain is without accents and widths, as people write a foreign name where the keyboard has only ASCII.
    """
    found = set(_PIECES.findall(raw.lower()))
    if not raw.isascii():
        found |= {part for part in _SEPARATORS.split(raw) if len(part) >= _SHORTEST_RAW and not part.isascii()}
        plain = unicodedata.normalize("NFKD", decoded(raw)).encode("ascii", "ignore")
        found |= set(_PIECES.findall(plain.lower()))
    return found


def own_number(raw: bytes) -> set[bytes]:
    """An identifier as one word, in small letters, whatever stands between its parts; nothing for a short one."""
    whole = _glued(raw)
    return {whole} if len(whole) >= _SHORTEST_GLUED else set()


def own_date(raw: bytes) -> set[bytes]:
    """A date of VR DA in the three orders in which people write one, without what stands between its parts."""
    found = _DATE.fullmatch(raw.strip(b"\0 "))
    if found is None:
        return set()
    year, month, day = found.groups()
    return {year + month + day, day + month + year, month + day + year}


def tells_own(raw: bytes, own: frozenset[bytes]) -> bool:
    """True when `raw` has one of the words `own` in it, or a longer one of them split or run together with others."""
    if holds_own(raw, own):
        return True
    glued = _glued(raw)
    return any(len(word) >= _SHORTEST_GLUED and word in glued for word in own)


def _glued(raw: bytes) -> bytes:
    return b"".join(_PIECES.findall(raw.lower()))


def holds_own(raw: bytes, own: frozenset[bytes]) -> bool:
    """True when `raw` has one of the words `own` in it; single letters, pairs and short numbers do not count."""
    for word in own.intersection(_PIECES.findall(raw.lower())):
        if len(word) > _SHORTEST_OWN or (len(word) == _SHORTEST_OWN and word.isalpha()):
            return True
    return any(part in raw for part in own if not part.isascii())
