"""Hostile files are refused or held with exactly the reason the sender needs, and honest ones are read."""

import random
import struct
from io import BytesIO

import pytest
from PIL import Image
from support import dicom_bytes as made

from confrere.core.dicom.inspect import examine, inspect_instance
from confrere.core.terms import Held, Refused

STRUCTURE_SET, DOSE = "1.2.840.10008.5.1.4.1.1.481.3", "1.2.840.10008.5.1.4.1.1.481.2"
SEGMENTATION, PARAMETRIC_MAP = "1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.30"


def jpeg(width: int = 8, height: int = 8) -> bytes:
    out = BytesIO()
    Image.new("L", (width, height), 90).save(out, "JPEG")
    return out.getvalue()


def lying_jpeg() -> bytes:
    stream = bytearray(jpeg())
    at = stream.index(b"\xff\xc0")
    stream[at + 5 : at + 9] = struct.pack(">HH", 65_500, 65_500)
    return bytes(stream)


def nested(depth: int) -> bytes:
    content = b""
    for _ in range(depth):
        content = made.element(0x0040A730, "SQ", made.item(content))
    return content


def short_palette() -> dict[int, tuple[str, bytes | str]]:
    tables = {tag: ("US", made.us(256, 0, 16)) for tag in (0x00281101, 0x00281102, 0x00281103)}
    entries = dict.fromkeys((2626049, 2626050, 2626051), ("OW", b"\x01\x00" * 4))
    return {0x00280004: ("CS", "PALETTE COLOR"), **tables, **entries}


def directory(file_id: str) -> bytes:
    record = made.item(made.element(0x00041430, "CS", "IMAGE") + made.element(0x00041500, "CS", file_id))
    body = made.element(0x00041130, "CS", "X") + made.element(0x00041220, "SQ", record)
    return made.part10(body, sop_class="1.2.840.10008.1.3.10")


RLE_OUTSIDE = struct.pack("<16I", 2, 0xFFFFFF00, 0x7FFFFFFF, *([0] * 13)) + b"\x81\0" * 20
HOSTILE = {
    "depth": (made.ct_file({0x0040A730: nested(1200)}), "nesting-too-deep"),
    "size lie": (
        made.ct_file(
            {
                0x00280008: ("IS", "9999"),
                0x00280010: ("US", made.us(65535)),
                0x00280011: ("US", made.us(65535)),
            }
        ),
        "pixel-size-mismatch",
    ),
    "cut": (made.ct_file()[:-30], "truncated"),
    "length lie": (
        made.ct_file({0x00204000: made.element(0x00204000, "UT", b"hi", length=0xFFFFFFFE)}),
        "length-past-end",
    ),
    "climbing uid": (made.ct_file({0x00080018: ("UI", "../../../tmp/x")}), "bad-uid"),
    "no uid": (made.ct_file({0x0020000D: None}), "missing-element"),
    "rows as UL": (made.ct_file({0x00280010: ("UL", struct.pack("<I", 65536))}), "wrong-vr"),
    "palette": (made.ct_file(short_palette()), "palette-mismatch"),
    "jpeg lie": (
        made.ct_file(made.eight_bit(made.encapsulated(lying_jpeg())), made.JPEG),
        "pixel-size-mismatch",
    ),
    "jpeg junk": (
        made.ct_file(made.eight_bit(made.encapsulated(b"\xff\xd8junk")), made.JPEG),
        "bad-pixel-stream",
    ),
    "rle": (made.ct_file({0x7FE00010: made.encapsulated(RLE_OUTSIDE)}, made.RLE), "bad-pixel-stream"),
    "rle too short": (
        made.ct_file(
            {0x7FE00010: made.encapsulated(struct.pack("<16I", 2, 64, 66, *([0] * 13)) + b"\0A\0B")}, made.RLE
        ),
        "bad-pixel-stream",
    ),
    "fewer frames": (
        made.ct_file({**made.eight_bit(made.encapsulated(jpeg())), 0x00280008: ("IS", "3")}, made.JPEG),
        "pixel-size-mismatch",
    ),
    "pull address": (
        made.part10(made.dataset({0x7FE00010: None}), "1.2.840.10008.1.2.4.94"),
        "transfer-syntax-not-allowed",
    ),
    "no pixels": (made.ct_file({0x7FE00010: None}), "missing-element"),
    "directory climbs": (directory("..\\..\\ETC\\PASSWD"), "path-outside-folder"),
    "directory": (directory("IMAGES\\IM0001"), "dicomdir-not-needed"),
    "text": (b"Dear colleague, find the images attached.", "not-dicom"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason(case: str) -> None:
    source, reason = HOSTILE[case]
    with pytest.raises(Refused) as caught:
        inspect_instance(source)
    assert caught.value.code == reason


@pytest.mark.parametrize(
    ("sop_class", "reason"),
    [
        ("1.2.840.10008.5.1.4.1.1.104.1", "sop-class-not-allowed"),  # encapsulated PDF
        ("1.2.840.10008.5.1.4.1.1.88.11", "not-a-picture"),  # structured report
        ("1.2.840.10008.5.1.4.1.1.11.1", "not-a-picture"),  # presentation state
        ("1.2.840.10008.5.1.4.1.1.481.3", "not-a-picture"),  # RT structure set
        ("1.2.840.10008.5.1.4.1.1.9.1.1", "not-a-picture"),  # waveform
        ("1.2.840.10008.5.1.4.1.1.66.4", "not-a-picture"),  # segmentation
        ("1.2.3.4", "sop-class-not-allowed"),
    ],
)
def test_objects_that_are_not_plain_images_are_held_on_the_way_to_a_room(sop_class: str, reason: str) -> None:
    body = made.dataset({0x7FE00010: None}, sop_class=sop_class)
    with pytest.raises(Held) as caught:
        inspect_instance(made.part10(body, sop_class=sop_class))
    assert caught.value.code == reason


def object_file(sop_class: str, changes: dict[int, made.Change] | None = None) -> bytes:
    return made.part10(made.dataset({0x7FE00010: None, **(changes or {})}, sop_class=sop_class), sop_class=sop_class)


def test_an_object_without_pixels_is_examined_and_says_so() -> None:
    examined = examine(object_file(STRUCTURE_SET), images_only=False)
    assert examined.layout is None
    assert (examined.facts.has_pixels, examined.facts.rows, examined.facts.number_of_frames) == (False, 0, 0)
    assert examined.facts.sop_class_uid == STRUCTURE_SET


def test_pixels_where_the_object_has_none_are_refused() -> None:
    pixels: dict[int, made.Change] = {0x7FE00010: ("OW", made.native_pixels())}
    with pytest.raises(Refused) as caught:
        examine(object_file(STRUCTURE_SET, pixels), images_only=False)
    assert (caught.value.code, caught.value.detail) == ("bad-header", "pixels out of place")


def test_an_image_or_a_segmentation_without_pixels_is_refused_and_a_dose_is_not() -> None:
    for sop_class in (made.CT, SEGMENTATION):
        with pytest.raises(Refused) as caught:
            examine(object_file(sop_class), images_only=False)
        assert caught.value.code == "missing-element"
    assert examine(object_file(DOSE), images_only=False).layout is None


@pytest.mark.parametrize(("tag", "vr", "bits"), [(0x7FE00008, "OF", 32), (0x7FE00009, "OD", 64)])
def test_floating_point_pixels_are_measured(tag: int, vr: str, bits: int) -> None:
    header: dict[int, made.Change] = {0x00280100: ("US", made.us(bits)), 0x00280101: None, 0x00280102: None}
    whole: dict[int, made.Change] = {**header, tag: (vr, bytes(8 * 8 * bits // 8))}
    examined = examine(object_file(PARAMETRIC_MAP, whole), images_only=False)
    assert examined.layout is not None
    assert (examined.layout.allocated, examined.facts.has_pixels) == (bits, True)
    for lie, reason in (
        ((vr, bytes(8 * 8 * bits // 8 - 8)), "pixel-size-mismatch"),
        (("OB", bytes(8 * 8 * bits // 8)), "wrong-vr"),
    ):
        with pytest.raises(Refused) as caught:
            examine(object_file(PARAMETRIC_MAP, {**whole, tag: lie}), images_only=False)
        assert caught.value.code == reason


@pytest.mark.parametrize("preamble", [b"MZ" + b"\x90" * 126, b"II*\0" + bytes(124)])
def test_a_preamble_is_nobodys_business(preamble: bytes) -> None:
    assert inspect_instance(made.part10(made.dataset(), preamble=preamble)).has_pixels


def test_the_facts_are_those_of_the_header() -> None:
    facts = inspect_instance(made.ct_file({0x00101010: ("AS", "061Y")}))
    assert (facts.study_instance_uid, facts.series_instance_uid) == (made.STUDY_UID, made.SERIES_UID)
    assert facts.sop_instance_uid == made.SOP_UID
    assert (facts.modality, facts.manufacturer, facts.body_part) == ("CT", "Acme Scanners", "HEAD")
    assert facts.image_type == ("ORIGINAL", "PRIMARY", "AXIAL")
    assert (facts.patient_id, facts.patient_sex, facts.age_years) == (made.PATIENT_ID, "F", 61)
    assert (facts.rows, facts.columns, facts.number_of_frames, facts.bits_stored) == (8, 8, 1, 12)


@pytest.mark.parametrize(
    ("changes", "years"),
    [
        ({}, 61),  # born 1963-02-27, seen 2024-03-11
        ({0x00080020: ("DA", "20240226")}, 60),
        ({0x00101010: ("AS", "018M")}, 1),
        ({0x00101010: ("AS", "old"), 0x00100030: ("DA", "")}, None),
        ({0x00100030: ("DA", "20301231")}, None),
    ],
)
def test_the_age_comes_from_the_age_else_from_the_dates(
    changes: dict[int, tuple[str, bytes | str]], years: int | None
) -> None:
    assert inspect_instance(made.ct_file(changes)).age_years == years


def test_facts_do_not_print_the_patient() -> None:
    shown = repr(inspect_instance(made.ct_file()))
    assert made.PATIENT_ID not in shown
    assert made.STUDY_UID not in shown


@pytest.mark.parametrize("syntax", [made.EXPLICIT, made.IMPLICIT, made.DEFLATED])
def test_every_truncation_is_refused_and_none_crashes(syntax: str) -> None:
    whole = made.ct_file(syntax=syntax)
    for cut in random.Random(20).sample(range(len(whole)), 200):
        with pytest.raises(Refused):
            inspect_instance(whole[:cut])


def test_a_compressed_file_cut_anywhere_is_refused() -> None:
    whole = made.ct_file(made.eight_bit(made.encapsulated(jpeg())), made.JPEG)
    for cut in random.Random(21).sample(range(len(whole)), 200):
        with pytest.raises(Refused):
            inspect_instance(whole[:cut])
