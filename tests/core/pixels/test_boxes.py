"""A region of the map becomes boxes that cover its whole line, or nothing where it is no line."""

import cv2
import numpy as np
import pytest

from confrere.core.pixels.boxes import Growth, clipped, hits_of, mask_of, scaled
from confrere.core.pixels.regions import Box


def marked(left: int, top: int, right: int, bottom: int, certainty: float = 0.9) -> np.ndarray:
    found = np.zeros((120, 300), np.float32)
    found[top:bottom, left:right] = certainty
    return found


def test_a_line_grows_by_its_height_more_along_than_across() -> None:
    (hit,) = hits_of(marked(100, 50, 180, 60), Growth(upright=0.5, along=2.0, margin=3.0))
    (box,) = hit.boxes
    assert (box.top, box.bottom) == (42, 68)
    assert box.left < 80
    assert box.right > 200
    assert hit.score == pytest.approx(0.9)


def test_an_upright_line_grows_along_itself() -> None:
    (hit,) = hits_of(marked(100, 20, 110, 100), Growth())
    (box,) = hit.boxes
    assert box.top < 10
    assert box.left > 85


@pytest.mark.parametrize(
    "region",
    [marked(10, 10, 12, 13), marked(10, 10, 90, 20, certainty=0.4), marked(40, 20, 200, 90)],
    ids=["a speck", "unsure", "a body"],
)
def test_what_is_no_line_gives_no_box(region: np.ndarray) -> None:
    assert not list(hits_of(region, Growth()))


def test_a_tilted_line_is_covered_by_a_staircase_not_by_half_the_picture() -> None:
    canvas = np.zeros((300, 300), np.float32)
    cv2.line(canvas, (50, 50), (250, 250), 0.9, 9)
    (hit,) = hits_of(canvas, Growth())
    mask = mask_of(list(hit.boxes), canvas.shape)
    assert len(hit.boxes) > 3
    assert mask[canvas > 0].all()
    assert mask.mean() < 0.5


def test_boxes_end_at_the_edge_and_outside_is_none() -> None:
    assert clipped(-5, -5, 3.2, 4, (10, 10)) == Box(0, 0, 4, 4)
    assert clipped(12, 0, 20, 5, (10, 10)) is None
    assert scaled(Box(0, 0, 9, 9), 2.0, (10, 10)) == Box(0, 0, 5, 5)


def test_a_mask_is_true_under_any_box() -> None:
    mask = mask_of([Box(0, 0, 2, 2), Box(1, 1, 3, 3)], (4, 4))
    assert mask.sum() == 7
