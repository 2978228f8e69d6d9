"""Turn an explicit VR big-endian data set round in a copy: every size stays, only byte orders change.

Source: PS3.5 clauses 7.3 (byte ordering) and A.3 (retired transfer syntax).
"""

import struct

from confrere.core.dicom.dictionary import LONG_VRS, VALUE_SIZE, VRS, registered_vrs, tag_name
from confrere.core.dicom.walk import (
    ITEM,
    ITEM_END,
    PIXEL_DATA,
    PIXEL_TAGS,
    SEQUENCE_END,
    UNDEFINED,
    Buffer,
    Limits,
)
from confrere.core.terms import Refused

_BITS_ALLOCATED = 0x00280100


def to_little_endian(source: Buffer, start: int) -> bytearray:
    """The data set at `start` as explicit VR little endian, in a new buffer that begins with it.

    Raises Refused where the structure does not hold, with the reasons of the walker.
    """
    turner = _Turner(bytearray(memoryview(source)[start:]), Limits())
    turner.dataset(0, len(turner.buffer), depth=0)
    return turner.buffer


class _Turner:
    def __init__(self, buffer: bytearray, limits: Limits) -> None:
        self.buffer = buffer
        self.limits = limits
        self.count = 0
        self.bits_allocated = 16

    def dataset(self, at: int, limit: int, *, depth: int, until_item_end: bool = False) -> int:
        """Turn the elements in [at, limit); the offset past them (past the delimiter, if that ends them)."""
        if depth > self.limits.depth:
            raise Refused("nesting-too-deep", str(self.limits.depth))
        while until_item_end or at < limit:
            if until_item_end and self.tag_at(at, limit) == ITEM_END:
                self.turn(at, ">HHI", "<HHI")
                return at + 8
            tag = self.tag_at(at, limit)
            at = self.element(at, limit, tag, depth)
            if depth == 0 and tag in PIXEL_TAGS:
                # INVARIANT: what follows the pixels is never walked, so it is cut rather than left unturned.
                del self.buffer[at:]
                return at
        return at

    def element(self, at: int, limit: int, tag: int, depth: int) -> int:
        self.count += 1
        if self.count > self.limits.elements:
            raise Refused("too-many-elements", str(self.limits.elements))
        vr = bytes(self.buffer[at + 4 : at + 6])
        if vr not in VRS:
            raise Refused("bad-header", f"{tag_name(tag)} has no valid VR")
        if vr == b"UN" and registered_vrs(tag):
            raise Refused("bad-header", f"{tag_name(tag)} is UN in big endian")
        if vr in LONG_VRS:
            if at + 12 > limit:
                raise Refused("truncated", tag_name(tag))
            length = int.from_bytes(self.buffer[at + 8 : at + 12], "big")
            self.turn(at + 8, ">I", "<I")
            value = at + 12
        else:
            length = int.from_bytes(self.buffer[at + 6 : at + 8], "big")
            self.turn(at + 6, ">H", "<H")
            value = at + 8
        self.turn(at, ">HH", "<HH")
        if length == UNDEFINED:
            if vr != b"SQ":
                raise Refused("bad-header", f"{tag_name(tag)} has no length")
            return self.sequence(value, limit, depth=depth, delimited=True)
        if value + length > limit:
            raise Refused("truncated" if tag == PIXEL_DATA else "length-past-end", tag_name(tag))
        if vr == b"SQ":
            return self.sequence(value, value + length, depth=depth, delimited=False)
        self.value(tag, vr, value, value + length)
        return value + length

    def sequence(self, at: int, limit: int, *, depth: int, delimited: bool) -> int:
        own_bits = self.bits_allocated
        at = self.items(at, limit, depth=depth, delimited=delimited)
        self.bits_allocated = own_bits  # an icon's cells are its own; the picture's come after it
        return at

    def items(self, at: int, limit: int, *, depth: int, delimited: bool) -> int:
        while delimited or at < limit:
            tag = self.tag_at(at, limit)
            length = int.from_bytes(self.buffer[at + 4 : at + 8], "big")
            self.turn(at, ">HHI", "<HHI")
            at += 8
            if tag == SEQUENCE_END and delimited:
                return at
            if tag != ITEM:
                raise Refused("bad-header", "item expected")
            if length == UNDEFINED:
                at = self.dataset(at, limit, depth=depth + 1, until_item_end=True)
                continue
            if at + length > limit:
                raise Refused("length-past-end", "item")
            at = self.dataset(at, at + length, depth=depth + 1)
        return at

    def tag_at(self, at: int, limit: int) -> int:
        if at + 8 > limit:
            raise Refused("truncated", "element header")
        return int.from_bytes(self.buffer[at : at + 4], "big")

    def turn(self, at: int, big: str, little: str) -> None:
        struct.pack_into(little, self.buffer, at, *struct.unpack_from(big, self.buffer, at))

    def value(self, tag: int, vr: bytes, start: int, stop: int) -> None:
        size = 2 if vr == b"AT" else VALUE_SIZE.get(vr, 1)  # an attribute tag is two 16-bit numbers
        if tag == PIXEL_DATA and vr == b"OW" and self.bits_allocated == 32:
            size = 4
        if (stop - start) % size:
            raise Refused("bad-header", f"{tag_name(tag)} has a broken length")
        if size > 1:
            original = bytes(self.buffer[start:stop])
            for offset in range(size):
                self.buffer[start + offset : stop : size] = original[size - 1 - offset :: size]
        if tag == _BITS_ALLOCATED and stop - start == 2:
            self.bits_allocated = int.from_bytes(self.buffer[start:stop], "little")
