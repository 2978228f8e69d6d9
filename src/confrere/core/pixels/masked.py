"""Put boxes over one frame of stored cells: nothing of what stood there survives, nothing outside is touched.

Source: PS3.15 E.3.1 (Clean Pixel Data); PS3.3 C.7.6.3.1 (image pixel attributes).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.pixels import PixelLayout
from confrere.core.pixels.regions import Box

Cells = NDArray[Any]
"""Cells as they are coded: (rows, columns), or (rows, columns, samples); not yet signed, unused bits and all."""


def cover(cells: Cells, shown: Cells, boxes: Sequence[Box], fill: Any) -> None:
    """Write over `cells` under `boxes`, in place.

    `fill` is the cell to write; None takes, for grey cells, the cell whose value in `shown` (the same frame as signed
    values) is the least outside all boxes, so that no window or percentile moves.
    """
    under = under_boxes(boxes, cells.shape)
    if fill is None:
        fill = _least_outside(cells, shown, under)
    cells[under] = fill


def under_boxes(boxes: Sequence[Box], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """(rows, columns), True under any box; what lies outside the frame is nobody's."""
    under = np.zeros(shape[:2], np.bool_)
    for box in boxes:
        under[box.top : box.bottom, box.left : box.right] = True
    return under


def _least_outside(cells: Cells, shown: Cells, under: NDArray[np.bool_]) -> Any:
    outside = ~under
    if not outside.any():
        return cells.dtype.type(0)
    values = np.where(outside, shown, shown[outside].max())
    return cells.reshape(-1)[np.flatnonzero(outside.reshape(-1) & (values == values.min()).reshape(-1))[0]]


def fill_for(layout: PixelLayout, attributes: Attributes, *, is_rgb: bool) -> Any:
    """The cell to write for black; None for grey, where it is taken from the frame."""
    if layout.photometric == "PALETTE COLOR":
        return darkest_index(attributes, layout)
    if layout.samples == 1:
        return None
    if is_rgb or not layout.photometric.startswith("YBR"):
        return 0
    neutral = 1 << (layout.stored - 1)
    black = 16 << (layout.stored - 8) if "PARTIAL" in layout.photometric and layout.stored >= 8 else 0
    return np.array((black, neutral, neutral), f"<u{layout.allocated // 8}")


def darkest_index(attributes: Attributes, layout: PixelLayout) -> int:
    """The palette index of the least light colour; the first index for a palette that is given in segments."""
    light: NDArray[np.float64] | None = None
    first = 0
    for number in range(3):
        entries, first, _ = attributes.shorts(0x00281101 + number)
        raw = attributes.raw(0x00281201 + number)
        if raw is None:
            return first
        entries = entries or 1 << 16
        table = np.frombuffer(raw, np.uint8 if len(raw) < 2 * entries else "<u2", entries).astype(np.float64)
        light = table if light is None else light + table
    at = first + int(np.argmin(light)) if light is not None else first
    return min(at, (1 << layout.stored) - 1)
