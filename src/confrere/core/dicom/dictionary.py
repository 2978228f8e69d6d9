"""What the DICOM data dictionary says of a tag: which VRs it may have and how many values.

Source: PS3.6 (registry of data elements), in the edition that pydicom carries.
"""

from functools import cache

from pydicom._dicom_dict import DicomDictionary
from pydicom._uid_dict import UID_dictionary

# Every VR of PS3.5 table 6.2-1; the second set has a 32-bit length in explicit encodings (7.1.2).
SHORT_VRS = frozenset(b"AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US".split())
LONG_VRS = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
VRS = SHORT_VRS | LONG_VRS

# Bytes of one value of a fixed-size VR (PS3.5 table 6.2-1).
VALUE_SIZE = {
    b"AT": 4, b"FD": 8, b"FL": 4, b"OD": 8, b"OF": 4, b"OL": 4, b"OV": 8, b"OW": 2,
    b"SL": 4, b"SS": 2, b"SV": 8, b"UL": 4, b"US": 2, b"UV": 8,
}  # fmt: skip


_DELIMITERS = frozenset({0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD})


@cache
def registered_vrs(tag: int) -> tuple[bytes, ...]:
    """The VRs the dictionary allows for `tag`; empty when it does not know the tag."""
    entry = DicomDictionary.get(tag)
    if entry is None:
        return ()
    return tuple(vr for vr in entry[0].encode("ascii").split(b" or ") if vr in VRS)


@cache
def implied_vr(tag: int) -> bytes:
    """The VR of `tag` where none is written (implicit encodings, UN): b"UN" when unknown."""
    vrs = registered_vrs(tag)
    if not vrs:
        return b"UN"
    # Where several are possible, implicit encodings use OW for pixels and tables (PS3.5 A.1).
    return b"OW" if b"OW" in vrs else vrs[0]


@cache
def most_values(tag: int) -> int | None:
    """The largest number of values `tag` may have; None when it is unbounded or unknown."""
    entry = DicomDictionary.get(tag)
    if entry is None:
        return None
    last = entry[1].split("-")[-1]
    return int(last) if last.isdigit() else None


def keyword(tag: int) -> str:
    """The dictionary's keyword of `tag`, "" when it does not know the tag."""
    entry = DicomDictionary.get(tag)
    return "" if entry is None else entry[4]


def is_retired(tag: int) -> bool:
    """True for an attribute that the standard has retired: nothing made today has it."""
    entry = DicomDictionary.get(tag)
    return entry is not None and bool(entry[3])


def is_registered_uid(uid: str) -> bool:
    """True for a UID that the standard itself assigns (a SOP class, a syntax, a frame of reference)."""
    return uid in UID_dictionary


def tag_name(tag: int) -> str:
    """`tag` as "(gggg,eeee)", the only way a tag is written in messages and records."""
    return f"({tag >> 16:04x},{tag & 0xFFFF:04x})"


def tag_in_message(tag: int) -> str:
    """`tag` for a message about bytes that may be no tag at all: named only when the dictionary knows it.

    INVARIANT: where a reader has lost its place, four letters of a name look like a tag, and no message carries them.
    """
    return tag_name(tag) if tag in DicomDictionary or tag in _DELIMITERS else "unknown tag"
