"""Objects that are not images: nothing planted survives, what was measured does, references still meet."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import dicom_bytes as made
from support import objects
from support.clearing import KEYS
from support.objects import CANARY, IMAGE_UID, OBJECTS, ROOT, STUDY_UID, file_of, read

from confrere.core.deidentify import HEADERS, STRICT, Option, Profile, deidentify_instance, remap_uid
from confrere.core.deidentify.families import rules_for
from confrere.core.deidentify.profile import BASIC_CODE
from confrere.core.deidentify.splice import Splicer
from confrere.core.dicom.source import HEAD, Source
from confrere.core.terms import Held
from confrere.core.verify import harvest, residuals
from planted.conformance import is_here, new_errors

CONTENT = Profile("content", frozenset({Option.MODIFIED_DATES, Option.CLEAN_STRUCTURED_CONTENT}), judges_pixels=False)
WITH_TREES = {"report", "key_objects"}


def clean(source: bytes, profile: Profile = CONTENT) -> bytes:
    return deidentify_instance(source, keys=KEYS, profile=profile).content


def cleaned(name: str, profile: Profile = CONTENT) -> Any:
    return read(clean(file_of(OBJECTS[name]()), profile))


@pytest.mark.parametrize("profile", [HEADERS, CONTENT], ids=lambda profile: profile.name)
@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_nothing_planted_survives(name: str, profile: Profile) -> None:
    source = file_of(OBJECTS[name]())
    assert source.count(CANARY.encode()) > 10
    if name in WITH_TREES and profile is HEADERS:
        with pytest.raises(Held):
            clean(source, profile)
        return
    content = clean(source, profile)
    assert CANARY.encode() not in content
    assert ROOT.encode() not in content
    assert residuals(content, harvest(source)) == ()


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_another_reader_reads_the_output_to_the_end(name: str) -> None:
    before, after = OBJECTS[name](), cleaned(name)
    assert str(after)
    assert after.SOPClassUID == before.SOPClassUID
    assert after.SOPInstanceUID == remap_uid(KEYS, before.SOPInstanceUID)
    assert after.DeidentificationMethodCodeSequence[0].CodeValue == BASIC_CODE.value


@pytest.mark.real
@pytest.mark.skipif(not is_here(), reason="dciodvfy is not installed (package dicom3tools)")
@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_the_validator_finds_no_error_that_the_input_did_not_have(name: str, tmp_path: Path) -> None:
    before, after = tmp_path / "before.dcm", tmp_path / "after.dcm"
    before.write_bytes(file_of(OBJECTS[name]()))
    after.write_bytes(clean(before.read_bytes()))
    assert new_errors([(before, after)]) == {}


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_the_way_to_a_room_holds_every_one(name: str) -> None:
    with pytest.raises(Held) as caught:
        clean(file_of(OBJECTS[name]()), STRICT)
    assert caught.value.code == "not-a-picture"


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_the_spliced_way_makes_the_same_bytes(name: str) -> None:
    source = file_of(OBJECTS[name]())
    splicer = Splicer(keys=KEYS, profile=CONTENT)
    for _ in range(2):
        spliced = splicer.clean(Source(source[:HEAD], len(source), lambda start, stop: source[start:stop]))
        pixels = spliced.pixels
        content = source[pixels.start : pixels.stop] if pixels.replaced is None else bytes(pixels.replaced)
        assert spliced.header + content == clean(source)


@pytest.mark.parametrize("name", sorted(WITH_TREES))
def test_a_content_tree_is_held_unless_the_profile_cleans_it(name: str) -> None:
    with pytest.raises(Held) as caught:
        clean(file_of(OBJECTS[name]()), HEADERS)
    assert caught.value.code == "structured-content-not-cleaned"


def test_a_segmentation_still_points_at_its_images_and_keeps_its_segments() -> None:
    before, after = objects.segmentation(), cleaned("segmentation")
    image = remap_uid(KEYS, IMAGE_UID)
    assert after.ReferencedSeriesSequence[0].ReferencedInstanceSequence[0].ReferencedSOPInstanceUID == image
    assert read(clean(made.ct_file(), HEADERS)).SOPInstanceUID == image
    segment = after.SegmentSequence[0]
    assert (segment.SegmentLabel, segment.SegmentNumber) == ("SEGMENT 1", 1)
    kind = segment.SegmentedPropertyTypeCodeSequence[0]
    assert (kind.CodeValue, kind.CodingSchemeDesignator, kind.CodeMeaning) == ("10200004", "SCT", "Liver")
    assert segment.SegmentedPropertyCategoryCodeSequence[0].CodingSchemeDesignator == "99CONFRERE"
    assert after.PixelData == before.PixelData


def test_a_structure_set_keeps_contours_and_numbers_and_loses_names() -> None:
    before, after = objects.structure_set(), cleaned("structure_set")
    assert [roi.ROIName for roi in after.StructureSetROISequence] == ["ROI 1", "ROI 2", "ROI 3"]
    for was, now in zip(before.ROIContourSequence, after.ROIContourSequence, strict=True):
        assert now.ReferencedROINumber == was.ReferencedROINumber
        for one, other in zip(was.ContourSequence, now.ContourSequence, strict=True):
            assert one.ContourData == other.ContourData


def test_contours_beyond_64_kib_survive_in_both_encodings() -> None:
    before = objects.structure_set()
    points = [str(number % 997) for number in range(30_000)]
    before.ROIContourSequence[0].ContourSequence[0].ContourData = points
    implicit = file_of(before)
    explicit = before.copy()
    explicit.file_meta.TransferSyntaxUID = made.EXPLICIT
    out = objects.BytesIO()
    explicit.save_as(out, implicit_vr=False, little_endian=True)
    for source in (implicit, out.getvalue()):
        after = read(clean(source))
        contour = after.ROIContourSequence[0].ContourSequence[0]
        value = contour[0x30060050].value
        text = value.decode() if isinstance(value, bytes) else "\\".join(str(one) for one in value)
        assert [int(float(each)) for each in text.strip().split("\\")] == [int(each) for each in points]


def test_a_plan_and_its_dose_keep_their_geometry_and_still_meet() -> None:
    before, after = objects.plan(), cleaned("plan")
    assert after.BeamSequence[0].BeamName == "BEAM 1"
    assert after.BeamSequence[0].TreatmentMachineName in ("", None)
    was, now = before.BeamSequence[0].ControlPointSequence[0], after.BeamSequence[0].ControlPointSequence[0]
    assert now.BeamLimitingDevicePositionSequence == was.BeamLimitingDevicePositionSequence
    grid = cleaned("dose")
    assert np.array_equal(grid.pixel_array, objects.dose().pixel_array)
    assert grid.DoseGridScaling == objects.dose().DoseGridScaling
    assert grid.ReferencedRTPlanSequence[0].ReferencedSOPInstanceUID == remap_uid(KEYS, f"{ROOT}.8.1")


def test_a_waveform_keeps_its_samples_and_loses_its_annotations_or_keeps_the_measured_ones() -> None:
    before = objects.electrocardiogram()
    without, with_content = cleaned("electrocardiogram", HEADERS), cleaned("electrocardiogram")
    for after in (without, with_content):
        for was, now in zip(before.WaveformSequence, after.WaveformSequence, strict=True):
            assert now.WaveformData == was.WaveformData
            assert (
                now.ChannelDefinitionSequence[0].ChannelSensitivity
                == was.ChannelDefinitionSequence[0].ChannelSensitivity
            )
    assert "WaveformAnnotationSequence" not in without
    kept = with_content.WaveformAnnotationSequence
    assert len(kept) > 50
    assert all("UnformattedTextValue" not in each for each in kept)
    assert sum("NumericValue" in each for each in kept) == sum(
        "NumericValue" in each for each in before.WaveformAnnotationSequence
    )


def test_floating_point_maps_keep_every_value() -> None:
    for name, attribute in (
        ("parametric_map", "FloatPixelData"),
        ("parametric_map_of_doubles", "DoubleFloatPixelData"),
    ):
        assert getattr(cleaned(name), attribute) == getattr(OBJECTS[name](), attribute)
        mapping = cleaned(name).SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence[0]
        assert mapping.RealWorldValueSlope == 1.0
        assert mapping.MeasurementUnitsCodeSequence[0].CodeValue == "mm2/s"


def test_a_presentation_state_keeps_the_display_and_loses_what_was_drawn() -> None:
    after = cleaned("presentation_state")
    assert after.DisplayedAreaSelectionSequence[0].DisplayedAreaBottomRightHandCorner == [8, 8]
    assert after.SoftcopyVOILUTSequence[0].WindowWidth == 400
    shown = after.ReferencedSeriesSequence[0].ReferencedImageSequence[0]
    assert shown.ReferencedSOPInstanceUID == remap_uid(KEYS, IMAGE_UID)
    assert "GraphicAnnotationSequence" not in after
    assert "GraphicLayerSequence" not in after
    assert after.ContentLabel == "REMOVED"


def test_registrations_and_fiducials_keep_matrices_and_points() -> None:
    moved = cleaned("registration").RegistrationSequence[0]
    matrix = moved.MatrixRegistrationSequence[0].MatrixSequence[0]
    assert matrix.FrameOfReferenceTransformationMatrix[3] == 5
    assert moved.FrameOfReferenceUID == remap_uid(KEYS, objects.FRAME_UID)
    point = cleaned("fiducials").FiducialSetSequence[0].FiducialSequence[0]
    assert (point.FiducialIdentifier, list(point.ContourData)) == ("REMOVED", [1, 2, 3])


def test_a_key_object_selection_points_at_the_new_images() -> None:
    after = cleaned("key_objects")
    [item] = after.ContentSequence
    assert item.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == remap_uid(KEYS, IMAGE_UID)
    evidence = after.CurrentRequestedProcedureEvidenceSequence[0]
    assert evidence.StudyInstanceUID == remap_uid(KEYS, STUDY_UID) == after.StudyInstanceUID


def test_a_label_without_a_number_says_nothing() -> None:
    before = objects.segmentation()
    del before.SegmentSequence[0].SegmentNumber
    assert read(clean(file_of(before))).SegmentSequence[0].SegmentLabel == "SEGMENT 0"


def test_images_have_no_rules_of_their_own_and_the_same_rules_are_equal() -> None:
    assert rules_for(made.CT, CONTENT) is None
    segmentation = objects.segmentation().SOPClassUID
    assert rules_for(segmentation, CONTENT) == rules_for(segmentation, CONTENT)
    assert rules_for(segmentation, CONTENT) != rules_for(segmentation, HEADERS)
