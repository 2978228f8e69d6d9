"""Faces in a photograph: two detectors, four rotations, three scales, one list of proposals a person can edit.

No detector is proof. Crops that show only the eyes are missed by all of them, so every photograph goes to a person;
a black bar over the eyes is still a face, so only a mask over the whole face settles it.

Source: the measured table of face detectors on the page on heads and faces; PS3.15 E.3.2 (Clean Recognizable Visual
Features).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from confrere.core.pixels.regions import Box, Region, RegionKind
from confrere.core.terms import Reason, reason

Image = NDArray[np.uint8]
"""RGB, (rows, columns, 3), 0 to 255."""
Face = tuple[Box, float]
"""Where a face is in the picture given, and its score from 0 to 1 on the detector's own scale."""
FindFaces = Callable[[Image], Sequence[Face]]

SCALES = (320, 960, 1920)
"""Longest sides in pixels that a picture is looked at in; the last finds small faces, and is looked at in tiles."""
_TILE, _OVERLAP = 960, 240
# Below this side a picture is looked at once more at twice its size; a larger one holds no face too small to be seen.
_ENLARGED_BELOW = 480
_STRICTER = 0.25
_GROWTH = 0.2
_SAME_FACE, _WITHIN = 0.3, 0.7
_COVERED = 0.98


@dataclass(frozen=True, slots=True)
class FaceDetector:
    """A detector and its thresholds: `least` on photographs, `least_on_render` on a rendered head's skin."""

    name: str
    find: FindFaces
    least: float
    least_on_render: float


def find_faces(
    image: Image, detectors: Sequence[FaceDetector], *, scales: Sequence[int] = SCALES
) -> tuple[Region, ...]:
    """Every face that any detector sees upright or turned by 90, 180 or 270 degrees, as regions of frame 0.

    `image` is RGB, uint8, (rows, columns, 3). Boxes are in its pixels, grown by a fifth on each side, and those of one
    face are joined; `source` names the detectors that saw it, `score` is the highest. Raises ValueError for another
    shape or type of image, or no detector: nothing seen must never mean nobody looked.
    """
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or not image.size:
        raise ValueError("faces are looked for in an RGB picture of bytes")
    if not detectors:
        raise ValueError("faces cannot be looked for without a detector")
    height, width = image.shape[:2]
    seen: list[tuple[Box, float, str]] = []
    for detector in detectors:
        for corners, score in _seen_by(detector, image, scales):
            box = clipped(corners, width, height)
            if box is not None:
                seen.append((box, score, detector.name))
    return tuple(
        Region(0, 0, _grown(box, width, height), RegionKind.FACE, source, score) for box, score, source in _joined(seen)
    )


def needs_a_person(faces: Sequence[Region]) -> Reason:
    """Why a person must look at this photograph; there is no photograph without a reason.

    Faces found are proposals, since a clinical picture may need the very region. None found is not none there: eyes
    alone identify, and no detector sees them.
    """
    return reason("face-found" if faces else "no-face-seen")


def uncovered_faces(faces: Sequence[Region], masks: Sequence[Box]) -> tuple[Region, ...]:
    """The faces that `masks` together do not cover whole; a bar over the eyes covers none."""
    return tuple(face for face in faces if _covered(face.box, masks) < _COVERED)


def clipped(corners: tuple[float, float, float, float], width: int, height: int) -> Box | None:
    """The whole pixels that (left, top, right, bottom) touches inside a picture; None when it lies outside."""
    left, top = max(0, int(np.floor(corners[0]))), max(0, int(np.floor(corners[1])))
    right, bottom = min(width, int(np.ceil(corners[2]))), min(height, int(np.ceil(corners[3])))
    return Box(left, top, right, bottom) if left < right and top < bottom else None


Corners = tuple[float, float, float, float]


def _seen_by(detector: FaceDetector, image: Image, scales: Sequence[int]) -> Iterator[tuple[Corners, float]]:
    """Corners in `image`'s own pixels and scores of all that one detector sees."""
    for factor, extra in _factors(max(image.shape[:2]), scales):
        for tile, left, top in _tiles(_scaled(image, factor)):
            for quarter_turns in range(4):
                turned = np.ascontiguousarray(np.rot90(tile, quarter_turns))
                for box, score in detector.find(turned):
                    if score < detector.least + extra:
                        continue
                    x0, y0, x1, y1 = _turned_back(box, quarter_turns, tile.shape[1], tile.shape[0])
                    yield ((x0 + left) / factor, (y0 + top) / factor, (x1 + left) / factor, (y1 + top) / factor), score


def _factors(longest: int, scales: Sequence[int]) -> list[tuple[float, float]]:
    """By how much the picture is resized in each pass, and how much surer than usual a detector must be in it.

    Detail passes see texture as faces, so they ask for more.
    """
    passes = {min(1.0, scale / longest): 0.0 for scale in scales if scale <= _TILE}
    if longest < _ENLARGED_BELOW:
        passes[2.0] = _STRICTER
    elif longest > _TILE:
        passes.update({min(1.0, scale / longest): _STRICTER for scale in scales if scale > _TILE})
    return sorted(passes.items())


def _scaled(image: Image, factor: float) -> Image:
    if factor == 1.0:
        return image
    size = tuple(max(1, round(side * factor)) for side in image.shape[1::-1])
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=how), np.uint8)


def _tiles(image: Image) -> Iterator[tuple[Image, int, int]]:
    """`image` in overlapping tiles, each with its left and top; whole when it is small enough."""
    for top in _starts(image.shape[0]):
        for left in _starts(image.shape[1]):
            yield image[top : top + _TILE, left : left + _TILE], left, top


def _starts(side: int) -> list[int]:
    if side <= _TILE:
        return [0]
    count = int(np.ceil((side - _OVERLAP) / (_TILE - _OVERLAP)))
    return [round(one * (side - _TILE) / (count - 1)) for one in range(count)]


def _turned_back(box: Box, quarter_turns: int, width: int, height: int) -> tuple[int, int, int, int]:
    """The corners, before `numpy.rot90` by `quarter_turns`, of a box seen after it; sizes are those before."""
    if quarter_turns == 1:
        return width - box.bottom, box.left, width - box.top, box.right
    if quarter_turns == 2:
        return width - box.right, height - box.bottom, width - box.left, height - box.top
    if quarter_turns == 3:
        return box.top, height - box.right, box.bottom, height - box.left
    return box.left, box.top, box.right, box.bottom


def _joined(seen: list[tuple[Box, float, str]]) -> list[tuple[Box, float, str]]:
    """Boxes of one face as one, around all of them; the surest first."""
    faces: list[tuple[Box, float, set[str]]] = []
    for box, score, name in sorted(seen, key=lambda one: (-one[1], one[0], one[2])):
        for index, (other, best, names) in enumerate(faces):
            shared = _shared(box, other)
            if shared > min(_SAME_FACE * (box.area + other.area - shared), _WITHIN * min(box.area, other.area)):
                faces[index] = (_around(box, other), best, names | {name})
                break
        else:
            faces.append((box, score, {name}))
    return [(box, score, "+".join(sorted(names))) for box, score, names in faces]


def _shared(one: Box, other: Box) -> int:
    """Pixels in both."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0, wide) * max(0, high)


def _around(one: Box, other: Box) -> Box:
    return Box(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )


def _grown(box: Box, width: int, height: int) -> Box:
    beside, above = _GROWTH * (box.right - box.left), _GROWTH * (box.bottom - box.top)
    grown = clipped((box.left - beside, box.top - above, box.right + beside, box.bottom + above), width, height)
    return grown or box


def _covered(face: Box, masks: Sequence[Box]) -> float:
    """The share of `face` under the masks."""
    under = np.zeros((face.bottom - face.top, face.right - face.left), bool)
    for mask in masks:
        rows = slice(max(0, mask.top - face.top), max(0, mask.bottom - face.top))
        under[rows, max(0, mask.left - face.left) : max(0, mask.right - face.left)] = True
    return float(under.mean())
