"""What every file that is not DICOM becomes: pictures made of nothing but pixels, and the words found beside them.

The file itself is never handed on. Whatever crosses from a reader is here, and none of it is trusted: pictures still
wait for detectors and a person, words for the engine of words.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""One frame in colour: (rows, columns, 3), sRGB, the top row first, upright."""

Frame = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.int16]
"""One frame: `Pixels`, or grey (rows, columns) of 16 bits for a volume."""


class PictureKind(StrEnum):
    """Where a picture comes from; it decides the DICOM class it becomes and what a person is told."""

    PHOTOGRAPH = "photograph"
    PAGE = "page"
    SLIDE_PICTURE = "slide picture"
    FILM = "film"
    VOLUME = "volume"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture, or one film or volume of `count` frames of the same size.

    `name` is made of our own words ("page 3"), never of the file's. Each call of `frames` decodes anew from the first
    frame on, so that a film need not lie in memory; it may raise Refused where a frame cannot be decoded.
    `frame_ms` is how long one frame of a film is shown. `spacing_mm` is the distance between rows, columns and frames
    of a volume. `slope` and `intercept` turn the stored values of a volume into those of the file.
    """

    name: str
    kind: PictureKind
    rows: int
    columns: int
    frames: Callable[[], Iterator[Frame]] = field(repr=False)
    count: int = 1
    frame_ms: float = 0.0
    spacing_mm: tuple[float, float, float] | None = None
    slope: float = 1.0
    intercept: float = 0.0


@dataclass(frozen=True, slots=True)
class FoundText:
    """Words of the file and where they stood ("slide 2, notes"); identified until the engine of words has read them."""

    place: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pictures:
    """All that is left of one file.

    `notes` are codes of `reasons`, told to the sender: what was left out. `holds` are codes of `reasons` why a person
    has to look before any of it goes on; empty only where the pixels are proven to show nothing at all.
    """

    pictures: tuple[Picture, ...]
    texts: tuple[FoundText, ...] = ()
    notes: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()

    @property
    def needs_person(self) -> bool:
        """Whether a person has to approve every picture on the clearance desk."""
        return bool(self.holds)


def still(name: str, kind: PictureKind, pixels: Frame) -> Picture:
    """A picture of one frame that lies in memory."""
    rows, columns = pixels.shape[:2]
    return Picture(name, kind, rows, columns, lambda: iter((pixels,)))


_FEWEST_BANDS = 7
"""A letter of the coarsest alphabet needs five and a margin on each side, a face or a code many more."""


def shows_nothing(pixels: Frame) -> bool:
    """Whether `pixels` are at most a few even rectangles: the one case in which no one needs to look.

    True where there are at most seven different bands of rows and seven of columns; one letter would fill those.
    """
    return _bands(pixels) <= _FEWEST_BANDS and _bands(pixels.swapaxes(0, 1)) <= _FEWEST_BANDS


def _bands(pixels: Frame) -> int:
    """How many runs of equal lines there are along the first axis."""
    changes = (pixels[1:] != pixels[:-1]).any(axis=tuple(range(1, pixels.ndim)))
    return 1 + int(changes.sum())


def holds_for(pictures: Iterable[Picture], code: str) -> tuple[str, ...]:
    """`code` as the one reason to hold, unless every frame of every picture shows nothing. Ends at the first that does.

    Raises Refused where a frame cannot be decoded.
    """
    blank = all(shows_nothing(frame) for picture in pictures for frame in picture.frames())
    return () if blank else (code,)
