"""A template is what people covered on every frame, filed under the device and the size of its picture."""

from dataclasses import replace

from support import dicom_bytes as made

from confrere.core.dicom.inspect import inspect_instance
from confrere.core.pixels.regions import Box, Region, RegionKind
from confrere.core.pixels.templates import key_of, template_from

BANNER, OTHER = Box(0, 0, 64, 8), Box(0, 50, 9, 60)


def test_only_text_over_all_frames_is_learnt() -> None:
    approved = [
        Region(0, 4, BANNER, RegionKind.DRAWN, "a person"),
        Region(0, 2, OTHER, RegionKind.TEXT, "text-detector"),
        Region(0, 4, OTHER, RegionKind.FACE, "faces"),
    ]
    assert template_from(approved, 5) == (BANNER,)


def test_a_device_that_does_not_say_what_it_is_has_no_template() -> None:
    facts = inspect_instance(made.ct_file())
    assert key_of(facts) is None
    assert key_of(replace(facts, model=" Sono 5 ")) == ("ACME SCANNERS", "SONO 5", 8, 8)
