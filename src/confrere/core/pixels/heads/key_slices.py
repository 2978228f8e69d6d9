"""The key-slice pack: which slices of a head are handed on when its volume is not.

Wide spacing alone hides no face: rebuilt from one slice in 25 mm, the skin still made a detector fire in three views of
seven. So a pack comes from the cut volume, or from above the brow alone, and has few slices. A pack that can be neither
goes to a person.

Source: the measured figures on the page on heads and faces.
"""

from typing import Final

import numpy as np

from confrere.core.pixels.heads.envelope import Cut
from confrere.core.pixels.heads.volume import Volume

MOST_SLICES: Final = 30
LEAST_APART_MM: Final = 4.0
UNCHECKED_APART_MM: Final = 25.0
_MARGIN_MM = 5.0
_ACROSS = 0.8


def key_slices(volume: Volume, *, apart_mm: float = LEAST_APART_MM) -> tuple[int, ...]:
    """At most MOST_SLICES evenly spaced indices of `volume`'s slices, at least `apart_mm` apart, the middle one in."""
    return _spread(np.arange(len(volume.stored)), _step_mm(volume), apart_mm)


def key_slices_above(volume: Volume, cut: Cut) -> tuple[int, ...]:
    """As `key_slices`, of the slices that lie wholly above the brow of `cut`; none unless they run across the head.

    A sagittal or coronal slice shows the profile or the face's outline whatever its spacing.
    """
    normal = np.cross(volume.matrix[:3, 1], volume.matrix[:3, 2])
    normal /= np.linalg.norm(normal)
    if abs(float(normal @ cut.axes[0])) < _ACROSS:
        return ()
    rows = np.flatnonzero((cut.surface >= 0).any(axis=1))
    brow = float(rows.max()) + _MARGIN_MM if len(rows) else np.inf
    _, high, wide = volume.stored.shape
    corners = np.array([(row, column) for row in (0, high - 1) for column in (0, wide - 1)], np.float64)
    above = []
    for index in range(len(volume.stored)):
        points = volume.matrix[:3, 3] + index * volume.matrix[:3, 0] + corners @ volume.matrix[:3, 1:3].T
        front = ((points - cut.origin) @ cut.axes.T)[:, 0]
        if front.min() > brow:
            above.append(index)
    return _spread(np.array(above, int), _step_mm(volume), LEAST_APART_MM)


def _step_mm(volume: Volume) -> float:
    return float(np.linalg.norm(volume.matrix[:3, 0]))


def _spread(indices: np.ndarray, step_mm: float, apart_mm: float) -> tuple[int, ...]:
    if not len(indices):
        return ()
    every = max(1, int(np.ceil(apart_mm / step_mm - 1e-6)), int(np.ceil(len(indices) / MOST_SLICES)))
    first = (len(indices) // 2) % every
    return tuple(int(index) for index in indices[first::every])
