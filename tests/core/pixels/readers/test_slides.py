"""A deck arrives as the pictures it shows and the words it holds; nothing of the file goes further."""

import io

import pytest
from support.decks import ALT, AUTHOR, BODY, NOTES, TITLE, altered, deck

from confrere.core.pixels.as_dicom import NewNames, as_dicom
from confrere.core.pixels.forms import Form
from confrere.core.pixels.readers import slides
from confrere.core.pixels.readers.slides import read
from confrere.core.terms import Refused


def test_every_word_is_found_where_it_stood() -> None:
    found = read(deck(), Form.PPTX)
    words = {text.place: text.words for text in found.texts}
    assert TITLE in words["slide 1"]
    assert BODY in words["slide 1"]
    assert ALT in words["slide 1, alternative text"]
    assert NOTES in words["slide 1, notes"]
    assert AUTHOR in words["properties of the file"]
    assert found.holds == ("document-needs-person",)


def test_pictures_come_in_the_order_of_the_slides_and_carry_no_word() -> None:
    found = read(deck(slides=3), Form.PPTX)
    assert [picture.name for picture in found.pictures] == [f"slide {number}, picture 1" for number in (1, 2, 3)]
    made = as_dicom(found.pictures[0], NewNames("2.25.1", "2.25.2", "2.25.3"))
    assert not any(word.encode() in made for word in (TITLE, BODY, NOTES, ALT, AUTHOR))


def test_a_hidden_slide_is_left_out_with_its_words() -> None:
    hidden = altered(
        deck(slides=2),
        lambda name, each: each.replace(b"<p:sld ", b'<p:sld show="0" ') if name.endswith("slide1.xml") else each,
    )
    found = read(hidden, Form.PPTX)
    assert [picture.name for picture in found.pictures] == ["slide 2, picture 1"]
    assert "hidden-content-dropped" in found.notes
    assert not any(text.place.startswith("slide 1") for text in found.texts)


def test_macros_and_embedded_lists_are_dropped_and_told() -> None:
    more = {"ppt/vbaProject.bin": b"\xd0\xcf", "ppt/embeddings/list.xlsx": b"PK ZQXLIST"}
    found = read(altered(deck(), lambda _, each: each, more), Form.PPTX)
    assert found.notes == ("active-content-removed",)
    assert not any("ZQXLIST" in text.words for text in found.texts)


def test_a_deck_without_slides_or_with_too_many_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = io.BytesIO()
    import pptx

    pptx.Presentation().save(empty)
    with pytest.raises(Refused, match="bad-document"):
        read(empty.getvalue(), Form.PPTX)
    monkeypatch.setattr(slides, "MOST_SLIDES", 1)
    with pytest.raises(Refused, match="too-many-pictures"):
        read(deck(slides=2), Form.PPTX)


@pytest.mark.parametrize("cut", [100, 5000])
def test_a_cut_deck_is_refused(cut: int) -> None:
    with pytest.raises(Refused, match="bad-document"):
        read(deck()[:-cut], Form.PPTX)
