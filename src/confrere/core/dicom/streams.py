"""What a compressed frame says of itself, read from its header before any decoder sees it.

Also where it carries words: comment and application segments, which a re-save keeps and a viewer never shows.

Source: ISO/IEC 10918-1 Annex B (JPEG), 14495-1 Annex C (JPEG-LS), 15444-1 Annex A (JPEG 2000),
PS3.5 Annex G (RLE).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from confrere.core.dicom import registry
from confrere.core.terms import Refused

# Bytes tolerated after the end of the code stream. Encoders pad with one or two; more than that can spell something.
_LONGEST_TAIL = 16
_LONGEST_PADDING = 2
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_FRAME_MARKERS: dict[str, frozenset[int]] = {
    registry.JPEG_BASELINE: frozenset({0xC0}),
    registry.JPEG_EXTENDED: frozenset({0xC0, 0xC1}),
    **dict.fromkeys(registry.JPEG_LOSSLESS, frozenset({0xC3})),
    **dict.fromkeys(registry.JPEG_LS, frozenset({0xF7})),
}
_COMMENT, _APP0, _APP15, _SCAN = 0xFE, 0xE0, 0xEF, 0xDA
# Application segments that decoders need; everything else there is words.
_NEEDED_BY_DECODERS = (b"Adobe\0", b"mrfx", b"SPIFF\0")
# What encoders write about themselves.
_ENCODER_NOTES = (
    b"Kakadu-", b"Created by OpenJPEG", b"Created by GDCM/OpenJPEG", b"LEAD Technologies",
    b"JasPer Version", b"Creator: JasPer", b"CREATOR: gd-jpeg",
    b"Lavc", b"Intel(R) IPP", b"OpenJPH", b"Aware", b"Pegasus Imaging", b"Accusoft",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StreamShape:
    """Size and depth of a compressed frame.

    `words` are (start, stop) spans of text it carries, `tail` the same for what lies behind its end.
    """

    rows: int
    columns: int
    components: int
    precision: int
    words: tuple[tuple[int, int], ...] = ()
    tail: tuple[tuple[int, int], ...] = ()


def read_shape(transfer_syntax_uid: str, stream: bytes) -> StreamShape:
    """The shape of one whole compressed frame other than RLE.

    Raises Refused("bad-pixel-stream") for anything that is not one well-formed stream of that syntax.
    """
    try:
        if transfer_syntax_uid in registry.JPEG_2000 or transfer_syntax_uid in registry.HTJ2K:
            return _jpeg_2000(stream)
        return _jpeg(stream, _FRAME_MARKERS[transfer_syntax_uid])
    except (IndexError, struct.error):
        raise _bad("ends early") from None


def check_rle(stream: bytes, segments: int) -> tuple[tuple[int, int], ...]:
    """(start, stop) of each of the `segments` RLE segments of one frame.

    Raises Refused("bad-pixel-stream") unless exactly that many lie in order inside the stream, and the offsets that
    are not used are zero (PS3.5 G.5): fifty bytes are room enough for a name.
    """
    if len(stream) < 64:
        raise _bad("RLE header")
    count, *offsets = struct.unpack_from("<16I", stream)
    if count != segments or count > 15:
        raise _bad("RLE segments")
    bounds = [*offsets[:count], len(stream)]
    if bounds[0] != 64 or any(offsets[count:]) or any(here >= there for here, there in pairwise(bounds)):
        raise _bad("RLE offsets")
    return tuple(pairwise(bounds))


def _bad(detail: str) -> Refused:
    return Refused("bad-pixel-stream", detail)


def _jpeg(stream: bytes, wanted: frozenset[int]) -> StreamShape:
    if stream[:2] != b"\xff\xd8":
        raise _bad("start marker")
    frame, after = None, 2
    words: list[tuple[int, int]] = []
    for marker, body, after in _segments(stream):
        if _is_frame(marker):
            if marker not in wanted or frame is not None:
                raise _bad("frame type")
            frame = struct.unpack_from(">BHHB", stream, body)
        elif marker == _COMMENT or _APP0 <= marker <= _APP15:
            words += _words(stream, body, after)
    if frame is None or 0 in frame:
        raise _bad("frame header")
    tail = _tail(stream, stream.find(b"\xff\xd9", after))
    precision, rows, columns, components = frame
    return StreamShape(rows, columns, components, precision, tuple(words), tail)


def _segments(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, start of its body, start of the next) of each JPEG segment up to the first scan, inclusive."""
    at, marker = 2, 0
    while marker != _SCAN:
        if stream[at] != 0xFF:
            raise _bad("marker expected")
        marker = stream[at + 1]
        if marker == 0xFF or marker in _STANDALONE:  # a fill byte, a marker without a body
            at += 1 if marker == 0xFF else 2
            continue
        length = int(struct.unpack_from(">H", stream, at + 2)[0])
        if length < 2 or at + 2 + length > len(stream):
            raise _bad("segment length")
        yield marker, at + 4, at + 2 + length
        at += 2 + length


def _is_frame(marker: int) -> bool:
    return (0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}) or marker == 0xF7


def _words(stream: bytes, start: int, stop: int) -> list[tuple[int, int]]:
    """The span of a comment or application segment that is words, if any."""
    body = stream[start:stop]
    if body.startswith(b"JFIF\0"):
        # Version, units and density are numbers; after them may come a thumbnail.
        return [(start + 12, stop)] if any(body[12:]) else []
    if (body.startswith(_NEEDED_BY_DECODERS) and len(body) <= 64) or body.startswith(_ENCODER_NOTES):
        return [] if len(body) <= 64 else [(start + 64, stop)]
    return [(start, stop)] if any(body) else []


def _tail(stream: bytes, end: int) -> tuple[tuple[int, int], ...]:
    """The span behind the end marker at `end` where it is more than padding."""
    if end < 0:
        raise _bad("no end marker")
    start, stop = end + 2, len(stream)
    if stop - start <= _LONGEST_PADDING or not any(stream[start:]):
        return ()
    if stop - start > _LONGEST_TAIL:
        raise _bad("bytes after the end")
    return ((start, stop),)


def _jpeg_2000(stream: bytes) -> StreamShape:
    if stream[:4] != b"\xff\x4f\xff\x51":
        raise _bad("start marker")
    right, bottom, left, top = struct.unpack_from(">4I", stream, 8)
    components, depth = struct.unpack_from(">HB", stream, 40)
    if right <= left or bottom <= top or not components:
        raise _bad("size marker")
    words: list[tuple[int, int]] = []
    at = 2
    while stream[at + 1] != 0x93:  # start of tile data: no header markers after it
        length = int(struct.unpack_from(">H", stream, at + 2)[0])
        if stream[at] != 0xFF or length < 2 or at + 2 + length > len(stream):
            raise _bad("segment length")
        if stream[at + 1] == 0x64:
            words += _words(stream, at + 6, at + 2 + length)
        at += 2 + length
    tail = _tail(stream, stream.find(b"\xff\xd9", at))
    return StreamShape(bottom - top, right - left, components, (depth & 0x7F) + 1, tuple(words), tail)
