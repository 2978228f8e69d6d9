"""The exact form of a file that is not DICOM, told from its bytes; a name or a claimed kind is only compared.

Source: the signatures of each format's own standard; ISO/IEC 14496-12 (brands after `ftyp`).
"""

from enum import StrEnum

from confrere.core.terms import Refused
from confrere.core.terms.kinds import FileKind, kind_of


class Form(StrEnum):
    """The forms that are read; whatever has none of them is refused."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    TIFF = "tiff"
    HEIC = "heic"
    MP4 = "mp4"
    AVI = "avi"
    WEBM = "webm"
    PDF = "pdf"
    PPTX = "pptx"
    DOCX = "docx"
    NIFTI = "nifti"

    @property
    def kind(self) -> FileKind:
        """The kind a door knows it by."""
        return _KINDS[self]


_KINDS: dict[Form, FileKind] = {
    **dict.fromkeys((Form.JPEG, Form.PNG, Form.WEBP, Form.TIFF, Form.HEIC), FileKind.PHOTO),
    **dict.fromkeys((Form.MP4, Form.AVI, Form.WEBM), FileKind.VIDEO),
    **dict.fromkeys((Form.PDF, Form.PPTX, Form.DOCX), FileKind.DOCUMENT),
    Form.NIFTI: FileKind.VOLUME,
}
_SIGNATURES: tuple[tuple[int, bytes, Form], ...] = (
    (0, b"\xff\xd8\xff", Form.JPEG),
    (0, b"\x89PNG\r\n\x1a\n", Form.PNG),
    (8, b"WEBP", Form.WEBP),
    (0, b"II*\0", Form.TIFF),
    (0, b"MM\0*", Form.TIFF),
    (0, b"II+\0", Form.TIFF),
    (0, b"MM\0+", Form.TIFF),
    (8, b"AVI ", Form.AVI),
    (0, b"\x1a\x45\xdf\xa3", Form.WEBM),
    (0, b"%PDF-", Form.PDF),
    (0, b"\x1f\x8b", Form.NIFTI),
    (344, b"n+1\0", Form.NIFTI),
)
_STILL_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"mif1"))
# Brands of the same container that hold something else than a still or a film we decode.
_OTHER_BRANDS = frozenset((b"avif", b"avis", b"hevc", b"hevx", b"msf1", b"crx ", b"M4A ", b"M4B ", b"jp2 "))
# Office files of before 2007, and newer ones under a password.
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def form_of(content: bytes, kind: FileKind) -> Form:
    """The form of `content`, which arrived as `kind` (by its first bytes, its name or its media type).

    Raises Refused: empty-file; type-mismatch where the bytes are of another kind than claimed; form-not-accepted
    where they are of no form that is read.
    """
    if not content:
        raise Refused("empty-file")
    form = _by_signature(content)
    if form is None:
        # An SVG is a program that draws, and a playlist fetches: neither is ever opened, whatever it is called.
        claims_pixels = kind in (FileKind.PHOTO, FileKind.VIDEO, FileKind.DOCUMENT, FileKind.VOLUME)
        told = kind_of(content[:32774])
        if (claims_pixels and told is not kind and not content.startswith(_OLD_OFFICE)) or is_disguised(content):
            raise Refused("type-mismatch")
        raise Refused("form-not-accepted")
    if kind is not FileKind.UNKNOWN and form.kind is not kind:
        raise Refused("type-mismatch")
    return form


def _by_signature(content: bytes) -> Form | None:
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        if brand in _OTHER_BRANDS:
            return None
        return Form.HEIC if brand in _STILL_BRANDS else Form.MP4
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return next((form for at, mark, form in _SIGNATURES if content[at : at + len(mark)] == mark), None)


def _office(content: bytes) -> Form | None:
    # The names in the directory decide; the reader proves the package afterwards.
    if b"[Content_Types].xml" not in content:
        return None
    return Form.PPTX if b"ppt/presentation.xml" in content else Form.DOCX if b"word/document.xml" in content else None


def is_disguised(content: bytes) -> bool:
    """Whether a text is no note but a page, a drawing or a playlist: a program for somebody who opens it."""
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"#extm3u", b"<?xml", b"<svg", b"<!doctype", b"<html", b"ffconcat", b"[playlist]"))
