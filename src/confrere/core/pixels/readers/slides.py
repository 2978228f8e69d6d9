"""PPTX: the pictures of each slide as it shows them, and its words apart. The deck itself ends here.

A slide is not drawn: text boxes, arrows and charts are not pictures, and what lies under a crop is cut off for good.
Pictures of masters and layouts (letterheads, logos) and hidden slides are left out.

Source: ECMA-376 part 1, 13 (PresentationML).
"""

from typing import Final

from confrere.core.pixels.embedded import has_active_parts, pictures_of
from confrere.core.pixels.forms import Form
from confrere.core.pixels.office import Package, Part, is_xml
from confrere.core.pixels.pictures import FoundText, Picture, Pictures, holds_for
from confrere.core.terms import Refused

MOST_SLIDES: Final = 300
MOST_PICTURES: Final = 400
_DECK: Final = "ppt/presentation.xml"
_BESIDE: Final = {"notesSlide": "notes", "comments": "comments", "chart": "chart", "diagramData": "diagram"}
_HIDDEN: Final = ("0", "false")


def read(content: bytes, form: Form) -> Pictures:
    """Every picture of every shown slide, and the words of slides, notes, comments, alternative texts and properties.

    Raises Refused: bad-document, encrypted-document, doctype-not-allowed, expands-too-much, too-many-pictures.
    """
    package = Package(content)
    relations = package.relations(_DECK)
    slides = [relations[each][1] for each in package.part(_DECK).ids if each in relations]
    if not slides:
        raise Refused("bad-document")
    if len(slides) > MOST_SLIDES:
        raise Refused("too-many-pictures")
    pictures: list[Picture] = []
    texts: list[FoundText] = []
    notes: list[str] = ["active-content-removed"] if has_active_parts(package.names) else []
    for number, name in enumerate(slides, start=1):
        part = package.part(name)
        if part.root.get("show") in _HIDDEN:
            notes.append("hidden-content-dropped")
            continue
        found = pictures_of(package, name, part, f"slide {number}")
        pictures += found.pictures
        notes += found.notes
        texts += _words(package, name, part, f"slide {number}")
        if len(pictures) > MOST_PICTURES:
            raise Refused("too-many-pictures")
    texts += _properties(package)
    return Pictures(
        tuple(pictures), tuple(texts), tuple(dict.fromkeys(notes)), holds=holds_for(pictures, "document-needs-person")
    )


def _words(package: Package, name: str, part: Part, place: str) -> list[FoundText]:
    found = [FoundText(place, part.text), FoundText(f"{place}, alternative text", "\n".join(part.aside))]
    for kind, target, outside in package.relations(name).values():
        if kind in _BESIDE and not outside:
            beside = package.part(target)
            found.append(FoundText(f"{place}, {_BESIDE[kind]}", "\n".join([beside.text, *beside.aside])))
    return [each for each in found if each.words.strip()]


def _properties(package: Package) -> list[FoundText]:
    names = [name for name in package.names if name.startswith("docProps/") and is_xml(name)]
    words = "\n".join(package.part(name).text for name in names)
    return [FoundText("properties of the file", words)] if words.strip() else []
