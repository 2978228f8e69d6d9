"""A rendering hides nothing that stands out by rank or from its surroundings."""

import numpy as np
import pytest

from confrere.core.pixels import rendering

RAMP = np.arange(4096, dtype=np.int32).reshape(64, 64)


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.uint16, np.int32, np.float32])
def test_ranks_use_the_whole_scale_at_any_depth(kind: type) -> None:
    values = (RAMP % 200).astype(kind) if kind == np.uint8 else (RAMP - 2048).clip(0 if kind == np.uint16 else -4096)
    shown = rendering.rank_equalised(values.astype(kind))
    assert shown.dtype == np.uint8
    assert shown.max() == 255


def test_one_huge_value_does_not_hide_small_differences() -> None:
    values = np.full((64, 64), 1000, np.int32)
    values[:, 32:] = 1003
    values[0, 0] = 1_000_000
    shown = rendering.rank_equalised(values)
    assert int(shown[10, 40]) - int(shown[10, 10]) > 100


def test_a_faint_stroke_on_a_bright_ground_stands_out_locally() -> None:
    values = np.tile(np.linspace(0, 3000, 128), (128, 1)).astype(np.int16)
    values[60:64, 40:80] += 150
    shown = rendering.locally_normalised(values)
    assert shown[61, 60] > 200
    assert abs(int(shown[20, 60]) - 128) < 40


def test_a_flat_picture_stays_flat() -> None:
    assert np.ptp(rendering.locally_normalised(np.full((40, 40), 77, np.uint16))) == 0


def test_colour_is_its_largest_and_its_least_channel() -> None:
    pixel = np.array([[[9, 200, 30]]], np.uint8)
    assert rendering.grey_of(pixel)[0, 0] == 200
    assert rendering.darkest_of(pixel)[0, 0] == 9


def test_booleans_and_empty_ranges_render() -> None:
    assert rendering.rank_equalised(np.zeros((8, 8), np.bool_)).shape == (8, 8)
    assert rendering.quiet_deviation(np.zeros((8, 8), np.int16)) == 0.5


def test_a_picture_keeps_its_shape_at_any_scale() -> None:
    picture = RAMP.astype(np.uint8)
    assert rendering.resized(picture, 0.5).shape == (32, 32)
    assert rendering.resized(picture, 1.0) is picture
    assert rendering.as_eight_bit(picture).dtype == np.uint8
    assert rendering.smoothed(picture, 1.0).shape == picture.shape
