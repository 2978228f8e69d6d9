"""The frames of one instance as eyes see them: for the detectors, and as pictures for the desk.

Runs inside the jail. Source: PS3.3 C.7.6.3.1.2 (photometric interpretation), C.7.6.6 (multi-frame).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from confrere.apps.clearance.sheets import LONGEST_SIDE, MOST_PICTURES, THUMBNAIL_SIDE
from confrere.core.dicom.render import encoded_picture, picture_of
from confrere.core.dicom.stored_values import OpenedInstance, stored_values

ALL_FRAMES = -1
"""In a list of frame numbers: the brightest value of each pixel over all frames."""

_QUALITY = 80


@dataclass(frozen=True, slots=True)
class InstanceFrames:
    """The frames of an opened instance, decoded one at a time."""

    opened: OpenedInstance

    @property
    def count(self) -> int:
        """How many frames there are."""
        return self.opened.layout.frames

    def frame(self, index: int) -> NDArray[Any]:
        """Frame `index`, from 0: (rows, columns) stored grey where bright means white, or (…, 3) RGB of 8 bits."""
        layout = self.opened.layout
        if layout.samples == 3 or layout.photometric == "PALETTE COLOR":
            return picture_of(self.opened, index + 1)
        values = stored_values(self.opened, index + 1)
        return values.max() - values if layout.photometric == "MONOCHROME1" else values


def pictures_for(opened: OpenedInstance) -> tuple[list[int], list[bytes]]:
    """The distinct frames as (frame numbers from 0, encoded pictures), at most MOST_PICTURES, and a thumbnail behind.

    Of more distinct frames than fit, evenly chosen ones are shown, after one picture of all frames at once in which
    whatever is bright on any single frame can be seen: its number is ALL_FRAMES.
    """
    frames = InstanceFrames(opened)
    if frames.count == 1:
        return [0], _with_thumbnail([_shown(opened, 0)])
    first_of: dict[bytes, int] = {}
    brightest: NDArray[np.uint8] | None = None
    for index in range(frames.count):
        # Told apart by what is stored: two frames may look alike through a window and differ in text.
        stored = np.ascontiguousarray(frames.frame(index))
        first_of.setdefault(hashlib.blake2b(stored.tobytes(), digest_size=16).digest(), index)
        shown = _shown(opened, index)
        brightest = shown.copy() if brightest is None else np.maximum(brightest, shown)
    distinct = sorted(first_of.values())
    if len(distinct) == 1 or brightest is None:
        return [0], _with_thumbnail([_shown(opened, 0)])
    room = MOST_PICTURES - 1
    if len(distinct) > room:
        places = np.linspace(0, len(distinct) - 1, room).round().astype(int)
        distinct = [distinct[place] for place in places]
    return [ALL_FRAMES, *distinct], _with_thumbnail([brightest, *(_shown(opened, index) for index in distinct)])


def _shown(opened: OpenedInstance, index: int) -> NDArray[np.uint8]:
    """Frame `index` (from 0) for a person's eyes; grey of 8 bits as it is, so that nothing is outside the window."""
    layout = opened.layout
    whole = layout.samples == 1 and layout.stored <= 8 and layout.photometric.startswith("MONOCHROME")
    span = float(1 << layout.stored)
    return picture_of(opened, index + 1, window=(span / 2, span) if whole and not layout.signed else None)


def _with_thumbnail(shown: Sequence[NDArray[np.uint8]]) -> list[bytes]:
    pictures = [encoded_picture(one, viewport=(LONGEST_SIDE, LONGEST_SIDE), quality=_QUALITY) for one in shown]
    return [*pictures, encoded_picture(shown[0], viewport=(THUMBNAIL_SIDE, THUMBNAIL_SIDE), quality=_QUALITY)]
