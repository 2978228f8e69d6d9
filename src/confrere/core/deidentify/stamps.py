"""What a de-identified instance says of itself: file meta made from nothing, and the method that was used.

Source: PS3.10 clause 7.1 (file meta), PS3.3 C.12.1.1 and C.7.1.1 (de-identification attributes), PS3.15 E.2.
"""

from functools import lru_cache
from typing import NamedTuple

from confrere.core.deidentify import encode
from confrere.core.deidentify.profile import MethodCode, Option, Profile
from confrere.core.deidentify.table import confidentiality_table
from confrere.core.dicom.registry import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION


class FileMeta(NamedTuple):
    """Preamble and group 0002 in three parts; only `instance_uid` differs within a series (and a length before it)."""

    opening: bytes
    instance_uid: bytes
    closing: bytes


@lru_cache(maxsize=64)
def _around(sop_class_uid: str, transfer_syntax_uid: str, instance_length: int) -> tuple[bytes, bytes]:
    before, after = (
        b"".join(encode.element(tag, vr, value, implicit=False) for tag, vr, value in part)
        for part in (
            ((0x00020001, b"OB", b"\0\1"), (0x00020002, b"UI", sop_class_uid.encode("ascii"))),
            (
                (0x00020010, b"UI", transfer_syntax_uid.encode("ascii")),
                (0x00020012, b"UI", IMPLEMENTATION_CLASS_UID.encode("ascii")),
                (0x00020013, b"SH", IMPLEMENTATION_VERSION.encode("ascii")),
            ),
        )
    )
    length = (len(before) + instance_length + len(after)).to_bytes(4, "little")
    return bytes(128) + b"DICM" + encode.element(0x00020000, b"UL", length, implicit=False) + before, after


def file_meta(*, sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str) -> FileMeta:
    """An empty preamble, the prefix and group 0002; nothing of the original's is carried over."""
    instance = encode.element(0x00020003, b"UI", sop_instance_uid.encode("ascii"), implicit=False)
    opening, closing = _around(sop_class_uid, transfer_syntax_uid, len(instance))
    return FileMeta(opening, instance, closing)


_DATES = {Option.FULL_DATES: "UNMODIFIED", Option.MODIFIED_DATES: "MODIFIED"}
_BURNED_IN = 0x00280301
STAMPED = frozenset({0x00120062, 0x00120063, 0x00120064, 0x00280303})


def code_item(code: MethodCode, *, implicit: bool) -> bytes:
    """`code` as an item of the method code sequence."""
    return encode.item(
        encode.element(0x00080100, b"SH", code.value.encode("ascii"), implicit=implicit)
        + encode.element(0x00080102, b"SH", b"DCM", implicit=implicit)
        + encode.element(0x00080104, b"LO", code.meaning.encode("ascii"), implicit=implicit)
    )


def stamps(profile: Profile, *, implicit: bool) -> dict[int, bytes]:
    """The elements that say what was done, encoded, by tag."""
    scope = "pixels judged" if profile.judges_pixels else "headers alone, pixels not examined"
    if profile.pixels_approved:
        scope = "pixels looked at and cleared"
    # Two values: one may hold 64 characters (PS3.5 table 6.2-1, LO).
    method = f"Confrere {profile.name}, PS3.15 {confidentiality_table().edition} Basic\\{scope}"
    dates = "REMOVED"
    if not _DATES.keys().isdisjoint(profile.options):
        (dates,) = (_DATES[option] for option in profile.options if option in _DATES)
    codes = b"".join(code_item(code, implicit=implicit) for code in profile.codes)
    # Only where a person saw the result-to-be is the statement ours to make (PS3.3 C.7.6.1.1.8 and PS3.15 E.3.1).
    burned = (
        {_BURNED_IN: encode.element(_BURNED_IN, b"CS", b"NO", implicit=implicit)} if profile.pixels_approved else {}
    )
    return {
        **burned,
        0x00120062: encode.element(0x00120062, b"CS", b"YES", implicit=implicit),
        0x00120063: encode.element(0x00120063, b"LO", method.encode("ascii"), implicit=implicit),
        0x00120064: encode.element(0x00120064, b"SQ", codes, implicit=implicit),
        0x00280303: encode.element(0x00280303, b"CS", dates.encode("ascii"), implicit=implicit),
    }
