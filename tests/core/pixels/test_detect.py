"""Lines are found at any depth, in colour, at any scale, and reported in the picture's own pixels."""

import numpy as np
import pytest
from support.lettering import blocks_are_text, plain, sees_nothing, with_line

from confrere.core.pixels.boxes import Hit, mask_of
from confrere.core.pixels.detect import boxes_of, find_lines, lines_at
from confrere.core.pixels.regions import Box


def covered(picture: np.ndarray, hits: tuple[Hit, ...]) -> np.ndarray:
    return mask_of([box for hit in hits for box in hit.boxes], picture.shape)


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.uint16, np.float32])
def test_a_bright_line_is_covered_whatever_the_depth(kind: type) -> None:
    noise = np.random.default_rng(1).integers(30, 60, (96, 160))
    picture = with_line(noise.astype(kind))
    assert covered(picture, find_lines(picture, blocks_are_text))[30:40, 40:100].all()


def test_red_letters_on_white_are_seen_in_the_least_channel() -> None:
    picture = np.full((96, 160, 3), 255, np.uint8)
    picture[30:40, 40:100] = (255, 0, 0)
    dark_is_text = lambda given: blocks_are_text(255 - given)  # noqa: E731
    assert covered(picture, find_lines(picture, dark_is_text))[30:40, 40:100].all()


def test_nothing_seen_is_nothing_found() -> None:
    assert find_lines(with_line(plain()), sees_nothing) == ()


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_every_scale_answers_in_the_pixels_of_the_picture(scale: float) -> None:
    (hit,) = lines_at(with_line(plain()), scale, blocks_are_text)
    assert covered(plain(), (hit,))[30:40, 40:100].all()
    assert hit.height == pytest.approx(10, abs=6)


def test_boxes_inside_others_are_left_out_and_no_pixel_is_lost() -> None:
    hits = [Hit((Box(0, 0, 9, 9),), 0.6, 5.0), Hit((Box(2, 2, 5, 5), Box(8, 0, 12, 9)), 0.9, 5.0)]
    kept = boxes_of(hits, (20, 20))
    assert [box for box, _ in kept] == [Box(0, 0, 9, 9), Box(8, 0, 12, 9)]
    assert np.array_equal(
        mask_of([box for box, _ in kept], (20, 20)), mask_of([box for hit in hits for box in hit.boxes], (20, 20))
    )
