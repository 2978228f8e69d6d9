"""PDF: every page becomes a picture, and its words are handed on apart. The file itself ends here.

PDFium is built without a JavaScript engine; attachments, actions and links are never followed.
Source: ISO 32000-2.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np
import pypdfium2

from confrere.core.pixels.forms import Form
from confrere.core.pixels.pictures import FoundText, Frame, Picture, PictureKind, Pictures, holds_for
from confrere.core.terms import Refused

MOST_PAGES: Final = 200
LONGEST_SIDE: Final = 3000
MOST_WORDS: Final = 1 << 20
"""Characters of one page."""
_DOTS_PER_POINT: Final = 200 / 72
_PASSWORD: Final = 4  # FPDF_ERR_PASSWORD
_ACTIVE: Final = (b"/JavaScript", b"/JS", b"/OpenAction", b"/AA", b"/Launch", b"/URI", b"/RichMedia", b"/SubmitForm")


def read(content: bytes, form: Form) -> Pictures:
    """A picture of each page at 200 dots an inch, or less for a large one, and the words of each page.

    Raises Refused: encrypted-document, bad-document, too-many-pictures.
    """
    with _opened(content) as document:
        if len(document) > MOST_PAGES:
            raise Refused("too-many-pictures")
        if len(document) == 0:
            raise Refused("bad-document")
        pictures = tuple(_page(content, document, index) for index in range(len(document)))
        texts = (*_words(document), *_properties(document))
        notes = _notes(content, document.count_attachments())
    return Pictures(pictures, texts, notes, holds=holds_for(pictures, "document-needs-person"))


@contextmanager
def _opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as fault:
        locked = getattr(fault, "err_code", None) == _PASSWORD
        raise Refused("encrypted-document" if locked else "bad-document") from None
    try:
        # Filled-in fields are a part of what a page shows.
        document.init_forms()
        yield document
    except (pypdfium2.PdfiumError, ValueError, UnicodeError):
        raise Refused("bad-document") from None
    finally:
        document.close()


def _page(content: bytes, document: pypdfium2.PdfDocument, index: int) -> Picture:
    width, height = document.get_page_size(index)
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise Refused("bad-document")
    scale = min(_DOTS_PER_POINT, LONGEST_SIDE / max(width, height))
    columns, rows = int(np.ceil(width * scale)), int(np.ceil(height * scale))
    return Picture(f"page {index + 1}", PictureKind.PAGE, rows, columns, _renderer(content, index, scale))


def _renderer(content: bytes, index: int, scale: float) -> Callable[[], Iterator[Frame]]:
    def frames() -> Iterator[Frame]:
        with _opened(content) as document:
            page = document[index]
            bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
            pixels = np.array(bitmap.to_numpy()[:, :, :3], np.uint8)
            bitmap.close()
            page.close()
        yield pixels

    return frames


def _words(document: pypdfium2.PdfDocument) -> Iterator[FoundText]:
    for index in range(len(document)):
        page = document[index]
        layer = page.get_textpage()
        words = layer.get_text_range(0, min(layer.count_chars(), MOST_WORDS)) if layer.count_chars() else ""
        layer.close()
        page.close()
        if words.strip():
            yield FoundText(f"page {index + 1}", words)


def _properties(document: pypdfium2.PdfDocument) -> Iterator[FoundText]:
    words = "\n".join(value for value in document.get_metadata_dict().values() if value)
    if words:
        yield FoundText("properties of the file", words)


def _notes(content: bytes, attachments: int) -> tuple[str, ...]:
    active = attachments > 0 or any(mark in content for mark in _ACTIVE)
    hidden = b"/OCProperties" in content
    return (("active-content-removed",) if active else ()) + (("hidden-content-dropped",) if hidden else ())
