"""Codes are found turned, small, noisy and damaged, and covered to the last module."""

import numpy as np
import pytest
from numpy.typing import NDArray
from support.codes import WORDS, with_code

from confrere.core.pixels.codes import find_codes
from confrere.core.pixels.regions import RegionKind
from planted.pictures import scene


def covered(frame: NDArray[np.uint8], ink: NDArray[np.bool_]) -> float:
    mask = np.zeros(ink.shape, bool)
    for region in find_codes(frame):
        mask[region.box.top : region.box.bottom, region.box.left : region.box.right] = True
    return float((mask & ink).sum() / ink.sum())


@pytest.mark.parametrize(
    ("name", "angle"),
    [
        *((name, angle) for name in WORDS for angle in (17, 45)),
        *((name, 90 * turn) for name in ("QR", "Code 128") for turn in range(3)),
    ],
)
def test_a_turned_code_is_covered_whole(name: str, angle: float) -> None:
    assert covered(*with_code(name, angle)) == 1.0


@pytest.mark.parametrize("name", WORDS)
def test_a_small_noisy_code_is_covered_whole(name: str) -> None:
    assert covered(*with_code(name, 4, scale=2, noise=6)) > 0.995


def test_a_code_that_no_reader_can_read_any_more_is_still_seen() -> None:
    frame, ink = with_code("QR", 0, scale=5)
    rows, columns = np.nonzero(ink)
    middle = slice(rows.mean().astype(int) - 20, rows.mean().astype(int) + 20)
    frame[middle, columns.mean().astype(int) - 20 : columns.mean().astype(int) + 20] = 90
    regions = find_codes(frame)
    assert {region.score for region in regions} == {0.7}
    assert covered(frame, ink) > 0.995


def test_two_codes_are_two_regions_on_the_frame_asked_about() -> None:
    left, _ = with_code("QR", 0)
    right, _ = with_code("Data Matrix", 0)
    rows = min(left.shape[0], right.shape[0])
    regions = find_codes(np.concatenate([left[:rows], right[:rows]], axis=1), number=4)
    assert len(regions) >= 2
    assert {(region.first_frame, region.last_frame, region.kind) for region in regions} == {(4, 4, RegionKind.CODE)}


def test_a_grey_frame_is_read_too_and_one_without_code_has_no_region() -> None:
    frame, _ = with_code("QR", 0)
    assert find_codes(frame[..., 0].astype(np.uint16) * 200)
    assert find_codes(np.asarray(scene())) == ()
    assert find_codes(np.zeros((1, 1, 3), np.uint8)) == ()
