"""What kind of container a file is, by its first bytes; the name is never asked."""

import zlib
from enum import StrEnum
from typing import BinaryIO

_HEAD = 512
_ISO_MARK = 0x8001  # the primary volume descriptor of ISO 9660, sector 16, byte 1
_OTHERS = (
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\xfd7zXZ\x00",
    b"BZh",
    b"\x28\xb5\x2f\xfd",  # zstd
    b"MSCF",  # cabinet
    b"LZIP",
    b"xar!",
    b"!<arch>\n",
)
# An office document is a zip by its bytes, but a document by its first entry's name.
_DOCUMENT_STARTS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"ppt/", b"word/", b"xl/", b"mimetype")


class ArchiveKind(StrEnum):
    """`ZIP` can be opened here, `OTHER` is an archive that cannot, `NONE` is no archive."""

    ZIP = "zip"
    OTHER = "other"
    NONE = "none"


def archive_kind(file: BinaryIO) -> ArchiveKind:
    """The kind of the seekable `file`, whose position is left at its beginning."""
    file.seek(0)
    kind = kind_of_head(file.read(_HEAD))
    if kind is ArchiveKind.NONE:
        file.seek(_ISO_MARK)
        if file.read(5) == b"CD001":
            kind = ArchiveKind.OTHER
    file.seek(0)
    return kind


def kind_of_head(head: bytes) -> ArchiveKind:
    """The kind by the first 512 bytes; an office document counts as no archive, and so does plain gzip."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK")):
        return ArchiveKind.NONE if head[30:].startswith(_DOCUMENT_STARTS) else ArchiveKind.ZIP
    if head.startswith(_OTHERS) or _is_tar(head):
        return ArchiveKind.OTHER
    if head.startswith(b"\x1f\x8b") and _is_tar(_first_unfolded(head)):
        return ArchiveKind.OTHER
    return ArchiveKind.NONE


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _first_unfolded(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(head, _HEAD)
    except zlib.error:
        return b""
