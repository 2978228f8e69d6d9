"""A volume sampled on a lattice of 1 mm cubes, along the patient's axes or along any others.

Source: PS3.3 C.7.6.2.1.1 (from pixel indices to the patient's coordinates).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from confrere.core.pixels.heads.volume import Floats, Matrix, Modality, Volume
from confrere.core.terms import Held

AIR: Final = {Modality.CT: -1024.0, Modality.MR: 0.0}
STANDING: Final[Matrix] = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
"""Axes of a lattice as the patient stands: up, to the back, to the left."""
LONGEST_MM = 420
"""A head with neck and shoulders fits; of a longer body only the part at the top is sampled."""


@dataclass(frozen=True, slots=True)
class Grid:
    """`values` (up, back, left), float32, 1 mm apart; `origin` is the first cell's centre in mm, `axes` its three
    unit vectors as rows, both in the patient's coordinates."""

    values: Floats
    origin: Matrix
    axes: Matrix


def sample(volume: Volume, axes: Matrix = STANDING) -> Grid:
    """`volume` by trilinear interpolation on 1 mm cells along `axes` (rows: up, back, left; right-handed or not).

    Cells outside it hold air. Of more than LONGEST_MM upwards only the top is kept; raises Held, `head-geometry`, when
    it is as wide as that across.
    """
    slices, rows, columns = volume.stored.shape
    ends = np.array(np.meshgrid([0, slices - 1], [0, rows - 1], [0, columns - 1], indexing="ij")).reshape(3, -1)
    corners = axes @ (volume.matrix[:3, :3] @ ends + volume.matrix[:3, 3:])
    low, high = corners.min(axis=1), corners.max(axis=1)
    low[0] = max(low[0], high[0] - LONGEST_MM)
    shape = np.floor(high - low).astype(int) + 1
    if shape[1:].max() > 2 * LONGEST_MM or shape.min() < 2:
        raise Held("head-geometry", "a volume too wide or too flat for a head")
    origin = axes.T @ low if np.allclose(axes @ axes.T, np.eye(3)) else np.linalg.solve(axes, low)
    back = np.linalg.inv(volume.matrix[:3, :3])
    # Cell (up, back, left) lies at origin + cell @ axes; in slices, rows and columns of the volume that is:
    step, start = back @ axes.T, back @ (origin - volume.matrix[:3, 3])
    return Grid(_interpolated(volume, step, start, shape), origin, axes)


def _interpolated(volume: Volume, step: Matrix, start: Matrix, shape: NDArray[np.int_]) -> Floats:
    source: Floats = np.empty(volume.stored.shape, np.float32)
    for index in range(len(source)):
        source[index] = volume.values(index)
    air = AIR[volume.modality]
    out = np.full(tuple(shape), air, np.float32)
    across, along = np.mgrid[0 : shape[1], 0 : shape[2]].astype(np.float64)
    flat = [step[axis, 1] * across + step[axis, 2] * along + start[axis] for axis in range(3)]
    for up in range(int(shape[0])):
        place = [flat[axis] + step[axis, 0] * up for axis in range(3)]
        inside = np.logical_and.reduce(
            [(at > -0.5) & (at < size - 0.5) for at, size in zip(place, source.shape, strict=True)]
        )
        if inside.any():
            out[up][inside] = _trilinear(source, [at[inside] for at in place])
    return out


def _trilinear(source: Floats, place: list[Matrix]) -> Floats:
    low, part = [], []
    for at, size in zip(place, source.shape, strict=True):
        floor = np.clip(np.floor(at), 0, max(0, size - 2)).astype(np.intp)
        low.append(floor)
        part.append(np.clip(at - floor, 0, 1).astype(np.float32))
    flat = source.ravel()
    deep, row = source.shape[1] * source.shape[2], source.shape[2]
    base = low[0] * deep + low[1] * row + low[2]
    after = [step if size > 1 else 0 for step, size in zip((deep, row, 1), source.shape, strict=True)]
    edges = []
    for corner in (0, after[0], after[1], after[0] + after[1]):
        near, far = flat[base + corner], flat[base + corner + after[2]]
        edges.append(near + (far - near) * part[2])
    front = edges[0] + (edges[2] - edges[0]) * part[1]
    behind = edges[1] + (edges[3] - edges[1]) * part[1]
    mixed: Floats = front + (behind - front) * part[0]
    return mixed
