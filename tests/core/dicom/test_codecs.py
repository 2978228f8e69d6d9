"""Each compressed transfer syntax has its one decoder; a stream of another family is refused, not tried again."""

import struct

import imagecodecs
import numpy as np
import pytest
from support import dicom_bytes as made

from confrere.core.dicom import registry
from confrere.core.dicom.codecs import decode_rle, decode_stream
from confrere.core.terms import Refused

RAMP = np.arange(48 * 32, dtype=np.uint16).reshape(48, 32)
GREY = np.full((48, 32), 90, np.uint8)
STREAMS = {
    "jpeg": bytes(imagecodecs.jpeg8_encode(GREY, level=95)),
    "lossless jpeg": bytes(imagecodecs.jpeg8_encode(RAMP, lossless=True, bitspersample=16)),
    "jpeg-ls": bytes(imagecodecs.jpegls_encode(RAMP)),
    "jpeg 2000": bytes(imagecodecs.jpeg2k_encode(RAMP, level=0, codecformat="j2k")),
    "high-throughput": bytes(imagecodecs.htj2k_encode(RAMP)),
}
FAMILIES = {
    "jpeg": {registry.JPEG_BASELINE, registry.JPEG_EXTENDED},
    "lossless jpeg": registry.JPEG_LOSSLESS,
    "jpeg-ls": registry.JPEG_LS,
    "jpeg 2000": registry.JPEG_2000,
    "high-throughput": registry.HTJ2K,
}
# Streams that begin alike; that they are named rightly is checked from their headers before they come here.
ALIKE = [{"jpeg", "lossless jpeg"}, {"jpeg 2000", "high-throughput"}]
BY_SYNTAX = [(syntax, family) for family, syntaxes in FAMILIES.items() for syntax in sorted(syntaxes)]


def test_every_compressed_syntax_that_is_taken_can_be_decoded() -> None:
    assert {syntax for syntax, _ in BY_SYNTAX} | {registry.RLE} == registry.ENCAPSULATED


@pytest.mark.parametrize(("syntax", "family"), BY_SYNTAX)
def test_a_stream_of_the_named_syntax_gives_its_pixels(syntax: str, family: str) -> None:
    found = decode_stream(syntax, STREAMS[family])
    assert np.array_equal(found, GREY if family == "jpeg" else RAMP)


@pytest.mark.parametrize(("syntax", "family"), BY_SYNTAX)
def test_a_stream_of_another_family_is_refused_though_some_decoder_could_read_it(syntax: str, family: str) -> None:
    for other, stream in STREAMS.items():
        if other != family and {other, family} not in ALIKE:
            with pytest.raises(Refused, match="bad-pixel-stream"):
                decode_stream(syntax, stream)


@pytest.mark.parametrize("syntax", [registry.RLE, registry.EXPLICIT_LITTLE, "1.2.840.10008.1.2.4.100", ""])
def test_a_syntax_without_a_decoder_is_refused(syntax: str) -> None:
    with pytest.raises(Refused, match="bad-pixel-stream"):
        decode_stream(syntax, STREAMS["jpeg"])


@pytest.mark.parametrize(("syntax", "family"), BY_SYNTAX)
def test_a_broken_stream_is_refused_and_its_bytes_are_not_quoted(syntax: str, family: str) -> None:
    for stream in (b"", made.NAME.encode(), STREAMS[family][:30]):
        with pytest.raises(Refused) as caught:
            decode_stream(syntax, stream)
        assert str(caught.value) == "bad-pixel-stream: not decodable"
        assert caught.value.__suppress_context__


def test_colour_comes_with_its_samples_last() -> None:
    colour = np.full((8, 6, 3), (200, 100, 50), np.uint8)
    assert decode_stream(registry.JPEG_BASELINE, bytes(imagecodecs.jpeg8_encode(colour))).shape == (8, 6, 3)


def rle(*planes: bytes) -> bytes:
    packed = [bytes(imagecodecs.packbits_encode(plane)) for plane in planes]
    packed = [segment + b"\0" * (len(segment) % 2) for segment in packed]
    offsets = [64 + sum(map(len, packed[:index])) for index in range(len(packed))]
    return struct.pack("<16I", len(packed), *offsets, *[0] * (15 - len(packed))) + b"".join(packed)


def test_run_lengths_are_unfolded_plane_by_plane_most_significant_byte_first() -> None:
    high, low = bytes([1, 1, 1, 2]), bytes([5, 6, 7, 8])
    found = decode_rle(rle(high, low), pixels=4, samples=1, sample_bytes=2)
    assert found.tolist() == [[list(high), list(low)]]


def test_colour_planes_stay_apart() -> None:
    found = decode_rle(rle(b"rrrr", b"gggg", b"bbbb"), pixels=4, samples=3, sample_bytes=1)
    assert [bytes(sample[0]) for sample in found] == [b"rrrr", b"gggg", b"bbbb"]


@pytest.mark.parametrize("pixels", [3000, 4])
def test_a_segment_of_fewer_or_many_more_pixels_than_promised_is_refused(pixels: int) -> None:
    with pytest.raises(Refused, match="RLE segment size"):
        decode_rle(rle(bytes(2000)), pixels=pixels, samples=1, sample_bytes=1)


@pytest.mark.parametrize("stream", [b"", rle(b"aaaa", b"bbbb"), rle(b"aaaa")[:60]])
def test_segments_that_are_not_those_of_the_layout_are_refused(stream: bytes) -> None:
    with pytest.raises(Refused, match="bad-pixel-stream"):
        decode_rle(stream, pixels=4, samples=1, sample_bytes=1)
