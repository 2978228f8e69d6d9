"""The second look: is anything that was harvested still there, anywhere outside the pixels?

Every byte of the cleaned file is searched: preamble, group 0002, each value at each depth, padding, what
follows the last element, what follows the picture inside PixelData, and printable text in compressed frames.

Original dates: a shifted date may by chance equal another date of the same patient. A date at a DA or DT
element is therefore no residual when it differs from that element's own original and one single non-zero
shift of at most four years explains it together with most dates of the file; anywhere else an original date
counts.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydicom.datadict import tag_for_keyword

from confrere.core.verify import views
from confrere.core.verify.detectors import formats_in
from confrere.core.verify.layout import Layout, Leaf, layout_of
from confrere.core.verify.needles import DATE, ID, NAME, PHONE, TEXT, UID, Harvest
from confrere.core.verify.pixel_tail import picture_length, printable_runs
from confrere.core.verify.vocabulary import vocabulary

_TEXT_VRS = frozenset(("AE", "LO", "LT", "PN", "SH", "ST", "UC", "UN", "UR", "UT"))
# Code values and software versions are long bare numbers by nature.
_CODED = frozenset((0x00080100, 0x00080119, 0x00080120, 0x00181020))
# Samples of a waveform and floating point pixels are no text, as little as a native picture is.
_MEASURED = frozenset((0x54001010, 0x7FE00008, 0x7FE00009))
_MAX_SHIFT_DAYS = 1460
_PRINTABLE = re.compile(rb"[\x20-\x7e]{6,}")
_UID_LIKE = re.compile(rb"[0-9]+(?:\.[0-9]+){2,}")


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


class _Search:
    """One harvest, ready to be looked for in any run of bytes."""

    def __init__(self, harvest: Harvest) -> None:
        self.harvest = harvest
        self.words = {word: kind for kind, word in harvest.words}
        self.context = {word: kind for kind, word in harvest.context}

    def kinds_in(self, raw: bytes) -> set[str]:
        """The kinds of residual in `raw`, whatever it is a part of."""
        lowered = raw.lower()
        without_nul = lowered.replace(b"\0", b"")
        tight = views.squeezed(raw)
        found = {kind for kind, needle in self.harvest.phrases if needle in tight}
        found |= {kind for kind, needle in self.harvest.encoded if needle in lowered}
        if self.words:
            for view in {lowered, without_nul}:
                found |= {self.words[word] for word in views.words(view) & self.words.keys()}
        return found | self._numeric_kinds(lowered, without_nul)

    def _numeric_kinds(self, lowered: bytes, without_nul: bytes) -> set[str]:
        found = set()
        for view in {lowered, without_nul}:
            if self._has_uid(view):
                found.add(UID)
            plain = views.without_own_uids(view)
            unbroken, grouped = views.digit_runs(plain)
            found |= {kind for kind, number in self.harvest.numbers if _number_in(number, unbroken, grouped)}
            days = views.written_days(plain).union(*map(views.compact_days, unbroken))
            if days & self.harvest.days:
                found.add(DATE)
        return found

    def _has_uid(self, view: bytes) -> bool:
        for candidate in set(_UID_LIKE.findall(view)):
            if candidate in self.harvest.uids:
                return True
            # An original UID with a suffix is still that UID.
            if any(candidate.startswith(uid + b".") for uid in self.harvest.uids if len(uid) >= 20):
                return True
        return False

    def short_kinds_in(self, value: bytes) -> set[str]:
        """The kinds of the very short needles in a text value."""
        return {self.context[word] for word in views.whole_words(value) & self.context.keys()}


def _number_in(number: bytes, unbroken: set[bytes], grouped: set[bytes]) -> bool:
    # Up to four digits before a number are a country code or a prefix; more make it another number.
    if any(number in run and len(run) <= len(number) + 4 for run in unbroken):
        return True
    return any(number in run for run in grouped)


def _explained_dates(layout: Layout, harvest: Harvest) -> dict[Leaf, bool]:
    """For each DA and DT leaf: whether it is free of original dates, or explained by the file's one shift."""
    originals: dict[tuple[int, ...], set[int]] = {}
    for path, ordinal in harvest.days_at:
        originals.setdefault(path, set()).add(ordinal)
    values = {leaf: _leaf_days(layout, leaf) for leaf in layout.leaves if leaf.vr in ("DA", "DT")}
    shift = _common_shift([(days, originals[leaf.path]) for leaf, days in values.items() if leaf.path in originals])
    return {
        leaf: all(
            day not in harvest.days or (shift is not None and day not in own and any(day - was == shift for was in own))
            for day in days
            for own in (originals.get(leaf.path, set()),)
        )
        for leaf, days in values.items()
    }


def _common_shift(pairs: list[tuple[set[int], set[int]]]) -> int | None:
    """The one non-zero shift that explains more than half of the (days now, days before) pairs, or None."""
    moved = [(now, before) for now, before in pairs if now]
    shifts = Counter(by for now, before in moved for by in {day - was for day in now for was in before})
    for by, count in shifts.most_common():
        if 0 < abs(by) <= _MAX_SHIFT_DAYS and 2 * count > len(moved):
            return by
    return None


def _leaf_days(layout: Layout, leaf: Leaf) -> set[int]:
    return views.days_in(layout.buffer[leaf.start : leaf.end].replace(b"\\", b"\n"))


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


def _text_residuals(layout: Layout, search: _Search) -> Iterator[Residual]:
    """What only a text value on its own can show: very short names, and formats."""
    for leaf in layout.leaves:
        if leaf.vr not in _TEXT_VRS or leaf.end - leaf.start < 2:
            continue
        value = layout.buffer[leaf.start : leaf.end]
        if search.context and leaf.tag not in _TECHNICAL:
            for kind in search.short_kinds_in(value):
                yield Residual(kind, place_of(leaf), leaf.tag)
        if leaf.tag not in _CODED:
            text = value.replace(b"\0", b"").decode("utf-8", "replace")
            for kind in formats_in(text):
                yield Residual(kind, place_of(leaf), leaf.tag)


def _idle_text(layout: Layout) -> Iterator[Residual]:
    """Text where nothing of ours ever writes: the preamble, the padding, and after the last element."""
    for place, tag, raw in _pieces(layout, set()):
        if place in ("preamble", "padding", "trailing") and _PRINTABLE.search(raw.replace(b"\0", b"")):
            yield Residual("text", place, tag)


def _pixel_residuals(layout: Layout, search: _Search) -> Iterator[Residual]:
    """Text behind the picture of a native PixelData value, and text inside compressed frames."""
    pixels = layout.pixels
    if pixels is None:
        return
    if not layout.fragments:
        wanted = picture_length(layout)
        tail = layout.buffer[pixels.start + wanted : pixels.end] if wanted is not None else b""
        kinds = search.kinds_in(tail) if len(tail) > 1 else set()
        if not kinds and _PRINTABLE.search(tail.replace(b"\0", b"")):
            kinds = {"text"}
        yield from (Residual(kind, "pixel_tail", pixels.tag) for kind in kinds)
        return
    for start, end in layout.fragments:
        # Line ends stay: they keep chance neighbours from growing together into a name.
        tight = b"\n".join(map(views.squeezed, printable_runs(layout.buffer[start:end]).split(b"\n")))
        for kind in {kind for kind, needle in search.harvest.phrases if needle in tight}:
            yield Residual(kind, "pixel_tail", pixels.tag)


def residuals(cleaned: bytes, harvest: Harvest) -> tuple[Residual, ...]:
    """Every identifier of `harvest`, and every telling format, still in `cleaned`; sorted, each once.

    Empty means: clean as far as can be told. Raises Broken for a deflated file that cannot be inflated.
    """
    layout = layout_of(cleaned)
    search = _Search(harvest)
    explained = _explained_dates(layout, harvest)
    excused = {leaf for leaf, is_fine in explained.items() if is_fine}
    excused |= {leaf for leaf in layout.leaves if leaf.tag in _MEASURED}
    found: set[Residual] = set()
    hay = _searched(layout, excused)
    kinds = search.kinds_in(hay)
    if kinds:
        for place, tag, raw in _pieces(layout, excused):
            found |= {Residual(kind, place, tag) for kind in search.kinds_in(raw)}
        # What no single value shows lies across values or in the bytes between them.
        found |= {Residual(kind, "stream") for kind in kinds - {one.kind for one in found}}
    found |= set(_text_residuals(layout, search))
    found |= set(_idle_text(layout))
    found |= set(_pixel_residuals(layout, search))
    return tuple(sorted(found, key=lambda one: (one.place, one.tag or 0, one.kind)))


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


_TECHNICAL = _technical_tags()
