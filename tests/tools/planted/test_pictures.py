"""The planted pictures are whole files, and everything said to be planted is there."""

import io

import pi_heif
import pytest
from PIL import Image

from planted.pictures import PlantedPicture, film, planted_pictures

MADE = planted_pictures()


@pytest.mark.parametrize("planted", MADE, ids=lambda planted: planted.name)
def test_every_token_is_found_where_it_was_planted(planted: PlantedPicture) -> None:
    assert len(planted.planted) >= 6
    assert set(planted.left_in(planted.content)) == set(planted.planted.values())


def test_the_same_seed_plants_the_same_and_another_seed_others() -> None:
    again = planted_pictures()
    assert [one.planted for one in again] == [one.planted for one in MADE]
    assert not set(planted_pictures("other")[0].planted) & set(MADE[0].planted) - {"2019:03:12 10:42:17"}


def test_other_programs_open_them() -> None:
    for planted in MADE:
        if planted.name == "heic":
            assert pi_heif.open_heif(io.BytesIO(planted.content)).size == (64, 96)
        elif planted.name != "mp4":
            Image.open(io.BytesIO(planted.content)).load()
    assert film()[4:8] == b"ftyp"
