"""What crosses from a reader: pixels and words, and whether a person has to look."""

import numpy as np
from PIL import Image, ImageDraw

from confrere.core.pixels.pictures import FoundText, PictureKind, Pictures, holds_for, shows_nothing, still


def test_even_fields_and_a_black_bar_show_nothing() -> None:
    page = np.full((200, 300, 3), 255, np.uint8)
    assert shows_nothing(page)
    page[60:80, 20:250] = 0
    assert shows_nothing(page)
    assert shows_nothing(np.zeros((4, 4), np.int16))
    assert shows_nothing(np.zeros((1, 1, 3), np.uint8))


def test_words_noise_and_the_faintest_gradient_show_something() -> None:
    page = np.full((60, 200, 3), 255, np.uint8)
    drawn = Image.fromarray(page)
    ImageDraw.Draw(drawn).text((20, 20), "AB", fill=(254, 255, 255))
    assert not shows_nothing(np.asarray(drawn))
    assert not shows_nothing(np.repeat(np.arange(8, dtype=np.uint16)[:, None], 8, 1))
    assert not shows_nothing(np.repeat(np.arange(8, dtype=np.uint16)[None], 8, 0))


def test_a_hold_is_left_out_only_if_every_frame_shows_nothing() -> None:
    blank = still("page 1", PictureKind.PAGE, np.zeros((9, 9, 3), np.uint8))
    full = still("page 2", PictureKind.PAGE, np.arange(243, dtype=np.uint8).reshape(9, 9, 3))
    assert holds_for((blank, blank), "document-needs-person") == ()
    assert holds_for((blank, full), "document-needs-person") == ("document-needs-person",)


def test_a_still_gives_its_frame_again_and_again() -> None:
    picture = still("photograph", PictureKind.PHOTOGRAPH, np.zeros((2, 3, 3), np.uint8))
    assert (picture.rows, picture.columns, picture.count) == (2, 3, 1)
    assert len(list(picture.frames())) == len(list(picture.frames())) == 1


def test_a_person_is_needed_while_anything_holds() -> None:
    assert Pictures((), holds=("photograph-needs-person",)).needs_person
    assert not Pictures(()).needs_person


def test_found_words_are_not_shown_by_accident() -> None:
    assert "Quirina" not in repr(FoundText("slide 1", "Quirina"))
