"""The frames of one instance or picture as eyes see them: for the detectors, and as pictures for the desk.

Runs inside the jail. Source: PS3.3 C.7.6.3.1.2 (photometric interpretation), C.7.6.6 (multi-frame).
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from confrere.apps.clearance.sheets import LONGEST_SIDE, MOST_PICTURES, THUMBNAIL_SIDE
from confrere.core.dicom.render import encoded_picture
from confrere.core.dicom.walk import Buffer
from confrere.core.pixels.detector import Stored
from confrere.core.pixels.instance_frames import InstanceFrames, frames_of
from confrere.core.pixels.pictures import Frame, Picture
from confrere.core.pixels.propose import FrameSource
from confrere.core.pixels.regions import Box
from confrere.core.pixels.rendering import rank_equalised

ALL_FRAMES = -1
"""In a list of frame numbers: the brightest value of each pixel over all frames."""

_QUALITY = 80
Shown = NDArray[np.uint8]
"""(rows, columns) grey or (rows, columns, 3) RGB."""


class Frames(FrameSource, Protocol):
    """What can be looked at frame by frame, from 0."""

    def as_seen(self, index: int) -> Shown:
        """The frame for a person's eyes."""


@dataclass(frozen=True, slots=True)
class InstanceView:
    """The frames of an opened instance, decoded one at a time."""

    frames: InstanceFrames

    @property
    def count(self) -> int:
        """How many frames there are."""
        return self.frames.count

    @property
    def shown(self) -> tuple[Box, ...]:
        """Where an ultrasound machine says its picture is."""
        return self.frames.shown

    def frame(self, index: int) -> Stored:
        """As `FrameSource` says."""
        return self.frames.frame(index)

    def as_seen(self, index: int) -> Shown:
        """Colour and grey of 8 bits as they are; deeper grey by rank, so that nothing lies outside a window."""
        frame = self.frames.frame(index)
        return np.ascontiguousarray(frame if frame.dtype == np.uint8 else rank_equalised(frame))


def view_of(whole: Buffer) -> InstanceView:
    """The frames of a whole DICOM file; raises Refused as `check_pixels`."""
    return InstanceView(frames_of(whole))


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

    @property
    def shown(self) -> tuple[Box, ...]:
        """Nobody says where in it the picture is."""
        return ()

    def frame(self, index: int) -> Stored:
        """As `FrameSource` says; raises Refused where it cannot be decoded, IndexError where there is none."""
        if self._now is None or index < self._at:
            self._rest, self._at, self._now = self.picture.frames(), -1, None
        while self._at < index:
            self._now = next(self._rest, None)
            self._at += 1
            if self._now is None:
                raise IndexError("no such frame")
        assert self._now is not None  # noqa: S101  # the loop has run at least once
        return self._now

    def as_seen(self, index: int) -> Shown:
        """Colour as it is, deep grey by rank."""
        frame = self.frame(index)
        return np.ascontiguousarray(frame if frame.dtype == np.uint8 else rank_equalised(frame))


def pictures_for(frames: Frames) -> tuple[list[int], list[bytes]]:
    """The distinct frames as (frame numbers from 0, encoded pictures), at most MOST_PICTURES, and a thumbnail behind.

    Of more distinct frames than fit, evenly chosen ones are shown, after one picture of all frames at once in which
    whatever is bright on any single frame can be seen: its number is ALL_FRAMES.
    """
    if frames.count == 1:
        return [0], _with_thumbnail([frames.as_seen(0)])
    first_of: dict[bytes, int] = {}
    brightest = frames.as_seen(0).copy()
    for index in range(frames.count):
        # Told apart by what is stored: two frames may look alike through a window and differ in text.
        stored = np.ascontiguousarray(frames.frame(index))
        first_of.setdefault(hashlib.blake2b(stored.tobytes(), digest_size=16).digest(), index)
        np.maximum(brightest, frames.as_seen(index), out=brightest)
    distinct = sorted(first_of.values())
    if len(distinct) == 1:
        return [0], _with_thumbnail([frames.as_seen(0)])
    room = MOST_PICTURES - 1
    if len(distinct) > room:
        places = np.linspace(0, len(distinct) - 1, room).round().astype(int)
        distinct = [distinct[place] for place in places]
    return [ALL_FRAMES, *distinct], _with_thumbnail([brightest, *(frames.as_seen(index) for index in distinct)])


def _with_thumbnail(shown: Sequence[Shown]) -> list[bytes]:
    pictures = [encoded_picture(one, viewport=(LONGEST_SIDE, LONGEST_SIDE), quality=_QUALITY) for one in shown]
    return [*pictures, encoded_picture(shown[0], viewport=(THUMBNAIL_SIDE, THUMBNAIL_SIDE), quality=_QUALITY)]
