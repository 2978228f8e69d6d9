"""What the decoder of HEIC is given points at no Exif, no XMP and no thumbnail."""

import io
import struct

import pi_heif
import pytest

from confrere.core.pixels.heic_boxes import pictures_only
from confrere.core.terms import Refused
from planted.pictures import planted_pictures

CONTENT = next(planted.content for planted in planted_pictures() if planted.name == "heic")


def test_the_picture_is_the_same_and_the_rest_is_not_seen() -> None:
    before, after = (pi_heif.open_heif(io.BytesIO(content)) for content in (CONTENT, pictures_only(CONTENT)))
    assert before.info["exif"]
    assert before.info["xmp"]
    assert not after.info["exif"]
    assert "xmp" not in after.info
    assert bytes(before.data) == bytes(after.data)
    assert len(pictures_only(CONTENT)) == len(CONTENT)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\0\0\0\x0cftypheic", "bad-picture"),
        (CONTENT[:300], "truncated"),
        (struct.pack(">I", 4) + b"ftypheic", "bad-picture"),
        (CONTENT + CONTENT, "bad-picture"),
    ],
)
def test_one_without_or_with_two_descriptions_or_cut_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as stop:
        pictures_only(content)
    assert stop.value.code == code
