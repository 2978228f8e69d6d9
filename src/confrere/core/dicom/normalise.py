"""Bring any accepted encoding to one plain little-endian buffer that the walker understands.

Deflated data sets are inflated within bounds, big-endian ones are turned round, and a data set that comes
without preamble or group 0002 is recognised by its first element.

Source: PS3.10 clause 7.1 (file meta information), PS3.5 Annex A (encodings).
"""

import re
import zlib
from dataclasses import dataclass

from confrere.core.dicom import registry
from confrere.core.dicom.big_endian import to_little_endian
from confrere.core.dicom.dictionary import VRS
from confrere.core.dicom.walk import Buffer, Element, HeadTooShort, walk_file_meta
from confrere.core.terms import Refused

PREAMBLE = 128
_MIB = 1 << 20
INFLATED_FLOOR = 64 * _MIB
INFLATED_RATIO = 20
INFLATED_CEILING = 2048 * _MIB

# PS3.5 clause 9.1: components without leading zeros, at most 64 characters.
UID_PATTERN = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+")


@dataclass(frozen=True, slots=True)
class PlainInstance:
    """A data set as little endian: `buffer` from `start` on, explicit or `implicit`.

    `transfer_syntax_uid` is how it came, `plain_transfer_syntax_uid` what the buffer now is.
    `media_class_uid` is what group 0002 claims ("" without one). `preamble_used` says that the first 128
    bytes held something. Preamble and group 0002 end at `meta_end` of the file as it came.
    """

    buffer: Buffer
    start: int
    implicit: bool
    transfer_syntax_uid: str
    plain_transfer_syntax_uid: str
    media_class_uid: str
    preamble_used: bool
    meta_end: int = 0


def is_uid(text: str) -> bool:
    """True for a syntactically valid UID."""
    return len(text) <= 64 and UID_PATTERN.fullmatch(text) is not None


def normalise(source: Buffer, *, size: int | None = None) -> PlainInstance:
    """`source` as a PlainInstance; the buffer is shared wherever nothing had to be converted.

    `source` may be the first bytes of a file of `size` bytes. Raises Refused: empty-file, not-dicom,
    transfer-syntax-not-allowed, expands-too-much, missing-element, or whatever the walker finds wrong in group 0002;
    HeadTooShort when the whole file is needed.
    """
    size = len(source) if size is None else size
    if len(source) == 0:
        raise Refused("empty-file")
    if bytes(source[PREAMBLE : PREAMBLE + 4]) == b"DICM":
        return _part10(source, PREAMBLE + 4, size, preamble_used=any(bytes(source[:PREAMBLE])))
    if _explicit_vr(source, 0) and bytes(source[:2]) == b"\x02\x00":
        return _part10(source, 0, size, preamble_used=False)
    return _bare(source)


def _part10(source: Buffer, at: int, size: int, *, preamble_used: bool) -> PlainInstance:
    meta = walk_file_meta(source, at, size=size)
    by_tag = {element.tag: element for element in meta.elements}
    if 0x00020010 not in by_tag:
        raise Refused("missing-element", "(0002,0010)")
    syntax = _uid(source, by_tag[0x00020010])
    if syntax not in registry.TRANSFER_SYNTAXES:
        raise Refused("transfer-syntax-not-allowed")
    media_class = _uid(source, by_tag[0x00020002]) if 0x00020002 in by_tag else ""
    buffer, start, plain = source, meta.end, syntax
    if syntax in (registry.DEFLATED, registry.EXPLICIT_BIG) and len(source) < size:
        raise HeadTooShort
    if syntax == registry.DEFLATED:
        buffer, start, plain = _inflate(source, meta.end), 0, registry.EXPLICIT_LITTLE
    elif syntax == registry.EXPLICIT_BIG:
        buffer, start, plain = to_little_endian(source, meta.end), 0, registry.EXPLICIT_LITTLE
    implicit = plain == registry.IMPLICIT_LITTLE
    return PlainInstance(buffer, start, implicit, syntax, plain, media_class, preamble_used, meta.end)


def _bare(source: Buffer) -> PlainInstance:
    """A data set without group 0002: believed only when it opens with an element of group 0008."""
    if len(source) < 8 or bytes(source[:2]) != b"\x08\x00":
        raise Refused("not-dicom")
    implicit = not _explicit_vr(source, 0)
    # An implicit stream opens with a short element; a huge length there is some other file's bytes.
    if implicit and int.from_bytes(bytes(source[4:8]), "little") > 1024:
        raise Refused("not-dicom")
    syntax = registry.IMPLICIT_LITTLE if implicit else registry.EXPLICIT_LITTLE
    return PlainInstance(source, 0, implicit, syntax, syntax, "", preamble_used=False)


def _explicit_vr(source: Buffer, at: int) -> bool:
    return bytes(source[at + 4 : at + 6]) in VRS


def _uid(source: Buffer, element: Element) -> str:
    return bytes(source[element.value : element.stop]).rstrip(b"\0 ").decode("ascii", "replace")


def _inflate(source: Buffer, start: int) -> bytes:
    """The deflated data set at `start`, inflated; what follows the deflate stream is dropped."""
    bound = min(max(INFLATED_FLOOR, INFLATED_RATIO * len(source)), INFLATED_CEILING)
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    chunks: list[bytes] = []
    size = 0
    pending: Buffer = memoryview(source)[start:]
    try:
        while not stream.eof:
            chunk = stream.decompress(pending, min(4 * _MIB, bound + 1 - size))
            if not chunk and not stream.unconsumed_tail:
                break
            chunks.append(chunk)
            size += len(chunk)
            if size > bound:
                raise Refused("expands-too-much", f"{bound // _MIB} MiB")
            pending = stream.unconsumed_tail
    except zlib.error:
        # from None: zlib's message is harmless, but the rule is that no foreign message travels.
        raise Refused("bad-header", "deflate stream") from None
    if not stream.eof:
        raise Refused("truncated", "deflate stream")
    return b"".join(chunks)
