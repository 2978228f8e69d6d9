"""Pictures of a document are decoded, cropped for good, and nothing else embedded comes along."""

import numpy as np
import pytest
from support.decks import altered, deck, picture

from confrere.core.pixels import embedded
from confrere.core.pixels.embedded import cropped, has_active_parts, pictures_of
from confrere.core.pixels.office import Package
from confrere.core.terms import Refused

SLIDE = "ppt/slides/slide1.xml"


def found(content: bytes) -> embedded.Embedded:
    package = Package(content)
    return pictures_of(package, SLIDE, package.part(SLIDE), "slide 1")


def test_what_is_cropped_is_cut_off_and_a_row_cropped_in_part_is_gone_whole() -> None:
    pixels = np.arange(10 * 8 * 3, dtype=np.uint8).reshape(10, 8, 3)
    shown = cropped(pixels, (0.0, 0.11, 0.3, 0.0))
    assert shown is not None
    assert (shown == pixels[2:, :5]).all()
    assert shown.base is None, "a view would keep the hidden part alive"
    assert cropped(pixels, (0.6, 0.0, 0.6, 0.0)) is None
    assert cropped(pixels, (1.0, 0.0, 0.0, 0.0)) is None


def test_a_cropped_picture_of_a_slide_has_the_size_that_is_shown() -> None:
    (shown,) = found(deck(crop_top=0.25)).pictures
    assert (shown.name, shown.rows, shown.columns) == ("slide 1, picture 1", 180, 320)
    (pixels,) = shown.frames()
    assert pixels.shape == (180, 320, 3)


def test_a_drawing_and_a_picture_outside_are_left_out_and_told() -> None:
    drawing = altered(deck(), lambda name, each: b"\1\0\0\0 EMF" if name.startswith("ppt/media/") else each)
    assert found(drawing) == embedded.Embedded((), ("pictures-left-out",))
    rels = "ppt/slides/_rels/slide1.xml.rels"
    outside = altered(
        deck(), lambda name, each: each.replace(b"Target=", b'TargetMode="External" Target=') if name == rels else each
    )
    assert found(outside) == embedded.Embedded((), ("active-content-removed",))


def test_a_damaged_picture_refuses_the_document() -> None:
    cut = altered(deck(), lambda name, each: picture("JPEG")[:900] if name.startswith("ppt/media/") else each)
    with pytest.raises(Refused):
        found(cut)


def test_macros_controls_objects_and_media_are_recognised_by_their_parts() -> None:
    for name in ("ppt/vbaProject.bin", "word/activeX/activeX1.bin", "ppt/embeddings/list.xlsx", "ppt/media/media1.mp4"):
        assert has_active_parts([name])
    assert not has_active_parts(Package(deck()).names)
