"""A region of pixels that may show who the patient is: where, on which frames, why, and how sure.

Source: PS3.3 C.7.6.3 (rows and columns count from the top left), PS3.15 E.3.1 (Clean Pixel Data).
"""

from dataclasses import dataclass
from enum import StrEnum


class RegionKind(StrEnum):
    """What a region shows."""

    TEXT = "text"
    FACE = "face"
    CODE = "code"
    """A bar code or QR code."""
    DRAWN = "drawn"
    """A person drew it."""


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A rectangle of whole pixels, half open: columns `left` to `right` - 1, rows `top` to `bottom` - 1, from 0."""

    left: int
    top: int
    right: int
    bottom: int

    def __post_init__(self) -> None:
        """Raise ValueError for a box without an inside: masking nothing would look like masking."""
        if not (0 <= self.left < self.right and 0 <= self.top < self.bottom):
            raise ValueError("a box needs a positive width and height, and no negative corner")

    @property
    def area(self) -> int:
        """Pixels inside."""
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(frozen=True, slots=True, order=True)
class Region:
    """A box on frames `first_frame` to `last_frame`, both included, from 0.

    `source` names the detector or rule, `score` is its certainty from 0 to 1 (1 for a rule or a person).
    """

    first_frame: int
    last_frame: int
    box: Box
    kind: RegionKind
    source: str
    score: float = 1.0

    def __post_init__(self) -> None:
        """Raise ValueError for frames that run backwards or a score outside 0 to 1."""
        if not 0 <= self.first_frame <= self.last_frame:
            raise ValueError("a region needs frames in order, from 0")
        if not 0.0 <= self.score <= 1.0:
            raise ValueError("a score lies between 0 and 1")

    def is_on(self, frame: int) -> bool:
        """Whether it stands on this frame (from 0)."""
        return self.first_frame <= frame <= self.last_frame
