"""A made-up head for tests: an ellipsoid of skin with sockets, nose, ears, skull and brain; nobody's head.

The real detectors take it for a face; the stand-ins here see nothing, or a face everywhere.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from confrere.adapters.face_detectors import face_detectors
from confrere.core.pixels.faces import FaceDetector
from confrere.core.pixels.heads import HeadResult, clear_head
from confrere.core.pixels.heads.volume import Modality, Plane, Volume, build_volume
from confrere.core.pixels.regions import Box

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
SIZE = 220
SPACING = (1.0, 1.0)


def head_values(size: int = SIZE) -> np.ndarray:
    """The head as (up, back, left) in HU, int16, one cell a mm: row 0 of each slice in front, slice 0 at the chin."""
    up, back, left = np.mgrid[0:size, 0:size, 0:size].astype(np.float32)
    up, back, left = up - 95, back - 118, left - size / 2
    out = np.full((size,) * 3, -1024, np.int16)
    radius = np.sqrt((left / 72) ** 2 + (back / 90) ** 2 + (np.where(up > 0, up / 95, up / 125)) ** 2)
    out[radius < 1] = 40
    out[(radius < 0.9) & (up > -35)] = 900
    # The floor of the skull lies higher in front, above the orbits.
    out[(radius < 0.79) & (up > np.where(back < -20, 18, -25))] = 35
    nose = (np.abs(left) < 12) & (up < -4) & (up > -45) & (back < 0) & (back > -90 - 22 * (-up - 4) / 41)
    out[nose & (out < 0)] = 40
    for side in (-1, 1):
        socket = ((left - side * 32) / 15) ** 2 + ((up + 2) / 10) ** 2 + ((back + 84) / 14) ** 2 < 1
        out[socket] = -1024
        ear = (np.abs(left - side * 76) < 9) & (np.abs(up + 15) < 28) & (np.abs(back - 8) < 10)
        out[ear & (out < 0)] = 40
    return out


def planes_of(values: np.ndarray, step: float = 1.0, orientation: Sequence[float] = AXIAL) -> list[Plane]:
    """Axial slices `step` mm apart of `values`, from the lowest up."""
    return [
        Plane(plane, tuple(orientation), (-110.0, -110.0, index * step), SPACING) for index, plane in enumerate(values)
    ]


BLIND = FaceDetector("blind", lambda image: (), least=0.5, least_on_render=0.5)
EVERYWHERE = FaceDetector("everywhere", lambda image: ((Box(90, 200, 380, 480), 0.9),), least=0.5, least_on_render=0.5)


@cache
def made_up_head() -> Volume:
    """The made-up head as a CT volume, built once."""
    return build_volume(planes_of(head_values()), Modality.CT)


@cache
def cleared_head() -> HeadResult:
    """The made-up head cleared with the real detectors, once."""
    return clear_head(made_up_head(), face_detectors(), seed=5)
