"""Values by VR: do these bytes look like what they claim, what stands in for them, how a date moves.

A value that does not fit its VR is never kept: a wrong length can make an element swallow its neighbour.

Source: PS3.5 table 6.2-1 (value representations); PS3.15 E.1 (dummy values), E.3.6 (modified dates).
"""

import re
from datetime import date, timedelta

from confrere.core.dicom.dictionary import VALUE_SIZE, most_values

_CONTROLS = re.compile(rb"[\x00-\x1a\x1c-\x1f\x7f]")  # escape (1b) switches character sets and is allowed


def _values(one: bytes) -> re.Pattern[bytes]:
    """The pattern of several values of the form `one`, each perhaps empty.

    Every value ends at a backslash: a pattern that could end one in two places takes ages over digits alone.
    """
    return re.compile(rb"(?:%b)? *(?:\\(?:%b)? *)*" % (one, one))


_PATTERNS = {
    b"AS": re.compile(rb"([0-9]{3}[DWMY])?"),
    b"CS": re.compile(rb"[\x20-\x7e]*"),
    b"DA": _values(rb"[0-9]{8}"),
    b"DS": re.compile(rb"[0-9+\-.eE \\]*"),
    b"DT": _values(rb"[0-9]{4}(?:[0-9]{2}){0,5}(?:\.[0-9]{1,6})?(?:[+-][0-9]{4})?"),
    b"IS": re.compile(rb"[0-9+\- \\]*"),
    b"TM": _values(rb"[0-9]{2}(?:[0-9]{2}(?:[0-9]{2}(?:\.[0-9]{1,6})?)?)?"),
    b"UI": _values(rb"[0-9.]{1,64}"),
    **dict.fromkeys((b"LT", b"ST", b"UT"), re.compile(rb"[^\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]*")),
}
_TEXT_VRS = frozenset({b"AE", b"LO", b"SH", b"UC"})
_DAY = re.compile(rb"[0-9]{8}")
_INSTANT = re.compile(rb"([0-9]{8})(([0-9]{2}){0,3}(\.[0-9]{1,6})?([+-][0-9]{4})?)")
# Twelve bytes or more of nothing but letters are no numbers: text came under a tag or a VR that is not its own.
_FEWEST_LETTERS = 12
_WORDS_AS_NUMBERS = re.compile(rb"[\x20-\x7e]+")
# A value far longer than any value of its kind has swallowed something (characters of one value, PS3.5 6.2).
_LONGEST_VALUE = {b"SH": 64, b"LO": 256, b"CS": 64, b"DS": 64, b"IS": 32}
_OLDEST_STATED = 89

DUMMIES = {
    b"AS": b"000Y", b"DA": b"19000101", b"DS": b"0", b"DT": b"19000101000000", b"IS": b"0", b"TM": b"000000",
    **dict.fromkeys((b"CS", b"LO", b"LT", b"PN", b"SH", b"ST", b"UC", b"UT"), b"REMOVED"),
}  # fmt: skip


def fits(tag: int, vr: bytes, value: bytes) -> bool:
    """True when `value` can be kept as it stands under `vr`: its characters, size and count all agree."""
    size = VALUE_SIZE.get(vr)
    if size is not None:
        most = most_values(tag)
        if len(value) >= _FEWEST_LETTERS and _WORDS_AS_NUMBERS.fullmatch(value):
            return False
        return len(value) % size == 0 and (most is None or vr == b"OW" or len(value) <= most * size)
    bare = value.rstrip(b"\0 ")
    longest = _LONGEST_VALUE.get(vr)
    if longest is not None and len(bare) > longest and any(len(part) > longest for part in bare.split(b"\\")):
        return False
    if vr in _TEXT_VRS:
        return _CONTROLS.search(bare) is None
    pattern = _PATTERNS.get(vr)
    return pattern is None or pattern.fullmatch(bare) is not None


def shifted(vr: bytes, value: bytes, days: int) -> bytes | None:
    """`value` of VR DA or DT moved by `days`, of TM unchanged; None when any of it is not certain."""
    bare = value.strip(b"\0 ")
    if vr == b"TM" or not bare:
        return bare if _PATTERNS[b"TM"].fullmatch(bare) else None
    moved = [_moved(vr, part.strip(b" "), days) for part in bare.split(b"\\")]
    whole = [part for part in moved if part is not None]
    return b"\\".join(whole) if len(whole) == len(moved) else None


def _moved(vr: bytes, part: bytes, days: int) -> bytes | None:
    if not part:
        return part
    if vr == b"DA":
        return _moved_day(part, days) if _DAY.fullmatch(part) else None
    instant = _INSTANT.fullmatch(part)
    if instant is None:
        return None
    day = _moved_day(instant[1], days)
    return None if day is None else day + instant[2]


def _moved_day(digits: bytes, days: int) -> bytes | None:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return f"{day.year:04d}{day.month:02d}{day.day:02d}".encode("ascii")


def capped_age(value: bytes) -> bytes | None:
    """`value` of PatientAge with every age over 89 years as "090Y"; None when it is not an age.

    Source: 45 CFR 164.514(b)(2)(i)(C): ages over 89 are one category.
    """
    bare = value.strip(b"\0 ")
    if not bare or not _PATTERNS[b"AS"].fullmatch(bare):
        return None
    per_year = {b"D": 366, b"W": 53, b"M": 12, b"Y": 1}[bare[3:]]
    return b"090Y" if int(bare[:3]) > _OLDEST_STATED * per_year else bare


def padded(vr: bytes, value: bytes) -> bytes:
    """`value` at even length (PS3.5 6.2: text with a space, UIDs and bytes with a zero)."""
    if len(value) % 2 == 0:
        return value
    return value + (b"\0" if vr in {b"OB", b"UI", b"UN"} else b" ")
