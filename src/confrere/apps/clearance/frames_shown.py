"""The frames of one instance or picture as eyes see them: for the detectors, and as pictures for the desk.

Runs inside the jail. Source: PS3.3 C.7.6.3.1.2 (photometric interpretation), C.7.6.6 (multi-frame).
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from confrere.apps.clearance.sheets import LONGEST_SIDE, MOST_PICTURES, THUMBNAIL_SIDE
from confrere.core.dicom.render import encoded_picture, picture_of
from confrere.core.dicom.stored_values import OpenedInstance, stored_values
from confrere.core.pixels.pictures import Frame, Picture

ALL_FRAMES = -1
"""In a list of frame numbers: the brightest value of each pixel over all frames."""

_QUALITY = 80
Shown = NDArray[np.uint8]
"""(rows, columns) grey or (rows, columns, 3) RGB."""


class Frames(Protocol):
    """What can be looked at frame by frame, from 0."""

    @property
    def count(self) -> int:
        """How many frames there are."""

    def frame(self, index: int) -> NDArray[Any]:
        """What is stored: (rows, columns) grey where bright means white, or (rows, columns, 3) RGB of 8 bits."""

    def shown(self, index: int) -> Shown:
        """The same for a person's eyes."""


@dataclass(frozen=True, slots=True)
class InstanceFrames:
    """The frames of an opened instance, decoded one at a time."""

    opened: OpenedInstance

    @property
    def count(self) -> int:
        """How many frames there are."""
        return self.opened.layout.frames

    def frame(self, index: int) -> NDArray[Any]:
        """As `Frames` says."""
        layout = self.opened.layout
        if layout.samples == 3 or layout.photometric == "PALETTE COLOR":
            return picture_of(self.opened, index + 1)
        values = stored_values(self.opened, index + 1)
        return values.max() - values if layout.photometric == "MONOCHROME1" else values

    def shown(self, index: int) -> Shown:
        """Grey of 8 bits as it is, so that nothing lies outside a window."""
        layout = self.opened.layout
        whole = layout.samples == 1 and layout.stored <= 8 and layout.photometric.startswith("MONOCHROME")
        span = float(1 << layout.stored)
        return picture_of(self.opened, index + 1, window=(span / 2, span) if whole and not layout.signed else None)


@dataclass(slots=True)
class PictureFrames:
    """The frames of a picture that is not DICOM; going back in a film decodes it anew."""

    picture: Picture
    _at: int = -1
    _now: Frame | None = field(default=None, repr=False)
    _rest: Iterator[Frame] = field(default_factory=lambda: iter(()), repr=False)

    @property
    def count(self) -> int:
        """How many frames there are."""
        return self.picture.count

    def frame(self, index: int) -> NDArray[Any]:
        """As `Frames` says; raises Refused where it cannot be decoded, IndexError where there is none."""
        if self._now is None or index < self._at:
            self._rest, self._at, self._now = self.picture.frames(), -1, None
        while self._at < index:
            self._now = next(self._rest, None)
            self._at += 1
            if self._now is None:
                raise IndexError("no such frame")
        assert self._now is not None  # noqa: S101  # the loop has run at least once
        return self._now

    def shown(self, index: int) -> Shown:
        """Colour as it is, deep grey from its least to its greatest value."""
        frame = self.frame(index)
        if frame.dtype == np.uint8:
            return frame
        low, high = int(frame.min()), int(frame.max())
        return np.asarray((frame.astype(np.float32) - low) * (255 / max(1, high - low)), np.uint8)


def pictures_for(frames: Frames) -> tuple[list[int], list[bytes]]:
    """The distinct frames as (frame numbers from 0, encoded pictures), at most MOST_PICTURES, and a thumbnail behind.

    Of more distinct frames than fit, evenly chosen ones are shown, after one picture of all frames at once in which
    whatever is bright on any single frame can be seen: its number is ALL_FRAMES.
    """
    if frames.count == 1:
        return [0], _with_thumbnail([frames.shown(0)])
    first_of: dict[bytes, int] = {}
    brightest = frames.shown(0).copy()
    for index in range(frames.count):
        # Told apart by what is stored: two frames may look alike through a window and differ in text.
        stored = np.ascontiguousarray(frames.frame(index))
        first_of.setdefault(hashlib.blake2b(stored.tobytes(), digest_size=16).digest(), index)
        np.maximum(brightest, frames.shown(index), out=brightest)
    distinct = sorted(first_of.values())
    if len(distinct) == 1:
        return [0], _with_thumbnail([frames.shown(0)])
    room = MOST_PICTURES - 1
    if len(distinct) > room:
        places = np.linspace(0, len(distinct) - 1, room).round().astype(int)
        distinct = [distinct[place] for place in places]
    return [ALL_FRAMES, *distinct], _with_thumbnail([brightest, *(frames.shown(index) for index in distinct)])


def _with_thumbnail(shown: Sequence[Shown]) -> list[bytes]:
    pictures = [encoded_picture(one, viewport=(LONGEST_SIDE, LONGEST_SIDE), quality=_QUALITY) for one in shown]
    return [*pictures, encoded_picture(shown[0], viewport=(THUMBNAIL_SIDE, THUMBNAIL_SIDE), quality=_QUALITY)]
