"""The second look: is anything that was harvested still there, anywhere outside the pixels?

Every byte of the cleaned file is searched: preamble, group 0002, each value at each depth, padding, what
follows the last element, what follows the picture inside PixelData, and printable text in compressed frames.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydicom.datadict import tag_for_keyword

from confrere.core.verify import dates
from confrere.core.verify.detectors import formats_in
from confrere.core.verify.layout import Layout, Leaf, layout_of
from confrere.core.verify.needles import DATE, ID, NAME, PHONE, TEXT, Harvest
from confrere.core.verify.pixel_tail import MEASURED, picture_length, telling_runs
from confrere.core.verify.search import Search
from confrere.core.verify.vocabulary import vocabulary

TEXT_VRS = frozenset(("AE", "LO", "LT", "PN", "SH", "ST", "UC", "UN", "UR", "UT"))
# Code values and software versions are long bare numbers by nature.
CODED = frozenset((0x00080100, 0x00080119, 0x00080120, 0x00181020))
PRINTABLE = re.compile(rb"[\x20-\x7e]{6,}")


@dataclass(frozen=True, slots=True, order=True)
class Residual:
    """An identifier that survived: what kind, in which place, at which tag. Never the value."""

    kind: str
    place: str
    tag: int | None = None


def place_of(leaf: Leaf) -> str:
    """The kind of place a leaf lies in."""
    group = leaf.tag >> 16
    if any(tag >> 16 & 1 for tag in leaf.path):
        return "private"
    if len(leaf.path) > 1:
        return "sequence"
    if group == 0x0002:
        return "file_meta"
    if group == 0xFFFC:
        return "padding"
    return "overlay" if 0x5000 <= group <= 0x50FF or 0x6000 <= group <= 0x60FF else "top"


def _excused(layout: Layout, harvest: Harvest) -> set[Leaf]:
    """Leaves not searched: dates that are no original's or that the file's one shift explains."""
    before: dict[tuple[int, ...], set[int]] = {}
    for path, ordinal in harvest.days_at:
        before.setdefault(path, set()).add(ordinal)
    moved = {
        leaf: dates.Moved(dates.days_of(value), frozenset(before.get(leaf.path, ())))
        for leaf, value in date_leaves(layout)
    }
    shift = dates.common_shift(moved.values())
    return {leaf for leaf, one in moved.items() if dates.is_explained(one, shift, harvest.days)}


def date_leaves(layout: Layout) -> Iterator[tuple[Leaf, bytes]]:
    """The DA and DT leaves that hold dates only, with their values."""
    for leaf in layout.leaves:
        if leaf.vr in dates.DATE_VRS:
            value = layout.buffer[leaf.start : leaf.end]
            if dates.is_only_a_date(value):
                yield leaf, value


def _searched(layout: Layout, excused: Iterable[Leaf]) -> bytes:
    """Every byte outside the picture, with the values of excused leaves blanked."""
    pixels = layout.pixels
    raw = bytearray(layout.buffer if pixels is None else layout.buffer[: pixels.start])
    for leaf in excused:
        if leaf.end <= len(raw):
            raw[leaf.start : leaf.end] = b"\\" * (leaf.end - leaf.start)
    if pixels is not None:
        after = len(raw)
        raw += b"\n\n" + layout.buffer[pixels.end :]
        for leaf in excused:
            if leaf.start >= pixels.end:
                at = leaf.start - pixels.end + after + 2
                raw[at : at + leaf.end - leaf.start] = b"\\" * (leaf.end - leaf.start)
    return bytes(raw)


def _pieces(layout: Layout, excused: set[Leaf]) -> Iterator[tuple[str, int | None, bytes]]:
    """(place, tag, bytes) of every part of the file outside the picture: tells where a residual lies."""
    buffer = layout.buffer
    if buffer[128:132] == b"DICM":
        yield "preamble", None, buffer[:128]
    for leaf in layout.leaves:
        if leaf not in excused:
            yield place_of(leaf), leaf.tag, buffer[leaf.start : leaf.end]
    yield "trailing", None, buffer[layout.end :]


def _text_residuals(layout: Layout, search: Search) -> Iterator[Residual]:
    """What only a text value on its own can show: very short names, and formats."""
    for leaf in layout.leaves:
        if leaf.vr not in TEXT_VRS or leaf.end - leaf.start < 2:
            continue
        value = layout.buffer[leaf.start : leaf.end]
        if search.has_short and leaf.tag not in TECHNICAL:
            for kind in search.short_kinds_in(value):
                yield Residual(kind, place_of(leaf), leaf.tag)
        if leaf.tag not in CODED:
            text = value.replace(b"\0", b"").decode("utf-8", "replace")
            for kind in formats_in(text):
                yield Residual(kind, place_of(leaf), leaf.tag)


def _idle_text(layout: Layout) -> Iterator[Residual]:
    """Text where nothing of ours ever writes: the preamble, the padding, and after the last element."""
    for place, tag, raw in _pieces(layout, set()):
        if place in ("preamble", "padding", "trailing") and PRINTABLE.search(raw.replace(b"\0", b"")):
            yield Residual("text", place, tag)


def _pixel_residuals(layout: Layout, search: Search) -> Iterator[Residual]:
    """Text behind the picture of a native PixelData value, and text inside compressed frames."""
    pixels = layout.pixels
    if pixels is None:
        return
    if not layout.fragments:
        wanted = picture_length(layout)
        tail = layout.buffer[pixels.start + wanted : pixels.end] if wanted is not None else b""
        kinds = search.kinds_in(tail) if len(tail) > 1 else set()
        if not kinds and PRINTABLE.search(tail.replace(b"\0", b"")):
            kinds = {"text"}
        yield from (Residual(kind, "pixel_tail", pixels.tag) for kind in kinds)
        return
    for kind in search.phrase_kinds(telling_runs(layout.buffer[pixels.start : pixels.end])):
        yield Residual(kind, "pixel_tail", pixels.tag)


def residuals(cleaned: bytes, harvest: Harvest) -> tuple[Residual, ...]:
    """Every identifier of `harvest`, and every telling format, still in `cleaned`; sorted, each once.

    Empty means: clean as far as can be told. Raises Broken for a deflated file that cannot be inflated.
    """
    layout = layout_of(cleaned)
    return residuals_in(layout, Search(harvest), _excused(layout, harvest))


def residuals_in(layout: Layout, search: Search, excused: set[Leaf]) -> tuple[Residual, ...]:
    """Every residual in a file already laid out; the dates at `excused` leaves are none."""
    measured = [leaf for leaf in layout.leaves if leaf.tag in MEASURED]
    found = {
        Residual(kind, place_of(leaf), leaf.tag)
        for leaf in measured
        for kind in search.phrase_kinds(telling_runs(layout.buffer[leaf.start : leaf.end]))
    }
    for leaf, value in date_leaves(layout):
        if leaf not in excused and dates.days_of(value) & search.harvest.days:
            found.add(Residual(DATE, place_of(leaf), leaf.tag))
    excused = excused.union(measured)
    kinds = search.kinds_in(_searched(layout, excused))
    if kinds:
        for place, tag, raw in _pieces(layout, excused):
            found |= {Residual(kind, place, tag) for kind in search.kinds_in(raw)}
        # What no single value shows lies across values or in the bytes between them.
        found |= {Residual(kind, "stream") for kind in kinds - {one.kind for one in found}}
    found |= set(_text_residuals(layout, search))
    found |= set(_idle_text(layout))
    found |= set(_pixel_residuals(layout, search))
    return in_order(found)


def in_order(found: Iterable[Residual]) -> tuple[Residual, ...]:
    """Residuals sorted by place, tag and kind, each once."""
    return tuple(sorted(set(found), key=lambda one: (one.place, one.tag or 0, one.kind)))


# Attributes of the patient and the visit that a cleaned file leaves out or empty; name and id hold a token at most.
_OUTRIGHT: dict[int, str] = {
    0x00080050: ID,  # Accession Number
    0x00080090: NAME,  # Referring Physician's Name
    0x00100010: NAME,
    0x00100020: ID,
    0x00100030: DATE,
    0x00101000: ID,  # Other Patient IDs
    0x00101001: NAME,  # Other Patient Names
    0x00101040: TEXT,  # Patient's Address
    0x00102154: PHONE,
}
_TOKEN_HOLDERS = (0x00100010, 0x00100020)
_TOKEN = re.compile(rb"[A-Z]{16}")


def _outright(layout: Layout) -> Iterator[Residual]:
    """Identifiers that stand in their own attribute: nothing need be known of the patient to see them."""
    for leaf in layout.leaves:
        value = layout.buffer[leaf.start : leaf.end].strip(b"\0 ")
        is_token = leaf.tag in _TOKEN_HOLDERS and _TOKEN.fullmatch(value)
        if leaf.tag in _OUTRIGHT and value and not is_token:
            yield Residual(_OUTRIGHT[leaf.tag], place_of(leaf), leaf.tag)


def verify_instance(cleaned: bytes, known: Harvest | None) -> tuple[Residual, ...]:
    """The second look at a file whose original is not at hand.

    Looks for listed values, if any, for the forms of identifiers, and for identifiers in their own attributes.
    Raises Broken as `residuals`.
    """
    found = residuals(cleaned, known if known is not None else Harvest())
    return tuple(sorted({*found, *_outright(layout_of(cleaned))}, key=lambda one: (one.kind, one.place, one.tag or 0)))


def _technical_tags() -> frozenset[int]:
    tags = (tag_for_keyword(keyword) for keyword in vocabulary().technical_attributes)
    return frozenset(tag for tag in tags if tag is not None)


TECHNICAL = _technical_tags()
