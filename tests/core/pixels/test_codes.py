"""Codes are found turned, small, noisy and damaged, and covered to the last module."""

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from confrere.core.pixels.codes import find_codes
from confrere.core.pixels.regions import RegionKind
from planted.pictures import scene

FORMATS = zxingcpp.BarcodeFormat
DIGITS = "".join(map(str, np.random.default_rng(3).integers(0, 10, 2200)))  # as many as an Aadhaar card's code holds
WORDS = {
    "QR": (FORMATS.QRCode, "UHID 20191234 Quirina Zqxtest"),
    "like Aadhaar's": (FORMATS.QRCode, DIGITS),
    "Code 128": (FORMATS.Code128, "MRN0012345"),
    "Code 39": (FORMATS.Code39, "MRN12345"),
    "Data Matrix": (FORMATS.DataMatrix, "Quirina Zqxtest 12345"),
}


def with_code(
    name: str, angle: float, scale: int = 3, noise: float = 0.0
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A field with a code on a label, and where its ink stands."""
    form, words = WORDS[name]
    code = np.asarray(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(words, form), scale=scale), np.float32)
    rows, columns = code.shape
    side = 2 * int(np.hypot(rows, columns)) // 3 * 2
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), angle, 1)
    turn[:, 2] += (side / 2 - columns / 2, side / 2 - rows / 2)
    label = cv2.warpAffine(code, turn, (side, side))
    there = cv2.warpAffine(np.ones_like(code), turn, (side, side))
    ink = cv2.warpAffine((code < 128).astype(np.uint8), turn, (side, side), flags=cv2.INTER_NEAREST)
    ground = np.asarray(scene(side, side).convert("L"), np.float32)
    made = ground * (1 - there) + label * there + np.random.default_rng(1).normal(0, max(noise, 1e-6), (side, side))
    return np.repeat(np.clip(made, 0, 255).astype(np.uint8)[..., None], 3, 2), ink.astype(bool)


def covered(frame: NDArray[np.uint8], ink: NDArray[np.bool_]) -> float:
    mask = np.zeros(ink.shape, bool)
    for region in find_codes(frame):
        mask[region.box.top : region.box.bottom, region.box.left : region.box.right] = True
    return float((mask & ink).sum() / ink.sum())


@pytest.mark.parametrize("angle", [0, 17, 45, 90, 180])
@pytest.mark.parametrize("name", WORDS)
def test_a_turned_code_is_covered_whole(name: str, angle: float) -> None:
    assert covered(*with_code(name, angle)) == 1.0


@pytest.mark.parametrize("name", WORDS)
def test_a_small_noisy_code_is_covered_whole(name: str) -> None:
    assert covered(*with_code(name, 4, scale=2, noise=6)) > 0.995


def test_a_code_that_no_reader_can_read_any_more_is_still_seen() -> None:
    frame, ink = with_code("QR", 0, scale=5)
    rows, columns = np.nonzero(ink)
    middle = slice(rows.mean().astype(int) - 20, rows.mean().astype(int) + 20)
    frame[middle, columns.mean().astype(int) - 20 : columns.mean().astype(int) + 20] = 90
    regions = find_codes(frame)
    assert {region.score for region in regions} == {0.7}
    assert covered(frame, ink) > 0.995


def test_two_codes_are_two_regions_on_the_frame_asked_about() -> None:
    left, _ = with_code("QR", 0)
    right, _ = with_code("Data Matrix", 0)
    rows = min(left.shape[0], right.shape[0])
    regions = find_codes(np.concatenate([left[:rows], right[:rows]], axis=1), number=4)
    assert len(regions) >= 2
    assert {(region.first_frame, region.last_frame, region.kind) for region in regions} == {(4, 4, RegionKind.CODE)}


def test_a_grey_frame_is_read_too_and_one_without_code_has_no_region() -> None:
    frame, _ = with_code("QR", 0)
    assert find_codes(frame[..., 0].astype(np.uint16) * 200)
    assert find_codes(np.asarray(scene())) == ()
    assert find_codes(np.zeros((1, 1, 3), np.uint8)) == ()
