"""The frames of original instances as a text detector has to see them: bright means white, colour is RGB.

Source: PS3.3 C.7.6.3.1.2 (photometric interpretation), C.7.6.3.1.5 (palettes), C.8.5.5 (ultrasound regions).
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.render import as_rgb
from confrere.core.dicom.stored_values import OpenedInstance, open_instance, stored_values
from confrere.core.dicom.walk import Buffer
from confrere.core.pixels.detector import Stored
from confrere.core.pixels.regions import Box

_REGIONS = 0x00186011
_CORNERS = (0x00186018, 0x0018601A, 0x0018601C, 0x0018601E)


@dataclass(frozen=True, slots=True)
class InstanceFrames:
    """A `FrameSource` of one instance. `shown` are the boxes that an ultrasound machine says hold its picture."""

    opened: OpenedInstance
    shown: tuple[Box, ...] = ()

    @property
    def count(self) -> int:
        """How many frames it has."""
        return self.opened.layout.frames

    def frame(self, index: int) -> Stored:
        """Frame `index`, from 0; raises Refused as `decode_frame`, IndexError for one that does not exist."""
        values = stored_values(self.opened, index + 1)
        layout = self.opened.layout
        if layout.photometric == "PALETTE COLOR" or layout.samples == 3:
            return as_rgb(values, self.opened)
        if layout.photometric == "MONOCHROME1":
            return np.invert(values) if values.dtype.kind != "f" else -values
        return values


def frames_of(original: Buffer) -> InstanceFrames:
    """The frames of a whole DICOM file; raises Refused as `check_pixels`."""
    opened = open_instance(original)
    return InstanceFrames(opened, _ultrasound_regions(opened))


def _ultrasound_regions(opened: OpenedInstance) -> tuple[Box, ...]:
    element = opened.attributes.by_tag.get(_REGIONS)
    found = []
    for item in element.items or () if element else ():
        inside = Attributes(opened.attributes.buffer, item.elements)
        corners = [_unsigned_long(inside.raw(tag)) for tag in _CORNERS]
        left, top, right, bottom = (corner if corner is not None else -1 for corner in corners)
        right, bottom = min(right + 1, opened.layout.columns), min(bottom + 1, opened.layout.rows)
        if 0 <= left < right and 0 <= top < bottom:
            found.append(Box(left, top, right, bottom))
    return tuple(found)


def _unsigned_long(raw: bytes | None) -> int | None:
    return int(struct.unpack("<I", raw)[0]) if raw is not None and len(raw) == 4 else None


@dataclass(frozen=True, slots=True)
class SeriesFrames:
    """A `FrameSource` of one series: the frames of its instances one after the other, in the order given."""

    instances: Sequence[InstanceFrames]

    @property
    def count(self) -> int:
        """How many frames all of them have."""
        return sum(instance.count for instance in self.instances)

    @property
    def shown(self) -> tuple[Box, ...]:
        """What all instances agree on, else nothing."""
        said = {instance.shown for instance in self.instances}
        return said.pop() if len(said) == 1 else ()

    def frame(self, index: int) -> Stored:
        """Frame `index` of the series, from 0."""
        for instance in self.instances:
            if index < instance.count:
                return instance.frame(index)
            index -= instance.count
        raise IndexError("no such frame")
