"""Content trees: item by item what the standard's table says, the rest default-deny, references counted anew."""

from typing import Any

import pytest
from pydicom.dataset import Dataset
from support import objects
from support.clearing import KEYS
from support.objects import CANARY, IMAGE_UID, STUDY_UID, code, dataset, file_of, read

from confrere.core.deidentify import Option, Profile, deidentify_instance, remap_uid
from confrere.core.terms import Held

OPTIONS = frozenset({Option.MODIFIED_DATES, Option.CLEAN_STRUCTURED_CONTENT})


def cleaned(source: Dataset, options: frozenset[Option] = OPTIONS) -> Any:
    profile = Profile("content", options, judges_pixels=False)
    return read(deidentify_instance(file_of(source), keys=KEYS, profile=profile).content)


def kinds(items: Any) -> list[str]:
    return [item.get("ValueType", "by reference") for item in items]


def test_the_root_keeps_name_observer_observers_names_go_and_listed_items_follow_the_table() -> None:
    after = cleaned(objects.report())
    assert after.ConceptNameCodeSequence[0].CodeMeaning == "Imaging Measurement Report"
    assert after.VerifyingObserverSequence[0].VerifyingObserverName == "REMOVED"
    # Accession number, birth date and age are X in the table; the observer's name is D.
    assert kinds(after.ContentSequence) == ["PNAME", "UIDREF", "DATETIME", "CONTAINER", "CONTAINER"]
    observer, study, started, *_ = after.ContentSequence
    assert observer.PersonName == "REMOVED"
    assert study.UID == remap_uid(KEYS, STUDY_UID) == after.StudyInstanceUID
    assert started.DateTime[:8] not in {"20240311", "19000101"}
    assert started.DateTime[8:] == "101500"


def test_numbers_codes_coordinates_and_references_stay_and_words_do_not() -> None:
    group = cleaned(objects.report()).ContentSequence[3]
    assert kinds(group.ContentSequence) == [
        *("TEXT", "CODE", "CODE", "NUM", "IMAGE", "SCOORD", "by reference"),
    ]
    text, public, private, number, image, point, _ = group.ContentSequence
    assert text.TextValue == "REMOVED"
    assert (public.ConceptCodeSequence[0].CodeValue, public.ConceptCodeSequence[0].CodeMeaning) == (
        "27925004",
        "Nodule",
    )
    assert private.ConceptCodeSequence[0].CodeMeaning == "Removed"
    assert number.MeasuredValueSequence[0].NumericValue == 12.5
    assert number.MeasuredValueSequence[0].MeasurementUnitsCodeSequence[0].CodeMeaning == "mm"
    assert image.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == remap_uid(KEYS, IMAGE_UID)
    assert list(point.GraphicData) == [1.5, 2.5]


def test_a_reference_follows_its_target_and_goes_with_it() -> None:
    *_, reference = cleaned(objects.report()).ContentSequence[3].ContentSequence
    # It pointed at the fifth item of the sixth; two before each of them went.
    assert list(reference.ReferencedContentItemIdentifier) == [1, 4, 4]


def test_a_private_container_keeps_its_place_and_a_private_item_goes() -> None:
    local = cleaned(objects.report()).ContentSequence[4]
    assert local.ConceptNameCodeSequence[0].CodingSchemeDesignator == "99CONFRERE"
    assert kinds(local.ContentSequence) == ["NUM"]


def item(value_type: str, concept: tuple[str, str], **values: object) -> Dataset:
    made = dataset(RelationshipType="CONTAINS", ValueType=value_type, **values)
    made.ConceptNameCodeSequence = [code(*concept)]
    return made


def report_of(*items: Dataset) -> Dataset:
    made = objects.report()
    made.ContentSequence = list(items)
    return made


@pytest.mark.parametrize(
    "hidden",
    [
        item("TABLE", ("121071", "DCM"), TextValue=CANARY),
        item("DATE", ("21112-8", "LN"), Date="19630227"),
        item("DATETIME", ("121031", "DCM"), DateTime="19630227"),
        item("CODE", ("121032", "DCM"), ConceptCodeSequence=[code("M", "DCM")]),
        item("WAVEFORM", ("122073", "DCM"), ReferencedSOPSequence=[objects.reference()]),
    ],
)
def test_an_item_of_unknown_type_or_of_the_subject_goes_and_an_empty_report_is_held(hidden: Dataset) -> None:
    with pytest.raises(Held) as caught:
        cleaned(report_of(hidden))
    assert caught.value.code == "structured-content-not-cleaned"


def test_text_in_an_item_of_another_type_goes() -> None:
    sneaky = item("UIDREF", ("110180", "DCM"), UID=STUDY_UID, TextValue=CANARY, PersonName=CANARY)
    [after] = cleaned(report_of(sneaky)).ContentSequence
    assert "TextValue" not in after
    assert "PersonName" not in after


def test_an_option_keeps_what_its_column_keeps_but_no_age() -> None:
    sex = item("CODE", ("121032", "DCM"), ConceptCodeSequence=[code("M", "DCM")])
    measured = dataset(NumericValue="93", MeasurementUnitsCodeSequence=[code("a", "UCUM")])
    age = item("NUM", ("121033", "DCM"), MeasuredValueSequence=[measured])
    after = cleaned(report_of(sex, age), OPTIONS | {Option.PATIENT_CHARACTERISTICS})
    assert [each.ConceptNameCodeSequence[0].CodeValue for each in after.ContentSequence] == ["121032"]


def test_without_dates_a_listed_date_is_a_dummy_or_gone() -> None:
    started = item("DATETIME", ("113809", "DCM"), DateTime="20240311101500")
    recorded = item("DATETIME", ("121125", "DCM"), DateTime="20240311101500")
    after = cleaned(report_of(started, recorded), frozenset({Option.CLEAN_STRUCTURED_CONTENT}))
    assert [each.DateTime for each in after.ContentSequence] == ["19000101000000"]


@pytest.mark.parametrize("pointer", [[9, 9], [1, 99], []])
def test_a_reference_to_nowhere_goes(pointer: list[int]) -> None:
    stray = dataset(RelationshipType="INFERRED FROM", ReferencedContentItemIdentifier=pointer)
    text = item("TEXT", ("121071", "DCM"), TextValue=CANARY)
    assert kinds(cleaned(report_of(stray, text)).ContentSequence) == ["TEXT"]
