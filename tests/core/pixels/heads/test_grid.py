"""A volume sampled along the patient's axes looks the same whichever way its slices were cut."""

from dataclasses import replace

import numpy as np
import pytest
from support.heads import made_up_head, planes_of

from confrere.core.pixels.heads.grid import AIR, STANDING, sample
from confrere.core.pixels.heads.volume import Modality, Volume, build_volume
from confrere.core.terms import Held


def small() -> Volume:
    values = np.random.default_rng(2).integers(0, 900, (20, 24, 28)).astype(np.int16)
    return build_volume(planes_of(values), Modality.MR)


def test_one_mm_cells_along_the_slices_are_the_slices() -> None:
    volume = small()
    grid = sample(volume)
    assert grid.values.dtype == np.float32
    np.testing.assert_allclose(grid.values, volume.stored, atol=1e-3)
    assert grid.origin == pytest.approx([-110, -110, 0])


def test_sagittal_slices_of_the_same_head_give_the_same_cells() -> None:
    volume = small()
    count = volume.stored.shape[2]
    sagittal = replace(
        volume,
        stored=np.ascontiguousarray(volume.stored.transpose(2, 0, 1)),
        matrix=volume.matrix[:, [2, 0, 1, 3]],
        slopes=np.ones(count, np.float32),
        intercepts=np.zeros(count, np.float32),
        places=tuple(range(count)),
    )
    np.testing.assert_allclose(sample(sagittal).values, sample(volume).values, atol=1e-3)


def test_axes_turned_by_a_quarter_turn_the_cells() -> None:
    volume = small()
    turned = sample(volume, STANDING[[0, 2, 1]])
    np.testing.assert_allclose(turned.values, volume.stored.transpose(0, 2, 1), atol=1e-3)


def test_cells_outside_the_volume_hold_air() -> None:
    tilt = np.deg2rad(30)
    axes = np.array([[0, np.sin(tilt), np.cos(tilt)], [0, np.cos(tilt), -np.sin(tilt)], [1, 0, 0]])
    grid = sample(made_up_head(), axes)
    assert grid.values[0, 0, 0] == grid.values[-1, -1, -1] == AIR[Modality.CT]
    assert (grid.values > 0).sum() == pytest.approx((made_up_head().stored > 0).sum(), rel=0.02)


def test_a_volume_wider_than_any_head_is_held() -> None:
    wide = replace(small(), matrix=small().matrix * [1, 1, 60, 1])
    with pytest.raises(Held, match="too wide"):
        sample(wide)
