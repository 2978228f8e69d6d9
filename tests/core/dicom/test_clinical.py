"""The viewer's facts are JSON-able, and read from plain and from enhanced headers alike."""

import json

from support import dicom_bytes as made

from confrere.core.dicom.clinical import clinical_facts, dicom_json


def functional_groups() -> dict[int, bytes]:
    def macro(tag: int, inner: bytes) -> bytes:
        return made.element(tag, "SQ", made.item(inner))

    shared = made.item(macro(0x00289110, made.element(0x00280030, "DS", "0.7\\0.7")))
    frame = made.item(
        macro(0x00209113, made.element(0x00200032, "DS", "1\\2\\3"))
        + macro(0x00289132, made.element(0x00281050, "DS", "50") + made.element(0x00281051, "DS", "350"))
    )
    return {
        0x52009229: made.element(0x52009229, "SQ", shared),
        0x52009230: made.element(0x52009230, "SQ", frame),
    }


def test_a_plain_slice_gives_its_geometry_in_millimetres() -> None:
    facts = clinical_facts(made.ct_file())
    assert facts["image_position_patient"] == [-125.0, -125.0, 10.5]
    assert facts["image_orientation_patient"] == [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
    assert (facts["pixel_spacing"], facts["slice_thickness"]) == ([0.5, 0.5], 2.5)
    assert (facts["rows"], facts["columns"], facts["frames"], facts["instance_number"]) == (8, 8, 1, 4)
    assert facts["window_center"] is None
    assert json.loads(json.dumps(facts)) == facts


def test_an_enhanced_instance_gives_those_of_its_first_frame() -> None:
    facts = clinical_facts(made.ct_file({0x00200032: None, 0x00280030: None, **functional_groups()}))
    assert facts["image_position_patient"] == [1.0, 2.0, 3.0]
    assert facts["pixel_spacing"] == [0.7, 0.7]
    assert (facts["window_center"], facts["window_width"]) == (50.0, 350.0)


def test_numbers_that_are_none_are_absent_and_do_not_crash() -> None:
    facts = clinical_facts(made.ct_file({0x00180050: ("DS", "thin"), 0x00200032: ("DS", "1\\nan\\3")}))
    assert facts["slice_thickness"] is None
    assert facts["image_position_patient"] is None


def test_the_json_model_carries_the_header_without_bulk() -> None:
    model = dicom_json(made.ct_file())
    assert model["00280010"] == {"vr": "US", "Value": [8]}
    assert "7FE00010" not in model
    assert not any(tag.startswith("0002") for tag in model)
    json.dumps(model)
