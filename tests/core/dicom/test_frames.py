"""Fragments are grouped into exactly the frames promised, by table, by count or by how they begin."""

import struct

import pytest
from support import dicom_bytes as made

from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.frames import encapsulated_frames
from confrere.core.dicom.walk import walk
from confrere.core.terms import Refused

A, B, C = b"\xff\xd8AA", b"bbbb", b"\xff\xd8CC"


def grouped(element: bytes, frames: int, extra: bytes = b"") -> list[bytes]:
    body = extra + element
    walked = walk(body, 0, implicit=False)
    attributes = Attributes(body, walked.elements)
    return [each.joined(attributes.read) for each in encapsulated_frames(attributes, walked.elements[-1], frames)]


def test_one_fragment_a_frame_needs_no_table() -> None:
    assert grouped(made.encapsulated(A, C), 2) == [A, C]


def test_all_fragments_of_a_single_frame_are_one_stream() -> None:
    assert grouped(made.encapsulated(A, B, C), 1) == [A + B + C]


def test_the_basic_offset_table_says_where_frames_begin() -> None:
    table = struct.pack("<2I", 0, 24)
    assert grouped(made.encapsulated(A, B, C, table=table), 2) == [A + B, C]


def test_the_extended_offset_table_is_used_where_the_basic_one_is_empty() -> None:
    extra = made.element(0x7FE00001, "OV", struct.pack("<2Q", 0, 24))
    assert grouped(made.encapsulated(A, B, C), 2, extra) == [A + B, C]


def test_without_a_table_frames_are_told_apart_by_their_first_bytes() -> None:
    assert grouped(made.encapsulated(A, B, C), 2) == [A + B, C]


@pytest.mark.parametrize(
    ("element", "frames", "reason"),
    [
        (made.encapsulated(A), 2, "pixel-size-mismatch"),
        (made.encapsulated(B, B, B), 2, "pixel-size-mismatch"),
        (made.encapsulated(A, C, table=struct.pack("<2I", 0, 7)), 2, "bad-pixel-stream"),
        (made.encapsulated(A, C, table=struct.pack("<2I", 12, 0)), 2, "bad-pixel-stream"),
        (made.encapsulated(A, C, table=struct.pack("<3I", 0, 12, 24)), 2, "pixel-size-mismatch"),
        (made.encapsulated(A, C, table=b"\0\0"), 2, "bad-pixel-stream"),
    ],
)
def test_frames_that_cannot_be_told_apart_are_refused(element: bytes, frames: int, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        grouped(element, frames)
    assert caught.value.code == reason


def test_a_span_of_the_stream_is_found_again_across_fragments() -> None:
    body = made.encapsulated(A, B)
    walked = walk(body, 0, implicit=False)
    (frame,) = encapsulated_frames(Attributes(body, walked.elements), walked.elements[-1], 1)
    places = frame.in_file(3, 6)
    assert b"".join(body[start:stop] for start, stop in places) == (A + B)[3:6]
    assert len(places) == 2
