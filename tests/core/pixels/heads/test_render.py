"""The first surface along each ray, between cells, and a turn of the picture is a turn of the axes."""

import numpy as np
import pytest
from support.heads import made_up_head

from confrere.core.pixels.heads.grid import STANDING, sample
from confrere.core.pixels.heads.render import VIEWS, View, render, skin_depth, turned, turned_axes


def test_the_surface_lies_between_cells_where_the_value_is_reached() -> None:
    values = np.full((3, 10, 3), -1000.0, np.float32)
    values[:, 6:, :] = 0.0
    depth, hit = skin_depth(values, -250.0)
    assert hit.all()
    assert depth == pytest.approx(np.full((3, 3), 5.75))


def test_where_nothing_is_hit_there_is_no_surface() -> None:
    depth, hit = skin_depth(np.full((2, 5, 2), -1000.0, np.float32), -300.0)
    assert not hit.any()
    assert (depth == 5).all()


@pytest.mark.parametrize("view", [View(25, 0), View(0, -12), View(0, 0, 20), View(20, 15, -10)])
def test_sampling_along_turned_axes_shows_what_turning_the_cells_shows(view: View) -> None:
    volume = made_up_head()
    by_cells = turned(sample(volume).values, view, -1024.0)
    by_axes = sample(volume, turned_axes(STANDING, view)).values
    height, depth, width = (min(one, other) for one, other in zip(by_cells.shape, by_axes.shape, strict=True))

    def middle(cells: np.ndarray) -> np.ndarray:
        starts = [(side - kept) // 2 for side, kept in zip(cells.shape, (height, depth, width), strict=True)]
        cut = cells[starts[0] :, starts[1] :, starts[2] :][:height, :depth, :width]
        return cut[40:-40, 40:-40, 40:-40] > -300

    assert (middle(by_cells) ^ middle(by_axes)).mean() < 0.02


def test_the_seven_views_are_pictures_with_the_head_lit_and_the_air_black() -> None:
    assert len(VIEWS) == 7
    picture = render(sample(made_up_head()).values, -300.0, VIEWS[0], -1024.0)
    assert picture.dtype == np.uint8 and picture.shape[2] == 3
    assert not picture[:60].any()
    assert picture.max() > 200
