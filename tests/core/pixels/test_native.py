"""Of uncompressed pixels only the bytes under a mask change."""

import numpy as np
from support import dicom_bytes as made
from support.burning import BOX, file_of, noise

from confrere.core.dicom.stored_values import open_instance
from confrere.core.pixels.native import native_with_masks


def test_unused_bits_outside_the_mask_stay_as_they_lay() -> None:
    cells = noise(1, bits=16)
    value = native_with_masks(open_instance(file_of(cells, "native", stored=12)), [(BOX,)])
    after = np.frombuffer(value, "<u2").reshape(cells[0].shape)
    changed = after != cells[0]
    assert changed[BOX.top : BOX.bottom, BOX.left : BOX.right].mean() > 0.99
    changed[BOX.top : BOX.bottom, BOX.left : BOX.right] = False
    assert not changed.any()


def test_frames_without_a_box_are_the_same_bytes() -> None:
    cells = noise(2, bits=8)
    value = native_with_masks(open_instance(file_of(cells, "native", stored=8)), [(), (BOX,)])
    assert value[: cells[0].size] == cells[0].tobytes()
    assert value[cells[0].size :] != cells[1].tobytes()


def test_floating_point_pixels_are_covered_by_their_least() -> None:
    values = np.linspace(1, 2, 64, dtype="<f4").reshape(8, 8)
    changes = {
        0x00280100: ("US", made.us(32)),
        0x00280101: None,
        0x00280102: None,
        0x00280103: None,
        0x7FE00010: None,
        0x7FE00008: ("OF", values.tobytes()),
    }
    value = native_with_masks(open_instance(made.ct_file(changes)), [(BOX,)])
    after = np.frombuffer(value, "<f4").reshape(8, 8)
    assert set(after[4:, 5:].reshape(-1)) == {np.float32(1)}
    assert np.array_equal(after[:4], values[:4])
