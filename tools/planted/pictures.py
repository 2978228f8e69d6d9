"""Pictures in five forms and a film with made-up identifiers planted wherever such a file can hold words.

Each place has a token of its own, the same for the same seed. `still.heic` beside this file is a picture made once with
an HEVC encoder, which the product has none of; its tokens have a fixed length and are replaced.

Source: CIPA DC-008 (Exif), IPTC IIM 4.2, ISO 16684-1 (XMP), ISO/IEC 14496-12 (boxes), and each form's own standard.
"""

import hashlib
import io
import struct
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin, TiffImagePlugin

_HEIC = Path(__file__).with_name("still.heic")
_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="{}"/></rdf:RDF></x:xmpmeta>'
)
DATE = "2019:03:12 10:42:17"
ORIENTATION = 6


@dataclass(frozen=True, slots=True)
class PlantedPicture:
    """`content` is the file; `planted` maps each token to where it stands."""

    name: str
    content: bytes
    planted: dict[str, str]

    def left_in(self, content: bytes) -> list[str]:
        """Where the tokens stood that are still in `content`, plain, in UTF-16, or in a deflated part of it."""
        looked_at = content + b"".join(_unfolded(content))
        spellings = ("utf-8", "utf-16-le", "utf-16-be")
        return [
            where
            for token, where in self.planted.items()
            if any(token.encode(spelling) in looked_at for spelling in spellings)
        ]


class _Planter:
    """Hands out tokens and remembers where they went."""

    def __init__(self, name: str, seed: str) -> None:
        self._name, self._seed = name, seed
        self.planted: dict[str, str] = {}

    def token(self, where: str) -> str:
        """A token of nine characters that no picture makes by chance."""
        mixed = hashlib.sha256(f"{self._seed}/{self._name}/{where}".encode()).hexdigest()
        token = f"ZQX{mixed[:6].upper()}"
        self.planted[token] = where
        return token

    def date(self) -> str:
        """A moment of its own."""
        self.planted[DATE] = "Exif date"
        return DATE


def scene(rows: int = 240, columns: int = 320) -> Image.Image:
    """A skin-coloured field with a darker spot off centre, so that turning and colour can be told."""
    made = Image.new("RGB", (columns, rows), (205, 160, 140))
    ImageDraw.Draw(made).ellipse((columns // 8, rows // 8, columns // 3, rows // 3), fill=(120, 60, 50))
    return made


def planted_pictures(seed: str = "confrere") -> tuple[PlantedPicture, ...]:
    """A JPEG, a PNG, a WebP, a TIFF, a HEIC and an MP4."""
    makers: dict[str, Callable[[_Planter], bytes]] = {
        "jpeg": _jpeg,
        "png": _png,
        "webp": _webp,
        "tiff": _tiff,
        "heic": _heic,
        "mp4": _mp4,
    }
    made = []
    for name, maker in makers.items():
        planter = _Planter(name, seed)
        content = maker(planter)
        made.append(PlantedPicture(name, content, planter.planted))
    return tuple(made)


def _unfolded(content: bytes) -> list[bytes]:
    """What deflated streams within `content` hold: text chunks and profiles of a PNG, parts of a zip."""
    found = []
    for mark, bits in ((b"\x78", 15), (b"PK\x03\x04", -15)):
        at = content.find(mark)
        while at >= 0:
            start = at + 30 + sum(struct.unpack_from("<2H", content + bytes(30), at + 26)) if bits < 0 else at
            try:
                found.append(zlib.decompressobj(bits).decompress(content[start:], 1 << 20))
            except zlib.error:
                pass
            at = content.find(mark, at + 1)
    return found


def _exif(planter: _Planter) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = f"Patient {planter.token('Exif description')}"
    exif[0x013B] = f"Dr {planter.token('Exif artist')}"
    exif[0x0112] = ORIENTATION
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (26.0, 55.0, 0.0), "E", (75.0, 48.0, 0.0)
    place[27] = b"ASCII\0\0\0" + planter.token("Exif GPS method").encode()
    inner = exif.get_ifd(0x8769)
    inner[0x9003] = planter.date()
    inner[0x927C] = b"MAKER\0" + planter.token("Exif maker note").encode()
    inner[0xA431] = planter.token("Exif body serial number")
    inner[0x9286] = b"UNICODE\0" + planter.token("Exif user comment").encode("utf-16-le")
    return exif


def _iptc(words: str) -> bytes:
    keyword = b"\x1c\x02\x19" + struct.pack(">H", len(words)) + words.encode()
    return b"8BIM\x04\x04\0\0" + struct.pack(">I", len(keyword)) + keyword + bytes(len(keyword) % 2)


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _jpeg(planter: _Planter) -> bytes:
    small = io.BytesIO()
    scene(60, 80).save(small, "JPEG", comment=planter.token("comment inside the thumbnail").encode())
    exif = _exif(planter)
    out = io.BytesIO()
    scene().save(
        out,
        "JPEG",
        exif=exif,
        xmp=_XMP.format(planter.token("XMP")).encode(),
        comment=planter.token("comment").encode(),
        icc_profile=_profile(planter.token("description of the colour profile")),
    )
    content = out.getvalue()
    more = (
        _segment(0xE0, b"JFXX\0\x10" + small.getvalue())
        + _segment(0xED, b"Photoshop 3.0\0" + _iptc(planter.token("IPTC keyword")))
        + _segment(0xEB, b"HDR_RI " + planter.token("an unknown segment").encode())
    )
    return content[:2] + more + content[2:] + b"PK-less trailer " + planter.token("trailer").encode()


def _profile(words: str) -> bytes:
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # The description of lcms' own sRGB ("sRGB built-in") in UTF-16; nine letters of it are replaced.
    known = "sRGB built-in".encode("utf-16-be")
    return made.replace(known, words.ljust(13)[:13].encode("utf-16-be"))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _png(planter: _Planter) -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", planter.token("text chunk"))
    words.add_text("History", planter.token("deflated text chunk") * 40, zip=True)
    words.add_itxt("XML:com.adobe.xmp", _XMP.format(planter.token("XMP")))
    out = io.BytesIO()
    scene().save(out, "PNG", pnginfo=words, exif=_exif(planter), icc_profile=_profile(planter.token("profile")))
    old = zlib.compress((planter.token("an older picture behind the end") * 40).encode())
    return out.getvalue() + _chunk(b"IDAT", old) + planter.token("trailer").encode()


def _webp(planter: _Planter) -> bytes:
    out = io.BytesIO()
    scene().save(out, "WEBP", exif=_exif(planter), xmp=_XMP.format(planter.token("XMP")).encode(), quality=90)
    unknown = planter.token("an unknown chunk").encode() + b"\0"
    content = out.getvalue() + b"ABCD" + struct.pack("<I", len(unknown)) + unknown
    return content[:4] + struct.pack("<I", len(content) - 8) + content[8:] + planter.token("trailer").encode()


def _tiff(planter: _Planter) -> bytes:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270] = f"Patient {planter.token('description')}"
    tags[315] = f"Dr {planter.token('artist')}"
    tags[306] = planter.date()
    tags[700] = _XMP.format(planter.token("XMP")).encode()
    tags[33723] = _iptc(planter.token("IPTC keyword"))
    tags[65000] = planter.token("a private tag")
    tags[274] = ORIENTATION
    out = io.BytesIO()
    scene().save(out, "TIFF", tiffinfo=tags)
    return out.getvalue() + planter.token("trailer").encode()


def _heic(planter: _Planter) -> bytes:
    content = _HEIC.read_bytes()
    places = ("Exif description", "Exif artist", "Exif GPS method", "Exif maker note", "Exif body serial number", "XMP")
    for number, where in enumerate(places, start=1):
        content = content.replace(f"PLANTED{number:02}".encode(), planter.token(where).encode())
    content = content.replace(b"2024:03:12 10:42:17", planter.date().encode())
    unknown = planter.token("an unknown box").encode()
    return content + struct.pack(">I", 8 + len(unknown)) + b"free" + unknown


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


def film(frames: int = 20, suffix: str = ".mp4", code: str = "mp4v") -> bytes:
    """A short film of the scene with the spot moving, as OpenCV writes it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"film{suffix}"
        writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*code), 10, (320, 240))
        for number in range(frames):
            writer.write(np.roll(np.asarray(scene())[:, :, ::-1], 3 * number, axis=1).copy())
        writer.release()
        return path.read_bytes()


def _mp4(planter: _Planter) -> bytes:
    content = film()
    name = planter.token("title").encode()
    words = struct.pack(">HH", len(name), 0x15C7) + name
    place = b"+26.9124+075.7873/" + planter.token("place").encode()
    user = _box(b"\xa9nam", words) + _box(b"\xa9xyz", struct.pack(">HH", len(place), 0x15C7) + place)
    user += _box(b"uuid", bytes(16) + planter.token("a box of a maker").encode())
    at = content.rindex(b"moov") - 4
    (length,) = struct.unpack_from(">I", content, at)
    body = content[at + 8 : at + length].replace(
        b"VideoHandler", planter.token("handler name").encode().ljust(12, b"\0")
    )
    moov = _box(b"moov", body + _box(b"udta", user))
    # OpenCV puts the samples before the index, so their offsets stay true.
    tail = _box(b"free", planter.token("a free box").encode()) + planter.token("trailer").encode()
    return content[:at] + moov + content[at + length :] + tail
