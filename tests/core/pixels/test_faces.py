"""A face is found however the picture is turned, and never counts as hidden by a bar over its eyes."""

import numpy as np
import pytest

from confrere.core.pixels.faces import (
    Face,
    FaceDetector,
    Image,
    clipped,
    find_faces,
    needs_a_person,
    uncovered_faces,
)
from confrere.core.pixels.regions import Box, Region, RegionKind

RED = (255, 0, 0)
PATCH = Box(100, 140, 200, 260)


def red_patch(image: Image) -> tuple[Face, ...]:
    """A detector that knows one face: the red patch with a white stripe along its upper edge."""
    red = (image[..., 0] > 200) & (image[..., 1] < 60)
    if not red.any():
        return ()
    rows, columns = np.nonzero(red)
    top, left, bottom, right = (int(one) for one in (rows.min(), columns.min(), rows.max() + 1, columns.max() + 1))
    above = image[max(0, top - 2), (left + right) // 2]
    return ((Box(left, top, right, bottom), 0.9),) if above.min() > 150 else ()


UPRIGHT = FaceDetector("patch", red_patch, least=0.5, least_on_render=0.5)
BLIND = FaceDetector("blind", lambda image: (), least=0.5, least_on_render=0.5)


def scene(width: int = 640, height: int = 500, face: Box = PATCH) -> Image:
    image = np.full((height, width, 3), 90, np.uint8)
    image[face.top - 12 : face.top, face.left : face.right] = 255
    image[face.top : face.bottom, face.left : face.right] = RED
    return image


@pytest.mark.parametrize("quarter_turns", range(4))
def test_a_face_is_found_in_every_rotation_and_its_box_lies_where_the_face_is(quarter_turns: int) -> None:
    image = np.ascontiguousarray(np.rot90(scene(), quarter_turns))
    (face,) = find_faces(image, (UPRIGHT,))
    red = (image[..., 0] > 200) & (image[..., 1] < 60)
    inside = red[face.box.top : face.box.bottom, face.box.left : face.box.right]
    assert inside.sum() == red.sum()
    assert face.box.area < 2.6 * red.sum()
    assert (face.kind, face.source, face.score) == (RegionKind.FACE, "patch", 0.9)


@pytest.mark.parametrize(("width", "height"), [(60, 50), (300, 280), (2400, 1300), (3000, 700)])
def test_a_box_is_in_the_pixels_of_the_picture_that_was_given(width: int, height: int) -> None:
    box = Box(width // 4, height // 3, width // 2, height // 3 + height // 4)
    (face,) = find_faces(scene(width, height, box), (UPRIGHT,))
    assert face.box.left <= box.left + 2 and face.box.top <= box.top + 2
    assert face.box.right >= box.right - 2 and face.box.bottom >= box.bottom - 2


def test_one_detector_is_enough_and_both_are_named_when_both_see_it() -> None:
    (alone,) = find_faces(scene(), (BLIND, UPRIGHT))
    other = FaceDetector("other", red_patch, least=0.5, least_on_render=0.5)
    (both,) = find_faces(scene(), (UPRIGHT, other))
    assert (alone.source, both.source) == ("patch", "other+patch")


def test_two_people_are_two_faces() -> None:
    image = scene(face=Box(60, 100, 140, 200))
    image[100:200, 400:480] = RED
    left_and_right = FaceDetector(
        "halves",
        lambda seen: ((Box(60, 100, 140, 200), 0.9), (Box(400, 100, 480, 200), 0.8)) if seen.shape[1] == 640 else (),
        least=0.5,
        least_on_render=0.5,
    )
    assert len(find_faces(image, (left_and_right,))) >= 2


def test_what_is_less_sure_than_the_threshold_is_no_face() -> None:
    assert find_faces(scene(), (FaceDetector("strict", red_patch, least=0.95, least_on_render=0.95),)) == ()


@pytest.mark.parametrize(
    "image", [np.zeros((9, 9), np.uint8), np.zeros((9, 9, 3), np.float32), np.zeros((0, 9, 3), np.uint8)]
)
def test_what_is_not_a_colour_picture_is_never_called_free_of_faces(image: Image) -> None:
    with pytest.raises(ValueError, match="RGB"):
        find_faces(image, (UPRIGHT,))


def test_without_a_detector_nothing_is_called_free_of_faces() -> None:
    with pytest.raises(ValueError, match="without a detector"):
        find_faces(scene(), ())


def test_every_photograph_goes_to_a_person_because_eyes_alone_are_seen_by_no_detector() -> None:
    assert needs_a_person(()).code == "no-face-seen"
    assert needs_a_person(find_faces(scene(), (UPRIGHT,))).code == "face-found"


def test_a_black_bar_over_the_eyes_leaves_the_face_uncovered() -> None:
    face = Region(0, 0, Box(100, 100, 200, 240), RegionKind.FACE, "patch", 0.9)
    bar = Box(90, 130, 210, 165)
    assert uncovered_faces([face], [bar]) == (face,)
    assert uncovered_faces([face], []) == (face,)
    assert uncovered_faces([face], [bar, Box(80, 90, 220, 170), Box(100, 165, 200, 240)]) == ()


def test_a_box_outside_the_picture_is_none_and_one_across_its_edge_is_cut() -> None:
    assert clipped((-5.0, -5.0, 3.2, 4.0), 10, 10) == Box(0, 0, 4, 4)
    assert clipped((10.0, 2.0, 14.0, 6.0), 10, 10) is None
