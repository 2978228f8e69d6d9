"""Turning a big-endian data set round changes byte orders and nothing else."""

import struct

import pytest
from support import dicom_bytes as made

from confrere.core.dicom.big_endian import to_little_endian
from confrere.core.dicom.walk import walk
from confrere.core.terms import Refused

LONG = frozenset({"OB", "OW", "SQ", "UN"})


def big(tag: int, vr: str, value: bytes, length: int | None = None) -> bytes:
    said = len(value) if length is None else length
    head = struct.pack(">HH", tag >> 16, tag & 0xFFFF) + vr.encode()
    return head + (struct.pack(">HI", 0, said) if vr in LONG else struct.pack(">H", said)) + value


def test_numbers_words_and_tags_are_turned_and_text_is_not() -> None:
    source = (
        big(0x00100020, "LO", b"AB")
        + big(0x00280009, "AT", struct.pack(">HH", 0x0018, 0x1063))
        + big(0x00280010, "US", struct.pack(">H", 512))
        + big(0x7FE00010, "OW", struct.pack(">2H", 1, 2))
    )
    wanted = (
        made.element(0x00100020, "LO", b"AB")
        + made.element(0x00280009, "AT", struct.pack("<HH", 0x0018, 0x1063))
        + made.element(0x00280010, "US", struct.pack("<H", 512))
        + made.element(0x7FE00010, "OW", struct.pack("<2H", 1, 2))
    )
    assert bytes(to_little_endian(source, 0)) == wanted


def test_sequences_of_both_kinds_of_length_are_turned() -> None:
    inner = big(0x00280010, "US", struct.pack(">H", 7))
    ended = struct.pack(">HHI", 0xFFFE, 0xE000, 0xFFFFFFFF) + inner + struct.pack(">HHI", 0xFFFE, 0xE00D, 0)
    counted = struct.pack(">HHI", 0xFFFE, 0xE000, len(inner)) + inner
    undefined = big(0x00081140, "SQ", b"", 0xFFFFFFFF) + ended + struct.pack(">HHI", 0xFFFE, 0xE0DD, 0)
    for source in (undefined, big(0x00081140, "SQ", counted)):
        (found,) = walk(bytes(to_little_endian(source, 0)), 0, implicit=False).elements
        assert found.items is not None
        assert found.items[0].elements[0].tag == 0x00280010


def test_thirty_two_bit_pixels_are_turned_as_whole_cells() -> None:
    source = big(0x00280100, "US", struct.pack(">H", 32)) + big(0x7FE00010, "OW", struct.pack(">I", 0x01020304))
    assert bytes(to_little_endian(source, 0)).endswith(struct.pack("<I", 0x01020304))


def test_what_follows_the_pixels_is_cut() -> None:
    source = big(0x7FE00010, "OW", b"\0\1")
    assert bytes(to_little_endian(source + b"stray bytes", 0)) == made.element(0x7FE00010, "OW", b"\1\0")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (big(0x00100020, "??", b"AB"), "bad-header"),
        (big(0x00100020, "UN", b"AB"), "bad-header"),
        (big(0x00280010, "US", b"ABC"), "bad-header"),
        (big(0x00100020, "LO", b"AB", 900), "length-past-end"),
        (big(0x00100020, "LO", b"AB")[:5], "truncated"),
        (big(0x00100020, "OB", b"", 0xFFFFFFFF), "bad-header"),
    ],
)
def test_a_structure_that_does_not_hold_is_refused(source: bytes, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        to_little_endian(source, 0)
    assert caught.value.code == reason


def test_the_depth_of_an_icon_says_nothing_of_the_picture() -> None:
    icon = big(0x00280100, "US", struct.pack(">H", 8))
    sequence = big(0x00880200, "SQ", struct.pack(">HHI", 0xFFFE, 0xE000, len(icon)) + icon)
    source = big(0x00280100, "US", struct.pack(">H", 32)) + sequence
    source += big(0x7FE00010, "OW", struct.pack(">I", 0x01020304))
    assert bytes(to_little_endian(source, 0)).endswith(struct.pack("<I", 0x01020304))
