"""A small word at the edge may be a mark of side; it is told apart, not kept."""

import pytest

from confrere.core.pixels.marks import KEPT_MARK, POSSIBLE_MARK, may_be_mark, overlap, with_marks
from confrere.core.pixels.regions import Box, Region, RegionKind

EDGE, MIDDLE, LONG = Box(10, 20, 60, 50), Box(480, 480, 530, 510), Box(10, 20, 400, 50)


def region(box: Box, kind: RegionKind = RegionKind.TEXT) -> Region:
    return Region(0, 0, box, kind, "text-detector")


@pytest.mark.parametrize(
    ("box", "is_mark"), [(EDGE, True), (MIDDLE, False), (LONG, False), (Box(0, 0, 300, 300), False)]
)
def test_only_what_is_short_small_and_at_the_edge_may_be_one(box: Box, is_mark: bool) -> None:
    assert may_be_mark(box, 1000, 1000) is is_mark


def test_a_possible_mark_stays_a_proposal() -> None:
    (found,) = with_marks([region(EDGE)], 1000, 1000)
    assert found.box == EDGE
    assert found.source == POSSIBLE_MARK


def test_a_mark_kept_before_on_this_device_is_remembered() -> None:
    (found,) = with_marks([region(EDGE)], 1000, 1000, [Box(8, 18, 62, 52)])
    assert found.source == KEPT_MARK


def test_faces_and_codes_are_never_marks() -> None:
    assert with_marks([region(EDGE, RegionKind.FACE)], 1000, 1000)[0].source == "text-detector"


def test_overlap_is_of_the_smaller_box() -> None:
    assert overlap(Box(0, 0, 10, 10), Box(5, 0, 30, 10)) == 0.5
    assert overlap(Box(0, 0, 4, 4), Box(5, 5, 9, 9)) == 0
