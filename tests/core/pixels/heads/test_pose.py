"""A face is found whichever way the header lies, and none is made up."""

from dataclasses import replace

import numpy as np
from support.heads import BLIND, made_up_head

from confrere.adapters.face_detectors import face_detectors
from confrere.core.pixels.heads.grid import STANDING
from confrere.core.pixels.heads.pose import find_face


def test_the_face_of_an_upright_head_is_around_its_eyes() -> None:
    face = find_face(made_up_head(), -300.0, face_detectors())
    assert face is not None
    assert face.bottom < 93 < face.top
    assert face.axes[0] @ STANDING[0] > 0.9
    assert face.strength > 1


def test_a_header_that_has_the_head_upside_down_is_seen_through() -> None:
    turn = np.diag([1.0, -1.0, -1.0, 1.0])
    face = find_face(replace(made_up_head(), matrix=turn @ made_up_head().matrix), -300.0, face_detectors())
    assert face is not None
    assert face.axes[0] @ STANDING[0] < -0.9


def test_when_no_detector_sees_a_face_there_is_none() -> None:
    assert find_face(made_up_head(), -300.0, (BLIND,)) is None
