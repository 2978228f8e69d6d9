"""What the container of a film claims: how many frames, and whether there is sound. Read before any demuxer runs.

Source: ISO/IEC 14496-12, 4.2 (boxes), 8.3 to 8.7 (tracks and their sample tables); AVI RIFF 1.0; Matroska 5.1.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from confrere.core.pixels.forms import Form
from confrere.core.terms import Refused

MOST_SAMPLES: Final = 1_000_000
"""Of any other track; ten hours of sound. A demuxer makes a list of them."""
_HEAD = 256 << 10
# Matroska's CodecID (86), a length of one byte, and a name that tells pictures from sound.
_CODEC = {kind: re.compile(rb"\x86[\x83-\xbf]" + kind + rb"_[A-Z]") for kind in (b"V", b"A")}
_NESTED = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl"))
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Claims:
    """`frames` of the picture track, 0 where the container does not say it in advance."""

    frames: int
    has_sound: bool


def claims(content: bytes, form: Form) -> Claims:
    """What the container claims. Raises Refused: truncated, no-video-track, film-too-long, bad-picture."""
    if form is Form.MP4:
        return _mp4(content)
    head = content[:_HEAD]
    if form is Form.AVI:
        if b"vids" not in head:
            raise Refused("no-video-track")
        at = head.find(b"avih")
        frames = struct.unpack_from("<I", head, at + 24)[0] if 0 <= at < len(head) - 28 else 0
        return Claims(frames, b"auds" in head)
    if not _CODEC[b"V"].search(head):
        raise Refused("no-video-track")
    return Claims(0, bool(_CODEC[b"A"].search(head)))


def _mp4(content: bytes) -> Claims:
    frames, handlers, has_index, handler = 0, set(), False, b""
    for name, start, end in _boxes(content, 0, len(content), 0):
        if name == b"moov":
            has_index = True
        elif name == b"hdlr" and end - start >= 12:
            handler = content[start + 8 : start + 12]
            handlers.add(handler)
        elif name in (b"stsz", b"stz2") and end - start >= 12:
            (samples,) = struct.unpack_from(">I", content, start + 8)
            if samples > MOST_SAMPLES:
                raise Refused("film-too-long")
            frames = max(frames, samples if handler == b"vide" else 0)
        elif name == b"stts" and end - start >= 8:
            _check_times(content, start, end)
    if not has_index:
        raise Refused("truncated")
    if b"vide" not in handlers:
        raise Refused("no-video-track")
    return Claims(frames, b"soun" in handlers)


def _check_times(content: bytes, start: int, end: int) -> None:
    (entries,) = struct.unpack_from(">I", content, start + 4)
    if 8 + 8 * entries > end - start:
        raise Refused("bad-picture")
    if sum(struct.unpack_from(">I", content, start + 8 + 8 * entry)[0] for entry in range(entries)) > MOST_SAMPLES:
        raise Refused("film-too-long")


def _boxes(content: bytes, at: int, end: int, depth: int) -> Iterator[tuple[bytes, int, int]]:
    """(name, first byte of its body, end) of every box, those in the index too, in the order of the file."""
    while at + 8 <= end:
        length, name = struct.unpack_from(">I4s", content, at)
        start = at + 8
        if length == 1 and at + 16 <= end:
            (length,) = struct.unpack_from(">Q", content, at + 8)
            start = at + 16
        elif length == 0:
            length = end - at
        if length < start - at:
            return
        if at + length > end:
            # Bytes behind the last box are no part of the film; a cut index or cut samples are.
            if name in _NESTED or name == b"mdat":
                raise Refused("truncated")
            return
        yield name, start, at + length
        if name in _NESTED and depth < _DEEPEST:
            yield from _boxes(content, start, at + length, depth + 1)
        at += length
