"""Write an envelope cut into the stored values of the original slices; every voxel outside it stays bit for bit.

Source: PS3.15 E.3.2 (Clean Recognizable Visual Features); PS3.3 C.7.6.2.1.1 (from pixel indices to coordinates).
"""

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from confrere.core.pixels.heads.envelope import WALL_MM, Cut
from confrere.core.pixels.heads.volume import Floats, Volume


@dataclass(frozen=True, slots=True)
class Filling:
    """What made-up voxels hold, in the modality's units: `air`, soft `tissue` with `noise` around it, the `wall`."""

    air: float
    tissue: float
    noise: float
    wall: float


def apply_cut(volume: Volume, cut: Cut, filling: Filling, seed: int) -> tuple[Volume, NDArray[np.bool_]]:
    """`volume` with `cut` written into its stored values, and the mask (slices, rows, columns) of voxels changed.

    The noise depends on `seed` and the slice alone. Values stay within those the volume already holds.
    """
    stored = volume.stored.copy()
    changed = np.zeros(stored.shape, bool)
    limits = (int(stored.min()), int(stored.max()))
    to_cells = cut.axes @ volume.matrix[:3, :3]
    start = cut.axes @ (volume.matrix[:3, 3] - cut.origin)
    row, column = np.indices(stored.shape[1:], np.float32)
    flat = [to_cells[axis, 1] * row + to_cells[axis, 2] * column + start[axis] for axis in range(3)]
    for index in range(len(stored)):
        up, back, left = (np.asarray(flat[axis] + to_cells[axis, 0] * index, np.float32) for axis in range(3))
        values, here = _filled(cut, filling, (up, back, left), np.random.default_rng([seed, index]))
        if here.any():
            scaled = np.rint((values[here] - volume.intercepts[index]) / volume.slopes[index])
            stored[index][here] = np.clip(scaled, *limits).astype(stored.dtype)
            changed[index] = here
    return replace(volume, stored=stored), changed


def _filled(
    cut: Cut, filling: Filling, place: tuple[Floats, Floats, Floats], noise: np.random.Generator
) -> tuple[Floats, NDArray[np.bool_]]:
    """New values for the voxels at `place` (up, back, left in cells), and which of them are new."""
    up, back, left = place
    surface, end = _at(cut.surface, up, left), _at(cut.end, up, left)
    within = (_nearest(cut.end, up, left, -1.0) >= 0) & (surface >= 0)
    made_up = within & (back >= surface) & (back < end)
    beside = (left < _nearest(cut.from_right, up, back, -1.0)) | (
        left >= _nearest(cut.to_left, up, back, np.float32(np.inf))
    )
    air = (within & (back < surface)) | (beside & ~made_up)
    values = np.full(up.shape, filling.air, np.float32)
    values[made_up] = filling.tissue + filling.noise * noise.standard_normal(int(made_up.sum()))
    values[made_up & (back < surface + WALL_MM)] = filling.wall
    return values, air | made_up


def _at(field: Floats, down: Floats, across: Floats) -> Floats:
    """`field` between its cells; where a neighbour holds no cut, the nearest cell alone."""
    near = _nearest(field, down, across, -1.0)
    smooth = np.asarray(
        cv2.remap(field, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=-1.0), np.float32
    )
    mixed: Floats = np.where(np.abs(smooth - near) < WALL_MM, smooth, near)
    return mixed


def _nearest(field: Floats, down: Floats, across: Floats, outside: Any) -> Floats:
    return np.asarray(
        cv2.remap(field, across, down, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=float(outside)),
        np.float32,
    )
