"""Pictures of a document are decoded, cropped for good, and nothing else embedded comes along."""

import numpy as np
import pytest
from PIL import Image
from support.decks import altered, deck, picture

from confrere.core.pixels import embedded
from confrere.core.pixels.embedded import has_active_parts, pictures_of, shown_part
from confrere.core.pixels.office import Package
from confrere.core.pixels.photographs import Shape
from confrere.core.pixels.upright import turned
from confrere.core.terms import Refused

SLIDE = "ppt/slides/slide1.xml"


def found(content: bytes) -> embedded.Embedded:
    package = Package(content)
    return pictures_of(package, SLIDE, package.part(SLIDE), "slide 1")


def test_a_row_cropped_in_part_is_gone_whole_and_a_crop_of_all_leaves_nothing() -> None:
    shape = Shape(10, 8, 1)
    assert shown_part(shape, (0.0, 0.11, 0.3, 0.0)) == (slice(2, 10), slice(0, 5))
    assert shown_part(shape, (0.6, 0.0, 0.6, 0.0)) is None
    assert shown_part(shape, (1.0, 0.0, 0.0, 0.0)) is None


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("edge", range(4))
def test_a_crop_of_a_turned_picture_hides_what_either_way_of_reading_it_hides(edge: int, turn: int) -> None:
    stored = np.zeros((40, 60, 3), np.uint8)
    hidden = [np.s_[:, :6], np.s_[:4], np.s_[:, -6:], np.s_[-4:]][edge]
    stored[hidden] = 255  # what the crop hides, if programs crop before they turn
    pixels = turned(Image.fromarray(stored), turn)
    crop = tuple(0.1 if each == edge else 0.0 for each in range(4))
    part = shown_part(Shape(*pixels.shape[:2], turn), crop)  # type: ignore[arg-type]  # four of them
    assert part is not None
    assert pixels[part].max() == 0
    rows, columns = part
    edges = (columns.start, rows.start, pixels.shape[1] - columns.stop, pixels.shape[0] - rows.stop)
    assert edges[edge] > 0, "and what it hides if they crop afterwards"
    assert pixels[part].size >= 0.8 * pixels.size


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
        [list(each.frames()) for each in found(cut).pictures]


def test_macros_controls_objects_and_media_are_recognised_by_their_parts() -> None:
    for name in ("ppt/vbaProject.bin", "word/activeX/activeX1.bin", "ppt/embeddings/list.xlsx", "ppt/media/media1.mp4"):
        assert has_active_parts([name])
    assert not has_active_parts(Package(deck()).names)
