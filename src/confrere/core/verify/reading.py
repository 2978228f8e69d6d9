"""Read an original and harvest every value that could point to a person.

Default-deny: any text attribute that vocabulary.toml does not list as technical is harvested, at every depth,
and so is any printable run of private values, of values with an unknown meaning, of the preamble and of bytes
after the end. The engine's own reader and tables are not used.
Source: PS3.15 Annex E, E.1.1 (what must go); PS3.5 6.2 (VRs) and 6.2.1 (person names).
"""

import re
from collections.abc import Collection
from enum import Enum, auto
from functools import lru_cache

from pydicom.datadict import keyword_for_tag

from confrere.core.terms import Broken
from confrere.core.verify import views
from confrere.core.verify.layout import (
    SHORT_VRS,
    Leaf,
    Lost,
    TooDeep,
    element_of,
    leaves_before_loss,
    leaves_of,
    opening_of,
    split,
    vr_in_dictionary,
)
from confrere.core.verify.needles import NAME, PRIVATE, TEXT, Gatherer, Harvest, Held
from confrere.core.verify.pixel_tail import MEASURED
from confrere.core.verify.scripts import foreign_words
from confrere.core.verify.vocabulary import vocabulary

_TEXT_VRS = frozenset(("AE", "LO", "LT", "SH", "ST", "UC", "UR", "UT"))
_NUMBER_VRS = frozenset(("DS", "IS", "TM"))
_TECHNICAL_VRS = frozenset(("AS", "CS"))
_BINARY_VRS = frozenset(("OB", "OW", "UN", "OD", "OF", "OL", "OV"))
# The first letter is spelled out: where a pattern begins with one, `re` jumps from letter to letter.
_RUNS = re.compile(rb"[\x20-\x7e\x80-\xff][\x20-\x7e\x80-\xff]{5,}")
_ASCII_RUNS = re.compile(rb"[\x20-\x7e][\x20-\x7e]{5,}")
_WIDE_RUNS = re.compile(rb"[\x20-\x7e]\0(?:[\x20-\x7e]\0){5,}")
_PIECES = re.compile(rb"[\s\"<>|\[\]{}\\]+")
_UID = re.compile(rb"[0-9]+(\.[0-9]+){4,}")
_NUMERIC = re.compile(rb"[-+0-9.eE\\ ]+")
_NOT_LETTERS = bytes(byte for byte in range(256) if not 97 <= byte | 0x20 <= 122)
_NOT_DIGITS = bytes(byte for byte in range(256) if not 48 <= byte < 58)
_NOT_NUMBERS = re.compile(rb"[^-+0-9.eE\\ \0]|[0-9]{8}")
_CONTROLS = bytes(range(0x20))
_ID_KEYWORD = re.compile(r"(IDs?|Numbers?|Identifier|Identification|Locator|EntityTitle|StationName)$")
# Inside these sequences even a code's meaning can be a person's name.
_OF_PERSONS = re.compile(r"Person|Physician|Operator|Observer|Performer|Author|Requesting|Institution")
_SPECIFIC_CHARACTER_SET = 0x00080005
_SCHEME, _SCHEME_VERSION, _MEANING = 0x00080102, 0x00080103, 0x00080104
_OF_CODES = frozenset((_SCHEME, _SCHEME_VERSION, _MEANING))
_LONGEST_HEADER = 12  # more between two values than this is the head of an item
_MAX_RUNS = 3000
_LARGE = 16 << 20
# Group 0028 holds colour and grey tables: numbers that only look like text.
_IMAGE_GROUP = 0x0028
Days = Collection[tuple[tuple[int, ...], int]]
_KEPT_ELEMENTS, _KEPT_LENGTH = 1 << 14, 4096


class _As(Enum):
    """How a value is harvested."""

    NOTHING = auto()
    UIDS = auto()
    DATES = auto()
    NAME = auto()
    IDENTIFIERS = auto()
    ONE_TEXT = auto()
    TEXTS = auto()
    TECHNICAL = auto()
    NUMBERS = auto()
    RUNS = auto()


# What an element of these kinds yields belongs to one patient or one instance; it is not kept for the next.
_NOT_KEPT = frozenset((_As.UIDS, _As.DATES, _As.NAME, _As.IDENTIFIERS, _As.ONE_TEXT, _As.TEXTS))
_BY_VR = {"UI": _As.UIDS, "DA": _As.DATES, "DT": _As.DATES, "PN": _As.NAME}


@lru_cache(maxsize=1 << 14)
def _way_of(tag: int, vr: str) -> _As:
    """The way to harvest a value, by its own attribute alone."""
    group = tag >> 16
    if group == 0x7FE0 or tag & 0xFFFF == 0 or tag in MEASURED:
        return _As.NOTHING
    if group & 1:
        return _BY_VR.get(vr, _As.NUMBERS if vr in _NUMBER_VRS else _As.RUNS)
    vr = vr_in_dictionary(tag) or vr if vr == "UN" else vr
    keyword = keyword_for_tag(tag)
    if vr == "UI" and keyword in vocabulary().class_uids:
        return _As.NOTHING
    if vr in _BY_VR:
        return _BY_VR[vr]
    if vr in _TEXT_VRS or not keyword:
        return _way_of_text(keyword, vr)
    if vr in _TECHNICAL_VRS:
        return _As.TECHNICAL
    return _As.RUNS if vr in _BINARY_VRS and group != _IMAGE_GROUP else _As.NOTHING


def _way_of_text(keyword: str, vr: str) -> _As:
    if keyword in vocabulary().technical_attributes:
        return _As.TECHNICAL
    if _ID_KEYWORD.search(keyword) or vr == "AE":
        return _As.IDENTIFIERS
    return _As.ONE_TEXT if vr in ("LT", "ST", "UT", "UR") else _As.TEXTS


@lru_cache(maxsize=1 << 12)
def _is_of_person(outer: tuple[int, ...]) -> bool:
    return any(_OF_PERSONS.search(keyword_for_tag(tag)) for tag in outer)


class Quick(Enum):
    """What an element's header alone says of its value."""

    NOTHING = auto()
    UIDS = auto()
    MORE = auto()


@lru_cache(maxsize=1 << 14)
def quick_way(head: bytes) -> Quick:
    """Whether an explicit element yields nothing, or its UIDs, whatever its value is: by its tag and VR."""
    group, element, vr = int.from_bytes(head[:2], "little"), int.from_bytes(head[2:4], "little"), head[4:6]
    if vr not in SHORT_VRS:
        return Quick.MORE
    way = _way_of(group << 16 | element, vr.decode("ascii"))
    return {_As.NOTHING: Quick.NOTHING, _As.UIDS: Quick.UIDS}.get(way, Quick.MORE)


_kept: tuple[dict[bytes, Held], dict[bytes, Held]] = ({}, {})


def harvest_element(into: Gatherer, raw: bytes, *, explicit: bool, order: str = "<") -> Days:
    """Harvest one whole outermost element; gives the days in it, with the tags that lead to them. Raises TooDeep.

    What an element yields depends on its bytes alone, so it is kept for the next file of the same scanner where it
    names no one.
    """
    kept = _kept[explicit]
    if order == "<" and (known := kept.get(raw)) is not None:
        into.absorb(known)
        return ()
    try:
        tag, vr, start, is_nested = element_of(raw, explicit=explicit, order=order)
    except Lost:
        _runs(into, raw, PRIVATE)
        return ()
    if is_nested:
        return _harvest_nested(into, raw, explicit=explicit, order=order)
    way = _way_of(tag, vr)
    if way in _NOT_KEPT or order != "<" or len(raw) > _KEPT_LENGTH:
        return _take(into, way, raw[start:], (tag,))
    gather = Gatherer()
    _take(gather, way, raw[start:], (tag,))
    if len(kept) >= _KEPT_ELEMENTS:
        kept.clear()
    kept[raw] = found = gather.held()
    into.absorb(found)
    return ()


def _harvest_nested(into: Gatherer, raw: bytes, *, explicit: bool, order: str) -> Days:
    try:
        leaves = leaves_of(raw, explicit=explicit, order=order)
    except TooDeep:
        raise
    except Lost:
        _runs(into, raw, PRIVATE)
        return ()
    return _take_leaves(into, leaves, raw)


class _Codes:
    """The coding scheme told last: it stands right before its code's meaning, in the same item."""

    def __init__(self) -> None:
        self._scheme = b""
        self._path: tuple[int, ...] = ()
        self._after = 0

    def is_private(self, tag: int, path: tuple[int, ...], raw: bytes, start: int, end: int) -> bool:
        """Whether the value is a meaning that no public scheme gives."""
        is_next = path == self._path and start - self._after <= _LONGEST_HEADER
        if tag == _MEANING:
            return not is_next or self._scheme not in vocabulary().public_schemes
        if tag == _SCHEME:
            self._scheme = raw[start:end].strip(b"\0 ")
        elif not is_next:
            self._scheme = b""
        self._path, self._after = path, end
        return False


def _take_leaves(into: Gatherer, leaves: list[Leaf], raw: bytes) -> Days:
    days: list[tuple[tuple[int, ...], int]] = []
    codes = _Codes()
    for path, vr, start, end in leaves:
        tag = path[-1]
        way = _way_of(tag, vr)
        if tag in _OF_CODES and codes.is_private(tag, path[:-1], raw, start, end):
            way = _As.TEXTS
        if way is _As.TECHNICAL and vr in _TEXT_VRS and _is_of_person(path[:-1]):
            way = _As.TEXTS
        if way is not _As.NOTHING and end > start:
            days.extend(_take(into, way, raw[start:end], path))
    return days


def harvest_rest(into: Gatherer, raw: bytes, *, explicit: bool, order: str = "<") -> None:
    """Harvest bytes at which the walk lost its way: as elements as far as it goes, and as runs. Raises TooDeep."""
    if any(raw):
        _take_leaves(into, leaves_before_loss(raw, explicit=explicit, order=order), raw)
        _runs(into, raw, PRIVATE)


def harvest_runs(into: Gatherer, raw: bytes) -> None:
    """Harvest bytes that are no elements: the preamble, what follows the data set."""
    if any(raw):
        _runs(into, raw, PRIVATE)


def _take(into: Gatherer, way: _As, raw: bytes, path: tuple[int, ...]) -> Days:
    """Harvest one value in its way; gives the days in it."""
    if way is _As.RUNS or (way is _As.NUMBERS and _NOT_NUMBERS.search(raw)):
        _runs(into, raw, PRIVATE)
    elif way is _As.UIDS:
        into.uids.update(uids_in(raw))
    elif way is _As.DATES:
        return _dates(into, raw, path)
    elif way is _As.NAME:
        _name(into, raw)
    elif way is _As.TECHNICAL:
        into.says(raw)
        if path[-1] == _SPECIFIC_CHARACTER_SET:
            into.charsets.add(raw)
    elif way is not _As.NUMBERS and way is not _As.NOTHING:
        _text(into, way, raw)
    return ()


def uids_in(raw: bytes) -> list[bytes]:
    """The UIDs of a value that are nobody's but an instance's, a study's or a device's."""
    plain = [uid.strip(b"\0 ") for uid in (raw.split(b"\\") if b"\\" in raw else (raw,))]
    return [uid for uid in plain if len(uid) >= 6 and not uid.startswith(b"1.2.840.10008.")]


def _dates(into: Gatherer, raw: bytes, path: tuple[int, ...]) -> Days:
    found = []
    for value in raw.split(b"\\"):
        compact = value.strip().replace(b".", b"", 2) if value[4:5] == b"." else value.strip()
        first = None
        if len(compact) >= 8 and compact[:8].isdigit():
            first = views.day(int(compact[:4]), int(compact[4:6]), int(compact[6:8]))
        if first is not None:
            found.append((path, first))
            into.days.add(first)
        elif value.strip(b"\0 "):
            into.days |= views.days_in(value)
    into.days_at.update(found)
    return found


def _name(into: Gatherer, raw: bytes) -> None:
    if raw.isascii() and b"\x1b" not in raw:
        for value in raw.decode("ascii").split("\\"):
            into.name(value.strip(" \0"))
    else:
        into.not_in_ascii(raw, NAME)


def _text(into: Gatherer, way: _As, raw: bytes) -> None:
    if not raw.isascii() or b"\x1b" in raw:
        into.not_in_ascii(raw, TEXT)
    for one in [raw] if way is _As.ONE_TEXT else raw.split(b"\\"):
        plain = views.unmarked(one).strip(b"\0 ")
        if way is _As.IDENTIFIERS:
            into.identifier(plain)
        elif plain:
            into.suspect(plain)


def _runs(into: Gatherer, raw: bytes, kind: str) -> None:
    """The printable runs of bytes whose meaning nobody vouches for."""
    if len(raw) < 6:
        return
    found = (_RUNS if _mostly_text(raw) else _ASCII_RUNS).findall(raw)
    if b"\0" in raw:
        found += [run.replace(b"\0", b"") for run in _WIDE_RUNS.findall(raw)]
    for run in found[:_MAX_RUNS]:
        for piece in (run,) if len(run) <= 80 else _PIECES.split(run):
            if len(piece.translate(None, _NOT_LETTERS)) >= 3 or len(piece.translate(None, _NOT_DIGITS)) >= 8:
                _run(into, piece.strip(), kind)
            elif not piece.isascii():
                into.not_in_ascii(piece.strip(), kind)
    for word in foreign_words(raw):
        into.not_ascii(word, kind)


def _run(into: Gatherer, piece: bytes, kind: str) -> None:
    if _UID.fullmatch(piece):
        into.uids.update(uids_in(piece))
    elif not _NUMERIC.fullmatch(piece) or (len(piece.translate(None, _NOT_DIGITS)) >= 8 and b"." not in piece):
        into.suspect(views.unmarked(piece), kind)
        if not piece.isascii():
            into.not_in_ascii(piece, kind)


def _mostly_text(raw: bytes) -> bool:
    sample = raw[:256].rstrip(b"\0")
    return bool(sample) and len(sample.translate(None, _CONTROLS)) >= len(sample) * 0.95


def harvest(original: bytes) -> Harvest:
    """Everything in `original` that must not be found again, as needles.

    Raises Broken (not retryable) when it cannot be read or nothing is found in it: hold the instance.
    """
    gather = Gatherer()
    try:
        opening = opening_of(original)
        meta, _ = split(original[: opening.start], opening.meta_start, explicit=True)
        body, end = split(opening.buffer, opening.start, explicit=opening.explicit, order=opening.order)
        for raw in meta:
            harvest_element(gather, raw, explicit=True)
        for raw in body:
            harvest_element(gather, raw, explicit=opening.explicit, order=opening.order)
        rest = opening.buffer[end : end + _LARGE]
        harvest_rest(gather, rest, explicit=opening.explicit, order=opening.order)
    except TooDeep:
        raise Broken("the original nests too deep to be read", retryable=False) from None
    except Lost:
        raise Broken("the original cannot be read", retryable=False) from None
    if not meta and not body:
        raise Broken("the original holds no element", retryable=False)
    if opening.meta_start == 132:
        harvest_runs(gather, original[:128])
    known = gather.finish()
    if not len(known):
        # A second look for nothing would find nothing: every real instance has at least its own UIDs.
        raise Broken("the original yields nothing to look for", retryable=False)
    return known
