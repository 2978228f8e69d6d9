"""The record tells by tag and count what was done, and holds no value."""

import json

from support import dicom_bytes as made
from support.clearing import KEYS

from confrere.core.deidentify import deidentify_instance

PRIVATE = {
    0x00290010: ("LO", "ACME"),
    0x00291010: ("LO", made.NAME),
    0x00204000: ("LT", f"seen with {made.NAME}"),
}


def test_the_record_counts_what_was_done() -> None:
    source = made.ct_file(PRIVATE) + b"a note after the end"
    told = deidentify_instance(source, keys=KEYS).record.as_json()
    assert told["removed"] == {"private": 2}
    assert told["dropped_bytes"] == 20
    assert told["pixels"] == "identical"
    assert told["edition"] == "2026d"
    actions = told["actions"]
    assert isinstance(actions, dict)
    assert actions["(0010,0010)"] == {"T": 1}
    assert actions["(0020,4000)"] == {"X": 1}
    assert actions["(0008,0020)"] == {"C": 1}
    assert "(0008,0016)" not in actions


def test_the_record_holds_no_value() -> None:
    written = json.dumps(deidentify_instance(made.ct_file(PRIVATE), keys=KEYS).record.as_json())
    for value in (*made.NAME.split("^"), made.PATIENT_ID, made.BIRTH, made.STUDY_DATE, made.STUDY_UID):
        assert value not in written
