"""What the dictionary says of tags, held against the standard's own tables where another reader knows them."""

import struct

import pytest
from pydicom.datadict import DicomDictionary, keyword_for_tag
from pydicom.valuerep import EXPLICIT_VR_LENGTH_32, VR

from confrere.core.dicom.dictionary import (
    LONG_VRS,
    SHORT_VRS,
    VALUE_SIZE,
    VRS,
    implied_vr,
    is_registered_uid,
    is_retired,
    keyword,
    most_values,
    registered_vrs,
    tag_in_message,
    tag_name,
)

PRIVATE, UNREGISTERED = 0x00091001, 0x00104002


def test_the_representations_are_those_of_another_reader_and_their_length_fields_too() -> None:
    assert {vr.decode() for vr in VRS} == {vr.value for vr in VR if len(vr.value) == 2}
    assert {vr.decode() for vr in LONG_VRS} == {str(vr.value) for vr in EXPLICIT_VR_LENGTH_32}
    assert not SHORT_VRS & LONG_VRS


def test_sizes_of_binary_values_are_those_of_their_machine_types() -> None:
    machine = {b"FD": "d", b"FL": "f", b"SL": "i", b"SS": "h", b"SV": "q", b"UL": "I", b"US": "H", b"UV": "Q"}
    for vr, letter in machine.items():
        assert VALUE_SIZE[vr] == struct.calcsize(f"<{letter}")
    assert set(VALUE_SIZE) <= VRS


@pytest.mark.parametrize(
    ("tag", "vrs", "implied"),
    [
        (0x00280010, (b"US",), b"US"),
        (0x7FE00010, (b"OB", b"OW"), b"OW"),
        (0x00280106, (b"US", b"SS"), b"US"),
        (0x00283006, (b"US", b"OW"), b"OW"),
        (0x00081140, (b"SQ",), b"SQ"),
        (0xFFFEE000, (), b"UN"),
        (PRIVATE, (), b"UN"),
        (UNREGISTERED, (), b"UN"),
    ],
)
def test_a_tag_has_the_representations_it_is_registered_with(tag: int, vrs: tuple[bytes, ...], implied: bytes) -> None:
    assert registered_vrs(tag) == vrs
    assert implied_vr(tag) == implied


def test_what_is_implied_for_a_registered_tag_is_one_of_its_own() -> None:
    for tag in DicomDictionary:
        vrs = registered_vrs(tag)
        assert set(vrs) <= VRS
        assert implied_vr(tag) in (vrs or (b"UN",))


@pytest.mark.parametrize(
    ("tag", "most"),
    [
        (0x00280010, 1),
        (0x00200032, 3),
        (0x00280030, 2),
        (0x00186000, 1),
        (0x00281050, None),  # 1-n
        (0x00080008, None),  # 2-n
        (0x00180022, None),  # 1-n
        (PRIVATE, None),
    ],
)
def test_the_most_values_are_known_where_there_is_a_bound(tag: int, most: int | None) -> None:
    assert most_values(tag) == most


def test_a_bounded_range_ends_at_its_upper_bound() -> None:
    ranges = {tag: entry[1] for tag, entry in DicomDictionary.items() if entry[1] in {"1-2", "1-3", "1-99", "4-5"}}
    assert ranges
    for tag, printed in ranges.items():
        assert most_values(tag) == int(printed.split("-")[1])


def test_a_keyword_is_the_standards_and_empty_for_unknown_tags() -> None:
    for tag in (0x00100010, 0x00280010, 0x7FE00010):
        assert keyword(tag) == keyword_for_tag(tag) != ""
    assert keyword(PRIVATE) == ""


def test_what_the_standard_has_retired_is_known_and_what_it_never_had_is_not_retired() -> None:
    assert is_retired(0x00080041)
    assert not is_retired(0x00080050)
    assert not is_retired(0x00091010)


def test_only_uids_of_the_standard_itself_are_registered() -> None:
    assert is_registered_uid("1.2.840.10008.5.1.4.1.1.2")
    assert is_registered_uid("1.2.840.10008.1.2.4.50")
    for uid in ("1.2.840.10008.5.1.4.1.1.2.12345", "1.2.840.10008", "1.2.826.0.1.3680043.10.4242.7", "2.25.7", ""):
        assert not is_registered_uid(uid)


def test_a_tag_is_written_as_two_groups_of_four() -> None:
    assert tag_name(0x7FE00010) == "(7fe0,0010)"
    assert tag_name(0x00080005) == "(0008,0005)"


def test_only_a_tag_that_the_dictionary_knows_is_named_in_a_message() -> None:
    assert tag_in_message(0x00100010) == "(0010,0010)"
    assert tag_in_message(0xFFFEE000) == "(fffe,e000)"
    assert tag_in_message(int.from_bytes(b"aZev", "big")) == "unknown tag"
