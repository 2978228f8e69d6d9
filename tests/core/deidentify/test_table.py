"""The vendored table is the standard's: it agrees with two independent extractions, row by row."""

import importlib.util
import json
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import make_ps315_table
from confrere.core.deidentify.table import confidentiality_table
from confrere.core.dicom.dictionary import registered_vrs

# An independent reading of the edition before ours (2026c); what 2026d added is listed here and nothing else.
ADDED_SINCE = {0x3004007F}  # Dose Calculation Model Name: X
LISTS = {
    "D_TAGS": "D", "U_TAGS": "U", "X_TAGS": "X", "Z_TAGS": "Z", "X_D_TAGS": "X/D", "X_Z_TAGS": "X/Z",
    "X_Z_D_TAGS": "X/Z/D", "X_Z_U_STAR_TAGS": "X/Z/U*", "Z_D_TAGS": "Z/D",
}  # fmt: skip


def independent_tables() -> ModuleType:
    """The table module of dicom-anonymizer, loaded as a file: the package itself would pull in its tools."""
    package = importlib.util.find_spec("dicomanonymizer")
    assert package is not None
    assert package.submodule_search_locations is not None
    path = f"{package.submodule_search_locations[0]}/dicom_anonymization_databases/dicomfields_2026c.py"
    spec = importlib.util.spec_from_file_location("dicomfields", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_row_agrees_with_an_independent_extraction() -> None:
    module = independent_tables()
    theirs = {
        tag[0] << 16 | tag[1]: action
        for name, action in LISTS.items()
        for tag in getattr(module, name)
        if len(tag) == 2  # repeating groups are given as masks there and by rule here
    }
    ours = {tag: row.basic for tag, row in confidentiality_table().rows.items()}
    assert set(ours) - set(theirs) == ADDED_SINCE
    assert set(theirs) - set(ours) == set()
    assert {tag: (ours[tag], theirs[tag]) for tag in theirs if ours[tag] != theirs[tag]} == {}


# A second reading, of 2025b, in its maker's own words for the actions; see tools/make_second_reading.py.
SAID_OF_OPTIONS = {
    "keep": "K",
    "func:clean_descriptors_with_llm": "C",
    "clean_manually": "C",
    "func:generate_hmacdate_shift": "C",
}
SAID_OF_BASIC = {
    "remove": "X",
    "blank": "Z",
    "replace": "D",
    "func:set_fixed_datetime": "ZD",
    "func:sq_keep_original_with_review": "D",
    "func:generate_patient_id": "ZD",
    "func:generate_hmacuid": "U",
}
ADDED_SINCE_2025B = {
    0x0040E012: "Display URI came into the table in 2026.",
    0x3004007F: "Dose Calculation Model Name came with 2026d.",
}
BASIC_DIFFERS = {
    0x00340002: "Flow Identifier: D; the other project removes binary values for which it has no dummy.",
    0x00340005: "Source Identifier: D; removed there for the same reason.",
    0x00340007: "Frame Origin Timestamp: D; removed there for the same reason.",
    0x00401101: "Person Identification Code Sequence: D; removed there as a sequence it has no dummy for.",
    0x00420011: "Encapsulated Document: D; removed there as a binary value.",
    0x006A0003: "Annotation Group UID: D; the dummy of a UID is a new UID, here and there.",
    0x00700001: "Graphic Annotation Sequence: D; removed there as a sequence it has no dummy for.",
    0x00720065: "Selector OB Value: D; removed there as a binary value.",
    0x0072006D: "Selector UN Value: D; removed there as a binary value.",
    0x04000115: "Certificate of Signer: D; removed there as a binary value.",
}
OPTIONS_DIFFER = {
    0x00080201: "Timezone Offset From UTC: C under modified dates; the other project removes what it cannot shift.",
    0x00101010: "Patient's Age: K; the other project caps it, as we do in the policy.",
    0x00102110: "Allergies: C under patient characteristics; the other project removes it.",
    0x00340007: "Frame Origin Timestamp: C under modified dates; removed there, as nothing can shift it.",
    0x00380050: "Special Needs: C under patient characteristics; the other project removes it.",
    0x00380500: "Patient State: C under patient characteristics; the other project removes it.",
    0x04000310: "Certified Timestamp: C under modified dates; removed there, as nothing can shift it.",
}


def second_reading() -> dict[int, tuple[str, dict[str, str]]]:
    read = json.loads(Path(__file__).with_name("second_reading.json").read_text("utf-8"))
    return {
        int(tag, 16): tuple(row)
        for tag, row in read["rows"].items()
        if tag.isalnum() and len(tag) == 8 and "x" not in tag
    }


def test_every_row_and_option_agrees_with_a_second_independent_reading() -> None:
    theirs, ours = second_reading(), confidentiality_table().rows
    assert set(ours) - set(theirs) == set(ADDED_SINCE_2025B)
    assert set(theirs) - set(ours) == set()
    basic = {tag for tag in theirs if not set(SAID_OF_BASIC[theirs[tag][0]]) & set(ours[tag].basic)}
    assert basic == set(BASIC_DIFFERS)
    options = set()
    for tag, (_, said) in theirs.items():
        read = {option: SAID_OF_OPTIONS.get(word, word) for option, word in said.items()}
        modified = "retain_longitudinal_modified_dates"
        if registered_vrs(tag) == (b"TM",) and read.get(modified) == "K":
            read[modified] = "C"  # a time of day stays when days move: their word for the same deed
        if read != ours[tag].options:
            options.add(tag)
    assert options == set(OPTIONS_DIFFER)


def test_the_file_is_what_its_generator_writes() -> None:
    written = files("confrere.core.deidentify").joinpath("tables/ps315.json").read_text("utf-8")
    assert written == make_ps315_table.rendered()


def test_the_edition_is_stated_and_options_are_carried() -> None:
    table = confidentiality_table()
    assert table.edition == "2026d"
    assert table.rows[0x00080020].options["retain_longitudinal_modified_dates"] == "C"
    assert table.rows[0x00101010].options["retain_patient_characteristics"] == "K"
