"""The words before a place and the roads a place ends in."""

import pytest

from confrere.core.words.surroundings import CUE, CUE_ENDS, STRONG_CUE, ends_in_road, regions
from confrere.core.words.tokens import cut


@pytest.mark.parametrize("text", ["she came from ", "resident of ", "he lives in ", "r/o ", "village ", "dist. "])
def test_what_announces_a_place_strongly_does_so_weakly_too_and_ends_in_a_known_word(text: str) -> None:
    assert STRONG_CUE.search(text) and CUE.search(text)
    assert cut(text).lowers[-1] in CUE_ENDS


def test_a_preposition_alone_announces_a_place_weakly() -> None:
    assert CUE.search("seen at ") and not STRONG_CUE.search("seen at ")


def test_a_road_is_told_by_the_word_it_ends_in() -> None:
    assert ends_in_road(cut("Old Airport Road"), 0)
    assert not ends_in_road(cut("Old Fracture Line"), 0)


def test_states_are_known() -> None:
    assert "kerala" in regions()
