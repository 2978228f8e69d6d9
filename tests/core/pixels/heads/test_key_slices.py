"""A pack has few slices, evenly spread, and without a cut none that crosses the face."""

from dataclasses import replace

import numpy as np
from support.heads import made_up_head

from confrere.core.pixels.heads.envelope import Cut
from confrere.core.pixels.heads.grid import sample
from confrere.core.pixels.heads.key_slices import MOST_SLICES, key_slices, key_slices_above
from confrere.core.pixels.heads.volume import Volume

BROW = 120


def cut() -> Cut:
    grid = sample(made_up_head())
    up, back, left = grid.values.shape
    surface = np.full((up, left), -1, np.float32)
    surface[:BROW] = 30
    return Cut(
        grid.origin, grid.axes, surface, surface, np.zeros((up, back), np.float32), np.zeros((up, back), np.float32)
    )


def sagittal() -> Volume:
    volume = made_up_head()
    return replace(
        volume, stored=np.ascontiguousarray(volume.stored.transpose(2, 0, 1)), matrix=volume.matrix[:, [2, 0, 1, 3]]
    )


def test_a_pack_holds_at_most_thirty_slices_evenly_spread() -> None:
    pack = key_slices(made_up_head())
    assert 20 <= len(pack) <= MOST_SLICES
    assert len(set(np.diff(pack).tolist())) == 1


def test_slices_keep_the_distance_that_is_asked_for() -> None:
    assert np.diff(key_slices(made_up_head(), apart_mm=25.0)).min() >= 25


def test_without_a_passed_cut_no_slice_lies_below_the_brow() -> None:
    pack = key_slices_above(made_up_head(), cut())
    assert pack and min(pack) > BROW


def test_sagittal_slices_show_the_profile_and_none_is_proposed() -> None:
    assert key_slices_above(sagittal(), cut()) == ()


def test_where_everything_is_face_there_is_no_pack() -> None:
    low = replace(made_up_head(), stored=made_up_head().stored[: BROW - 5])
    assert key_slices_above(low, cut()) == ()
