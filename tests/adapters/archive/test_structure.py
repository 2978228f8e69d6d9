"""The directory is read strictly; the lies that need a whole archive are in test_members."""

import io
import struct
import zipfile

import pytest

from confrere.adapters.archive.structure import ArchiveLimits, read_structure
from confrere.core.terms import Refused


def zip64_of() -> bytearray:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", b"1")
    plain = buffer.getvalue()
    end = plain.rindex(b"PK\5\6")
    start = struct.unpack_from("<I", plain, end + 16)[0]
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, end - start, start)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, end, 1)
    last = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return bytearray(plain[:end] + record + locator + last)


def test_a_wide_directory_is_found() -> None:
    (located,) = read_structure(io.BytesIO(zip64_of()), ArchiveLimits())
    assert (located.entry.name, located.entry.size, located.start) == (b"a", 1, 31)


@pytest.mark.parametrize("mark", [b"PK\6\6", b"PK\6\7"])
def test_a_wide_directory_without_its_mark_is_refused(mark: bytes) -> None:
    archive = zip64_of()
    archive[archive.rindex(mark)] ^= 1
    with pytest.raises(Refused, match="bad-archive"):
        read_structure(io.BytesIO(archive), ArchiveLimits())


def test_a_wide_count_is_believed_only_as_far_as_the_limit() -> None:
    archive = zip64_of()
    struct.pack_into("<2Q", archive, archive.rindex(b"PK\6\6") + 24, 1 << 60, 1 << 60)
    with pytest.raises(Refused, match="too-many-files"):
        read_structure(io.BytesIO(archive), ArchiveLimits())


def test_an_entry_that_reaches_into_the_directory_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", b"1")
    stored = bytearray(buffer.getvalue())
    for at in (18, stored.index(b"PK\1\2") + 20):
        struct.pack_into("<2I", stored, at, 3, 3)
    with pytest.raises(Refused, match="bad-archive"):
        read_structure(io.BytesIO(stored), ArchiveLimits())


def test_a_wide_size_without_its_field_is_refused() -> None:
    archive = zip64_of()
    struct.pack_into("<I", archive, archive.index(b"PK\1\2") + 24, 0xFFFFFFFF)
    with pytest.raises(Refused, match="bad-archive"):
        read_structure(io.BytesIO(archive), ArchiveLimits())
