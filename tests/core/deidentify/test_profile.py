"""A profile says truthfully what is done: its codes are the standard's, and no option goes unsaid."""

from dataclasses import FrozenInstanceError, replace
from importlib.resources import files

import pytest
from pydicom.sr.codedict import codes

from confrere.core.deidentify.profile import (
    BASIC_CODE,
    HEADERS,
    OPTION_CODES,
    STRICT,
    Option,
    Profile,
    ProfileError,
    load_profile,
    profile_named,
    profile_names,
)
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
    # Private attributes are one line in the standard's table; here they are handled by creator.
    assert {option.value for option in Option} - {Option.SAFE_PRIVATE.value} == columns


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (frozenset(), ["113100"]),
        (frozenset({Option.MODIFIED_DATES}), ["113100", "113107"]),
        (frozenset({Option.PATIENT_CHARACTERISTICS}), ["113100", "113108"]),
        (
            frozenset(Option) - {Option.FULL_DATES},
            ["113100", *(str(code) for code in (*range(113103, 113106), *range(113107, 113113)))],
        ),
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


def toml(options: str = '["retain-uids"]', judges: str = "false", more: str = "") -> str:
    return f'about = "For a test."\noptions = {options}\njudges_pixels = {judges}\n{more}'


def test_each_option_of_the_standard_has_a_profile_of_its_name_that_switches_on_nothing_else() -> None:
    assert profile_names()[:2] == ("strict", "headers")
    assert set(profile_names()[2:]) == {option.value.replace("_", "-") for option in Option}
    for name in profile_names()[2:]:
        profile = profile_named(name)
        assert [option.slug for option in profile.options] == [name]
        assert not profile.judges_pixels
        assert profile.about


def test_the_profiles_in_the_folder_are_the_named_ones() -> None:
    folder = files("confrere.core.deidentify") / "profiles"
    assert {file.name for file in folder.iterdir()} == {f"{name}.toml" for name in profile_names()}


def test_a_profile_file_may_combine_options() -> None:
    profile = load_profile(toml('["retain-uids", "clean-descriptors"]'), "mine")
    assert profile.options == {Option.UIDS, Option.CLEAN_DESCRIPTORS}
    assert [code.value for code in profile.codes] == ["113100", "113105", "113110"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (toml('["retain-everything"]'), "not one of"),
        (toml('["retain_uids"]'), "not one of"),
        (toml('["clean-pixel-data"]'), "pixel engine"),
        (toml('["clean-recognizable-visual-features"]'), "pixel engine"),
        (toml('["retain-uids", "retain-uids"]'), "twice"),
        (toml('["retain-longitudinal-full-dates", "retain-longitudinal-modified-dates"]'), "not both"),
        (toml("[1]"), "a word"),
        (toml('"retain-uids"'), "wrong kind"),
        (toml(judges="0"), "wrong kind"),
        (toml(more="keep = true"), "exactly the keys"),
        ("options = []", "exactly the keys"),
        ("about = ", "not TOML"),
        ("#" * 20_000, "too long"),
    ],
)
def test_a_profile_file_that_is_not_of_the_form_is_refused(text: str, says: str) -> None:
    with pytest.raises(ProfileError, match=says):
        load_profile(text, "mine")


@pytest.mark.parametrize("name", ["", "Mine", "../strict", "a" * 36, "-x", "my profile"])
def test_a_name_that_cannot_be_stamped_is_refused(name: str) -> None:
    with pytest.raises(ProfileError, match="name"):
        load_profile(toml(), name)


def test_an_unknown_name_is_no_profile() -> None:
    with pytest.raises(KeyError):
        profile_named("../profiles/strict")


def test_full_and_modified_dates_exclude_each_other_however_a_profile_is_made() -> None:
    with pytest.raises(ProfileError):
        Profile("any", frozenset(Option), judges_pixels=False)
