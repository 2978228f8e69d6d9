"""What a word is taken for."""

import pytest

from confrere.core.words import vocabulary as words


@pytest.mark.parametrize(
    "word", ["liver", "hepatosplenomegaly", "colles", "virchow", "levetiracetam", "somatom", "behosh"]
)
def test_words_of_medicine_makers_and_drugs_are_ordinary(word: str) -> None:
    assert words.kind_of_word(word) == words.ORDINARY


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("ramesh", words.NAME),
        ("rose", words.DOUBTFUL),
        ("gorakhpur", words.PLACE),
        ("medanta", words.HOUSE),
        ("apollo", words.HOUSE_DOUBTFUL),
        ("zothanpuii", words.UNKNOWN),
    ],
)
def test_names_places_and_houses_are_told_apart(word: str, kind: str) -> None:
    assert words.kind_of_word(word) == kind


def test_names_of_india_are_built_otherwise_than_words_of_medicine() -> None:
    assert words.likeness("sukhvindr") > words.likeness("johansson") > words.likeness("procalcitonin")


def test_no_list_of_names_holds_a_word_of_the_scans_themselves() -> None:
    scans = {"brain", "liver", "chest", "contrast", "axial", "coronal", "lesion", "scan", "patient", "left", "right"}
    known = words.vocabulary()
    assert not scans & (known.names | known.places | known.houses)
