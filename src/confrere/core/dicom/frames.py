"""Which fragments of encapsulated pixel data make up which frame.

Source: PS3.5 A.4 (fragments, basic offset table), PS3.3 C.7.6.3.1.8 (extended offset table).
"""

import struct
from dataclasses import dataclass
from itertools import pairwise

from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.walk import Element, Read, fragments
from confrere.core.terms import Refused

EXTENDED_OFFSETS = 0x7FE00001
# How the first fragment of a compressed frame begins: JPEG family, JPEG 2000 family.
_FRAME_STARTS = (b"\xff\xd8", b"\xff\x4f")


@dataclass(frozen=True, slots=True)
class FrameSpans:
    """The (start, stop) spans in the file that together are one compressed frame."""

    spans: tuple[tuple[int, int], ...]

    def joined(self, read: Read) -> bytes:
        """The frame's whole stream."""
        return b"".join(read(start, stop) for start, stop in self.spans)

    def in_file(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Where bytes [start, stop) of the joined stream lie in the file."""
        found, passed = [], 0
        for first, last in self.spans:
            begin, end = max(start - passed, 0), min(stop - passed, last - first)
            if begin < end:
                found.append((first + begin, first + end))
            passed += last - first
        return found


def encapsulated_frames(attributes: Attributes, element: Element, frames: int) -> list[FrameSpans]:
    """The fragments of `element` grouped into exactly `frames` frames, in order.

    Raises Refused: bad-pixel-stream for offsets that point at no fragment, pixel-size-mismatch when there are
    fewer frames than promised, or more than can be told apart.
    """
    found = fragments(attributes.read, element)
    if not found:
        raise Refused("bad-pixel-stream", "no offset table")
    table, spans = found[0], found[1:]
    if len(spans) < frames:
        raise Refused("pixel-size-mismatch", f"{len(spans)} fragments for {frames} frames")
    offsets = _basic_offsets(attributes.read, table) or _extended_offsets(attributes)
    if offsets and frames > 1:
        return _by_offsets(spans, offsets, frames)
    if len(spans) == frames:
        return [FrameSpans((span,)) for span in spans]
    if frames == 1:
        return [FrameSpans(tuple(spans))]
    return _by_first_bytes(attributes.read, spans, frames)


def _basic_offsets(read: Read, table: tuple[int, int]) -> tuple[int, ...]:
    start, stop = table
    if (stop - start) % 4:
        raise Refused("bad-pixel-stream", "offset table")
    return struct.unpack(f"<{(stop - start) // 4}I", read(start, stop))


def _extended_offsets(attributes: Attributes) -> tuple[int, ...]:
    raw = attributes.raw(EXTENDED_OFFSETS) or b""
    if len(raw) % 8:
        raise Refused("bad-pixel-stream", "extended offset table")
    return struct.unpack(f"<{len(raw) // 8}Q", raw)


def _by_offsets(spans: list[tuple[int, int]], offsets: tuple[int, ...], frames: int) -> list[FrameSpans]:
    if len(offsets) != frames:
        raise Refused("pixel-size-mismatch", "offset table")
    # Offsets count from the first fragment's item header, which is 8 bytes before its value.
    index = {start - spans[0][0]: number for number, (start, _) in enumerate(spans)}
    firsts = [index.get(offset, -1) for offset in offsets]
    bounds = [*firsts, len(spans)]
    if firsts[0] != 0 or any(here >= there for here, there in pairwise(bounds)):
        raise Refused("bad-pixel-stream", "offset table")
    return [FrameSpans(tuple(spans[a:b])) for a, b in pairwise(bounds)]


def _by_first_bytes(read: Read, spans: list[tuple[int, int]], frames: int) -> list[FrameSpans]:
    firsts = [n for n, (at, stop) in enumerate(spans) if read(at, min(at + 2, stop)) in _FRAME_STARTS]
    if len(firsts) != frames or firsts[0] != 0:
        raise Refused("pixel-size-mismatch", f"{len(spans)} fragments for {frames} frames")
    bounds = [*firsts, len(spans)]
    return [FrameSpans(tuple(spans[a:b])) for a, b in pairwise(bounds)]
