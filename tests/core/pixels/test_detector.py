"""What the adapters load fits what core asks for."""

from typing import get_args

from confrere.adapters.text_detector import TextDetector
from confrere.core.pixels.detector import Detector


def test_a_detector_takes_one_picture_and_gives_one_map() -> None:
    arguments, _ = get_args(Detector)
    assert len(arguments) == 1
    assert callable(TextDetector.__call__)
