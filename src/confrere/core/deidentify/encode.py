"""Write data elements in the two little-endian encodings.

Source: PS3.5 clauses 7.1.2 and 7.1.3 (data element structure), 7.5.1 (items with explicit length).
"""

import struct

from confrere.core.deidentify.values import padded
from confrere.core.dicom.dictionary import LONG_VRS

_SHORT = struct.Struct("<HH2sH")
_LONG = struct.Struct("<HH2sHI")
_IMPLICIT = struct.Struct("<HHI")


def element(tag: int, vr: bytes, value: bytes, *, implicit: bool) -> bytes:
    """One element of defined length, its value padded to even length."""
    value = padded(vr, value)
    group, number = tag >> 16, tag & 0xFFFF
    if implicit:
        return _IMPLICIT.pack(group, number, len(value)) + value
    if vr in LONG_VRS:
        return _LONG.pack(group, number, vr, 0, len(value)) + value
    return _SHORT.pack(group, number, vr, len(value)) + value


def item(content: bytes) -> bytes:
    """One sequence item of defined length."""
    return _IMPLICIT.pack(0xFFFE, 0xE000, len(content)) + content
