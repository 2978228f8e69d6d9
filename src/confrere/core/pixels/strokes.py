"""Thin strokes as software or a pen draws them, without a network: where text may stand, and how far a found line goes.

Alone the test says yes to a tenth of a picture without text; it is used to choose what the detector sees enlarged, and
to lengthen a line that the detector has found.

Source: top-hat and black-hat transforms (Serra 1982); limits measured by benchmarks/burned_in.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from confrere.core.pixels.boxes import Hit
from confrere.core.pixels.detector import Picture
from confrere.core.pixels.regions import Box

_CELL = 8
# Strokes up to this wide answer fully: for the choice, and for the thicker ones along a line that is known.
_THIN, _THICK = 7, 9
# A stroke of a line is at least this part of the line's own strength, and never weaker than this many grey levels.
_KIN, _WEAKEST = 0.6, 14.0
_KIN_PERCENTILE = 92


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a line may be lengthened: over gaps of `gap`, in all `farthest`, both times its height."""

    gap: float = 1.2
    farthest: float = 8.0


def bright_and_dark(picture: Picture, width: int) -> tuple[Picture, Picture]:
    """How much each pixel of a grey picture stands out of strokes up to `width` wide: bright ones, dark ones."""
    kernel = np.ones((width, width), np.uint8)
    bright = cv2.morphologyEx(picture, cv2.MORPH_TOPHAT, kernel)
    dark = cv2.morphologyEx(picture, cv2.MORPH_BLACKHAT, kernel)
    return np.asarray(bright, np.uint8), np.asarray(dark, np.uint8)


def candidate_cells(picture: Picture, *, step: int = 20, density: float = 0.1) -> NDArray[np.bool_]:
    """Cells of 8 x 8 pixels that may hold text: strokes stronger than `step` levels with crisp edges, in a row.

    (rows / 8, columns / 8), rounded up; generous by design: no text of 20 levels of contrast is known to be missed.
    """
    bright, dark = bright_and_dark(picture, _THIN)
    strong = cv2.max(bright, dark) > step
    edge = np.zeros_like(picture)
    edge[:, 1:] = cv2.absdiff(picture[:, 1:], picture[:, :-1])
    crisp = cv2.dilate((edge > step * 0.6).astype(np.uint8), np.ones((1, 3), np.uint8)) > 0
    rows, columns = -(-picture.shape[0] // _CELL), -(-picture.shape[1] // _CELL)
    padded = np.zeros((rows * _CELL, columns * _CELL), np.float32)
    padded[: picture.shape[0], : picture.shape[1]] = strong & crisp
    dense = (padded.reshape(rows, _CELL, columns, _CELL).mean(axis=(1, 3)) > density).astype(np.uint8)
    in_a_row = cv2.morphologyEx(dense, cv2.MORPH_OPEN, np.ones((1, min(3, columns)), np.uint8))
    return cv2.dilate(in_a_row, np.ones((3, 5), np.uint8)) > 0


def lengthened(picture: Picture, hits: Sequence[Hit], reach: Reach) -> list[Box]:
    """A longer box for each of `hits` that goes on over strokes as strong as its own; none for the others."""
    if not hits:
        return []
    responses = bright_and_dark(picture, _THICK)
    turned = tuple(np.ascontiguousarray(response.T) for response in responses)
    found = []
    for hit in hits:
        if len(hit.boxes) > 1:
            continue  # a staircase already goes as far as its line
        box = hit.boxes[0]
        if box.right - box.left >= box.bottom - box.top:
            longer = _along_row(responses, box, hit.height, reach)
        else:
            longer = _turned(_along_row(turned, _turned(box), hit.height, reach))
        if longer != box:
            found.append(longer)
    return found


def _turned(box: Box) -> Box:
    return Box(box.top, box.left, box.bottom, box.right)


def _along_row(responses: Sequence[NDArray[np.uint8]], box: Box, height: float, reach: Reach) -> Box:
    """`box` with its left and right ends moved outwards over strokes of its own strength."""
    cut = int((box.bottom - box.top) * 0.2)
    rows = slice(box.top + cut, box.bottom - cut)
    strengths = [float(np.percentile(one[rows, box.left : box.right], _KIN_PERCENTILE)) for one in responses]
    stronger = int(strengths[1] > strengths[0])
    step = max(_WEAKEST, _KIN * strengths[stronger])
    has_stroke = (responses[stronger][rows] >= step).sum(axis=0) >= 2
    gap, farthest = round(reach.gap * height + 4), int(reach.farthest * height + 10)
    left = box.left - _walk(has_stroke[: box.left][::-1], gap, farthest)
    right = box.right + _walk(has_stroke[box.right :], gap, farthest)
    return Box(max(0, left), box.top, min(len(has_stroke), right), box.bottom)


def _walk(has_stroke: NDArray[np.bool_], gap: int, farthest: int) -> int:
    """How many pixels to go on: to the last stroke that no gap wider than `gap` parts from the start, and 3 more."""
    at = np.flatnonzero(has_stroke[:farthest])
    if not len(at) or at[0] > gap:
        return 0
    breaks = np.flatnonzero(np.diff(at) > gap)
    last = at[breaks[0]] if len(breaks) else at[-1]
    return int(last) + 4
