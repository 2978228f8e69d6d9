"""The skin of a head as a picture: the first surface along each ray, shaded, from seven directions.

Made to be shown to face detectors and to the person who approves, never to a room.

Source: PS3.15 E.3.2 (Clean Recognizable Visual Features): what a surface rendering can show is what must go.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from confrere.core.pixels.faces import Image
from confrere.core.pixels.heads.volume import Floats, Matrix


@dataclass(frozen=True, slots=True)
class View:
    """From where the head is looked at: degrees to the side, up, and tilted, from straight in front."""

    yaw: float
    pitch: float
    roll: float = 0.0


VIEWS: Final = (View(0, 0), View(-25, 0), View(25, 0), View(-45, 0), View(45, 0), View(0, -12), View(0, 12))
MM_PER_PIXEL, MARGIN = 0.5, 60
_SMOOTH = 0.8
_LIGHT = np.array([-0.25, 0.45, 0.85]) / np.linalg.norm([-0.25, 0.45, 0.85])
_DARKEST, _SPAN = 40.0, 200.0
_SKIN_TONE = np.array([1.0, 0.87, 0.78], np.float32)


def turned(values: Floats, view: View, air: float) -> Floats:
    """`values` (up, back, left) turned about its middle so that `view` is straight in front; same shape."""
    if view.yaw:
        values = _each_turned(values, view.yaw, air)
    if view.pitch:
        sideways = np.ascontiguousarray(values.transpose(2, 0, 1))
        values = np.ascontiguousarray(_each_turned(sideways, view.pitch, air).transpose(1, 2, 0))
    if view.roll:
        facing = np.ascontiguousarray(values.transpose(1, 0, 2))
        values = np.ascontiguousarray(_each_turned(facing, view.roll, air).transpose(1, 0, 2))
    return values


def turned_axes(axes: Matrix, view: View) -> Matrix:
    """The axes (rows: up, back, left) along which a volume must be sampled to look as `turned` makes it look."""
    up, back, left = (np.asarray(axis, np.float64) for axis in axes)
    left, back = _plane_turned(left, back, view.yaw)
    back, up = _plane_turned(back, up, view.pitch)
    left, up = _plane_turned(left, up, view.roll)
    return np.array([up, back, left])


def _plane_turned(across: Matrix, down: Matrix, degrees: float) -> tuple[Matrix, Matrix]:
    """OpenCV's rotation of a picture, for the directions of its columns and rows."""
    angle = np.deg2rad(degrees)
    cosine, sine = float(np.cos(angle)), float(np.sin(angle))
    return cosine * across + sine * down, cosine * down - sine * across


def _each_turned(stack: Floats, degrees: float, air: float) -> Floats:
    height, width = stack.shape[1:]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    out = np.empty_like(stack)
    for index, plane in enumerate(stack):
        cv2.warpAffine(plane, matrix, (width, height), dst=out[index], borderMode=cv2.BORDER_CONSTANT, borderValue=air)
    return out


def skin_depth(values: Floats, level: float) -> tuple[Floats, NDArray[np.bool_]]:
    """How many cells from the front the first value above `level` lies, and where there is one: both (up, left).

    Depths are between cells, by the values on both sides; where there is none, the depth of the volume.
    """
    above = values > level
    hit: NDArray[np.bool_] = np.asarray(above.any(axis=1), np.bool_)
    first = above.argmax(axis=1)
    up, left = np.indices(first.shape)
    behind = np.clip(first, 1, values.shape[1] - 1)
    before_value, value = values[up, behind - 1, left], values[up, behind, left]
    part = np.clip((value - level) / np.maximum(value - before_value, 1e-3), 0, 1)
    depth = np.where(hit, behind - part, values.shape[1]).astype(np.float32)
    return depth, hit


def render(values: Floats, level: float, view: View, air: float, *, mm_per_pixel: float = MM_PER_PIXEL) -> Image:
    """The surface where `values` (up, back, left; 1 mm) rise above `level`, as RGB with a black margin."""
    depth, hit = skin_depth(turned(values, view, air), level)
    smooth = np.asarray(cv2.GaussianBlur(depth, (0, 0), _SMOOTH), np.float32)
    slope_up, slope_left = np.gradient(smooth)
    lit = slope_left * _LIGHT[0] + slope_up * _LIGHT[1] + _LIGHT[2]
    shade = np.clip(lit / np.sqrt(slope_up**2 + slope_left**2 + 1), 0, 1)
    grey = np.where(hit, _DARKEST + _SPAN * shade, 0).astype(np.float32)[::-1]
    large = cv2.resize(grey, None, fx=1 / mm_per_pixel, fy=1 / mm_per_pixel, interpolation=cv2.INTER_CUBIC)
    framed = cv2.copyMakeBorder(large, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_CONSTANT, value=0)
    colour = np.asarray(framed, np.float32)[..., None] * _SKIN_TONE
    picture: Image = np.clip(colour, 0, 255).astype(np.uint8)
    return picture
