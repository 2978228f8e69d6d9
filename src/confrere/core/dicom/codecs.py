"""One named decoder for each compressed transfer syntax; there is no second try with another.

A decoder that refuses ends the matter: falling back to whatever else is installed is how a 1 kB file once
held a worker for minutes. Callers check sizes first (streams.py), so a decoder never chooses how much to
allocate.
"""

from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from confrere.core.dicom import registry
from confrere.core.dicom.streams import check_rle
from confrere.core.terms import Refused

_Decoder = Callable[[bytes], NDArray[Any]]


def _decoders() -> dict[str, _Decoder]:
    table: dict[str, _Decoder] = {
        registry.JPEG_BASELINE: imagecodecs.jpeg8_decode,
        registry.JPEG_EXTENDED: imagecodecs.jpeg8_decode,
    }
    table |= dict.fromkeys(registry.JPEG_LOSSLESS, imagecodecs.jpeg8_decode)
    table |= dict.fromkeys(registry.JPEG_LS, imagecodecs.jpegls_decode)
    table |= dict.fromkeys(registry.JPEG_2000, imagecodecs.jpeg2k_decode)
    table |= dict.fromkeys(registry.HTJ2K, imagecodecs.htj2k_decode)
    return table


_TABLE = _decoders()


def decode_stream(transfer_syntax_uid: str, stream: bytes) -> NDArray[Any]:
    """One compressed frame (not RLE) as (rows, columns) or (rows, columns, samples).

    Raises Refused("bad-pixel-stream") when the one decoder of that syntax cannot read it.
    """
    try:
        return np.asarray(_TABLE[transfer_syntax_uid](stream))
    except Exception:
        # Each codec has its own exception family and quotes file content in it; none may travel.
        raise Refused("bad-pixel-stream", "not decodable") from None


def decode_rle(stream: bytes, *, pixels: int, samples: int, sample_bytes: int) -> NDArray[np.uint8]:
    """One RLE frame as (samples, sample_bytes, pixels) of bytes, most significant byte first.

    Source: PS3.5 Annex G. Raises Refused("bad-pixel-stream").
    """
    planes = np.zeros((samples * sample_bytes, pixels), np.uint8)
    for plane, (start, stop) in zip(planes, check_rle(stream, samples * sample_bytes), strict=True):
        try:
            raw = imagecodecs.packbits_decode(stream[start:stop])
        except Exception:
            raise Refused("bad-pixel-stream", "not decodable") from None
        # A segment may end in one byte of padding (G.3.1), never in fewer pixels.
        if not pixels <= len(raw) <= pixels + 128:
            raise Refused("bad-pixel-stream", "RLE segment size")
        plane[:] = np.frombuffer(raw, np.uint8, pixels)
    return planes.reshape(samples, sample_bytes, pixels)
