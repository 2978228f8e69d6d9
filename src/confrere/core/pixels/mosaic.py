"""Parts of a picture, enlarged and packed into one sheet, so that a detector sees them alone and not the rest.

A network's cost goes with the area it sees; strokes stand on a tenth of a medical picture.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from confrere.core.pixels.detector import Detector, Picture, Probability
from confrere.core.pixels.regions import Box
from confrere.core.pixels.rendering import resized

_SHEET = 1024
_APART = 16
# Pixels around the cells, so that a line is seen with its surroundings.
_MARGIN = 8
# A part emptier than this is cut in two, unless it is small.
_FULL_ENOUGH, _SMALL = 0.6, 8


def parts_of(cells: NDArray[np.bool_], cell: int, shape: tuple[int, ...]) -> list[Box]:
    """Boxes in a picture of `shape` that hold all true `cells` of `cell` pixels each, with a margin."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cells.astype(np.uint8), connectivity=8)
    found = []
    for label in range(1, count):
        left, top, width, height = (int(value) for value in stats[label][:4])
        window = labels[top : top + height, left : left + width] == label
        for x, y, right, bottom in _dense_parts(window, left, top):
            found.append(
                Box(
                    max(0, x * cell - _MARGIN),
                    max(0, y * cell - _MARGIN),
                    min(shape[1], right * cell + _MARGIN),
                    min(shape[0], bottom * cell + _MARGIN),
                )
            )
    return found


def _dense_parts(window: NDArray[np.bool_], left: int, top: int) -> Iterator[tuple[int, int, int, int]]:
    """(left, top, right, bottom) in cells of parts of `window` that are mostly filled."""
    rows, columns = np.flatnonzero(window.any(axis=1)), np.flatnonzero(window.any(axis=0))
    if not len(rows):
        return
    window = window[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    left, top = left + int(columns[0]), top + int(rows[0])
    height, width = window.shape
    if max(height, width) <= _SMALL or window.mean() >= _FULL_ENOUGH:
        yield left, top, left + width, top + height
    elif height >= width:
        yield from _dense_parts(window[: height // 2], left, top)
        yield from _dense_parts(window[height // 2 :], left, top + height // 2)
    else:
        # Lines lie: where one is cut the halves share a piece.
        yield from _dense_parts(window[:, : width // 2 + 2], left, top)
        yield from _dense_parts(window[:, width // 2 :], left + width // 2, top)


@dataclass(frozen=True, slots=True)
class _Placed:
    part: int
    left: int
    top: int


def detect_parts(
    pictures: Sequence[Picture], parts: Sequence[tuple[int, Box]], scale: float, detector: Detector
) -> list[Probability]:
    """For each of `pictures` (grey, of one shape) the map of what stands in its (picture, box) `parts`."""
    maps = [np.zeros(picture.shape, np.float32) for picture in pictures]
    crops = [resized(pictures[n][box.top : box.bottom, box.left : box.right], scale) for n, box in parts]
    for sheet, placed in _sheets(crops):
        seen = detector(sheet)
        for one in placed:
            number, box = parts[one.part]
            rows, columns = crops[one.part].shape
            part = seen[one.top : one.top + rows, one.left : one.left + columns]
            small = cv2.resize(part, (box.right - box.left, box.bottom - box.top), interpolation=cv2.INTER_LINEAR)
            target = maps[number][box.top : box.bottom, box.left : box.right]
            np.maximum(target, small, out=target)
    return maps


def _sheets(crops: Sequence[Picture]) -> Iterator[tuple[Picture, list[_Placed]]]:
    """The crops on shelves, highest first; each sheet with where they lie on it."""
    order = sorted(range(len(crops)), key=lambda number: -crops[number].shape[0])
    width = max([_SHEET, *(crop.shape[1] for crop in crops)])
    placed: list[_Placed] = []
    left = top = shelf = 0
    for number in order:
        rows, columns = crops[number].shape
        if left + columns > width:
            left, top, shelf = 0, top + shelf + _APART, 0
        if placed and top + rows > _SHEET:
            yield _drawn(crops, placed, width), placed
            placed, left, top, shelf = [], 0, 0, 0
        placed.append(_Placed(number, left, top))
        left, shelf = left + columns + _APART, max(shelf, rows)
    if placed:
        yield _drawn(crops, placed, width), placed


def _drawn(crops: Sequence[Picture], placed: Sequence[_Placed], width: int) -> Picture:
    used = max(one.top + crops[one.part].shape[0] for one in placed)
    wide = max(one.left + crops[one.part].shape[1] for one in placed)
    sheet = np.zeros((used, min(wide, width)), np.uint8)
    for one in placed:
        rows, columns = crops[one.part].shape
        sheet[one.top : one.top + rows, one.left : one.left + columns] = crops[one.part]
    return sheet
