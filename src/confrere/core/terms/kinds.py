"""What kind of file a run of bytes is, told from its first bytes and never from its name.

Source: PS3.10 section 7.1 (DICM at byte 128); the signatures of the other formats are their own standards'.
"""

from enum import StrEnum


class FileKind(StrEnum):
    """The kinds a door can meet."""

    DICOM = "dicom"
    ZIP = "zip"
    OTHER_ARCHIVE = "other_archive"
    PHOTO = "photo"
    VIDEO = "video"
    DOCUMENT = "document"
    VOLUME = "volume"
    TEXT = "text"
    UNKNOWN = "unknown"


_SIGNATURES: tuple[tuple[int, bytes, FileKind], ...] = (
    (128, b"DICM", FileKind.DICOM),
    (0, b"PK\x03\x04", FileKind.ZIP),
    (0, b"PK\x05\x06", FileKind.ZIP),
    (0, b"Rar!\x1a\x07", FileKind.OTHER_ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", FileKind.OTHER_ARCHIVE),
    (257, b"ustar", FileKind.OTHER_ARCHIVE),
    (32769, b"CD001", FileKind.OTHER_ARCHIVE),
    (0, b"\x89PNG\r\n\x1a\n", FileKind.PHOTO),
    (0, b"\xff\xd8\xff", FileKind.PHOTO),
    (0, b"GIF8", FileKind.PHOTO),
    (0, b"II*\0", FileKind.PHOTO),
    (0, b"MM\0*", FileKind.PHOTO),
    (0, b"II+\0", FileKind.PHOTO),  # TIFF with offsets of 64 bits
    (0, b"MM\0+", FileKind.PHOTO),
    (8, b"WEBP", FileKind.PHOTO),
    (4, b"ftyphei", FileKind.PHOTO),
    (4, b"ftypmif1", FileKind.PHOTO),
    (8, b"AVI ", FileKind.VIDEO),
    (4, b"ftyp", FileKind.VIDEO),
    (0, b"\x1a\x45\xdf\xa3", FileKind.VIDEO),
    (0, b"%PDF-", FileKind.DOCUMENT),
    (0, b"\x1f\x8b", FileKind.VOLUME),
    (344, b"n+1\0", FileKind.VOLUME),
)

_OFFICE_STARTS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"ppt/", b"word/", b"xl/")

HEAD_BYTES = 32774


def kind_of(head: bytes) -> FileKind:
    """The kind of the file that starts with `head` (its first HEAD_BYTES bytes, or all of it).

    An office document is a zip by its bytes, and a document by the name of its first entry.
    A bare DICOM stream without preamble looks like group 0008 or 0002 in little endian.
    """
    if head.startswith(b"PK\x03\x04") and head[30:].startswith(_OFFICE_STARTS):
        return FileKind.DOCUMENT
    for offset, mark, kind in _SIGNATURES:
        if head[offset : offset + len(mark)] == mark:
            return kind
    if head[:2] in (b"\x08\x00", b"\x02\x00") and len(head) > 8:
        return FileKind.DICOM
    if head and b"\0" not in head[:4096]:
        return FileKind.TEXT
    return FileKind.UNKNOWN
