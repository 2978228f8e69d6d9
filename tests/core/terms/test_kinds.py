"""A file is what its first bytes say, whatever it is called."""

import gzip
import io
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from support import dicom_bytes as made

from confrere.core.terms.kinds import HEAD_BYTES, FileKind, kind_of


def picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, form)
    return out.getvalue()


def archive(*, tar: bool) -> bytes:
    out = io.BytesIO()
    if tar:
        with tarfile.open(fileobj=out, mode="w") as opened:
            opened.addfile(tarfile.TarInfo("a"))
    else:
        with zipfile.ZipFile(out, "w") as zipped:
            zipped.writestr("a", "b")
    return out.getvalue()


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (made.ct_file(), FileKind.DICOM),
        (made.part10(made.dataset(), preamble=b"II*\0" + bytes(124)), FileKind.DICOM),  # a TIFF in the preamble
        (archive(tar=False), FileKind.ZIP),
        (b"PK\x05\x06" + bytes(18), FileKind.ZIP),
        (archive(tar=True), FileKind.OTHER_ARCHIVE),
        (b"Rar!\x1a\x07\x01\x00", FileKind.OTHER_ARCHIVE),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", FileKind.OTHER_ARCHIVE),
        (bytes(32769) + b"CD001", FileKind.OTHER_ARCHIVE),
        (picture("PNG"), FileKind.PHOTO),
        (picture("JPEG"), FileKind.PHOTO),
        (picture("GIF"), FileKind.PHOTO),
        (picture("TIFF"), FileKind.PHOTO),
        (picture("WEBP"), FileKind.PHOTO),
        (b"\0\0\0\x18ftypheic\0\0\0\0", FileKind.PHOTO),
        (b"\0\0\0\x18ftypheix\0\0\0\0", FileKind.PHOTO),
        (b"RIFF\x10\0\0\0AVI LIST", FileKind.VIDEO),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", FileKind.DOCUMENT),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", FileKind.VIDEO),
        (b"\x1a\x45\xdf\xa3\x01\0\0\0", FileKind.VIDEO),
        (b"%PDF-1.7\n", FileKind.DOCUMENT),
        (gzip.compress(b"voxels", mtime=0), FileKind.VOLUME),
        (bytes(344) + b"n+1\0", FileKind.VOLUME),
    ],
)
def test_each_kind_is_known_by_its_signature(head: bytes, kind: FileKind) -> None:
    assert kind_of(head[:HEAD_BYTES]) is kind


@pytest.mark.parametrize("implicit", [False, True])
def test_a_bare_stream_without_preamble_is_dicom(implicit: bool) -> None:
    assert kind_of(made.dataset(implicit=implicit)) is FileKind.DICOM
    assert kind_of(made.ct_file()[132:]) is FileKind.DICOM  # begins with its file meta


def test_a_group_number_with_nothing_after_it_is_not_yet_dicom() -> None:
    assert kind_of(b"\x08\x00") is FileKind.UNKNOWN


@pytest.mark.parametrize("words", ["Dear colleague,\n", "name;UHID\n", "नमस्ते"])
def test_words_are_text(words: str) -> None:
    assert kind_of(words.encode()) is FileKind.TEXT


@pytest.mark.parametrize("head", [b"", b"\0", bytes(HEAD_BYTES), b"words, and then\0a zero"])
def test_nothing_and_noise_are_unknown(head: bytes) -> None:
    assert kind_of(head) is FileKind.UNKNOWN


@pytest.mark.parametrize("cut", range(128, 132))
def test_a_file_cut_inside_its_mark_is_not_dicom(cut: int) -> None:
    assert kind_of(made.ct_file()[:cut]) is not FileKind.DICOM


@given(st.binary(max_size=600))
def test_any_bytes_get_a_kind_and_the_mark_alone_decides(noise: bytes) -> None:
    assert kind_of(noise) in FileKind
    assert kind_of(noise.ljust(128, b"\0")[:128] + b"DICM" + noise) is FileKind.DICOM
