"""Thin crisp strokes are candidates, smooth tissue is not; a line goes on over its own strokes and stops at a gap."""

import cv2
import numpy as np
from support.lettering import plain, stroked

from confrere.core.pixels.boxes import Hit
from confrere.core.pixels.regions import Box
from confrere.core.pixels.strokes import Reach, candidate_cells, lengthened

REACH = Reach()


def hit(left: int, top: int, right: int, bottom: int) -> Hit:
    return Hit((Box(left, top, right, bottom),), 0.9, 10.0)


def test_letters_are_candidates_and_a_smooth_picture_is_not() -> None:
    smooth = cv2.GaussianBlur(np.random.default_rng(2).integers(0, 255, (96, 160)).astype(np.uint8), (0, 0), 6)
    assert not candidate_cells(smooth).any()
    assert candidate_cells(stroked(smooth, 40, 32, 64))[4, 6:12].any()


def test_faint_and_dark_strokes_are_candidates_too() -> None:
    assert candidate_cells(stroked(plain(value=120), 40, 32, 64, value=150)).any()
    assert candidate_cells(stroked(plain(value=120), 40, 32, 64, value=80)).any()


def test_a_line_goes_on_over_strokes_as_strong_as_its_own() -> None:
    picture = stroked(plain(96, 300), 40, 30, 160)
    (longer,) = lengthened(picture, [hit(90, 26, 140, 44)], REACH)
    assert longer.left <= 40
    assert longer.right >= 196


def test_weak_strokes_and_strokes_behind_a_gap_are_left() -> None:
    picture = stroked(stroked(plain(96, 300), 90, 30, 50), 143, 30, 60, value=80)
    picture = stroked(picture, 20, 30, 30)
    assert not lengthened(picture, [hit(88, 26, 142, 44)], REACH)


def test_an_upright_line_goes_on_upwards() -> None:
    picture = np.ascontiguousarray(stroked(plain(96, 300), 40, 30, 160).T)
    (longer,) = lengthened(picture, [Hit((Box(26, 90, 44, 140),), 0.9, 10.0)], REACH)
    assert longer.top <= 40
    assert longer.bottom >= 196


def test_a_line_is_never_lengthened_without_end() -> None:
    picture = stroked(plain(96, 2000), 0, 30, 2000)
    (longer,) = lengthened(picture, [hit(900, 26, 950, 44)], REACH)
    assert longer.right - longer.left < 300


def test_staircases_are_left_as_they_are() -> None:
    assert not lengthened(plain(), [Hit((Box(0, 0, 5, 5), Box(4, 4, 9, 9)), 0.9, 5.0)], REACH)
