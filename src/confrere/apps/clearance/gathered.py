"""Boxes that lie over one another are one box for a person: she moves or leaves one thing, not six.

A box that is gathered covers all that its parts cover, and little more.
"""

from collections.abc import Iterable

from confrere.core.pixels.marks import KEPT_MARK, POSSIBLE_MARK
from confrere.core.pixels.regions import Box, Region, RegionKind
from confrere.core.pixels.tiers import around

# The gathered box may be larger than what its parts cover by this much.
_LARGER = 1.25


def gathered(regions: Iterable[Region]) -> tuple[Region, ...]:
    """`regions` with lines of text that overlap on the same frames joined; marks, codes, faces stay as they are."""
    found: list[Region] = []
    for region in sorted(regions, key=lambda one: -one.box.area):
        joined = region
        while _is_line(joined):
            other = next((one for one in found if _belong(one, joined)), None)
            if other is None:
                break
            found.remove(other)
            score = max(other.score, joined.score)
            box = around(other.box, joined.box)
            joined = Region(joined.first_frame, joined.last_frame, box, joined.kind, other.source, score)
        found.append(joined)
    return tuple(sorted(found))


def _is_line(region: Region) -> bool:
    return region.kind is RegionKind.TEXT and region.source not in (POSSIBLE_MARK, KEPT_MARK)


def _belong(one: Region, other: Region) -> bool:
    if not _is_line(one) or (one.first_frame, one.last_frame) != (other.first_frame, other.last_frame):
        return False
    shared = _shared(one.box, other.box)
    return shared > 0 and around(one.box, other.box).area <= _LARGER * (one.box.area + other.box.area - shared)


def _shared(one: Box, other: Box) -> int:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0, width) * max(0, height)
