"""A mask writes one cell; which one depends on what black is in that picture."""

import numpy as np
from support import dicom_bytes as made
from support.burning import file_of, noise

from confrere.core.dicom.stored_values import open_instance
from confrere.core.pixels.masked import cover, darkest_index, fill_for, under_boxes
from confrere.core.pixels.regions import Box


def test_grey_takes_the_cell_of_the_least_value_outside_the_mask() -> None:
    cells = np.array([[0, 7, 9], [5, 6, 8]], np.uint16)
    cover(cells, cells.copy(), [Box(0, 0, 1, 1)], None)
    assert cells.tolist() == [[5, 7, 9], [5, 6, 8]]


def test_a_picture_that_is_covered_whole_is_all_zero() -> None:
    cells = np.full((2, 2), 9, np.uint8)
    cover(cells, cells.copy(), [Box(0, 0, 2, 2)], None)
    assert not cells.any()


def test_the_darkest_colour_of_a_palette_is_found() -> None:
    table = np.array([900, 3, 70, 800], "<u2").tobytes()
    extra = {
        **{tag: ("US", made.us(4, 10, 16)) for tag in (0x00281101, 0x00281102, 0x00281103)},
        **dict.fromkeys((0x00281201, 0x00281202, 0x00281203), ("OW", table)),
    }
    opened = open_instance(file_of(noise(1, bits=8), "native", stored=8, photometric="PALETTE COLOR", extra=extra))
    assert darkest_index(opened.attributes, opened.layout) == 11
    assert fill_for(opened.layout, opened.attributes, is_rgb=False) == 11


def test_black_in_luminance_and_colour_is_not_all_zero() -> None:
    opened = open_instance(file_of(noise(1, bits=8, samples=3), "native", stored=8, photometric="YBR_FULL"))
    assert fill_for(opened.layout, opened.attributes, is_rgb=False).tolist() == [0, 128, 128]
    assert fill_for(opened.layout, opened.attributes, is_rgb=True) == 0


def test_boxes_outside_the_frame_cover_nothing_and_break_nothing() -> None:
    assert not under_boxes([Box(90, 90, 95, 95)], (8, 8)).any()
