"""Where text can hide inside Pixel Data and its like: behind the picture of a native value, and among compressed bytes.

Source: PS3.5 section 8.1.1 and Annex A.1 to A.3 (native encoding, even length); PS3.3 C.7.6.3.
"""

import struct
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import chain

from confrere.core.verify import views
from confrere.core.verify.layout import Layout, Lost, element_of

_ROWS, _COLUMNS, _BITS, _SAMPLES, _FRAMES = 0x00280010, 0x00280011, 0x00280100, 0x00280002, 0x00280008
_PHOTOMETRIC = 0x00280004
_PRINTABLE = bytes(0x20 <= byte <= 0x7E for byte in range(256))


GEOMETRY = frozenset(
    struct.pack("<HH", tag >> 16, tag & 0xFFFF) for tag in (_ROWS, _COLUMNS, _BITS, _SAMPLES, _FRAMES, _PHOTOMETRIC)
)
"""The first four bytes, little endian, of the elements that tell how large the picture is."""

MEASURED = frozenset((0x54001010, 0x7FE00008, 0x7FE00009))
"""Waveform Data and floating point pixels: samples, in which only long needles are looked for."""


def picture_length(layout: Layout) -> int | None:
    """The number of bytes the picture itself needs, or None when the header does not say."""
    values = {leaf.tag: layout.buffer[leaf.start : leaf.end] for leaf in layout.leaves if len(leaf.path) == 1}
    return _length(values, layout.order)


def picture_length_of(elements: Iterable[tuple[bytes, ...]], *, implicit: bool) -> int | None:
    """The same, told by the elements of `GEOMETRY` alone."""
    values = {}
    for raw in chain.from_iterable(elements):
        with suppress(Lost):
            tag, _, start, _ = element_of(raw, explicit=not implicit)
            values[tag] = raw[start:]
    return _length(values, "<")


def _length(values: Mapping[int, bytes], order: str) -> int | None:
    numbers = []
    for tag, default in ((_ROWS, None), (_COLUMNS, None), (_BITS, None), (_SAMPLES, 1)):
        raw = values.get(tag, b"")
        if len(raw) >= 2:
            numbers.append(int(struct.unpack_from(order + "H", raw)[0]))
        elif default is not None:
            numbers.append(default)
        else:
            return None
    rows, columns, bits, samples = numbers
    frames_text = values.get(_FRAMES, b"1").strip(b"\0 ")
    frames = int(frames_text) if frames_text.isdigit() else 1
    pixels = rows * columns * max(frames, 1)
    if values.get(_PHOTOMETRIC, b"").strip(b"\0 ") == b"YBR_FULL_422" and samples == 3:
        return pixels * 2 * (bits // 8)
    return (pixels * samples * bits + 7) // 8


def telling_runs(stream: bytes | bytearray | memoryview) -> bytes:
    """The printable runs of compressed pixels, squeezed, one a line: what is looked for names.

    Line ends stay: they keep chance neighbours from growing together into a name.
    """
    return b"\n".join(map(views.squeezed, printable_runs(stream).split(b"\n")))


def printable_runs(raw: bytes | bytearray | memoryview, at_least: int = 8) -> bytes:
    """The runs of `at_least` printable ASCII letters in `raw`, one a line; without NUL, so UTF-16 shows too.

    Compressed pixels hold a few hundred such runs a megabyte by chance; everything else is not text.
    """
    letters = bytes(raw).translate(None, b"\0")
    marks = letters.translate(_PRINTABLE)
    runs, wanted = [], b"\1" * at_least
    at = marks.find(wanted)
    while at >= 0:
        stop = marks.find(b"\0", at + at_least)
        stop = len(marks) if stop < 0 else stop
        runs.append(letters[at:stop])
        at = marks.find(wanted, stop)
    return b"\n".join(runs)
