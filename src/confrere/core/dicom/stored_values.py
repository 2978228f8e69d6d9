"""The stored values of one frame of a CLEANED instance, by the one decoder of its transfer syntax.

Source: PS3.5 clause 8 and Annex A.4; PS3.3 C.7.6.3.1 (image pixel attributes).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from confrere.core.dicom import registry
from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.decodable import FRAME_FLOOR, FRAME_RATIO, decode_compressed
from confrere.core.dicom.frames import encapsulated_frames
from confrere.core.dicom.normalise import normalise
from confrere.core.dicom.pixels import PixelLayout, check_pixels
from confrere.core.dicom.streams import read_shape
from confrere.core.dicom.walk import PIXEL_DATA, Buffer, walk
from confrere.core.terms import Refused


@dataclass(frozen=True, slots=True)
class OpenedInstance:
    """A cleaned instance opened for its pixels, sizes already proven."""

    attributes: Attributes
    layout: PixelLayout
    transfer_syntax_uid: str


def open_instance(cleaned: Buffer) -> OpenedInstance:
    """`cleaned` opened; raises Refused as `check_pixels` does."""
    plain = normalise(cleaned)
    walked = walk(plain.buffer, plain.start, implicit=plain.implicit)
    attributes = Attributes(plain.buffer, walked.elements)
    syntax = plain.transfer_syntax_uid
    return OpenedInstance(attributes, check_pixels(attributes, syntax), syntax)


def decode_frame(cleaned: Buffer, frame: int) -> NDArray[Any]:
    """The stored values of frame `frame` (the first is 1) as (rows, columns) or (rows, columns, 3).

    Grey values are signed where the header says so. Colour is RGB for JPEG streams, else as stored.
    Raises Refused; IndexError for a frame that does not exist.
    """
    return stored_values(open_instance(cleaned), frame)


def stored_values(opened: OpenedInstance, frame: int, *, signed: bool = True) -> NDArray[Any]:
    """As `decode_frame`, for an instance already open; without `signed` the cells as they are coded."""
    layout = opened.layout
    if not 1 <= frame <= layout.frames:
        raise IndexError("no such frame")
    if opened.transfer_syntax_uid in registry.NATIVE:
        cells = _native(opened, frame)
    else:
        cells = decode_compressed(compressed_frame(opened, frame), layout, opened.transfer_syntax_uid)
    return _as_signed(cells, layout) if signed else cells


def compressed_frame(opened: OpenedInstance, frame: int) -> bytes:
    """The whole stream of frame `frame` (the first is 1), its promised size already bounded."""
    attributes, layout = opened.attributes, opened.layout
    spans = encapsulated_frames(attributes, attributes.by_tag[PIXEL_DATA], layout.frames)
    stream = spans[frame - 1].joined(attributes.read)
    if layout.decoded_frame_size > max(FRAME_FLOOR, FRAME_RATIO * len(stream)):
        raise Refused("expands-too-much", f"{FRAME_RATIO} times")
    if opened.transfer_syntax_uid != registry.RLE:
        read_shape(opened.transfer_syntax_uid, stream)
    return stream


def _native(opened: OpenedInstance, frame: int) -> NDArray[Any]:
    layout, element = opened.layout, opened.attributes.by_tag[PIXEL_DATA]
    buffer, shape = opened.attributes.buffer, (layout.rows, layout.columns)
    first_bit = (frame - 1) * layout.frame_bits
    if layout.allocated == 1:
        value = np.frombuffer(buffer, np.uint8, (layout.native_size), element.value)
        bits = np.unpackbits(value[first_bit // 8 :], bitorder="little")
        return bits[first_bit % 8 :][: layout.frame_bits].reshape(shape)
    width = layout.allocated // 8
    count = layout.frame_bits // layout.allocated
    cells = np.frombuffer(buffer, f"<u{width}", count, element.value + first_bit // 8)
    if layout.samples == 1:
        return cells.reshape(shape)
    if count == 2 * layout.rows * layout.columns:
        return _full_colour(cells, shape)
    if layout.planar:
        return cells.reshape(layout.samples, *shape).transpose(1, 2, 0)
    return cells.reshape(*shape, layout.samples)


def _full_colour(cells: NDArray[Any], shape: tuple[int, int]) -> NDArray[Any]:
    """YBR_FULL_422 (Y1 Y2 Cb Cr for each pair of pixels) with the colour repeated for both."""
    pairs = cells.reshape(-1, 4)
    full = np.empty((len(pairs), 2, 3), cells.dtype)
    full[:, :, 0] = pairs[:, :2]
    full[:, :, 1:] = pairs[:, None, 2:]
    return full.reshape(*shape, 3)


def _as_signed(cells: NDArray[Any], layout: PixelLayout) -> NDArray[Any]:
    """Grey cells with the bits outside BitsStored gone and the sign in place."""
    if layout.samples != 1 or cells.dtype.kind != "u":
        return cells
    drop = layout.high_bit + 1 - layout.stored
    if drop:
        cells = cells >> drop
    width = 8 * cells.dtype.itemsize
    if not layout.signed:
        return cells if layout.stored >= width else cells & cells.dtype.type((1 << layout.stored) - 1)
    spare = max(0, width - layout.stored)
    signed: NDArray[Any] = np.left_shift(cells, spare).view(f"i{cells.dtype.itemsize}") >> spare
    return signed
