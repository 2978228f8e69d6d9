"""Turn a picture as its Exif orientation asks, so that the mark itself is not needed any more.

Source: CIPA DC-008 (Exif 2.32), 4.6.4 A, tag 0112; TIFF 6.0, section 2 (the directory).
"""

import struct

import numpy as np
from PIL import Image

from confrere.core.pixels.pictures import Pixels

_ORIENTATION = 0x0112
_SHORT = 3
_TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}


def orientation(exif: bytes) -> int:
    """The orientation, 1 to 8, of an Exif block; 1 where there is none or it cannot be read.

    Only the first directory is looked at, and only this entry: nothing else of the block is parsed.
    """
    block = exif[6:] if exif.startswith(b"Exif\0\0") else exif
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None or len(block) < 8:
        return 1
    (start,) = struct.unpack_from(f"{order}I", block, 4)
    if start + 2 > len(block):
        return 1
    (count,) = struct.unpack_from(f"{order}H", block, start)
    for at in range(start + 2, min(start + 2 + 12 * count, len(block) - 11), 12):
        tag, kind = struct.unpack_from(f"{order}HH", block, at)
        if tag == _ORIENTATION and kind == _SHORT:
            (value,) = struct.unpack_from(f"{order}H", block, at + 8)
            return value if 1 <= value <= 8 else 1
    return 1


def turned(picture: Image.Image, turn: int) -> Pixels:
    """A new array (rows, columns, 3) of the RGB `picture`, turned as orientation `turn` says."""
    for method in _TURNS.get(turn, ()):
        picture = picture.transpose(method)
    return np.array(picture, dtype=np.uint8)
