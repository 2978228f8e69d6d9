"""The envelope cut: in front of a head the forehead is drawn straight down, like a mannequin's, and the face is gone.

Everything in front of that surface becomes air. Behind it stands a thin bright wall, so that no threshold shows the
skull or the sockets through it and every reader sees where the picture is made up, then noisy soft tissue, as deep as
is needed to bury eye sockets and cheeks. The surface holds nothing of the face: it is made of the forehead alone.
Ears are cut off where they leave the head. The brain is not touched: nothing lies deeper than a wall, a slab and the
orbit's rim behind the skin.

Source: the measured figures on the page on heads and faces; PS3.15 E.3.2 (Clean Recognizable Visual Features).
"""

from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from confrere.core.pixels.heads.grid import Grid
from confrere.core.pixels.heads.pose import Face
from confrere.core.pixels.heads.render import skin_depth
from confrere.core.pixels.heads.volume import Floats, Matrix
from confrere.core.terms import Held

Mask = NDArray[np.bool_]

WALL_MM, SLAB_MM = 2.0, 8.0
# Just below the brow the frontal lobe lies close behind the bone: the slab grows to its thickness over so many mm.
_THIN_MM, _THICKENS_MM, _ABOVE_EYES_MM = 4.0, 25.0, 10.0
# Measured for an adult face of 145 mm; smaller faces get less of each.
_ADULT_MM = 145.0
_BAND_MM = (2, 14)
# How far above the eyes, how much deeper below the brow, how steeply back from there: what is tried, in this order.
_SHAPES = ((40.0, 8.0, 0.20), (34.0, 6.0, 0.15), (40.0, 3.0, 0.30), (34.0, 3.0, 0.30))
STEPS: Final = len(_SHAPES)
_TAPER_MM, _UPRIGHT_MM = 22.0, 12.0
_HALF_WIDTH, _SOCKET_BESIDE = 0.48, 0.23
_MOST_FILLED_MM, _DEEPEST_MM = 25.0, 60.0
_EYES_BETWEEN = (0.28, 0.88)
_EAR_MM, _EAR_ROWS, _BESIDE = 31, (75.0, 40.0), 0.30
_LEAST_EAR_MM, _EAR_DEEPER_MM, _EAR_SMOOTH_MM = 2, 1.0, 5.0
_NOT_SEEN = np.float32(-1.0)


@dataclass(frozen=True, slots=True)
class Cut:
    """What is cut, in cells of the lattice with `origin` and `axes` (up, back, left).

    `surface` and `end` are maps (up, left): air lies before `surface`, made-up tissue from there to `end`; both are -1
    where nothing is cut. `from_right` and `to_left` are maps (up, back): what lies further right or left becomes air.
    """

    origin: Matrix
    axes: Matrix
    surface: Floats
    end: Floats
    from_right: Floats
    to_left: Floats


def plan_cut(grid: Grid, face: Face, level: float, *, step: int = 0) -> Cut:
    """The cut for the head in `grid`, whose face is `face`; `step`, from 0, is the shape tried.

    Raises Held, `head-not-cut`, when there is no forehead to draw down: an orbit or sinus study.
    """
    depth, hit = skin_depth(grid.values, level)
    scale = float(np.clip(face.width / _ADULT_MM, 0.6, 1.0))
    middle = (face.left + face.right) / 2
    eyes = _eye_level(depth, hit, face, middle)
    above, deeper, recedes = _SHAPES[step]
    brow = round(eyes + above * scale)
    half = float(np.clip(_HALF_WIDTH * face.width + 4 * (step // 2), 45, 80))
    surface = _drawn_down(depth, hit, (brow, middle, half), (deeper, recedes))
    end = _depth_of_fill(depth, hit, surface, eyes)
    to_right, to_left = _beside(grid.values > level, eyes, middle)
    return Cut(grid.origin, grid.axes, np.where(end < 0, _NOT_SEEN, surface), end, to_right, to_left)


def _eye_level(depth: Floats, hit: Mask, face: Face, middle: float) -> float:
    """The row where the sockets lie deepest behind a line laid over brow and cheek."""
    rows = depth.shape[0]
    height = face.top - face.bottom
    low = int(np.clip(face.bottom, 0, rows - 1))
    high = int(np.clip(face.top, low + 1, rows))
    gaps = np.zeros(high - low, np.float32)
    for side in (-1, 1):
        column = round(middle + side * _SOCKET_BESIDE * min(face.width, 160.0))
        near = slice(max(0, column - 4), max(1, column + 5))
        seen = np.flatnonzero(hit[low:high, near].all(axis=1))
        if len(seen) > 3:
            profile = depth[low:high, near].mean(axis=1)[seen]
            gaps[seen] += _behind_hull(seen, profile)
    position = (face.top - (np.arange(low, high))) / height
    gaps[(position < _EYES_BETWEEN[0]) | (position > _EYES_BETWEEN[1])] = 0
    return float(low + int(gaps.argmax())) if gaps.max() > 1 else face.top - height / 2


def _behind_hull(rows: NDArray[np.intp], profile: Floats) -> Floats:
    """How far each point lies behind the convex line over the foremost ones."""
    hull: list[tuple[float, float]] = []
    for row, value in zip(rows.tolist(), profile.tolist(), strict=True):
        while len(hull) > 1 and (hull[-1][1] - hull[-2][1]) * (row - hull[-2][0]) >= (value - hull[-2][1]) * (
            hull[-1][0] - hull[-2][0]
        ):
            hull.pop()
        hull.append((row, value))
    line = np.interp(rows, [row for row, _ in hull], [value for _, value in hull])
    return (profile - line).astype(np.float32)


def _drawn_down(depth: Floats, hit: Mask, place: tuple[int, float, float], shape: tuple[float, float]) -> Floats:
    """The surface (up, left) below the brow; -1 elsewhere."""
    (brow, middle, half), (deeper, recedes) = place, shape
    band = slice(brow + _BAND_MM[0], brow + _BAND_MM[1])
    columns = np.arange(depth.shape[1])
    seen = hit[band].sum(axis=0)
    usable = (seen > 3) & (np.abs(columns - middle) < half + 8)
    if usable.sum() < half:
        raise Held("head-not-cut", "no forehead above the face")
    mean = (np.where(hit[band], depth[band], 0).sum(axis=0) / np.maximum(seen, 1))[usable]
    curve = np.polynomial.Polynomial.fit(columns[usable] - middle, mean, 4)(columns - middle)
    below = brow - np.arange(depth.shape[0])[:, None]
    surface = curve[None] + recedes * np.maximum(below - _UPRIGHT_MM, 0) + deeper * np.clip(below / _TAPER_MM, 0, 1)
    front = float(curve[np.abs(columns - middle) < 20].min())
    inside = (below > 0) & (np.abs(columns - middle)[None] < half) & (surface < front + _DEEPEST_MM)
    return np.where(inside, surface, _NOT_SEEN).astype(np.float32)


def _depth_of_fill(depth: Floats, hit: Mask, surface: Floats, eyes: float) -> Floats:
    """Where the made-up tissue ends: behind the old skin, wherever that lies behind the surface; -1 where no cut is."""
    gap = depth - surface
    cut = (surface >= 0) & hit & (gap < _MOST_FILLED_MM)
    cut = cv2.morphologyEx(cut.astype(np.uint8), cv2.MORPH_OPEN, np.ones((7, 7), np.uint8)) > 0
    buried = np.where(gap > 0, depth + SLAB_MM / 2, 0)
    below = np.cumsum(cut[::-1].astype(np.float32), axis=0)[::-1]
    slab = _THIN_MM + (SLAB_MM - _THIN_MM) * np.clip(below / _THICKENS_MM, 0, 1)
    end = np.maximum(surface + slab, buried)
    # INVARIANT: above the eyes nothing is made up behind the wall where the frontal lobe may be.
    shallow = np.maximum(surface + WALL_MM + 1, depth + _ABOVE_EYES_MM)
    end = np.where(np.arange(len(depth))[:, None] > eyes, np.minimum(end, shallow), end)
    return np.where(cut, end, _NOT_SEEN).astype(np.float32)


def _beside(head: Mask, eyes: float, middle: float) -> tuple[Floats, Floats]:
    """Maps (up, back) of the first and last cell to the left that stay: an opening takes off what sticks out."""
    rows, backs, columns = head.shape
    right = np.zeros((rows, backs), np.float32)
    left = np.full((rows, backs), columns, np.float32)
    ears = np.zeros((2, rows, backs), np.uint8)
    ball = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_EAR_MM, _EAR_MM))
    low, high = max(0, round(eyes - _EAR_ROWS[0])), min(rows, round(eyes + _EAR_ROWS[1]))
    seen = np.zeros((rows, backs), bool)
    for row in range(low, high):
        plane = _largest(head[row])
        stays = cv2.morphologyEx(plane, cv2.MORPH_OPEN, ball) > 0
        seen[row] = stays.any(axis=1)
        if not seen[row].any():
            continue
        right[row] = stays.argmax(axis=1)
        left[row] = columns - stays[:, ::-1].argmax(axis=1)
        widest = _BESIDE * float(left[row][seen[row]].max() - right[row][seen[row]].min())
        # An ear is wide of the middle; what sticks out in front is the face, and the surface has it.
        reach = (plane > 0) & ~stays
        out_right = (reach & (np.arange(columns)[None] < right[row][:, None])).sum(axis=1) > _LEAST_EAR_MM
        out_left = (reach & (np.arange(columns)[None] >= left[row][:, None])).sum(axis=1) > _LEAST_EAR_MM
        ears[0, row] = seen[row] & out_right & (right[row] < middle - widest)
        ears[1, row] = seen[row] & out_left & (left[row] > middle + widest)
    first = np.where(_whole(ears[0]) & seen, _evened(right, seen) + _EAR_DEEPER_MM, _NOT_SEEN)
    last = np.where(_whole(ears[1]) & seen, _evened(left, seen) - _EAR_DEEPER_MM, np.float32(columns))
    return first.astype(np.float32), last.astype(np.float32)


def _whole(ear: NDArray[np.uint8]) -> Mask:
    """An ear without its gaps, and a rim around it; specks are none."""
    closed = cv2.morphologyEx(ear, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (17, 17)))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    return cv2.dilate(opened, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (13, 13))) > 0


def _evened(side: Floats, seen: Mask) -> Floats:
    """`side` smoothed over the cells that are `seen`."""
    weights = seen.astype(np.float32)
    total = cv2.GaussianBlur(side * weights, (0, 0), _EAR_SMOOTH_MM)
    near = np.asarray(cv2.GaussianBlur(weights, (0, 0), _EAR_SMOOTH_MM), np.float32)
    smooth: Floats = np.divide(total, np.maximum(near, 1e-3), dtype=np.float32)
    return smooth


def _largest(plane: Mask) -> NDArray[np.uint8]:
    """The largest piece of a slice, its holes filled: the head without its holder."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(plane.astype(np.uint8))
    if count < 2:
        return np.zeros(plane.shape, np.uint8)
    piece = (labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())).astype(np.uint8)
    outlines, _ = cv2.findContours(piece, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled: Any = cv2.drawContours(piece, outlines, -1, 1, thickness=cv2.FILLED)
    return np.asarray(filled, np.uint8)
