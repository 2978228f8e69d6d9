"""Between two looks nothing that was seen is left open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confrere.core.pixels.regions import Box, Region, RegionKind
from confrere.core.pixels.tracking import samples, tracked


def face(frame: int, left: int, top: int = 40, side: int = 20, kind: RegionKind = RegionKind.FACE) -> Region:
    return Region(frame, frame, Box(left, top, left + side, top + side), kind, "test")


def open_at(regions: tuple[Region, ...], frame: int, box: Box) -> int:
    """Pixels of `box` that no region covers on `frame`."""
    inside = {(x, y) for x in range(box.left, box.right) for y in range(box.top, box.bottom)}
    for region in regions:
        if region.is_on(frame):
            cover = region.box
            inside -= {(x, y) for x in range(cover.left, cover.right) for y in range(cover.top, cover.bottom)}
    return len(inside)


@pytest.mark.parametrize(("count", "expected"), [(0, ()), (1, (0,)), (6, (0, 5)), (8, (0, 5, 7))])
def test_the_first_and_the_last_frame_are_always_looked_at(count: int, expected: tuple[int, ...]) -> None:
    assert samples(count, 5) == expected


@given(st.integers(-3, 3), st.integers(3, 30))
def test_a_face_that_moves_evenly_is_covered_on_every_frame(speed: int, count: int) -> None:
    true = [face(frame, 120 + speed * frame) for frame in range(count)]
    regions = tracked([(at, [true[at]]) for at in samples(count, 5)], 100, 300)
    assert [open_at(regions, frame, true[frame].box) for frame in range(count)] == [0] * count


def test_one_that_comes_and_goes_is_covered_up_to_the_neighbouring_looks() -> None:
    regions = tracked([(0, []), (5, [face(5, 100)]), (10, [])], 100, 300)
    for frame in range(11):
        assert open_at(regions, frame, face(frame, 98, 38).box) == 0
    assert open_at(tracked([(0, []), (5, [face(5, 100)]), (10, []), (15, [])], 100, 300), 11, face(11, 100).box) > 0


def test_two_faces_are_followed_apart_and_kinds_are_not_mixed() -> None:
    seen = [(0, [face(0, 10), face(0, 200)]), (5, [face(5, 14), face(5, 205, kind=RegionKind.CODE)])]
    regions = tracked(seen, 100, 300)
    assert open_at(regions, 3, face(3, 12).box) == 0
    assert open_at(regions, 5, face(5, 205).box) == 0
    assert {region.kind for region in regions} == {RegionKind.FACE, RegionKind.CODE}


def test_boxes_stay_inside_the_frame() -> None:
    for region in tracked([(0, []), (5, [face(5, 0, 0), face(5, 290, 90)]), (9, [])], 100, 300):
        assert region.box.right <= 300
        assert region.box.bottom <= 100


def test_a_still_keeps_its_boxes_as_they_are() -> None:
    assert tracked([(0, [face(0, 50)])], 100, 300) == (face(0, 50),)
