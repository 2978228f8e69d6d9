"""A photograph's bytes become one array of pixels, upright and in sRGB; nothing else of the file goes further.

Metadata are never stripped: the picture is decoded, and whoever writes it again writes a new file of the array
(`encode_picture`). Sizes are read and bounded before a decoder allocates.

Source: ISO/IEC 10918-1 (JPEG), ISO/IEC 15948 (PNG), TIFF 6.0, ISO/IEC 23008-12 (HEIF), IEC 61966-2-1 (sRGB),
CIPA DC-008 (Exif orientation).
"""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pi_heif
from PIL import Image, ImageCms

from confrere.core.pixels import heic_boxes, png_chunks, upright, webp_header
from confrere.core.pixels.forms import Form
from confrere.core.pixels.pictures import Pixels
from confrere.core.terms import Refused

MOST_PIXELS: Final = 64_000_000
"""Of all pages of one file together; a phone's largest picture has 50 million."""
MOST_PAGES: Final = 64
LONGEST_SIDE: Final = 4096
"""Larger pictures are made smaller: no room needs more, and every pixel costs time at each station."""
_LYING: Final = 5  # this orientation and those above it exchange rows and columns
_MOST_PROFILE_BYTES: Final = 4 << 20

_PILLOW_FORMATS: Final = {Form.JPEG: ("JPEG", "MPO"), Form.PNG: ("PNG",), Form.WEBP: ("WEBP",), Form.TIFF: ("TIFF",)}
# What Pillow and its decoders are known to raise for damaged input; anything else is a bug and stays one.
_DAMAGE: Final = (
    *(OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, OverflowError),
    *(struct.error, zlib.error, ZeroDivisionError, RuntimeError, AttributeError),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The pages of one file (most have one), and codes of `reasons` for what was left out."""

    pages: tuple[Pixels, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a picture is once it is upright and small enough, and by which Exif orientation it is turned."""

    rows: int
    columns: int
    turn: int


def shape_of(content: bytes, form: Form) -> Shape:
    """The shape of the first page as `decode_photograph` gives it, from the header alone.

    Raises Refused: too-many-pixels, bad-picture; what is damaged further on is seen when it is decoded.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            width, height, turn = _measured(content, form)
        except Image.DecompressionBombError:
            raise Refused("too-many-pixels") from None
        except _DAMAGE:
            raise Refused("bad-picture") from None
    if width * height > MOST_PIXELS:
        raise Refused("too-many-pixels")
    columns, rows = small_size(width, height)
    return Shape(columns, rows, turn) if turn >= _LYING else Shape(rows, columns, turn)


def _measured(content: bytes, form: Form) -> tuple[int, int, int]:
    """(width, height, orientation) as stored."""
    if form is Form.HEIC:
        opened = _opened_heic(content)
        return *opened[opened.primary_index].size, 1
    with _opened(content, form) as picture:
        if form is Form.TIFF:
            # Pillow tells the size of a TIFF as it will be once upright.
            return *picture.size, 1
        return *picture.size, upright.orientation(picture.info.get("exif", b""))


def small_size(width: int, height: int) -> tuple[int, int]:
    """(width, height) made so small that the longer side is at most LONGEST_SIDE."""
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def decode_photograph(content: bytes, form: Form) -> Decoded:
    """Every page of `content` as (rows, columns, 3) uint8, sRGB, upright, transparency laid on white.

    Raises Refused: too-many-pixels, too-many-pictures, animated-picture, truncated, bad-picture.
    """
    with warnings.catch_warnings():
        # A warning may quote what it read.
        warnings.simplefilter("ignore")
        try:
            return _heic(content) if form is Form.HEIC else _by_pillow(content, form)
        except Image.DecompressionBombError:
            raise Refused("too-many-pixels") from None
        except _DAMAGE as fault:
            raise Refused("truncated" if "truncated" in str(fault) else "bad-picture") from None


def encode_picture(pixels: Pixels, form: Literal["JPEG", "WEBP", "PNG"] = "JPEG") -> bytes:
    """A new file of `pixels` (rows, columns, 3) and nothing else: no profile, no date, no comment, no thumbnail."""
    out = io.BytesIO()
    fresh = Image.fromarray(np.ascontiguousarray(pixels))
    fresh.save(out, form, **({} if form == "PNG" else {"quality": 92}))
    return out.getvalue()


def _by_pillow(content: bytes, form: Form) -> Decoded:
    with _opened(content, form) as opened:
        pages = tuple(_pages(opened)) if form is Form.TIFF else (_page(opened, form, MOST_PIXELS),)
        notes = ("further-pictures-dropped",) if form is Form.JPEG and _has_more(content, opened) else ()
    return Decoded(pages, notes)


def _opened(content: bytes, form: Form) -> Image.Image:
    """The picture before it is decoded, of a form whose parser was given nothing it need not see."""
    plain = content
    if form is Form.PNG:
        if png_chunks.is_animated(content):
            raise Refused("animated-picture")
        plain = png_chunks.pixels_only(content)
    elif form is Form.WEBP:
        width, height = webp_header.canvas_of(content)
        if width * height > MOST_PIXELS:
            raise Refused("too-many-pixels")
    return Image.open(io.BytesIO(plain), formats=_PILLOW_FORMATS[form])


def _pages(opened: Image.Image) -> Iterator[Pixels]:
    left = MOST_PIXELS
    for index in range(MOST_PAGES + 1):
        try:
            opened.seek(index)
        except EOFError:
            return
        if index == MOST_PAGES:
            raise Refused("too-many-pictures")
        width, height = opened.size
        page = _page(opened, Form.TIFF, left)
        left -= width * height
        yield page


def _page(opened: Image.Image, form: Form, most_pixels: int) -> Pixels:
    width, height = opened.size
    if width * height > most_pixels:
        raise Refused("too-many-pixels")
    # Pillow itself turns a TIFF upright while it loads.
    turn = 1 if form is Form.TIFF else upright.orientation(opened.info.get("exif", b""))
    if form is Form.JPEG and max(width, height) > 2 * LONGEST_SIDE:
        opened.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    opened.load()
    # Measured again: Pillow may have turned a TIFF; a JPEG may be drafted to a smaller size than it has.
    size = opened.size if form is Form.TIFF else (width, height)
    return upright.turned(_small(in_srgb(opened), size), turn)


def _has_more(content: bytes, opened: Image.Image) -> bool:
    """Whether a JPEG carries a second picture, or the film of a "motion photo", behind or beside the first."""
    return opened.format == "MPO" or content.find(b"ftyp", len(content) // 16) > 0


def _heic(content: bytes) -> Decoded:
    opened = _opened_heic(content)
    picture = opened[opened.primary_index]
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise Refused("too-many-pixels")
    # libheif has turned it already, as the container says; the Exif copy of the orientation is not for use.
    plain = in_srgb(picture.to_pillow(), picture.info.get("icc_profile"))
    page = upright.turned(_small(plain, plain.size), 1)
    return Decoded((page,), ("further-pictures-dropped",) if len(opened) > 1 else ())


def _opened_heic(content: bytes) -> pi_heif.HeifFile:
    pi_heif.options.DECODE_THREADS = 1
    pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = False
    return pi_heif.open_heif(io.BytesIO(heic_boxes.pictures_only(content)))


def in_srgb(opened: Image.Image, profile: bytes | None = None) -> Image.Image:
    """`opened` as an RGB picture in sRGB: profile applied, deep grey made 8 bits, transparency laid on white."""
    profile = profile or opened.info.get("icc_profile")
    picture = _eight_bits(opened)
    if picture.mode in ("P", "PA", "LA", "RGBA", "La", "RGBa") or "transparency" in picture.info:
        picture = _on_white(picture.convert("RGBA"))
    elif picture.mode not in ("L", "RGB", "CMYK"):
        picture = picture.convert("RGB")
    if profile and len(profile) <= _MOST_PROFILE_BYTES:
        picture = _from_profile(picture, profile)
    return picture.convert("RGB")


def _eight_bits(picture: Image.Image) -> Image.Image:
    if picture.mode == "1":
        return picture.convert("L")
    if not picture.mode.startswith(("I", "F")):
        return picture
    values = np.asarray(picture).astype(np.float64)
    if picture.mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    else:
        known = values[np.isfinite(values)]
        low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    scaled = np.nan_to_num((values - low) / max(high - low, 1e-12) * 255.0, nan=0.0, posinf=255.0, neginf=0.0)
    return Image.fromarray(np.clip(np.rint(scaled), 0, 255).astype(np.uint8))


def _on_white(picture: Image.Image) -> Image.Image:
    # What lies under full transparency is not shown by anyone; it must not be kept either.
    ground = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    return Image.alpha_composite(ground, picture).convert("RGB")


def _from_profile(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        made = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *_DAMAGE):
        # A profile that does not fit its picture is ignored, as every viewer does.
        return picture
    return picture if made is None else made


def _small(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """`picture`, whose full size is `size`, at its small size."""
    wanted = small_size(*size)
    return picture if picture.size == wanted else picture.resize(wanted, Image.Resampling.LANCZOS)
