"""A cleaned file says truthfully what was done, and its file meta is made from nothing."""

from io import BytesIO

import pydicom
import pytest
from support import dicom_bytes as made
from support.clearing import KEYS

from confrere.core.deidentify import (
    HEADERS,
    STRICT,
    Option,
    Profile,
    deidentify_instance,
    load_profile,
    profile_named,
    profile_names,
)


def cleaned(profile: Profile, syntax: str = made.EXPLICIT) -> pydicom.Dataset:
    return pydicom.dcmread(
        BytesIO(deidentify_instance(made.ct_file(syntax=syntax), keys=KEYS, profile=profile).content)
    )


@pytest.mark.parametrize("syntax", [made.EXPLICIT, made.IMPLICIT, made.DEFLATED])
def test_the_method_is_stamped_in_every_encoding(syntax: str) -> None:
    dataset = cleaned(STRICT, syntax)
    assert dataset.PatientIdentityRemoved == "YES"
    assert dataset.LongitudinalTemporalInformationModified == "MODIFIED"
    codes = [item.CodeValue for item in dataset.DeidentificationMethodCodeSequence]
    assert codes == ["113100", "113107"]
    assert {item.CodingSchemeDesignator for item in dataset.DeidentificationMethodCodeSequence} == {"DCM"}


def test_headers_alone_is_stamped_so() -> None:
    method = cleaned(HEADERS).DeidentificationMethod
    assert "pixels not examined" in method[1]
    assert all(len(value) <= 64 for value in method)
    assert "not examined" not in str(cleaned(STRICT).DeidentificationMethod)


def test_without_options_only_the_basic_code_is_stamped_and_dates_are_removed() -> None:
    dataset = cleaned(Profile("basic", frozenset(), judges_pixels=True))
    assert [item.CodeValue for item in dataset.DeidentificationMethodCodeSequence] == ["113100"]
    assert dataset.LongitudinalTemporalInformationModified == "REMOVED"
    assert dataset.StudyDate == ""


def test_file_meta_is_new_and_agrees_with_the_data_set() -> None:
    dataset = cleaned(STRICT)
    assert dataset.preamble == bytes(128)
    assert dataset.file_meta.MediaStorageSOPInstanceUID == dataset.SOPInstanceUID
    assert dataset.file_meta.MediaStorageSOPClassUID == dataset.SOPClassUID
    assert dataset.file_meta.ImplementationVersionName == "CONFRERE_1"
    assert not str(dataset.file_meta.ImplementationClassUID).startswith(made.ROOT)


@pytest.mark.parametrize("name", profile_names())
def test_each_profile_stamps_its_codes_its_name_and_what_became_of_dates(name: str) -> None:
    profile, dataset = profile_named(name), cleaned(profile_named(name))
    said = [(item.CodeValue, item.CodeMeaning) for item in dataset.DeidentificationMethodCodeSequence]
    assert said == [(code.value, code.meaning) for code in profile.codes]
    assert dataset.DeidentificationMethod[0] == f"Confrere {name}, PS3.15 2026d Basic"
    assert ("not examined" in dataset.DeidentificationMethod[1]) is not profile.judges_pixels
    dates = {Option.FULL_DATES: "UNMODIFIED", Option.MODIFIED_DATES: "MODIFIED"}
    wanted = next((word for option, word in dates.items() if option in profile.options), "REMOVED")
    assert dataset.LongitudinalTemporalInformationModified == wanted


@pytest.mark.parametrize("profile", [STRICT, HEADERS])
def test_burned_in_annotation_is_the_senders_word_and_never_ours(profile: Profile) -> None:
    def said(value: str | None) -> object:
        source = made.ct_file({0x00280301: None if value is None else ("CS", value)})
        done = deidentify_instance(source, keys=KEYS, profile=profile).content
        return pydicom.dcmread(BytesIO(done)).get("BurnedInAnnotation")

    assert said(None) is None
    assert said("NO") == "NO"
    assert said("QUIRINA") is None


def test_a_warning_of_burned_in_text_is_never_taken_away() -> None:
    source = made.ct_file({0x00280301: ("CS", "YES")})
    done = deidentify_instance(source, keys=KEYS, profile=HEADERS).content
    assert pydicom.dcmread(BytesIO(done)).BurnedInAnnotation == "YES"


def test_a_profile_of_ones_own_is_stamped_under_its_name() -> None:
    text = 'about = "x"\noptions = ["retain-uids", "clean-graphics"]\njudges_pixels = false'
    dataset = cleaned(load_profile(text, "study-7"))
    assert dataset.DeidentificationMethod[0].startswith("Confrere study-7,")
    assert [item.CodeValue for item in dataset.DeidentificationMethodCodeSequence] == ["113100", "113103", "113110"]


def test_pixels_that_a_person_approved_are_stamped_so_and_others_never() -> None:
    capture = made.SECONDARY_CAPTURE
    source = made.part10(made.dataset({0x00280301: ("CS", "YES")}, sop_class=capture), sop_class=capture)
    approved = deidentify_instance(source, keys=KEYS, profile=STRICT.with_approved_pixels()).content
    dataset = pydicom.dcmread(BytesIO(approved))
    assert dataset.BurnedInAnnotation == "NO"
    assert [item.CodeValue for item in dataset.DeidentificationMethodCodeSequence] == ["113100", "113101", "113107"]
    assert "looked at and cleared" in dataset.DeidentificationMethod[1]
    assert "113101" not in [item.CodeValue for item in cleaned(STRICT).DeidentificationMethodCodeSequence]
    assert "BurnedInAnnotation" not in cleaned(STRICT)


def test_no_profile_file_can_say_that_pixels_were_approved() -> None:
    assert not any(profile_named(name).pixels_approved for name in profile_names())
    with pytest.raises(ValueError, match="exactly the keys"):
        load_profile('about = "x"\noptions = []\njudges_pixels = true\npixels_approved = true\n', "mine")
