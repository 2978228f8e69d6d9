"""Where text hides inside PixelData."""

from collections.abc import Callable

import pytest
from pydicom.dataset import Dataset

from confrere.core.verify.layout import layout_of
from confrere.core.verify.pixel_tail import picture_length, printable_runs

Write = Callable[[Dataset], bytes]


@pytest.mark.parametrize(
    ("changes", "length"),
    [
        ({}, 128),
        ({"NumberOfFrames": "3"}, 384),
        ({"SamplesPerPixel": 3, "BitsAllocated": 8}, 192),
        ({"BitsAllocated": 1}, 8),
        ({"SamplesPerPixel": 3, "BitsAllocated": 8, "PhotometricInterpretation": "YBR_FULL_422"}, 128),
    ],
)
def test_the_picture_is_as_long_as_the_header_says(
    changes: dict[str, object], length: int, clean: Dataset, write: Write
) -> None:
    for keyword, value in changes.items():
        setattr(clean, keyword, value)
    assert picture_length(layout_of(write(clean))) == length


def test_without_rows_the_length_is_unknown(clean: Dataset, write: Write) -> None:
    del clean.Rows
    assert picture_length(layout_of(write(clean))) is None


def test_only_long_printable_runs_are_kept() -> None:
    raw = b"\x01short\x02long enough\xff" + "wide text".encode("utf-16-le") + b"\x03"
    assert printable_runs(raw) == b"long enough\nwide text"
    assert printable_runs(b"") == b""
