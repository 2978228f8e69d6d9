"""Houses of medicine with their places; the word alone stays."""

import pytest

from confrere.core.words.houses import find_houses
from confrere.core.words.tokens import cut


@pytest.mark.parametrize(
    "name",
    [
        "BRD Medical College",
        "Apollo Hospitals, Greams Road",
        "Primary Health Centre, Kolar Gold Fields",
        "Manipal Hospital Old Airport Road",
        "yashoda hospital",
        "Medanta",
        "AIIMS New Delhi",
        "CMC Vellore",
        "Amrita Institute, Kochi",
        "Ruby Hall Clinic",
        "Dr. Lal PathLabs",
        "St. John's Medical College Hospital",
    ],
)
def test_a_house_is_found_with_its_place(name: str) -> None:
    text = f"seen at {name} then"
    spans = [text[span.start : span.end] for span in find_houses(cut(text))]
    assert any(name in one or len(one) >= 0.9 * len(name) for one in spans)


@pytest.mark.parametrize(
    "text",
    ["Hospital stay was uneventful", "referred to a tertiary care hospital", "chest imaging", "CT scan of the chest"],
)
def test_the_word_alone_names_no_house(text: str) -> None:
    assert list(find_houses(cut(text))) == []
