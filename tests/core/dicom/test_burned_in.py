"""Only measured CT, MR and PET are believed to be free of text; every doubt says they may carry some."""

from dataclasses import replace

import pytest
from support import dicom_bytes as made

from confrere.core.dicom.burned_in import pixels_may_carry_text
from confrere.core.dicom.inspect import inspect_instance

PLAIN = inspect_instance(made.ct_file())


@pytest.mark.parametrize("image_type", [(), ("ORIGINAL", "PRIMARY"), ("ORIGINAL", "PRIMARY", "LOCALIZER")])
def test_measured_slices_are_implausible(image_type: tuple[str, ...]) -> None:
    assert not pixels_may_carry_text(replace(PLAIN, image_type=image_type))


@pytest.mark.parametrize(
    "image_type",
    [
        ("DERIVED", "SECONDARY", "SCREEN SAVE"),
        ("DERIVED", "SECONDARY"),
        ("ORIGINAL", "SECONDARY"),
        ("DERIVED", "PRIMARY"),
        ("ORIGINAL", "PRIMARY", "DOSE_INFO"),
        ("ORIGINAL",),
    ],
)
def test_pictures_of_pages_and_derived_ones_may_carry_text(image_type: tuple[str, ...]) -> None:
    assert pixels_may_carry_text(replace(PLAIN, image_type=image_type))


def test_other_classes_colour_shallow_and_declared_pixels_may_carry_text() -> None:
    assert pixels_may_carry_text(replace(PLAIN, sop_class_uid=made.SECONDARY_CAPTURE))
    assert pixels_may_carry_text(replace(PLAIN, sop_class_uid="1.2.840.10008.5.1.4.1.1.6.1"))
    assert pixels_may_carry_text(replace(PLAIN, photometric_interpretation="RGB", samples_per_pixel=3))
    assert pixels_may_carry_text(replace(PLAIN, bits_stored=8))
    assert pixels_may_carry_text(replace(PLAIN, burned_in_annotation="YES"))
