"""Labels with codes on a field, turned, small, noisy."""

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

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
