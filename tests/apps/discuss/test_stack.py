"""The stack of a case: order, grouping and formats, from the facts alone."""

import pytest

from confrere.apps.discuss.stack import normal_of, slice_numbers, stack_of
from confrere.apps.release.window import Pane

AXIAL = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]
SAGITTAL = [0.0, 1.0, 0.0, 0.0, 0.0, -1.0]


def pane(sop, series="s", **facts):
    base = {
        "modality": "MR",
        "rows": 4,
        "columns": 6,
        "frames": 1,
        "instance_number": 1,
        "series_number": 1,
        "bits_allocated": 16,
        "bits_stored": 12,
        "pixel_representation": 0,
        "samples_per_pixel": 1,
        "photometric_interpretation": "MONOCHROME2",
    }
    return Pane("study", series, sop, "0" * 64, "key", {**base, **facts})


def order(panes):
    (series,) = stack_of(panes)["series"]
    return [(one["sop"], one["frame"]) for one in series["instances"]]


def test_slices_follow_the_normal_when_every_position_is_known():
    panes = [
        pane(name, instance_number=number, image_orientation_patient=AXIAL, image_position_patient=[0, 0, z])
        for name, number, z in (("a", 1, 30), ("b", 2, -10), ("c", 3, 5))
    ]
    assert order(panes) == [("b", 1), ("c", 1), ("a", 1)]


def test_slices_follow_the_number_when_one_position_is_missing():
    panes = [
        pane("a", instance_number=2, image_orientation_patient=AXIAL, image_position_patient=[0, 0, -9]),
        pane("b", instance_number=1, image_orientation_patient=AXIAL),
    ]
    assert order(panes) == [("b", 1), ("a", 1)]


def test_frames_of_a_multi_frame_instance_stand_one_after_another_without_a_position():
    panes = [pane("echo", frames=3, image_position_patient=[0, 0, 0], image_orientation_patient=AXIAL)]
    assert order(panes) == [("echo", 1), ("echo", 2), ("echo", 3)]
    assert all(one["position"] is None for one in stack_of(panes)["series"][0]["instances"])


def test_a_localiser_with_two_planes_becomes_two_stacks_under_their_own_letters():
    panes = [pane("a", image_orientation_patient=AXIAL), pane("b", image_orientation_patient=SAGITTAL)]
    assert sorted(one["label"] for one in stack_of(panes)["series"]) == ["MR axial", "MR sagittal"]


def test_images_of_another_size_do_not_share_a_stack():
    assert len(stack_of([pane("a"), pane("b", rows=8)])["series"]) == 2


def test_what_has_no_pixels_is_left_out():
    assert stack_of([pane("report", rows=None, columns=None)])["series"] == []


def test_an_instance_says_its_rescale_only_where_it_differs():
    first, second = stack_of([pane("a", rescale_slope=2.0), pane("b", rescale_slope=3.0)])["series"][0]["instances"]
    assert "slope" not in first
    assert second["slope"] == 3.0


@pytest.mark.parametrize(
    ("facts", "window"),
    [
        ({"window_center": 40, "window_width": 80}, [40.0, 80.0]),
        ({"window_center": 40, "window_width": 0}, None),
        ({"window_center": 40}, None),
    ],
)
def test_a_window_needs_centre_and_a_width(facts, window):
    assert stack_of([pane("a", **facts)])["series"][0]["window"] == window


def test_half_a_geometry_is_none():
    series = stack_of([pane("a", pixel_spacing=[0.5], image_orientation_patient=[1, 0, 0])])["series"][0]
    assert series["spacing"] is None
    assert series["orientation"] is None


def test_directions_that_span_no_plane_have_no_normal():
    assert normal_of([1.0, 0, 0, 1.0, 0, 0]) is None
    assert normal_of(AXIAL) == (0.0, 0.0, 1.0)


def test_slice_numbers_count_as_the_viewer_does():
    panes = [pane("b", instance_number=2), pane("a", instance_number=1)]
    assert slice_numbers(panes) == {("a", 1): 1, ("b", 1): 2}
