"""Photographs: decoded within bounds, upright, in sRGB, and written anew with nothing but pixels."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from confrere.core.pixels import photographs
from confrere.core.pixels.forms import Form, form_of
from confrere.core.pixels.photographs import decode_photograph, encode_picture, shape_of
from confrere.core.terms import Refused
from confrere.core.terms.kinds import HEAD_BYTES, FileKind, kind_of
from planted.pictures import PlantedPicture, planted_pictures, scene

PICTURES = {planted.name: planted for planted in planted_pictures() if planted.name != "mp4"}


def saved(picture: Image.Image, form: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def code_of(content: bytes, form: Form) -> str:
    with pytest.raises(Refused) as stop:
        decode_photograph(content, form)
    return stop.value.code


@pytest.mark.parametrize("planted", PICTURES.values(), ids=PICTURES)
@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG"])
def test_nothing_planted_comes_through(planted: PlantedPicture, form: str) -> None:
    (page,) = decode_photograph(planted.content, Form(planted.name)).pages
    fresh = encode_picture(page, form)  # type: ignore[arg-type]  # the three it takes
    assert planted.left_in(fresh) == []
    assert not Image.open(io.BytesIO(fresh)).getexif()
    assert "icc_profile" not in Image.open(io.BytesIO(fresh)).info


def test_the_search_itself_finds_what_is_planted() -> None:
    for planted in PICTURES.values():
        assert set(planted.left_in(planted.content)) == set(planted.planted.values())
        if planted.name != "heic":
            again = saved(
                Image.open(io.BytesIO(planted.content)), "PNG", exif=Image.open(io.BytesIO(planted.content)).getexif()
            )
            assert planted.left_in(again), "a copy of the Exif block should have been noticed"


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_every_orientation_ends_upright(form: str, turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    back = {5: 5, 6: 8, 7: 7, 8: 6}.get(turn, turn)
    stored = scene() if turn == 1 else Image.fromarray(photographs.upright.turned(scene(), back))
    (page,) = decode_photograph(saved(stored, form, exif=exif), Form(form.lower())).pages
    assert page.shape == (240, 320, 3)
    assert np.abs(page.astype(int) - np.asarray(scene())).mean() < 4


def test_a_picture_of_a_telephone_is_turned_once_as_its_container_says() -> None:
    (page,) = decode_photograph(PICTURES["heic"].content, Form.HEIC).pages
    assert page.shape == (96, 64, 3)
    red_above_green = page[:40].mean((0, 1))[0] > page[56:].mean((0, 1))[0]
    assert red_above_green


def test_transparent_pixels_keep_no_colour_of_their_own() -> None:
    hidden = np.zeros((8, 8, 4), np.uint8)
    hidden[:4, :, :3] = 200  # colours under full transparency
    (page,) = decode_photograph(saved(Image.fromarray(hidden), "PNG"), Form.PNG).pages
    assert (page == 255).all()


def test_a_palette_with_a_transparent_entry_is_laid_on_white() -> None:
    picture = Image.new("P", (4, 4), 1)
    picture.putpalette([10, 20, 30, 40, 50, 60])
    (page,) = decode_photograph(saved(picture, "PNG", transparency=1), Form.PNG).pages
    assert (page == 255).all()
    (page,) = decode_photograph(saved(picture, "PNG"), Form.PNG).pages
    assert (page == (40, 50, 60)).all()


def test_sixteen_bits_become_eight_over_the_whole_range() -> None:
    deep = np.array([[0, 32768, 65535]], np.uint16)
    for form in ("PNG", "TIFF"):
        (page,) = decode_photograph(saved(Image.fromarray(deep), form), Form(form.lower())).pages
        assert page[0, :, 0].tolist() == [0, 128, 255]


def test_floating_point_is_scaled_and_what_is_no_number_is_black() -> None:
    values = np.array([[-2.0, 0.0, 2.0, np.nan]], np.float32)
    (page,) = decode_photograph(saved(Image.fromarray(values), "TIFF"), Form.TIFF).pages
    assert page[0, :, 0].tolist() == [0, 128, 255, 0]


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_printers_colours_become_rgb(form: str) -> None:
    (page,) = decode_photograph(saved(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), form), Form(form.lower())).pages
    red, green, blue = page[4, 4].astype(int)
    assert red > 180
    assert green < 80
    assert blue < 80


def test_a_profile_is_applied_and_gone() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # Red and green change places, as no real device has them.
    swapped = profile.replace(b"rXYZ", b"_XYZ").replace(b"gXYZ", b"rXYZ").replace(b"_XYZ", b"gXYZ")
    plain = Image.new("RGB", (4, 4), (200, 30, 40))
    for form in ("PNG", "JPEG", "TIFF", "WEBP"):
        content = saved(plain, form, icc_profile=swapped)
        (page,) = decode_photograph(content, Form(form.lower())).pages
        red, green, _blue = page[0, 0].astype(int)
        assert green > 150 > 100 > red, form


@pytest.mark.parametrize("profile", [b"no profile", bytes(5 << 20)])
def test_a_profile_that_cannot_be_used_is_ignored(profile: bytes) -> None:
    plain = Image.new("RGB", (4, 4), (120, 130, 140))
    (page,) = decode_photograph(saved(plain, "TIFF", icc_profile=profile), Form.TIFF).pages
    assert page[0, 0].tolist() == [120, 130, 140]


def test_a_flood_of_pixels_is_refused_before_it_is_unfolded() -> None:
    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    parts = [
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    ]
    assert code_of(b"\x89PNG\r\n\x1a\n" + b"".join(parts), Form.PNG) == "too-many-pixels"


def test_a_flood_in_webp_is_refused_before_its_canvas_is_allocated() -> None:
    content = bytearray(saved(scene(), "WEBP", xmp=b"x"))
    assert content[12:16] == b"VP8X"
    content[24:30] = b"\xfe\x3f\0\xfe\x3f\0"  # 16383 by 16383
    assert code_of(bytes(content), Form.WEBP) == "too-many-pixels"


def test_each_page_of_a_tiff_is_a_picture_and_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [Image.new("RGB", (4, 4), (10 * number, 0, 0)) for number in range(5)]
    content = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert [int(page[0, 0, 0]) for page in decode_photograph(content, Form.TIFF).pages] == [0, 10, 20, 30, 40]
    monkeypatch.setattr(photographs, "MOST_PAGES", 4)
    assert code_of(content, Form.TIFF) == "too-many-pictures"
    monkeypatch.setattr(photographs, "MOST_PAGES", 64)
    monkeypatch.setattr(photographs, "MOST_PIXELS", 70)
    assert code_of(content, Form.TIFF) == "too-many-pixels"


def test_a_tiff_whose_pages_point_at_each_other_ends() -> None:
    content = bytearray(saved(Image.new("L", (4, 4)), "TIFF"))
    (directory,) = struct.unpack_from("<I", content, 4)
    (count,) = struct.unpack_from("<H", content, directory)
    struct.pack_into("<I", content, directory + 2 + 12 * count, directory)
    assert len(decode_photograph(bytes(content), Form.TIFF).pages) == 1


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_picture_that_moves_is_refused(form: str) -> None:
    frames = [Image.new("RGB", (4, 4), (100 * number, 0, 0)) for number in range(2)]
    content = saved(frames[0], form, save_all=True, append_images=frames[1:])
    assert code_of(content, Form(form.lower())) == "animated-picture"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_cut_picture_is_refused_and_never_half_shown(form: str) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (64, 64, 3), dtype=np.uint8))
    content = saved(noise, form)
    assert code_of(content[: len(content) // 2], Form(form.lower())) in ("truncated", "bad-picture")


def test_a_cut_heic_is_refused() -> None:
    content = PICTURES["heic"].content
    assert code_of(content[:700], Form.HEIC) in ("truncated", "bad-picture")


def test_the_film_behind_a_picture_and_a_second_picture_are_told() -> None:
    content = saved(scene(), "JPEG")
    assert decode_photograph(content + b"\0\0\0\x18ftypmp42" + bytes(100), Form.JPEG).notes == (
        "further-pictures-dropped",
    )
    assert decode_photograph(content, Form.JPEG).notes == ()


def test_a_very_large_picture_is_made_smaller() -> None:
    content = saved(Image.new("RGB", (5000, 1000), (9, 8, 7)), "PNG")
    (page,) = decode_photograph(content, Form.PNG).pages
    assert page.shape == (819, 4096, 3)
    assert (page == (9, 8, 7)).all()


@pytest.mark.parametrize("size", [(320, 240), (5000, 1237), (9001, 33), (33, 9001)])
@pytest.mark.parametrize("turn", [1, 3, 6])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF"])
def test_the_shape_is_told_from_the_header_as_it_comes_out(form: str, turn: int, size: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    content = saved(Image.new("RGB", size, (9, 8, 7)), form, exif=exif)
    shape = shape_of(content, Form(form.lower()))
    (page,) = decode_photograph(content, Form(form.lower())).pages
    assert page.shape[:2] == (shape.rows, shape.columns)
    assert max(page.shape) <= photographs.LONGEST_SIDE


def test_the_shape_of_a_heic_and_of_a_flood() -> None:
    shape = shape_of(PICTURES["heic"].content, Form.HEIC)
    assert (shape.rows, shape.columns, shape.turn) == (96, 64, 1)
    with pytest.raises(Refused, match="bad-picture"):
        shape_of(b"\xff\xd8\xff", Form.JPEG)


def test_a_second_picture_in_a_jpeg_is_told() -> None:
    content = saved(scene(), "MPO", save_all=True, append_images=[scene(60, 80)])
    decoded = decode_photograph(content, Form.JPEG)
    assert decoded.notes == ("further-pictures-dropped",)
    assert [page.shape for page in decoded.pages] == [(240, 320, 3)]


def test_a_tiff_with_long_offsets_is_a_tiff() -> None:
    content = saved(scene(), "TIFF", big_tiff=True)
    assert kind_of(content[:HEAD_BYTES]) is FileKind.PHOTO
    (page,) = decode_photograph(content, form_of(content, FileKind.PHOTO)).pages
    assert (page == np.asarray(scene())).all()
