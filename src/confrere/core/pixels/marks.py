"""Marks of side and position (L, R, ERECT): a proposal that may be one is told apart, so that one tap keeps it.

Nothing is decided here: a person looks, and what she keeps is remembered for the device.
"""

from collections.abc import Iterable
from dataclasses import replace

from confrere.core.pixels.regions import Box, Region, RegionKind

POSSIBLE_MARK = "possible-mark"
"""The `source` of a region that may be a mark."""

KEPT_MARK = "kept-mark"
"""The `source` of a region where a mark was kept on this device before: still shown, still covered until approved."""

# Marks are single letters or one short word, and radiographers put them at the edge of the picture.
_WIDEST, _LARGEST, _EDGE = 4.5, 0.02, 0.3
_SAME = 0.7


def with_marks(regions: Iterable[Region], rows: int, columns: int, kept: Iterable[Box] = ()) -> tuple[Region, ...]:
    """`regions` of a picture of `rows` x `columns` with the source of each possible mark changed.

    `kept` are the places where marks were kept on pictures of the same device and size.
    """
    places = tuple(kept)
    return tuple(_told(region, rows, columns, places) for region in regions)


def _told(region: Region, rows: int, columns: int, kept: tuple[Box, ...]) -> Region:
    if region.kind is not RegionKind.TEXT or not may_be_mark(region.box, rows, columns):
        return region
    known = any(overlap(region.box, place) >= _SAME for place in kept)
    return replace(region, source=KEPT_MARK if known else POSSIBLE_MARK)


def may_be_mark(box: Box, rows: int, columns: int) -> bool:
    """Whether `box` is small, short and near an edge."""
    width, height = box.right - box.left, box.bottom - box.top
    short = width <= _WIDEST * height and height <= _WIDEST * width
    small = box.area <= _LARGEST * rows * columns
    across, down = (box.left + box.right) / 2 / columns, (box.top + box.bottom) / 2 / rows
    near_edge = min(across, 1 - across, down, 1 - down) <= _EDGE
    return short and small and near_edge


def overlap(one: Box, other: Box) -> float:
    """The shared area by the area of the smaller box, 0 to 1."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0, width) * max(0, height) / min(one.area, other.area)
