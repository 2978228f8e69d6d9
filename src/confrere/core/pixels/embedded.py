"""The pictures embedded in an office document, as shown: decoded, and cropped for good where the document crops them.

Source: ECMA-376 part 1, 20.1.8.55 (source rectangle).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from confrere.core.pixels.forms import Form, form_of
from confrere.core.pixels.office import Package, Part, Placed
from confrere.core.pixels.photographs import Shape, decode_photograph, shape_of
from confrere.core.pixels.pictures import Frame, Picture, PictureKind
from confrere.core.terms import Refused
from confrere.core.terms.kinds import FileKind

MOST_PICTURES: Final = 400
_ACTIVE_PARTS: Final = ("vbaproject", "activex", "/embeddings/", "/media/media", "vbadata", "/ctrlprops/", "customui")
_ACTIVE_KINDS: Final = frozenset(("oleObject", "package", "control", "video", "audio", "media", "vbaProject"))
Crop = tuple[float, float, float, float]
# By Exif orientation: which stored edge (0 left, 1 top, 2 right, 3 bottom) becomes the left, top, right and bottom one.
_TURNED_EDGES: Final = {
    1: (0, 1, 2, 3),
    2: (2, 1, 0, 3),
    3: (2, 3, 0, 1),
    4: (0, 3, 2, 1),
    5: (1, 0, 3, 2),
    6: (3, 0, 1, 2),
    7: (3, 2, 1, 0),
    8: (1, 2, 3, 0),
}
_SILENT_KINDS: Final = frozenset(("chart", "diagramData"))


@dataclass(frozen=True, slots=True)
class Embedded:
    """The pictures of one part, and codes of `reasons` for what was left out."""

    pictures: tuple[Picture, ...]
    notes: tuple[str, ...]


def pictures_of(package: Package, name: str, part: Part, place: str) -> Embedded:
    """The pictures that the part `name` shows, called "`place`, picture 1" and so on.

    Raises Refused: too-many-pictures; and as `decode_photograph` does for one that is damaged.
    """
    relations = package.relations(name)
    made: list[Picture] = []
    left_out = any(kind in _SILENT_KINDS for kind, _, _ in relations.values())
    for placed in dict.fromkeys(part.placed):
        kind, target, outside = relations.get(placed.relationship, ("", "", False))
        content = b"" if outside or kind != "image" else package.bytes_of(target)
        form = _form(content)
        if form is None:
            left_out = left_out or not outside
            continue
        picture = _picture(package, target, form, placed, f"{place}, picture {len(made) + 1}")
        if picture is not None:
            made.append(picture)
    if len(made) > MOST_PICTURES:
        raise Refused("too-many-pictures")
    active = any(outside or kind in _ACTIVE_KINDS for kind, _, outside in relations.values())
    notes = (("active-content-removed",) if active else ()) + (("pictures-left-out",) if left_out else ())
    return Embedded(tuple(made), notes)


def has_active_parts(names: Sequence[str]) -> bool:
    """Whether a package holds macros, controls, embedded objects or media."""
    return any(mark in f"/{name.lower()}" for name in names for mark in _ACTIVE_PARTS)


def shown_part(shape: Shape, crop: Crop) -> tuple[slice, slice] | None:
    """The rows and columns of an upright picture that a crop leaves; None where it leaves nothing.

    A row or column cropped in part is gone whole. Programs differ in whether they crop before or after turning a
    picture by its Exif orientation, so an edge that either of them hides is cut off.
    """
    edges = [max(one, other) for one, other in zip(crop, (crop[at] for at in _TURNED_EDGES[shape.turn]), strict=True)]
    left, top, right, bottom = edges
    rows = slice(ceil(top * shape.rows), shape.rows - ceil(bottom * shape.rows))
    columns = slice(ceil(left * shape.columns), shape.columns - ceil(right * shape.columns))
    return (rows, columns) if rows.start < rows.stop and columns.start < columns.stop else None


def _form(content: bytes) -> Form | None:
    try:
        return form_of(content, FileKind.PHOTO) if content else None
    except Refused:
        return None


def _picture(package: Package, target: str, form: Form, placed: Placed, name: str) -> Picture | None:
    part = shown_part(shape_of(package.bytes_of(target), form), placed.crop)
    if part is None:
        return None
    rows, columns = (side.stop - side.start for side in part)

    # Decoded only when asked, each time anew: a deck of two hundred pictures does not fit into memory at once.
    def frames() -> Iterator[Frame]:
        yield decode_photograph(package.bytes_of(target), form).pages[0][part].copy()

    return Picture(name, PictureKind.SLIDE_PICTURE, rows, columns, frames)
