"""Masks in the uncompressed pixel bytes of an instance, where they lie: no other byte changes.

Source: PS3.5 clause 8.1 and 8.2; PS3.3 C.7.6.3.1.3 (planar configuration), C.7.6.3.1.2 (photometric interpretation).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from confrere.core.dicom.pixels import FLOATING
from confrere.core.dicom.stored_values import OpenedInstance, stored_values
from confrere.core.dicom.walk import PIXEL_DATA, PIXEL_TAGS
from confrere.core.pixels.masked import Cells, cover, fill_for, under_boxes
from confrere.core.pixels.regions import Box
from confrere.core.terms import Broken


def native_with_masks(opened: OpenedInstance, boxes: Sequence[tuple[Box, ...]]) -> bytes:
    """The value of the native pixel element with `boxes` (for each frame) written over."""
    tag = next(tag for tag in PIXEL_TAGS if tag in opened.attributes.by_tag)
    element, layout = opened.attributes.by_tag[tag], opened.layout
    value = bytearray(memoryview(opened.attributes.buffer)[element.value : element.stop])
    if layout.allocated == 1:
        return _single_bits(value, opened, boxes)
    code = f"<f{layout.allocated // 8}" if tag in FLOATING else f"<u{layout.allocated // 8}"
    count = layout.frame_bits // layout.allocated
    cells = np.frombuffer(value, code, count * layout.frames).reshape(layout.frames, count)
    shape = (layout.rows, layout.columns)
    fill = fill_for(layout, opened.attributes, is_rgb=False)
    for frame, covers in enumerate(boxes):
        if not covers:
            continue
        if layout.samples == 1:
            flat = cells[frame].reshape(shape)
            cover(flat, _as_light(opened, frame, flat, is_whole=tag == PIXEL_DATA), covers, fill)
        elif count == 2 * layout.rows * layout.columns:
            _cover_pairs(cells[frame], shape, covers, fill)
        elif layout.planar:
            planes = cells[frame].reshape(layout.samples, *shape).transpose(1, 2, 0)
            cover(planes, planes, covers, fill)
        else:
            inter = cells[frame].reshape(*shape, layout.samples)
            cover(inter, inter, covers, fill)
    return bytes(value)


def _as_light(opened: OpenedInstance, frame: int, flat: Cells, *, is_whole: bool) -> Cells:
    """The frame's values, the darkest least."""
    values = stored_values(opened, frame + 1) if is_whole else flat
    return -values.astype(np.float64) if opened.layout.photometric == "MONOCHROME1" else values


def _cover_pairs(cells: Cells, shape: tuple[int, int], boxes: Sequence[Box], fill: Any) -> None:
    """YBR_FULL_422: two pixels share their colour, so a pair is covered as one."""
    pairs = cells.reshape(-1, 4)
    under = under_boxes(boxes, shape).reshape(-1, 2).any(axis=1)
    pairs[under] = (fill[0], fill[0], fill[1], fill[2])


def _single_bits(value: bytearray, opened: OpenedInstance, boxes: Sequence[tuple[Box, ...]]) -> bytes:
    layout = opened.layout
    if layout.samples != 1:
        raise Broken("single bits in colour", retryable=False)
    bits = np.unpackbits(np.frombuffer(value, np.uint8), bitorder="little")
    frames = bits[: layout.frames * layout.frame_bits].reshape(layout.frames, layout.rows, layout.columns)
    for frame, covers in enumerate(boxes):
        frames[frame][under_boxes(covers, (layout.rows, layout.columns))] = layout.photometric == "MONOCHROME1"
    return np.packbits(bits, bitorder="little").tobytes()[: len(value)]
