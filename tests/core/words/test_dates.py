"""Days and ages over 89 in the forms of India; intervals, ratios and guidelines stay."""

import pytest

from confrere.core.words.dates import find_dates
from confrere.core.words.reading import read
from confrere.core.words.tokens import cut


def covered(text: str, kind: str) -> bool:
    tokens = cut(read(text).plain)
    taken = {at for span in find_dates(tokens) if span.kind == kind for at in range(span.start, span.end)}
    letters = [at for at, one in enumerate(tokens.plain) if one.isalnum()]
    return len(taken & set(letters)) >= 0.6 * len(letters)


@pytest.mark.parametrize(
    "text",
    [
        "12/03/2024",
        "21.09.2023",
        "5-2-24",
        "2024-03-12",
        "20240312",
        "12-MAR-2024",
        "4th Jan 2023",
        "15 Aug",
        "March 2022",
        "Nov'21",
        "Tuesday 5 March",
        "two days after Diwali 2023",
        "on 12/3",
        "in 2019",
        "Feb 14th",
        "26 January",
        "१२/०३/२०२४",
        "5 मार्च 2024",
        "৫ মার্চ ২০২৪",
        "மார்ச் 2024",
    ],
)
def test_days_are_found(text: str) -> None:
    assert covered(text, "date")


@pytest.mark.parametrize(
    "text",
    [
        "94-year-old",
        "97 year old",
        "102 yrs",
        "91/F",
        "Age: 95",
        "93F",
        "92 y/o",
        "nonagenarian",
        "ninety-four year old",
        "९४ वर्ष",
        "৯৩ বছর",
        "95 saal",
    ],
)
def test_ages_over_eighty_nine_are_found_in_every_spelling(text: str) -> None:
    assert covered(text, "age")


@pytest.mark.parametrize(
    "text",
    [
        "54-year-old woman",
        "89/M",
        "95 % stenosis, 90 degrees",
        "three days later",
        "Fleischner 2017 guidelines",
        "the 2021 WHO classification",
        "10/2024 guideline applied",
        "stage 3 may be",
        "ratio 3/4, grade 2-3",
        "2000 ml in 24 hours",
        "every Monday",
        "BP 120/90",
    ],
)
def test_what_names_no_day_and_no_great_age_stays(text: str) -> None:
    assert list(find_dates(cut(text))) == []
