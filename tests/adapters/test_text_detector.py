"""Real weights see real letters, alike in tiles and in the jail; missing or altered ones see nothing and say so."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import onnxruntime
import pytest
from PIL import Image, ImageDraw, ImageFont

from confrere.adapters import text_detector
from confrere.adapters.jail import JailSession, Limits
from confrere.adapters.text_detector import FIRST, SECOND, TextDetector, first_detector, second_detector
from confrere.adapters.weights import Weights
from confrere.core.terms import Broken


def written(rows: int = 200, columns: int = 400, at: tuple[int, int] = (60, 80)) -> np.ndarray:
    image = Image.new("L", (columns, rows), 30)
    ImageDraw.Draw(image).text(at, "ZAVERI QUIRINA 54Y", font=ImageFont.load_default(22), fill=230)
    return np.asarray(image)


@pytest.mark.parametrize("detector", [first_detector, second_detector])
def test_letters_are_seen_and_plain_ground_is_not(detector: object) -> None:
    found = detector()(written())  # type: ignore[operator]
    assert found.shape == (200, 400)
    assert found[80:110, 60:280].max() > 0.8
    assert found[150:].max() < 0.2


def test_colour_and_grey_are_seen_alike() -> None:
    grey = first_detector()(written())
    colour = first_detector()(np.repeat(written()[..., None], 3, axis=2))
    assert np.allclose(grey, colour)


def test_large_pictures_are_seen_in_tiles_without_a_seam() -> None:
    found = first_detector()(written(300, 2300, (930, 120)))
    assert found[125:145, 940:1140].mean() > 0.3


def test_tiles_cover_every_pixel_and_overlap() -> None:
    spans = list(text_detector._spans(3000))
    assert spans[0][0] == 0
    assert spans[-1][1] == 3000
    assert all(later[0] < earlier[1] for earlier, later in pairwise(spans))


@pytest.mark.parametrize("weights", [FIRST, SECOND])
def test_altered_or_missing_weights_break_and_find_nothing(weights: Weights) -> None:
    with pytest.raises(Broken, match="not the known ones"):
        TextDetector(replace(weights, sha256="0" * 64))
    with pytest.raises(Broken, match="missing"):
        TextDetector(replace(weights, path="rapidocr/models/none.onnx"))


def test_bytes_that_are_no_network_break(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_detector, "read_weights", lambda _: b"no network")
    with pytest.raises(Broken, match="cannot be run"):
        TextDetector(FIRST)


def test_a_network_that_fails_is_broken_not_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    detector = TextDetector(SECOND)

    class Fails:
        def run(self, *_: object) -> object:
            raise onnxruntime.capi.onnxruntime_pybind11_state.Fail("ZQXNAME")

    detector._session = Fails()
    with pytest.raises(Broken, match="failed") as caught:
        detector(written())
    assert "ZQXNAME" not in str(caught.value)


def test_both_networks_run_inside_the_jail() -> None:
    limits = Limits(memory_bytes=3 << 29, wall_s=60, cpu_s=60)
    with JailSession(limits, preload=["confrere.adapters.text_detector"]) as jail:
        found = jail.run("confrere.adapters.text_detector:jailed_proof", args={"rows": 1024, "columns": 1024})
    assert found.value == {"first": True, "second": True}
