"""The networks that look at pixels inside the jail, loaded once for each child, at the first asking.

INVARIANT: a network that is missing or is not the one that was measured stops the instance; nothing goes on unlooked.
"""

from collections.abc import Callable, Sequence
from functools import cache

from confrere.adapters.face_detectors import CENTERFACE, face_detectors
from confrere.adapters.weights import Weights
from confrere.apps.clearance.frames_shown import Frames
from confrere.core.pixels.detector import Detector
from confrere.core.pixels.faces import FaceDetector, find_faces
from confrere.core.pixels.regions import Region
from confrere.core.terms import Broken, Held

SecondLook = Callable[[Frames], list[Region]]

WEIGHTS: tuple[Weights, ...] = (CENTERFACE,)
"""Every file of weights that must be there; `confrere doctor` looks."""

MOST_FACE_FRAMES = 40
"""Of a film so many frames, evenly chosen, are looked at for faces; a person sees them all the same."""


@cache
def first_detector() -> Detector:
    """The network that proposes; raises Held("pixel-engine-missing") where it cannot be loaded."""
    raise Held("pixel-engine-missing")


@cache
def second_detector() -> SecondLook:
    """The other network, for the output; raises as `first_detector`."""
    raise Held("pixel-engine-missing")


def find_in_picture(frames: Frames) -> list[Region]:
    """Text and faces in a picture that is not DICOM; raises as `first_detector`."""
    return [*_text_in(frames), *_faces_in(frames, _faces())]


def _text_in(frames: Frames) -> list[Region]:
    first_detector()
    return []


@cache
def _faces() -> tuple[FaceDetector, ...]:
    try:
        return face_detectors()
    except Broken:
        raise Held("pixel-engine-missing") from None


def _faces_in(frames: Frames, detectors: Sequence[FaceDetector]) -> list[Region]:
    """Faces frame by frame; in a film each stands from the frame before to the frame after the one it was seen on."""
    step = max(1, -(-frames.count // MOST_FACE_FRAMES))
    found: list[Region] = []
    for index in range(0, frames.count, step):
        for face in find_faces(frames.shown(index), detectors):
            first, last = max(0, index - step), min(frames.count - 1, index + step)
            if frames.count == 1:
                first = last = 0
            found.append(Region(first, last, face.box, face.kind, face.source, face.score))
    return found
