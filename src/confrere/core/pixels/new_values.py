"""New stored values in a whole instance: every pixel that is not given another value stays bit for bit what it was.

Source: PS3.5 clauses 8.1 and 8.2, Annex A.4; PS3.3 C.7.6.3.1 (image pixel attributes).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from confrere.core.dicom import registry
from confrere.core.dicom.lossless import encode_lossless, lossless_syntax
from confrere.core.dicom.pixels import PixelLayout
from confrere.core.dicom.stored_values import OpenedInstance, compressed_frame, open_instance, stored_values
from confrere.core.dicom.walk import PIXEL_DATA, Buffer
from confrere.core.pixels.written import Written, write_instance
from confrere.core.terms import Broken

Values = NDArray[Any]


def with_values(original: Buffer, values: Mapping[int, Values]) -> bytes:
    """`original` as a whole DICOM file in which frame n (from 0) holds `values[n]`: (rows, columns), grey, signed where
    the header says so. Frames not named keep their bytes.

    Compressed frames are written back without loss in their family, or all native where its encoder cannot. Raises
    Refused as `decode_frame`; Broken for pixels that are not grey whole numbers in one run of bits.
    """
    opened = open_instance(original)
    layout = opened.layout
    if PIXEL_DATA not in opened.attributes.by_tag or layout.samples != 1 or layout.high_bit != layout.stored - 1:
        raise Broken("pixels that cannot be given new values", retryable=False)
    if opened.transfer_syntax_uid in registry.NATIVE:
        implicit = opened.transfer_syntax_uid == registry.IMPLICIT_LITTLE
        syntax = registry.IMPLICIT_LITTLE if implicit else registry.EXPLICIT_LITTLE
        return write_instance(opened, Written(syntax, native=_native(opened, values)))
    return write_instance(opened, _compressed(opened, values))


def _native(opened: OpenedInstance, values: Mapping[int, Values]) -> bytes:
    element, layout = opened.attributes.by_tag[PIXEL_DATA], opened.layout
    if layout.allocated < 8:
        raise Broken("single bits hold no values", retryable=False)
    value = bytearray(memoryview(opened.attributes.buffer)[element.value : element.stop])
    count = layout.rows * layout.columns
    cells = np.frombuffer(value, f"<u{layout.allocated // 8}", count * layout.frames)
    frames = cells.reshape(layout.frames, layout.rows, layout.columns)
    for frame, wanted in values.items():
        _put(frames[frame], stored_values(opened, frame + 1), wanted, layout)
    return bytes(value)


def _put(cells: Values, now: Values, wanted: Values, layout: PixelLayout) -> None:
    """Write `wanted` over `cells` where it differs from `now`, the values that `cells` code."""
    if wanted.shape != cells.shape:
        raise Broken("values of another size", retryable=False)
    other = np.asarray(wanted != now)
    least = -(1 << (layout.stored - 1)) if layout.signed else 0
    most = (1 << (layout.stored - (1 if layout.signed else 0))) - 1
    numbers = wanted[other].astype(np.int64)
    if numbers.size and not least <= int(numbers.min()) <= int(numbers.max()) <= most:
        raise Broken("a value that its bits cannot hold", retryable=False)
    # The sign runs on into the bits nobody shows, as the standard has it.
    cells[other] = (numbers & ((1 << (8 * cells.dtype.itemsize)) - 1)).astype(cells.dtype)


def _compressed(opened: OpenedInstance, values: Mapping[int, Values]) -> Written:
    syntax = lossless_syntax(opened.transfer_syntax_uid)
    streams: list[bytes] = []
    for frame in range(opened.layout.frames):
        if frame not in values and syntax == opened.transfer_syntax_uid:
            streams.append(compressed_frame(opened, frame + 1))
            continue
        stream = encode_lossless(syntax, _cells(opened, frame, values))
        if stream is None:
            return Written(registry.EXPLICIT_LITTLE, native=_all_native(opened, values))
        streams.append(stream)
    return Written(syntax, streams=tuple(streams))


def _cells(opened: OpenedInstance, frame: int, values: Mapping[int, Values]) -> Values:
    """The frame as it is coded, with its new values."""
    cells = np.array(stored_values(opened, frame + 1, signed=False))
    if frame in values:
        _put(cells, stored_values(opened, frame + 1), values[frame], opened.layout)
    return cells


def _all_native(opened: OpenedInstance, values: Mapping[int, Values]) -> bytes:
    width = opened.layout.allocated // 8
    out = bytearray()
    for frame in range(opened.layout.frames):
        cells = _cells(opened, frame, values)
        out += cells.astype(f"<{'i' if cells.dtype.kind == 'i' else 'u'}{width}").tobytes()
    return bytes(out)
