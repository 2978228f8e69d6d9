"""Addresses, stops and employers."""

import pytest

from confrere.core.words.addresses import find_addresses
from confrere.core.words.tokens import cut


@pytest.mark.parametrize(
    "text",
    [
        "H.No. 12-4-56, Mehdipatnam, Hyderabad 500028",
        "Flat 302, Sai Residency, Kondapur",
        "Majestic bus stand",
        "NH-44",
    ],
)
def test_an_address_is_found_whole(text: str) -> None:
    (span, *_others) = find_addresses(cut(text + ". The lesion"))
    assert span.end - span.start >= len(text) - 4


def test_an_address_ends_where_the_sentence_goes_on() -> None:
    text = "She lives in Jayanagar 4th Block and has fever"
    (span,) = (one for one in find_addresses(cut(text)) if one.kind == "place")
    assert text[span.start : span.end] == "Jayanagar 4th Block"


@pytest.mark.parametrize("text", ["works at Infosys", "a clerk, employee of Wipro", "retired from FACT"])
def test_an_employer_is_found(text: str) -> None:
    assert {span.kind for span in find_addresses(cut(text))} == {"employer"}


@pytest.mark.parametrize(
    "text", ["Flat T waves", "R/O PE and dissection", "Add gadolinium", "plot of time against signal"]
)
def test_plain_words_begin_no_address(text: str) -> None:
    assert list(find_addresses(cut(text))) == []
