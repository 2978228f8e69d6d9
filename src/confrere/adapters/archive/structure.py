"""The directory of a zip, read strictly and held against the bytes it speaks of.

Source: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14-16 (its end), 4.5.3
(zip64). Stricter than the note: one disk, nothing before the first entry, directory and end adjacent.
"""

import re
import stat
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from confrere.core.terms import Refused

_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR64 = struct.Struct("<4sIQI")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
_BETWEEN = _END64.size + _LOCATOR64.size
_MOST_COMMENT = 0xFFFF
_MOST_DIRECTORY = 32 << 20
_IN_ZIP64 = 0xFFFFFFFF
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000  # plain, strong, and an encrypted directory
_SIZES_FOLLOW = 0x0008
_AES = 99
_ZIP64_EXTRA = 0x0001


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """What an archive may hold. `ratio` binds only where it unfolds to more than `always_allowed_bytes`."""

    entries: int = 20_000
    member_bytes: int = 4 << 30
    total_bytes: int = 10 << 30
    ratio: int = 100
    always_allowed_bytes: int = 64 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One directory entry, as the directory claims it; `name` may identify a person and goes nowhere."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed_bytes: int
    size: int
    offset: int
    mode: int

    @property
    def is_folder(self) -> bool:
        """By the trailing slash, as every zip tool does."""
        return self.name.endswith(b"/")


@dataclass(frozen=True, slots=True)
class Located:
    """An entry and where its packed bytes begin."""

    entry: Entry
    start: int


def read_structure(file: BinaryIO, limits: ArchiveLimits) -> tuple[Located, ...]:
    """Every entry in directory order; raises Refused for any that is not what it claims or exceeds a limit.

    Not yet known after this: whether the streams unfold to the sizes and checksums claimed.
    """
    length = file.seek(0, 2)
    count, start, size = _find_directory(file, length)
    if count > limits.entries:
        raise Refused("too-many-files")
    if size > _MOST_DIRECTORY:
        raise Refused("bad-archive", "directory too long")
    file.seek(start)
    entries = tuple(_entries(file.read(size), count))
    _check_entries(entries)
    located = tuple(_locate(file, entry, start) for entry in entries)
    _check_overlap(located)
    _check_duplicates(entries)
    _check_sizes(entries, length, limits)
    return located


def _find_directory(file: BinaryIO, length: int) -> tuple[int, int, int]:
    """(number of entries, offset, size) of the directory."""
    tail_start = max(0, length - _END.size - _MOST_COMMENT)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    # The first hit from the end whose comment reaches exactly to the end of the file is the true one.
    while at >= 0:
        if at + _END.size <= len(tail):
            _, disk, first_disk, here, count, size, start, comment = _END.unpack_from(tail, at)
            if at + _END.size + comment == len(tail):
                break
        at = tail.rfind(b"PK\x05\x06", 0, at)
    else:
        raise Refused("bad-archive", "no directory")
    end = tail_start + at
    # Some writers escape no field and yet put a zip64 directory end between.
    if 0xFFFF in (disk, first_disk, here, count) or _IN_ZIP64 in (size, start) or start + size == end - _BETWEEN:
        disk, first_disk, here, count, size, start, end = _find_directory64(file, end)
    if disk or first_disk or here != count:
        raise Refused("archive-not-supported", "split archive")
    if start + size != end:
        raise Refused("bad-archive", "directory is not where its end says")
    return count, start, size


def _find_directory64(file: BinaryIO, end: int) -> tuple[int, int, int, int, int, int, int]:
    if end < _LOCATOR64.size + _END64.size:
        raise Refused("bad-archive", "no zip64 directory")
    file.seek(end - _LOCATOR64.size)
    mark, _, at, disks = _LOCATOR64.unpack(file.read(_LOCATOR64.size))
    if mark != b"PK\x06\x07" or disks > 1 or at > end - _LOCATOR64.size - _END64.size:
        raise Refused("bad-archive", "no zip64 directory")
    file.seek(at)
    mark, record, _, _, disk, first_disk, here, count, size, start = _END64.unpack(file.read(_END64.size))
    if mark != b"PK\x06\x06" or at + 12 + record != end - _LOCATOR64.size:
        raise Refused("bad-archive", "no zip64 directory")
    return disk, first_disk, here, count, size, start, at


def _entries(directory: bytes, count: int) -> Iterator[Entry]:
    at = 0
    for _ in range(count):
        if at + _ENTRY.size > len(directory):
            raise Refused("bad-archive", "directory ends early")
        fields = _ENTRY.unpack_from(directory, at)
        if fields[0] != b"PK\x01\x02":
            raise Refused("bad-archive", "directory entry without its mark")
        name_length, extra_length, comment_length = fields[10:13]
        name_at = at + _ENTRY.size
        extra_at = name_at + name_length
        at = extra_at + extra_length + comment_length
        if at > len(directory):
            raise Refused("bad-archive", "directory ends early")
        wide = _widened(directory[extra_at : extra_at + extra_length], (fields[9], fields[8], fields[16]))
        yield Entry(
            name=directory[name_at:extra_at],
            flags=fields[3],
            method=fields[4],
            crc=fields[7],
            packed_bytes=wide[1],
            size=wide[0],
            offset=wide[2],
            mode=fields[15] >> 16,
        )
    if at != len(directory):
        raise Refused("bad-archive", "directory holds more than it counts")


def _widened(extra: bytes, narrow: tuple[int, int, int]) -> tuple[int, int, int]:
    """(size, packed size, offset), those of 32 ones replaced from the zip64 extra field, in this order."""
    if _IN_ZIP64 not in narrow:
        return narrow
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _ZIP64_EXTRA:
            wide = iter(struct.unpack_from(f"<{min(length, len(extra) - at - 4) // 8}Q", extra, at + 4))
            size, packed, offset = (next(wide, None) if value == _IN_ZIP64 else value for value in narrow)
            if size is not None and packed is not None and offset is not None:
                return size, packed, offset
            break
        at += 4 + length
    raise Refused("bad-archive", "zip64 sizes are missing")


def _check_entries(entries: Sequence[Entry]) -> None:
    for entry in entries:
        if _is_unsafe(entry.name):
            raise Refused("unsafe-path")
        kind = stat.S_IFMT(entry.mode)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise Refused("link-in-archive")
        if entry.flags & _ENCRYPTED or entry.method == _AES:
            raise Refused("encrypted-archive")
        if entry.method not in (_STORED, _DEFLATED):
            raise Refused("archive-not-supported", f"compression method {entry.method}")
        if entry.is_folder and entry.size:
            raise Refused("bad-archive", "a folder with content")
        if entry.method == _STORED and entry.size != entry.packed_bytes:
            raise Refused("size-lie")


def _is_unsafe(name: bytes) -> bool:
    parts = name.removesuffix(b"/").split(b"/")
    return bool(
        name[:1] in (b"", b"/")
        or b"\\" in name
        or b"\0" in name
        or re.match(rb"[A-Za-z]:", name)
        or any(part in (b"", b"..") for part in parts)
    )


def _locate(file: BinaryIO, entry: Entry, directory: int) -> Located:
    """Hold the entry against its local header; what the two say must agree, or readers will differ."""
    if entry.offset + _LOCAL.size > directory:
        raise Refused("bad-archive", "an entry lies outside the archive")
    file.seek(entry.offset)
    mark, _, flags, method, _, _, crc, packed, size, name_length, extra_length = _LOCAL.unpack(file.read(_LOCAL.size))
    if mark != b"PK\x03\x04" or (flags ^ entry.flags) & (_ENCRYPTED | _SIZES_FOLLOW) or method != entry.method:
        raise Refused("bad-archive", "directory and entry disagree")
    if file.read(name_length) != entry.name:
        raise Refused("bad-archive", "directory and entry disagree")
    if not flags & _SIZES_FOLLOW:
        size, packed, _ = _widened(file.read(extra_length), (size, packed, 0))
        if (size, packed) != (entry.size, entry.packed_bytes):
            raise Refused("size-lie")
        if crc != entry.crc:
            raise Refused("bad-archive", "directory and entry disagree")
    start = entry.offset + _LOCAL.size + name_length + extra_length
    if start + entry.packed_bytes > directory:
        raise Refused("bad-archive", "an entry lies outside the archive")
    return Located(entry, start)


def _check_overlap(located: Sequence[Located]) -> None:
    free_from = 0
    for one in sorted(located, key=lambda one: one.entry.offset):
        if one.entry.offset < free_from:
            raise Refused("overlapping-entries")
        free_from = one.start + one.entry.packed_bytes


def _check_duplicates(entries: Sequence[Entry]) -> None:
    # Two entries of one name: readers differ on which one counts.
    if len({entry.name for entry in entries}) != len(entries):
        raise Refused("bad-archive", "two entries share a name")


def _check_sizes(entries: Sequence[Entry], length: int, limits: ArchiveLimits) -> None:
    total = sum(entry.size for entry in entries)
    if total > max(limits.always_allowed_bytes, limits.ratio * length):
        raise Refused("expands-too-much")
    if total > limits.total_bytes or any(entry.size > limits.member_bytes for entry in entries):
        raise Refused("too-large")
