"""A cleaned file says truthfully what was done, and its file meta is made from nothing."""

from io import BytesIO

import pydicom
import pytest
from support import dicom_bytes as made

from confrere.core.deidentify import HEADERS, STRICT, Keys, Profile, deidentify_instance

KEYS = Keys(b"a secret of 32 bytes for testing", "north")


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
