"""The networks that look at pixels inside the jail, loaded once for each child, at the first asking.

INVARIANT: a network that is missing or is not the one that was measured stops the instance; nothing goes on unlooked.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TypeVar

from confrere.adapters import text_detector
from confrere.adapters.face_detectors import CENTERFACE, face_detectors
from confrere.adapters.weights import Weights
from confrere.apps.clearance.frames_shown import Frames
from confrere.core.pixels.codes import find_codes
from confrere.core.pixels.detector import Detector
from confrere.core.pixels.faces import FaceDetector
from confrere.core.pixels.look import Lookers
from confrere.core.pixels.regions import Box, Region, RegionKind
from confrere.core.terms import Broken, Held
from confrere.core.verify.pixel_text import TextLeft, text_left_in

Network = TypeVar("Network")
SecondLook = Callable[[Frames], list[Region]]

WEIGHTS: tuple[Weights, ...] = (text_detector.FIRST, text_detector.SECOND, CENTERFACE)
"""Every file of weights that must be there; `confrere doctor` looks."""

MOST_CODE_FRAMES = 4
"""On so many frames of an instance, evenly chosen, codes are looked for: a machine draws one on all or none."""

_MOST_ALONE = 24
SECOND = "second-detector"


@cache
def first_detector() -> Detector:
    """The network that proposes; raises Held("pixel-engine-missing") where it cannot be loaded."""
    return _loaded(text_detector.first_detector)


@cache
def second_detector() -> SecondLook:
    """The other network, for the output; raises as `first_detector`."""
    network = _loaded(text_detector.second_detector)

    def look(frames: Frames) -> list[Region]:
        planes = (frames.frame(index) for index in range(frames.count))
        rows, columns = frames.frame(0).shape[:2]
        found = text_left_in(planes, network, alone=frames.count <= _MOST_ALONE)
        return [_region(one, rows, columns) for one in found]

    return look


def _region(left: TextLeft, rows: int, columns: int) -> Region:
    """What was found as a region inside the picture: its places are those of cells, which may reach beyond the edge."""
    x0, y0, x1, y1 = left.where
    x0, y0 = min(max(0, x0), columns - 1), min(max(0, y0), rows - 1)
    box = Box(x0, y0, min(max(x1, x0 + 1), columns), min(max(y1, y0 + 1), rows))
    return Region(left.first, left.last, box, RegionKind.TEXT, SECOND, 1.0)


@cache
def picture_lookers() -> Lookers:
    """The networks for what is not DICOM; raises as `first_detector`."""
    return Lookers(_loaded(face_detectors), first_detector())


@cache
def head_lookers() -> tuple[FaceDetector, ...]:
    """The two face detectors, for the renderings of a head; raises as `first_detector`."""
    return _loaded(face_detectors)


def _loaded(load: Callable[[], Network]) -> Network:
    try:
        return load()
    except Broken:
        raise Held("pixel-engine-missing") from None


def codes_in(frames: Frames) -> list[Region]:
    """QR and bar codes in an instance, each on all of its frames."""
    step = max(1, -(-frames.count // MOST_CODE_FRAMES))
    found = [one for index in range(0, frames.count, step) for one in find_codes(frames.as_seen(index))]
    return [
        replace(one, first_frame=0, last_frame=frames.count - 1) for one in {one.box: one for one in found}.values()
    ]
