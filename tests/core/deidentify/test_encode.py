"""What is written in either encoding is read again by others as it was meant."""

import struct
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import dcmread
from support import dicom_bytes as made

from confrere.core.deidentify import encode
from confrere.core.dicom.dictionary import SHORT_VRS, VRS
from confrere.core.dicom.walk import walk

COMMENT = 0x00204000


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize("vr", sorted(VRS - {b"SQ"}))
def test_an_element_is_as_the_standard_prints_it(vr: bytes, implicit: bool) -> None:
    for value in (b"", b"12", b"1234567"):
        wanted = made.element(COMMENT, vr.decode(), value, implicit=implicit)
        assert encode.element(COMMENT, vr, value, implicit=implicit) == wanted


# What hides in UN the walker reads by the dictionary, and what is in a sequence as items.
@given(st.sampled_from(sorted(VRS - {b"SQ", b"UN"})), st.binary(max_size=60), st.integers(0x00080001, 0x7FDFFFFF))
def test_the_walker_finds_each_explicit_element_where_it_was_put(vr: bytes, value: bytes, tag: int) -> None:
    body = encode.element(tag, vr, value, implicit=False) + encode.element(0x7FE00010, b"OW", b"\0\0", implicit=False)
    first, second = walk(body, 0, implicit=False).elements
    assert (first.tag, first.vr) == (tag, vr)
    assert body[first.value : first.stop][: len(value)] == value
    assert len(body[first.value : first.stop]) == len(value) + len(value) % 2
    assert second.tag == 0x7FE00010


@pytest.mark.parametrize(("vr", "pad"), [(b"UI", b"\0"), (b"OB", b"\0"), (b"LO", b" "), (b"DS", b" ")])
def test_an_odd_value_is_padded_as_its_kind_asks(vr: bytes, pad: bytes) -> None:
    assert encode.element(COMMENT, vr, b"123", implicit=False).endswith(b"123" + pad)


@pytest.mark.parametrize("implicit", [False, True])
def test_another_reader_finds_nested_items_again(implicit: bool) -> None:
    def code(value: bytes) -> bytes:
        return encode.item(encode.element(0x00080100, b"SH", value, implicit=implicit))

    sequence = encode.element(
        0x00082218, b"SQ", code(b"T-A0100") + encode.item(b"") + code(b"T-32000"), implicit=implicit
    )
    rows = encode.element(0x00280010, b"US", made.us(8), implicit=implicit)
    syntax = made.IMPLICIT if implicit else made.EXPLICIT
    read = dcmread(BytesIO(made.part10(sequence + rows, syntax)))
    assert [item.get("CodeValue") for item in read.AnatomicRegionSequence] == ["T-A0100", None, "T-32000"]
    assert read.Rows == 8


def test_a_long_value_keeps_its_length_where_the_encoding_has_room() -> None:
    value = bytes(70_000)
    for vr, implicit in ((b"OB", False), (b"LO", True)):
        body = encode.element(0x00420011, vr, value, implicit=implicit)
        (found,) = walk(body, 0, implicit=implicit).elements
        assert found.stop - found.value == 70_000


@pytest.mark.parametrize("vr", sorted(SHORT_VRS))
def test_a_value_too_long_for_its_length_field_is_never_written_with_a_false_length(vr: bytes) -> None:
    with pytest.raises(struct.error):
        encode.element(COMMENT, vr, bytes(0x10000), implicit=False)
