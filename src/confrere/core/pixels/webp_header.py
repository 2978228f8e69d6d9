"""How large a WebP says it is, read before its decoder sees it: that one allocates the whole canvas when it opens.

Source: RFC 9649, sections 2.4 to 2.7 (VP8, VP8L and VP8X chunks).
"""

import struct

from confrere.core.terms import Refused

_ANIMATED = 0x02


def canvas_of(content: bytes) -> tuple[int, int]:
    """(width, height) of a still WebP. Raises Refused: animated-picture, bad-picture."""
    if len(content) < 30:
        raise Refused("bad-picture")
    name = content[12:16]
    if name == b"VP8X":
        if content[20] & _ANIMATED:
            raise Refused("animated-picture")
        return _three(content, 24) + 1, _three(content, 27) + 1
    if name == b"VP8L" and content[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", content, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise Refused("bad-picture")


def _three(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 3], "little")
