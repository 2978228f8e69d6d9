"""Every attribute has exactly one answer: the table's, or default-deny's."""

import pytest
from pydicom.datadict import DicomDictionary

from confrere.core.deidentify import HEADERS, STRICT, Option, Profile
from confrere.core.deidentify.policy import Action, Policy, Why, basic_action, policy_for
from confrere.core.deidentify.table import confidentiality_table
from confrere.core.dicom.dictionary import keyword, registered_vrs

POLICY = Policy(STRICT)
BASIC = Policy(Profile("basic", frozenset(), judges_pixels=True))


def action(tag: int, vr: bytes, *, nested: bool = False, policy: Policy = POLICY) -> Action:
    return policy.decide(tag, vr, nested=nested)[0]


@pytest.mark.parametrize(
    ("tag", "vr", "why"),
    [
        (0x00291010, b"LO", Why.PRIVATE),
        (0x00290010, b"LO", Why.PRIVATE),
        (0x00104002, b"UN", Why.UNKNOWN),
        (0x60003000, b"OW", Why.GRAPHICS),
        (0x60020010, b"US", Why.GRAPHICS),
        (0x50000022, b"LO", Why.GRAPHICS),
        (0x00080000, b"UL", Why.GROUP),
        (0x00020102, b"OB", Why.GROUP),
        (0x0040A160, b"UT", Why.FREE_TEXT),
        (0x00540400, b"SH", Why.FREE_TEXT),  # Image ID
        (0x00402006, b"SH", Why.FREE_TEXT),  # a retired placer order number
        (0x00080041, b"LO", Why.FREE_TEXT),  # Data Set Subtype, retired; one wrong byte makes an accession number of it
        (0x00189423, b"LO", Why.FREE_TEXT),  # Acquisition Protocol Name
        (0x00283004, b"ST", Why.OTHER_VR),
        (0x00282000, b"OB", Why.BLOB),
        (0x00080060, b"UT", Why.OTHER_VR),
    ],
)
def test_what_nobody_vouches_for_is_removed_and_the_reason_counted(tag: int, vr: bytes, why: Why) -> None:
    assert POLICY.decide(tag, vr, nested=False) == (Action.REMOVE, why)


@pytest.mark.parametrize(
    ("tag", "vr", "wanted"),
    [
        (0x00100010, b"PN", Action.TOKEN),
        (0x00100030, b"DA", Action.EMPTY),
        (0x00101010, b"AS", Action.REMOVE),
        (0x00100040, b"CS", Action.EMPTY),
        (0x00080020, b"DA", Action.SHIFT),
        (0x00080030, b"TM", Action.SHIFT),
        (0x00081030, b"LO", Action.REMOVE),
        (0x00181030, b"LO", Action.DUMMY),
        (0x00080080, b"LO", Action.DUMMY),
        (0x0020000D, b"UI", Action.NEW_UID),
        (0x00081140, b"SQ", Action.ENTER),
        (0x00081110, b"SQ", Action.REMOVE),
        (0x00081111, b"SQ", Action.EMPTY),
        (0x00400555, b"SQ", Action.EMPTY),
        (0x00400275, b"SQ", Action.REMOVE),
        (0x0040A730, b"SQ", Action.DUMMY),
        (0x00289110, b"SQ", Action.ENTER),
        (0x00180050, b"DS", Action.KEEP),
        (0x00281201, b"OW", Action.KEEP),
        (0x00080070, b"SH", Action.KEEP),
        (0x00209056, b"SH", Action.KEEP),  # Stack ID ties frames together
        (0x00181210, b"SH", Action.KEEP),  # Convolution Kernel
    ],
)
def test_listed_and_clinical_attributes_get_their_action(tag: int, vr: bytes, wanted: Action) -> None:
    assert action(tag, vr) is wanted


def test_only_the_patients_own_name_and_id_become_the_token() -> None:
    assert action(0x00100020, b"LO", nested=True) is Action.DUMMY
    assert action(0x00100010, b"PN", nested=True) is Action.EMPTY


def test_without_options_dates_and_characteristics_follow_the_basic_profile() -> None:
    assert action(0x00080020, b"DA", policy=BASIC) is Action.EMPTY
    retaining = Policy(Profile("research", frozenset({Option.PATIENT_CHARACTERISTICS}), judges_pixels=True))
    assert action(0x00101010, b"AS", policy=retaining) is Action.CAP_AGE
    assert action(0x00100040, b"CS", policy=retaining) is Action.RETAIN


def test_no_listed_attribute_is_kept_except_by_an_option() -> None:
    for tag, row in confidentiality_table().rows.items():
        for vr in registered_vrs(tag):
            assert action(tag, vr, policy=BASIC) is not Action.KEEP, row.name


def test_no_person_name_and_no_long_text_of_the_dictionary_is_ever_kept() -> None:
    for tag in DicomDictionary:
        for vr in registered_vrs(tag):
            if vr in {b"PN", b"LT", b"ST", b"UT", b"UR", b"AE", b"UC"}:
                assert action(tag, vr, nested=True) not in {Action.KEEP, Action.ENTER}


@pytest.mark.parametrize(
    ("basic", "vr", "wanted"),
    [
        *[("X/Z/D", b"LO", "D"), ("X/Z", b"LO", "Z"), ("X/D", b"DA", "D"), ("Z/D", b"PN", "D")],
        *[("X/Z/D", b"SQ", "Z"), ("X/D", b"SQ", "X"), ("D", b"SQ", "D"), ("X", b"SQ", "X")],
        *[("D", b"UI", "U"), ("U", b"UI", "U")],
    ],
)
def test_of_several_actions_the_one_valid_for_every_type_is_taken(basic: str, vr: bytes, wanted: str) -> None:
    assert basic_action(basic, vr) == wanted


def test_both_profiles_do_the_same_to_headers() -> None:
    assert HEADERS.options == STRICT.options
    assert HEADERS.codes == STRICT.codes


def option(*options: Option) -> Policy:
    return Policy(Profile("any", frozenset(options), judges_pixels=False))


KEEPING = [
    Option.FULL_DATES,
    Option.PATIENT_CHARACTERISTICS,
    Option.DEVICE_IDENTITY,
    Option.UIDS,
    Option.INSTITUTION_IDENTITY,
]
BLOBS = {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"UN"}


@pytest.mark.parametrize("which", KEEPING)
def test_an_option_keeps_every_row_of_its_column_and_changes_no_other(which: Option) -> None:
    policy = option(which)
    for tag, row in confidentiality_table().rows.items():
        for vr in registered_vrs(tag):
            got = action(tag, vr, policy=policy, nested=True)
            said = row.options.get(which.value)
            if said == "K" and vr not in BLOBS:
                kept = {Action.RETAIN, Action.ENTER, Action.CAP_AGE}
                assert got in kept or tag >> 16 == 2, row.name  # file meta is made anew by the engine
            elif said is None:
                assert got is action(tag, vr, policy=BASIC, nested=True), row.name


def test_clean_descriptors_cleans_text_and_enters_sequences_and_leaves_bytes_to_the_basic_profile() -> None:
    policy = option(Option.CLEAN_DESCRIPTORS)
    for tag, row in confidentiality_table().rows.items():
        for vr in registered_vrs(tag):
            got = action(tag, vr, policy=policy, nested=True)
            if row.options.get("clean_descriptors") is None or vr in BLOBS | {b"CS"}:
                assert got is action(tag, vr, policy=BASIC, nested=True), row.name
            else:
                assert got is (Action.ENTER_CLEANED if vr == b"SQ" else Action.WORDS), row.name


def test_cleaning_goes_before_keeping_and_keeping_before_the_basic_profile() -> None:
    calibrated = 0x00181200  # device identity: K, modified dates: C
    assert action(calibrated, b"DA", policy=option(Option.DEVICE_IDENTITY)) is Action.RETAIN
    assert action(calibrated, b"DA", policy=option(Option.DEVICE_IDENTITY, Option.MODIFIED_DATES)) is Action.SHIFT
    assert action(calibrated, b"DA", policy=option(Option.DEVICE_IDENTITY, Option.FULL_DATES)) is Action.RETAIN
    assert action(calibrated, b"DA", policy=BASIC) is Action.REMOVE
    assert action(0x00102110, b"LO", policy=option(Option.PATIENT_CHARACTERISTICS)) is Action.WORDS


def test_an_application_entity_title_cannot_be_cleaned_so_it_goes() -> None:
    assert action(0x00080054, b"AE", policy=option(Option.DEVICE_IDENTITY)) is Action.REMOVE


def test_private_attributes_are_asked_for_their_creator_under_one_option_alone() -> None:
    assert action(0x0019100C, b"IS", policy=option(Option.SAFE_PRIVATE)) is Action.IF_SAFE
    for other in set(Option) - {Option.SAFE_PRIVATE}:
        assert action(0x0019100C, b"IS", policy=option(other)) is Action.REMOVE


@pytest.mark.parametrize("group", [0x5000, 0x6000, 0x6002])
def test_curves_and_overlays_go_under_every_option(group: int) -> None:
    everything = option(*(set(Option) - {Option.FULL_DATES}))
    for number, vr in ((0x0010, b"US"), (0x0022, b"LO"), (0x3000, b"OW"), (0x4000, b"LT")):
        assert action(group << 16 | number, vr, policy=everything) is Action.REMOVE


def test_names_and_unknown_attributes_go_under_all_options_together() -> None:
    everything = option(*(set(Option) - {Option.MODIFIED_DATES}))
    assert action(0x00104002, b"UN", policy=everything) is Action.REMOVE
    for tag in DicomDictionary:
        if b"PN" in registered_vrs(tag):
            gone = {Action.REMOVE, Action.EMPTY, Action.DUMMY}
            assert action(tag, b"PN", nested=True, policy=everything) in gone, keyword(tag)


def test_within_a_cleaned_sequence_text_that_no_row_lists_is_cleaned() -> None:
    policy = option(Option.CLEAN_DESCRIPTORS)
    assert policy.decide(0x00080104, b"LO", nested=True, cleaned=True)[0] is Action.WORDS
    assert policy.decide(0x00080104, b"LO", nested=True)[0] is Action.KEEP
    assert policy.decide(0x00100020, b"LO", nested=True, cleaned=True)[0] is Action.DUMMY


def test_a_policy_is_made_once_for_a_profile() -> None:
    assert policy_for(STRICT) is policy_for(STRICT)
    assert not policy_for(STRICT).reads_text


def test_a_sequence_that_may_not_be_empty_is_removed_at_the_top_and_emptied_where_it_is_required() -> None:
    assert action(0x00081110, b"SQ") is Action.REMOVE
    assert action(0x00081110, b"SQ", nested=True) is Action.EMPTY
    assert action(0x00081110, b"SQ", policy=option(Option.UIDS)) is Action.ENTER
