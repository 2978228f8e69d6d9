"""A PNG with only the chunks that make its pixels: text chunks, which may unfold to anything, are never opened.

Source: ISO/IEC 15948 (PNG), clauses 5 and 11.
"""

import struct
import zlib
from collections.abc import Iterator

from confrere.core.terms import Refused

_MARK = b"\x89PNG\r\n\x1a\n"
_KEPT = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"iCCP", b"eXIf", b"gAMA", b"sRGB"))
_MOST_SIDE_BYTES = 1 << 20


def pixels_only(content: bytes) -> bytes:
    """`content` up to its IEND, without what is not needed to show it.

    A colour profile that unfolds to more than 1 MiB is left out, as is a longer Exif block. Raises Refused: truncated.
    """
    return _MARK + b"".join(chunk for name, chunk in _chunks(content) if name in _KEPT and _is_modest(name, chunk))


def is_animated(content: bytes) -> bool:
    """Whether it announces more than one picture (acTL)."""
    return any(name == b"acTL" for name, _ in _chunks(content))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_MARK)
    while True:
        if at + 12 > len(content):
            raise Refused("truncated")
        (length,) = struct.unpack_from(">I", content, at)
        end = at + 12 + length
        if end > len(content):
            raise Refused("truncated")
        name = content[at + 4 : at + 8]
        yield name, content[at:end]
        if name == b"IEND":
            return
        at = end


def _is_modest(name: bytes, chunk: bytes) -> bool:
    if name == b"eXIf":
        return len(chunk) <= _MOST_SIDE_BYTES
    if name != b"iCCP":
        return True
    packed = chunk[8:-4].partition(b"\0")[2][1:]
    stream = zlib.decompressobj()
    try:
        stream.decompress(packed, _MOST_SIDE_BYTES)
    except zlib.error:
        return False
    return stream.eof
