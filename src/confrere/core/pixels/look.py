"""What to mask in a photograph, a page or a film: faces, codes and lines of text, as proposals a person can edit.

A proposal is never a release: whatever was found or not, a person looks, and is told why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from confrere.core.pixels.codes import find_codes
from confrere.core.pixels.detect import find_lines
from confrere.core.pixels.detector import Detector
from confrere.core.pixels.faces import FaceDetector, find_faces, needs_a_person
from confrere.core.pixels.pictures import Picture, PictureKind, Pixels, shows_nothing
from confrere.core.pixels.regions import Region, RegionKind
from confrere.core.pixels.tracking import EVERY, samples, tracked
from confrere.core.terms import Broken

_HOLDS = {
    PictureKind.PHOTOGRAPH: "photograph-needs-person",
    PictureKind.FILM: "film-needs-person",
    PictureKind.PAGE: "document-needs-person",
    PictureKind.SLIDE_PICTURE: "document-needs-person",
    PictureKind.VOLUME: "volume-may-show-face",
}


@dataclass(frozen=True, slots=True)
class Lookers:
    """The networks that look; all of them, or nothing is proposed at all."""

    faces: Sequence[FaceDetector]
    text: Detector


@dataclass(frozen=True, slots=True)
class Looked:
    """What to mask, and codes of `reasons` why a person has to look; empty only for a picture that shows nothing."""

    regions: tuple[Region, ...]
    reasons: tuple[str, ...]


def look_at(picture: Picture, lookers: Lookers, *, every: int = EVERY) -> Looked:
    """Proposals for every frame of `picture`; of a film every `every`-th frame is looked at and the rest tracked.

    A volume is looked at nowhere here: heads have checks of their own. Raises Broken without a face detector, and
    whatever decoding a frame raises.
    """
    if not lookers.faces:
        raise Broken("no face detector is loaded", retryable=False)
    if picture.kind is PictureKind.VOLUME:
        return Looked((), (_HOLDS[picture.kind],))
    wanted = frozenset(samples(picture.count, every))
    seen, blank = [], True
    for number, frame in enumerate(picture.frames()):
        if number in wanted:
            blank = blank and shows_nothing(frame)
            seen.append((number, _regions(np.asarray(frame, np.uint8), number, lookers)))
    regions = tracked(seen, picture.rows, picture.columns)
    if blank and not regions and picture.kind is not PictureKind.FILM:
        return Looked((), ())
    faces = [region for region in regions if region.kind is RegionKind.FACE]
    return Looked(regions, (_HOLDS[picture.kind], needs_a_person(faces).code))


def _regions(frame: Pixels, number: int, lookers: Lookers) -> tuple[Region, ...]:
    found = (
        *find_faces(frame, lookers.faces),
        *find_codes(frame),
        *(
            Region(0, 0, box, RegionKind.TEXT, "text", hit.score)
            for hit in find_lines(frame, lookers.text)
            for box in hit.boxes
        ),
    )
    return tuple(replace(region, first_frame=number, last_frame=number) for region in found)
