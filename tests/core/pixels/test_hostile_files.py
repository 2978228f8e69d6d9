"""Hostile photographs, films, documents and volumes: each ends as the table says, and no planted word goes further.

Source: the rows I, V, P and N of the project's list of hostile inputs.
"""

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw
from support import decks

from confrere.core.pixels.arrivals import read_pictures
from confrere.core.pixels.as_dicom import NewNames, as_dicom
from confrere.core.terms import REASONS, Refused
from confrere.core.terms.kinds import HEAD_BYTES, FileKind, kind_of
from planted.pictures import film, planted_pictures, scene

WORD = "ZQXHOSTILE"
NAMES = NewNames("2.25.1", "2.25.2", "2.25.3")


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


@pytest.mark.parametrize("row", ROWS)
def test_each_ends_as_the_table_says_whatever_it_is_called(row: str) -> None:
    kind, maker, refused, notes, holds = ROWS[row]
    content = maker()
    for claimed in (kind, kind_of(content[:HEAD_BYTES]), FileKind.UNKNOWN):
        if refused:
            with pytest.raises(Refused) as stop:
                read_pictures(content, claimed)
            assert stop.value.code == refused or claimed is not kind
            continue
        found = read_pictures(content, claimed)
        assert (set(found.notes), set(found.holds)) == (notes, holds)
        assert {*found.notes, *found.holds} <= set(REASONS)


@pytest.mark.parametrize("row", [row for row, entry in ROWS.items() if not entry[2]])
def test_no_planted_word_is_in_what_is_made(row: str) -> None:
    kind, maker, *_ = ROWS[row]
    for picture in read_pictures(maker(), kind).pictures:
        made = as_dicom(picture, NAMES)
        assert not any(word in made for word in (WORD.encode(), WORD.encode("utf-16-le"), b"ZQX", b"invalid"))


def test_what_lay_under_the_crop_is_not_in_the_pixels() -> None:
    (shown,) = read_pictures(deck_with_everything(), D).pictures
    (pixels,) = shown.frames()
    assert pixels.max() == 0
    assert np.asarray(words_as_picture()).max() > 200


def sound_files() -> dict[str, bytes]:
    made = {planted.name: planted.content for planted in planted_pictures()}
    made |= {"webm": film(4, ".webm", "VP80"), "avi": film(4, ".avi", "MJPG"), "pptx": decks.deck()}
    made |= {"docx": decks.letter(), "pdf": decks.pdf("BT /F1 12 Tf 20 100 Td (Name) Tj ET")}
    voxels = np.arange(60, dtype=np.int16).reshape(3, 4, 5)
    return made | {"nii": decks.nifti(voxels), "nii.gz": decks.nifti(voxels, packed=True)}


@pytest.mark.parametrize("name", sound_files())
def test_damage_anywhere_is_refused_or_read_whole_and_nothing_else(name: str) -> None:
    """Sixty damaged copies of each form; nothing but Refused may be raised, and no frame may be of another size."""
    sound, chance = sound_files()[name], random.Random(name)
    for _ in range(60):
        damaged = bytearray(sound)
        for _ in range(chance.choice((1, 3, 20))):
            damaged[chance.randrange(min(len(sound), chance.choice((600, len(sound)))))] = chance.choice((0, 255, 77))
        content = bytes(damaged[: len(damaged) if chance.random() < 0.8 else chance.randrange(len(damaged))])
        try:
            for picture in read_pictures(content, FileKind.UNKNOWN).pictures:
                sizes = [frame.shape[:2] for frame in picture.frames()]
                assert sizes == [(picture.rows, picture.columns)] * picture.count
        except Refused as stop:
            assert stop.code in REASONS


def test_scenes_are_not_blank_so_the_tests_above_mean_something() -> None:
    assert np.ptp(np.asarray(scene())) > 0
