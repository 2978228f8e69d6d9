"""Of a PNG only the chunks that make pixels reach the decoder."""

import io
import struct
import zlib

import pytest
from PIL import Image

from confrere.core.pixels.png_chunks import is_animated, pixels_only
from confrere.core.terms import Refused


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*more: bytes) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 3), (1, 2, 3)).save(out, "PNG")
    content = out.getvalue()
    return content[:33] + b"".join(more) + content[33:]


def test_text_and_everything_behind_the_end_is_left_out() -> None:
    kept = pixels_only(
        png(chunk(b"tEXt", b"Comment\0word"), chunk(b"zTXt", b"c\0\0" + zlib.compress(b"word"))) + b"word"
    )
    assert b"word" not in kept
    assert b"TXt" not in kept
    assert kept.endswith(chunk(b"IEND", b""))
    assert Image.open(io.BytesIO(kept)).convert("RGB").getpixel((0, 0)) == (1, 2, 3)


def test_a_profile_that_unfolds_to_much_is_left_out_and_a_modest_one_stays() -> None:
    bomb = chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(8 << 20)))
    assert b"iCCP" not in pixels_only(png(bomb))
    assert b"iCCP" not in pixels_only(png(chunk(b"iCCP", b"p\0\0not deflated")))
    assert b"iCCP" in pixels_only(png(chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(1000)))))


def test_a_long_exif_block_is_left_out() -> None:
    assert b"eXIf" not in pixels_only(png(chunk(b"eXIf", bytes(2 << 20))))


@pytest.mark.parametrize("cut", [1, 4, 11, 12, 30])
def test_a_cut_one_is_refused(cut: int) -> None:
    with pytest.raises(Refused, match="truncated"):
        pixels_only(png()[:-cut])


def test_one_that_moves_is_recognised() -> None:
    assert is_animated(png(chunk(b"acTL", bytes(8))))
    assert not is_animated(png())
