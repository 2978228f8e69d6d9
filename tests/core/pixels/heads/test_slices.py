"""Slices stand where their headers say, in files of one frame and of many; what stands together is one stack."""

from dataclasses import replace
from io import BytesIO

import numpy as np
from pydicom import Dataset, dcmread
from support import dicom_bytes as made
from support.heads import AXIAL
from support.heads import planes_of as planes

from confrere.core.dicom.stored_values import open_instance
from confrere.core.pixels.heads.slices import planes_of, stacks_of, words_of
from confrere.core.pixels.heads.volume import Modality, build_volume

VALUES = np.zeros((4, 5, 6), np.int16)
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)


def test_a_slice_of_one_frame_tells_where_it_lies() -> None:
    content = made.ct_file()
    said = dcmread(BytesIO(content))
    (plane,) = planes_of(open_instance(content))
    assert plane.position == tuple(said.ImagePositionPatient)
    assert plane.orientation == tuple(said.ImageOrientationPatient)
    assert plane.spacing == tuple(said.PixelSpacing)
    assert (plane.slope, plane.intercept) == (1.0, 0.0)
    assert np.array_equal(plane.stored, said.pixel_array)


def test_every_frame_of_an_enhanced_file_has_a_place_of_its_own() -> None:
    content = enhanced(4)
    found = planes_of(open_instance(content))
    assert [plane.position for plane in found] == [(-9.0, -8.0, 2.5 * frame) for frame in range(4)]
    assert {(plane.orientation, plane.spacing, plane.slope, plane.intercept) for plane in found} == {
        (AXIAL, (0.5, 0.5), 2.0, -1024.0)
    }
    assert build_volume(found, Modality.CT).places == (0, 1, 2, 3)


def enhanced(frames: int) -> bytes:
    """A file of many frames: position of each in its own group, the rest in the one they share."""
    one = dcmread(BytesIO(made.ct_file()))
    for name in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "RescaleSlope", "RescaleIntercept"):
        if name in one:
            delattr(one, name)
    shared = Dataset()
    shared.PlaneOrientationSequence = [Dataset()]
    shared.PlaneOrientationSequence[0].ImageOrientationPatient = list(AXIAL)
    shared.PixelMeasuresSequence = [Dataset()]
    shared.PixelMeasuresSequence[0].PixelSpacing = [0.5, 0.5]
    shared.PixelValueTransformationSequence = [Dataset()]
    values = shared.PixelValueTransformationSequence[0]
    values.RescaleSlope, values.RescaleIntercept = 2, -1024
    one.SharedFunctionalGroupsSequence, one.PerFrameFunctionalGroupsSequence = [shared], []
    for frame in range(frames):
        group = Dataset()
        group.PlanePositionSequence = [Dataset()]
        group.PlanePositionSequence[0].ImagePositionPatient = [-9, -8, 2.5 * frame]
        one.PerFrameFunctionalGroupsSequence.append(group)
    one.NumberOfFrames, one.PixelData = frames, one.PixelData * frames
    out = BytesIO()
    one.save_as(out, enforce_file_format=True)
    return out.getvalue()


def test_a_slice_without_its_place_says_nothing_rather_than_a_guess() -> None:
    (plane,) = planes_of(open_instance(made.ct_file({0x00200032: None, 0x00280030: None})))
    assert (plane.position, plane.spacing) == ((), ())


def test_the_words_of_the_header_are_those_of_the_body() -> None:
    assert words_of(open_instance(made.ct_file({0x00180015: ("CS", "KNEE")})))[0] == "KNEE"
    nothing = dict.fromkeys((0x00180015, 0x00081030, 0x0008103E, 0x00181030))
    assert words_of(open_instance(made.ct_file(nothing))) == ()


def test_two_orientations_are_two_stacks() -> None:
    axial = planes(VALUES)
    sagittal = [replace(plane, orientation=SAGITTAL, position=(float(n), 0.0, 0.0)) for n, plane in enumerate(axial)]
    assert stacks_of([*axial, *sagittal]) == ((0, 1, 2, 3), (4, 5, 6, 7))


def test_every_position_twice_is_two_stacks_and_some_of_them_twice_is_none() -> None:
    one = planes(VALUES)
    assert stacks_of([*one, *one]) == ((0, 1, 2, 3), (4, 5, 6, 7))
    assert stacks_of([*one, one[2]]) == ((0, 1, 2, 3, 4),)


def test_two_sizes_are_two_stacks() -> None:
    other = [replace(plane, stored=np.zeros((7, 7), np.int16)) for plane in planes(VALUES)]
    assert len(stacks_of([*planes(VALUES), *other])) == 2
