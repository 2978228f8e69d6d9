"""The lenient walk: it explains well-formed files wholly and calls the rest trailing."""

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset

from confrere.core.terms import Broken
from confrere.core.verify.layout import layout_of

Write = Callable[[Dataset], bytes]


def _bytes(name: str) -> bytes:
    path = get_testdata_file(name)
    assert isinstance(path, str)
    return Path(path).read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "CT_small.dcm",
        "MR_small_implicit.dcm",
        "MR_small_bigendian.dcm",
        "JPEG2000.dcm",
        "image_dfl.dcm",
        "rtplan.dcm",
    ],
)
def test_a_whole_file_is_explained_to_its_end(name: str) -> None:
    layout = layout_of(_bytes(name))
    # The deflated sample carries eight bytes behind its stream, which belong to nothing.
    assert layout.end == len(layout.buffer) - (8 if name == "image_dfl.dcm" else 0)
    assert layout.leaves


def test_fragments_are_told_apart() -> None:
    layout = layout_of(_bytes("JPEG2000.dcm"))
    assert len(layout.fragments) >= 2
    assert layout.pixels is not None


def test_what_follows_the_last_element_is_trailing(clean: Dataset, write: Write) -> None:
    raw = write(clean)
    assert layout_of(raw + b"Rajesh").end == len(raw)


def test_depth_does_not_stop_the_machine() -> None:
    item = b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    assert layout_of(item * 5000).leaves == ()


def test_a_broken_deflate_is_told() -> None:
    raw = _bytes("image_dfl.dcm")
    with pytest.raises(Broken):
        layout_of(raw[:400] + b"\xff" * 40)


def test_a_deflate_bomb_is_refused_before_it_unfolds() -> None:
    raw = _bytes("image_dfl.dcm")  # its group 0002 ends at byte 334
    machine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    bomb = machine.compress(bytes(80 << 20)) + machine.flush()
    with pytest.raises(Broken):
        layout_of(raw[:334] + bomb)


@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_have_a_layout(raw: bytes, with_preamble: bool) -> None:  # hypothesis passes it
    layout = layout_of(bytes(128) + b"DICM" + raw if with_preamble else raw)
    assert layout.end <= len(layout.buffer)
