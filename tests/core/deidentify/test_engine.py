"""The engine as a whole: nothing planted survives, everything clinical does, and doubt writes nothing."""

import random
from datetime import date
from io import BytesIO

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import dicom_bytes as made
from support.clearing import KEYS

from confrere.core.deidentify import (
    HEADERS,
    STRICT,
    Option,
    Profile,
    date_shift_days,
    deidentify_instance,
    remap_uid,
)
from confrere.core.terms import Held, Refused

IDENTIFIERS = (*made.NAME.split("^"), made.PATIENT_ID, made.BIRTH, made.STUDY_DATE)
UIDS = (made.SOP_UID, made.STUDY_UID, made.SERIES_UID)
CANARY = b"ZQXCANARY"
SYNTAXES = [made.EXPLICIT, made.IMPLICIT, made.DEFLATED]


def clean(source: bytes) -> bytes:
    return deidentify_instance(source, keys=KEYS).content


def read(content: bytes) -> pydicom.Dataset:
    return pydicom.dcmread(BytesIO(content))


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_no_identifier_of_the_header_survives(syntax: str) -> None:
    content = clean(made.ct_file(syntax=syntax))
    for planted in (*IDENTIFIERS, *UIDS):
        assert planted.encode() not in content


def coded(value: bytes | str, scheme: str, meaning: bytes | str) -> bytes:
    """An anatomic region, which images keep."""
    entry = (
        made.element(0x00080100, "SH", value),
        made.element(0x00080102, "SH", scheme),
        made.element(0x00080104, "LO", meaning),
    )
    return made.element(0x00082218, "SQ", made.item(b"".join(entry)))


HIDING_PLACES = {
    "original attributes": {
        0x04000561: made.element(
            0x04000561,
            "SQ",
            made.item(made.element(0x04000550, "SQ", made.item(made.element(0x00100010, "PN", CANARY)))),
        )
    },
    "icon": {0x00880200: made.element(0x00880200, "SQ", made.item(made.element(0x7FE00010, "OW", CANARY)))},
    "comments": {0x00204000: ("LT", b"seen with " + CANARY)},
    "description": {0x00081030: ("LO", b"CT " + CANARY)},
    "private": {0x00330010: ("LO", "ACME"), 0x00331001: ("UN", CANARY)},
    "overlay": {0x60003000: ("OW", CANARY), 0x60000022: ("LO", CANARY), 0x60004000: ("LT", CANARY)},
    "curve": {0x50000022: ("LO", CANARY)},
    "padding": {0xFFFCFFFC: ("OB", CANARY)},
    "meaning of a private code": {0x00082218: coded("Q1", "99ACME", CANARY)},
    "value of a private code": {0x00082218: coded(CANARY, "99ACME", "Head")},
    "meaning of a public code": {0x00082218: coded("T-D1100", "SRT", CANARY)},
    "meaning without a code": {
        0x00082218: made.element(0x00082218, "SQ", made.item(made.element(0x00080104, "LO", CANARY)))
    },
    "attribute of a query": {0x00080052: ("CS", CANARY)},
    "label of a printed page": {0x20000050: ("LO", CANARY), 0x21000020: ("CS", CANARY)},
    "unknown tag": {0x00104002: ("UN", CANARY)},
    "text value in a kept sequence": {
        0x00081140: made.element(0x00081140, "SQ", made.item(made.element(0x0040A160, "UT", CANARY)))
    },
    "un sequence": {
        0x00531010: made.sequence_of_undefined_length(
            0x00531010, made.item(made.element(0x00100010, "PN", CANARY, implicit=True)), vr="UN"
        )
    },
    "address": {0x00287FE0: ("UR", b"http://x.invalid/" + CANARY)},
    "second modality-like value": {0x00080061: ("UT", CANARY)},
}


@pytest.mark.parametrize("place", HIDING_PLACES)
def test_a_name_in_a_place_cleaners_forget_does_not_survive(place: str) -> None:
    changes: dict[int, tuple[str, bytes | str] | bytes | None] = {**HIDING_PLACES[place]}
    source = made.ct_file(changes)
    assert CANARY in source
    assert CANARY not in clean(source)


def test_a_public_code_stays_in_the_words_of_its_scheme_and_a_private_one_is_said_to_be_removed() -> None:
    region = read(
        clean(made.ct_file({0x00082218: coded("T-D1100", "SRT", "where Quirina fell")}))
    ).AnatomicRegionSequence
    assert (region[0].CodeValue, region[0].CodingSchemeDesignator, region[0].CodeMeaning) == ("T-D1100", "SRT", "Head")
    region = read(clean(made.ct_file({0x00082218: coded("Q1", "99ACME", "Head")}))).AnatomicRegionSequence
    assert (region[0].CodeValue, region[0].CodeMeaning) == ("REMOVED", "Removed")


def test_preamble_file_meta_and_bytes_after_the_end_do_not_survive() -> None:
    source = made.part10(made.dataset(), preamble=CANARY.ljust(128)) + CANARY
    assert CANARY not in clean(source)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_clinical_values_and_pixels_survive(syntax: str) -> None:
    before, after = read(made.ct_file(syntax=syntax)), read(clean(made.ct_file(syntax=syntax)))
    for keyword in (
        "Modality Manufacturer ImageType SliceThickness ImagePositionPatient ImageOrientationPatient"
        " PixelSpacing Rows Columns BitsStored InstanceNumber BodyPartExamined StudyTime"
        " SOPClassUID SpecificCharacterSet"
    ).split():
        assert after[keyword].value == before[keyword].value, keyword
    assert after.PixelData == before.PixelData


def test_names_in_other_scripts_do_not_survive_and_kept_text_stays_whole() -> None:
    name = "शर्मा^राजेश"
    source = made.ct_file({0x00100010: ("PN", name), 0x00080070: ("LO", "मशीन")})
    after = clean(source)
    assert name.split("^")[0].encode() not in after
    assert read(after).Manufacturer == "मशीन"


def test_the_new_identity_is_told_and_the_same_in_every_run() -> None:
    done = deidentify_instance(made.ct_file(), keys=KEYS)
    assert done == deidentify_instance(made.ct_file(), keys=KEYS)
    dataset = read(done.content)
    assert dataset.StudyInstanceUID == done.study_instance_uid
    assert dataset.SeriesInstanceUID == done.series_instance_uid
    assert dataset.SOPInstanceUID == done.sop_instance_uid == remap_uid(KEYS, made.SOP_UID)
    assert dataset.PatientID == str(dataset.PatientName)
    assert made.PATIENT_ID not in repr(done)


@given(st.dates(date(1950, 1, 1), date(2080, 1, 1)), st.dates(date(1950, 1, 1), date(2080, 1, 1)))
@settings(max_examples=25, deadline=None)
def test_intervals_between_a_patients_studies_survive(first: date, second: date) -> None:
    seen = []
    for day in (first, second):
        done = deidentify_instance(made.ct_file({0x00080020: ("DA", day.strftime("%Y%m%d"))}), keys=KEYS)
        seen.append(date.fromisoformat(read(done.content).StudyDate))
        assert (seen[-1] - day).days == date_shift_days(KEYS, done.patient_token)
    assert seen[1] - seen[0] == second - first


def test_a_date_that_cannot_be_read_is_removed() -> None:
    assert "StudyDate" not in read(clean(made.ct_file({0x00080020: ("DA", "sometime")})))


def test_where_patient_characteristics_are_retained_an_age_over_eighty_nine_is_capped() -> None:
    retaining = Profile("research", STRICT.options | {Option.PATIENT_CHARACTERISTICS}, judges_pixels=True)

    def age(written: str) -> str:
        source = made.ct_file({0x00101010: ("AS", written)})
        return str(read(deidentify_instance(source, keys=KEYS, profile=retaining).content).PatientAge)

    assert age("097Y") == "090Y"
    assert age("061Y") == "061Y"


def test_sex_and_age_do_not_survive_the_strict_profile() -> None:
    after = read(clean(made.ct_file({0x00101010: ("AS", "061Y"), 0x00102160: ("SH", "Sikh")})))
    assert not after.get("PatientSex")
    assert "PatientAge" not in after
    assert "EthnicGroup" not in after


def test_cleaning_twice_changes_only_keyed_values() -> None:
    once = clean(made.ct_file())
    twice = clean(once)
    first, second = read(once), read(twice)
    assert {element.tag for element in first} == {element.tag for element in second}
    assert first.PixelData == second.PixelData
    assert first.SOPInstanceUID != second.SOPInstanceUID


def test_pixels_that_may_carry_text_stop_strict_and_not_headers() -> None:
    source = made.part10(made.dataset(sop_class=made.SECONDARY_CAPTURE), sop_class=made.SECONDARY_CAPTURE)
    with pytest.raises(Held) as caught:
        deidentify_instance(source, keys=KEYS, profile=STRICT)
    assert caught.value.code == "burned-in-text"
    assert deidentify_instance(source, keys=KEYS, profile=HEADERS).record.profile == "headers"


def test_a_patient_without_an_id_is_held() -> None:
    with pytest.raises(Held) as caught:
        clean(made.ct_file({0x00100020: ("LO", "")}))
    assert caught.value.code == "patient-unknown"


def test_no_flip_of_a_byte_leaks_or_crashes() -> None:
    """Each header byte is changed four ways; a flip inside a planted value is judged by its other half."""
    source = made.ct_file()
    header = source.index(b"\xe0\x7f\x10\x00")
    needles = [word[part].encode() for word in IDENTIFIERS for part in (slice(0, 6), slice(-6, None))]
    chance = random.Random(19)
    for at in range(header + 12):
        for value in (source[at] ^ 0xFF, source[at] ^ 1, 0, chance.randrange(256)):
            flipped = source[:at] + bytes([value]) + source[at + 1 :]
            try:
                content = clean(flipped)
            except (Refused, Held):
                continue
            assert not [needle for needle in needles if needle in content], (at, value)


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_junk_in_place_of_the_data_set_is_refused_or_held(junk: bytes) -> None:
    for syntax in (*SYNTAXES, made.BIG, made.RLE):
        with pytest.raises((Refused, Held)):
            clean(made.part10(junk, syntax))


VALUES = st.one_of(
    st.tuples(st.sampled_from(["LO", "SH", "PN", "UT", "LT", "CS", "DA", "DT", "AS"]), st.text(max_size=20)),
    st.tuples(st.sampled_from(["OB", "UN", "US", "FD", "UL"]), st.binary(max_size=24)),
)


@given(st.dictionaries(st.integers(0x00080022, 0x00280001), VALUES, max_size=8), st.booleans())
@settings(max_examples=60, deadline=None)
def test_random_elements_never_crash_and_always_leave_a_readable_file(
    extra: dict[int, tuple[str, bytes | str]], implicit: bool
) -> None:
    changes = {**extra, **{tag: what for tag, what in made.slice_elements().items() if tag in extra}}
    try:
        content = clean(made.ct_file(changes, made.IMPLICIT if implicit else made.EXPLICIT))
    except (Refused, Held):
        return
    for element in read(content):
        assert element.tag.group % 2 == 0
