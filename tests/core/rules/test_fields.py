"""One field of a pack at a time: what it is, or why the pack is refused."""

from datetime import date, datetime

import pytest

from confrere.core.rules import fields
from confrere.core.rules.errors import PackError
from confrere.core.rules.vocabulary import Destination


def test_what_fits_is_given_back() -> None:
    assert fields.text({"a": "b"}, "a", "here") == "b"
    assert fields.text({}, "a", "here", "") == ""
    assert fields.texts({"a": ["b", "c"]}, "a", "here") == ("b", "c")
    assert fields.truth({"a": False}, "a", "here") is False
    assert fields.truth({}, "a", "here") is None
    assert fields.day(date(2026, 1, 1), "here") == date(2026, 1, 1)


def test_a_group_stands_for_its_words() -> None:
    closed = {one for one in Destination if one.startswith("closed_")}
    assert fields.words(Destination, {"a": ["@closed"]}, "a", "here") == closed
    assert fields.words(Destination, {"a": ["@closed", "journal"]}, "a", "here") == closed | {Destination.JOURNAL}


@pytest.mark.parametrize(
    "read",
    [
        lambda: fields.text({}, "a", "here"),
        lambda: fields.text({"a": " "}, "a", "here"),
        lambda: fields.texts({"a": [1]}, "a", "here"),
        lambda: fields.truth({"a": "yes"}, "a", "here"),
        lambda: fields.day("2026-01-01", "here"),
        lambda: fields.day(datetime(2026, 1, 1), "here"),  # noqa: DTZ001
        lambda: fields.table([], "here"),
        lambda: fields.listed({"a": "b"}, "a", "here"),
        lambda: fields.only({"a": 1}, frozenset("b"), "here"),
        lambda: fields.words(Destination, {"a": []}, "a", "here"),
        lambda: fields.words(Destination, {"a": ["@nowhere"]}, "a", "here"),
        lambda: fields.words(Destination, {"a": ["@closed", "closed_class"]}, "a", "here"),
        lambda: fields.words(Destination, {"a": [7]}, "a", "here"),
    ],
)
def test_what_does_not_fit_refuses_the_pack(read) -> None:
    with pytest.raises(PackError, match="here"):
        read()


def test_an_unknown_word_is_named_with_the_known_ones() -> None:
    with pytest.raises(PackError, match="unknown Destination 'moon'; allowed: public_social, messaging_group"):
        fields.word(Destination, "moon", "here")
