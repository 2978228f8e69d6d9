"""Desk sheets: the small pictures of one instance that a person looks at, packed as one sealed object.

A sheet holds pixels alone, encoded anew; nothing of a header. The pixels may still show a name: that is what the person
is to look for, so a sheet is sealed as an original is, and shredded with it.
"""

import struct
from collections.abc import Sequence

from confrere.core.terms import Broken

LONGEST_SIDE = 1024
THUMBNAIL_SIDE = 256
MOST_PICTURES = 64
"""Besides the thumbnail, which stands last."""
SHELF = "desk"
_COUNT = struct.Struct(">H")
_LENGTH = struct.Struct(">I")


def pack(pictures: Sequence[bytes]) -> bytes:
    """`pictures` one behind the other, with their number and lengths in front."""
    if len(pictures) > MOST_PICTURES + 1:
        raise Broken("desk: too many pictures for one sheet", retryable=False)
    lengths = b"".join(_LENGTH.pack(len(picture)) for picture in pictures)
    return _COUNT.pack(len(pictures)) + lengths + b"".join(pictures)


def picture_in(packed: bytes, place: int) -> bytes:
    """Picture `place` (from 0) of a packed sheet; raises IndexError where there is none, Broken for another thing."""
    try:
        (count,) = _COUNT.unpack_from(packed)
        lengths = [_LENGTH.unpack_from(packed, _COUNT.size + _LENGTH.size * at)[0] for at in range(count)]
    except struct.error:
        raise Broken("desk: not a sheet", retryable=False) from None
    start = _COUNT.size + _LENGTH.size * count + sum(lengths[: max(0, place)])
    if not 0 <= place < count:
        raise IndexError("no such picture")
    if start + lengths[place] > len(packed):
        raise Broken("desk: not a sheet", retryable=False)
    return packed[start : start + lengths[place]]
