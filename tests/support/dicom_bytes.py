"""Small DICOM files made byte by byte, so that a test can say exactly where it lies.

Nothing here uses the code under test; the encodings follow PS3.5 clause 7 and PS3.10 clause 7.
"""

import struct
import zlib
from collections.abc import Mapping

EXPLICIT, IMPLICIT = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"
DEFLATED, BIG = "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2"
RLE, JPEG, JPEG_2000 = "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90"
CT = "1.2.840.10008.5.1.4.1.1.2"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
ROOT = "1.2.826.0.1.3680043.10.4242"

# A VR and a value still to be encoded; bytes alone are a whole encoded element; None drops a tag.
Plain = tuple[str, bytes | str]
Change = Plain | bytes | None

NAME, PATIENT_ID, BIRTH = "Zaveriwal^Quirina", "UHIDQX77123", "19630227"
STUDY_DATE = "20240311"
SOP_UID, STUDY_UID, SERIES_UID = f"{ROOT}.7.1", f"{ROOT}.7.900", f"{ROOT}.7.901"

_LONG = frozenset("OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
_UNDEFINED = 0xFFFFFFFF


def us(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}H", *values)


def element(tag: int, vr: str, value: bytes | str = b"", *, length: int | None = None, implicit: bool = False) -> bytes:
    """One element; `length` overrides the true one."""
    raw = value.encode("utf-8") if isinstance(value, str) else value
    if len(raw) % 2:
        raw += b"\0" if vr in {"UI", "OB", "UN"} else b" "
    said = len(raw) if length is None else length
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF)
    if implicit:
        return head + struct.pack("<I", said) + raw
    if vr in _LONG:
        return head + vr.encode() + struct.pack("<HI", 0, said) + raw
    return head + vr.encode() + struct.pack("<H", said & 0xFFFF) + raw


def item(content: bytes, *, undefined: bool = False) -> bytes:
    if undefined:
        return struct.pack("<HHI", 0xFFFE, 0xE000, _UNDEFINED) + content + struct.pack("<HHI", 0xFFFE, 0xE00D, 0)
    return struct.pack("<HHI", 0xFFFE, 0xE000, len(content)) + content


def sequence_of_undefined_length(tag: int, *items: bytes, vr: str = "SQ", implicit: bool = False) -> bytes:
    head = element(tag, vr, b"", length=_UNDEFINED, implicit=implicit)
    return head + b"".join(items) + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)


def encapsulated(*fragments: bytes, table: bytes = b"") -> bytes:
    """The pixel data element holding `fragments`."""
    padded = (fragment + b"\0" * (len(fragment) % 2) for fragment in fragments)
    return sequence_of_undefined_length(0x7FE00010, item(table), *map(item, padded), vr="OB")


def native_pixels(rows: int = 8, columns: int = 8) -> bytes:
    return b"".join(us((row * 16 + column * 8) & 0x0FFF) for row in range(rows) for column in range(columns))


def slice_elements(rows: int = 8, columns: int = 8, sop_class: str = CT) -> dict[int, Plain]:
    """A plain CT slice as {tag: (VR, value)}; change what a test is about."""
    return {
        0x00080005: ("CS", "ISO_IR 192"),
        0x00080008: ("CS", "ORIGINAL\\PRIMARY\\AXIAL"),
        0x00080016: ("UI", sop_class),
        0x00080018: ("UI", SOP_UID),
        0x00080020: ("DA", STUDY_DATE),
        0x00080030: ("TM", "101530.5"),
        0x00080060: ("CS", "CT"),
        0x00080070: ("LO", "Acme Scanners"),
        0x00100010: ("PN", NAME),
        0x00100020: ("LO", PATIENT_ID),
        0x00100030: ("DA", BIRTH),
        0x00100040: ("CS", "F"),
        0x00180015: ("CS", "HEAD"),
        0x00180050: ("DS", "2.5"),
        0x0020000D: ("UI", STUDY_UID),
        0x0020000E: ("UI", SERIES_UID),
        0x00200013: ("IS", "4"),
        0x00200032: ("DS", "-125.0\\-125.0\\10.5"),
        0x00200037: ("DS", "1\\0\\0\\0\\1\\0"),
        0x00280002: ("US", us(1)),
        0x00280004: ("CS", "MONOCHROME2"),
        0x00280010: ("US", us(rows)),
        0x00280011: ("US", us(columns)),
        0x00280030: ("DS", "0.5\\0.5"),
        0x00280100: ("US", us(16)),
        0x00280101: ("US", us(12)),
        0x00280102: ("US", us(11)),
        0x00280103: ("US", us(0)),
        0x7FE00010: ("OW", native_pixels(rows, columns)),
    }


def dataset(
    changes: Mapping[int, Change] | None = None,
    *,
    implicit: bool = False,
    rows: int = 8,
    columns: int = 8,
    sop_class: str = CT,
) -> bytes:
    """The slice encoded; in `changes` None drops a tag and bytes stand for the whole encoded element."""
    whole: dict[int, Change] = {**slice_elements(rows, columns, sop_class)}
    whole |= changes or {}
    encoded = []
    for tag in sorted(whole):
        what = whole[tag]
        if isinstance(what, bytes):
            encoded.append(what)
        elif what is not None:
            encoded.append(element(tag, *what, implicit=implicit))
    return b"".join(encoded)


def part10(body: bytes, syntax: str = EXPLICIT, *, preamble: bytes = bytes(128), sop_class: str = CT) -> bytes:
    """A whole file around the data set `body`, which is deflated here when the syntax says so."""
    meta = b"".join(
        (
            element(0x00020001, "OB", b"\0\1"),
            element(0x00020002, "UI", sop_class),
            element(0x00020003, "UI", SOP_UID),
            element(0x00020010, "UI", syntax),
            element(0x00020012, "UI", f"{ROOT}.1"),
        )
    )
    if syntax == DEFLATED:
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        body = deflate.compress(body) + deflate.flush()
    return preamble + b"DICM" + element(0x00020000, "UL", struct.pack("<I", len(meta))) + meta + body


def ct_file(changes: Mapping[int, Change] | None = None, syntax: str = EXPLICIT) -> bytes:
    """A whole CT file with `changes`."""
    return part10(dataset(changes, implicit=syntax == IMPLICIT), syntax)


def eight_bit(stream_element: bytes, photometric: str = "MONOCHROME2") -> dict[int, Plain | bytes]:
    """Changes that make the slice an 8-bit one whose pixel element is `stream_element`."""
    return {
        0x00280004: ("CS", photometric),
        0x00280100: ("US", us(8)),
        0x00280101: ("US", us(8)),
        0x00280102: ("US", us(7)),
        0x7FE00010: stream_element,
    }
