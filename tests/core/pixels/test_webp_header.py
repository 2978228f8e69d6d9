"""The size of a WebP is told from its header in each of its three forms."""

import io

import pytest
from PIL import Image

from confrere.core.pixels.webp_header import canvas_of
from confrere.core.terms import Refused


def webp(size: tuple[int, int], **how: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (9, 8, 7)).save(out, "WEBP", **how)
    return out.getvalue()


@pytest.mark.parametrize("size", [(1, 1), (320, 240), (1000, 7), (16383, 2)])
@pytest.mark.parametrize("how", [{}, {"lossless": True}, {"xmp": b"x"}], ids=["VP8", "VP8L", "VP8X"])
def test_the_size_agrees_with_the_decoder(size: tuple[int, int], how: dict[str, object]) -> None:
    assert canvas_of(webp(size, **how)) == size


def test_one_that_moves_cut_or_unknown_is_refused() -> None:
    moving = webp((4, 4), save_all=True, append_images=[Image.new("RGB", (4, 4))])
    with pytest.raises(Refused, match="animated-picture"):
        canvas_of(moving)
    for content in (moving[:20], b"RIFF\0\0\0\0WEBPWXYZ" + bytes(40), webp((4, 4))[:23] + bytes(20)):
        with pytest.raises(Refused, match="bad-picture"):
            canvas_of(content)
