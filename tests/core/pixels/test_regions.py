"""A region cannot be empty, backwards or surer than sure."""

import pytest

from confrere.core.pixels.regions import Box, Region, RegionKind


def test_a_box_knows_its_area() -> None:
    assert Box(2, 3, 12, 8).area == 50


@pytest.mark.parametrize("corners", [(0, 0, 0, 5), (5, 0, 5, 5), (0, 4, 5, 4), (3, 0, 1, 5), (-1, 0, 5, 5)])
def test_a_box_without_an_inside_is_refused(corners: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="box"):
        Box(*corners)


@pytest.mark.parametrize(("first", "last", "score"), [(3, 2, 1.0), (-1, 2, 1.0), (0, 0, 1.5), (0, 0, -0.1)])
def test_a_region_with_impossible_frames_or_score_is_refused(first: int, last: int, score: float) -> None:
    with pytest.raises(ValueError, match=r"region|score"):
        Region(first, last, Box(0, 0, 1, 1), RegionKind.TEXT, "seeded", score)


def test_a_region_stands_on_its_first_and_last_frame_and_no_other() -> None:
    region = Region(2, 4, Box(0, 0, 1, 1), RegionKind.TEXT, "seeded")
    assert [region.is_on(frame) for frame in range(6)] == [False, False, True, True, True, False]
