"""The clinical facts of a CLEANED instance that the viewer and the feed need, as JSON-able values.

Lengths are millimetres; positions and directions are in the patient's coordinate system (LPS); the rest is as
in the header. In enhanced instances the values are those of the first frame.

Source: PS3.3 C.7.6.2 (image plane), C.7.6.16 (functional groups), C.11.2 (window), C.11.1 (rescale).
"""

from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.inspect import SERIES, SOP_CLASS, SOP_INSTANCE, STUDY
from confrere.core.dicom.json_model import dicom_json
from confrere.core.dicom.normalise import normalise
from confrere.core.dicom.pixels import PixelLayout, read_layout
from confrere.core.dicom.walk import Buffer, walk

__all__ = ["clinical_facts", "dicom_json", "grey_scale"]

Fact = str | int | float | list[float] | None

_SHARED, _PER_FRAME = 0x52009229, 0x52009230
_POSITION, _ORIENTATION, _MEASURES = 0x00209113, 0x00209116, 0x00289110
_VOI, _TRANSFORMATION = 0x00289132, 0x00289145


class _Planes:
    """Looks a value up at the top level, then in the functional groups of the first frame."""

    def __init__(self, attributes: Attributes) -> None:
        self.attributes = attributes
        self.groups = [group for group in (attributes.item(_PER_FRAME), attributes.item(_SHARED)) if group]

    def numbers(self, tag: int, macro: int, count: int) -> list[float] | None:
        """The first `count` values of `tag`, or None when there are fewer."""
        places = [self.attributes, *(place for group in self.groups if (place := group.item(macro)))]
        for place in places:
            values = place.numbers(tag)
            if len(values) >= count:
                return list(values[:count])
        return None

    def number(self, tag: int, macro: int) -> float | None:
        values = self.numbers(tag, macro, 1)
        return values[0] if values else None

    def text(self, tag: int, macro: int) -> str:
        places = [self.attributes, *(place for group in self.groups if (place := group.item(macro)))]
        return next((text for place in places if (text := place.text(tag))), "")


def clinical_facts(cleaned: Buffer, *, size: int | None = None) -> dict[str, Fact]:
    """The facts of one cleaned file; absent ones are None (numbers) or "" (text).

    Of a file of `size` bytes with native pixels, `cleaned` may be the part before the pixel value.
    Raises Refused when `cleaned` is not a readable image instance.
    """
    plain = normalise(cleaned, size=size)
    walked = walk(plain.buffer, plain.start, implicit=plain.implicit, size=size)
    attributes = Attributes(plain.buffer, walked.elements)
    return {
        **_identity(attributes, plain.transfer_syntax_uid),
        **_geometry(_Planes(attributes)),
        **grey_scale(attributes),
        **_pixels(read_layout(attributes)),
    }


def _identity(attributes: Attributes, transfer_syntax_uid: str) -> dict[str, Fact]:
    return {
        "study_instance_uid": attributes.text(STUDY),
        "series_instance_uid": attributes.text(SERIES),
        "sop_instance_uid": attributes.text(SOP_INSTANCE),
        "sop_class_uid": attributes.text(SOP_CLASS),
        "frame_of_reference_uid": attributes.text(0x00200052),
        "transfer_syntax_uid": transfer_syntax_uid,
        "modality": attributes.text(0x00080060),
        "instance_number": attributes.integer(0x00200013),
        "series_number": attributes.integer(0x00200011),
        "body_part": attributes.text(0x00180015),
        "patient_sex": attributes.text(0x00100040),
        "patient_age": attributes.text(0x00101010),
        "laterality": attributes.text(0x00200060) or attributes.text(0x00200062),
    }


def _geometry(planes: _Planes) -> dict[str, Fact]:
    return {
        "image_position_patient": planes.numbers(0x00200032, _POSITION, 3),
        "image_orientation_patient": planes.numbers(0x00200037, _ORIENTATION, 6),
        "pixel_spacing": planes.numbers(0x00280030, _MEASURES, 2),
        "slice_thickness": planes.number(0x00180050, _MEASURES),
    }


def grey_scale(attributes: Attributes) -> dict[str, Fact]:
    """How stored values become shown ones: rescale and first window of the header, None where absent."""
    planes = _Planes(attributes)
    return {
        "window_center": planes.number(0x00281050, _VOI),
        "window_width": planes.number(0x00281051, _VOI),
        "rescale_intercept": planes.number(0x00281052, _TRANSFORMATION),
        "rescale_slope": planes.number(0x00281053, _TRANSFORMATION),
        "rescale_type": planes.text(0x00281054, _TRANSFORMATION),
    }


def _pixels(layout: PixelLayout) -> dict[str, Fact]:
    return {
        "rows": layout.rows,
        "columns": layout.columns,
        "frames": layout.frames,
        "samples_per_pixel": layout.samples,
        "photometric_interpretation": layout.photometric,
        "bits_allocated": layout.allocated,
        "bits_stored": layout.stored,
        "pixel_representation": int(layout.signed),
    }
