"""A cut reaches the stored values of the original slices, and every other voxel stays bit for bit."""

from dataclasses import replace

import numpy as np
from support.heads import made_up_head

from confrere.core.pixels.heads.apply import Filling, apply_cut
from confrere.core.pixels.heads.envelope import Cut
from confrere.core.pixels.heads.grid import sample
from confrere.core.pixels.heads.volume import Volume

FILLING = Filling(air=-1024.0, tissue=40.0, noise=15.0, wall=800.0)
AIR_BEFORE, TISSUE_TO = 50.0, 62.0


def cut() -> Cut:
    grid = sample(made_up_head())
    up, back, left = grid.values.shape
    surface, end = np.full((up, left), -1, np.float32), np.full((up, left), -1, np.float32)
    surface[40:100, 60:160], end[40:100, 60:160] = AIR_BEFORE, TISSUE_TO
    return Cut(
        grid.origin, grid.axes, surface, end, np.full((up, back), -1, np.float32), np.full((up, back), left, np.float32)
    )


def test_air_in_front_then_a_wall_then_tissue_and_nothing_else_changes() -> None:
    volume = made_up_head()
    done, changed = apply_cut(volume, cut(), FILLING, seed=1)
    assert (done.stored[70, :50, 110] == -1024).all()
    assert (done.stored[70, 50:52, 110] == 800).all()
    tissue = done.stored[60:90, 53:61, 80:140]
    assert abs(float(tissue.mean()) - 40) < 2 and 10 < tissue.std() < 20
    assert np.array_equal(done.stored[~changed], volume.stored[~changed])
    assert not changed[110:].any() and not changed[:, 63:].any() and changed[70, :62, 110].all()


def test_the_original_is_left_alone_and_the_noise_depends_on_the_seed_alone() -> None:
    before = made_up_head().stored.copy()
    first, again, other = (apply_cut(made_up_head(), cut(), FILLING, seed)[0].stored for seed in (1, 1, 2))
    assert np.array_equal(before, made_up_head().stored)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_scanner_that_stores_unsigned_values_gets_unsigned_values() -> None:
    volume = made_up_head()
    unsigned: Volume = replace(
        volume,
        stored=(volume.stored + 1024).astype(np.uint16),
        intercepts=np.full(len(volume.stored), -1024, np.float32),
    )
    done, _ = apply_cut(unsigned, cut(), FILLING, seed=1)
    assert done.stored.dtype == np.uint16
    assert (done.stored[70, :50, 110] == 0).all()
    assert done.stored.max() <= unsigned.stored.max()


def test_slices_cut_another_way_are_cut_in_the_same_place() -> None:
    volume = made_up_head()
    count = volume.stored.shape[2]
    ones = np.ones(count, np.float32)
    sagittal = Volume(
        volume.modality,
        np.ascontiguousarray(volume.stored.transpose(2, 0, 1)),
        volume.matrix[:, [2, 0, 1, 3]],
        ones,
        0 * ones,
        tuple(range(count)),
    )
    _, one = apply_cut(volume, cut(), FILLING, seed=1)
    _, other = apply_cut(sagittal, cut(), FILLING, seed=1)
    assert np.array_equal(one, other.transpose(1, 2, 0))
