"""A public code stays with its scheme's own words; a private one, or one that only claims a scheme, does not."""

from importlib.resources import files

import pytest

import make_code_meanings_table
from confrere.core.deidentify.codes import REMOVED, Code, is_public, read_code, written
from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.walk import walk


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("DCM", "121071"), ("DCM", "CT"), ("SCT", "10200004"), ("SCT", "80891009"), ("SRT", "T-62000"),
        ("LN", "18785-6"), ("UCUM", "mm2/s"), ("UCUM", "ms"), ("UCUM", "g/(cm.s)"[:1]), ("UCUM", "mm[Hg]"),
        ("UCUM", "{ratio}"), ("RADLEX", "RID58"), ("SCPECG", "5.10.2.1-3"), ("MDC", "2:16016"), ("FMA", "7088"),
    ],
)  # fmt: skip
def test_codes_of_public_schemes_are_public(scheme: str, value: str) -> None:
    assert is_public(Code(scheme, value))


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("99ACME", "1"), ("", "121071"), ("DCM", ""), ("LN", ""), ("DCM", "ZAVERIWAL"), ("DCM", "12107"),
        ("SCT", "10200005"), ("SCT", "9876543210"), ("SCT", "234123412346"), ("UCUM", "ZAVERIWAL"), ("UCUM", "Quirina"),
        ("LN", "98765-43210"), ("MDC", "9876543210"), ("L", "7"), ("dcm", "121071"),
    ],
)  # fmt: skip
def test_private_codes_and_values_that_are_no_codes_are_not(scheme: str, value: str) -> None:
    assert not is_public(Code(scheme, value))


def read_back(code: Code, *, implicit: bool = False) -> Attributes:
    buffer = written(code, implicit=implicit)
    return Attributes(buffer, walk(buffer, 0, implicit=implicit).elements)


@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (Code("SCT", "10200004"), "Liver"),
        (Code("SRT", "T-62000"), "Liver"),
        (Code("SCPECG", "5.10.2.1-3", "1.3"), "5.10.2.1-3"),
        (REMOVED, "Removed"),
    ],
)
def test_a_written_code_reads_back_with_the_words_of_its_scheme(code: Code, meaning: str, *, implicit: bool) -> None:
    entry = read_back(code, implicit=implicit)
    assert read_code(entry) == code
    assert entry.text(0x00080104) == meaning
    assert list(entry.by_tag) == sorted(entry.by_tag)


def test_a_version_that_may_be_anything_goes_and_a_long_code_has_its_own_element() -> None:
    assert read_code(read_back(Code("SRT", "T-62000", "20240311"))).version == ""
    long = Code("NCIt", "C" + "1" * 20)
    assert 0x00080119 in read_back(long).by_tag
    assert read_code(read_back(long)) == long


def test_the_table_of_meanings_is_what_its_maker_writes() -> None:
    written_one = files("confrere.core.deidentify").joinpath("tables/code_meanings.json").read_text("utf-8")
    assert written_one == make_code_meanings_table.rendered()


def test_a_scheme_with_a_space_borrows_no_code_of_another() -> None:
    assert is_public(Code("DCM", "121071"))
    assert not is_public(Code("DCM 121071", ""))
    assert not is_public(Code("", "DCM 121071"))
