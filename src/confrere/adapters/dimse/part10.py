"""From a data set as it came over the wire to a Part 10 file, and a look whether it is what was announced.

Source: PS3.10 section 7.1 (file meta information), PS3.5 section 7.1 (element structure) and A.5 (deflate).
"""

import re
import struct
import zlib

from pydicom.uid import UID
from pynetdicom.dsutils import create_file_meta, encode_file_meta

from confrere.core.terms import Refused

# Confrere's own implementation class UID: a UUID under 2.25, fixed for good.
IMPLEMENTATION_CLASS_UID = UID("2.25.248901367045520846311090327864217735561")
IMPLEMENTATION_VERSION_NAME = "CONFRERE"

_SOP_CLASS_UID = 0x00080016
_SOP_INSTANCE_UID = 0x00080018
_LOOK_BYTES = 64 * 1024
_LONG_VRS = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"))
_UNDEFINED = 0xFFFFFFFF
_UID = re.compile(r"[0-9]+(\.[0-9]+)*")


def check_uid(uid: str) -> str:
    """Return `uid` when it is 1 to 64 characters of digits and single dots; else Refused (PS3.5 chapter 9).

    Leading zeros in a component are unlawful but harmless, and old devices write them.
    """
    if len(uid) > 64 or not _UID.fullmatch(uid):
        raise Refused("bad-uid")
    return uid


def build_part10(sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str, data_set: memoryview) -> bytes:
    """Return preamble, our own group 0002 and `data_set` untouched: the one copy made of the data set."""
    meta = create_file_meta(
        sop_class_uid=UID(sop_class_uid),
        sop_instance_uid=UID(sop_instance_uid),
        transfer_syntax=UID(transfer_syntax_uid),
        implementation_uid=IMPLEMENTATION_CLASS_UID,
        implementation_version=IMPLEMENTATION_VERSION_NAME,
    )
    return b"".join((bytes(128), b"DICM", encode_file_meta(meta), data_set))


def check_announced(
    data_set: memoryview, *, sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str
) -> None:
    """Compare the identifiers of the command with those at the head of the data set.

    Raises Refused("syntax-mismatch") when the head cannot be read in the agreed syntax, and
    Refused("uid-mismatch") when it can and says something else. Only the head is read: pixels in another
    encoding than agreed are found by clearance.
    """
    found = _head(data_set, UID(transfer_syntax_uid))
    announced = {_SOP_CLASS_UID: sop_class_uid, _SOP_INSTANCE_UID: sop_instance_uid}
    if found != announced:
        raise Refused("uid-mismatch")


def _head(data_set: memoryview, syntax: UID) -> dict[int, str]:
    head = bytes(data_set[:_LOOK_BYTES])
    if syntax.is_deflated:
        try:
            head = zlib.decompressobj(-zlib.MAX_WBITS).decompress(head, _LOOK_BYTES)
        except zlib.error:
            raise Refused("syntax-mismatch") from None
    order = "<" if syntax.is_little_endian else ">"
    found: dict[int, str] = {}
    at = last = 0
    while at < len(head):
        tag, start, length = _element(head, at, order, implicit=syntax.is_implicit_VR)
        if tag <= last or tag >> 16 < 0x0008:
            raise Refused("syntax-mismatch")
        if tag > _SOP_INSTANCE_UID:
            break
        last, at = tag, _end(head, start, length, order)
        if tag in (_SOP_CLASS_UID, _SOP_INSTANCE_UID):
            found[tag] = head[start:at].decode("ascii", "replace").rstrip("\0 ")
    if not found:
        # Both are mandatory: a head with neither was read in the wrong byte order, or is no data set.
        raise Refused("syntax-mismatch")
    return found


def _element(head: bytes, at: int, order: str, *, implicit: bool) -> tuple[int, int, int]:
    """Tag, offset of the value and length of the element at `at`."""
    try:
        group, element = struct.unpack_from(f"{order}HH", head, at)
        tag = group << 16 | element
        if implicit:
            return tag, at + 8, struct.unpack_from(f"{order}L", head, at + 4)[0]
        vr = head[at + 4 : at + 6]
        if vr in _LONG_VRS:
            return tag, at + 12, struct.unpack_from(f"{order}L", head, at + 8)[0]
        if not (vr.isalpha() and vr.isupper()):
            raise Refused("syntax-mismatch")
        return tag, at + 8, struct.unpack_from(f"{order}H", head, at + 6)[0]
    except struct.error:
        raise Refused("syntax-mismatch") from None


def _end(head: bytes, start: int, length: int, order: str) -> int:
    if length == _UNDEFINED:
        # Before (0008,0018) only the Language Code Sequence can be one of these, and it does not nest.
        delimiter = struct.pack(f"{order}HHL", 0xFFFE, 0xE0DD, 0)
        length = head.find(delimiter, start) + len(delimiter) - start
    if length < 0 or start + length > len(head):
        raise Refused("syntax-mismatch")
    return start + length
