"""Text in a stack of slices without a detector on every slice: each sixteen frames are looked at as four pictures.

The largest and middle value of each pixel show what stands on many frames or on a plain ground. The strongest
bright and dark stroke at each pixel show what stands on one frame alone, over tissue that is brighter elsewhere.

Source: measured on sixty stamped stacks (benchmarks/burned_in.py); top-hat transforms (Serra 1982).
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from confrere.core.pixels.boxes import Hit
from confrere.core.pixels.detect import CALM, GROWTH, joined, lines_at
from confrere.core.pixels.detector import Detector, Stored
from confrere.core.pixels.rendering import as_eight_bit, grey_of, locally_normalised, rank_equalised, smoothed

CHUNK = 16
_STROKE = np.ones((9, 9), np.uint8)
# One picture stands for many frames, so tissue has more chances to look like letters.
_CERTAIN = 0.65
# The ends of a line that stands on one frame drown in the tissue of the others: it grows further along itself.
_GROWTH = replace(GROWTH, along=4.5)
_STROKES_ENLARGED = 1.5
_RANKS_ENLARGED = 2.0


def lines_in_chunk(frames: Sequence[Stored], detector: Detector, *, preview: bool = False) -> list[Hit]:
    """The lines on any of `frames` (one shape, any depth); with `preview` strokes at half the cost, no extreme."""
    values = np.stack([_for_filters(grey_of(frame)) for frame in frames])
    middle = np.median(values, axis=0).astype(values.dtype)
    looks = [(middle, 1.0)]
    if not preview:
        looks.append((values.max(axis=0), 1.0))
    enlarged = 1.0 if preview else _STROKES_ENLARGED
    looks += [(strokes, enlarged) for strokes in _strongest_strokes(values)]
    found: list[Hit] = []
    if values.dtype != np.uint8 and not preview:
        found += _by_rank(middle, detector)
    for projection, scale in looks:
        hits = lines_at(locally_normalised(projection), scale, detector, _GROWTH)
        found += joined(as_eight_bit(projection), [hit for hit in hits if hit.score >= _CERTAIN])
    return found


def _by_rank(middle: Stored, detector: Detector) -> list[Hit]:
    """Lines in deep pixels that differ from noise by less than the noise's own height: ranks alone show them."""
    ranked = smoothed(rank_equalised(middle), CALM)
    return joined(
        ranked, [hit for hit in lines_at(ranked, _RANKS_ENLARGED, detector, _GROWTH) if hit.score >= _CERTAIN]
    )


def _for_filters(frame: Stored) -> Stored:
    """The same values in a type the filters take."""
    if frame.dtype in (np.uint8, np.uint16, np.int16, np.float32):
        return frame
    return frame.astype(np.uint8 if frame.dtype.kind == "b" else np.float32)


def _strongest_strokes(values: Stored) -> tuple[Stored, Stored]:
    bright = dark = np.zeros_like(values[0])
    for frame in values:
        bright = np.maximum(bright, cv2.morphologyEx(frame, cv2.MORPH_TOPHAT, _STROKE))
        dark = np.maximum(dark, cv2.morphologyEx(frame, cv2.MORPH_BLACKHAT, _STROKE))
    return bright, dark
