"""The automatic check of a head: what showed a face before must show none after, at every threshold that shows skin.

Source: the measured figures on the page on heads and faces: thresholds, controls, what silence proves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from confrere.core.pixels.faces import FaceDetector, Image
from confrere.core.pixels.heads.apply import Filling
from confrere.core.pixels.heads.grid import AIR, STANDING, sample
from confrere.core.pixels.heads.pose import FIRES, strength
from confrere.core.pixels.heads.render import VIEWS, render
from confrere.core.pixels.heads.volume import Floats, Matrix, Modality, Volume

_SKIN_HU, _OTHER_HU = -300.0, -600.0
_TISSUE_HU, _NOISE_HU, _WALL_HU = 40.0, 15.0, 1200.0
_OTHER_SHARES = (0.6, 1.7)
_LEVEL_OF_OTSU, _NOISE_SHARE, _BINS, _ALIKE = 0.5, 0.12, 256, 0.999


@dataclass(frozen=True, slots=True)
class Look:
    """What the detectors said of one volume: `strengths` of every rendering looked at (1 and more fires), and the seven
    pictures of its skin, straight along the axes asked for."""

    strengths: tuple[float, ...]
    pictures: tuple[Image, ...]

    @property
    def strongest(self) -> float:
        """How near to a face the worst rendering comes: 1 and more fires."""
        return max(self.strengths)

    @property
    def fires(self) -> bool:
        """Whether any rendering shows a face."""
        return self.strongest >= FIRES


def skin_level(values: Floats, modality: Modality) -> float:
    """Where air ends and skin begins: fixed for CT, for MR half of Otsu's threshold of the values."""
    return _SKIN_HU if modality is Modality.CT else _LEVEL_OF_OTSU * _otsu(values)


def skin_levels(level: float, modality: Modality) -> tuple[float, ...]:
    """`level`, and the thresholds around it that another viewer's skin may use. Bone is no skin and no check."""
    return (level, _OTHER_HU) if modality is Modality.CT else (level, *(level * share for share in _OTHER_SHARES))


def filling_for(values: Floats, level: float, modality: Modality) -> Filling:
    """What a cut is filled with, in the units of `values`."""
    if modality is Modality.CT:
        return Filling(AIR[modality], _TISSUE_HU, _NOISE_HU, _WALL_HU)
    head = values[values > level]
    tissue, bright = float(np.median(head)), float(np.percentile(head, 99.5))
    return Filling(AIR[modality], tissue, _NOISE_SHARE * tissue, bright)


def look_at(
    volume: Volume, detectors: Sequence[FaceDetector], levels: Sequence[float], axes: Sequence[Matrix] = (STANDING,)
) -> Look:
    """Both detectors on seven views, at each of `levels`, along each of `axes`; the first of both are the pictures."""
    strengths: list[float] = []
    pictures: tuple[Image, ...] = ()
    for one in axes:
        values = sample(volume, one).values
        for level in levels:
            images = tuple(render(values, level, view, AIR[volume.modality]) for view in VIEWS)
            strengths.extend(strength(image, detectors)[0] for image in images)
            pictures = pictures or images
    return Look(tuple(strengths), pictures)


def _otsu(values: Floats) -> float:
    """The threshold that parts air from head best, on values up to the brightest two in a hundred."""
    some = values[::3, ::3, ::3]
    counts, edges = np.histogram(some, _BINS, (0.0, max(1e-6, float(np.percentile(some, 98)))))
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    total, weighted = below[-1], np.cumsum(counts * middles)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (weighted[-1] * below / total - weighted) ** 2 / (below * (total - below))
    between = np.where(np.isfinite(between), between, 0)
    # Where nothing lies between air and tissue, every threshold there parts them alike: take the middle one.
    return float(middles[between >= _ALIKE * between.max()].mean())
