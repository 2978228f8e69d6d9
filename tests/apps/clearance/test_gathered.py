"""Overlapping lines are one box that covers them all and little more; everything else stays as it is."""

import pytest

from confrere.apps.clearance.gathered import gathered
from confrere.core.pixels.marks import POSSIBLE_MARK
from confrere.core.pixels.regions import Box, Region, RegionKind


def text(left: int, top: int, right: int, bottom: int, frames: tuple[int, int] = (0, 0)) -> Region:
    return Region(*frames, Box(left, top, right, bottom), RegionKind.TEXT, "net", 0.5)


def test_a_column_of_overlapping_lines_is_one_box_that_covers_all_of_them() -> None:
    lines = [text(592, 37, 640, 201), text(594, 87, 640, 278), text(582, 131, 640, 165), text(583, 153, 640, 187)]
    (one,) = gathered(lines)
    assert one.box == Box(582, 37, 640, 278)
    assert gathered(reversed(lines)) == (one,)


@pytest.mark.parametrize(
    "other",
    [
        text(0, 11, 25, 87),
        text(0, 40, 530, 60),
        text(100, 7, 300, 31, (0, 3)),
        Region(0, 0, Box(100, 7, 300, 31), RegionKind.FACE, "net"),
        Region(0, 0, Box(100, 7, 300, 31), RegionKind.TEXT, POSSIBLE_MARK),
    ],
)
def test_what_would_cover_much_more_or_is_of_another_kind_or_frame_stays_apart(other: Region) -> None:
    assert len(gathered([text(0, 7, 530, 31), other])) == 2
