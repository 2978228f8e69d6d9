"""Write an instance again around new pixels: every other element as it lay, what could show the old ones left out.

Source: PS3.10 clause 7.1 (file meta); PS3.5 clause 7.1 and A.4; PS3.3 C.7.6.1.1.5 (lossy image compression).
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from confrere.core.dicom import registry
from confrere.core.dicom.dictionary import LONG_VRS
from confrere.core.dicom.lossless import LOSSY
from confrere.core.dicom.pixels import PHOTOMETRIC, PLANAR
from confrere.core.dicom.stored_values import OpenedInstance
from confrere.core.dicom.walk import PIXEL_TAGS
from confrere.core.terms import Refused

_ICON, _LOSSY = 0x00880200, 0x00282110
_OFFSETS = frozenset({0x7FE00001, 0x7FE00002, 0x7FE00003})
_LONGEST = 0xFFFFFFFE
_ITEM, _END = 0xFFFEE000, 0xFFFEE0DD
# Confrere's implementation class; a UUID-derived UID (PS3.5 B.2).
_IMPLEMENTATION = "2.25.230576673214956801512065398486820354408"


@dataclass(frozen=True, slots=True)
class Written:
    """New pixels: `native` bytes or compressed `streams`, one a frame. `is_rgb` says that colour is now plain RGB."""

    transfer_syntax_uid: str
    native: bytes | None = None
    streams: Sequence[bytes] = ()
    is_rgb: bool = False


def write_instance(opened: OpenedInstance, written: Written) -> bytes:
    """The whole file. Raises Refused("too-many-pixels") when the pixels outgrow one element."""
    implicit = written.transfer_syntax_uid == registry.IMPLICIT_LITTLE
    changed = _changed(opened, written, implicit=implicit)
    elements = {**_kept(opened), **changed}
    body = b"".join(elements[tag] for tag in sorted(elements))
    return _opening(opened, written.transfer_syntax_uid) + body


def _kept(opened: OpenedInstance) -> dict[int, bytes]:
    buffer = opened.attributes.buffer
    return {
        tag: bytes(buffer[element.start : element.end])
        for tag, element in opened.attributes.by_tag.items()
        if not _shows_old_pixels(tag) and tag not in PIXEL_TAGS
    }


def _shows_old_pixels(tag: int) -> bool:
    """Overlays of every group, the icon, and tables of where the old frames lay."""
    return 0x6000 <= tag >> 16 <= 0x60FF or tag == _ICON or tag in _OFFSETS


def _changed(opened: OpenedInstance, written: Written, *, implicit: bool) -> dict[int, bytes]:
    changed = {}
    if written.is_rgb:
        changed[PHOTOMETRIC] = encoded(PHOTOMETRIC, b"CS", b"RGB ", implicit=implicit)
        changed[PLANAR] = encoded(PLANAR, b"US", b"\0\0", implicit=implicit)
    elif (
        opened.layout.samples == 3 and opened.transfer_syntax_uid not in registry.NATIVE and written.native is not None
    ):
        changed[PLANAR] = encoded(PLANAR, b"US", b"\0\0", implicit=implicit)
    if opened.transfer_syntax_uid in LOSSY:
        changed[_LOSSY] = encoded(_LOSSY, b"CS", b"01", implicit=implicit)
    tag = next(tag for tag in PIXEL_TAGS if tag in opened.attributes.by_tag)
    changed[tag] = _pixel_element(opened, tag, written, implicit=implicit)
    return changed


def _pixel_element(opened: OpenedInstance, tag: int, written: Written, *, implicit: bool) -> bytes:
    if written.native is None:
        return _encapsulated(tag, written.streams)
    vr = opened.attributes.by_tag[tag].vr
    if opened.transfer_syntax_uid not in registry.NATIVE:
        vr = b"OW" if opened.layout.allocated > 8 else b"OB"
    return encoded(tag, vr, written.native, implicit=implicit)


def _encapsulated(tag: int, streams: Sequence[bytes]) -> bytes:
    """Streams of one fragment each, with the basic offset table where it can count that far."""
    padded = [stream + b"\0" * (len(stream) % 2) for stream in streams]
    offsets, at = [], 0
    for stream in padded:
        if len(stream) > _LONGEST:
            raise Refused("too-many-pixels")
        offsets.append(at)
        at += 8 + len(stream)
    table = struct.pack(f"<{len(offsets)}I", *offsets) if at <= _LONGEST and len(offsets) > 1 else b""
    head = struct.pack("<HH2sHI", tag >> 16, tag & 0xFFFF, b"OB", 0, 0xFFFFFFFF)
    items = b"".join(_item(one) for one in (table, *padded))
    return head + items + struct.pack("<HHI", _END >> 16, _END & 0xFFFF, 0)


def _item(content: bytes) -> bytes:
    return struct.pack("<HHI", _ITEM >> 16, _ITEM & 0xFFFF, len(content)) + content


def encoded(tag: int, vr: bytes, value: bytes, *, implicit: bool) -> bytes:
    """One element of defined length, padded with a zero byte; Refused when the value is too long for one."""
    value += b"\0" * (len(value) % 2)
    if len(value) > _LONGEST:
        raise Refused("too-many-pixels")
    group, number = tag >> 16, tag & 0xFFFF
    if implicit:
        return struct.pack("<HHI", group, number, len(value)) + value
    if vr in LONG_VRS:
        return struct.pack("<HH2sHI", group, number, vr, 0, len(value)) + value
    return struct.pack("<HH2sH", group, number, vr, len(value)) + value


def _opening(opened: OpenedInstance, transfer_syntax_uid: str) -> bytes:
    """Preamble and group 0002, made from the identifiers alone."""
    uids = {0x00020002: opened.attributes.raw(0x00080016), 0x00020003: opened.attributes.raw(0x00080018)}
    meta = encoded(0x00020001, b"OB", b"\0\1", implicit=False)
    for tag, uid in uids.items():
        meta += encoded(tag, b"UI", uid or b"", implicit=False)
    meta += encoded(0x00020010, b"UI", transfer_syntax_uid.encode("ascii"), implicit=False)
    meta += encoded(0x00020012, b"UI", _IMPLEMENTATION.encode("ascii"), implicit=False)
    length = encoded(0x00020000, b"UL", struct.pack("<I", len(meta)), implicit=False)
    return bytes(128) + b"DICM" + length + meta
