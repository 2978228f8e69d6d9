"""From a detector's probability map to boxes that cover whole lines of text.

The map marks the core of each line, so every region grows by its own height; a region taller than any lettering is
the body taken for one glyph and is dropped; very large letters are seen at half size, where they are small enough.

Source: Liao et al. (AAAI 2020) for the map; growth and cap measured by benchmarks/burned_in.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, hypot

import cv2
import numpy as np
from numpy.typing import NDArray

from confrere.core.pixels.detector import Probability
from confrere.core.pixels.regions import Box


@dataclass(frozen=True, slots=True)
class Growth:
    """How regions become boxes.

    A pixel above `threshold` belongs to a region, whose mean must reach `certainty`. It grows by `upright` times its
    height above and below, by `along` times its height at both ends, and by `margin` pixels everywhere. A region
    higher than `tallest` pixels or smaller than `smallest` pixels of area is no line of text.
    """

    threshold: float = 0.3
    certainty: float = 0.5
    upright: float = 0.8
    along: float = 1.6
    margin: float = 3.0
    tallest: float = 36.0
    smallest: int = 12


@dataclass(frozen=True, slots=True)
class Hit:
    """A line that was found: the boxes that cover it (several where it is tilted), its certainty and its height."""

    boxes: tuple[Box, ...]
    score: float
    height: float


def hits_of(probability: Probability, growth: Growth) -> Iterator[Hit]:
    """The lines in `probability`, each grown, in no order."""
    marked = (probability > growth.threshold).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(marked, connectivity=8)
    for label in range(1, count):
        left, top, width, height, area = (int(value) for value in stats[label])
        if area < growth.smallest:
            continue
        window = (slice(top, top + height), slice(left, left + width))
        inside = labels[window] == label
        score = float(probability[window][inside].mean())
        if score < growth.certainty:
            continue
        line = _line_around(inside, left, top)
        if line.height <= growth.tallest:
            yield Hit(tuple(_cover(line, growth, probability.shape)), min(1.0, score), line.height)


@dataclass(frozen=True, slots=True)
class _Line:
    """A rectangle about (x, y): `length` along the unit vector (east, south), `height` across it."""

    x: float
    y: float
    east: float
    south: float
    length: float
    height: float


def _line_around(inside: NDArray[np.bool_], left: int, top: int) -> _Line:
    contours, _ = cv2.findContours(inside.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    points = np.concatenate([contour.reshape(-1, 2) for contour in contours]).astype(np.float32)
    corners = cv2.boxPoints(cv2.minAreaRect(points + np.array((left, top), np.float32)))
    sides = [corners[1] - corners[0], corners[2] - corners[1]]
    lengths = [hypot(*side) for side in sides]
    longer = 0 if lengths[0] > lengths[1] else 1
    x, y = corners.mean(axis=0)
    length, height = lengths[longer], lengths[1 - longer]
    east, south = sides[longer] / length if length else (1.0, 0.0)
    return _Line(float(x), float(y), float(east), float(south), length, height)


def _cover(line: _Line, growth: Growth, shape: tuple[int, ...]) -> Iterator[Box]:
    """Upright boxes over the grown line: one where it lies straight, a staircase where it is tilted."""
    half_length = line.length / 2 + growth.along * line.height + growth.margin
    half_height = line.height / 2 + growth.upright * line.height + growth.margin
    tilt = min(abs(line.east), abs(line.south))
    rise = 2 * half_length * tilt
    steps = max(1, ceil(rise / half_height))
    reach = half_length / steps
    across, down = (
        abs(line.east) * reach + abs(line.south) * half_height,
        abs(line.south) * reach + abs(line.east) * half_height,
    )
    for step in range(steps):
        along = -half_length + (2 * step + 1) * reach
        box = clipped(
            line.x + line.east * along - across,
            line.y + line.south * along - down,
            line.x + line.east * along + across + 1,
            line.y + line.south * along + down + 1,
            shape,
        )
        if box is not None:
            yield box


def clipped(left: float, top: float, right: float, bottom: float, shape: tuple[int, ...]) -> Box | None:
    """The whole pixels that the rectangle touches within (rows, columns); None where it lies outside."""
    first, start = max(0, int(left // 1)), max(0, int(top // 1))
    last, stop = min(shape[1], ceil(right)), min(shape[0], ceil(bottom))
    return Box(first, start, last, stop) if first < last and start < stop else None


def scaled(box: Box, factor: float, shape: tuple[int, ...]) -> Box | None:
    """`box` of a resized picture in the coordinates of the original of `shape`."""
    return clipped(box.left / factor, box.top / factor, box.right / factor, box.bottom / factor, shape)


def mask_of(boxes: tuple[Box, ...] | list[Box], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """(rows, columns), True under any of `boxes`."""
    mask = np.zeros(shape[:2], np.bool_)
    for box in boxes:
        mask[box.top : box.bottom, box.left : box.right] = True
    return mask
