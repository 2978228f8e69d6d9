"""From the one line that was read, the whole of a bar code is found, also when that line crossed it at a slant."""

import numpy as np
import pytest

from confrere.core.pixels.bars import along_bars


def bars() -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Bars in columns 50 to 249 and rows 40 to 159, on white."""
    pattern = np.repeat(np.random.default_rng(2).integers(0, 2, 50), 4).astype(np.uint8) * 255
    field = np.full((200, 300), 255, np.uint8)
    field[40:160, 50:250] = pattern
    return field


@pytest.mark.parametrize("drop", [0, 15, -15, 40])
def test_the_whole_height_is_found(drop: int) -> None:
    line = np.array([[50, 99 - drop], [249, 99 + drop], [249, 101 + drop], [50, 101 - drop]], np.float64)
    corners = along_bars(bars(), line)
    assert corners[:, 1].min() == pytest.approx(40, abs=6)
    assert corners[:, 1].max() == pytest.approx(159, abs=6)
    assert corners[:, 0].min() <= 51
    assert corners[:, 0].max() >= 248


def test_where_there_is_no_pattern_nothing_is_added() -> None:
    line = np.array([[50, 99], [249, 99], [249, 101], [50, 101]], np.float64)
    corners = along_bars(np.full((200, 300), 7, np.uint8), line)
    assert (corners[:4] == line).all()
    assert corners[:, 1].min() >= 98
    short = line / 100
    assert (along_bars(bars(), short) == short).all()
