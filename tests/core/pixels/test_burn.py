"""What lies under a mask is gone from the file; what lies beside it is bit for bit what it was."""

from io import BytesIO

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from support import dicom_bytes as made
from support.burning import BOX, COLUMNS, ENDING, ROWS, file_of, jpeg_baseline, noise, region

from confrere.core.dicom.stored_values import decode_frame
from confrere.core.pixels.burn import burn_instance
from confrere.core.pixels.regions import Box

UNDER = (slice(BOX.top, BOX.bottom), slice(BOX.left, BOX.right))
CODINGS = ["native", "implicit", "rle", "jpeg", "jpeg-ls", "j2k", "htj2k"]

SYNTAXES = {"implicit": made.IMPLICIT, **{coding: made.IMPLICIT + ending for coding, ending in ENDING.items()}}


def outside() -> np.ndarray:
    mask = np.ones((ROWS, COLUMNS), bool)
    mask[UNDER] = False
    return mask


def frames_in(whole: bytes, count: int) -> list[np.ndarray]:
    return [decode_frame(whole, number + 1) for number in range(count)]


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize(("bits", "samples"), [(8, 1), (12, 1), (16, 1), (8, 3)])
def test_inside_is_one_value_and_outside_is_untouched(coding: str, bits: int, samples: int) -> None:
    cells = noise(3, bits=bits, samples=samples)
    whole = burn_instance(file_of(cells, coding, stored=bits), [region(0, 1)])
    read = pydicom.dcmread(BytesIO(whole))
    assert read.file_meta.TransferSyntaxUID == SYNTAXES[coding]
    assert read.Rows == ROWS
    for number, frame in enumerate(frames_in(whole, 3)):
        assert np.array_equal(frame[outside()], cells[number][outside()])
        if number == 2:
            assert np.array_equal(frame, cells[number])
        else:
            assert len(np.unique(frame[UNDER])) == 1
            assert not np.array_equal(frame[UNDER], cells[number][UNDER])


@pytest.mark.parametrize("coding", ["native", "implicit", "rle"])
def test_another_reader_sees_the_same(coding: str) -> None:
    cells = noise(2, bits=12)
    seen = pydicom.dcmread(BytesIO(burn_instance(file_of(cells, coding, stored=12), [region(0, 1)]))).pixel_array
    assert np.array_equal(seen[:, outside()], cells[:, outside()])
    assert all(len(np.unique(frame[UNDER])) == 1 for frame in seen)


@pytest.mark.parametrize("coding", ["native", "implicit", "rle", "jpeg", "jpeg-ls", "j2k"])
def test_signed_values_keep_their_sign_and_the_mask_is_their_least(coding: str) -> None:
    values = np.random.default_rng(3).integers(-2000, 2000, (2, ROWS, COLUMNS)).astype(np.int16)
    cells = values if coding == "j2k" else values.view(np.uint16)
    whole = burn_instance(file_of(cells, coding, stored=16, signed=True), [region(0, 1)])
    for frame, before in zip(frames_in(whole, 2), values, strict=True):
        assert np.array_equal(frame[outside()], before[outside()])
        assert set(frame[UNDER].reshape(-1)) == {before[outside()].min()}


def test_white_is_the_least_where_bright_is_small() -> None:
    cells = noise(1, bits=12)
    whole = burn_instance(file_of(cells, "native", stored=12, photometric="MONOCHROME1"), [region(0, 0)])
    assert set(decode_frame(whole, 1)[UNDER].reshape(-1)) == {cells[0][outside()].max()}


def palette() -> dict[int, tuple[str, bytes]]:
    table = np.arange(256, dtype="<u2")[::-1].tobytes()
    words = {tag: ("US", made.us(256, 0, 16)) for tag in (0x00281101, 0x00281102, 0x00281103)}
    return {**words, **dict.fromkeys((2626049, 2626050, 2626051), ("OW", table))}


@pytest.mark.parametrize("coding", ["native", "rle"])
def test_a_palette_is_covered_by_its_darkest_colour(coding: str) -> None:
    cells = noise(2, bits=8)
    whole = burn_instance(
        file_of(cells, coding, stored=8, photometric="PALETTE COLOR", extra=palette()), [region(0, 1)]
    )
    assert set(decode_frame(whole, 2)[UNDER].reshape(-1)) == {255}


def test_planes_of_colour_one_after_the_other_are_covered_in_each() -> None:
    cells = noise(2, bits=8, samples=3)
    planes = np.ascontiguousarray(cells.transpose(0, 3, 1, 2))
    whole = burn_instance(made.ct_file(_as_colour(planes, 1)), [region(1, 1)])
    assert np.array_equal(decode_frame(whole, 1), cells[0])
    assert not decode_frame(whole, 2)[UNDER].any()
    assert np.array_equal(decode_frame(whole, 2)[outside()], cells[1][outside()])


def _as_colour(cells: np.ndarray, planar: int, photometric: str = "RGB") -> dict[int, object]:
    return {
        0x00280002: ("US", made.us(3)),
        0x00280004: ("CS", photometric),
        0x00280006: ("US", made.us(planar)),
        0x00280008: ("IS", str(len(cells))),
        0x00280010: ("US", made.us(ROWS)),
        0x00280011: ("US", made.us(COLUMNS)),
        0x00280100: ("US", made.us(8)),
        0x00280101: ("US", made.us(8)),
        0x00280102: ("US", made.us(7)),
        0x7FE00010: ("OW", cells.tobytes()),
    }


def test_pairs_that_share_their_colour_are_covered_as_one() -> None:
    pairs = np.random.default_rng(5).integers(1, 250, (1, ROWS, COLUMNS * 2)).astype(np.uint8)
    whole = burn_instance(made.ct_file(_as_colour(pairs, 0, "YBR_FULL_422")), [region(0, 0)])
    before, after = decode_frame(made.ct_file(_as_colour(pairs, 0, "YBR_FULL_422")), 1), decode_frame(whole, 1)
    wider = np.ones((ROWS, COLUMNS), bool)
    wider[BOX.top : BOX.bottom, 4:20] = False
    assert np.array_equal(after[wider], before[wider])
    assert {tuple(cell) for cell in after[~wider]} == {(0, 128, 128)}


def test_luminance_and_colour_are_covered_by_black_not_green() -> None:
    cells = noise(1, bits=8, samples=3)
    whole = burn_instance(file_of(cells, "native", stored=8, photometric="YBR_FULL"), [region(0, 0)])
    assert {tuple(cell) for cell in decode_frame(whole, 1)[UNDER].reshape(-1, 3)} == {(0, 128, 128)}


def test_a_lossy_picture_comes_back_lossless_and_keeps_saying_it_was_lossy() -> None:
    cells = noise(2, bits=8, samples=3)
    streams = [jpeg_baseline(frame) for frame in cells]
    changes = {**_as_colour(cells, 0, "YBR_FULL_422"), 0x7FE00010: made.encapsulated(*streams)}
    source = made.ct_file(changes, made.JPEG)
    whole = burn_instance(source, [region(0, 0)])
    read = pydicom.dcmread(BytesIO(whole))
    assert read.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.70"
    assert read.LossyImageCompression == "01"
    assert read.PhotometricInterpretation == "RGB"
    assert np.array_equal(decode_frame(whole, 1)[outside()], decode_frame(source, 1)[outside()])
    assert np.array_equal(decode_frame(whole, 2), decode_frame(source, 2))
    assert not decode_frame(whole, 1)[UNDER].any()
    assert not any(stream[20:120] in whole for stream in streams)


def test_overlays_icons_and_old_offsets_are_gone_and_nothing_follows_the_pixels() -> None:
    icon = made.item(made.element(0x7FE00010, "OW", b"OLDPIXELOLDPIXEL"))
    extra = {
        0x00880200: ("SQ", icon),
        0x60003000: ("OW", b"OVERLAYOVERLAYOV"),
        0x60FE3000: ("OW", b"OVERLAYOVERLAYOV"),
        0x7FE00002: ("OV", b"OFFSETOF"),
    }
    cells = noise(2, bits=12)
    source = file_of(cells, "rle", stored=12, extra=extra) + made.element(0xFFFCFFFC, "OB", b"TRAILING")
    whole = burn_instance(source, [region(0, 1)])
    assert not any(word in whole for word in (b"OLDPIXEL", b"OVERLAY", b"OFFSETOF", b"TRAILING"))
    assert made.NAME.encode() in whole


def test_a_box_that_hangs_over_the_edge_covers_what_is_there() -> None:
    cells = noise(1, bits=8)
    whole = burn_instance(file_of(cells, "native", stored=8), [region(0, 0, Box(0, 0, 999, 999))])
    assert not decode_frame(whole, 1).any()


def test_a_frame_that_does_not_exist_is_an_error_not_a_mask_forgotten() -> None:
    with pytest.raises(ValueError, match="does not exist"):
        burn_instance(file_of(noise(1, bits=8), "native", stored=8), [region(0, 1)])


def test_without_regions_the_pixels_are_the_same_bytes() -> None:
    source = file_of(noise(2, bits=12), "jpeg-ls", stored=12)
    assert [frame.tobytes() for frame in frames_in(burn_instance(source, []), 2)] == [
        frame.tobytes() for frame in frames_in(source, 2)
    ]


def test_single_bits_are_covered_one_by_one() -> None:
    bits = np.ones(2 * 8 * 8, np.uint8)
    changes = {
        0x00280008: ("IS", "2"),
        0x00280100: ("US", made.us(1)),
        0x00280101: ("US", made.us(1)),
        0x00280102: ("US", made.us(0)),
        0x7FE00010: ("OB", np.packbits(bits, bitorder="little").tobytes()),
    }
    whole = burn_instance(made.ct_file(changes), [region(1, 1, Box(2, 1, 5, 3))])
    assert decode_frame(whole, 1).all()
    expected = np.ones((8, 8), bool)
    expected[1:3, 2:5] = False
    assert np.array_equal(decode_frame(whole, 2).astype(bool), expected)


@settings(max_examples=40, deadline=None)
@given(
    coding=some.sampled_from(CODINGS),
    bits=some.sampled_from([8, 10, 12, 16]),
    samples=some.sampled_from([1, 3]),
    seed=some.integers(0, 99),
    corner=some.tuples(some.integers(0, COLUMNS - 2), some.integers(0, ROWS - 2)),
    size=some.tuples(some.integers(1, COLUMNS), some.integers(1, ROWS)),
)
def test_whatever_the_encoding_only_the_box_changes(
    coding: str, bits: int, samples: int, seed: int, corner: tuple[int, int], size: tuple[int, int]
) -> None:
    bits = 8 if samples == 3 else bits
    box = Box(*corner, min(COLUMNS, corner[0] + size[0]), min(ROWS, corner[1] + size[1]))
    cells = noise(2, bits=bits, samples=samples, seed=seed)
    whole = burn_instance(file_of(cells, coding, stored=bits), [region(1, 1, box)])
    first, second = frames_in(whole, 2)
    beside = np.ones((ROWS, COLUMNS), bool)
    beside[box.top : box.bottom, box.left : box.right] = False
    assert np.array_equal(first, cells[0])
    assert np.array_equal(second[beside], cells[1][beside])
    assert len(np.unique(second[~beside])) == 1
