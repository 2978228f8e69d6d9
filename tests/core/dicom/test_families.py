"""Every storage class of the registry has a family, and every family is cleaned or held for a reason."""

import pydicom.uid
import pytest
from pydicom._uid_dict import UID_dictionary

from confrere.core.dicom.families import FAMILIES, STANDINGS, Family, family_of, hold_reason
from confrere.core.dicom.registry import IMAGE_CLASSES
from confrere.core.terms import REASONS

# They have Storage in their name and store no object of a patient: a service that confirms storage.
NO_STORAGE_CLASSES = {"1.2.840.10008.1.20.1", "1.2.840.10008.1.20.2"}


def registered_storage_classes() -> set[str]:
    listed = {uid for uid, (name, kind, *_) in UID_dictionary.items() if kind == "SOP Class" and "Storage" in name}
    named = {str(uid) for name, uid in vars(pydicom.uid).items() if name.endswith("Storage")}
    return (listed | named) - NO_STORAGE_CLASSES


def test_every_storage_class_of_the_registry_has_a_family_and_no_other_class_does() -> None:
    assert len(registered_storage_classes()) > 190
    assert registered_storage_classes() - set(FAMILIES) == set()
    assert set(FAMILIES) - registered_storage_classes() == set()


def test_a_class_stands_in_one_family_only() -> None:
    assert {uid for uid, family in FAMILIES.items() if family is Family.IMAGE} == IMAGE_CLASSES
    assert set(FAMILIES.values()) == set(Family)


@pytest.mark.parametrize("family", Family)
def test_a_family_is_cleaned_by_rules_or_held_for_a_reason_of_the_table(family: Family) -> None:
    standing = STANDINGS[family]
    assert bool(standing.rules) != bool(standing.holds)
    assert not standing.holds or standing.holds in REASONS


def test_families_that_are_held_have_reasons_of_their_own() -> None:
    held = [standing.holds for standing in STANDINGS.values() if standing.holds]
    assert len(set(held)) == len(held)


def test_an_encapsulated_document_is_as_welcome_as_an_unknown_class() -> None:
    assert STANDINGS[Family.DOCUMENT].holds == hold_reason(None, images_only=True) == "sop-class-not-allowed"


def test_only_pictures_go_to_a_room_and_an_unknown_class_goes_nowhere() -> None:
    assert hold_reason(Family.IMAGE, images_only=True) == ""
    assert hold_reason(Family.SEGMENTATION, images_only=True) == "not-a-picture"
    assert hold_reason(Family.SEGMENTATION, images_only=False) == ""
    assert hold_reason(Family.VOICE, images_only=True) == hold_reason(Family.VOICE, images_only=False)
    assert hold_reason(family_of("1.2.3.4"), images_only=False) == "sop-class-not-allowed"
    assert "not-a-picture" in REASONS
