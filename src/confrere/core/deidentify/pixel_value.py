"""The pixel data element of the output: byte for byte the input's, except where something was hidden in it.

Two things are taken out, and recorded: bits that no window shows and that are neither zero nor sign
extension (only by a profile that judges pixels), and words inside compressed streams (comments, camera data,
thumbnails). Neither changes a pixel that anyone can see.

Source: PS3.5 8.1.1; ISO/IEC 10918-1 B.2.4.5 and B.2.4.6; ISO/IEC 15444-1 A.9.2.
"""

from dataclasses import dataclass, replace

import numpy as np

from confrere.core.dicom import registry
from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.frames import encapsulated_frames
from confrere.core.dicom.high_bits import carries_hidden_bits, without_hidden_bits
from confrere.core.dicom.pixels import PixelLayout
from confrere.core.dicom.streams import read_shape
from confrere.core.dicom.walk import PIXEL_TAGS, Buffer, Element, HeadTooShort
from confrere.core.terms import Refused

NO_PIXELS = "none"
_CHUNK_CELLS = 1 << 22


@dataclass(frozen=True, slots=True)
class PixelElement:
    """The pixel element as it goes out: the source's own bytes [start, stop), or `replaced` in their place.

    `header` is the element's own tag, VR and length. `deed` says what had to be done to it ("" when nothing,
    NO_PIXELS where there is no such element: then it is empty).
    `buffer` is what start and stop count in, as far as it was read. `was_read` says that the value had to be looked at.
    """

    start: int
    stop: int
    header: bytes
    is_encapsulated: bool
    buffer: Buffer
    replaced: Buffer | None = None
    deed: str = ""
    was_read: bool = False

    @property
    def content(self) -> Buffer:
        """The whole element; only where all of it was read."""
        return memoryview(self.buffer)[self.start : self.stop] if self.replaced is None else self.replaced


def pixel_element(
    attributes: Attributes, layout: PixelLayout | None, transfer_syntax_uid: str, *, judged: bool
) -> PixelElement:
    """The pixel data element of `attributes` for the output; an empty one where there is no `layout`.

    Unless `judged`, native pixels are not looked at, and a compressed stream that cannot be read goes out as it came:
    such a profile is never released. Raises Refused("bad-pixel-stream"), or HeadTooShort when bytes that have to be
    looked at were not read.
    """
    if layout is None:
        return PixelElement(0, 0, b"", is_encapsulated=False, buffer=attributes.buffer, deed=NO_PIXELS)
    element = next(attributes.by_tag[tag] for tag in PIXEL_TAGS if tag in attributes.by_tag)
    if transfer_syntax_uid in registry.NATIVE:
        return _native(attributes.buffer, element, layout) if judged else _untouched(attributes.buffer, element)
    try:
        return _encapsulated(attributes, element, layout, transfer_syntax_uid, judged=judged)
    except Refused:
        if judged:
            raise
        return _untouched(attributes.buffer, element)


def _untouched(buffer: Buffer, element: Element) -> PixelElement:
    header = bytes(buffer[element.start : element.value])
    return PixelElement(element.start, element.end, header, element.is_delimited, buffer)


def _replaced(buffer: Buffer, element: Element, content: Buffer, deed: str) -> PixelElement:
    header = bytes(buffer[element.start : element.value])
    return PixelElement(element.start, element.end, header, element.is_delimited, buffer, content, deed, was_read=True)


def _native(buffer: Buffer, element: Element, layout: PixelLayout) -> PixelElement:
    if layout.stored == layout.allocated or layout.allocated not in {8, 16, 32}:
        return _untouched(buffer, element)
    if element.end > len(buffer):
        raise HeadTooShort
    whole = memoryview(buffer)[element.start : element.end]
    width = layout.allocated // 8
    offset, size = element.value - element.start, layout.native_size // width * width
    cells = np.frombuffer(whole, f"<u{width}", size // width, offset)
    if not carries_hidden_bits(cells, layout):
        return replace(_untouched(buffer, element), was_read=True)
    cleaned = bytearray(whole)
    target = np.frombuffer(cleaned, f"<u{width}", size // width, offset)
    for start in range(0, len(cells), _CHUNK_CELLS):  # in parts: a copy of the whole would double the memory
        part = slice(start, start + _CHUNK_CELLS)
        target[part] = without_hidden_bits(cells[part], layout)
    return _replaced(buffer, element, cleaned, "unused-bits-cleared")


def _encapsulated(
    attributes: Attributes, element: Element, layout: PixelLayout, syntax: str, *, judged: bool
) -> PixelElement:
    """The compressed element without the words in its streams and, where pixels are judged, without their tails."""
    buffer = attributes.buffer
    if syntax == registry.RLE:
        return _untouched(buffer, element)
    cleaned: bytearray | None = None
    for frame in encapsulated_frames(attributes, element, layout.frames):
        shape = read_shape(syntax, frame.joined(buffer))
        for start, stop in (*shape.words, *(shape.tail if judged else ())):
            cleaned = bytearray(memoryview(buffer)[element.start : element.end]) if cleaned is None else cleaned
            for first, last in frame.in_buffer(start, stop):
                cleaned[first - element.start : last - element.start] = bytes(last - first)
    if cleaned is None:
        return _untouched(buffer, element)
    return _replaced(buffer, element, cleaned, "stream-words-cleared")
