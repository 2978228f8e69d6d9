"""Places: from the list, by their endings, after the words that announce one."""

import pytest

from confrere.core.words.places import find_places
from confrere.core.words.tokens import cut


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("from Gorakhpur with fever", "Gorakhpur"),
        ("resident of village Bhitauli", "Bhitauli"),
        ("near Silk Board junction, Bengaluru.", "Silk Board junction, Bengaluru"),
        ("Khanpur Kalan farmer", "Khanpur"),
        ("in Whitefield, Bengaluru 560066", "Whitefield, Bengaluru 560066"),
        ("he lives in Thottipura", "Thottipura"),
    ],
)
def test_a_place_is_found(text: str, place: str) -> None:
    assert any(place in text[span.start : span.end] for span in find_places(cut(text)))


@pytest.mark.parametrize(
    "text", ["common in Kerala", "from right MCA territory", "Circle of Willis", "r/o Koch", "Main portal vein"]
)
def test_anatomy_and_states_are_no_places(text: str) -> None:
    assert list(find_places(cut(text))) == []


def test_a_place_that_is_only_guessed_by_its_ending_is_not_certain() -> None:
    (span,) = find_places(cut("seen Thottipura film"))
    assert not span.sure
