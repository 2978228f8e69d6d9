"""What crosses from a reader: pixels and words, and whether a person has to look."""

import numpy as np

from confrere.core.pixels.pictures import FoundText, PictureKind, Pictures, shows_nothing, still


def test_only_exactly_even_pixels_show_nothing() -> None:
    even = np.full((20, 30, 3), (190, 140, 120), np.uint8)
    assert shows_nothing(even)
    even[7, 9, 2] += 1
    assert not shows_nothing(even)
    assert shows_nothing(np.zeros((4, 4), np.int16))


def test_a_still_gives_its_frame_again_and_again() -> None:
    picture = still("photograph", PictureKind.PHOTOGRAPH, np.zeros((2, 3, 3), np.uint8))
    assert (picture.rows, picture.columns, picture.count) == (2, 3, 1)
    assert len(list(picture.frames())) == len(list(picture.frames())) == 1


def test_a_person_is_needed_while_anything_holds() -> None:
    assert Pictures((), holds=("photograph-needs-person",)).needs_person
    assert not Pictures(()).needs_person


def test_found_words_are_not_shown_by_accident() -> None:
    assert "Quirina" not in repr(FoundText("slide 1", "Quirina"))
