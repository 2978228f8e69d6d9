"""A private attribute stays only by its creator's words, wherever its block lies, and never with a name in it."""

import struct

import pytest
from support import dicom_bytes as made

from confrere.core.deidentify.private import kept_private, safe_list
from confrere.core.dicom.walk import walk

NOBODY: frozenset[bytes] = frozenset()
CREATOR = "SIEMENS MR HEADER"


def kept(*encoded: bytes, own: frozenset[bytes] = NOBODY) -> dict[int, bytes]:
    whole = b"".join(encoded)
    return kept_private(whole, walk(whole, 0, implicit=False).elements, own)


def test_the_list_is_the_standards_and_by_creator() -> None:
    safe = safe_list()
    assert safe.edition == "2025b"
    assert len(safe.rows) == 87
    assert safe.rows[CREATOR, 0x0019, 0x0C] == (b"IS", 1)
    assert safe.rows["Philips PET Private Group", 0x7053, 0x00] == (b"DS", 1)


@pytest.mark.parametrize("block", [0x10, 0x20, 0xFF])
def test_a_safe_attribute_stays_in_whatever_block_its_creator_reserved(block: int) -> None:
    creator = made.element(0x00190000 | block, "LO", CREATOR)
    safe = made.element(0x00190000 | block << 8 | 0x0C, "IS", "1000")
    other = made.element(0x00190000 | block << 8 | 0x0B, "IS", "1000")
    assert kept(creator, other, safe) == {0x00190000 | block << 8 | 0x0C: b"IS", 0x00190000 | block: b"LO"}


def test_of_two_creators_in_one_group_each_speaks_for_its_own_block() -> None:
    encoded = (
        made.element(0x00190010, "LO", "SHRI RIS 1.0"),
        made.element(0x00190011, "LO", CREATOR),
        made.element(0x0019100C, "IS", "1"),
        made.element(0x0019110C, "IS", "1000"),
    )
    assert kept(*encoded) == {0x0019110C: b"IS", 0x00190011: b"LO"}


def test_a_creator_of_whose_block_nothing_stays_goes() -> None:
    assert kept(made.element(0x00190010, "LO", CREATOR)) == {}
    assert kept(made.element(0x00190010, "LO", CREATOR), made.element(0x001910EE, "LO", "x")) == {}
    assert kept(made.element(0x0019100C, "IS", "1000")) == {}


def test_the_same_number_under_another_creator_goes() -> None:
    assert kept(made.element(0x00190010, "LO", "SIEMENS MR HEADER 2"), made.element(0x0019100C, "IS", "1")) == {}
    assert kept(made.element(0x00210010, "LO", CREATOR), made.element(0x0021100C, "IS", "1")) == {}


@pytest.mark.parametrize(
    ("creator", "tag", "vr", "value"),
    [
        (CREATOR, 0x0019100C, "LO", "1000"),
        (CREATOR, 0x0019100C, "IS", "1\\2"),
        (CREATOR, 0x0019100C, "IS", "Quirina"),
        (CREATOR, 0x0019100D, "CS", "Quirina"),
        (CREATOR, 0x0019100E, "FD", struct.pack("<4d", 1, 2, 3, 4)),
        ("GEMS_ACQU_01", 0x0019109E, "LO", "call 9876543210"),
        ("GEMS_ACQU_01", 0x0019109E, "LO", "शर्मा"),
        ("GEMS_ACQU_01", 0x0019109E, "LO", "seen Quirina"),
    ],
)
def test_a_value_that_is_not_what_the_list_says_goes(creator: str, tag: int, vr: str, value: str | bytes) -> None:
    own = frozenset({b"quirina"})
    assert kept(made.element(0x00190010, "LO", creator), made.element(tag, vr, value), own=own) == {}


def test_un_is_read_as_what_the_list_says() -> None:
    gradient = struct.pack("<3d", 1, 0, 0)
    found = kept(made.element(0x00190010, "UN", CREATOR.encode()), made.element(0x0019100E, "UN", gradient))
    assert found == {0x0019100E: b"FD", 0x00190010: b"LO"}


def test_a_listed_sequence_goes() -> None:
    inner = made.item(made.element(0x00100010, "PN", made.NAME))
    creator = made.element(0x20010010, "LO", "Philips Imaging DD 001")
    assert kept(creator, made.element(0x20011069, "SQ", inner)) == {}
