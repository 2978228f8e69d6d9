"""A HEIC whose pictures no longer point at Exif, XMP or thumbnails: the library that decodes has crashed on those.

Source: ISO/IEC 14496-12, 8.11.1 (meta box), 8.11.12 (item references: cdsc, thmb).
"""

import struct
from collections.abc import Iterator

from confrere.core.terms import Refused

_DROPPED = frozenset((b"cdsc", b"thmb"))
_NOTHING = b"none"


def pictures_only(content: bytes) -> bytes:
    """`content` of the same length with every reference to metadata or a thumbnail made one to nothing.

    Raises Refused: truncated, bad-picture.
    """
    made = bytearray(content)
    metas = [(start, end) for name, start, end in _boxes(content, 0, len(content)) if name == b"meta"]
    if len(metas) != 1:
        raise Refused("bad-picture")
    start, end = metas[0]
    # Meta and iref are full boxes: version and flags come before what they hold.
    for name, inner, inner_end in _boxes(content, start + 4, end):
        if name == b"iref":
            for kind, at, _ in _boxes(content, inner + 4, inner_end):
                if kind in _DROPPED:
                    made[at - 4 : at] = _NOTHING
    return bytes(made)


def _boxes(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    while at + 8 <= end:
        length, name = struct.unpack_from(">I4s", content, at)
        if length == 0:
            length = end - at
        if length < 8 or at + length > end:
            # A length of 64 bits (1) is for films; no still needs it before its meta box.
            if name == b"mdat" and length == 1:
                return
            raise Refused("truncated" if at + length > end else "bad-picture")
        yield name, at + 8, at + length
        at += length
