"""The pixel data element of the output: byte for byte the input's, except where something was hidden in it.

Two things are taken out, and recorded: bits that no window shows and that are neither zero nor sign
extension, and words inside compressed streams (comments, camera data, thumbnails). Neither changes a pixel
that anyone can see.

Source: PS3.5 8.1.1; ISO/IEC 10918-1 B.2.4.5 and B.2.4.6; ISO/IEC 15444-1 A.9.2.
"""

from dataclasses import dataclass

import numpy as np

from confrere.core.dicom import registry
from confrere.core.dicom.frames import encapsulated_frames
from confrere.core.dicom.high_bits import carries_hidden_bits, without_hidden_bits
from confrere.core.dicom.inspect import ExaminedInstance
from confrere.core.dicom.pixels import PixelLayout
from confrere.core.dicom.streams import read_shape
from confrere.core.dicom.walk import PIXEL_DATA, PIXEL_TAGS, Buffer
from confrere.core.terms import Refused

_CHUNK_CELLS = 1 << 22


@dataclass(frozen=True, slots=True)
class PixelElement:
    """The whole element as it goes out, and what had to be done to it ("" when nothing, "none" without pixels)."""

    content: Buffer
    deed: str = ""


def pixel_element(examined: ExaminedInstance, *, must_read: bool = True) -> PixelElement:
    """The pixel data element of `examined` for the output; shares the input's memory when untouched, empty if there
    is none.

    A compressed stream that cannot be read raises Refused("bad-pixel-stream"), unless not `must_read`: then it goes
    out as it came, for a profile that does not judge pixels and is never released.
    """
    if examined.layout is None:
        return PixelElement(b"", "none")
    if examined.facts.transfer_syntax_uid in registry.NATIVE:
        return _native(examined, examined.layout)
    try:
        return _encapsulated(examined, examined.layout.frames)
    except Refused:
        if must_read:
            raise
        element = examined.attributes.by_tag[PIXEL_DATA]
        return PixelElement(memoryview(examined.plain.buffer)[element.start : element.end])


def _native(examined: ExaminedInstance, layout: PixelLayout) -> PixelElement:
    element = next(examined.attributes.by_tag[tag] for tag in PIXEL_TAGS if tag in examined.attributes.by_tag)
    whole = memoryview(examined.plain.buffer)[element.start : element.end]
    if layout.stored == layout.allocated or layout.allocated not in {8, 16, 32}:
        return PixelElement(whole)
    width = layout.allocated // 8
    offset, size = element.value - element.start, layout.native_size // width * width
    cells = np.frombuffer(whole, f"<u{width}", size // width, offset)
    if not carries_hidden_bits(cells, layout):
        return PixelElement(whole)
    cleaned = bytearray(whole)
    target = np.frombuffer(cleaned, f"<u{width}", size // width, offset)
    for start in range(0, len(cells), _CHUNK_CELLS):  # in parts: a copy of the whole would double the memory
        part = slice(start, start + _CHUNK_CELLS)
        target[part] = without_hidden_bits(cells[part], layout)
    return PixelElement(cleaned, "unused-bits-cleared")


def _encapsulated(examined: ExaminedInstance, frames: int) -> PixelElement:
    element, syntax = examined.attributes.by_tag[PIXEL_DATA], examined.facts.transfer_syntax_uid
    buffer = examined.plain.buffer
    whole = memoryview(buffer)[element.start : element.end]
    if syntax == registry.RLE:
        return PixelElement(whole)
    cleaned: bytearray | None = None
    for frame in encapsulated_frames(examined.attributes, element, frames):
        for start, stop in read_shape(syntax, frame.joined(buffer)).words:
            cleaned = bytearray(whole) if cleaned is None else cleaned
            for first, last in frame.in_buffer(start, stop):
                cleaned[first - element.start : last - element.start] = bytes(last - first)
    return PixelElement(whole) if cleaned is None else PixelElement(cleaned, "stream-words-cleared")
