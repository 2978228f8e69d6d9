"""The facts of an original are identified: what names a person does not show when they are printed."""

from dataclasses import FrozenInstanceError, asdict, fields

import pytest
from support import dicom_bytes as made

from confrere.core.dicom.facts import InstanceFacts
from confrere.core.dicom.inspect import inspect_instance

ISSUER = "QUIRINA-CLINIC"
FACTS = inspect_instance(made.ct_file({0x00100021: ("LO", ISSUER)}))
NAMING = {
    "study_instance_uid": made.STUDY_UID,
    "series_instance_uid": made.SERIES_UID,
    "sop_instance_uid": made.SOP_UID,
    "patient_id": made.PATIENT_ID,
    "issuer_of_patient_id": ISSUER,
}


def test_the_facts_hold_what_names_the_patient_and_never_show_it() -> None:
    assert {name: asdict(FACTS)[name] for name in NAMING} == NAMING
    for shown in (repr(FACTS), str(FACTS), f"{FACTS}", repr([FACTS])):
        assert not [name for name, value in NAMING.items() if value in shown]


def test_a_traceback_may_still_show_what_kind_of_instance_it_was() -> None:
    for harmless in (made.CT, made.EXPLICIT, "modality='CT'", "rows=8"):
        assert harmless in repr(FACTS)


def test_no_fact_is_the_patients_name_or_birth_date() -> None:
    everything = str(asdict(FACTS))
    assert made.BIRTH not in everything
    assert not [part for part in made.NAME.split("^") if part in everything]


def test_whatever_has_identifier_or_issuer_in_its_name_is_hidden() -> None:
    """A fact added later must be thought about too."""
    hidden = {each.name for each in fields(InstanceFacts) if not each.repr}
    suspects = {each.name for each in fields(InstanceFacts) if "patient_id" in each.name or "instance_uid" in each.name}
    assert hidden == suspects == set(NAMING)


def test_facts_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        FACTS.patient_id = "other"  # type: ignore[misc]  # this is what is tested
