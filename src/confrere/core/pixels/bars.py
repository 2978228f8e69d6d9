"""How far a linear bar code reaches: a reader needs one line through it, and tells no more than where that line lay."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

# No slant first: where several last equally long, the first is taken.
_SLANTS: Final = np.deg2rad(sorted(range(-24, 25, 3), key=abs))
_SAME: Final = 0.4
_MISSES: Final = 4

_Points = NDArray[np.float64]


def along_bars(grey: NDArray[np.uint8], corners: _Points) -> _Points:
    """The `corners` (4, 2: columns and rows, clockwise from the top left) and those of the whole code around them.

    From the line that was read we go along the bars to both sides for as long as the same pattern is met. A reader
    may have crossed the bars at a slant, so their direction is the one in which the pattern lasts longest.
    """
    start, end = (corners[0] + corners[3]) / 2, (corners[1] + corners[2]) / 2
    length = float(np.hypot(*(end - start)))
    if length < 8:
        return corners
    axis = (end - start) / length
    lasts = [sum(_reaches(grey, start, end, _turn(axis, np.pi / 2 + slant))) for slant in _SLANTS]
    slant = float(_SLANTS[int(np.argmax(lasts))])
    bars = _turn(axis, np.pi / 2 + slant)
    # The same code once more, crossed at a right angle.
    across = _turn(axis, slant) * (length * np.cos(slant) / 2)
    middle = (start + end) / 2
    before, after = _reaches(grey, middle - across, middle + across, bars)
    ends = [middle + side * across + far * bars for side in (-1, 1) for far in (-before, after)]
    return np.concatenate([corners, ends])


def _turn(vector: _Points, angle: float) -> _Points:
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([cosine * vector[0] - sine * vector[1], sine * vector[0] + cosine * vector[1]])


def _reaches(grey: NDArray[np.uint8], start: _Points, end: _Points, step: _Points) -> tuple[int, int]:
    """How many steps the pattern between `start` and `end` is met against `step`, and along it."""
    length = float(np.hypot(*(end - start)))
    line = np.linspace(start, end, int(length) + 1)
    pattern = _sampled(grey, line)
    if pattern.std() < 1:
        return 0, 0
    return _reach(grey, line, pattern, -step), _reach(grey, line, pattern, step)


def _reach(grey: NDArray[np.uint8], line: _Points, pattern: _Points, step: _Points) -> int:
    misses, reach = 0, 0
    for distance in range(1, 2 * len(line)):
        here = _sampled(grey, line + distance * step)
        if here.std() < 1 or float(np.corrcoef(pattern, here)[0, 1]) < _SAME:
            misses += 1
            if misses > _MISSES:
                break
        else:
            misses, reach = 0, distance
    return reach


def _sampled(grey: NDArray[np.uint8], points: _Points) -> _Points:
    columns = np.clip(np.rint(points[:, 0]).astype(int), 0, grey.shape[1] - 1)
    rows = np.clip(np.rint(points[:, 1]).astype(int), 0, grey.shape[0] - 1)
    return np.asarray(grey[rows, columns], np.float64)
