"""Where the face of a head is and which way it looks, found by the detectors themselves on the rendered skin.

The header's directions are only where the search begins: heads are tilted in their holders, some volumes are cut off
at the vertex, and some headers are wrong. When no direction shows a face, there is none to cut and the check is blind.

Source: the measured renderings on the page on heads and faces; PS3.3 C.7.6.2 (the directions to begin with).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import Final

import numpy as np

from confrere.core.pixels.faces import FaceDetector, Image
from confrere.core.pixels.heads.grid import AIR, STANDING, sample
from confrere.core.pixels.heads.render import MARGIN, MM_PER_PIXEL, View, render, turned_axes
from confrere.core.pixels.heads.volume import Floats, Matrix, Volume
from confrere.core.pixels.regions import Box

FIRES: Final = 1.0
"""A strength of one is a detector's threshold on renderings."""
_NODS = tuple(View(0, pitch) for pitch in (-36, -24, -12, 0, 12, 24, 36))
_SHAKES = tuple(View(yaw, 0) for yaw in (-45, -25, 0, 25, 45))
_TILTS = tuple(View(0, 0, roll) for roll in (-30, -15, 0, 15, 30))
_GLANCES = (View(0, 0), View(0, -24), View(0, 24))


@dataclass(frozen=True, slots=True)
class Face:
    """A face in cells of a lattice along `axes`: `top` and `bottom` count upwards, `left` and `right` to the left."""

    axes: Matrix
    top: float
    bottom: float
    left: float
    right: float
    strength: float

    @property
    def width(self) -> float:
        """In mm."""
        return self.right - self.left


def _strength_from(values: Floats, level: float, view: View, air: float, detectors: Sequence[FaceDetector]) -> float:
    """How strongly a face shows from one side; searched for at half the size, which costs a quarter."""
    return strength(render(values, level, view, air, mm_per_pixel=2 * MM_PER_PIXEL), detectors)[0]


def strength(image: Image, detectors: Sequence[FaceDetector]) -> tuple[float, Box | None]:
    """The best score of all detectors as a share of their thresholds on renderings, and its box."""
    best: tuple[float, Box | None] = (0.0, None)
    for detector in detectors:
        for box, score in detector.find(image):
            if score / detector.least_on_render > best[0]:
                best = (score / detector.least_on_render, box)
    return best


def find_face(volume: Volume, level: float, detectors: Sequence[FaceDetector]) -> Face | None:
    """The face as it looks straight ahead, or None when the detectors see none from any side.

    `level` is where skin begins. The first guess is refined by looking from beside, above and tilted.
    """
    air = AIR[volume.modality]
    values = sample(volume).values
    start = _first_axes(values, level, air, detectors)
    if start is None:
        return None
    axes = start
    for views in (_TILTS, _SHAKES, _NODS):
        values = sample(volume, axes).values
        axes = turned_axes(axes, _middle(values, level, air, detectors, views))
    values = sample(volume, axes).values
    found, box = strength(render(values, level, View(0, 0), air), detectors)
    if box is None or found < FIRES:
        return None
    return _in_cells(axes, box, found, values.shape[0])


def _first_axes(values: Floats, level: float, air: float, detectors: Sequence[FaceDetector]) -> Matrix | None:
    """The patient's axes if a face shows along them, else those of the 24 turns that shows one best."""
    for view in (*_NODS[2:5], *_SHAKES, *_TILTS, *_NODS):
        if _strength_from(values, level, view, air, detectors) >= FIRES:
            return turned_axes(STANDING, View(view.yaw, view.pitch, view.roll))
    best, best_axes = 0.0, None
    for turn in _turns():
        standing = _turned_by(values, turn)
        for view in _GLANCES:
            found = _strength_from(standing, level, view, air, detectors)
            if found >= FIRES and found > best:
                best, best_axes = found, turned_axes(turn @ STANDING, view)
    return best_axes


def _turns() -> Iterator[Matrix]:
    """The 23 ways to turn a cube that are not none."""
    for order in permutations(range(3)):
        for signs in product((1.0, -1.0), repeat=3):
            turn = np.zeros((3, 3))
            turn[range(3), order] = signs
            if np.linalg.det(turn) > 0 and not np.array_equal(turn, np.eye(3)):
                yield turn


def _turned_by(values: Floats, turn: Matrix) -> Floats:
    """`values` with axis i of the result along row i of `turn`."""
    order = np.abs(turn).argmax(axis=1)
    flips = tuple(int(axis) for axis in range(3) if turn[axis, order[axis]] < 0)
    return np.ascontiguousarray(np.flip(values.transpose(order), flips))


def _middle(values: Floats, level: float, air: float, detectors: Sequence[FaceDetector], views: Sequence[View]) -> View:
    """The middle of the views that fire, each weighed by how strongly; straight ahead when none does."""
    found = np.array([_strength_from(values, level, view, air, detectors) for view in views])
    weights = np.where(found >= FIRES, found, 0.0)
    if not weights.any():
        return View(0, 0)
    weights /= weights.sum()
    angles = np.array([(view.yaw, view.pitch, view.roll) for view in views])
    yaw, pitch, roll = weights @ angles
    return View(float(yaw), float(pitch), float(roll))


def _in_cells(axes: Matrix, box: Box, found: float, height: int) -> Face:
    rows = [height - 1 - (row - MARGIN) * MM_PER_PIXEL for row in (box.top, box.bottom)]
    columns = [(column - MARGIN) * MM_PER_PIXEL for column in (box.left, box.right)]
    return Face(axes, rows[0], rows[1], columns[0], columns[1], found)
