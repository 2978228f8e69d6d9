"""What the check looks at: seven views, several thresholds of skin, and levels found without anyone's help."""

import numpy as np
from support.heads import BLIND, EVERYWHERE, head_values, made_up_head

from confrere.adapters.face_detectors import face_detectors
from confrere.core.pixels.heads.check import filling_for, look_at, skin_level, skin_levels
from confrere.core.pixels.heads.grid import sample
from confrere.core.pixels.heads.volume import Modality


def mr_values() -> np.ndarray:
    """The made-up head as an MR scanner might show it: noise in the air, no units."""
    noise = np.abs(np.random.default_rng(4).normal(0, 6, (220, 220, 220)))
    return np.where(head_values() > -300, 220 + 4 * noise, noise).astype(np.float32)


def test_every_level_is_looked_at_in_seven_views_and_a_face_in_any_fires() -> None:
    look = look_at(made_up_head(), face_detectors(), skin_levels(-300.0, Modality.CT))
    assert len(look.strengths) == 14 and len(look.pictures) == 7
    assert look.fires
    assert not look_at(made_up_head(), (BLIND,), (-300.0,)).fires
    assert look_at(made_up_head(), (BLIND, EVERYWHERE), (-300.0,)).fires


def test_skin_of_an_mr_head_begins_between_its_noise_and_its_tissue() -> None:
    level = skin_level(mr_values(), Modality.MR)
    assert 25 < level < 180
    assert skin_level(mr_values(), Modality.CT) == -300


def test_an_empty_volume_has_a_level_all_the_same() -> None:
    assert np.isfinite(skin_level(np.zeros((40, 40, 40), np.float32), Modality.MR))


def test_a_cut_is_filled_with_what_the_modality_knows() -> None:
    mr = filling_for(mr_values(), 100.0, Modality.MR)
    assert mr.air == 0 and 150 < mr.tissue < 300 < mr.wall + 60
    ct = filling_for(sample(made_up_head()).values, -300.0, Modality.CT)
    assert ct.air == -1024 and ct.wall > 300 > ct.tissue
