"""Write one frame back without loss, in the family of transfer syntaxes it came in; proven by reading it again.

Source: PS3.5 Annex A.4 (encapsulated syntaxes) and Annex G (RLE).
"""

import struct
from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from confrere.core.dicom import registry
from confrere.core.dicom.codecs import decode_stream
from confrere.core.dicom.registry import EXPLICIT_LITTLE, RLE

_ENCODING = registry.IMPLICIT_LITTLE
JPEG_LOSSLESS_1, JPEG_LS_LOSSLESS = f"{_ENCODING}.4.70", f"{_ENCODING}.4.80"
JPEG_2000_LOSSLESS, HTJ2K_LOSSLESS = f"{_ENCODING}.4.90", f"{_ENCODING}.4.201"
# What a picture that lost something by its encoding has to keep saying (PS3.3 C.7.6.1.1.5).
LOSSY = frozenset(f"{_ENCODING}.4.{tail}" for tail in ("50", "51", "81", "91", "203"))

_MOST_SEGMENTS = 15


def lossless_syntax(transfer_syntax_uid: str) -> str:
    """The lossless syntax of the same family; explicit little endian for native pixels that were not implicit."""
    if transfer_syntax_uid in {registry.JPEG_BASELINE, registry.JPEG_EXTENDED} | registry.JPEG_LOSSLESS:
        return JPEG_LOSSLESS_1
    for family, lossless in (
        (registry.JPEG_LS, JPEG_LS_LOSSLESS),
        (registry.JPEG_2000, JPEG_2000_LOSSLESS),
        (registry.HTJ2K, HTJ2K_LOSSLESS),
    ):
        if transfer_syntax_uid in family:
            return lossless
    if transfer_syntax_uid in {RLE, registry.IMPLICIT_LITTLE}:
        return transfer_syntax_uid
    return EXPLICIT_LITTLE


def encode_lossless(transfer_syntax_uid: str, frame: NDArray[Any]) -> bytes | None:
    """`frame` (rows, columns) or (rows, columns, samples) in one of the lossless syntaxes above.

    None when the one encoder of that syntax cannot, or what it wrote does not read as the same: then the caller writes
    native pixels.
    """
    if transfer_syntax_uid == RLE:
        return _rle(frame)
    try:
        stream = bytes(_ENCODERS[transfer_syntax_uid](frame))
        read = decode_stream(transfer_syntax_uid, stream)
    except Exception:
        # Whatever the encoder cannot take goes out uncompressed; its words may quote values.
        return None
    return stream if read.dtype == frame.dtype and np.array_equal(read, frame) else None


def _jpeg(frame: NDArray[Any]) -> bytes:
    bits = 8 * frame.dtype.itemsize
    if frame.ndim == 2:
        return bytes(imagecodecs.jpeg8_encode(frame, lossless=True, bitspersample=bits))
    # Three channels are stored as they are: a colour transform would cost bits.
    return bytes(
        imagecodecs.jpeg8_encode(frame, lossless=True, bitspersample=bits, colorspace="RGB", outcolorspace="RGB")
    )


def _jpeg_ls(frame: NDArray[Any]) -> bytes:
    return bytes(imagecodecs.jpegls_encode(frame))


def _jpeg_2000(frame: NDArray[Any]) -> bytes:
    return bytes(imagecodecs.jpeg2k_encode(frame, level=0, codecformat="j2k", reversible=True, mct=False))


def _htj2k(frame: NDArray[Any]) -> bytes:
    return bytes(imagecodecs.htj2k_encode(frame))


_ENCODERS: dict[str, Callable[[NDArray[Any]], bytes]] = {
    JPEG_LOSSLESS_1: _jpeg,
    JPEG_LS_LOSSLESS: _jpeg_ls,
    JPEG_2000_LOSSLESS: _jpeg_2000,
    HTJ2K_LOSSLESS: _htj2k,
}


def _rle(frame: NDArray[Any]) -> bytes | None:
    """One RLE frame: a segment for each byte of each sample, most significant first, each row by itself (G.3.1)."""
    samples = frame[..., None] if frame.ndim == 2 else frame
    width = samples.dtype.itemsize
    cells = np.ascontiguousarray(samples.transpose(2, 0, 1)).astype(samples.dtype.newbyteorder(">"))
    planes = cells.view(np.uint8).reshape(*cells.shape, width)
    segments = []
    for sample in range(planes.shape[0]):
        for byte in range(width):
            rows = np.ascontiguousarray(planes[sample, :, :, byte])
            segment = b"".join(imagecodecs.packbits_encode(row.tobytes()) for row in rows)
            segments.append(segment + b"\0" * (len(segment) % 2))
    if len(segments) > _MOST_SEGMENTS:
        return None
    offsets, at = [], 64
    for segment in segments:
        offsets.append(at)
        at += len(segment)
    return struct.pack("<16I", len(segments), *offsets, *[0] * (_MOST_SEGMENTS - len(segments))) + b"".join(segments)
