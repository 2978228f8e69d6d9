"""The files in a zip, one after the other, each proved against its size and checksum while it is read."""

import io
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, BinaryIO

from confrere.adapters.archive.sniff import ArchiveKind, archive_kind, kind_of_head
from confrere.adapters.archive.structure import ArchiveLimits, Entry, Located, read_structure
from confrere.core.terms import Refused

_BLOCK = 1 << 18
_PIECE = 1 << 20
_HEAD = 512
_IN_MEMORY = 64 << 20
_STORED = 0
# Only these may be told: other endings of a name are often a piece of a UID or of a person's name.
_SUFFIXES = frozenset(
    ".dcm .dicom .dic .ima .img .png .jpg .jpeg .heic .tif .tiff .bmp .gif .webp .mp4 .mov .avi .pdf .pptx"
    " .ppt .docx .doc .xlsx .nii .nii.gz .gz .zip .txt .csv .json .xml .html .svg".split()
)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive. `index` is its place (0-based) in the directory, the only name it may have.

    `suffix` is its ending where it is a known one, else "". `is_clutter` marks what an operating system
    leaves in archives by itself (`__MACOSX/`, `.DS_Store`, `Thumbs.db`).
    """

    index: int
    size: int
    suffix: str
    is_clutter: bool
    _file: BinaryIO
    _located: Located

    def chunks(self) -> Iterator[bytes]:
        """The content in pieces of up to 1 MiB; the way to seal it without a plain copy on disk.

        Raises Refused at the piece that shows a lie about size or checksum: discard what came before it.
        """
        return _proved(self._file, self._located)

    def open(self, folder: str | None = None) -> IO[bytes]:
        """The whole content, already proved, as a seekable file at its beginning.

        Up to 64 MiB lie in memory; more goes to an unnamed file in `folder`, unsealed, so it should be on
        an encrypted or memory disk.
        """
        spool: IO[bytes] = io.BytesIO() if self.size <= _IN_MEMORY else tempfile.TemporaryFile(dir=folder)
        try:
            for piece in self.chunks():
                spool.write(piece)
        except BaseException:
            spool.close()
            raise
        spool.seek(0)
        return spool


def members(file: BinaryIO, limits: ArchiveLimits | None = None) -> Iterator[Member]:
    """The files of the zip `file` (seekable, and not used by others meanwhile) in directory order.

    Everything that can be judged without unpacking is judged before the first member is given. Raises
    Refused: archive-not-supported, bad-archive, too-many-files, unsafe-path, link-in-archive,
    encrypted-archive, overlapping-entries, expands-too-much (also for an archive inside the archive),
    too-large, size-lie. The detail holds no name.
    """
    kind = archive_kind(file)
    if kind is ArchiveKind.OTHER:
        raise Refused("archive-not-supported")
    located = read_structure(file, limits or ArchiveLimits())
    files = [(index, one) for index, one in enumerate(located) if not one.entry.is_folder]
    for _, one in files:
        _check_not_nested(file, one)
    for index, one in files:
        yield Member(index, one.entry.size, _suffix(one.entry), _is_clutter(one.entry), file, one)


def _check_not_nested(file: BinaryIO, located: Located) -> None:
    inner = kind_of_head(_head(file, located))
    if inner is ArchiveKind.ZIP:
        raise Refused("expands-too-much", "an archive inside the archive")
    if inner is ArchiveKind.OTHER:
        raise Refused("archive-not-supported", "an archive inside the archive")


def _head(file: BinaryIO, located: Located) -> bytes:
    file.seek(located.start)
    packed = file.read(min(located.entry.packed_bytes, _HEAD))
    if located.entry.method == _STORED:
        return packed
    try:
        return zlib.decompressobj(wbits=-15).decompress(packed, _HEAD)
    except zlib.error:
        raise Refused("bad-archive", "unreadable stream") from None


def _proved(file: BinaryIO, located: Located) -> Iterator[bytes]:
    size = 0
    crc = 0
    for piece in _unfolded(file, located):
        size += len(piece)
        if size > located.entry.size:
            raise Refused("size-lie")
        crc = zlib.crc32(piece, crc)
        yield piece
    if size != located.entry.size:
        raise Refused("size-lie")
    if crc != located.entry.crc:
        raise Refused("bad-archive", "checksum")


def _packed(file: BinaryIO, located: Located) -> Iterator[bytes]:
    at, end = located.start, located.start + located.entry.packed_bytes
    while at < end:
        # Seek each time: members may be read by turns.
        file.seek(at)
        block = file.read(min(_BLOCK, end - at))
        if not block:
            raise Refused("bad-archive", "archive ends early")
        at += len(block)
        yield block


def _unfolded(file: BinaryIO, located: Located) -> Iterator[bytes]:
    if located.entry.method == _STORED:
        yield from _packed(file, located)
        return
    stream = zlib.decompressobj(wbits=-15)
    try:
        for block in _packed(file, located):
            rest = block
            while rest:
                piece = stream.decompress(rest, _PIECE)
                rest = stream.unconsumed_tail
                if piece:
                    yield piece
                if stream.eof:
                    break
            if stream.eof and (stream.unused_data or rest):
                raise Refused("size-lie")
        # A full piece can leave output inside zlib when there is no input left.
        while not stream.eof and (piece := stream.decompress(b"", _PIECE)):
            yield piece
    except zlib.error:
        raise Refused("bad-archive", "unreadable stream") from None
    if not stream.eof:
        raise Refused("size-lie")


def _suffix(entry: Entry) -> str:
    name = entry.name.rpartition(b"/")[2].decode("latin-1").lower()
    if name.endswith(".nii.gz"):
        return ".nii.gz"
    suffix = "." + name.rpartition(".")[2] if "." in name else ""
    return suffix if suffix in _SUFFIXES else ""


def _is_clutter(entry: Entry) -> bool:
    base = entry.name.rpartition(b"/")[2].lower()
    return (
        entry.name.startswith(b"__MACOSX/")
        or base in (b".ds_store", b"thumbs.db", b"desktop.ini")
        or base.startswith(b"._")
    )
