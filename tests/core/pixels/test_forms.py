"""The bytes decide what a file is; a lie about it is refused."""

import io

import pytest
from PIL import Image

from confrere.core.pixels.forms import Form, form_of
from confrere.core.terms import Refused
from confrere.core.terms.kinds import FileKind

OFFICE = b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml"


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"\xff\xd8\xff\xe0", Form.JPEG),
        (b"RIFF\0\0\0\0WEBPVP8 ", Form.WEBP),
        (b"RIFF\0\0\0\0AVI LIST", Form.AVI),
        (b"MM\0*", Form.TIFF),
        (b"\0\0\0\x18ftypheic", Form.HEIC),
        (b"\0\0\0\x18ftypmif1", Form.HEIC),
        (b"\0\0\0\x18ftypqt  ", Form.MP4),
        (b"\x1a\x45\xdf\xa3", Form.WEBM),
        (b"%PDF-1.7", Form.PDF),
        (OFFICE + b" ppt/presentation.xml", Form.PPTX),
        (OFFICE + b" word/document.xml", Form.DOCX),
        (bytes(344) + b"n+1\0", Form.NIFTI),
    ],
)
def test_each_form_is_known_by_its_bytes_and_knows_its_kind(content: bytes, form: Form) -> None:
    assert form_of(content, FileKind.UNKNOWN) is form
    assert form_of(content, form.kind) is form
    other = FileKind.PHOTO if form.kind is not FileKind.PHOTO else FileKind.VIDEO
    with pytest.raises(Refused, match="type-mismatch"):
        form_of(content, other)


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xef\xbb\xbf<?xml version='1.0'?><svg/>",
        b"#EXTM3U\n",
        b"ffconcat version 1.0",
        b"<!DOCTYPE html><html>",
    ],
)
@pytest.mark.parametrize("kind", [FileKind.PHOTO, FileKind.VIDEO, FileKind.TEXT, FileKind.UNKNOWN])
def test_drawings_pages_and_playlists_are_never_opened(content: bytes, kind: FileKind) -> None:
    with pytest.raises(Refused, match="type-mismatch"):
        form_of(content, kind)


def test_forms_that_are_not_read_are_refused_as_such() -> None:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "GIF")
    for content in (out.getvalue(), b"GIF89a", b"\0\0\0\x18ftypavif"):
        with pytest.raises(Refused, match="form-not-accepted"):
            form_of(content, FileKind.UNKNOWN)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Refused, match="empty-file"):
        form_of(b"", FileKind.PHOTO)
