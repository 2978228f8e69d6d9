"""The DICOM JSON of a header: what clients read, without meta, pixels and tables at any depth."""

import json

import pytest
from pydicom import Dataset
from support import dicom_bytes as made

from confrere.core.dicom.json_model import dicom_json
from confrere.core.terms import Refused

TABLE = made.element(0x00283006, "OW", bytes(512))
LUT = made.element(0x00283000, "SQ", made.item(made.element(0x00283004, "LO", "HU") + TABLE))
ICON = made.element(0x00880200, "SQ", made.item(made.element(0x00280010, "US", made.us(4)) + LUT))


@pytest.mark.parametrize("syntax", [made.EXPLICIT, made.IMPLICIT, made.DEFLATED])
def test_another_reader_finds_the_header_again_in_the_json(syntax: str) -> None:
    model = dicom_json(made.ct_file(syntax=syntax))
    again = Dataset.from_json(json.dumps(model))
    assert (again.Modality, again.Rows, again.InstanceNumber) == ("CT", 8, 4)
    assert [float(value) for value in again.ImagePositionPatient] == [-125.0, -125.0, 10.5]


def test_pixels_meta_and_binary_tables_stay_out() -> None:
    model = dicom_json(made.ct_file({0x00281201: ("OW", bytes(64)), 0x00420011: ("OB", b"%PDF")}))
    assert not {"7FE00010", "00281201", "00420011"} & set(model)
    assert not any(tag.startswith("0002") for tag in model)


def test_binary_tables_inside_sequences_stay_out_and_their_neighbours_stay() -> None:
    model = dicom_json(made.ct_file({0x00283000: LUT, 0x00880200: ICON}))
    assert model["00283000"]["Value"] == [{"00283004": {"vr": "LO", "Value": ["HU"]}}]
    assert model["00880200"]["Value"][0]["00280010"] == {"vr": "US", "Value": [4]}
    assert "InlineBinary" not in json.dumps(model)


@pytest.mark.parametrize(
    "content",
    [b"", b"not DICOM at all", made.dataset(), made.ct_file({0x00280010: made.element(0x00280010, "US", b"8")[:-1]})],
    ids=["empty", "words", "no preamble", "broken length"],
)
def test_what_cannot_be_read_is_refused_and_no_value_is_quoted(content: bytes) -> None:
    with pytest.raises(Refused, match="bad-header") as caught:
        dicom_json(content)
    assert made.PATIENT_ID not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
