"""Parts are seen enlarged and alone, and what is seen comes back to where it stood."""

import numpy as np
from support.lettering import blocks_are_text, plain, with_line

from confrere.core.pixels.boxes import mask_of
from confrere.core.pixels.mosaic import detect_parts, parts_of
from confrere.core.pixels.regions import Box


def test_all_cells_lie_in_the_parts() -> None:
    cells = np.random.default_rng(3).random((40, 60)) > 0.9
    boxes = parts_of(cells, 8, (320, 480))
    mask = mask_of(boxes, (320, 480))
    assert mask[np.kron(cells, np.ones((8, 8), bool)).astype(bool)].all()


def test_a_ring_is_cut_into_parts_that_leave_its_middle_out() -> None:
    cells = np.ones((60, 60), bool)
    cells[3:57, 3:57] = False
    boxes = parts_of(cells, 8, (480, 480))
    assert len(boxes) > 3
    assert mask_of(boxes, (480, 480)).mean() < 0.6


def test_what_is_seen_on_the_sheet_comes_back_to_its_place() -> None:
    pictures = [with_line(plain(400, 600), 40 + 200 * number, 100, 60) for number in range(2)]
    parts = [(0, Box(20, 80, 140, 140)), (1, Box(220, 80, 340, 140)), (1, Box(0, 300, 600, 400))]
    first, second = detect_parts(pictures, parts, 2.0, blocks_are_text)
    assert first[102:108, 45:95].min() > 0.5
    assert second[102:108, 245:295].min() > 0.5
    assert first[:, 150:].max() == second[:, :200].max() == 0


def test_more_than_one_sheet_is_used_when_one_is_full() -> None:
    sheets = []

    def count(picture: np.ndarray) -> np.ndarray:
        sheets.append(picture.shape)
        return np.zeros(picture.shape, np.float32)

    picture = plain(2000, 2000)
    parts = [(0, Box(0, top, 900, top + 400)) for top in range(0, 2000, 400)]
    detect_parts([picture], parts, 1.0, count)
    assert len(sheets) == 3
    assert all(rows <= 1024 and columns <= 1024 for rows, columns in sheets)


def test_no_parts_cost_nothing() -> None:
    (found,) = detect_parts([plain()], [], 2.0, blocks_are_text)
    assert not found.any()
