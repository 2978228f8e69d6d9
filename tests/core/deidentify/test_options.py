"""Each option profile on a whole file: what it keeps is kept, and what it does not name still goes."""

import random
import struct
from io import BytesIO

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import dicom_bytes as made
from support.clearing import KEYS

from confrere.core.deidentify import (
    Option,
    Profile,
    deidentify_instance,
    load_profile,
    profile_named,
    profile_names,
)
from confrere.core.deidentify.table import confidentiality_table
from confrere.core.terms import Held, Refused

OPTIONS = profile_names()[2:]
Changes = dict[int, tuple[str, bytes | str] | bytes | None]

# What stands in the file besides a plain CT slice; each line is what one option could keep.
MORE: Changes = {
    0x00080021: ("DA", "20240312"),
    0x0008002A: ("DT", "20240311101530"),
    0x00080080: ("LO", "City Heart Hospital"),
    0x00081010: ("SH", "STATION4"),
    0x00081030: ("LO", "CT head 5 mm for Quirina by Dr Hand"),
    0x00080090: ("PN", "Hand^Doctor"),
    0x00101010: ("AS", "061Y"),
    0x00102160: ("SH", "Group A"),
    0x001021C0: ("US", made.us(4)),
    0x00181000: ("LO", "SN-4471"),
    0x00181200: ("DA", "20240101"),
    0x00190010: ("LO", "SIEMENS MR HEADER"),
    0x0019100C: ("IS", "1000"),
    0x00191011: ("LO", "Quirina"),
    0x60003000: ("OW", b"overlay "),
}
KEPT = {
    "retain-longitudinal-full-dates": {
        0x00080020: made.STUDY_DATE,
        0x00080021: "20240312",
        0x0008002A: "20240311101530",
    },
    "retain-patient-characteristics": {
        0x00101010: "061Y",
        0x00102160: "Group A",
        0x00100040: "F",
        0x001021C0: 4,  # a number: neither cut nor padded
    },
    "retain-device-identity": {0x00081010: "STATION4", 0x00181000: "SN-4471", 0x00181200: "20240101"},
    "retain-uids": {0x00080018: made.SOP_UID, 0x0020000D: made.STUDY_UID, 0x0020000E: made.SERIES_UID},
    "retain-institution-identity": {0x00080080: "City Heart Hospital"},
    "retain-safe-private": {0x00190010: "SIEMENS MR HEADER", 0x0019100C: 1000},
    "clean-descriptors": {0x00081030: "CT head 5 mm for"},
}

BOTH_DATES_AND_DEVICE = {0x00181200}  # Date of Last Calibration is kept by either option


def source(changes: Changes | None = None, syntax: str = made.EXPLICIT) -> bytes:
    return made.ct_file({**MORE, **(changes or {})}, syntax)


def cleaned(name: str, changes: Changes | None = None) -> bytes:
    return deidentify_instance(source(changes), keys=KEYS, profile=profile_named(name)).content


def read(content: bytes) -> pydicom.Dataset:
    return pydicom.dcmread(BytesIO(content))


@pytest.mark.parametrize("name", KEPT)
def test_what_an_option_keeps_is_kept(name: str) -> None:
    after = read(cleaned(name))
    for tag, value in KEPT[name].items():
        assert after[tag].value == value, hex(tag)


@pytest.mark.parametrize("name", OPTIONS)
def test_what_an_option_does_not_name_still_goes(name: str) -> None:
    content = cleaned(name)
    after = read(content)
    for other, kept in KEPT.items():
        if other != name:
            for tag, value in kept.items():
                if tag in BOTH_DATES_AND_DEVICE and "device" in other and "dates" in name:
                    continue
                assert tag not in after or after[tag].value != value, hex(tag)
    for planted in ("Zaveriwal", "Quirina", made.PATIENT_ID, made.BIRTH, "overlay"):
        assert planted.encode() not in content


def test_without_a_description_left_the_basic_profiles_action_stands() -> None:
    after = read(cleaned("clean-descriptors", {0x00081030: ("LO", "for Quirina Z"), 0x00181030: ("LO", "Q Z")}))
    assert after.StudyDescription == "for"
    assert after.ProtocolName == "REMOVED"
    assert "StudyDescription" not in read(cleaned("clean-descriptors", {0x00081030: ("LO", "Quirina")}))


NAMES = ["Head^Spine", "HEAD^LIVER", "Liver^Rose=肝^臓", "Axial^Contrast", "Spine^Ct^Head"]
PLACES = (0x00081030, 0x0008103E, 0x00181030, 0x00204000, 0x00321060)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("holder", [0x00100010, 0x00101001, 0x00101005, 0x00080090, 0x00081070])
def test_a_word_of_a_name_in_the_file_never_survives_in_a_description(name: str, holder: int) -> None:
    words = name.split("=")[0].replace("^", " ")
    changes: Changes = {tag: ("LT" if tag == 0x00204000 else "LO", f"CT of {words} thorax") for tag in PLACES}
    changes[0x00180015] = None
    after = read(cleaned("clean-descriptors", {**changes, holder: ("PN", name)}))
    kept = " ".join(str(after[tag].value) for tag in PLACES if tag in after).lower().split()
    assert "thorax" in kept
    assert not set(words.lower().split()) & set(kept)


def test_a_name_in_a_nested_item_is_known_too() -> None:
    inner = made.element(0x00080090, "PN", "Thorax^Doctor")
    nested = made.element(0x00081140, "SQ", made.item(inner))
    after = read(cleaned("clean-descriptors", {0x00081140: nested, 0x00081030: ("LO", "CT thorax axial")}))
    assert after.StudyDescription == "CT axial"


def test_requests_are_entered_and_cleaned() -> None:
    code = made.element(0x00080100, "SH", "12-X") + made.element(0x00080102, "SH", "99CITY")
    code += made.element(0x00080104, "LO", "Quirina head")
    inner = made.element(0x00400007, "LO", "CT head for Quirina") + made.element(0x00400008, "SQ", made.item(code))
    inner += made.element(0x00401001, "SH", "RP4417")
    request = made.element(0x00400275, "SQ", made.item(inner))
    content = cleaned("clean-descriptors", {0x00400275: request})
    (entered,) = read(content).RequestAttributesSequence
    assert entered.ScheduledProcedureStepDescription == "CT head for"
    assert not entered.ScheduledProtocolCodeSequence
    for planted in (b"Quirina", b"RP4417", b"99CITY"):
        assert planted not in content


@pytest.mark.parametrize(
    ("value", "scheme", "doctor", "kept"),
    [
        ("69536005", "SCT", "Thorax^Doctor", ["Head"]),
        ("69536005", "SCT", "Head^Doctor", []),
        ("69536005", "", "Thorax^Doctor", []),
        ("4417", "99HOSP", "Thorax^Doctor", []),
        ("for Quirina", "SCT", "Thorax^Doctor", []),
    ],
)
def test_a_code_in_a_cleaned_sequence_stays_when_it_is_public_and_names_nobody(
    value: str, scheme: str, doctor: str, kept: list[str]
) -> None:
    code = made.element(0x00080100, "SH", value) + made.element(0x00080102, "SH", scheme)
    code += made.element(0x00080104, "LO", "Quirina Zaveriwal")
    inner = made.element(0x00400007, "LO", "CT head") + made.element(0x00400008, "SQ", made.item(code))
    request = made.element(0x00400275, "SQ", made.item(inner))
    after = read(cleaned("clean-descriptors", {0x00400275: request, 0x00080090: ("PN", doctor)}))
    codes = after.RequestAttributesSequence[0].ScheduledProtocolCodeSequence
    assert [entry.CodeMeaning for entry in codes] == kept


@pytest.mark.parametrize(
    ("terms", "name", "text"),
    [
        ("GB18030", "王誠^小东", "CT 誠 head"),
        ("\\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎", "山田 CT head"),
    ],
)
def test_text_of_two_bytes_a_character_is_split_only_when_decoded(terms: str, name: str, text: str) -> None:
    codec = "gb18030" if terms == "GB18030" else "iso2022_jp"
    changes: Changes = {
        0x00080005: ("CS", terms),
        0x00100010: ("PN", name.encode(codec)),
        0x00081030: ("LO", text.encode(codec)),
    }
    content = cleaned("clean-descriptors", changes)
    assert read(content).StudyDescription == "CT head"
    for part in name.replace("=", "^").split("^"):
        assert part.encode(codec) not in content


def test_private_creators_belong_to_their_own_data_set_and_item() -> None:
    safe = made.element(0x0019100C, "IS", "1000")
    stranger = made.element(0x00190010, "LO", "SHRI RIS 1.0") + safe
    own = made.element(0x00190020, "LO", "SIEMENS MR HEADER") + made.element(0x0019200C, "IS", "500")
    items = made.item(stranger) + made.item(safe) + made.item(own)
    nested = made.element(0x00081140, "SQ", items)
    first, second, third = read(cleaned("retain-safe-private", {0x00081140: nested})).ReferencedImageSequence
    assert not list(first)
    assert not list(second)
    assert [int(element.tag) for element in third] == [0x00190020, 0x0019200C]


@pytest.mark.parametrize("syntax", [made.EXPLICIT, made.IMPLICIT, made.DEFLATED])
def test_a_moved_block_and_a_second_creator_are_followed_in_every_encoding(syntax: str) -> None:
    changes: Changes = {
        0x00190010: ("LO", "SHRI RIS 1.0"),
        0x00190020: ("LO", "SIEMENS MR HEADER"),
        0x0019200C: ("IS", "500"),
        0x0019200E: ("FD", struct.pack("<3d", 0, 0, 1)),
    }
    profile = profile_named("retain-safe-private")
    after = read(deidentify_instance(source(changes, syntax), keys=KEYS, profile=profile).content)
    private = [int(element.tag) for element in after if element.tag.is_private]
    assert private == [0x00190020, 0x0019200C, 0x0019200E]
    assert after.private_block(0x0019, "SIEMENS MR HEADER")[0x0C].value == 500


def test_retained_uids_are_those_of_the_file_everywhere() -> None:
    done = deidentify_instance(source(), keys=KEYS, profile=profile_named("retain-uids"))
    after = read(done.content)
    assert after.file_meta.MediaStorageSOPInstanceUID == after.SOPInstanceUID == done.sop_instance_uid == made.SOP_UID
    assert (done.study_instance_uid, done.series_instance_uid) == (made.STUDY_UID, made.SERIES_UID)


def test_an_age_over_eighty_nine_is_capped_and_an_institution_with_the_patients_name_goes() -> None:
    assert read(cleaned("retain-patient-characteristics", {0x00101010: ("AS", "097Y")})).PatientAge == "090Y"
    after = read(cleaned("retain-institution-identity", {0x00080080: ("LO", "Zaveriwal Memorial Hospital")}))
    assert after.InstitutionName == "REMOVED"


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("retain-longitudinal-full-dates", {0x00080021: ("DA", "Quirina")}),
        ("retain-longitudinal-full-dates", {0x0008002A: ("DT", "Quirina")}),
        ("retain-longitudinal-full-dates", {0x00080201: ("SH", "Quirina")}),
        ("retain-uids", {0x00200052: ("UI", "1.2.Quirina")}),
        ("retain-institution-identity", {0x00080081: ("ST", b"\x10\0\x10\0PN\x08\0Quirina ")}),
        ("retain-patient-characteristics", {0x00102160: ("SH", "Quirina")}),
        ("retain-device-identity", {0x00181000: ("LO", "Quirina")}),
        ("retain-patient-characteristics", {0x00100040: ("CS", "Quirina")}),
        ("retain-device-identity", {0x00080070: ("LO", "Quirina Scanners")}),
    ],
)
def test_a_kept_attribute_that_holds_something_else_goes(name: str, changes: Changes) -> None:
    assert b"Quirina" not in cleaned(name, changes)


@pytest.mark.parametrize(
    ("name", "tag", "vr"),
    [
        ("retain-institution-identity", 0x00080080, "LO"),
        ("retain-institution-identity", 0x00080081, "ST"),
        ("retain-device-identity", 0x00081010, "SH"),
        ("retain-device-identity", 0x00181000, "LO"),
        ("retain-patient-characteristics", 0x00102160, "SH"),
        ("retain-patient-characteristics", 0x00100040, "CS"),
    ],
)
@pytest.mark.parametrize(
    "value",
    ["XZAVERIWALX", "SN-UHIDQX77123-A", "UHIDQX77123B", "UHID QX 77123", "RUN 19630227", "27.02.1963", "02 27 1963"],
)
def test_a_retained_text_with_the_patients_own_identifier_goes_however_it_is_written(
    name: str, tag: int, vr: str, value: str
) -> None:
    assert value.encode() not in cleaned(name, {tag: (vr, value)})
    assert b"CTROOM4" in cleaned(name, {tag: (vr, "CTROOM4")})


def test_a_safe_private_text_with_the_patients_own_identifier_goes_however_it_is_written() -> None:
    for value in ("27.02.1963", "XUHIDQX77123", "UHID QX 77123"):
        block: Changes = {0x20010010: ("LO", "Philips Imaging DD 001"), 0x2001106E: ("SH", value)}
        assert value.encode() not in cleaned("retain-safe-private", block)
    block = {0x20010010: ("LO", "Philips Imaging DD 001"), 0x2001106E: ("SH", "SURVEY")}
    assert b"SURVEY" in cleaned("retain-safe-private", block)


def test_graphic_annotations_keep_geometry_and_lose_text() -> None:
    text = made.element(0x00700008, "SQ", made.item(made.element(0x00700006, "ST", "Quirina")))
    shape = made.element(0x00700009, "SQ", made.item(made.element(0x00700022, "FL", bytes(16))))
    items = made.item(text) + made.item(text + shape)
    content = cleaned("clean-graphics", {0x00700001: made.element(0x00700001, "SQ", items)})
    (kept,) = read(content).GraphicAnnotationSequence
    assert [int(element.tag) for element in kept] == [0x00700009]
    assert b"Quirina" not in content


def test_options_combine() -> None:
    text = (
        'about = "x"\njudges_pixels = false\noptions = ["retain-device-identity", "retain-longitudinal-modified-dates"]'
    )
    after = read(deidentify_instance(source(), keys=KEYS, profile=load_profile(text, "mine")).content)
    assert after.DeviceSerialNumber == "SN-4471"
    assert after.DateOfLastCalibration not in {"", "20240101"}
    assert after.StudyDate not in {"", made.STUDY_DATE}


EVERYTHING = Profile("everything", frozenset(Option) - {Option.FULL_DATES}, judges_pixels=False)


def test_no_flip_of_a_byte_leaks_or_crashes_under_all_options() -> None:
    original = source({0x00102110: ("LO", "penicillin, says Quirina"), 0x00080081: ("ST", "Station Road, Pune")})
    header = original.index(b"\xe0\x7f\x10\x00")
    needles = [part.encode() for part in ("Zaveri", "eriwal", "Quir", "rina", made.BIRTH[2:])]
    chance = random.Random(23)
    for at in range(header + 12):
        flipped = original[:at] + bytes([original[at] ^ chance.choice((0xFF, 1, 0x20))]) + original[at + 1 :]
        try:
            content = deidentify_instance(flipped, keys=KEYS, profile=EVERYTHING).content
        except (Refused, Held):
            continue
        assert not [needle for needle in needles if needle in content], at


VALUES = st.one_of(
    st.tuples(st.sampled_from("LO SH ST LT UT UC PN CS DA DT TM UI AS".split()), st.text(max_size=24)),
    st.tuples(st.sampled_from("LO SH ST OB UN FD US".split()), st.binary(max_size=24)),
)
TAGS = st.one_of(
    st.sampled_from(sorted(confidentiality_table().rows)).filter(lambda tag: 0x00080022 <= tag < 0x00280000),
    st.integers(0x00190010, 0x001920FF),
)


@given(st.dictionaries(TAGS, VALUES, max_size=10), st.sampled_from([made.EXPLICIT, made.IMPLICIT]))
@settings(max_examples=80, deadline=None)
def test_random_values_under_all_options_never_crash_and_always_leave_a_readable_file(
    extra: dict[int, tuple[str, bytes | str]], syntax: str
) -> None:
    changes: Changes = {**extra, **{tag: what for tag, what in made.slice_elements().items() if tag in extra}}
    try:
        content = deidentify_instance(made.ct_file(changes, syntax), keys=KEYS, profile=EVERYTHING).content
    except (Refused, Held):
        return
    assert read(content).PatientIdentityRemoved == "YES"
    assert content == deidentify_instance(made.ct_file(changes, syntax), keys=KEYS, profile=EVERYTHING).content
