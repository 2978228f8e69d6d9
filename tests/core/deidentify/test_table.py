"""The vendored table is the standard's: it agrees with an independent extraction, row by row."""

import importlib.util
from importlib.resources import files
from types import ModuleType

import make_ps315_table
from confrere.core.deidentify.table import confidentiality_table

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


def test_the_file_is_what_its_generator_writes() -> None:
    written = files("confrere.core.deidentify").joinpath("tables/ps315.json").read_text("utf-8")
    assert written == make_ps315_table.rendered()


def test_the_edition_is_stated_and_options_are_carried() -> None:
    table = confidentiality_table()
    assert table.edition == "2026d"
    assert table.rows[0x00080020].options["retain_longitudinal_modified_dates"] == "C"
    assert table.rows[0x00101010].options["retain_patient_characteristics"] == "K"
