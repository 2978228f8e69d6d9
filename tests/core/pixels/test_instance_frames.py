"""Frames come bright means white, colour as RGB, and with the picture area an ultrasound machine tells of."""

import struct

import numpy as np
import pytest
from support import dicom_bytes as made
from support.burning import file_of, noise

from confrere.core.pixels.instance_frames import SeriesFrames, frames_of
from confrere.core.pixels.regions import Box


def area(left: int, top: int, right: int, bottom: int) -> bytes:
    corners = zip((0x00186018, 0x0018601A, 0x0018601C, 0x0018601E), (left, top, right, bottom), strict=True)
    return made.item(b"".join(made.element(tag, "UL", struct.pack("<I", value)) for tag, value in corners))


def test_white_is_bright_whatever_the_file_calls_it() -> None:
    cells = noise(1, bits=12)
    upside = frames_of(file_of(cells, "native", stored=12, photometric="MONOCHROME1")).frame(0)
    assert upside.argmax() == cells[0].argmin()


def test_luminance_and_colour_come_as_rgb() -> None:
    cells = np.full((1, 24, 32, 3), 128, np.uint8)
    frame = frames_of(file_of(cells, "native", stored=8, photometric="YBR_FULL")).frame(0)
    assert frame.shape == (24, 32, 3)
    assert np.ptp(frame) <= 1


def test_the_areas_of_an_ultrasound_are_told_and_impossible_ones_are_not() -> None:
    areas = {0x00186011: ("SQ", area(2, 3, 20, 15) + area(9, 9, 4, 4) + area(5, 5, 900, 900))}
    assert frames_of(file_of(noise(1, bits=8), "native", stored=8, extra=areas)).shown == (
        Box(2, 3, 21, 16),
        Box(5, 5, 32, 24),
    )


def test_a_series_is_its_instances_one_after_the_other() -> None:
    cells = noise(3, bits=8)
    series = SeriesFrames(
        [frames_of(file_of(cells[:2], "native", stored=8)), frames_of(file_of(cells[2:], "rle", stored=8))]
    )
    assert series.count == 3
    assert np.array_equal(series.frame(2), cells[2])
    assert series.shown == ()
    with pytest.raises(IndexError):
        series.frame(3)
