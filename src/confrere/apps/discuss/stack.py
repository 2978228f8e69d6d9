"""The stack of a case as the viewer takes it: series in order, slices in order, addresses of the pixels.

Source: PS3.3 C.7.6.2.1.1 (position and orientation, mm, LPS), C.7.6.1.1.1 (the planes of the body).
The shape is the one viewer/src/viewer/stack.ts reads.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from confrere.apps.release.window import Pane

FRAMES = "/dicom-web/studies/{study}/series/{series}/instances/{sop}/frames/{frame}"
RENDERED = FRAMES + "/rendered"
PLANES = ("sagittal", "coronal", "axial")

Facts = Mapping[str, object]
Vector = tuple[float, float, float]
GroupKey = tuple[object, ...]


def _numbers(value: object, length: int) -> list[float] | None:
    """`value` as a list of `length` floats, else None: half a geometry is none."""
    if not isinstance(value, list | tuple) or len(value) != length:
        return None
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in value):
        return None
    return [float(one) for one in value]


def _whole(facts: Facts, key: str, default: int = 0) -> int:
    value = facts.get(key)
    return value if isinstance(value, int) else default


def _real(facts: Facts, key: str, default: float) -> float:
    value = facts.get(key)
    return float(value) if isinstance(value, int | float) else default


def normal_of(orientation: list[float] | None) -> Vector | None:
    """The unit normal of a plane given by its row and column direction, or None when they span none."""
    if orientation is None:
        return None
    ax, ay, az, bx, by, bz = orientation
    x, y, z = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
    length = float((x * x + y * y + z * z) ** 0.5)
    return (x / length, y / length, z / length) if length > 0.5 else None


def _plane(orientation: list[float] | None) -> str:
    normal = normal_of(orientation)
    if normal is None:
        return ""
    return PLANES[max(range(3), key=lambda axis: abs(normal[axis]))]


@dataclass(frozen=True, slots=True)
class Slice:
    """One frame of one instance; `frame` counts from 1, `position` is in mm or None."""

    sop: str
    frame: int
    position: list[float] | None
    number: int
    slope: float
    intercept: float


def _group_key(pane: Pane) -> GroupKey:
    """What one stack of the viewer must share: a localiser's planes must not share one's letters."""
    facts = pane.facts
    orientation = _numbers(facts.get("image_orientation_patient"), 6)
    return (
        pane.series_instance_uid,
        _whole(facts, "rows"),
        _whole(facts, "columns"),
        _whole(facts, "samples_per_pixel", 1),
        _whole(facts, "bits_allocated"),
        _whole(facts, "pixel_representation"),
        tuple(round(one, 2) + 0.0 for one in orientation) if orientation else None,
    )


def _slices(pane: Pane) -> Iterable[Slice]:
    facts = pane.facts
    count = max(1, _whole(facts, "frames", 1))
    position = _numbers(facts.get("image_position_patient"), 3)
    slope, intercept = _real(facts, "rescale_slope", 1.0), _real(facts, "rescale_intercept", 0.0)
    for frame in range(1, count + 1):
        # One position for many frames says nothing about where each of them lies.
        place = position if count == 1 else None
        yield Slice(pane.sop_instance_uid, frame, place, _whole(facts, "instance_number"), slope, intercept)


def _in_order(slices: list[Slice], orientation: list[float] | None) -> list[Slice]:
    """Along the normal when every slice has its position, else by instance number and frame."""
    normal = normal_of(orientation)
    by_number = sorted(slices, key=lambda one: (one.number, one.sop, one.frame))
    if normal is None or any(one.position is None for one in slices):
        return by_number
    return sorted(by_number, key=lambda one: sum(a * b for a, b in zip(normal, one.position or (), strict=True)))


def _instance(one: Slice, slope: float, intercept: float) -> dict[str, object]:
    found: dict[str, object] = {
        "sop": one.sop,
        "frame": one.frame,
        "position": one.position,
        "number": one.number,
    }
    if (one.slope, one.intercept) != (slope, intercept):
        found |= {"slope": one.slope, "intercept": one.intercept}
    return found


def _window(facts: Facts) -> list[float] | None:
    level = _numbers([facts.get("window_center"), facts.get("window_width")], 2)
    return level if level and level[1] > 0 else None


def _series(panes: list[Pane]) -> dict[str, object]:
    first = panes[0]
    facts = first.facts
    orientation = _numbers(facts.get("image_orientation_patient"), 6)
    slices = _in_order([one for pane in panes for one in _slices(pane)], orientation)
    slope, intercept = _real(facts, "rescale_slope", 1.0), _real(facts, "rescale_intercept", 0.0)
    modality, reference = str(facts.get("modality") or ""), facts.get("frame_of_reference_uid")
    return {
        "study": first.study_instance_uid,
        "series": first.series_instance_uid,
        "modality": modality,
        "label": " ".join(filter(None, (modality, _plane(orientation)))),
        "number": _whole(facts, "series_number"),
        "for": reference if isinstance(reference, str) and reference else None,
        "rows": _whole(facts, "rows"),
        "columns": _whole(facts, "columns"),
        "spacing": _numbers(facts.get("pixel_spacing"), 2),
        "orientation": orientation,
        "window": _window(facts),
        "pixel": {
            "bits_allocated": _whole(facts, "bits_allocated", 16),
            "bits_stored": _whole(facts, "bits_stored", 16),
            "signed": _whole(facts, "pixel_representation") == 1,
            "slope": slope,
            "intercept": intercept,
            "photometric": str(facts.get("photometric_interpretation") or "MONOCHROME2"),
            "samples": _whole(facts, "samples_per_pixel", 1),
        },
        "instances": [_instance(one, slope, intercept) for one in slices],
    }


def stack_of(panes: Iterable[Pane]) -> dict[str, object]:
    """The stack.json of these panes; what has no rows and columns is no image and is left out."""
    groups: dict[GroupKey, list[Pane]] = defaultdict(list)
    for pane in panes:
        if _whole(pane.facts, "rows") > 0 and _whole(pane.facts, "columns") > 0:
            groups[_group_key(pane)].append(pane)
    series = [_series(group) for group in groups.values()]
    series.sort(key=lambda one: (one["number"], one["series"], one["label"]))
    return {"series": series, "frames": FRAMES, "rendered": RENDERED}


def slice_numbers(panes: Iterable[Pane]) -> dict[tuple[str, int], int]:
    """The number of each (SOP Instance UID, frame) in its stack, counted from 1, as the viewer shows it."""
    found: dict[tuple[str, int], int] = {}
    for series in stack_of(panes)["series"]:  # type: ignore[attr-defined]  # built just above
        for place, one in enumerate(series["instances"], start=1):
            found[one["sop"], one["frame"]] = place
    return found
