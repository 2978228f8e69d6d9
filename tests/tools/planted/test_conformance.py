"""What dciodvfy says of an output alone is counted; what it said of the input already is not."""

from pathlib import Path

import pydicom
import pytest

from planted.conformance import errors, is_here, new_errors

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not is_here(), reason="dciodvfy is not installed (package dicom3tools)"),
]


def test_an_error_of_the_output_alone_is_found_and_quotes_no_value(small_corpus: Path, tmp_path: Path) -> None:
    before = next((small_corpus / "in").rglob("*.dcm"))
    ds = pydicom.dcmread(before)
    ds.RescaleSlope = None
    ds.Modality = "QX"
    ds.save_as(tmp_path / "out.dcm")
    assert new_errors([(before, before)]).total() == 0
    found = new_errors([(before, tmp_path / "out.dcm")])
    assert any("RescaleSlope" in error for error in found)
    assert not any("QX" in error for error in found)
    assert errors(before)
