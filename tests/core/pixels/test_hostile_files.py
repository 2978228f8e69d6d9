"""Hostile photographs, films, documents and volumes: each ends as the table says, and no planted word goes further."""

import random

import numpy as np
import pytest
from support import decks
from support.hostile_pictures import ROWS, WORD, deck_with_everything, words_as_picture

from confrere.core.pixels.arrivals import read_pictures
from confrere.core.pixels.as_dicom import NewNames, as_dicom
from confrere.core.terms import REASONS, Refused
from confrere.core.terms.kinds import HEAD_BYTES, FileKind, kind_of
from planted.pictures import film, planted_pictures, scene

NAMES = NewNames("2.25.1", "2.25.2", "2.25.3")


@pytest.mark.parametrize("row", ROWS)
def test_each_ends_as_the_table_says_whatever_it_is_called(row: str) -> None:
    kind, maker, refused, notes, holds = ROWS[row]
    content = maker()
    for claimed in (kind, kind_of(content[:HEAD_BYTES]), FileKind.UNKNOWN):
        if refused:
            with pytest.raises(Refused) as stop:
                read_pictures(content, claimed)
            assert stop.value.code == refused or claimed is not kind
            continue
        found = read_pictures(content, claimed)
        assert (set(found.notes), set(found.holds)) == (notes, holds)
        assert {*found.notes, *found.holds} <= set(REASONS)


@pytest.mark.parametrize("row", [row for row, entry in ROWS.items() if not entry[2]])
def test_no_planted_word_is_in_what_is_made(row: str) -> None:
    kind, maker, *_ = ROWS[row]
    for picture in read_pictures(maker(), kind).pictures:
        made = as_dicom(picture, NAMES)
        assert not any(word in made for word in (WORD.encode(), WORD.encode("utf-16-le"), b"ZQX", b"invalid"))


def test_what_lay_under_the_crop_is_not_in_the_pixels() -> None:
    (shown,) = read_pictures(deck_with_everything(), FileKind.DOCUMENT).pictures
    (pixels,) = shown.frames()
    assert pixels.max() == 0
    assert np.asarray(words_as_picture()).max() > 200


def sound_files() -> dict[str, bytes]:
    made = {planted.name: planted.content for planted in planted_pictures()}
    made |= {"webm": film(4, ".webm", "VP80"), "avi": film(4, ".avi", "MJPG"), "pptx": decks.deck()}
    made |= {"docx": decks.letter(), "pdf": decks.pdf("BT /F1 12 Tf 20 100 Td (Name) Tj ET")}
    voxels = np.arange(60, dtype=np.int16).reshape(3, 4, 5)
    return made | {"nii": decks.nifti(voxels), "nii.gz": decks.nifti(voxels, packed=True)}


@pytest.mark.parametrize("name", sound_files())
def test_damage_anywhere_is_refused_or_read_whole_and_nothing_else(name: str) -> None:
    """Sixty damaged copies of each form; nothing but Refused may be raised, and no frame may be of another size."""
    sound, chance = sound_files()[name], random.Random(name)
    for _ in range(60):
        damaged = bytearray(sound)
        for _ in range(chance.choice((1, 3, 20))):
            damaged[chance.randrange(min(len(sound), chance.choice((600, len(sound)))))] = chance.choice((0, 255, 77))
        content = bytes(damaged[: len(damaged) if chance.random() < 0.8 else chance.randrange(len(damaged))])
        try:
            for picture in read_pictures(content, FileKind.UNKNOWN).pictures:
                sizes = [frame.shape[:2] for frame in picture.frames()]
                assert sizes == [(picture.rows, picture.columns)] * picture.count
        except Refused as stop:
            assert stop.code in REASONS


def test_scenes_are_not_blank_so_the_tests_above_mean_something() -> None:
    assert np.ptp(np.asarray(scene())) > 0
