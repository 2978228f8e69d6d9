"""Decode every compressed frame once, within bounds: what cannot be shown is refused before it is kept.

Source: limits of Confrere's own parser jail; PS3.5 Annex A.4 for the encodings.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from confrere.core.dicom import registry
from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.codecs import decode_rle, decode_stream
from confrere.core.dicom.frames import encapsulated_frames
from confrere.core.dicom.high_bits import carries_hidden_bits
from confrere.core.dicom.pixels import PixelLayout
from confrere.core.dicom.walk import PIXEL_DATA
from confrere.core.terms import Held, Refused

_MIB = 1 << 20
FRAME_FLOOR = 64 * _MIB
FRAME_RATIO = 100
# Beyond this much decoded in one instance the remaining frames are believed by their headers.
DECODED_AT_MOST = 1024 * _MIB


def check_decodable(attributes: Attributes, layout: PixelLayout | None, transfer_syntax_uid: str) -> None:
    """Raise unless the compressed frames decode to the promised size; native pixels need no proof.

    Raises Refused: bad-pixel-stream, expands-too-much, pixel-size-mismatch; Held("burned-in-text") when a
    reversible stream hides something in bits that no window shows.
    """
    if layout is None or transfer_syntax_uid in registry.NATIVE:
        return
    element = attributes.by_tag[PIXEL_DATA]
    decoded = 0
    for frame in encapsulated_frames(attributes, element, layout.frames):
        stream = frame.joined(attributes.read)
        if layout.decoded_frame_size > max(FRAME_FLOOR, FRAME_RATIO * len(stream)):
            raise Refused("expands-too-much", f"{FRAME_RATIO} times")
        decoded += layout.decoded_frame_size
        if decoded > DECODED_AT_MOST:
            return
        samples = decode_compressed(stream, layout, transfer_syntax_uid)
        if transfer_syntax_uid in registry.REVERSIBLE and carries_hidden_bits(samples, layout):
            raise Held("burned-in-text", "bits above BitsStored")


def decode_compressed(stream: bytes, layout: PixelLayout, transfer_syntax_uid: str) -> NDArray[Any]:
    """One compressed frame as stored values: (rows, columns) or (rows, columns, 3), signed as coded.

    Raises Refused("bad-pixel-stream") or Refused("pixel-size-mismatch").
    """
    if transfer_syntax_uid == registry.RLE:
        return _rle(stream, layout)
    decoded = decode_stream(transfer_syntax_uid, stream)
    wanted = (layout.rows, layout.columns, layout.samples)[: 2 if layout.samples == 1 else 3]
    if decoded.shape != wanted or decoded.dtype.itemsize * 8 > layout.allocated:
        raise Refused("pixel-size-mismatch", "decoded frame")
    return decoded


def _rle(stream: bytes, layout: PixelLayout) -> NDArray[Any]:
    width = layout.allocated // 8
    if width not in {1, 2, 4}:
        raise Refused("bad-pixel-stream", "RLE depth")
    planes = decode_rle(stream, pixels=layout.rows * layout.columns, samples=layout.samples, sample_bytes=width)
    # Planes come most significant byte first; glue them into big-endian words, then to the machine's order.
    words = np.ascontiguousarray(planes.transpose(0, 2, 1)).view(f">u{width}")
    native = words.reshape(layout.samples, layout.rows, layout.columns).astype(f"u{width}")
    return native[0] if layout.samples == 1 else np.ascontiguousarray(native.transpose(1, 2, 0))
