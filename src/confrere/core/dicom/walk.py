"""The strict structural walker: where every element of a little-endian data set begins and ends, or none.

Nothing is guessed and nothing is skipped quietly: a length that does not fit, a VR that does not exist or a
sequence without its end refuses the whole instance, because a reader that forgives loses pixels silently. So does
an element out of order: real files hold none, and a damaged tag nearly always becomes one.
Values are not read here; the walk gives offsets only.

Source: PS3.5 clauses 7.1 (data elements), 7.5 (nesting), A.4 (encapsulated pixel data); CP-246 (UN
sequences).
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from confrere.core.dicom.dictionary import LONG_VRS, VRS, implied_vr, registered_vrs, tag_in_message
from confrere.core.terms import Refused

UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_PIXEL_DATA = 0x7FE00010, 0x7FE00008, 0x7FE00009
PIXEL_TAGS = frozenset({PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_PIXEL_DATA})

# An element that claims up to this much more than is there is taken for a cut copy, not for a lie.
_PLAUSIBLE_CUT = 1 << 16

# Values of every kind but blobs. An item's tag in one means that a wrong length swallowed a sequence, and that what
# stood inside it now stands outside, where other rules hold.
_PLAIN_VRS = VRS - frozenset(b"OB OD OF OL OV OW SQ UN".split())
ITEM_TAG = b"\xfe\xff\x00\xe0"

_TAG_VR_LENGTH = struct.Struct("<HH2sH")
_TAG_LENGTH = struct.Struct("<HHI")
_LENGTH = struct.Struct("<I")

Buffer = bytes | bytearray | memoryview
# Bytes [start, stop) of a file of which only the beginning is at hand.
Read = Callable[[int, int], bytes]


class HeadTooShort(Exception):
    """The header goes on behind the bytes at hand: the caller fetches more and asks again."""


class Element(NamedTuple):
    """One data element by its offsets: header at `start`, value in [`value`, `stop`), next element at `end`.

    `vr` is what the value is; `coded_vr` what the file says (b"" in implicit encodings, b"UN" where the
    dictionary knows better). `items` is set for sequences. `end` lies past `stop` where a delimiter closes
    it.
    """

    tag: int
    vr: bytes
    coded_vr: bytes
    start: int
    value: int
    stop: int
    end: int
    items: "tuple[Item, ...] | None" = None

    @property
    def is_delimited(self) -> bool:
        """True when the length is undefined: for pixel data this means encapsulated."""
        return self.end != self.stop


class Item(NamedTuple):
    """One item of a sequence: its elements in the order they stand."""

    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much structure one instance may have before it is refused."""

    depth: int = 32
    elements: int = 100_000


@dataclass(frozen=True, slots=True)
class Walked:
    """`elements` of the top level; `end` is where the data set ends, which may be before the buffer does."""

    elements: tuple[Element, ...]
    end: int


def walk(
    buffer: Buffer,
    start: int,
    *,
    implicit: bool,
    limits: Limits | None = None,
    size: int | None = None,
    read: Read | None = None,
) -> Walked:
    """The elements of the data set at `start`, up to and including its pixel data.

    `buffer` may be only the first bytes of a file of `size` bytes, as long as the header lies in them; native pixels
    need not. Whatever follows the pixel data (padding, signatures, stray bytes) is not walked: no caller keeps it.
    Raises Refused: truncated, length-past-end, nesting-too-deep, too-many-elements or bad-header; HeadTooShort when
    the header reaches behind `buffer`. With `read` the fragments of compressed pixels need not lie in `buffer` either.
    """
    walker = _Walker(buffer, limits or Limits(), size, read)
    return walker.top(start, implicit=implicit)


def walk_element(raw: bytes, *, implicit: bool) -> Element:
    """The one top-level element that `raw` is, with offsets into `raw`; Refused when it is anything else."""
    element = _Walker(raw, Limits()).element(0, len(raw), implicit=implicit, depth=0)
    if element.end != len(raw):
        raise Refused("bad-header", "one element expected")
    return element


def walk_file_meta(buffer: Buffer, start: int, *, size: int | None = None) -> Walked:
    """The elements of group 0002 at `start`, always explicit little endian; the data set starts at `end`.

    Raises as `walk`.
    """
    return _Walker(buffer, Limits(), size).file_meta(start)


def fragments(read: Read, element: Element) -> list[tuple[int, int]]:
    """(start, stop) of every fragment of encapsulated pixel data; the first is the basic offset table."""
    found = []
    at = element.value
    while at < element.stop:
        length = int.from_bytes(read(at + 4, at + 8), "little")
        found.append((at + 8, at + 8 + length))
        at += 8 + length
    return found


class _Walker:
    """One walk over one buffer: counts elements so that the limits hold over all levels together."""

    def __init__(self, buffer: Buffer, limits: Limits, size: int | None = None, read: Read | None = None) -> None:
        self.buffer = buffer
        self.read = read
        self.have = len(buffer)
        self.size = self.have if size is None else size
        self.limits = limits
        self.count = 0

    def top(self, at: int, *, implicit: bool) -> Walked:
        found: list[Element] = []
        while at < self.size:
            element = self.element(at, self.size, implicit=implicit, depth=0)
            found.append(element)
            at = element.end
            if element.tag in PIXEL_TAGS:
                break
        return Walked(_in_order(found), at)

    def file_meta(self, at: int) -> Walked:
        found: list[Element] = []
        while at + 2 <= self.have and self.buffer[at] == 2 and self.buffer[at + 1] == 0:
            found.append(self.element(at, self.size, implicit=False, depth=0))
            at = found[-1].end
        return Walked(_in_order(found), at)

    def element(self, at: int, limit: int, *, implicit: bool, depth: int) -> Element:
        self.count += 1
        if self.count > self.limits.elements:
            raise Refused("too-many-elements", str(self.limits.elements))
        if at + 8 > limit:
            raise Refused("truncated" if limit == self.size else "length-past-end", "element header")
        if at + (8 if implicit else 12) > self.have < self.size:
            raise HeadTooShort
        if implicit:
            group, number, length = _TAG_LENGTH.unpack_from(self.buffer, at)
            tag, coded, value = group << 16 | number, b"", at + 8
            vr = implied_vr(tag)
        else:
            tag, coded, length, value = self.explicit_header(at, limit)
            vr = implied_vr(tag) if coded == b"UN" else coded
        if tag >> 16 == 0xFFFE:
            raise Refused("bad-header", "delimiter out of place")
        if length == UNDEFINED:
            return self.undefined(Element(tag, vr, coded, at, value, value, value), limit, depth)
        stop = value + length
        if stop > limit:
            self.past_end(tag, length, limit)
        if stop > self.have and tag not in PIXEL_TAGS:
            raise HeadTooShort
        if length > 8 and vr in _PLAIN_VRS and ITEM_TAG in bytes(self.buffer[value:stop]):
            raise Refused("bad-header", f"{tag_in_message(tag)} holds an item")
        items = None
        if vr == b"SQ":
            # CP-246: what hides in UN is always implicit, whatever the file's own encoding.
            items = self.items(value, stop, implicit=implicit or coded == b"UN", depth=depth + 1)[0]
        return Element(tag, vr, coded, at, value, stop, stop, items)

    def explicit_header(self, at: int, limit: int) -> tuple[int, bytes, int, int]:
        group, number, coded, length = _TAG_VR_LENGTH.unpack_from(self.buffer, at)
        tag = group << 16 | number
        if coded not in VRS:
            raise Refused("bad-header", f"{tag_in_message(tag)} has no valid VR")
        if coded not in LONG_VRS:
            return tag, coded, length, at + 8
        if at + 12 > limit:
            raise Refused("truncated" if limit == self.size else "length-past-end", tag_in_message(tag))
        return tag, coded, _LENGTH.unpack_from(self.buffer, at + 8)[0], at + 12

    def undefined(self, head: Element, limit: int, depth: int) -> Element:
        """Finish an element of undefined length: a sequence, or fragments of pixel data."""
        if head.tag == PIXEL_DATA and head.vr in {b"OB", b"OW"}:
            stop = self.skip_fragments(head.value, limit)
            return head._replace(stop=stop, end=stop + 8)
        implicit = head.coded_vr in {b"", b"UN"}
        if not implicit and head.coded_vr != b"SQ":
            raise Refused("bad-header", f"{tag_in_message(head.tag)} has no length")
        if implicit and b"SQ" not in (registered_vrs(head.tag) or (b"SQ",)):
            raise Refused("bad-header", f"{tag_in_message(head.tag)} has no length")
        items, stop = self.items(head.value, limit, implicit=implicit, depth=depth + 1, delimited=True)
        return head._replace(vr=b"SQ", stop=stop, end=stop + 8, items=items)

    def items(
        self, at: int, limit: int, *, implicit: bool, depth: int, delimited: bool = False
    ) -> tuple[tuple[Item, ...], int]:
        """The items in [at, limit), and where they stop (the delimiter's offset when `delimited`)."""
        if depth > self.limits.depth:
            raise Refused("nesting-too-deep", str(self.limits.depth))
        found: list[Item] = []
        while delimited or at < limit:
            tag, length = self.item_header(at, limit)
            if tag == SEQUENCE_END and delimited:
                return tuple(found), at
            if tag != ITEM:
                raise Refused("bad-header", "item expected")
            item, at = self.item(at + 8, length, limit, implicit=implicit, depth=depth)
            found.append(item)
        return tuple(found), at

    def item(self, at: int, length: int, limit: int, *, implicit: bool, depth: int) -> tuple[Item, int]:
        self.count += 1  # an empty item costs memory as well
        if self.count > self.limits.elements:
            raise Refused("too-many-elements", str(self.limits.elements))
        found: list[Element] = []
        if length != UNDEFINED:
            stop = at + length
            if stop > limit:
                self.past_end(ITEM, length, limit)
            while at < stop:
                found.append(self.element(at, stop, implicit=implicit, depth=depth))
                at = found[-1].end
            return Item(_in_order(found)), stop
        while self.item_header(at, limit)[0] != ITEM_END:
            found.append(self.element(at, limit, implicit=implicit, depth=depth))
            at = found[-1].end
        return Item(_in_order(found)), at + 8

    def skip_fragments(self, at: int, limit: int) -> int:
        """The offset of the delimiter that ends the fragments starting at `at`."""
        while True:
            tag, length = self.item_header(at, limit)
            if tag == SEQUENCE_END:
                return at
            if tag != ITEM or length == UNDEFINED:
                raise Refused("bad-pixel-stream", "fragment expected")
            self.count += 1
            if self.count > self.limits.elements:
                raise Refused("too-many-elements", str(self.limits.elements))
            if at + 8 + length > limit:
                self.past_end(PIXEL_DATA, length, limit)
            at += 8 + length

    def item_header(self, at: int, limit: int) -> tuple[int, int]:
        if at + 8 > limit:
            raise Refused("truncated" if limit == self.size else "length-past-end", "item header")
        if at + 8 <= self.have:
            group, number, length = _TAG_LENGTH.unpack_from(self.buffer, at)
        elif self.read is not None:
            # Fragments of pixel data: an element of a sequence that lies here is asked for more by `element`.
            group, number, length = _TAG_LENGTH.unpack(self.read(at, at + 8))
        else:
            raise HeadTooShort
        return group << 16 | number, length

    def past_end(self, tag: int, length: int, limit: int) -> None:
        cut = limit == self.size and (tag == PIXEL_DATA or length <= _PLAUSIBLE_CUT)
        raise Refused("truncated" if cut else "length-past-end", tag_in_message(tag))


def _in_order(elements: list[Element]) -> tuple[Element, ...]:
    """`elements` unchanged, once each tag is larger than the one before (PS3.5 7.1) and none stands twice.

    A tag that stands twice is two values for two readers; one out of its place is what a damaged length or tag looks
    like, and where it lies says nothing certain of what it is. A private element may lie anywhere: it stays only by
    its creator's word, wherever that stands.
    """
    last = -1
    private: set[int] = set()
    for element in elements:
        tag = element.tag
        stands_wrong = tag in private if tag >> 16 & 1 else tag <= last
        if stands_wrong:
            raise Refused("bad-header", f"{tag_in_message(tag)} stands twice or out of order")
        if tag >> 16 & 1:
            private.add(tag)
        else:
            last = tag
    return tuple(elements)
