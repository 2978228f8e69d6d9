"""New values stand where they were put; every other pixel, and every frame that was not named, is what it was."""

from io import BytesIO

import numpy as np
import pydicom
import pytest
from support.burning import COLUMNS, ENDING, ROWS, file_of, jpeg_baseline, noise
from support.dicom_bytes import IMPLICIT, JPEG, ct_file, encapsulated, us

from confrere.core.dicom.stored_values import decode_frame
from confrere.core.pixels.new_values import with_values
from confrere.core.terms import Broken

CODINGS = ["native", "implicit", "rle", "jpeg", "jpeg-ls", "j2k", "htj2k"]
SYNTAXES = {"implicit": IMPLICIT, **{coding: IMPLICIT + ending for coding, ending in ENDING.items()}}


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("bits", [8, 12, 16])
def test_one_frame_is_given_values_and_the_others_keep_theirs(coding: str, bits: int) -> None:
    cells = noise(3, bits=bits)
    wanted = cells[1].copy()
    wanted[4:9, 3:12] = 17
    whole = with_values(file_of(cells, coding, stored=bits), {1: wanted})
    assert pydicom.dcmread(BytesIO(whole)).file_meta.TransferSyntaxUID == SYNTAXES[coding]
    for number, before in enumerate([cells[0], wanted, cells[2]]):
        assert np.array_equal(decode_frame(whole, number + 1), before)


def test_no_byte_of_native_pixels_changes_but_those_of_changed_pixels() -> None:
    cells = noise(2, bits=12)
    original = file_of(cells, "native", stored=12)
    wanted = cells[0].copy()
    wanted[5, 7] += 1
    before, after = (
        np.frombuffer(pydicom.dcmread(BytesIO(one)).PixelData, "<u2")
        for one in (original, with_values(original, {0: wanted}))
    )
    assert np.flatnonzero(before != after).tolist() == [5 * COLUMNS + 7]


@pytest.mark.parametrize("coding", ["native", "implicit", "rle", "jpeg", "jpeg-ls", "j2k"])
def test_signed_values_keep_their_sign(coding: str) -> None:
    values = np.random.default_rng(3).integers(-1000, 1000, (1, ROWS, COLUMNS)).astype(np.int16)
    cells = values if coding == "j2k" else values.view(np.uint16)
    wanted = values[0].copy()
    wanted[:6] = -1024
    whole = with_values(file_of(cells, coding, stored=16, signed=True), {0: wanted})
    assert np.array_equal(decode_frame(whole, 1), wanted)


def test_what_was_lossy_is_written_back_without_another_loss_and_says_it_was() -> None:
    cells = noise(2, bits=8)
    said = {0x00280008: ("IS", "2"), 0x00280010: ("US", us(ROWS)), 0x00280011: ("US", us(COLUMNS))}
    deep = {0x00280100: ("US", us(8)), 0x00280101: ("US", us(8)), 0x00280102: ("US", us(7)), 0x00280103: ("US", us(0))}
    pixels = {0x7FE00010: encapsulated(*(jpeg_baseline(frame) for frame in cells))}
    original = ct_file({**said, **deep, **pixels}, JPEG)
    seen = [decode_frame(original, number) for number in (1, 2)]
    wanted = np.array(seen[0])
    wanted[2:5, 2:5] = 200
    whole = with_values(original, {0: wanted})
    assert np.array_equal(decode_frame(whole, 1), wanted)
    assert np.array_equal(decode_frame(whole, 2), seen[1])
    assert pydicom.dcmread(BytesIO(whole)).LossyImageCompression == "01"


@pytest.mark.parametrize("value", [4096, -1])
def test_a_value_that_its_bits_cannot_hold_is_no_value(value: int) -> None:
    cells = noise(1, bits=12)
    wanted = cells[0].astype(np.int32)
    wanted[0, 0] = value
    with pytest.raises(Broken, match="bits"):
        with_values(file_of(cells, "native", stored=12), {0: wanted})


def test_values_of_another_size_and_colour_are_refused() -> None:
    with pytest.raises(Broken, match="size"):
        with_values(file_of(noise(1, bits=8), "native", stored=8), {0: np.zeros((3, 3), np.uint8)})
    with pytest.raises(Broken, match="new values"):
        with_values(file_of(noise(1, bits=8, samples=3), "native", stored=8), {0: np.zeros((ROWS, COLUMNS), np.uint8)})
