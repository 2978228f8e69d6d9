"""The few spellings in which bytes are compared: without separators, as words, as numbers, as dates.

The same functions make the needles and read the hay, so that the two cannot drift apart.
"""

import re
import unicodedata
from datetime import date

# Everything people put between the parts of a name, a number or a date; NUL is what UTF-16 puts there.
_SEPARATORS = b"\0 \t\r\n^=_-.,:;/()'\"+*#|~"
# The first letter is spelled out: where a pattern begins with one, `re` jumps from letter to letter.
_ALNUM_WORD = re.compile(rb"[0-9a-z\x80-\xff][0-9a-z\x80-\xff]+")
_LETTER_WORD = re.compile(rb"[a-z\x80-\xff][a-z\x80-\xff]+")
_OWN_UID = re.compile(rb"2\.25\.[0-9]{20,39}")
# A digit run that is no part of a decimal, of a UID or of a longer word such as a keyed token.
_DIGITS = re.compile(rb"[0-9](?<![0-9.a-z].)[0-9]{6,}(?![0-9a-z]|\.[0-9])")
_GROUPED_DIGITS = re.compile(rb"[0-9](?<![0-9.a-z].)[0-9]+(?:[ ()/-]{1,2}[0-9]{2,})+(?![0-9a-z]|\.[0-9])")
_CENTURIES = (1900, 2000)  # a year of two digits may mean either
_MONTHS = (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec")
_MONTH = rb"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_WRITTEN_DATE = re.compile(
    rb"(?<![0-9.])([0-9]{1,4})([-/. ])([0-9]{1,2})\2([0-9]{1,4})(?![0-9]|\.[0-9])"
    rb"|(?<![0-9])([0-9]{1,2})[-/. ,]{0,2}(" + _MONTH + rb")[-/. ,]{0,2}([0-9]{4})(?![0-9])"
    rb"|(" + _MONTH + rb")[-/. ,]{0,2}([0-9]{1,2})[-/. ,]{1,2}([0-9]{4})(?![0-9])"
    rb"|(?<![0-9])([0-9]{4})[-/. ,]{0,2}(" + _MONTH + rb")[-/. ,]{0,2}([0-9]{1,2})(?![0-9])"
)
# Without one of these no date is written: a cheap look spares most values the dear one.
_DATE_IN_DIGITS = re.compile(rb"[0-9][-/. ][0-9]{1,2}[-/. ][0-9]")
_DATE_IN_WORDS = re.compile(b"|".join(_MONTHS))

# Marks in UTF-8 that show nothing (joiners, directions, isolates), and spaces that are not ASCII.
_SHOWS_NOTHING = re.compile(rb"\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xa9]|\xef\xbb\xbf|\xc2\xad")
_SPACE = re.compile(rb"\xc2\xa0|\xe2\x80[\x80-\x8a\xaf]|\xe3\x80\x80")
_MARKS = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|\x1b[ -/]+[0-~]")
_WIDE_MARKS = (
    re.compile(rb"[\x0b-\x0f\x2a-\x2e\x60-\x69]\x20|\xff\xfe"),
    re.compile(rb"\x20[\x0b-\x0f\x2a-\x2e\x60-\x69]|\xfe\xff"),
)


def unmarked(raw: bytes) -> bytes:
    """`raw` without the marks of UTF-8 that show nothing, and with plain spaces."""
    return raw if raw.isascii() else _SPACE.sub(b" ", _SHOWS_NOTHING.sub(b"", raw))


def plain(text: str) -> str:
    """`text` without direction marks and leftover escape sequences (ISO 2022)."""
    return text if text.isascii() and "\x1b" not in text else _MARKS.sub("", text)


def canonical(text: str) -> str:
    """`text` in the one spelling that stands for all: no marks, compatibility composed, lower case."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain(text)).lower())


def canonical_views(lowered: bytes) -> set[bytes]:
    """Bytes as they stand, as `canonical` UTF-8, and without the marks of UTF-16."""
    if lowered.isascii() and not any(marks.search(lowered) for marks in _WIDE_MARKS):
        return {lowered}
    text = canonical(lowered.decode("utf-8", "surrogateescape"))
    return {
        lowered,
        text.encode("utf-8", "surrogateescape").lower(),
        *(marks.sub(b"", lowered) for marks in _WIDE_MARKS),
    }


def squeezed(raw: bytes) -> bytes:
    """`raw` in lower case with every separator taken out: RAJESH^KUMAR and R a j e s h - kumar look alike."""
    if not raw.isascii():
        raw = unmarked(raw)
    return raw.lower().translate(None, _SEPARATORS)


def without_own_uids(raw: bytes) -> bytes:
    """`raw` with each UUID-derived UID (2.25., 20 digits or more) blanked: its digits are random."""
    return _OWN_UID.sub(b"\0", raw)


def words(raw: bytes) -> set[bytes]:
    """The whole words of `raw` in lower case: letters with digits, and letters alone.

    A run of a to f beside digits is taken for a part of a hexadecimal token, not for a word.
    """
    lowered = unmarked(raw).lower()
    letters = {word for word in _LETTER_WORD.findall(lowered) if word.strip(b"abcdef")}
    return letters.union(_ALNUM_WORD.findall(lowered))


def whole_words(raw: bytes) -> set[bytes]:
    """The words of `raw` bounded by neither letter nor digit: for what could stand inside hexadecimal."""
    return set(_ALNUM_WORD.findall(unmarked(raw).lower()))


def digit_runs(raw: bytes) -> tuple[set[bytes], set[bytes]]:
    """(unbroken runs of seven digits or more, runs written in groups with the separators taken out)."""
    lowered = raw.lower()
    grouped = {re.sub(rb"[^0-9]", b"", run) for run in _GROUPED_DIGITS.findall(lowered)}
    return set(_DIGITS.findall(lowered)), {run for run in grouped if len(run) >= 7}


def day(year: int, month: int, day_of_month: int) -> int | None:
    """The ordinal of a plausible calendar date (1850 to 2199), or None."""
    if not 1850 <= year < 2200:
        return None
    try:
        return date(year, month, day_of_month).toordinal()
    except ValueError:
        return None


def compact_days(digits: bytes) -> set[int]:
    """The dates that eight digits, or the first eight of a DT, can mean: year first, or year last."""
    if len(digits) not in (8, 10, 12, 14):
        return set()
    text = digits[:8].decode("ascii")
    found = {day(int(text[:4]), int(text[4:6]), int(text[6:]))}
    if len(digits) == 8:
        year, one, two = int(text[4:]), int(text[:2]), int(text[2:4])
        found |= {day(year, two, one), day(year, one, two)}
    return {ordinal for ordinal in found if ordinal is not None}


def _numeric_days(first: bytes, middle: bytes, last: bytes) -> set[int | None]:
    if len(first) == 4:
        return {day(int(first), int(middle), int(last))}
    if len(last) == 4 and len(first) <= 2:
        return {day(int(last), int(middle), int(first)), day(int(last), int(first), int(middle))}
    if len(last) == 2 and len(first) <= 2:
        one, two, year = int(first), int(middle), int(last)
        return {day(century + year, *order) for century in _CENTURIES for order in ((two, one), (one, two))}
    return set()


def written_days(raw: bytes) -> set[int]:
    """The dates written out in `raw` with separators or a month's name, as ordinals."""
    lowered = raw.lower()
    if not (_DATE_IN_DIGITS.search(lowered) or _DATE_IN_WORDS.search(lowered)):
        return set()
    found: set[int | None] = set()
    for match in _WRITTEN_DATE.finditer(lowered):
        a = match.groups()
        if a[0]:
            found |= _numeric_days(a[0], a[2], a[3])
            continue
        parts = (a[4], a[5], a[6]) if a[4] else (a[8], a[7], a[9]) if a[7] else (a[12], a[11], a[10])
        found.add(day(int(parts[2]), _MONTHS.index(parts[1][:3]) + 1, int(parts[0])))
    return {ordinal for ordinal in found if ordinal is not None}


def days_in(raw: bytes) -> set[int]:
    """Every date in `raw`, compact or written out, as ordinals."""
    found = written_days(raw)
    for run in digit_runs(raw)[0]:
        found |= compact_days(run)
    return found
