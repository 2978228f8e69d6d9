"""A profile says truthfully what is done: its codes are the standard's, and no option goes unsaid."""

from dataclasses import FrozenInstanceError, replace

import pytest
from pydicom.sr.codedict import codes

from confrere.core.deidentify.profile import BASIC_CODE, HEADERS, OPTION_CODES, STRICT, Option, Profile
from confrere.core.deidentify.table import confidentiality_table


def test_the_codes_are_those_of_the_standards_context_group() -> None:
    group = codes.cid7050
    printed = {
        code.value: code.meaning
        for code in (getattr(group, name) for name in group.dir())
        if code.scheme_designator == "DCM"
    }
    for code in (BASIC_CODE, *OPTION_CODES.values()):
        assert printed[code.value] == code.meaning


def test_each_option_has_its_own_code_and_its_column_in_the_table() -> None:
    assert set(OPTION_CODES) == set(Option)
    assert len({code.value for code in OPTION_CODES.values()} | {BASIC_CODE.value}) == len(Option) + 1
    columns = {column for row in confidentiality_table().rows.values() for column in row.options}
    assert {option.value for option in Option} <= columns


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (frozenset(), ["113100"]),
        (frozenset({Option.MODIFIED_DATES}), ["113100", "113107"]),
        (frozenset({Option.PATIENT_CHARACTERISTICS}), ["113100", "113108"]),
        (frozenset(Option), ["113100", "113104", "113107", "113108"]),
    ],
)
def test_a_profile_says_the_basic_code_and_one_for_each_option_in_order(
    options: frozenset[Option], said: list[str]
) -> None:
    assert [code.value for code in Profile("any", options, judges_pixels=True).codes] == said


def test_the_shipped_profiles_differ_in_their_name_and_in_judging_pixels_alone() -> None:
    assert replace(HEADERS, name=STRICT.name, judges_pixels=True) == STRICT
    assert STRICT.judges_pixels
    assert not HEADERS.judges_pixels


@pytest.mark.parametrize("profile", [STRICT, HEADERS])
def test_no_shipped_profile_keeps_sex_and_age_or_true_dates(profile: Profile) -> None:
    assert profile.options == {Option.MODIFIED_DATES}
    assert [code.value for code in profile.codes] == ["113100", "113107"]


def test_a_profile_cannot_be_loosened_while_it_is_in_use() -> None:
    with pytest.raises(FrozenInstanceError):
        STRICT.judges_pixels = False  # type: ignore[misc]  # this is what is tested
    with pytest.raises(AttributeError):
        STRICT.options.add(Option.PATIENT_CHARACTERISTICS)  # type: ignore[attr-defined]  # this is what is tested
