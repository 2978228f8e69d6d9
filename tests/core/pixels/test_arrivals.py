"""One entry for every file that is not DICOM."""

import pytest

from confrere.core.pixels.arrivals import READERS, read_pictures
from confrere.core.pixels.forms import Form
from confrere.core.terms import REASONS, Refused
from confrere.core.terms.kinds import FileKind
from planted.pictures import planted_pictures


def test_every_form_has_a_reader() -> None:
    assert set(READERS) == set(Form)


@pytest.mark.parametrize("planted", planted_pictures(), ids=lambda planted: planted.name)
def test_every_picture_needs_a_person_and_says_why(planted) -> None:  # type: ignore[no-untyped-def]
    found = read_pictures(planted.content, FileKind.UNKNOWN)
    assert found.needs_person or planted.name == "heic"  # that one is made of four even fields
    assert set(found.holds) <= set(REASONS)
    for picture in found.pictures:
        frames = list(picture.frames())
        assert len(frames) == picture.count
        assert {frame.shape[:2] for frame in frames} == {(picture.rows, picture.columns)}


def test_a_claim_that_the_bytes_do_not_bear_out_is_refused() -> None:
    with pytest.raises(Refused, match="type-mismatch"):
        read_pictures(planted_pictures()[0].content, FileKind.VIDEO)
