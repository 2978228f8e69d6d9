"""A photograph waits for a person unless every pixel is the same."""

import io

import pytest
from PIL import Image

from confrere.core.pixels.forms import Form
from confrere.core.pixels.readers.photograph import read
from confrere.core.terms import Refused
from planted.pictures import scene


def tiff(*pages: Image.Image) -> bytes:
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    return out.getvalue()


def test_each_page_is_a_picture_of_its_own() -> None:
    found = read(tiff(scene(), scene(60, 80)), Form.TIFF)
    assert [(picture.name, picture.rows) for picture in found.pictures] == [("photograph 1", 240), ("photograph 2", 60)]
    assert found.holds == ("photograph-needs-person",)
    assert found.texts == ()


def test_a_blank_picture_needs_no_one_and_one_page_that_is_not_blank_needs_someone() -> None:
    blank = Image.new("RGB", (4, 4), (1, 2, 3))
    assert not read(tiff(blank), Form.TIFF).needs_person
    assert read(tiff(blank, scene()), Form.TIFF).needs_person


def test_a_cut_one_is_refused() -> None:
    with pytest.raises(Refused):
        read(tiff(scene())[:1000], Form.TIFF)
