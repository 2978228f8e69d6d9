"""DOCX: its embedded pictures, and its words apart. The document itself ends here.

Pictures of headers and footers (letterheads) are left out. Deleted and hidden words are words like any other: whoever
reads the text layer must see them.

Source: ECMA-376 part 1, 11 and 17 (WordprocessingML).
"""

from typing import Final

from confrere.core.pixels.embedded import has_active_parts, pictures_of
from confrere.core.pixels.forms import Form
from confrere.core.pixels.office import Package, is_xml
from confrere.core.pixels.pictures import FoundText, Pictures, holds_for

_DOCUMENT: Final = "word/document.xml"
_BESIDE: Final = {
    "comments": "comments",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "header": "header",
    "footer": "footer",
    "chart": "chart",
    "diagramData": "diagram",
}


def read(content: bytes, form: Form) -> Pictures:
    """Every picture of the document's body, and the words of body, header, footer, notes, comments and properties.

    Raises Refused: bad-document, encrypted-document, doctype-not-allowed, expands-too-much, too-many-pictures.
    """
    package = Package(content)
    body = package.part(_DOCUMENT)
    found = pictures_of(package, _DOCUMENT, body, "document")
    texts = [FoundText("document", body.text), FoundText("document, alternative text", "\n".join(body.aside))]
    for kind, target, outside in package.relations(_DOCUMENT).values():
        if kind in _BESIDE and not outside:
            beside = package.part(target)
            texts.append(FoundText(f"document, {_BESIDE[kind]}", "\n".join([beside.text, *beside.aside])))
    for name in package.names:
        if name.startswith("docProps/") and is_xml(name):
            texts.append(FoundText("properties of the file", package.part(name).text))
    active = ("active-content-removed",) if has_active_parts(package.names) else ()
    notes = tuple(dict.fromkeys((*active, *found.notes)))
    kept = tuple(each for each in texts if each.words.strip())
    return Pictures(found.pictures, kept, notes, holds=holds_for(found.pictures, "document-needs-person"))
