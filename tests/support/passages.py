"""An original and its cleaned file told as passages, one outermost element each, as the engine would tell them."""

from typing import NamedTuple

from confrere.core.dicom.passages import Passage
from confrere.core.verify import PixelPart
from confrere.core.verify.layout import layout_of, opening_of, split

Tag = tuple[int, int, int, int]


class Told(NamedTuple):
    """One instance as `SeriesLook.read` takes it."""

    passages: list[Passage]
    pixels: PixelPart
    is_implicit: bool


def tag_of(element: bytes) -> Tag:
    """The tag of a little endian element, in the order of tags."""
    return (element[1], element[0], element[3], element[2])


def elements_of(raw: bytes) -> tuple[bytes, dict[Tag, bytes], bool]:
    """(preamble and group 0002, the outermost elements of the data set save the pixels, whether it is explicit)."""
    opening = opening_of(raw)
    elements, _ = split(raw, opening.start, explicit=opening.explicit)
    return raw[: opening.start], {tag_of(one): one for one in elements}, opening.explicit


def pixels_of(raw: bytes) -> PixelPart:
    """The pixels of a file."""
    pixels = layout_of(raw).pixels
    if pixels is None:
        return PixelPart()
    header = 12 if raw[pixels.start - 8 : pixels.start - 6] in (b"OB", b"OW") else 8
    value = raw[pixels.start : pixels.end]
    is_native = raw[pixels.start - 4 : pixels.start] != b"\xff\xff\xff\xff"
    return PixelPart(raw[pixels.start - header : pixels.start], len(value) * is_native, b"" if is_native else value)


def tell(original: bytes, cleaned: bytes) -> Told:
    """The passages of one instance, its pixels and its encoding."""
    before, elements, _ = elements_of(original)
    after, kept, is_explicit = elements_of(cleaned)
    tags = sorted(elements.keys() | kept.keys())
    passages = [Passage(elements.get(tag, b""), kept.get(tag, b"")) for tag in tags]
    return Told([Passage(before, after), *passages], pixels_of(cleaned), not is_explicit)
