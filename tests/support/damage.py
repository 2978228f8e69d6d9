"""Ways to damage a file: bytes changed, and whole elements inserted, removed, doubled, exchanged or mislabelled."""

import struct
from collections.abc import Callable
from random import Random

_LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
VRS = b"AE AS AT CS DA DS DT FD FL IS LO LT OB OW PN SH SL SQ SS ST TM UC UI UL UN UR US UT ZZ".split()
UNDEFINED = 0xFFFFFFFF


def element_spans(source: bytes, start: int, stop: int) -> list[tuple[int, int]]:
    """(start, stop) of the top-level explicit little-endian elements in [start, stop), all of defined length."""
    spans, at = [], start
    while at < stop:
        if source[at + 4 : at + 6] in _LONG:
            end = at + 12 + int(struct.unpack_from("<I", source, at + 8)[0])
        else:
            end = at + 8 + int(struct.unpack_from("<H", source, at + 6)[0])
        spans.append((at, end))
        at = end
    return spans


def _without(source: bytes, spans: list[tuple[int, int]], chance: Random) -> bytes:
    start, stop = chance.choice(spans)
    return source[:start] + source[stop:]


def _doubled(source: bytes, spans: list[tuple[int, int]], chance: Random) -> bytes:
    start, stop = chance.choice(spans)
    return source[:stop] + source[start:stop] + source[stop:]


def _moved(source: bytes, spans: list[tuple[int, int]], chance: Random) -> bytes:
    (start, stop), (to, _) = sorted(chance.sample(spans, 2), reverse=True)
    return source[:to] + source[start:stop] + source[to:start] + source[stop:]


def _exchanged(source: bytes, spans: list[tuple[int, int]], chance: Random) -> bytes:
    (a, b), (c, d) = sorted(chance.sample(spans, 2))
    return source[:a] + source[c:d] + source[b:c] + source[a:b] + source[d:]


def _other_vr(source: bytes, spans: list[tuple[int, int]], chance: Random) -> bytes:
    start, _ = chance.choice(spans)
    return source[: start + 4] + chance.choice(VRS) + source[start + 6 :]


def _other_length(source: bytes, spans: list[tuple[int, int]], chance: Random) -> bytes:
    start, stop = chance.choice(spans)
    true = stop - start
    said = chance.choice([0, 1, true, true + 1, true * 2, chance.randrange(4096), 0xFFFE, 0xFFFF, UNDEFINED])
    if source[start + 4 : start + 6] in _LONG:
        return source[: start + 8] + struct.pack("<I", said) + source[start + 12 :]
    return source[: start + 6] + struct.pack("<H", said & 0xFFFF) + source[start + 8 :]


def _other_tag(source: bytes, spans: list[tuple[int, int]], chance: Random) -> bytes:
    (start, _), (other, _) = chance.choice(spans), chance.choice(spans)
    return source[:start] + source[other : other + 4] + source[start + 4 :]


def _swallowed(source: bytes, spans: list[tuple[int, int]], chance: Random) -> bytes:
    """One element's length grows so that it ends exactly where a later one does."""
    number = chance.randrange(len(spans))
    start, _ = spans[number]
    _, stop = spans[min(len(spans) - 1, number + chance.randrange(1, 4))]
    if source[start + 4 : start + 6] in _LONG:
        return source[: start + 8] + struct.pack("<I", stop - start - 12) + source[start + 12 :]
    return source[: start + 6] + struct.pack("<H", (stop - start - 8) & 0xFFFF) + source[start + 8 :]


def _bytes_in(source: bytes, spans: list[tuple[int, int]], chance: Random) -> bytes:
    at = chance.randrange(spans[0][0], spans[-1][1])
    return source[:at] + chance.randbytes(chance.randrange(1, 9)) + source[at:]


def _bytes_out(source: bytes, spans: list[tuple[int, int]], chance: Random) -> bytes:
    at = chance.randrange(spans[0][0], spans[-1][1])
    return source[:at] + source[at + chance.randrange(1, 9) :]


def _bytes_changed(source: bytes, spans: list[tuple[int, int]], chance: Random) -> bytes:
    changed = bytearray(source)
    for _ in range(chance.randrange(2, 12)):
        changed[chance.randrange(spans[0][0], spans[-1][1])] = chance.randrange(256)
    return bytes(changed)


Damage = Callable[[bytes, list[tuple[int, int]], Random], bytes]
DAMAGES: dict[str, Damage] = {
    "an element is missing": _without,
    "an element stands twice": _doubled,
    "an element is moved": _moved,
    "two elements are exchanged": _exchanged,
    "another VR": _other_vr,
    "another length": _other_length,
    "another element's tag": _other_tag,
    "an element swallows the next": _swallowed,
    "bytes are inserted": _bytes_in,
    "bytes are missing": _bytes_out,
    "bytes are changed": _bytes_changed,
}
