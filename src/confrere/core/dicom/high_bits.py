"""The bits of a pixel cell that no window ever shows, where a name can be drawn unseen.

Source: PS3.5 clause 8.1.1 (pixel data encoding: bits outside BitsStored are zero or sign extension).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from confrere.core.dicom.pixels import PixelLayout


def carries_hidden_bits(samples: NDArray[Any], layout: PixelLayout) -> bool:
    """True when the unused bits are neither all zero nor the sign extension of every value."""
    if layout.stored >= layout.allocated or samples.dtype.kind not in "iu":
        return False
    cells = samples.view(f"u{samples.dtype.itemsize}")
    if layout.stored >= 8 * cells.dtype.itemsize:
        return False
    if not (cells & _unused(layout, cells.dtype)).any():
        return False
    if layout.high_bit != layout.stored - 1:
        return True
    return not np.array_equal(cells, _sign_extended(cells, layout))


def without_hidden_bits(samples: NDArray[Any], layout: PixelLayout) -> NDArray[Any]:
    """`samples` with every unused bit cleared, or set to the sign where the pixels are signed."""
    cells = samples.view(f"u{samples.dtype.itemsize}")
    if layout.signed and layout.high_bit == layout.stored - 1:
        return _sign_extended(cells, layout)
    result: NDArray[Any] = cells & ~_unused(layout, cells.dtype)
    return result


def _unused(layout: PixelLayout, dtype: np.dtype[Any]) -> Any:  # a numpy scalar of that dtype
    shown = ((1 << layout.stored) - 1) << (layout.high_bit + 1 - layout.stored)
    full = (1 << (8 * dtype.itemsize)) - 1
    return dtype.type(full & ~shown)


def _sign_extended(cells: NDArray[Any], layout: PixelLayout) -> NDArray[Any]:
    spare = 8 * cells.dtype.itemsize - layout.stored
    signed = np.left_shift(cells, spare).view(f"i{cells.dtype.itemsize}")
    extended: NDArray[Any] = np.right_shift(signed, spare).view(cells.dtype)
    return extended
