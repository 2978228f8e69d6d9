"""Instances of every encoding with noise for pixels, and the boxes to burn into them."""

from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from support import dicom_bytes as made

from confrere.core.dicom.lossless import encode_lossless
from confrere.core.pixels.regions import Box, Region, RegionKind

ROWS, COLUMNS = 24, 32
BOX = Box(5, 4, 20, 13)
ENDING = {"native": ".1", "rle": ".5", "jpeg": ".4.70", "jpeg-ls": ".4.80", "j2k": ".4.90", "htj2k": ".4.201"}


def noise(frames: int, *, bits: int, samples: int = 1, seed: int = 7, least: int = 1) -> NDArray[Any]:
    """(frames, rows, columns) or with samples last; no cell is zero, so a mask of zeros shows."""
    shape = (frames, ROWS, COLUMNS) if samples == 1 else (frames, ROWS, COLUMNS, samples)
    kind = np.uint8 if bits <= 8 else np.uint16
    return np.random.default_rng(seed).integers(least, 1 << bits, shape).astype(kind)


def file_of(
    cells: NDArray[Any],
    coding: str,
    *,
    stored: int,
    signed: bool = False,
    photometric: str = "",
    extra: dict[int, Any] | None = None,
) -> bytes:
    """A whole file of `cells` as coded."""
    samples = 3 if cells.ndim == 4 else 1
    bits = 8 * cells.dtype.itemsize
    changes: dict[int, Any] = {
        0x00280002: ("US", made.us(samples)),
        0x00280004: ("CS", photometric or ("RGB" if samples == 3 else "MONOCHROME2")),
        0x00280008: ("IS", str(len(cells))),
        0x00280010: ("US", made.us(ROWS)),
        0x00280011: ("US", made.us(COLUMNS)),
        0x00280100: ("US", made.us(bits)),
        0x00280101: ("US", made.us(stored)),
        0x00280102: ("US", made.us(stored - 1)),
        0x00280103: ("US", made.us(int(signed))),
        **({0x00280006: ("US", made.us(0))} if samples == 3 else {}),
        **(extra or {}),
    }
    if coding in ("native", "implicit"):
        changes[0x7FE00010] = ("OW", cells.tobytes())
        return made.ct_file(changes, made.IMPLICIT if coding == "implicit" else made.EXPLICIT)
    syntax = made.IMPLICIT + ENDING[coding]
    changes[0x7FE00010] = made.encapsulated(*(stream_of(syntax, frame) for frame in cells))
    return made.ct_file(changes, syntax)


def stream_of(syntax: str, frame: NDArray[Any]) -> bytes:
    stream = encode_lossless(syntax, frame)
    assert stream is not None
    return stream


def jpeg_baseline(frame: NDArray[Any]) -> bytes:
    return bytes(imagecodecs.jpeg8_encode(frame, level=90))


def region(first: int, last: int, box: Box = BOX) -> Region:
    return Region(first, last, box, RegionKind.TEXT, "a person")
