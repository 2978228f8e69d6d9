"""Every attribute has exactly one answer: the table's, or default-deny's."""

import pytest
from pydicom.datadict import DicomDictionary

from confrere.core.deidentify import HEADERS, STRICT, Option, Profile
from confrere.core.deidentify.policy import Action, Policy, Why, basic_action
from confrere.core.deidentify.table import confidentiality_table
from confrere.core.dicom.dictionary import registered_vrs

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
        (0x00081110, b"SQ", Action.EMPTY),
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
