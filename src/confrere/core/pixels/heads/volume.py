"""A CT or MR series as one volume in the patient's own coordinates, built from geometry alone and never guessed.

Slices may lie in any orientation, and a tilted gantry is a shear the matrix carries. Whatever does not stand on one
even lattice (a missing slice, a doubled one, two orientations) is held: a surface nobody computed cannot be checked.

Source: PS3.3 C.7.6.2 (image plane module: position, orientation, spacing, the patient's left, back and top).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from confrere.core.terms import Held

Floats = NDArray[np.float32]
Matrix = NDArray[np.float64]

FEWEST_SLICES = 3
MOST_VOXELS = 1 << 30
# Scanners write positions with three decimals or fewer; a tenth of the step is far from any lost slice.
_UNEVEN = 0.1
_LEAST_STEP_MM, _MOST_STEP_MM = 0.05, 20.0
_SAME_DIRECTION = 1e-3
_STEEPEST = 0.5


class Modality(StrEnum):
    """How the head was imaged: CT values are Hounsfield units, MR values have no scale of their own."""

    CT = "CT"
    MR = "MR"


@dataclass(frozen=True, slots=True)
class Plane:
    """One slice: stored values (rows, columns), and where it lies, as its header says.

    `orientation` is ImageOrientationPatient (along a row, then down a column), `position` the centre of the first
    pixel in mm, `spacing` PixelSpacing (between rows, between columns) in mm; value = stored * `slope` + `intercept`.
    """

    stored: NDArray[Any]
    orientation: tuple[float, ...]
    position: tuple[float, ...]
    spacing: tuple[float, ...]
    slope: float = 1.0
    intercept: float = 0.0


@dataclass(frozen=True, slots=True)
class Volume:
    """Slices on one even lattice, the first at `places[0]` of what was given.

    `stored` is (slices, rows, columns); `matrix` takes (slice, row, column, 1) to mm (left, back, top, 1); `slopes` and
    `intercepts` are one for each slice. `places[i]` says which of the given planes slice i is.
    """

    modality: Modality
    stored: NDArray[Any]
    matrix: Matrix
    slopes: Floats
    intercepts: Floats
    places: tuple[int, ...]

    def values(self, index: int) -> Floats:
        """Slice `index` in the units of its modality, float32."""
        plane: Floats = self.stored[index].astype(np.float32) * self.slopes[index] + self.intercepts[index]
        return plane


def build_volume(planes: Sequence[Plane], modality: Modality) -> Volume:
    """The planes, in any order, as a volume.

    Raises Held, `head-geometry` with a detail that names no value: too few slices, sizes or directions that differ,
    numbers that are none, doubled positions, a slice missing or out of step.
    """
    if len(planes) < FEWEST_SLICES:
        raise _held("fewer slices than a surface needs")
    first = planes[0]
    _check_numbers(planes)
    if any(plane.stored.shape != first.stored.shape or plane.stored.dtype != first.stored.dtype for plane in planes):
        raise _held("slices of different size")
    if first.stored.ndim != 2 or first.stored.dtype.kind not in "iu":
        raise _held("slices that are not grey")
    if len(planes) * first.stored.size > MOST_VOXELS:
        raise _held("more voxels than can be looked at")
    for plane in planes:
        if not _close(plane.orientation, first.orientation) or not _close(plane.spacing, first.spacing):
            raise _held("slices in different directions or spacings")
    along_row, down_column = np.asarray(first.orientation[:3]), np.asarray(first.orientation[3:])
    positions = np.asarray([plane.position for plane in planes], np.float64)
    order, step = _even_steps(positions, np.cross(along_row, down_column))
    matrix = np.eye(4)
    matrix[:3, 0] = step
    matrix[:3, 1] = down_column * first.spacing[0]
    matrix[:3, 2] = along_row * first.spacing[1]
    matrix[:3, 3] = positions[order[0]]
    return Volume(
        modality,
        np.stack([planes[index].stored for index in order]),
        matrix,
        np.asarray([planes[index].slope for index in order], np.float32),
        np.asarray([planes[index].intercept for index in order], np.float32),
        tuple(order),
    )


def _held(detail: str) -> Held:
    return Held("head-geometry", detail)


def _close(one: Sequence[float], other: Sequence[float]) -> bool:
    return bool(np.allclose(one, other, atol=_SAME_DIRECTION, rtol=0))


def _check_numbers(planes: Sequence[Plane]) -> None:
    for plane in planes:
        if (len(plane.orientation), len(plane.position), len(plane.spacing)) != (6, 3, 2):
            raise _held("a slice without its place in space")
        numbers = (*plane.orientation, *plane.position, *plane.spacing, plane.slope, plane.intercept)
        if not np.isfinite(numbers).all() or min(plane.spacing) <= 0 or plane.slope == 0:
            raise _held("a number that is none")
        along, down = np.asarray(plane.orientation[:3]), np.asarray(plane.orientation[3:])
        lengths = np.linalg.norm([along, down], axis=1)
        if np.abs(lengths - 1).max() > 0.01 or abs(float(along @ down)) > 0.01:
            raise _held("directions that are not at right angles")


def _even_steps(positions: Matrix, normal: Matrix) -> tuple[list[int], Matrix]:
    """The order of the slices along `normal`, and the one vector from each to the next."""
    depths = positions @ (normal / np.linalg.norm(normal))
    order = np.argsort(depths, kind="stable")
    steps = np.diff(positions[order], axis=0)
    forward = np.diff(depths[order])
    if forward.min() < _LEAST_STEP_MM:
        raise _held("two slices in one place")
    step = np.median(steps, axis=0)
    if np.abs(steps - step).max() > _UNEVEN * float(np.linalg.norm(step)):
        raise _held("a slice is missing or out of step")
    length = float(np.linalg.norm(step))
    if length > _MOST_STEP_MM:
        raise _held("slices too far apart")
    if float(np.median(forward)) < _STEEPEST * length:
        raise _held("slices that slide past one another")
    mean: Matrix = (positions[order[-1]] - positions[order[0]]) / (len(order) - 1)
    return [int(index) for index in order], mean
