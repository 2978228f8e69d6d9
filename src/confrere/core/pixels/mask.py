"""Take regions out of frames: filled rectangles, never a blur, which can be undone.

Source: PS3.15 E.3.1 (Clean Pixel Data).
"""

from collections.abc import Sequence

from confrere.core.pixels.pictures import Frame
from confrere.core.pixels.regions import Region


def masked(frame: Frame, number: int, regions: Sequence[Region]) -> Frame:
    """A copy of `frame` (number `number`, from 0) with every region that stands on it filled: black, or the least grey.

    A region may reach beyond the frame; what lies inside is filled.
    """
    made = frame.copy()
    fill = 0 if frame.ndim == 3 else frame.min(initial=frame.flat[0])
    for region in regions:
        if region.is_on(number):
            made[region.box.top : region.box.bottom, region.box.left : region.box.right] = fill
    return made
