"""The second look names the frames on which text is seen, and nothing else."""

import numpy as np
import pytest
from support.lettering import blocks_are_text, plain, sees_nothing, with_line

from confrere.core.verify.pixel_text import BURNED_IN, TextLeft, pixel_residuals, text_left_in


def noisy(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(30, 60, (96, 160)).astype(np.uint8)


def surely(picture: np.ndarray) -> np.ndarray:
    return np.minimum(1.0, blocks_are_text(picture) * 1.1).astype(np.float32)


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.uint16])
def test_text_is_seen_where_it_stands(kind: type) -> None:
    (found, *_) = text_left_in([with_line(noisy(1).astype(kind))], surely, alone=True)
    left, top, right, bottom = found.where
    assert abs(left - 40) <= 8
    assert abs(right - 100) <= 8
    assert top < 40
    assert bottom > 30


def test_the_frame_is_named_from_one_and_never_what_stands_there() -> None:
    frames = [noisy(1), with_line(noisy(2)), noisy(3)]
    (residual,) = pixel_residuals(frames, surely, alone=True)
    assert (residual.kind, residual.place, residual.tag) == (BURNED_IN, "frame 2", 0x7FE00010)


def test_sixteen_slices_are_looked_at_together() -> None:
    frames = [noisy(number) for number in range(20)]
    frames[17] = with_line(frames[17])
    assert [one.place for one in pixel_residuals(frames, surely, alone=False)] == ["frames 17 to 20"]


def test_what_only_one_rendering_shows_is_tissue() -> None:
    seen = []

    def every_other(picture: np.ndarray) -> np.ndarray:
        seen.append(picture)
        return surely(picture) if len(seen) % 2 else sees_nothing(picture)

    assert not list(text_left_in([with_line(noisy(1))], every_other, alone=True))


def test_a_large_body_and_a_speck_are_no_lines() -> None:
    body = plain(400, 400)
    body[50:350, 50:350] = 255
    speck = plain()
    speck[30:34, 30:34] = 255
    assert not list(text_left_in([body, speck], surely, alone=True))


def test_large_frames_are_shrunk_and_places_are_those_of_the_frame() -> None:
    frame = plain(3000, 2000)
    frame[1003:1015, 500:1300] = 255
    (found,) = {one.where for one in text_left_in([frame], surely, alone=True)}
    assert abs(found[0] - 500) < 30
    assert abs(found[2] - 1300) < 30


def test_a_clean_output_has_no_residual() -> None:
    assert pixel_residuals([noisy(1)], surely, alone=True) == ()
    assert TextLeft(0, 0, (0, 0, 4, 4)).first == 0
