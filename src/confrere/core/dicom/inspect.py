"""Read one arriving instance and say what it is, or refuse it.

Source: PS3.10 clause 7, PS3.3 C.7 (common modules), PS3.5 clause 9 (UIDs).
"""

import re
from dataclasses import dataclass
from datetime import date

from confrere.core.dicom import registry
from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.decodable import check_decodable
from confrere.core.dicom.dictionary import registered_vrs, tag_name
from confrere.core.dicom.facts import InstanceFacts
from confrere.core.dicom.families import STANDINGS, Family, family_of, hold_reason
from confrere.core.dicom.normalise import PlainInstance, is_uid, normalise
from confrere.core.dicom.pixels import PixelLayout, check_pixels
from confrere.core.dicom.source import Source, source_of
from confrere.core.dicom.walk import PIXEL_DATA, PIXEL_TAGS, Buffer, walk
from confrere.core.dicom.waveforms import check_waveforms
from confrere.core.terms import Held, Refused

SOP_CLASS, SOP_INSTANCE, STUDY, SERIES = 0x00080016, 0x00080018, 0x0020000D, 0x0020000E
_DIRECTORY_RECORDS, _REFERENCED_FILE = 0x00041220, 0x00041500
# Elements every later step builds on: another VR than the dictionary's is a lie, not a habit (Rows as UL).
_STRUCTURAL = (
    *(SOP_CLASS, SOP_INSTANCE, STUDY, SERIES, 0x00080060, 0x00080008, 0x00100020),
    *(0x00280002, 0x00280004, 0x00280006, 0x00280008, 0x00280010, 0x00280011),
    *(0x00280100, 0x00280101, 0x00280102, 0x00280103, 0x00280301),
)
# Families whose IOD has no pixels, or has them by choice (RT dose, PS3.3 A.18.3).
_WITHOUT_PIXELS = frozenset(
    family for family, standing in STANDINGS.items() if not standing.may_have_pixels or family is Family.RT_DOSE
)


@dataclass(frozen=True, slots=True)
class ExaminedInstance:
    """An instance whose structure and sizes hold: the plain buffer, its top-level elements, layout and facts.

    `end` is where the data set ends in the plain buffer; whatever lies behind it is nobody's. `layout` is None for
    an object without pixels.
    """

    plain: PlainInstance
    attributes: Attributes
    end: int
    layout: PixelLayout | None
    facts: InstanceFacts


def inspect_instance(data: Buffer, *, decode: bool = True) -> InstanceFacts:
    """The facts of one image instance, given as the whole file.

    With `decode`, compressed frames are also decoded once, so that a picture which cannot be shown is refused
    here; a caller that de-identifies the same bytes next may leave that to it.
    Raises Refused with the reason, or Held with the reason of its family for anything that is not an image.
    """
    examined = examine(data)
    if decode:
        check_decodable(examined.attributes, examined.layout, examined.facts.transfer_syntax_uid)
    return examined.facts


def examine(data: Buffer | Source, *, streams: bool = True, images_only: bool = True) -> ExaminedInstance:
    """The instance in `data` with all structural checks done and nothing decoded; `streams` as in check_pixels.

    With `images_only` whatever is not an image is held, else only the families that cannot be cleaned. Of a Source only
    the head is read, and the streams of compressed pixels one by one. Raises Refused or Held as `inspect_instance`,
    HeadTooShort when the header goes on behind the head.
    """
    source = data if isinstance(data, Source) else source_of(data)
    plain = normalise(source.head, size=source.size)
    size, read = (source.size, source.part) if plain.buffer is source.head else (None, None)
    walked = walk(plain.buffer, plain.start, implicit=plain.implicit, size=size, read=read)
    attributes = Attributes(plain.buffer, walked.elements, read)
    if plain.media_class_uid == registry.MEDIA_DIRECTORY or _DIRECTORY_RECORDS in attributes.by_tag:
        raise _directory_refusal(attributes)
    sop_class = _required_uid(attributes, SOP_CLASS)
    _check_structural_vrs(attributes)
    identifiers = [_required_uid(attributes, tag) for tag in (STUDY, SERIES, SOP_INSTANCE)]
    family = family_of(sop_class)
    reason = hold_reason(family, images_only=images_only)
    if family is None or reason:
        raise Held(reason)
    layout = _check_content(attributes, family, plain.transfer_syntax_uid, streams=streams)
    facts = _facts(attributes, identifiers, (sop_class, plain.transfer_syntax_uid), layout)
    return ExaminedInstance(plain, attributes, walked.end, layout, facts)


def _check_content(
    attributes: Attributes, family: Family, transfer_syntax_uid: str, *, streams: bool
) -> PixelLayout | None:
    """The layout of the pixels, or None where the family has none; waveform samples are measured."""
    pixels = PIXEL_TAGS.intersection(attributes.by_tag)
    if pixels and not STANDINGS[family].may_have_pixels:
        raise Refused("bad-header", "pixels out of place")
    if family is Family.WAVEFORM:
        check_waveforms(attributes)
    if family is Family.IMAGE and not pixels.issubset({PIXEL_DATA}):
        raise Refused("missing-element", tag_name(PIXEL_DATA))
    # A dose may be histograms alone; a picture without a picture is refused.
    if not pixels and family in _WITHOUT_PIXELS:
        return None
    return check_pixels(attributes, transfer_syntax_uid, streams=streams)


def _required_uid(attributes: Attributes, tag: int) -> str:
    raw = attributes.raw(tag)
    if raw is None or not raw.strip(b"\0 "):
        raise Refused("missing-element", tag_name(tag))
    text = raw.rstrip(b"\0 ").decode("ascii", "replace")
    if not is_uid(text):
        raise Refused("bad-uid", tag_name(tag))
    return text


def _check_structural_vrs(attributes: Attributes) -> None:
    for tag in _STRUCTURAL:
        element = attributes.by_tag.get(tag)
        if element is not None and element.vr not in registered_vrs(tag):
            raise Refused("wrong-vr", tag_name(tag))


def _directory_refusal(attributes: Attributes) -> Refused:
    """A DICOMDIR is never passed on; one that points outside its folder is told so."""
    records = attributes.by_tag.get(_DIRECTORY_RECORDS)
    for item in records.items or () if records else ():
        for part in Attributes(attributes.buffer, item.elements).texts(_REFERENCED_FILE):
            # PS3.10 8.2: components are upper-case letters, digits and underscore, nothing else.
            if not re.fullmatch(r"[A-Za-z0-9_]{1,64}", part):
                return Refused("path-outside-folder", tag_name(_REFERENCED_FILE))
    return Refused("dicomdir-not-needed")


def _facts(
    attributes: Attributes, identifiers: list[str], kinds: tuple[str, str], layout: PixelLayout | None
) -> InstanceFacts:
    study, series, instance = identifiers
    return InstanceFacts(
        study_instance_uid=study,
        series_instance_uid=series,
        sop_instance_uid=instance,
        sop_class_uid=kinds[0],
        transfer_syntax_uid=kinds[1],
        modality=attributes.text(0x00080060),
        manufacturer=attributes.text(0x00080070),
        model=attributes.text(0x00081090),
        image_type=attributes.texts(0x00080008),
        patient_id=attributes.text(0x00100020),
        issuer_of_patient_id=attributes.text(0x00100021),
        patient_sex=attributes.text(0x00100040),
        age_years=age_years(attributes),
        body_part=attributes.text(0x00180015),
        rows=layout.rows if layout else 0,
        columns=layout.columns if layout else 0,
        number_of_frames=layout.frames if layout else 0,
        samples_per_pixel=layout.samples if layout else 0,
        photometric_interpretation=layout.photometric if layout else "",
        bits_allocated=layout.allocated if layout else 0,
        bits_stored=layout.stored if layout else 0,
        burned_in_annotation=attributes.text(0x00280301),
        has_pixels=layout is not None,
    )


def age_years(attributes: Attributes) -> int | None:
    """Whole years from PatientAge, else from birth date to study date; None when neither can be read."""
    stated = re.fullmatch(r"([0-9]{3})([DWMY])", attributes.text(0x00101010))
    if stated:
        per_year = {"D": 365.25, "W": 52.18, "M": 12.0, "Y": 1.0}[stated[2]]
        return int(int(stated[1]) / per_year)
    born, seen = _day(attributes.text(0x00100030)), _day(attributes.text(0x00080020))
    if born is None or seen is None or seen < born:
        return None
    return seen.year - born.year - ((seen.month, seen.day) < (born.month, born.day))


def _day(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{8}", text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
