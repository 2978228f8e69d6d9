"""A zip from outside: what can be judged from its directory is, and the rest while it is read."""

import io
import os
import random
import stat
import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confrere.adapters.archive import ArchiveLimits, members
from confrere.core.terms import Refused

MIB = 1 << 20


def zip_of(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, mode: int = 0o100644) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, content, method)
    return buffer.getvalue()


def contents(archive: bytes, limits: ArchiveLimits | None = None) -> list[bytes]:
    return [b"".join(member.chunks()) for member in members(io.BytesIO(archive), limits)]


def reason_for(archive: bytes, limits: ArchiveLimits | None = None) -> str:
    with pytest.raises(Refused) as caught:
        contents(archive, limits)
    assert "ZQX" not in str(caught.value)
    return caught.value.code


def directory_of(archive: bytes) -> int:
    (start,) = struct.unpack_from("<I", archive, archive.rindex(b"PK\5\6") + 16)
    return int(start)


def patched(archive: bytes, field: int, value: int, width: str = "<I", *, local: int | None = None) -> bytes:
    """The archive with a field of its first directory entry (and of the local header) overwritten."""
    changed = bytearray(archive)
    struct.pack_into(width, changed, directory_of(archive) + field, value)
    if local is not None:
        struct.pack_into(width, changed, local, value)
    return bytes(changed)


# -- what must get in


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.binary(max_size=5000).map(lambda rest: b"." + rest), max_size=8),
    st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
    st.booleans(),
)
def test_an_honest_archive_is_read_whole(files: list[bytes], method: int, through_a_pipe: bool) -> None:
    buffer = io.BytesIO()
    if through_a_pipe:
        # A writer that cannot seek puts the sizes after each entry.
        buffer.seekable = lambda: False  # type: ignore[method-assign]
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for index, content in enumerate(files):
            archive.writestr(f"folder/ZQX{index}.dcm", content)
    assert contents(buffer.getvalue()) == files


def test_the_marks_of_archives_deeper_in_a_file_mean_nothing() -> None:
    files = [b".PK\3\4", b"." * 300 + b"PK\5\6" + bytes(18), b"PK", b""]
    assert contents(zip_of(*((str(index), content) for index, content in enumerate(files)))) == files


@pytest.mark.parametrize("size", [MIB - 1, MIB, MIB + 1, 3 * MIB, 2 * MIB + 258, 40_000_003])
@pytest.mark.parametrize("kind", ["zeros", "noise", "runs"])
def test_pieces_of_any_kind_of_stream_add_up(size: int, kind: str) -> None:
    content = {"zeros": bytes(size), "runs": (b"ab" * 300 + b"c") * (size // 601 + 1)}.get(kind, b"")[:size]
    content = content or random.Random(size).randbytes(size)
    pieces = [piece for member in members(io.BytesIO(zip_of(("a", content)))) for piece in member.chunks()]
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= MIB


def test_zip64_fields_are_understood() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open("big.dcm", "w", force_zip64=True) as entry:
        entry.write(b"content")
    assert contents(buffer.getvalue()) == [b"content"]


def test_a_zip64_directory_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    archive = zip_of(("a", b"1"), ("b", b"2"))
    assert b"PK\6\6" in archive
    assert contents(archive) == [b"1", b"2"]


def test_members_are_known_by_number_and_kind_never_by_name() -> None:
    archive = zip_of(
        ("d/ZQXNAME.DCM", b"1"),
        ("1.2.840.113619", b"2"),
        ("SCAN.ZQXSHARMA", b"3"),
        ("x.nii.gz", b"4"),
        ("__MACOSX/d/._a.dcm", b"5"),
        ("d/.DS_Store", b"6"),
        ("d/", b""),
        ("plain", b"7"),
    )
    found = list(members(io.BytesIO(archive)))
    assert [member.suffix for member in found] == [".dcm", "", "", ".nii.gz", ".dcm", "", ""]
    assert [member.is_clutter for member in found] == [False] * 4 + [True, True, False]
    assert [member.index for member in found] == [0, 1, 2, 3, 4, 5, 7]


def test_members_may_be_read_by_turns_and_again() -> None:
    one, two = members(io.BytesIO(zip_of(("a", b"1" * 3 * MIB), ("b", b"2" * 3 * MIB))))
    by_turns = [left + right for left, right in zip(one.chunks(), two.chunks(), strict=True)]
    assert len(b"".join(by_turns)) == 6 * MIB
    assert one.open().read(3) == b"111"
    assert two.open().read(3) == b"222"


def test_a_blank_slice_is_no_bomb() -> None:
    assert contents(zip_of(("blank.dcm", bytes(512 * 512 * 2))))[0] == bytes(512 * 512 * 2)


def test_an_office_document_inside_is_a_document_not_an_archive() -> None:
    slides = zip_of(("[Content_Types].xml", b"<Types/>"), ("ppt/presentation.xml", b"<p/>"))
    assert contents(zip_of(("talk.pptx", slides), method=zipfile.ZIP_STORED)) == [slides]


def test_an_empty_archive_has_no_members() -> None:
    assert contents(zip_of()) == []


# -- what must not


@pytest.mark.parametrize(
    "name",
    [
        "../ZQX",
        "a/../../ZQX",
        "/tmp/ZQX",
        "..\\ZQX",
        "a\\ZQX",
        "C:ZQX",
        "c:/ZQX",
        "a//ZQX",
        "..",
        "a/..",
        "//ZQX",
    ],
)
def test_a_name_that_climbs(name: str) -> None:
    assert reason_for(zip_of(("ok.dcm", b"x"), (name, b"x"))) == "unsafe-path"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_a_link_or_device(kind: int) -> None:
    assert reason_for(zip_of(("a.dcm", b"/etc/hostname"), mode=kind | 0o777)) == "link-in-archive"


@pytest.mark.parametrize("depth", [1, 3])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_in_the_archive(depth: int, method: int) -> None:
    inner = zip_of(("0.bin", bytes(8 * MIB)))
    for _ in range(depth):
        inner = zip_of(("1.zip", inner), ("2.dcm", inner), method=method)
    assert reason_for(inner) == "expands-too-much"
    assert reason_for(zip_of(("a.rar", b"Rar!\x1a\x07\x01\x00" + bytes(600)))) == "archive-not-supported"


def test_more_than_a_hundred_times_its_size() -> None:
    assert reason_for(zip_of(*((f"{one}", bytes(30 * MIB)) for one in range(3)))) == "expands-too-much"


def test_sizes_beyond_the_limits() -> None:
    archive = zip_of(("a", b"x" * 100), ("b", b"x" * 100))
    assert reason_for(archive, ArchiveLimits(member_bytes=99)) == "too-large"
    assert reason_for(archive, ArchiveLimits(total_bytes=199)) == "too-large"
    assert contents(archive, ArchiveLimits(member_bytes=100, total_bytes=200, entries=2))
    assert reason_for(archive, ArchiveLimits(entries=1)) == "too-many-files"


@pytest.mark.parametrize("claimed", [0, 100, 5 * MIB - 1, 5 * MIB + 1])
def test_a_size_that_is_not_true(claimed: int) -> None:
    archive = zip_of(("a.dcm", bytes(5 * MIB)))
    assert reason_for(patched(archive, 24, claimed, local=22)) == "size-lie"
    assert reason_for(patched(archive, 24, claimed)) == "size-lie", "directory and entry disagree"


def test_a_packed_size_that_is_not_true() -> None:
    archive = zip_of(("a.dcm", b"some text, some text, some text"), ("b.dcm", b"more"))
    packed = struct.unpack_from("<I", archive, 18)[0]
    for claimed in (packed - 1, packed + 1):
        assert reason_for(patched(archive, 20, claimed, local=18)) in (
            "size-lie",
            "overlapping-entries",
            "bad-archive",
        )


def test_a_wrong_checksum() -> None:
    archive = zip_of(("a.dcm", b"content"))
    wrong = zlib.crc32(b"content") ^ 1
    assert reason_for(patched(archive, 16, wrong, local=14)) == "bad-archive"
    assert reason_for(patched(archive, 16, wrong)) == "bad-archive"


def test_entries_that_share_bytes() -> None:
    one = zip_of(("a.dcm", bytes(MIB)))
    start, end = directory_of(one), one.rindex(b"PK\5\6")
    entry = one[start:end]
    count = 2000
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(entry) * count, start, 0)
    assert reason_for(one[:start] + entry * count + tail) == "overlapping-entries"


def test_an_entry_hidden_inside_another() -> None:
    hidden = zip_of(("b.dcm", b"y" * 50), method=zipfile.ZIP_STORED)
    inner = hidden[: directory_of(hidden)]
    outer = zip_of(("a.dcm", inner + b"x" * 20), ("b.dcm", b"y" * 50), method=zipfile.ZIP_STORED)
    second = directory_of(outer) + 46 + len("a.dcm")
    changed = bytearray(outer)
    struct.pack_into("<I", changed, second + 42, 30 + len("a.dcm"))
    assert reason_for(bytes(changed)) == "overlapping-entries"


def test_two_entries_of_one_name() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        archive = zip_of(("a.dcm", b"1"), ("a.dcm", b"2"))
    assert reason_for(archive) == "bad-archive"


def test_more_entries_than_allowed_is_known_before_the_directory_is_read() -> None:
    one = zip_of(("a", b""))
    changed = bytearray(one)
    struct.pack_into("<2H", changed, one.rindex(b"PK\5\6") + 8, 60_000, 60_000)
    assert reason_for(bytes(changed)) == "too-many-files"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_count_that_is_not_true(count: int) -> None:
    archive = bytearray(zip_of(("a", b""), ("b", b"")))
    struct.pack_into("<2H", archive, archive.rindex(b"PK\5\6") + 8, count, count)
    assert reason_for(bytes(archive)) == "bad-archive"


def test_a_password() -> None:
    archive = zip_of(("a.dcm", b"x"))
    assert reason_for(patched(archive, 8, 1, "<H", local=6)) == "encrypted-archive"
    assert reason_for(patched(archive, 10, 99, "<H", local=8)) == "encrypted-archive"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_rare_compression(method: int) -> None:
    assert reason_for(zip_of(("a.dcm", b"x" * 500), method=method)) == "archive-not-supported"


@pytest.mark.parametrize(
    "start", [b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x00", b"\xfd7zXZ\x00", b"BZh9", b"MSCF", b"(\xb5/\xfd"]
)
def test_another_kind_of_archive(start: bytes) -> None:
    assert reason_for(start + bytes(3000)) == "archive-not-supported"


@pytest.mark.parametrize(
    "junk", [b"", b"PK", b"not a zip", b"MZ" + bytes(500), b"PK\3\4" + bytes(99), b"PK\5\6" + bytes(9)]
)
def test_what_is_no_zip(junk: bytes) -> None:
    assert reason_for(junk) == "bad-archive"


def test_bytes_before_or_after_the_archive() -> None:
    archive = zip_of(("a.dcm", b"x"))
    assert reason_for(b"#!/bin/sh\n" + archive) == "bad-archive"
    assert reason_for(archive + b"tail") == "bad-archive"


def test_a_part_of_a_split_archive() -> None:
    archive = bytearray(zip_of(("a.dcm", b"x")))
    struct.pack_into("<H", archive, archive.rindex(b"PK\5\6") + 4, 1)
    assert reason_for(bytes(archive)) == "archive-not-supported"


def test_every_cut_and_every_flip_ends_in_words() -> None:
    archive = zip_of(("a/b.dcm", b"some text, some text"), ("c.dcm", b"more"), ("d/", b""))
    honest = contents(archive)
    for length in range(len(archive)):
        assert reason_for(archive[:length])
    for place in range(len(archive)):
        for bit in range(8):
            changed = bytearray(archive)
            changed[place] ^= 1 << bit
            try:
                # Names, dates and rights may change unseen; content may not.
                assert contents(bytes(changed)) in (honest, honest[:1], [*honest, b""])
            except Refused as refused:
                assert refused.code != "ok"


def test_a_big_member_needs_little_memory() -> None:
    archive = zip_of(("a.dcm", random.Random(1).randbytes(MIB) * 64), method=zipfile.ZIP_STORED)
    (member,) = members(io.BytesIO(archive))
    tracemalloc.start()
    try:
        assert sum(map(len, member.chunks())) == 64 * MIB
        assert tracemalloc.get_traced_memory()[1] < 4 * MIB
    finally:
        tracemalloc.stop()


def test_open_gives_proved_bytes_or_none() -> None:
    good = zip_of(("a.dcm", b"x" * 100))
    (member,) = members(io.BytesIO(good))
    with member.open() as opened:
        assert opened.read() == b"x" * 100
    (liar,) = members(io.BytesIO(patched(good, 16, 0, local=14)))
    with pytest.raises(Refused):
        liar.open()


MEASURE = """
import sys
from pathlib import Path
from confrere.adapters.archive import members
from confrere.core.terms import Refused
try:
    with open(sys.argv[1], "rb") as file:
        for member in members(file):
            for piece in member.chunks():
                pass
    print("ok", end=" ")
except Refused as refused:
    print(refused.code, end=" ")
# Not ru_maxrss: it starts at the parent's own peak.
print(int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) >> 10)
"""


def bombs() -> Sequence[tuple[str, str, bytes]]:
    lie = zip_of(("a.dcm", bytes(64 * MIB)))
    many = zip_of(*((f"f/{one}.dcm", b"x") for one in range(21_000)), method=zipfile.ZIP_STORED)
    most = zip_of(*((f"f/{one}.dcm", b"x") for one in range(20_000)), method=zipfile.ZIP_STORED)
    return [
        ("lie", "size-lie", patched(lie, 24, 100, local=22)),
        ("many", "too-many-files", many),
        ("most", "ok", most),
        ("big", "ok", zip_of(*((f"{one}", random.Random(one).randbytes(MIB) * 64) for one in range(2)))),
    ]


def test_answers_come_within_ten_seconds_and_256_mib(tmp_path: Path) -> None:
    for name, expected, archive in bombs():
        path = tmp_path / f"{name}.zip"
        path.write_bytes(archive)
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, path],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
            text=True,
        )
        code, mebibytes = done.stdout.split()
        assert (code, name) == (expected, name)
        assert int(mebibytes) < 256
        assert time.monotonic() - began < 10
