"""The pictures embedded in an office document, as shown: decoded, and cropped for good where the document crops them.

Source: ECMA-376 part 1, 20.1.8.55 (source rectangle).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from confrere.core.pixels.forms import Form, form_of
from confrere.core.pixels.office import Package, Part, Placed
from confrere.core.pixels.photographs import decode_photograph
from confrere.core.pixels.pictures import Frame, Picture, PictureKind, Pixels
from confrere.core.terms import Refused
from confrere.core.terms.kinds import FileKind

MOST_PICTURES: Final = 400
_ACTIVE_PARTS: Final = ("vbaproject", "activex", "/embeddings/", "/media/media", "vbadata", "/ctrlprops/", "customui")
_ACTIVE_KINDS: Final = frozenset(("oleObject", "package", "control", "video", "audio", "media", "vbaProject"))
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


def cropped(pixels: Pixels, crop: tuple[float, float, float, float]) -> Pixels | None:
    """A new array of what is shown; None where nothing is. A row or column cropped in part is gone whole."""
    rows, columns = pixels.shape[:2]
    left, top, right, bottom = crop
    shown = pixels[
        ceil(top * rows) : rows - ceil(bottom * rows), ceil(left * columns) : columns - ceil(right * columns)
    ]
    return shown.copy() if shown.size else None


def _form(content: bytes) -> Form | None:
    try:
        return form_of(content, FileKind.PHOTO) if content else None
    except Refused:
        return None


def _picture(package: Package, target: str, form: Form, placed: Placed, name: str) -> Picture | None:
    def shown() -> Pixels | None:
        return cropped(decode_photograph(package.bytes_of(target), form).pages[0], placed.crop)

    pixels = shown()
    if pixels is None:
        return None
    rows, columns = pixels.shape[:2]
    return Picture(name, PictureKind.SLIDE_PICTURE, rows, columns, _again(shown))


def _again(shown: Callable[[], Pixels | None]) -> Callable[[], Iterator[Frame]]:
    # Decoded anew each time: a deck of two hundred pictures does not fit into memory at once.
    def frames() -> Iterator[Frame]:
        pixels = shown()
        if pixels is not None:
            yield pixels

    return frames
