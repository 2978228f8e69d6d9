"""Frames decode to the same stored values that an independent reader finds."""

from io import BytesIO

import imagecodecs
import numpy as np
import pydicom
import pytest
from support import dicom_bytes as made

from confrere.core.dicom.inspect import inspect_instance
from confrere.core.dicom.stored_values import decode_frame
from confrere.core.terms import Held, Refused

RAMP = (np.arange(64, dtype=np.uint16) * 61 % 4096).reshape(8, 8)


def signed(stored: int = 12) -> dict[int, tuple[str, bytes | str]]:
    return {
        0x00280101: ("US", made.us(stored)),
        0x00280102: ("US", made.us(stored - 1)),
        0x00280103: ("US", made.us(1)),
    }


def test_native_values_are_those_another_reader_finds() -> None:
    source = made.ct_file()
    assert np.array_equal(decode_frame(source, 1), pydicom.dcmread(BytesIO(source)).pixel_array)


def test_signed_values_are_signed_whatever_the_unused_bits_say() -> None:
    cells = np.array([0x0FFF, 0xFFFF, 0x0001, 0x0800] * 16, "<u2")
    values = decode_frame(made.ct_file({**signed(), 0x7FE00010: ("OW", cells.tobytes())}), 1)
    assert values.dtype == np.int16
    assert values.reshape(-1)[:4].tolist() == [-1, -1, 1, -2048]


def test_frames_count_from_one() -> None:
    two = made.ct_file({0x00280008: ("IS", "2"), 0x7FE00010: ("OW", bytes(128) + b"\1\0" * 64)})
    assert decode_frame(two, 1).max() == 0
    assert decode_frame(two, 2).min() == 1
    for missing in (0, 3):
        with pytest.raises(IndexError):
            decode_frame(two, missing)


@pytest.mark.parametrize(
    ("syntax", "stream"),
    [
        (".4.90", imagecodecs.jpeg2k_encode(RAMP, level=0, codecformat="j2k")),
        (".4.80", imagecodecs.jpegls_encode(RAMP)),
        (".4.201", imagecodecs.htj2k_encode(RAMP)),
        (".4.70", imagecodecs.jpeg8_encode(RAMP, lossless=True, bitspersample=16)),
    ],
)
def test_reversible_streams_come_back_exactly(syntax: str, stream: bytes) -> None:
    body = made.dataset({0x7FE00010: made.encapsulated(bytes(stream))})
    whole = made.part10(body, made.IMPLICIT + syntax)
    assert inspect_instance(whole).rows == 8
    assert np.array_equal(decode_frame(whole, 1), RAMP)


def rle(values: np.ndarray) -> bytes:
    """One RLE frame of 16-bit values: two segments, literal runs of 64 bytes."""
    segments = [b"\x3f" + plane.tobytes() + b"\x80" for plane in ((values >> 8).astype("u1"), values.astype("u1"))]
    offsets = np.zeros(16, "<u4")
    offsets[:3] = [2, 64, 64 + len(segments[0])]
    return offsets.tobytes() + b"".join(segments)


def test_run_lengths_come_back_exactly() -> None:
    whole = made.part10(made.dataset({0x7FE00010: made.encapsulated(rle(RAMP))}), made.RLE)
    assert np.array_equal(decode_frame(whole, 1), RAMP)


def test_a_drawing_in_the_unused_bits_of_a_reversible_stream_is_held() -> None:
    drawn = RAMP | (np.eye(8, dtype=np.uint16) << 15)
    whole = made.part10(made.dataset({0x7FE00010: made.encapsulated(rle(drawn))}), made.RLE)
    with pytest.raises(Held) as caught:
        inspect_instance(whole)
    assert caught.value.code == "burned-in-text"


def test_a_tiny_stream_that_promises_a_huge_frame_is_refused_before_decoding() -> None:
    huge = {0x00280010: ("US", made.us(16_000)), 0x00280011: ("US", made.us(16_000))}
    body = made.dataset({**huge, 0x7FE00010: made.encapsulated(rle(RAMP))})
    with pytest.raises(Refused) as caught:
        inspect_instance(made.part10(body, made.RLE))
    assert caught.value.code == "expands-too-much"


def test_half_sampled_colour_is_spread_over_both_pixels() -> None:
    colour = made.eight_bit(made.element(0x7FE00010, "OB", bytes([10, 20, 1, 2] * 32)), "YBR_FULL_422")
    values = decode_frame(made.ct_file({**colour, 0x00280002: ("US", made.us(3))}), 1)
    assert values[0, :2].tolist() == [[10, 1, 2], [20, 1, 2]]


def test_single_bits_are_unpacked_from_the_lowest() -> None:
    bits = {0x00280100: ("US", made.us(1)), 0x00280101: ("US", made.us(1)), 0x00280102: ("US", made.us(0))}
    values = decode_frame(made.ct_file({**bits, 0x7FE00010: ("OB", b"\1" + bytes(7))}), 1)
    assert values[0].tolist() == [1, 0, 0, 0, 0, 0, 0, 0]
