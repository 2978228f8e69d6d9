"""Hostile photographs, films, documents and volumes, and how each has to end.

Source: the rows I, V, P and N of the project's list of hostile inputs.
"""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw
from support import decks

from confrere.core.terms.kinds import FileKind
from planted.pictures import film

WORD = "ZQXHOSTILE"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, body: bytes, *more: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(more) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def flood() -> bytes:
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(22001)) for _ in range(400)) + packer.flush()
    return png(22000, 22000, body)


def even(comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (190, 140, 120)).save(out, "JPEG", comment=comment)
    return out.getvalue()


def words_as_picture() -> Image.Image:
    made = Image.new("L", (256, 256), 0)
    ImageDraw.Draw(made).text((4, 4), WORD, fill=255)
    return made


def deck_with_everything() -> bytes:
    drawn = decks.picture("PNG", words_as_picture())
    rels = (
        b'<Relationship Id="r9" Type="x/image" TargetMode="External" Target="http://x.invalid/p.png"/></Relationships>'
    )

    def change(name: str, content: bytes) -> bytes:
        if name.startswith("ppt/media/"):
            return drawn
        return content.replace(b"</Relationships>", rels) if name.endswith("slide1.xml.rels") else content

    more = {"ppt/vbaProject.bin": WORD.encode(), "ppt/embeddings/patients.xlsx": WORD.encode()}
    return decks.altered(decks.deck(crop_top=0.1), change, more)


def motion_photograph() -> bytes:
    return even() + film(3)


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


def claims_years() -> bytes:
    sizes = box(b"stsz", bytes(4) + struct.pack(">II", 64, 2**31))
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + b"vide" + bytes(12)) + box(b"minf", box(b"stbl", sizes))))
    return box(b"ftyp", b"isom" + bytes(4)) + box(b"moov", track)


def zip_named_like_a_picture() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("note.txt", WORD)
    return out.getvalue()


P, V, D, N = FileKind.PHOTO, FileKind.VIDEO, FileKind.DOCUMENT, FileKind.VOLUME
# Row: (what it claims to be, maker, "" or the code it is refused with, codes told, codes it is held for)
ROWS: dict[str, tuple[FileKind, Callable[[], bytes], str, set[str], set[str]]] = {
    "I01 a flood of pixels": (P, flood, "too-many-pixels", set(), set()),
    "I02 a bomb in a text chunk": (
        *(P, lambda: png(8, 8, zlib.compress(bytes(72)), chunk(b"zTXt", b"c\0\0" + zlib.compress(bytes(32 << 20))))),
        *("", set(), set()),
    ),
    "I03 comment, and a zip behind the end": (
        *(P, lambda: even(WORD.encode()) + zip_named_like_a_picture(), "", set(), set()),
    ),
    "I04 a drawing called a picture": (
        *(P, lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "type-mismatch", set(), set()),
    ),
    "I05 an older picture behind the end": (
        P,
        lambda: png(8, 8, zlib.compress(bytes(72))) + chunk(b"IDAT", zlib.compress(WORD.encode() * 9)) + WORD.encode(),
        *("", set(), set()),
    ),
    "I06 a picture that is a page too": (P, lambda: even(f"<script>{WORD}()</script>".encode()), "", set(), set()),
    "I08 a film behind a photograph": (P, motion_photograph, "", {"further-pictures-dropped"}, set()),
    "I10 a photograph": (P, lambda: decks.picture("JPEG"), "", set(), {"photograph-needs-person"}),
    "an archive called a picture": (P, zip_named_like_a_picture, "type-mismatch", set(), set()),
    "V01 a place and no pictures": (
        *(V, lambda: box(b"ftyp", b"isom" + bytes(4)) + box(b"moov", box(b"udta", WORD.encode())), "no-video-track"),
        *(set(), set()),
    ),
    "V02 a playlist called a film": (V, lambda: b"#EXTM3U\nfile:///etc/hostname\n", "type-mismatch", set(), set()),
    "V03 two thousand million frames": (V, claims_years, "film-too-long", set(), set()),
    "P01 name under a crop, notes, macro, link, object": (
        *(D, deck_with_everything, "", {"active-content-removed"}, set()),
    ),
    "P02 entities": (
        D,
        lambda: decks.altered(
            decks.deck(),
            lambda name, each: (
                (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + each.partition(b"?>")[2])
                if name.endswith("slide1.xml")
                else each
            ),
        ),
        *("doctype-not-allowed", set(), set()),
    ),
    "P03 a black bar, a script": (
        D,
        lambda: decks.pdf(
            f"BT /F1 12 Tf 20 100 Td ({WORD}) Tj ET 0 0 0 rg 15 92 260 20 re f",
            catalog="/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>",
        ),
        *("", {"active-content-removed"}, set()),
    ),
    "P05 a letter with a name": (D, decks.letter, "", set(), {"document-needs-person"}),
    "N01 a bomb": (
        N,
        lambda: gzip.compress(decks.nifti_header([3, 1024, 1024, 256]) + bytes(64 << 20), mtime=0),
        *("expands-too-much", set(), set()),
    ),
    "N02 a size of 32767 to the seventh": (
        *(N, lambda: decks.nifti_header([7] + [32767] * 7) + bytes(64), "pixel-size-mismatch", set(), set()),
    ),
    "N03 a name in the header": (N, lambda: decks.nifti(np.zeros((4, 4, 4), np.int16)), "", set(), set()),
    "N04 a head": (
        *(N, lambda: decks.nifti(np.random.default_rng(1).integers(0, 900, (30, 30, 20)).astype(np.int16)), ""),
        *(set(), {"volume-may-show-face"}),
    ),
}
