"""Stored pixels of any depth as 8-bit pictures in which a text detector sees what any viewer could show.

A display window can hide text that another viewer's window reveals, so no window is used: values are spread by rank
over the whole picture, and by mean and deviation around each pixel.

Source: measured on text burned at stored values, from the least to four times the largest (benchmarks/burned_in.py).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from confrere.core.pixels.detector import Picture, Stored

# Radius (standard deviation, pixels) of what counts as around a pixel: a letter's height, and a line with its margins.
_NEAR, _FAR = 12.0, 24.0
_MIDDLE, _SPREAD = 128.0, 50.0
# Up to so many levels are counted one by one.
_LEVELS = 1 << 16
_BAND = 256


def grey_of(stored: Stored) -> Stored:
    """(rows, columns): grey as it is, colour as its largest channel: coloured letters on a dark ground stand out."""
    return stored if stored.ndim == 2 else stored.max(axis=2)


def darkest_of(stored: Stored) -> Stored:
    """(rows, columns): colour as its least channel, in which coloured letters on a white ground stand out."""
    return stored if stored.ndim == 2 else stored.min(axis=2)


def rank_equalised(stored: Stored) -> Picture:
    """`stored` (rows, columns) of any depth and sign as 0 to 255 by rank: equal steps for equal numbers of pixels."""
    if stored.dtype.kind in "iub" and (stored.dtype.itemsize <= 2 or np.ptp(stored) < _LEVELS):
        return _ranked_by_count(stored)
    # Too many levels to count: one huge value must not press the others together.
    known = np.sort(np.nan_to_num(stored).ravel())
    below = np.searchsorted(known, np.nan_to_num(stored), side="right")
    return np.asarray(below * (255.0 / len(known)), np.uint8)


def _ranked_by_count(stored: Stored) -> Picture:
    """As `rank_equalised`, level by level; in bands of rows, so that a large radiograph needs no second copy."""
    lowest, highest = int(stored.min()), int(stored.max())
    counts = np.zeros(highest - lowest + 1, np.int64)
    bands = [slice(top, top + _BAND) for top in range(0, stored.shape[0], _BAND)]
    for band in bands:
        counts += np.bincount((stored[band].astype(np.int64) - lowest).ravel(), minlength=len(counts))
    ranks = np.cumsum(counts)
    table: NDArray[np.uint8] = (ranks * (255.0 / ranks[-1])).astype(np.uint8)
    shown = np.empty(stored.shape, np.uint8)
    for band in bands:
        shown[band] = table[stored[band].astype(np.int64) - lowest]
    return shown


def locally_normalised(stored: Stored, quiet: float | None = None) -> Picture:
    """`stored` (rows, columns) of any depth as 0 to 255: how far each pixel stands out from those around it.

    `quiet` is the deviation, in stored units, below which a neighbourhood counts as flat; by default a part of the
    picture's own range.
    """
    values = stored.astype(np.float32)
    if quiet is None:
        quiet = quiet_deviation(stored)
    apart = cv2.subtract(values, cv2.GaussianBlur(values, (0, 0), _NEAR), dst=values)
    deviation = cv2.GaussianBlur(cv2.multiply(apart, apart), (0, 0), _FAR)
    np.sqrt(np.maximum(deviation, np.float32(quiet * quiet), out=deviation), out=deviation)
    shown = np.divide(apart, deviation, out=deviation)
    shown *= np.float32(_SPREAD)
    shown += np.float32(_MIDDLE)
    return np.asarray(np.clip(shown, 0, 255, out=shown), np.uint8)


def quiet_deviation(stored: Stored) -> float:
    """Below this much around it a pixel stands in noise: 2 of 256 grey levels of the picture's middle range."""
    if stored.dtype == np.uint8:
        return 2.0
    sample = stored[:: max(1, stored.shape[0] // 256), :: max(1, stored.shape[1] // 256)]
    low, high = np.percentile(sample, (1.0, 99.0))
    return max(float(high - low) / 128.0, 0.5)


def as_eight_bit(stored: Stored) -> Picture:
    """A grey picture of 8 bits as it is, a deeper one by rank."""
    return np.asarray(stored, np.uint8) if stored.dtype == np.uint8 else rank_equalised(stored)


def smoothed(picture: Picture, deviation: float) -> Picture:
    """`picture` blurred by a Gaussian of `deviation` pixels: the grid of a photographed monitor goes."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), deviation), np.uint8)


def resized(picture: Picture, scale: float) -> Picture:
    """`picture` at `scale` times its size."""
    if scale == 1.0:
        return picture
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return np.asarray(
        cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA), np.uint8
    )
