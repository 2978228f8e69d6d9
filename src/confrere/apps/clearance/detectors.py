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
from confrere.apps.clearance.frames_shown import Frames, Shown
from confrere.core.pixels.codes import find_codes
from confrere.core.pixels.detector import Detector
from confrere.core.pixels.faces import FaceDetector, find_faces
from confrere.core.pixels.regions import Region
from confrere.core.pixels.tiers import Tier, text_regions
from confrere.core.terms import Broken, Held

Network = TypeVar("Network")
SecondLook = Callable[[Frames], list[Region]]

WEIGHTS: tuple[Weights, ...] = (text_detector.FIRST, text_detector.SECOND, CENTERFACE)
"""Every file of weights that must be there; `confrere doctor` looks."""

MOST_FRAMES = 40
"""Of a film so many frames, evenly chosen, are looked at for faces and codes; a person sees them all the same."""


@cache
def first_detector() -> Detector:
    """The network that proposes; raises Held("pixel-engine-missing") where it cannot be loaded."""
    return _loaded(text_detector.first_detector)


@cache
def second_detector() -> SecondLook:
    """The other network, for the output; raises as `first_detector`."""
    network = _loaded(text_detector.second_detector)
    return lambda frames: list(text_regions(frames, Tier.DISTINCT, network))


@cache
def _faces() -> tuple[FaceDetector, ...]:
    return _loaded(face_detectors)


def _loaded(load: Callable[[], Network]) -> Network:
    try:
        return load()
    except Broken:
        raise Held("pixel-engine-missing") from None


def find_in_picture(frames: Frames) -> list[Region]:
    """Text, faces and codes in a picture that is not DICOM; raises as `first_detector`."""
    text = text_regions(frames, Tier.DISTINCT, first_detector())
    return [*text, *_seen(frames, lambda shown: [*find_faces(shown, _faces()), *find_codes(shown)])]


def codes_in(frames: Frames) -> list[Region]:
    """QR and bar codes in an instance."""
    return _seen(frames, lambda shown: list(find_codes(shown)))


def _seen(frames: Frames, look: Callable[[Shown], list[Region]]) -> list[Region]:
    """What `look` finds frame by frame; in a film it stands from the look before to the look after it was seen."""
    step = max(1, -(-frames.count // MOST_FRAMES))
    found: list[Region] = []
    for index in range(0, frames.count, step):
        first = max(0, index - step) if frames.count > 1 else 0
        last = min(frames.count - 1, index + step)
        found += [replace(one, first_frame=first, last_frame=last) for one in look(frames.as_seen(index))]
    return found
