"""A date never becomes another date that the same instance states of itself."""

from datetime import date, timedelta
from io import BytesIO

import pydicom
import pytest
from support import dicom_bytes as made

from confrere.core.deidentify import HEADERS, Keys, date_shift_days, deidentify_instance, patient_token
from confrere.core.deidentify.days import days_in, days_of
from confrere.core.deidentify.splice import Splicer
from confrere.core.dicom.source import source_of
from confrere.core.dicom.walk import walk

KEYS = Keys(b"a secret of 32 bytes for testing", "north")
SHIFT = date_shift_days(KEYS, patient_token(KEYS, "", made.PATIENT_ID))


def moved(days: int) -> str:
    """The study date moved by `days`."""
    return (date.fromisoformat(made.STUDY_DATE) + timedelta(days=days)).strftime("%Y%m%d")


def cleaned(changes: dict[int, made.Change]) -> tuple[pydicom.Dataset, bytes]:
    content = deidentify_instance(made.ct_file(changes), keys=KEYS, profile=HEADERS).content
    return pydicom.dcmread(BytesIO(content)), content


@pytest.mark.parametrize(
    "other",
    [
        {0x00080021: ("DA", moved(SHIFT))},
        {0x0008002A: ("DT", moved(SHIFT) + "101530")},
        {0x00081140: made.element(0x00081140, "SQ", made.item(made.element(0x00080023, "DA", moved(SHIFT))))},
    ],
    ids=["date", "date and time", "in a sequence"],
)
def test_a_date_that_would_become_another_of_the_patients_own_is_left_out(other: dict[int, made.Change]) -> None:
    dataset, content = cleaned(other)
    assert dataset.StudyDate == ""
    assert moved(SHIFT).encode() not in content
    assert made.STUDY_DATE.encode() not in content


def test_a_date_that_becomes_no_other_keeps_its_distance() -> None:
    dataset, _ = cleaned({0x00080021: ("DA", moved(SHIFT + 1))})
    assert dataset.StudyDate == moved(SHIFT)
    assert dataset.SeriesDate == moved(2 * SHIFT + 1)


def test_the_days_of_an_instance_are_those_of_every_depth_and_of_no_other_value() -> None:
    inner = made.element(0x00081140, "SQ", made.item(made.element(0x00080023, "DA", "20240102")))
    body = made.dataset({0x00080021: ("DA", "20240101\\20240105"), 0x00081140: inner, 0x00200013: ("IS", "20240999")})
    days = days_in(body, walk(body, 0, implicit=False).elements)
    assert {b"20240101", b"20240105", b"20240102"} <= days
    assert b"20240999" not in days
    assert days_of(b"2024") == days_of(b"") == set()


def test_in_a_series_the_days_of_each_instance_decide() -> None:
    """The third slice states a day that the study date would become; a template must not carry over what others had."""
    splicer = Splicer(keys=KEYS, profile=HEADERS)
    for number, day in enumerate((moved(7), moved(7), moved(SHIFT), moved(7), moved(SHIFT), moved(9))):
        for tag, vr in ((0x00080023, "DA"), (0x0008002A, "DT")):
            value = day if vr == "DA" else f"{day}10153{number}"
            data = made.ct_file({0x00080018: ("UI", f"{made.ROOT}.6.{number}"), tag: (vr, value)})
            spliced = splicer.clean(source_of(data))
            plain = deidentify_instance(data, keys=KEYS, profile=HEADERS)
            assert spliced.header + data[spliced.pixels.start : spliced.pixels.stop] == plain.content
            assert spliced.record == plain.record
