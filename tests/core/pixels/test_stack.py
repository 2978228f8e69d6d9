"""What stands on one slice of sixteen is seen, brighter tissue elsewhere or not."""

import numpy as np
import pytest
from support.lettering import blocks_are_text, plain, sees_nothing, with_line

from confrere.core.pixels.boxes import Hit, mask_of
from confrere.core.pixels.stack import lines_in_chunk


def is_covered(hits: list[Hit]) -> bool:
    return bool(mask_of([box for hit in hits for box in hit.boxes], (96, 160))[32:38, 45:95].all())


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.uint16, np.int32])
def test_a_line_on_one_slice_is_found(kind: type) -> None:
    frames = [plain(kind=kind) for _ in range(16)]
    frames[5] = with_line(frames[5])
    assert is_covered(lines_in_chunk(frames, blocks_are_text))


def test_a_line_weaker_than_tissue_elsewhere_is_found_by_its_strokes() -> None:
    frames = [plain(value=40 + 12 * number) for number in range(16)]
    frames[2] = frames[2].copy()
    frames[2][30:38, 40:100] = 150
    assert is_covered(lines_in_chunk(frames, blocks_are_text))


def test_the_preview_sees_what_stands_on_every_slice() -> None:
    frames = [with_line(plain()) for _ in range(16)]
    assert is_covered(lines_in_chunk(frames, blocks_are_text, preview=True))


def test_the_preview_asks_the_network_less() -> None:
    asked = {True: 0, False: 0}
    for preview in asked:

        def count(picture: np.ndarray, preview: bool = preview) -> np.ndarray:
            asked[preview] += picture.size
            return sees_nothing(picture)

        lines_in_chunk([plain(kind=np.int16)] * 4, count, preview=preview)
    assert asked[True] < 0.5 * asked[False]


def test_single_bits_have_no_strokes_to_break_on() -> None:
    assert lines_in_chunk([np.zeros((96, 160), np.bool_)] * 2, sees_nothing) == []
