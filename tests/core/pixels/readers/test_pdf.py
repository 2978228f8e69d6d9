"""Each page of a PDF is a picture, its words are handed on apart, and nothing it asks for is done."""

import numpy as np
import pytest
from support.decks import pdf

from confrere.core.pixels.forms import Form
from confrere.core.pixels.readers import pdf as reader
from confrere.core.pixels.readers.pdf import read
from confrere.core.terms import Refused

NAME = "BT /F1 12 Tf 20 100 Td (Name ZQXNAME) Tj ET"
BAR = " 0 0 0 rg 15 92 260 20 re f"


def code_of(content: bytes) -> str:
    with pytest.raises(Refused) as stop:
        for picture in read(content, Form.PDF).pictures:
            list(picture.frames())
    return stop.value.code


def test_a_page_is_drawn_upright_at_200_dots_an_inch_and_its_words_are_read() -> None:
    found = read(pdf(NAME), Form.PDF)
    (page,) = found.pictures
    (pixels,) = page.frames()
    assert pixels.shape == (page.rows, page.columns, 3) == (556, 834, 3)
    ink = np.argwhere(pixels[:, :, 0] < 128)
    assert 240 < ink[:, 0].mean() < 300
    assert [(text.place, text.words.strip()) for text in found.texts] == [("page 1", "Name ZQXNAME")]
    assert found.holds == ("document-needs-person",)


def test_what_lies_under_a_black_bar_is_not_in_the_picture_and_is_in_the_words() -> None:
    found = read(pdf(NAME + BAR), Form.PDF)
    (pixels,) = found.pictures[0].frames()
    # The bar's edge is softened by a row or two; what it covers has one value.
    assert np.ptp(pixels[248:296, 60:740]) == 0
    assert "ZQXNAME" in found.texts[0].words
    assert found.holds == ()


@pytest.mark.parametrize(
    "catalog", ["/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>", "/AA<</WC<</S/URI/URI(http://x.invalid/)>>>>"]
)
def test_actions_are_left_out_and_told(catalog: str) -> None:
    assert read(pdf(NAME, catalog=catalog), Form.PDF).notes == ("active-content-removed",)


def test_hidden_layers_are_told() -> None:
    assert read(pdf(NAME, catalog="/OCProperties<</OCGs[]/D<<>>>>"), Form.PDF).notes == ("hidden-content-dropped",)


def test_a_page_as_large_as_a_wall_is_drawn_within_bounds() -> None:
    (page,) = read(pdf(NAME, size="14000 7000"), Form.PDF).pictures
    assert (page.rows, page.columns) == (1500, 3000)
    (pixels,) = page.frames()
    assert pixels.shape == (1500, 3000, 3)


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_PAGES", 2)
    assert len(read(pdf(NAME, pages=2), Form.PDF).pictures) == 2
    assert code_of(pdf(NAME, pages=3)) == "too-many-pictures"


def test_what_is_locked_empty_or_no_pdf_is_refused() -> None:
    locked = pdf(NAME).replace(
        b"trailer<<",
        b"trailer<</Encrypt<</Filter/Standard/V 1/R 2/P -4/O(" + b"x" * 32 + b")/U(" + b"y" * 32 + b")>>/ID[(a)(b)]",
    )
    assert code_of(locked) == "encrypted-document"
    assert code_of(b"%PDF-1.7\nnothing") == "bad-document"
    assert code_of(pdf(NAME, pages=0)) == "bad-document"


@pytest.mark.parametrize(
    "extra",
    [b"/Rotate 90", b"/UserUnit 2", b"/CropBox[50.3 50.2 150.7 120.9]/Rotate 270", b"/MediaBox[-100 -100 200 100]"],
)
def test_a_page_turned_or_cut_has_the_size_that_was_told(extra: bytes) -> None:
    content = pdf(NAME).replace(b"/Type/Page/Parent", b"/Type/Page" + extra + b"/Parent")
    (page,) = read(content, Form.PDF).pictures
    (pixels,) = page.frames()
    assert pixels.shape == (page.rows, page.columns, 3)
