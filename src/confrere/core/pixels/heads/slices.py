"""The slices of opened instances with their place in space, and which of them stand together as one volume.

A series may hold several: two orientations of a localiser, or every position once for each contrast, echo or moment.
Each is judged, cut and checked by itself.

Source: PS3.3 C.7.6.2 (image plane), C.7.6.16.2 (functional groups: plane position, orientation, measures, pixel value
transformation), C.11.1 (rescale).
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from confrere.core.dicom.attributes import Attributes
from confrere.core.dicom.stored_values import OpenedInstance, stored_values
from confrere.core.pixels.heads.volume import Plane

_SHARED, _PER_FRAME = 0x52009229, 0x52009230
_POSITION, _ORIENTATION, _SPACING = 0x00200032, 0x00200037, 0x00280030
_SLOPE, _INTERCEPT = 0x00281053, 0x00281052
_MACROS = {
    _POSITION: 0x00209113,
    _ORIENTATION: 0x00209116,
    _SPACING: 0x00289110,
    _SLOPE: 0x00289145,
    _INTERCEPT: 0x00289145,
}
# BodyPartExamined, StudyDescription, SeriesDescription, ProtocolName; AnatomicRegionSequence and its CodeMeaning.
_WORDS = (0x00180015, 0x00081030, 0x0008103E, 0x00181030)
_REGION, _MEANING = 0x00082218, 0x00080104
_SAME_DIRECTION, _SAME_PLACE_MM = 2, 2
"""Decimals that count."""


def planes_of(opened: OpenedInstance) -> tuple[Plane, ...]:
    """Every frame of a cleaned instance as a Plane; where the header does not say where it lies, that part is empty.

    Raises Refused as `stored_values`.
    """
    return tuple(_plane(opened, frame) for frame in range(opened.layout.frames))


def words_of(opened: OpenedInstance) -> tuple[str, ...]:
    """What the header says of the part of the body: a few words, or none."""
    attributes = opened.attributes
    region = attributes.item(_REGION)
    found = (*(attributes.text(tag) for tag in _WORDS), region.text(_MEANING) if region else "")
    return tuple(text for text in found if text)


def stacks_of(planes: Sequence[Plane]) -> tuple[tuple[int, ...], ...]:
    """Indices of `planes` that stand together: same size and direction, each position once.

    Where every position is there k times, the nth of each are a stack; where some are there more often than others,
    all stay one stack, which no volume can be built of.
    """
    alike: dict[object, list[int]] = defaultdict(list)
    for index, plane in enumerate(planes):
        alike[_look(plane)].append(index)
    return tuple(stack for group in alike.values() for stack in _each_position_once(planes, group))


def _each_position_once(planes: Sequence[Plane], group: Sequence[int]) -> list[tuple[int, ...]]:
    at: dict[object, list[int]] = defaultdict(list)
    for index in group:
        at[tuple(round(one, _SAME_PLACE_MM) + 0.0 for one in planes[index].position)].append(index)
    times = {len(indices) for indices in at.values()}
    if len(times) > 1:
        return [tuple(group)]
    return [tuple(indices[turn] for indices in at.values()) for turn in range(times.pop())]


def _look(plane: Plane) -> object:
    numbers = (*plane.orientation, *plane.spacing)
    return plane.stored.shape, plane.stored.dtype.str, tuple(round(one, _SAME_DIRECTION) + 0.0 for one in numbers)


def _plane(opened: OpenedInstance, frame: int) -> Plane:
    attributes = opened.attributes
    own, shared = attributes.item(_PER_FRAME, frame), attributes.item(_SHARED)
    places = [attributes, *(group for group in (own, shared) if group is not None)]
    slope, intercept = _numbers(places, _SLOPE, 1), _numbers(places, _INTERCEPT, 1)
    # A copy: a decoder may hand out memory it owns.
    return Plane(
        stored=np.array(stored_values(opened, frame + 1)),
        orientation=_numbers(places, _ORIENTATION, 6),
        position=_numbers(places, _POSITION, 3),
        spacing=_numbers(places, _SPACING, 2),
        slope=slope[0] if slope else 1.0,
        intercept=intercept[0] if intercept else 0.0,
    )


def _numbers(places: Sequence[Attributes], tag: int, count: int) -> tuple[float, ...]:
    """The `count` values of `tag`: at the top level, else of the frame, else of all frames; () when there are none."""
    top, *groups = places
    for place in (top, *(inside for group in groups if (inside := group.item(_MACROS[tag])))):
        values = place.numbers(tag)
        if len(values) == count:
            return values
    return ()
