"""A compressed frame is judged by its own header, and the words it carries are found."""

import struct
from io import BytesIO

import imagecodecs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from support import dicom_bytes as made

from confrere.core.dicom import registry
from confrere.core.dicom.streams import check_rle, read_shape
from confrere.core.terms import Refused

NOTE = b"Zaveriwal Quirina, bed 4"
RAMP = np.arange(48 * 32, dtype=np.uint16).reshape(48, 32)


def jpeg(comment: bytes = b"") -> bytes:
    out = BytesIO()
    Image.new("L", (32, 48), 90).save(out, "JPEG", comment=comment)
    return out.getvalue()


def words(syntax: str, stream: bytes) -> list[bytes]:
    return [stream[start:stop] for start, stop in read_shape(syntax, stream).words]


@pytest.mark.parametrize(
    ("syntax", "stream", "precision"),
    [
        (registry.JPEG_BASELINE, jpeg(), 8),
        (f"{made.IMPLICIT}.4.90", imagecodecs.jpeg2k_encode(RAMP, level=0, codecformat="j2k"), 16),
        (f"{made.IMPLICIT}.4.80", imagecodecs.jpegls_encode(RAMP), 16),
        (f"{made.IMPLICIT}.4.201", imagecodecs.htj2k_encode(RAMP), 16),
        (f"{made.IMPLICIT}.4.70", imagecodecs.jpeg8_encode(RAMP, lossless=True, bitspersample=16), 16),
    ],
)
def test_size_and_depth_are_read_from_every_kind_of_stream(syntax: str, stream: bytes, precision: int) -> None:
    shape = read_shape(syntax, bytes(stream))
    assert (shape.rows, shape.columns, shape.components) == (48, 32, 1)
    assert shape.precision == precision


def test_a_comment_and_camera_data_in_a_jpeg_are_words() -> None:
    camera = b"\xff\xe1" + struct.pack(">H", 2 + 6 + len(NOTE)) + b"Exif\0\0" + NOTE
    stream = jpeg(NOTE)
    found = words(registry.JPEG_BASELINE, stream[:2] + camera + stream[2:])
    assert NOTE in found
    assert b"Exif\0\0" + NOTE in found


def test_a_thumbnail_behind_the_jfif_numbers_is_words() -> None:
    thumbnail = b"JFIF\0\1\2\0\0\1\0\1\2\2" + NOTE
    segment = b"\xff\xe0" + struct.pack(">H", 2 + len(thumbnail)) + thumbnail
    (found,) = words(registry.JPEG_BASELINE, jpeg()[:2] + segment + jpeg()[20:])
    assert NOTE in found


def test_a_plain_jpeg_and_an_encoders_own_note_are_not_words() -> None:
    assert words(registry.JPEG_BASELINE, jpeg()) == []
    assert words(registry.JPEG_BASELINE, jpeg(b"LEAD Technologies Inc. V1.01")) == []


def test_a_comment_in_jpeg_2000_is_words() -> None:
    stream = bytes(imagecodecs.jpeg2k_encode(RAMP, level=0, codecformat="j2k"))
    at = stream.index(b"\xff\x52")
    comment = b"\xff\x64" + struct.pack(">HH", 4 + len(NOTE), 1) + NOTE
    assert words(f"{made.IMPLICIT}.4.90", stream[:at] + comment + stream[at:]) == [NOTE]


def test_a_few_bytes_behind_the_end_are_a_tail_and_padding_is_not() -> None:
    for syntax, stream in (
        (registry.JPEG_BASELINE, jpeg()),
        (f"{made.IMPLICIT}.4.90", bytes(imagecodecs.jpeg2k_encode(RAMP, level=0, codecformat="j2k"))),
    ):
        assert read_shape(syntax, stream + b"Zaveriwal Q").tail == ((len(stream), len(stream) + 11),)
        assert words(syntax, stream + b"Zaveriwal Q") == []
        for padding in (b"\0", b"\xff", b"\0\0", bytes(16)):
            assert read_shape(syntax, stream + padding).tail == ()


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"\xff\xd8",
        jpeg()[:-2],
        jpeg() + b"and a letter to the patient after the end",
        jpeg().replace(b"\xff\xc0", b"\xff\xc2"),
        jpeg()[:30] + b"\0" + jpeg()[30:],
    ],
)
def test_a_stream_that_is_not_one_whole_frame_of_its_kind_is_refused(stream: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read_shape(registry.JPEG_BASELINE, stream)
    assert caught.value.code == "bad-pixel-stream"


@given(st.binary(max_size=300), st.sampled_from(sorted(registry.ENCAPSULATED - {registry.RLE})))
def test_junk_is_refused_and_never_crashes(junk: bytes, syntax: str) -> None:
    for stream in (junk, b"\xff\xd8" + junk, b"\xff\x4f\xff\x51" + junk):
        with pytest.raises(Refused):
            read_shape(syntax, stream)


def rle_header(count: int, *offsets: int) -> bytes:
    return struct.pack("<16I", count, *offsets, *([0] * (15 - len(offsets))))


def test_rle_segments_lie_in_order_inside_the_stream() -> None:
    assert check_rle(rle_header(2, 64, 70) + bytes(12), 2) == ((64, 70), (70, 76))


@pytest.mark.parametrize(
    "stream",
    [
        b"short",
        rle_header(1, 64) + bytes(12),
        rle_header(2, 64, 64) + bytes(12),
        rle_header(2, 60, 70) + bytes(12),
        rle_header(2, 64, 0x7FFFFFFF) + bytes(12),
        rle_header(2, 64, 70, int.from_bytes(b"Zave", "little")) + bytes(12),
    ],
)
def test_rle_offsets_that_lie_are_refused(stream: bytes) -> None:
    with pytest.raises(Refused):
        check_rle(stream, 2)
