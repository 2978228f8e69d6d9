"""Masks burned into the stored pixels of a whole instance, at full depth, in every frame.

Source: PS3.15 E.3.1 (Clean Pixel Data); PS3.3 C.7.6.3 (image pixel), C.9.2 (overlay plane), C.7.6.1.1.5 (lossy image
compression); PS3.5 Annex A.4.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from confrere.core.dicom import registry
from confrere.core.dicom.lossless import encode_lossless, lossless_syntax
from confrere.core.dicom.pixels import PixelLayout
from confrere.core.dicom.stored_values import OpenedInstance, compressed_frame, open_instance, stored_values
from confrere.core.dicom.walk import Buffer
from confrere.core.pixels.masked import Cells, cover, fill_for
from confrere.core.pixels.native import native_with_masks
from confrere.core.pixels.regions import Box, Region
from confrere.core.pixels.written import Written, write_instance
from confrere.core.terms import Broken


def burn_instance(original: Buffer, regions: Iterable[Region]) -> bytes:
    """`original` as a whole DICOM file in which nothing of the pixels under `regions` survives.

    Pixels outside are bit for bit what they were. Overlays, icons, the preamble, and whatever follows the pixels are
    gone. Compressed frames come back in a lossless syntax of their family, or native where its encoder cannot; a
    picture that was lossy keeps saying so. Nothing else of the header changes: this is still identified.
    Raises Refused as `decode_frame`; ValueError for a region on frames that do not exist.
    """
    by_frame = list(regions)
    opened = open_instance(original)
    frames = opened.layout.frames
    if any(region.last_frame >= frames for region in by_frame):
        raise ValueError("a region lies on a frame that does not exist")
    boxes = [tuple(region.box for region in by_frame if region.is_on(frame)) for frame in range(frames)]
    if opened.transfer_syntax_uid in registry.NATIVE:
        pixels = native_with_masks(opened, boxes)
        syntax = opened.transfer_syntax_uid
        written = Written(syntax if syntax == registry.IMPLICIT_LITTLE else registry.EXPLICIT_LITTLE, native=pixels)
    else:
        written = _compressed(opened, boxes)
    return write_instance(opened, written)


def _compressed(opened: OpenedInstance, boxes: Sequence[tuple[Box, ...]]) -> Written:
    layout, syntax = opened.layout, lossless_syntax(opened.transfer_syntax_uid)
    is_rgb = layout.samples == 3 and opened.transfer_syntax_uid not in {registry.RLE} | registry.JPEG_LS
    fill = fill_for(layout, opened.attributes, is_rgb=is_rgb)
    streams: list[bytes] = []
    for frame, covers in enumerate(boxes):
        stream = _stream(opened, frame, covers, fill)
        if stream is None:
            return Written(registry.EXPLICIT_LITTLE, native=_all_native(opened, boxes, fill), is_rgb=is_rgb)
        streams.append(stream)
    return Written(syntax, streams=tuple(streams), is_rgb=is_rgb)


def _stream(opened: OpenedInstance, frame: int, boxes: tuple[Box, ...], fill: Any) -> bytes | None:
    """The frame's own stream where nothing is to be covered and its syntax stays, else a new one."""
    syntax = lossless_syntax(opened.transfer_syntax_uid)
    if not boxes and syntax == opened.transfer_syntax_uid:
        return compressed_frame(opened, frame + 1)
    return encode_lossless(syntax, _masked_frame(opened, frame, boxes, fill))


def _masked_frame(opened: OpenedInstance, frame: int, boxes: tuple[Box, ...], fill: Any) -> Cells:
    shown, cells = stored_values(opened, frame + 1, signed=True), stored_values(opened, frame + 1, signed=False)
    cells = np.array(cells)  # a copy: a decoder may hand out memory it owns
    if boxes:
        upside = -shown.astype(np.float64) if opened.layout.photometric == "MONOCHROME1" else shown
        cover(cells, upside, boxes, fill)
    return cells


def _all_native(opened: OpenedInstance, boxes: Sequence[tuple[Box, ...]], fill: Any) -> bytes:
    layout = opened.layout
    out = bytearray()
    for frame, covers in enumerate(boxes):
        out += _widened(_masked_frame(opened, frame, covers, fill), layout).tobytes()
    return bytes(out)


def _widened(cells: Cells, layout: PixelLayout) -> Cells:
    """`cells` in the width the header promises, little endian, the sign kept."""
    if layout.allocated < 8:
        raise Broken("single bits are never compressed", retryable=False)
    kind = "i" if cells.dtype.kind == "i" else "u"
    wide: Cells = cells.astype(f"<{kind}{layout.allocated // 8}")
    return wide
