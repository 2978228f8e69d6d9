"""One tap writes words that hold nothing of what they replace."""

import pytest

from confrere.core.words import find_identifiers
from confrere.core.words.suggest import replaced, suggest


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Seen by Dr Ramesh Iyer today", "Seen by [colleague] today"),
        ("she came from Gorakhpur today", "she came from a district town today"),
        ("A 94-year-old woman", "A over-89-year-old woman"),
        ("treated at Medanta before", "treated at another hospital before"),
        ("call 98450 12345 now", "call [phone] now"),
        ("seen on 12/03/2024 first", "seen on [an earlier date] first"),
        ("her husband Gopal says", "her husband [husband] says"),
    ],
)
def test_the_suggestion_stands_in_the_place_of_the_span(text: str, wanted: str) -> None:
    (span,) = find_identifiers(text)
    assert replaced(text, suggest(text, span)) == wanted


def test_what_is_suggested_is_no_identifier_itself() -> None:
    text = "Mr Ramesh Iyer, 94/F, from Gorakhpur, UHID 20231104, seen on 12/03/2024 at Medanta, 98450 12345"
    while spans := find_identifiers(text):
        text = replaced(text, suggest(text, spans[-1]))
    assert "Ramesh" not in text and "over 89" in text
