"""A picture is turned as its Exif orientation says, and nothing else of the Exif block is read."""

import io
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from confrere.core.pixels.upright import orientation, turned


def block(turn: int, order: str = "II") -> bytes:
    exif = Image.Exif()
    exif.endian = "<" if order == "II" else ">"
    exif[0x010F] = "Maker"
    exif[0x0112] = turn
    return exif.tobytes()


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("order", ["II", "MM"])
def test_every_orientation_is_read_in_both_byte_orders(turn: int, order: str) -> None:
    assert orientation(block(turn, order)) == turn


@pytest.mark.parametrize("turn", range(1, 9))
def test_turning_agrees_with_pillow(turn: int) -> None:
    pixels = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", exif=block(turn))
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(out.getvalue())))
    assert (turned(Image.fromarray(pixels), turn) == np.asarray(upright)).all()


@pytest.mark.parametrize(
    "damaged",
    [b"", b"Exif\0\0", b"II*\0", b"II*\0" + struct.pack("<I", 1 << 31), block(6)[:20], b"XX" + block(6)[8:], block(0)],
)
def test_what_cannot_be_read_leaves_the_picture_as_it_is(damaged: bytes) -> None:
    assert orientation(damaged) == 1


@given(st.binary(max_size=200))
def test_any_bytes_give_an_orientation(noise: bytes) -> None:
    assert orientation(b"Exif\0\0II*\0\x08\0\0\0" + noise) in range(1, 9)
    assert orientation(noise) in range(1, 9)
