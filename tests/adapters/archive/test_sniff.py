"""A container is known by its bytes."""

import gzip
import io
import tarfile

import pytest

from confrere.adapters.archive import ArchiveKind, archive_kind


def tar_of(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"), io.BytesIO(content))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"PK\x03\x04" + bytes(26) + b"a.dcm", ArchiveKind.ZIP),
        (b"PK\x05\x06" + bytes(18), ArchiveKind.ZIP),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", ArchiveKind.NONE),
        (b"Rar!\x1a\x07\x00", ArchiveKind.OTHER),
        (tar_of(b"x"), ArchiveKind.OTHER),
        (gzip.compress(tar_of(b"x"), mtime=0), ArchiveKind.OTHER),
        (gzip.compress(b"a NIfTI volume", mtime=0), ArchiveKind.NONE),
        (b"\x1f\x8bnonsense", ArchiveKind.NONE),
        (bytes(0x8001) + b"CD001", ArchiveKind.OTHER),
        (bytes(128) + b"DICM" + bytes(600), ArchiveKind.NONE),
        (b"", ArchiveKind.NONE),
    ],
)
def test_the_kind_is_told_and_the_file_stands_at_its_beginning(head: bytes, kind: ArchiveKind) -> None:
    file = io.BytesIO(head)
    file.seek(0, 2)
    assert archive_kind(file) is kind
    assert file.tell() == 0
