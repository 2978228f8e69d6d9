"""The spellings in which bytes are compared."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confrere.core.verify import views

LEAP = date(2024, 2, 29).toordinal()


@given(st.dates(date(1850, 1, 1), date(2199, 12, 31)))
def test_a_date_is_read_in_every_usual_form(day: date) -> None:
    forms = ["%Y%m%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y-%m-%d", "%d.%m.%Y", "%Y.%m.%d", "%d %b %Y"]
    forms += ["%d-%b-%Y", "%d %B %Y", "%B %d, %Y", "%b %d %Y", "%d%b%Y", "%d%m%Y", "%Y%m%d101530", "%Y-%b-%d"]
    for form in forms:
        text = f"on {day.strftime(form)} at".encode()
        assert day.toordinal() in views.days_in(text), form


@given(st.dates(date(1930, 1, 1), date(2029, 12, 31)))
def test_a_year_of_two_digits_means_either_century(day: date) -> None:
    for form in ("%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%d-%m-%y"):
        assert day.toordinal() in views.days_in(f"on {day.strftime(form)} at".encode()), form


@pytest.mark.parametrize(
    "text",
    [
        b"1.2.24.3",
        b"31/31/24",
        b"0.20240229",
        b"20240229.5",
        b"1.2.20240229.3",
        b"ab20240229cd",
        b"20230229",
        b"2024 02 30",
        b"99991332",
    ],
)
def test_what_is_no_date_is_not_read_as_one(text: bytes) -> None:
    assert views.days_in(text) == set()


def test_our_own_uids_are_blanked() -> None:
    assert b"2024" not in views.without_own_uids(b"2.25.202402291234567890123456789")
    assert views.without_own_uids(b"2.25.2024") == b"2.25.2024"


def test_separators_do_not_matter_when_squeezed() -> None:
    assert views.squeezed("Rajesh^Kumar".encode("utf-16-le")) == views.squeezed(b"RAJESH - kumar") == b"rajeshkumar"


def test_hexadecimal_is_not_cut_into_words() -> None:
    assert b"fade" not in views.words(b"abed20f1c9fade77")
    assert b"rajesh" in views.words(b"\x10rajesh2\0")


def test_grouped_digits_are_read_together() -> None:
    unbroken, grouped = views.digit_runs(b"call 98765 43210 or 9876543211")
    assert (unbroken, grouped) == ({b"9876543211"}, {b"9876543210"})
