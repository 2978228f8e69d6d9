"""NIfTI volumes: the voxels become frames; description, auxiliary file, intent and extensions are never read.

A volume is taken for a head, which shows a face when it is rendered, because nothing in its header could prove
otherwise.

Source: NIfTI-1.1 (nifti1.h): dim, datatype, vox_offset, pixdim, scl_slope, scl_inter.
"""

import zlib
from collections.abc import Iterator
from typing import Any, Final

import nibabel
import numpy as np
from nibabel.orientations import apply_orientation, axcodes2ornt, io_orientation, ornt_transform
from nibabel.spatialimages import HeaderDataError
from numpy.typing import NDArray

from confrere.core.pixels.forms import Form
from confrere.core.pixels.pictures import Frame, Picture, PictureKind, Pictures, holds_for
from confrere.core.terms import Refused

MOST_BYTES: Final = 512 << 20
"""Of voxels as they are stored."""
MOST_SIDE: Final = 4096
MOST_FRAMES: Final = 4096
_HEADER: Final = 348
_ALWAYS_ALLOWED: Final = 64 << 20
_RATIO: Final = 100
_LEVELS: Final = 65535


def read(content: bytes, form: Form) -> Pictures:
    """One volume as grey frames of 16 bits from foot to head, front up and the patient's right on the left.

    Raises Refused: expands-too-much, pixel-size-mismatch, too-large, bad-volume, truncated.
    """
    packed = content.startswith(b"\x1f\x8b")
    header = _header(_unfolded(content, _HEADER) if packed else content[:_HEADER])
    shape, kind, start = _layout(header)
    wanted = start + int(np.prod(shape, dtype=object)) * kind.itemsize
    if packed and wanted > max(_ALWAYS_ALLOWED, _RATIO * len(content)):
        raise Refused("expands-too-much")
    if not packed and wanted > len(content):
        raise Refused("pixel-size-mismatch")
    if wanted > MOST_BYTES:
        raise Refused("too-large")
    plain = _unfolded(content, wanted) if packed else content
    if len(plain) < wanted:
        raise Refused("pixel-size-mismatch")
    voxels = np.frombuffer(plain, kind, int(np.prod(shape)), start).reshape(shape, order="F")
    while voxels.ndim > 3:
        voxels = voxels[..., 0]
    frames, spacing_mm = _turned(voxels, header)
    notes = ("further-pictures-dropped",) if int(np.prod(shape[3:])) > 1 else ()
    return _pictures(frames, header, spacing_mm, notes)


def _header(raw: bytes) -> nibabel.Nifti1Header:
    if len(raw) < _HEADER:
        raise Refused("truncated")
    try:
        # Not checked by the library: its complaints quote the header. What is used is bounded here.
        return nibabel.Nifti1Header(raw, check=False)
    except (HeaderDataError, ValueError, TypeError):
        raise Refused("bad-volume") from None


def _layout(header: nibabel.Nifti1Header) -> tuple[tuple[int, ...], np.dtype[Any], int]:
    """(shape, type of a voxel, first byte of the voxels)."""
    sides = [int(side) for side in header["dim"]]
    if int(header["sizeof_hdr"]) != _HEADER or not 2 <= sides[0] <= 7 or min(sides[1 : sides[0] + 1]) < 1:
        raise Refused("bad-volume")
    shape = tuple(sides[1 : sides[0] + 1]) + (1,) * (3 - sides[0])
    try:
        kind = header.get_data_dtype()
    except (HeaderDataError, KeyError):
        raise Refused("bad-volume") from None
    if kind.kind not in "iuf" or not _HEADER <= float(header["vox_offset"]) <= 1 << 24:
        raise Refused("bad-volume")
    return shape, kind, int(header["vox_offset"])


def _unfolded(content: bytes, wanted: int) -> bytes:
    """The first `wanted` bytes of the gzip stream, or fewer where it ends before."""
    try:
        return zlib.decompressobj(wbits=31).decompress(content, wanted)
    except zlib.error:
        raise Refused("bad-volume") from None


_Spacing = tuple[float, float, float]


def _turned(voxels: NDArray[Any], header: nibabel.Nifti1Header) -> tuple[NDArray[Any], _Spacing | None]:
    """(frames, rows, columns), and their distances in mm: foot to head, front to back, the patient's right to left."""
    sides = [float(side) for side in header["pixdim"][1:4]]
    with np.errstate(all="ignore"):
        try:
            ways = io_orientation(header.get_best_affine())
            turn = ornt_transform(ways, axcodes2ornt(("L", "P", "S")))
            voxels = apply_orientation(voxels, turn)
            sides = [sides[int(np.flatnonzero(turn[:, 0] == axis)[0])] for axis in range(3)]
        except (ValueError, HeaderDataError, np.linalg.LinAlgError, IndexError):
            # Without a usable position the axes stay as they are stored.
            pass
    frames = voxels.transpose(2, 1, 0)
    if max(frames.shape[1:]) > MOST_SIDE or frames.shape[0] > MOST_FRAMES:
        raise Refused("too-large")
    usable = all(np.isfinite(side) and 0.001 < side < 1000 for side in sides)
    return frames, (sides[1], sides[0], sides[2]) if usable else None


def _pictures(
    frames: NDArray[Any], header: nibabel.Nifti1Header, spacing_mm: _Spacing | None, notes: tuple[str, ...]
) -> Pictures:
    grey, slope, intercept = _sixteen_bits(frames)
    own_slope, own_intercept = float(header["scl_slope"]), float(header["scl_inter"])
    if np.isfinite(own_slope) and own_slope != 0 and np.isfinite(own_intercept):
        slope, intercept = slope * own_slope, intercept * own_slope + own_intercept
    count, rows, columns = grey.shape

    def each() -> Iterator[Frame]:
        return iter(grey)

    picture = Picture("volume", PictureKind.VOLUME, rows, columns, each, count, 0.0, spacing_mm, slope, intercept)
    return Pictures((picture,), notes=notes, holds=holds_for((picture,), "volume-may-show-face"))


def _sixteen_bits(frames: NDArray[Any]) -> tuple[NDArray[np.uint16], float, float]:
    """(grey, slope, intercept) with frames = grey * slope + intercept; exact for whole numbers within 16 bits."""
    known = frames[np.isfinite(frames)] if frames.dtype.kind == "f" else frames
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    if frames.dtype.kind in "iu" and high - low <= _LEVELS:
        return (frames.astype(np.int64) - int(low)).astype(np.uint16), 1.0, low
    slope = (high - low) / _LEVELS or 1.0
    grey = np.empty(frames.shape, np.uint16)
    for number, frame in enumerate(frames):
        values = np.nan_to_num((frame.astype(np.float64) - low) / slope, nan=0.0, posinf=_LEVELS, neginf=0.0)
        grey[number] = np.clip(np.rint(values), 0, _LEVELS).astype(np.uint16)
    return grey, slope, low
