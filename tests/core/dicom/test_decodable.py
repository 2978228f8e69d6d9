"""Compressed frames are decoded once, within bounds, and give the size that was promised."""

import struct
from dataclasses import replace

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from support import dicom_bytes as made

from confrere.core.dicom import decodable, registry
from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.decodable import check_decodable, decode_compressed
from confrere.core.dicom.pixels import PixelLayout
from confrere.core.dicom.walk import walk
from confrere.core.terms import Held, Refused

JPEG_2000, JPEG_LS_LOSSY = f"{made.IMPLICIT}.4.90", f"{made.IMPLICIT}.4.81"
LAYOUT = PixelLayout(8, 8, 1, 1, "MONOCHROME2", 16, 12, 11, signed=False, planar=0)
RAMP = (np.arange(64, dtype=np.uint16) * 60).reshape(8, 8)
DRAWN = RAMP | np.where(np.eye(8, dtype=bool), 0x4000, 0).astype(np.uint16)


def j2k(pixels: NDArray[np.uint16]) -> bytes:
    return bytes(imagecodecs.jpeg2k_encode(pixels, level=0, codecformat="j2k"))


def rle(pixels: NDArray[np.uint16]) -> bytes:
    planes = [(pixels >> 8).astype(np.uint8).tobytes(), (pixels & 0xFF).astype(np.uint8).tobytes()]
    packed = [bytes(imagecodecs.packbits_encode(plane)) for plane in planes]
    packed = [segment + b"\0" * (len(segment) % 2) for segment in packed]
    return struct.pack("<16I", 2, 64, 64 + len(packed[0]), *[0] * 13) + b"".join(packed)


def check(*frames: bytes, layout: PixelLayout = LAYOUT, syntax: str = JPEG_2000) -> None:
    body = made.encapsulated(*frames)
    attributes = Attributes(body, walk(body, 0, implicit=False).elements)
    check_decodable(attributes, replace(layout, frames=len(frames)), syntax)


def test_frames_that_decode_to_their_promised_size_pass() -> None:
    check(j2k(RAMP), j2k(RAMP))
    check(rle(RAMP), syntax=registry.RLE)


@pytest.mark.parametrize("syntax", sorted(registry.NATIVE))
def test_native_pixels_need_no_proof(syntax: str) -> None:
    check_decodable(Attributes(b"", ()), LAYOUT, syntax)


@pytest.mark.parametrize(
    ("layout", "code"),
    [
        (replace(LAYOUT, rows=4), "pixel-size-mismatch"),
        (replace(LAYOUT, rows=4, columns=16), "pixel-size-mismatch"),
        (replace(LAYOUT, samples=3), "pixel-size-mismatch"),
        (replace(LAYOUT, allocated=8, stored=8, high_bit=7), "pixel-size-mismatch"),
    ],
)
def test_a_frame_of_another_size_or_depth_is_refused(layout: PixelLayout, code: str) -> None:
    with pytest.raises(Refused, match=code):
        check(j2k(RAMP), layout=layout)


def test_every_frame_is_looked_at_and_not_the_first_alone() -> None:
    with pytest.raises(Refused, match="bad-pixel-stream"):
        check(j2k(RAMP), b"\xff\x4f\xff\x51 no frame")


def test_a_small_stream_that_promises_a_huge_frame_is_refused_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(decodable, "decode_compressed", lambda *_: pytest.fail("it was decoded"))
    with pytest.raises(Refused, match="expands-too-much"):
        check(j2k(RAMP), layout=replace(LAYOUT, rows=16_384, columns=16_384))


def test_work_on_one_instance_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decodable, "DECODED_AT_MOST", 2 * LAYOUT.decoded_frame_size)
    check(j2k(RAMP), j2k(RAMP), b"never read")
    with pytest.raises(Refused, match="bad-pixel-stream"):
        check(j2k(RAMP), b"read", j2k(RAMP))


@pytest.mark.parametrize(("stream", "syntax"), [(j2k(DRAWN), JPEG_2000), (rle(DRAWN), registry.RLE)])
def test_a_drawing_in_bits_that_no_window_shows_is_held(stream: bytes, syntax: str) -> None:
    with pytest.raises(Held) as caught:
        check(stream, syntax=syntax)
    assert caught.value.code == "burned-in-text"


def test_high_bits_of_a_lossy_stream_are_rounding_and_no_writing() -> None:
    check(bytes(imagecodecs.jpegls_encode(DRAWN)), syntax=JPEG_LS_LOSSY)


def test_run_lengths_become_stored_values_in_their_rows() -> None:
    assert np.array_equal(decode_compressed(rle(RAMP), LAYOUT, registry.RLE), RAMP)


def test_run_lengths_of_single_bits_are_refused() -> None:
    with pytest.raises(Refused, match="RLE depth"):
        decode_compressed(rle(RAMP), replace(LAYOUT, allocated=1, stored=1, high_bit=0), registry.RLE)


def test_colour_in_run_lengths_comes_with_its_samples_last() -> None:
    planes = [bytes(imagecodecs.packbits_encode(bytes([value] * 64))) for value in (200, 100, 50)]
    sizes = [len(plane) for plane in planes]
    head = struct.pack("<16I", 3, 64, 64 + sizes[0], 64 + sizes[0] + sizes[1], *[0] * 12)
    layout = replace(LAYOUT, samples=3, photometric="RGB", allocated=8, stored=8, high_bit=7)
    found = decode_compressed(head + b"".join(planes), layout, registry.RLE)
    assert found.shape == (8, 8, 3)
    assert found[5, 2].tolist() == [200, 100, 50]
