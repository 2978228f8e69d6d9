"""Made-up identifiers look like real ones and belong to one patient and one place."""

import pytest

from planted.values import Values, check_digit


@pytest.mark.parametrize(("digits", "digit"), [("236", "3"), ("12345", "1"), ("142857", "0")])
def test_the_check_digit_is_verhoeffs(digits: str, digit: str) -> None:
    assert check_digit(digits) == digit


def test_no_value_is_given_twice_and_the_same_seed_gives_the_same_values() -> None:
    first, second = Values(5), Values(5)
    kinds = ("name", "said", "phone", "aadhaar", "uhid", "accession", "email", "address", "uid")
    made = [getattr(first, kind)() for kind in kinds for _ in range(50)]
    assert len(set(made)) == len(made)
    assert made == [getattr(second, kind)() for kind in kinds for _ in range(50)]
    assert Values(6).name() != made[0]
