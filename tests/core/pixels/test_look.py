"""Faces, codes and text are proposed together, and whatever is found a person looks."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from support.codes import with_code
from support.drawn_faces import drawn_face

from confrere.adapters.face_detectors import face_detectors
from confrere.adapters.text_detector import first_detector
from confrere.core.dicom.render import decode_frame
from confrere.core.pixels.as_dicom import NewNames, as_dicom
from confrere.core.pixels.detector import Picture as Picture8
from confrere.core.pixels.detector import Probability
from confrere.core.pixels.faces import FaceDetector, Image
from confrere.core.pixels.look import Lookers, look_at
from confrere.core.pixels.pictures import Frame, Picture, PictureKind, still
from confrere.core.pixels.regions import Box, RegionKind
from confrere.core.terms import REASONS, Broken

NO_FACE = FaceDetector("test", lambda image: (), 0.2, 0.3)


def no_text(picture: Picture8) -> Probability:
    return np.zeros(picture.shape[:2], np.float32)


def a_line(picture: Picture8) -> Probability:
    """A line of text in the middle of whatever is shown."""
    seen = no_text(picture)
    rows, columns = seen.shape
    seen[rows // 2 - 3 : rows // 2 + 3, columns // 4 : 3 * columns // 4] = 1.0
    return seen


TEXT = Lookers([NO_FACE], a_line)
NOBODY = Lookers([NO_FACE], no_text)


def bright_spot(image: Image) -> list[tuple[Box, float]]:
    rows, columns = np.nonzero(image[:, :, 0] > 250)
    return (
        [(Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1), 0.9)]
        if len(rows)
        else []
    )


SPOT = Lookers([FaceDetector("spot", bright_spot, 0.2, 0.3)], no_text)


def test_text_codes_and_faces_are_proposed_together() -> None:
    frame, _ = with_code("QR", 0)
    looked = look_at(still("photograph", PictureKind.PHOTOGRAPH, frame), TEXT)
    assert {RegionKind.TEXT, RegionKind.CODE} <= {region.kind for region in looked.regions}


@pytest.mark.parametrize(
    "kind", [PictureKind.PHOTOGRAPH, PictureKind.PAGE, PictureKind.SLIDE_PICTURE, PictureKind.FILM]
)
def test_eyes_alone_in_which_no_one_sees_a_face_still_wait_for_a_person(kind: PictureKind) -> None:
    eyes = drawn_face()[96:130, 80:176]
    looked = look_at(still("photograph", kind, eyes), NOBODY)
    assert looked.regions == ()
    assert "no-face-seen" in looked.reasons
    assert len(looked.reasons) == 2
    assert set(looked.reasons) <= set(REASONS)


def test_a_real_detector_finds_a_drawn_face_and_says_so() -> None:
    looked = look_at(still("photograph", PictureKind.PHOTOGRAPH, drawn_face()), Lookers(face_detectors(), no_text))
    assert any(region.kind is RegionKind.FACE for region in looked.regions)
    assert looked.reasons == ("photograph-needs-person", "face-found")


def test_a_real_detector_finds_a_name_board_and_it_is_masked_for_good() -> None:
    board = np.full((400, 600, 3), 235, np.uint8)
    cv2.putText(board, "Quirina Zqxtest 63F", (40, 210), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (20, 20, 40), 3)
    picture = still("photograph", PictureKind.PHOTOGRAPH, board)
    looked = look_at(picture, Lookers([NO_FACE], first_detector()))
    shown = decode_frame(as_dicom(picture, NewNames("2.25.1", "2.25.2", "2.25.3"), looked.regions), 1)
    ink = board[:, :, 0] < 100
    assert (shown[ink] < 16).all()
    assert (shown > 200).mean() > 0.5, "not the whole picture"


def test_only_a_picture_that_shows_nothing_waits_for_no_one() -> None:
    blank = np.full((40, 50, 3), 9, np.uint8)
    assert look_at(still("page 1", PictureKind.PAGE, blank), NOBODY).reasons == ()
    assert look_at(still("page 1", PictureKind.PAGE, blank), TEXT).reasons
    assert look_at(Picture("film", PictureKind.FILM, 40, 50, lambda: iter([blank])), NOBODY).reasons


def moving(count: int) -> Iterator[Frame]:
    for number in range(count):
        frame = np.full((120, 200, 3), 60, np.uint8)
        frame[50:70, 20 + 4 * number : 40 + 4 * number] = 255
        yield frame


def test_a_face_in_a_film_is_masked_on_every_frame_though_few_are_looked_at() -> None:
    film = Picture("film", PictureKind.FILM, 120, 200, lambda: moving(23), 23, 40.0)
    looked = look_at(film, SPOT)
    for number, frame in enumerate(moving(23)):
        cover = np.zeros(frame.shape[:2], bool)
        for region in looked.regions:
            if region.is_on(number):
                cover[region.box.top : region.box.bottom, region.box.left : region.box.right] = True
        assert cover[frame[:, :, 0] == 255].all(), number
    assert as_dicom(film, NewNames("2.25.1", "2.25.2", "2.25.3"), looked.regions)


def test_a_volume_is_left_to_the_checks_of_heads_and_without_detectors_nothing_is_proposed() -> None:
    grey = np.arange(400, dtype=np.uint16).reshape(20, 20)
    assert look_at(still("volume", PictureKind.VOLUME, grey), NOBODY).reasons == ("volume-may-show-face",)
    with pytest.raises(Broken):
        look_at(still("photograph", PictureKind.PHOTOGRAPH, drawn_face()), Lookers([], no_text))
