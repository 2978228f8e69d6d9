"""A head is handed on as a cut volume only when a face was seen before and none after; else as slices, if at all."""

import pytest
from support.heads import BLIND, EVERYWHERE, cleared_head, made_up_head

from confrere.core.pixels.heads import clear_head


def test_a_head_whose_face_is_gone_is_handed_on_with_both_rows_of_pictures() -> None:
    result = cleared_head()
    assert result.reason.code == "head-cut" and not result.needs_person
    assert result.volume is not None
    assert len(result.before) == len(result.after) == 7
    assert 0 < len(result.key_slices) <= 30


def test_nose_and_ears_are_gone_and_of_the_brain_not_one_voxel_in_a_thousand() -> None:
    before, result = made_up_head().stored, cleared_head().volume
    assert result is not None
    brain = before == 35
    assert (result.stored[brain] != before[brain]).sum() <= 0.001 * brain.sum()
    assert (result.stored[55, :12, 110] == -1024).all()
    assert (result.stored[80, 126, :28] == -1024).all()


def test_a_blind_check_hands_on_no_volume_and_asks_a_person() -> None:
    result = clear_head(made_up_head(), (BLIND,), seed=5)
    assert result.volume is None and result.needs_person
    assert result.reason.code == "head-blind"


def test_while_anything_still_looks_like_a_face_only_slices_above_the_brow_are_left() -> None:
    result = clear_head(made_up_head(), (EVERYWHERE,), seed=5)
    assert result.volume is None
    assert result.reason.code == "head-still-a-face"
    assert result.key_slices == () or min(result.key_slices) > 95


def test_without_a_detector_no_head_is_cleared() -> None:
    with pytest.raises(ValueError, match="without a detector"):
        clear_head(made_up_head(), (), seed=5)
