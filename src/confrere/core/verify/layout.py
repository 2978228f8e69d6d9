"""Where each value of a file lies: a lenient walk that explains what it can; the rest is trailing.

Written apart from the engine's own walker on purpose, so that the two cannot share a mistake.
Source: PS3.5 sections 7.1, 7.5 and A.4 (element, sequence and fragment encoding); PS3.10 section 7.1.
"""

import struct
import zlib
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pydicom.datadict import dictionary_VR

from confrere.core.terms import Broken

_LONG_VRS = frozenset(vr.encode() for vr in "OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
SHORT_VRS = frozenset(vr.encode() for vr in "AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
_UNDEFINED = 0xFFFFFFFF
_UNPACKERS = {
    order: tuple(struct.Struct(order + shape).unpack_from for shape in ("HH", "H", "I")) for order in ("<", ">")
}
_DELIMITERS = 0xFFFE
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_PIXEL_DATA = 0x7FE00010
_PIXELS, _PIXELS_SWAPPED = b"\xe0\x7f\x10\x00", b"\x7f\xe0\x00\x10"
_MAX_DEPTH = 32
# A deflated header and its pixels shrink well, but not more than this; beyond it is a bomb.
_MIN_INFLATED, _MAX_RATIO = 64 << 20, 20
EMPTY_PREAMBLE = bytes(128)
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_BIG_ENDIAN = b"1.2.840.10008.1.2.2"
_IMPLICIT = b"1.2.840.10008.1.2"
_TRANSFER_SYNTAX = 0x00020010
_INSTANCE_UID = b"\x02\x00\x03\x00UI"


class Leaf(NamedTuple):
    """One value that holds no sequence: bytes [start, end) of the buffer, and the tags that lead to it."""

    path: tuple[int, ...]
    vr: str
    start: int
    end: int

    @property
    def tag(self) -> int:
        """The element's own tag."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Layout:
    """`buffer` (inflated where need be), its leaves in order, the pixel value, and where understanding ends.

    `order` is "<" or ">", as struct writes it. `fragments` are the compressed pieces of the pixel value.
    """

    buffer: bytes
    leaves: tuple[Leaf, ...]
    pixels: Leaf | None
    fragments: tuple[tuple[int, int], ...]
    end: int
    order: str = "<"


class Lost(Exception):
    """The walk meets bytes it cannot explain."""


class TooDeep(Lost):
    """The walk meets more nesting than it follows."""


class _Walk:
    """One pass over one buffer; collects leaves and remembers how far it understood."""

    def __init__(self, buffer: bytes, order: str = "<") -> None:
        self.buffer = buffer
        self.order = order
        self._shorts, self._short, self._long = _UNPACKERS[order]
        self.leaves: list[Leaf] = []
        self.pixels: Leaf | None = None
        self.fragments: list[tuple[int, int]] = []
        self.end = 0

    def header(self, at: int, *, explicit: bool) -> tuple[int, str, int, int]:
        """(tag, vr, length, offset of the value) of the element at `at`."""
        buffer = self.buffer
        try:
            group, element = self._shorts(buffer, at)
            tag = group << 16 | element
            if group == _DELIMITERS or not explicit:
                return tag, _implicit_vr(tag), self._long(buffer, at + 4)[0], at + 8
            vr = buffer[at + 4 : at + 6]
            if vr in SHORT_VRS:
                return tag, vr.decode(), self._short(buffer, at + 6)[0], at + 8
            if vr in _LONG_VRS:
                return tag, vr.decode(), self._long(buffer, at + 8)[0], at + 12
            if not (vr.isalpha() and vr.isupper()):
                raise Lost
            return tag, vr.decode(), self._short(buffer, at + 6)[0], at + 8
        except struct.error:
            raise Lost from None

    def elements(self, at: int, end: int, path: tuple[int, ...], *, explicit: bool, depth: int = 0) -> int:
        """Walk elements from `at`; returns the offset after them, or after the item's delimiter."""
        if depth > _MAX_DEPTH:
            raise TooDeep
        while at < end:
            tag, vr, length, value = self.header(at, explicit=explicit)
            if tag == _ITEM_END:
                return value
            if tag in (_ITEM, _SEQUENCE_END):
                raise Lost
            here = (*path, tag)
            if tag == _PIXEL_DATA and length == _UNDEFINED and not path:
                at = self.pixel_fragments(value, here, vr)
            elif vr == "SQ" or length == _UNDEFINED:
                # CP-246: a UN of undefined length holds implicit VR, whatever is around it.
                inner = explicit and vr != "UN"
                at = self.items(value, length, here, explicit=inner, depth=depth)
            elif vr == "UN" and length >= 8 and vr_in_dictionary(tag) == "SQ":
                at = self.sequence_as_un(here, value, value + length, end, depth)
            else:
                at = self.leaf(here, vr, value, value + length, end)
            if not path:
                self.end = at
        return at

    def sequence_as_un(self, path: tuple[int, ...], start: int, stop: int, end: int, depth: int) -> int:
        """A sequence that travelled as UN (PS3.5 6.2.2): its items where they can be read, else one leaf."""
        before = len(self.leaves)
        try:
            return self.items(start, stop - start, path, explicit=False, depth=depth)
        except TooDeep:
            raise
        except Lost:
            del self.leaves[before:]
            return self.leaf(path, "UN", start, stop, end)

    def leaf(self, path: tuple[int, ...], vr: str, start: int, stop: int, end: int) -> int:
        if stop > end:
            raise Lost
        found = Leaf(path, vr, start, stop)
        if path == (_PIXEL_DATA,):
            self.pixels = found
        else:
            self.leaves.append(found)
        return stop

    def after(self, at: int, *, explicit: bool) -> int:
        """Where the element at `at` ends."""
        tag, vr, length, value = self.header(at, explicit=explicit)
        if tag in (_ITEM, _ITEM_END, _SEQUENCE_END):
            raise Lost
        if length != _UNDEFINED:
            return value + length
        if tag == _PIXEL_DATA:
            return self.pixel_fragments(value, (tag,), vr)
        return self.items(value, length, (tag,), explicit=explicit and vr != "UN", depth=0)

    def is_pixels(self, at: int) -> bool:
        """Whether the element at `at` is Pixel Data."""
        return self.buffer[at : at + 4] == (_PIXELS if self.order == "<" else _PIXELS_SWAPPED)

    def items(self, at: int, length: int, path: tuple[int, ...], *, explicit: bool, depth: int) -> int:
        stop = len(self.buffer) if length == _UNDEFINED else at + length
        if stop > len(self.buffer):
            raise Lost
        while at < stop:
            tag, _, item_length, value = self.header(at, explicit=explicit)
            if tag == _SEQUENCE_END:
                return value
            if tag != _ITEM:
                raise Lost
            item_end = stop if item_length == _UNDEFINED else value + item_length
            if item_end > stop:
                raise Lost
            at = self.elements(value, item_end, path, explicit=explicit, depth=depth + 1)
        if length == _UNDEFINED:
            raise Lost
        return at

    def pixel_fragments(self, at: int, path: tuple[int, ...], vr: str) -> int:
        start = at
        while True:
            tag, _, length, value = self.header(at, explicit=False)
            if tag == _SEQUENCE_END:
                self.pixels = Leaf(path, vr, start, value)
                return value
            if tag != _ITEM or value + length > len(self.buffer):
                raise Lost
            self.fragments.append((value, value + length))
            at = value + length


@lru_cache(maxsize=1 << 14)
def vr_in_dictionary(tag: int) -> str:
    """The VR of a standard attribute, "" for one that the dictionary does not hold."""
    try:
        return dictionary_VR(tag)[:2]
    except KeyError:
        return ""


def _implicit_vr(tag: int) -> str:
    if tag >> 16 & 1:
        return "LO" if 0x10 <= tag & 0xFFFF <= 0xFF else "UN"
    return vr_in_dictionary(tag) or "UN"


class Element(NamedTuple):
    """The outermost layer of one element: where its value starts, and whether that is a sequence's items."""

    tag: int
    vr: str
    start: int
    is_nested: bool


def element_of(raw: bytes, *, explicit: bool, order: str = "<") -> Element:
    """What the bytes of one whole element say of it. Raises Lost."""
    tag, vr, length, start = _Walk(raw, order).header(0, explicit=explicit)
    nested = vr == "SQ" or length == _UNDEFINED or (vr == "UN" and length >= 8 and vr_in_dictionary(tag) == "SQ")
    return Element(tag, vr, start, nested)


def is_short_element(raw: bytes) -> bool:
    """Whether the bytes are exactly one explicit little endian element whose header has eight bytes."""
    length = len(raw)
    return length > 7 and raw[6] | raw[7] << 8 == length - 8 and raw[4:6] in SHORT_VRS


def leaves_of(raw: bytes, *, explicit: bool, order: str = "<") -> list[Leaf]:
    """The leaves of whole elements. Raises Lost."""
    walk = _Walk(raw, order)
    if walk.elements(0, len(raw), (), explicit=explicit) != len(raw):
        raise Lost
    return walk.leaves


def leaves_before_loss(raw: bytes, *, explicit: bool, order: str = "<") -> list[Leaf]:
    """The leaves up to where the walk loses its way. Raises TooDeep."""
    walk = _Walk(raw, order)
    try:
        walk.elements(0, len(raw), (), explicit=explicit)
    except TooDeep:
        raise
    except Lost:
        pass
    return walk.leaves


def split(buffer: bytes, at: int, *, explicit: bool, order: str = "<") -> tuple[list[bytes], int]:
    """The outermost elements from `at` on, save the pixel data, and where understanding ends. Raises TooDeep.

    What the walk cannot explain ends the list, never raises; depth does, for what lies deeper has not been seen.
    """
    found: list[bytes] = []
    walk = _Walk(buffer, order)
    end = len(buffer)
    quick = explicit and order == "<"
    try:
        while at < end:
            if quick and buffer[at + 4 : at + 6] in SHORT_VRS:
                stop = at + 8 + (buffer[at + 6] | buffer[at + 7] << 8)
            else:
                stop = walk.after(at, explicit=explicit)
            if stop > end:
                break
            if not walk.is_pixels(at):
                found.append(buffer[at:stop])
            at = stop
    except TooDeep:
        raise
    except (Lost, IndexError):
        pass
    return found, at


def _inflated(raw: bytes, at: int) -> bytes:
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        body = machine.decompress(raw[at:], max(_MIN_INFLATED, _MAX_RATIO * len(raw)))
    except zlib.error:
        raise Broken("deflated stream cannot be read", retryable=False) from None
    if machine.unconsumed_tail:
        raise Broken("deflated stream is too large", retryable=False)
    # What follows the deflated stream belongs to the file too.
    return raw[:at] + body + machine.unused_data


class Opening(NamedTuple):
    """How a file begins: its bytes (inflated where need be), where group 0002 and the data set start, the encoding."""

    buffer: bytes
    meta_start: int
    start: int
    explicit: bool
    order: str


def opening_of(raw: bytes) -> Opening:
    """Read preamble and group 0002, either of which may be absent. Broken for a bad deflate; Lost in group 0002."""
    meta_start = start = 132 if raw[128:132] == b"DICM" else 0
    syntax = b""
    walk = _Walk(raw)
    while raw[start : start + 2] == b"\x02\x00":
        tag, vr, length, value = walk.header(start, explicit=True)
        start = walk.leaf((tag,), vr, value, value + length, len(raw))
        if tag == _TRANSFER_SYNTAX:
            syntax = raw[value:start].strip(b"\0 ")
    buffer = _inflated(raw, start) if syntax == _DEFLATED else raw
    order = ">" if syntax == _BIG_ENDIAN else "<"
    if not syntax and buffer[start : start + 1] == b"\0" and buffer[start + 1 : start + 2] > b"\0":
        order = ">"  # nothing says so, but no file begins with group 0100 or above
    vr_there = buffer[start + 4 : start + 6]
    # The bytes are believed before group 0002: writers get the transfer syntax wrong, readers guess.
    explicit = vr_there.isalpha() and vr_there.isupper() if vr_there else syntax != _IMPLICIT
    return Opening(buffer, meta_start, start, explicit, order)


def layout_of(raw: bytes) -> Layout:
    """The layout of a file; odd bytes never raise, they become trailing. Broken only for a bad deflate."""
    try:
        opening = opening_of(raw)
    except Lost:
        meta = _Walk(raw)
        meta.end = 132 if raw[128:132] == b"DICM" else 0
        with suppress(Lost):
            meta.elements(meta.end, len(raw), (), explicit=True)
        return Layout(raw, tuple(meta.leaves), None, (), meta.end)
    meta = _Walk(raw)
    meta.elements(opening.meta_start, opening.start, (), explicit=True)
    body = _Walk(opening.buffer, opening.order)
    body.end = opening.start
    with suppress(Lost):
        body.elements(opening.start, len(opening.buffer), (), explicit=opening.explicit)
    leaves = (*meta.leaves, *body.leaves)
    return Layout(opening.buffer, leaves, body.pixels, tuple(body.fragments), body.end, opening.order)


def outermost(raw: bytes, *, explicit: bool) -> tuple[list[bytes], list[bytes], int]:
    """(elements that are explicit whatever the data set is, elements of the data set, where understanding ends).

    `raw` is a stretch of a little endian file, with or without preamble and group 0002. Raises TooDeep.
    """
    at = 132 if raw[128:132] == b"DICM" else 0
    if explicit:
        found, end = split(raw, at, explicit=True)
        return found, [], end
    start, walk = at, _Walk(raw)
    try:
        while raw[start : start + 2] == b"\x02\x00" and (stop := walk.after(start, explicit=True)) <= len(raw):
            start = stop
    except TooDeep:
        raise
    except Lost:
        return split(raw, at, explicit=True)[0], [], start
    body, end = split(raw, start, explicit=False)
    return split(raw[:start], at, explicit=True)[0], body, end


class Surroundings:
    """Beginnings of files that differ in nothing but the instance's UID in group 0002: each need be read once.

    `parted` gives the UID's own element where what stands around it has been seen; `remember` what was split whole.
    """

    def __init__(self) -> None:
        self._seen: set[tuple[bytes, bytes]] = set()

    def parted(self, raw: bytes) -> bytes:
        """The element of the UID, or nothing where the passage has to be read."""
        at = raw.find(_INSTANCE_UID, 132)
        if at < 0:
            return b""
        stop = at + 8 + int.from_bytes(raw[at + 6 : at + 8], "little")
        return raw[at:stop] if stop <= len(raw) and (raw[:at], raw[stop:]) in self._seen else b""

    def remember(self, raw: bytes, elements: list[bytes]) -> None:
        """Note that `raw`, a preamble and then these elements, has been read."""
        at = 132
        for element in elements:
            if element.startswith(_INSTANCE_UID):
                self._seen.add((raw[:at], raw[at + len(element) :]))
            at += len(element)
