"""What is not surely something else is a head."""

from dataclasses import replace

import numpy as np
import pytest
from support.heads import made_up_head, planes_of

from confrere.core.pixels.heads.is_head import Kind, kind_of_series, may_hold_head
from confrere.core.pixels.heads.volume import Modality, build_volume


@pytest.mark.parametrize(
    "words", [["HEAD"], ["", "NCCT Brain plain"], ["CHEST", "with neck"], ["WHOLEBODY"], [], ["??"]]
)
def test_a_head_word_or_no_word_at_all_is_a_head(words: list[str]) -> None:
    assert kind_of_series(words, None) is Kind.HEAD


@pytest.mark.parametrize("words", [["PNS"], ["HEAD", "CT ORBITS"], ["dental cbct"], ["MAXILLA"], ["T.M.J", "jaw"]])
def test_orbit_sinus_and_dental_series_are_about_the_face_itself(words: list[str]) -> None:
    assert kind_of_series(words, None) is Kind.FACE_ITSELF


def test_another_part_by_word_is_believed_only_when_the_shape_is_no_heads() -> None:
    thin = build_volume(planes_of(np.full((30, 60, 60), 40, np.int16)), Modality.CT)
    assert kind_of_series(["KNEE"], thin, -300.0) is Kind.OTHER
    assert kind_of_series(["KNEE"], None) is Kind.HEAD
    assert kind_of_series(["KNEE"], made_up_head(), -300.0) is Kind.HEAD


def test_a_head_is_known_by_its_size_whichever_way_it_lies() -> None:
    lying = replace(made_up_head(), matrix=made_up_head().matrix[[2, 0, 1, 3]])
    assert may_hold_head(made_up_head(), -300.0) and may_hold_head(lying, -300.0)
    finger = np.full((60, 60, 60), -1024, np.int16)
    finger[:, 20:40, 20:40] = 40
    assert not may_hold_head(build_volume(planes_of(finger), Modality.CT), -300.0)
