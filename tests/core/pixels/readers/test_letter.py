"""A letter arrives as its pictures and its words, those beside the body too."""

import pytest
from support.decks import AUTHOR, BODY, COMMENT, TITLE, altered, letter

from confrere.core.pixels.forms import Form
from confrere.core.pixels.readers.letter import read
from confrere.core.terms import Refused


def test_body_header_comments_and_properties_are_read() -> None:
    found = read(letter(), Form.DOCX)
    words = {text.place: text.words for text in found.texts}
    assert BODY in words["document"]
    assert TITLE in words["document, header"]
    assert COMMENT in words["document, comments"]
    assert any(AUTHOR in text.words for text in found.texts if text.place == "properties of the file")
    assert [picture.name for picture in found.pictures] == ["document, picture 1"]
    assert found.holds == ("document-needs-person",)


def test_deleted_words_are_seen() -> None:
    deleted = b"<w:p><w:del><w:r><w:delText>ZQXGONE</w:delText></w:r></w:del></w:p></w:body>"
    content = altered(
        letter(), lambda name, each: each.replace(b"</w:body>", deleted) if name == "word/document.xml" else each
    )
    assert any("ZQXGONE" in text.words for text in read(content, Form.DOCX).texts)


def test_a_cut_letter_is_refused() -> None:
    with pytest.raises(Refused, match="bad-document"):
        read(letter()[:-300], Form.DOCX)
