"""The forehead is drawn straight down; the surface knows nothing of the face, and no brain lies before its end."""

from itertools import pairwise

import numpy as np
import pytest
from support.heads import head_values, made_up_head

from confrere.core.pixels.heads.envelope import STEPS, Cut, plan_cut
from confrere.core.pixels.heads.grid import STANDING, Grid, sample
from confrere.core.pixels.heads.pose import Face
from confrere.core.terms import Held

FACE = Face(STANDING, top=160.0, bottom=20.0, left=42.0, right=178.0, strength=1.5)


def cut(values: np.ndarray | None = None, step: int = 0) -> Cut:
    grid = sample(made_up_head())
    return plan_cut(grid if values is None else Grid(values, grid.origin, grid.axes), FACE, -300.0, step=step)


def test_the_surface_begins_above_the_brow_and_covers_sockets_and_nose() -> None:
    made = cut()
    assert made.surface[93, 78] > 0 and made.surface[93, 142] > 0 and made.surface[60, 110] > 0
    assert (made.surface[140:] < 0).all()


def test_the_surface_is_the_same_whatever_the_face_is_like() -> None:
    other = head_values().astype(np.float32)
    other[40:90, :40, 100:120] = -1024  # another nose: none
    one, two = cut().surface, cut(other).surface
    both = (one >= 0) & (two >= 0)
    assert np.array_equal(one[both], two[both])
    assert both.sum() > 0.95 * (one >= 0).sum()


def test_made_up_tissue_buries_the_sockets_and_stops_before_the_brain() -> None:
    made = cut()
    values = sample(made_up_head()).values
    assert made.end[93, 78] > (values[93, :, 78] > -300).argmax() + 2
    brain = values == 35
    back = np.arange(values.shape[1])[None, :, None]
    changed = (back < made.end[:, None, :]) & (made.end[:, None, :] >= 0)
    assert (changed & brain).sum() <= 0.001 * brain.sum()


def test_ears_stick_out_and_the_head_beside_them_does_not() -> None:
    made = cut()
    row, back = 80, 126
    assert made.from_right[row, back] == pytest.approx(42, abs=6)
    assert made.to_left[row, back] == pytest.approx(178, abs=6)
    assert (made.from_right[150:] < 0).all()


def test_every_shape_covers_the_eyes_and_no_two_are_alike() -> None:
    shapes = [cut(step=step).surface for step in range(STEPS)]
    assert all(one[93, 78] > 0 and one[93, 142] > 0 for one in shapes)
    assert not any(np.array_equal(one, other) for one, other in pairwise(shapes))


def test_without_a_forehead_nothing_is_cut_and_the_reason_says_so() -> None:
    values = sample(made_up_head()).values[:118]
    with pytest.raises(Held) as held:
        cut(np.ascontiguousarray(values))
    assert held.value.code == "head-not-cut"
