"""May the pixels of this instance carry text? Until a reader for burned-in text exists, doubt means yes.

Source: PS3.3 C.7.6.1.1.2 (image type), C.7.6.1 (burned in annotation).
"""

from confrere.core.dicom.facts import InstanceFacts
from confrere.core.dicom.registry import CROSS_SECTIONAL

# Words by which scanners and workstations mark a picture of a page or a screen, whatever else they claim.
_PAGE_MARKS = (
    *("SCREEN", "SAVE", "CAPTURE", "DOSE", "REPORT", "PROTOCOL"),
    *("TEXT", "PAGE", "SUMMARY", "CHART", "FUSED"),
)


def pixels_may_carry_text(facts: InstanceFacts) -> bool:
    """False only for measured CT, MR and PET: grey, over 8 bits, ORIGINAL and PRIMARY, not marked otherwise.

    An absent image type counts as measured: scanners of those classes that omit it exist, workstations that
    draw text set it.
    """
    if facts.sop_class_uid not in CROSS_SECTIONAL or facts.burned_in_annotation == "YES":
        return True
    if facts.photometric_interpretation not in {"MONOCHROME1", "MONOCHROME2"} or facts.bits_stored <= 8:
        return True
    image_type = facts.image_type
    if image_type and image_type[:2] != ("ORIGINAL", "PRIMARY"):
        return True
    return any(mark in value.upper() for value in image_type for mark in _PAGE_MARKS)
