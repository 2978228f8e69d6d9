"""The second look at output pixels: does another network still see text that was to be masked?

Shares no code with the first look: other weights come in as the detector, the picture is rendered by windows and by
local contrast of its own making, and lines are found as runs of marked cells, not as regions. It says on which frame
something stands and never what.

Source: PS3.15 E.3.1 (Clean Pixel Data); measured by benchmarks/burned_in.py.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from confrere.core.verify.residuals import Residual

BURNED_IN = "burned-in text"

Frame = NDArray[Any]
"""One frame of the output as a reader sees it: (rows, columns) of any depth, bright means white, or RGB of 8 bits."""

Sight = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""A network that finds text: (rows, columns) of 0 to 255 to a map of 0 to 1 of the same size."""

Where = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are the first outside."""

_PIXELS = 0x7FE00010
# What counts as marked, and how sure the middle of a run must be.
_MARKED, _SURE = 0.35, 0.9
# A line of text in cells: at least this wide, and wider than high by this much.
_CELL, _LEAST_CELLS, _LONGER = 4, 4, 1.6
_TALLEST_CELLS = 12
_LONGEST_SIDE = 1400
_TOGETHER = 16


@dataclass(frozen=True, slots=True)
class TextLeft:
    """Text on output frames `first` to `last` (from 0), in the pixels of `where`."""

    first: int
    last: int
    where: Where


def text_left_in(frames: Iterable[Frame], sight: Sight, *, alone: bool) -> Iterator[TextLeft]:
    """What looks like text on `frames`, each looked at `alone` or sixteen at a time by their extremes."""
    first = 0
    for group in _groups(frames, 1 if alone else _TOGETHER):
        for where in sorted(_seen_in(group, sight)):
            yield TextLeft(first, first + len(group) - 1, where)
        first += len(group)


def pixel_residuals(frames: Iterable[Frame], sight: Sight, *, alone: bool) -> tuple[Residual, ...]:
    """A Residual for each frame (from 1), or run of frames, on which text is seen; `place` names them."""
    places = {
        f"frame {one.first + 1}" if one.first == one.last else f"frames {one.first + 1} to {one.last + 1}": one.first
        for one in text_left_in(frames, sight, alone=alone)
    }
    return tuple(Residual(BURNED_IN, place, _PIXELS) for place in sorted(places, key=lambda place: places[place]))


def _groups(frames: Iterable[Frame], most: int) -> Iterator[list[Frame]]:
    waiting: list[Frame] = []
    for frame in frames:
        if waiting and (len(waiting) == most or frame.shape != waiting[0].shape):
            yield waiting
            waiting = []
        waiting.append(frame)
    if waiting:
        yield waiting


def _seen_in(group: Sequence[Frame], sight: Sight) -> set[Where]:
    grey = [frame if frame.ndim == 2 else frame.mean(axis=2) for frame in group]
    looked_at = [grey[0]] if len(grey) == 1 else [np.maximum.reduce(grey), np.minimum.reduce(grey)]
    found = set()
    for plane in looked_at:
        straight, flat = (_runs_in(picture, sight) for picture in (_windowed(plane), _flattened(plane)))
        # Tissue that looks like letters in one rendering rarely does in the other; letters do in both.
        found |= {run for run in straight if any(_meet(run, other) for other in flat)}
    return found


def _runs_in(picture: NDArray[np.uint8], sight: Sight) -> list[Where]:
    shrunk, factor = _fitted(picture)
    return [_enlarged(run, factor) for run in _runs(sight(shrunk))]


def _meet(one: Where, other: Where) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _windowed(plane: Frame) -> NDArray[np.uint8]:
    """The whole range but for its last thousandths, straight."""
    low, high = (float(value) for value in np.percentile(plane, (0.1, 99.9)))
    shown = (plane.astype(np.float32) - low) * (255.0 / max(high - low, 1e-6))
    return np.asarray(np.clip(shown, 0, 255), np.uint8)


def _flattened(plane: Frame) -> NDArray[np.uint8]:
    """Ranks within the picture, minus a coarse picture of the ranks around."""
    values = plane.astype(np.float32)
    sample = np.sort(values.ravel()[::7])
    below = np.searchsorted(sample, values, side="left") + np.searchsorted(sample, values, side="right")
    ranks = (below * (127.5 / len(sample))).astype(np.float32)
    rows, columns = ranks.shape
    coarse = Image.fromarray(ranks).resize((max(1, columns // 16), max(1, rows // 16)), Image.Resampling.BOX)
    around = np.asarray(coarse.resize((columns, rows), Image.Resampling.BILINEAR), np.float32)
    return np.asarray(np.clip(128 + (ranks - around), 0, 255), np.uint8)


def _fitted(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """Small pictures doubled, large ones shrunk to what the network was made for; with the factor."""
    longest = max(picture.shape)
    factor = 2.0 if longest <= _LONGEST_SIDE // 2 else min(1.0, _LONGEST_SIDE / longest)
    if factor == 1.0:
        return picture, factor
    size = (max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor)))
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC), np.uint8), factor


def _enlarged(run: Where, factor: float) -> Where:
    left, top, right, bottom = (round(value / factor) for value in run)
    return left, top, right, bottom


def _runs(seen: NDArray[np.float32]) -> Iterator[Where]:
    """(left, top, right, bottom) of lying or upright runs of marked cells that are sure in the middle."""
    rows, columns = (length // _CELL * _CELL for length in seen.shape)
    cells = seen[:rows, :columns].reshape(rows // _CELL, _CELL, columns // _CELL, _CELL).max(axis=(1, 3))
    for left, top, right, bottom in _blocks(cells > _MARKED):
        width, height = right - left, bottom - top
        longer, shorter = max(width, height), min(width, height)
        if longer < _LEAST_CELLS or shorter > _TALLEST_CELLS or longer < _LONGER * shorter:
            continue
        block = cells[top:bottom, left:right]
        if float(np.quantile(block[block > _MARKED], 0.5)) >= _SURE:
            yield left * _CELL, top * _CELL, right * _CELL, bottom * _CELL


def _blocks(marked: NDArray[np.bool_]) -> Iterator[Where]:
    """Connected blocks, row by row: runs that touch a run of the row above belong to it."""
    open_ones: list[list[int]] = []
    for row in range(marked.shape[0]):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], marked[row].view(np.int8), [0]))))
        still: list[list[int]] = []
        for start, stop in zip(edges[::2], edges[1::2], strict=True):
            block = [int(start), row, int(stop), row + 1, int(start), int(stop)]
            for one in [one for one in [*open_ones, *still] if one[4] < stop and start < one[5] and one[3] >= row]:
                block[0], block[1] = min(block[0], one[0]), min(block[1], one[1])
                block[2] = max(block[2], one[2])
                (open_ones if one in open_ones else still).remove(one)
            still.append(block)
        for one in open_ones:
            yield one[0], one[1], one[2], one[3]
        open_ones = still
    for one in open_ones:
        yield one[0], one[1], one[2], one[3]
