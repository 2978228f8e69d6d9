"""Where each value of a file lies: a lenient walk that explains what it can; the rest is trailing.

Written apart from the engine's own walker on purpose, so that the two cannot share a mistake.
Source: PS3.5 sections 7.1, 7.5 and A.4 (element, sequence and fragment encoding); PS3.10 section 7.1.
"""

import struct
import zlib
from contextlib import suppress
from dataclasses import dataclass

from pydicom.datadict import dictionary_VR

from confrere.core.terms import Broken

_LONG_VRS = frozenset(vr.encode() for vr in "OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_UNDEFINED = 0xFFFFFFFF
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_PIXEL_DATA = 0x7FE00010
_MAX_DEPTH = 32
# A deflated header and its pixels shrink well, but not more than this; beyond it is a bomb.
_MIN_INFLATED, _MAX_RATIO = 64 << 20, 20
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_BIG_ENDIAN = b"1.2.840.10008.1.2.2"
_IMPLICIT = b"1.2.840.10008.1.2"


@dataclass(frozen=True, slots=True)
class Leaf:
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


class _Lost(Exception):
    """The walk meets bytes it cannot explain."""


class _Walk:
    """One pass over one buffer; collects leaves and remembers how far it understood."""

    def __init__(self, buffer: bytes, order: str = "<") -> None:
        self.buffer = buffer
        self.order = order
        self.leaves: list[Leaf] = []
        self.pixels: Leaf | None = None
        self.fragments: list[tuple[int, int]] = []
        self.end = 0

    def header(self, at: int, *, explicit: bool) -> tuple[int, str, int, int]:
        """(tag, vr, length, offset of the value) of the element at `at`."""
        raw = self.buffer[at : at + 12]
        if len(raw) < 8:
            raise _Lost
        group, element = struct.unpack_from(self.order + "HH", raw)
        tag = group << 16 | element
        if tag in (_ITEM, _ITEM_END, _SEQUENCE_END) or not explicit:
            return tag, _implicit_vr(tag), struct.unpack_from(self.order + "I", raw, 4)[0], at + 8
        vr = raw[4:6]
        if not (vr.isalpha() and vr.isupper()):
            raise _Lost
        if vr in _LONG_VRS:
            if len(raw) < 12:
                raise _Lost
            return tag, vr.decode(), struct.unpack_from(self.order + "I", raw, 8)[0], at + 12
        return tag, vr.decode(), struct.unpack_from(self.order + "H", raw, 6)[0], at + 8

    def elements(self, at: int, end: int, path: tuple[int, ...], *, explicit: bool, depth: int = 0) -> int:
        """Walk elements from `at`; returns the offset after them, or after the item's delimiter."""
        if depth > _MAX_DEPTH:
            raise _Lost
        while at < end:
            tag, vr, length, value = self.header(at, explicit=explicit)
            if tag == _ITEM_END:
                return value
            if tag in (_ITEM, _SEQUENCE_END):
                raise _Lost
            here = (*path, tag)
            if tag == _PIXEL_DATA and length == _UNDEFINED and not path:
                at = self.pixel_fragments(value, here, vr)
            elif vr == "SQ" or length == _UNDEFINED:
                # CP-246: a UN of undefined length holds implicit VR, whatever is around it.
                inner = explicit and vr != "UN"
                at = self.items(value, length, here, explicit=inner, depth=depth)
            else:
                at = self.leaf(here, vr, value, value + length, end)
            if not path:
                self.end = at
        return at

    def leaf(self, path: tuple[int, ...], vr: str, start: int, stop: int, end: int) -> int:
        if stop > end:
            raise _Lost
        found = Leaf(path, vr, start, stop)
        if path == (_PIXEL_DATA,):
            self.pixels = found
        else:
            self.leaves.append(found)
        return stop

    def items(self, at: int, length: int, path: tuple[int, ...], *, explicit: bool, depth: int) -> int:
        stop = len(self.buffer) if length == _UNDEFINED else at + length
        if stop > len(self.buffer):
            raise _Lost
        while at < stop:
            tag, _, item_length, value = self.header(at, explicit=explicit)
            if tag == _SEQUENCE_END:
                return value
            if tag != _ITEM:
                raise _Lost
            item_end = stop if item_length == _UNDEFINED else value + item_length
            if item_end > stop:
                raise _Lost
            at = self.elements(value, item_end, path, explicit=explicit, depth=depth + 1)
        if length == _UNDEFINED:
            raise _Lost
        return at

    def pixel_fragments(self, at: int, path: tuple[int, ...], vr: str) -> int:
        start = at
        while True:
            tag, _, length, value = self.header(at, explicit=False)
            if tag == _SEQUENCE_END:
                self.pixels = Leaf(path, vr, start, value)
                return value
            if tag != _ITEM or value + length > len(self.buffer):
                raise _Lost
            self.fragments.append((value, value + length))
            at = value + length


def _implicit_vr(tag: int) -> str:
    if tag >> 16 & 1:
        return "LO" if 0x10 <= tag & 0xFFFF <= 0xFF else "UN"
    try:
        return dictionary_VR(tag)[:2]
    except KeyError:
        return "UN"


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


def layout_of(raw: bytes) -> Layout:
    """The layout of a file; odd bytes never raise, they become trailing. Broken only for a bad deflate."""
    buffer, start = raw, 0
    meta: list[Leaf] = []
    order = "<"
    if raw[128:132] == b"DICM":
        walk = _Walk(raw)
        start = walk.end = 132
        try:
            while raw[start : start + 2] == b"\x02\x00":
                tag, vr, length, value = walk.header(start, explicit=True)
                start = walk.leaf((tag,), vr, value, value + length, len(raw))
        except _Lost:
            return Layout(raw, tuple(walk.leaves), None, (), start)
        meta = walk.leaves
        syntax = next((raw[x.start : x.end].strip(b"\0 ") for x in meta if x.tag == 0x00020010), b"")
        explicit, order = syntax != _IMPLICIT, ">" if syntax == _BIG_ENDIAN else "<"
        if syntax == _DEFLATED:
            buffer = _inflated(raw, start)
    else:
        explicit = raw[4:6].isalpha() and raw[4:6].isupper()
    body = _Walk(buffer, order)
    body.end = start
    with suppress(_Lost):
        body.elements(start, len(buffer), (), explicit=explicit)
    return Layout(buffer, (*meta, *body.leaves), body.pixels, tuple(body.fragments), body.end, order)
