"""A frame written without loss reads back as itself, or is not written in that syntax at all."""

import numpy as np
import pytest

from confrere.core.dicom import lossless, registry
from confrere.core.dicom.codecs import decode_rle, decode_stream

NOISE = np.random.default_rng(1)


@pytest.mark.parametrize("syntax", sorted(lossless._ENCODERS))
@pytest.mark.parametrize(("kind", "samples"), [(np.uint8, 1), (np.uint16, 1), (np.uint8, 3)])
def test_what_is_written_reads_as_the_same(syntax: str, kind: type, samples: int) -> None:
    shape = (17, 23) if samples == 1 else (17, 23, 3)
    frame = NOISE.integers(0, np.iinfo(kind).max, shape).astype(kind)
    stream = lossless.encode_lossless(syntax, frame)
    assert stream is not None
    assert np.array_equal(decode_stream(syntax, stream), frame)


def test_run_lengths_read_as_the_same() -> None:
    frame = NOISE.integers(0, 1 << 16, (5, 300)).astype(np.uint16)
    frame[2] = 77
    stream = lossless.encode_lossless(registry.RLE, frame)
    assert stream is not None
    planes = decode_rle(stream, pixels=frame.size, samples=1, sample_bytes=2)[0]
    assert np.array_equal(planes[0].astype(np.uint16) << 8 | planes[1], frame.reshape(-1))


def test_what_an_encoder_cannot_take_is_left_to_native_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = np.zeros((4, 4), np.float64)
    assert all(lossless.encode_lossless(syntax, frame) is None for syntax in (lossless.JPEG_LOSSLESS_1,))


def test_an_encoder_that_loses_a_bit_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = NOISE.integers(0, 255, (8, 8)).astype(np.uint8)
    honest = lossless._ENCODERS[lossless.JPEG_LS_LOSSLESS]
    monkeypatch.setitem(lossless._ENCODERS, lossless.JPEG_LS_LOSSLESS, lambda given: honest(given ^ 1))
    assert lossless.encode_lossless(lossless.JPEG_LS_LOSSLESS, frame) is None


def test_too_many_bytes_in_a_pixel_for_run_lengths_go_out_native() -> None:
    assert lossless.encode_lossless(registry.RLE, np.zeros((2, 2, 4), np.uint32)) is None


@pytest.mark.parametrize(
    ("arrived", "leaves"),
    [
        (registry.JPEG_BASELINE, lossless.JPEG_LOSSLESS_1),
        (f"{registry.IMPLICIT_LITTLE}.4.57", lossless.JPEG_LOSSLESS_1),
        (f"{registry.IMPLICIT_LITTLE}.4.81", lossless.JPEG_LS_LOSSLESS),
        (f"{registry.IMPLICIT_LITTLE}.4.91", lossless.JPEG_2000_LOSSLESS),
        (f"{registry.IMPLICIT_LITTLE}.4.203", lossless.HTJ2K_LOSSLESS),
        (registry.RLE, registry.RLE),
        (registry.IMPLICIT_LITTLE, registry.IMPLICIT_LITTLE),
        (registry.EXPLICIT_BIG, registry.EXPLICIT_LITTLE),
        (registry.DEFLATED, registry.EXPLICIT_LITTLE),
    ],
)
def test_each_family_has_its_lossless_member(arrived: str, leaves: str) -> None:
    assert lossless.lossless_syntax(arrived) == leaves
