"""Pictures for the browser: right greys, right size, no metadata, quick."""

import time
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from support import dicom_bytes as made

from confrere.core.dicom.render import encoded_picture, render_frame, windowed


def picture(source: bytes, **asked: object) -> Image.Image:
    return Image.open(BytesIO(render_frame(source, 1, **asked)))  # type: ignore[arg-type]  # passed on


def levels(source: bytes, **asked: object) -> np.ndarray:
    return np.asarray(picture(source, quality=100, **asked).convert("L")).astype(int)


def half_and_half(low: int, high: int) -> bytes:
    cells = np.full((8, 8), low, "<u2")
    cells[:, 4:] = high
    return cells.tobytes()


def test_the_window_of_the_request_decides_black_and_white() -> None:
    source = made.ct_file({0x7FE00010: ("OW", half_and_half(100, 900))})
    shown = levels(source, window=(500.0, 400.0), media_type="image/jpeg")
    assert shown[:, :3].max() <= 4
    assert shown[:, 5:].min() >= 251


def test_rescale_is_applied_before_the_window() -> None:
    rescale = {0x00281052: ("DS", "-1000"), 0x00281053: ("DS", "1")}
    source = made.ct_file({**rescale, 0x7FE00010: ("OW", half_and_half(700, 1300))})
    shown = levels(source)  # CT without a header window: 40 over 400
    assert shown[:, :3].max() <= 4
    assert shown[:, 5:].min() >= 251


def test_monochrome1_is_inverted() -> None:
    pixels = {0x7FE00010: ("OW", half_and_half(100, 900))}
    plain = levels(made.ct_file(pixels), window=(500.0, 400.0))
    inverted = levels(made.ct_file({**pixels, 0x00280004: ("CS", "MONOCHROME1")}), window=(500.0, 400.0))
    assert np.abs(plain + inverted - 255).max() <= 6


def test_mr_without_a_usable_window_spreads_its_own_values() -> None:
    source = made.ct_file({0x00080060: ("CS", "MR"), 0x7FE00010: ("OW", half_and_half(3000, 3010))})
    shown = levels(source)
    assert shown[:, :3].max() <= 4
    assert shown[:, 5:].min() >= 251


@pytest.mark.parametrize("media_type", ["image/webp", "image/jpeg"])
def test_the_viewport_bounds_the_size_and_never_enlarges(media_type: str) -> None:
    body = made.dataset({0x7FE00010: ("OW", bytes(2 * 64 * 32))}, rows=64, columns=32)
    source = made.part10(body)
    assert picture(source, viewport=(16, 16), media_type=media_type).size == (8, 16)
    assert picture(source, viewport=(900, 900), media_type=media_type).size == (32, 64)


def test_colour_and_palettes_are_shown_in_colour() -> None:
    red = made.element(0x7FE00010, "OB", bytes([255, 0, 0] * 64))
    rgb = picture(made.ct_file({**made.eight_bit(red, "RGB"), 0x00280002: ("US", made.us(3))}), quality=100)
    assert rgb.convert("RGB").getpixel((4, 4))[0] > 240
    tables = {tag: ("US", made.us(256, 0, 16)) for tag in (0x00281101, 0x00281102, 0x00281103)}
    entries = {
        0x00281201: ("OW", b"\xff\xff" * 256),
        0x00281202: ("OW", bytes(512)),
        0x00281203: ("OW", bytes(512)),
    }
    grey = made.element(0x7FE00010, "OB", bytes(range(64)))
    palette = picture(made.ct_file({**made.eight_bit(grey, "PALETTE COLOR"), **tables, **entries}), quality=100)
    assert palette.convert("RGB").getpixel((4, 4))[0] > 240


def test_the_picture_carries_no_metadata_and_only_offered_types_are_made() -> None:
    assert not picture(made.ct_file()).getexif()
    with pytest.raises(ValueError, match="media type"):
        render_frame(made.ct_file(), 1, media_type="image/png")


def test_a_window_of_one_is_a_threshold() -> None:
    values = np.array([9.0, 9.6, 11.0], np.float32)
    assert windowed(values, 10.0, 1.0).tolist() == [0, 255, 255]


def test_a_full_slice_is_rendered_within_sixty_milliseconds() -> None:
    noise = np.random.default_rng(4).integers(0, 4096, (512, 512), "<u2")
    body = made.dataset({0x7FE00010: ("OW", noise.tobytes())}, rows=512, columns=512)
    source = made.part10(body)
    spent = []
    for _ in range(5):
        began = time.perf_counter()
        render_frame(source, 1)
        spent.append(time.perf_counter() - began)
    assert min(spent) < 0.06


def test_a_picture_is_encoded_without_metadata_and_no_larger_than_the_viewport() -> None:
    shown = np.zeros((40, 80, 3), np.uint8)
    shown[:, :40] = 200
    small = Image.open(BytesIO(encoded_picture(shown, viewport=(20, 20))))
    assert (small.format, small.size, small.info.get("exif"), small.info.get("xmp")) == ("WEBP", (20, 10), None, None)
    assert Image.open(BytesIO(encoded_picture(shown, viewport=(200, 200)))).size == (80, 40)
