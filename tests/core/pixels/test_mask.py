"""What is masked is gone, and nothing else is touched."""

import numpy as np
import pytest

from confrere.core.pixels.mask import masked
from confrere.core.pixels.regions import Box, Region, RegionKind


def region(first: int = 0, last: int = 0, box: Box | None = None) -> Region:
    return Region(first, last, box or Box(2, 1, 5, 4), RegionKind.DRAWN, "person")


@pytest.mark.parametrize("seed", range(3))
def test_inside_is_one_value_and_outside_is_as_it_was(seed: int) -> None:
    frame = np.random.default_rng(seed).integers(1, 255, (10, 12, 3), dtype=np.uint8)
    before = frame.copy()
    made = masked(frame, 0, [region()])
    assert (made[1:4, 2:5] == 0).all()
    made[1:4, 2:5] = frame[1:4, 2:5]
    assert (made == frame).all()
    assert (frame == before).all(), "the original is not touched"


def test_only_the_frames_it_stands_on_are_masked() -> None:
    frame = np.full((10, 12, 3), 9, np.uint8)
    assert [bool((masked(frame, number, [region(1, 2)]) == 0).any()) for number in range(4)] == [
        False,
        True,
        True,
        False,
    ]


def test_grey_is_filled_with_its_least_value_and_beyond_the_edge_nothing_happens() -> None:
    frame = np.full((4, 4), 700, np.uint16)
    frame[0, 0] = 300
    made = masked(frame, 0, [region(box=Box(2, 2, 90, 90))])
    assert (made[2:, 2:] == 300).all()
    assert made.shape == (4, 4)
