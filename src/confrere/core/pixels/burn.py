"""Masks burned into the stored pixels of a whole instance, at full depth, in every frame.

Source: PS3.15 E.3.1 (Clean Pixel Data); PS3.3 C.7.6.3 and C.9.2 (image pixel and overlay plane modules).
"""

from collections.abc import Iterable

from confrere.core.pixels.regions import Region


def burn_instance(original: bytes, regions: Iterable[Region]) -> bytes:
    """`original` as a whole DICOM file in which nothing of the pixels under `regions` survives.

    Pixels outside are bit for bit what they were. Overlays and icons are gone, compressed frames are written anew
    without loss. Raises Refused as `decode_frame`.
    """
    raise NotImplementedError
