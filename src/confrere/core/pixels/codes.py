"""Where QR and bar codes stand: wristbands, labels and cards carry the whole identity in one.

zxing-cpp reads them, and tells of those that it sees and cannot read. What a code says is never asked.

Source: ISO/IEC 18004 (QR), ISO/IEC 15417 (Code 128), ISO/IEC 16022 (Data Matrix).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from confrere.core.pixels.bars import along_bars
from confrere.core.pixels.pictures import Frame
from confrere.core.pixels.regions import Box, Region, RegionKind

_QUIET: Final = 0.12
"""How far a mask reaches beyond a code, as a part of its longer side: quiet zone, and a corner estimated short."""
_LEAST_GROWTH: Final = 4
_ENLARGED: Final = (2, 3)
_ENLARGED_AT_MOST: Final = 4096
"""An enlarged view may be this long: it shows codes of one or two pixels a module."""
_TURNS: Final = (-30.0, -15.0, 15.0, 30.0, 45.0)
_TURNED_TO: Final = 2048
"""Turned views are made this long."""
_UNREAD_SCORE: Final = 0.7
_BINARIZERS: Final = (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram)

_EVERY: Final = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.AllReadable])
_LINEAR: Final = frozenset(zxingcpp.barcode_formats_list(zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.AllLinear])))
# DataBar's readers see codes in any noise, and no hospital prints it.
_IN_LINES: Final = zxingcpp.BarcodeFormats(
    [
        *(zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.Code39, zxingcpp.BarcodeFormat.Code93),
        *(zxingcpp.BarcodeFormat.Codabar, zxingcpp.BarcodeFormat.ITF, zxingcpp.BarcodeFormat.EANUPC),
        zxingcpp.BarcodeFormat.PDF417,
    ]
)

_Corners = NDArray[np.float64]


def find_codes(frame: Frame, number: int = 0) -> tuple[Region, ...]:
    """A region for each code on `frame` (number `number`, from 0), its quiet zone included; several may overlap.

    A code that was read has score 1, one that was only seen 0.7.
    """
    grey = _grey(frame)
    boxes = dict[Box, float]()
    for view in _views(grey):
        for corners, score in _by_zxing(view):
            box = _box(view.back(corners), grey.shape)
            if box is not None:
                boxes[box] = max(score, boxes.get(box, 0.0))
    return tuple(Region(number, number, box, RegionKind.CODE, "codes", boxes[box]) for box in sorted(boxes))


@dataclass(frozen=True, slots=True)
class _View:
    """The frame, enlarged or turned; `turn` is the affine matrix that made it."""

    grey: NDArray[np.uint8]
    turn: _Corners
    is_turned: bool = False

    def back(self, corners: _Corners) -> _Corners:
        """`corners` (n, 2) of the view as places on the frame."""
        return (corners - self.turn[:, 2]) @ np.linalg.inv(self.turn[:, :2]).T


def _views(grey: NDArray[np.uint8]) -> Iterator[_View]:
    longest = max(grey.shape)
    yield _View(grey, np.eye(2, 3))
    for scale in _ENLARGED:
        if scale * longest <= _ENLARGED_AT_MOST:
            yield _turned(grey, 0.0, scale)
    # Readers find square codes at any angle, but a linear one only along rows and columns.
    scale = _TURNED_TO / longest
    for angle in _TURNS:
        yield _turned(grey, angle, min(scale, 2.0 if longest < 1024 else 1.0))


def _turned(grey: NDArray[np.uint8], angle: float, scale: float) -> _View:
    rows, columns = grey.shape
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), angle, scale)
    width = int(abs(turn[0, 0]) * columns + abs(turn[0, 1]) * rows) + 1
    height = int(abs(turn[1, 0]) * columns + abs(turn[1, 1]) * rows) + 1
    turn[:, 2] += (width / 2 - columns / 2, height / 2 - rows / 2)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    made = cv2.warpAffine(grey, turn, (width, height), flags=way, borderMode=cv2.BORDER_REPLICATE)
    return _View(np.asarray(made, np.uint8), np.asarray(turn, np.float64), is_turned=angle != 0.0)


def _grey(frame: Frame) -> NDArray[np.uint8]:
    if frame.ndim == 3:
        return np.asarray(cv2.cvtColor(np.ascontiguousarray(frame), cv2.COLOR_RGB2GRAY), np.uint8)
    low, high = float(frame.min()), float(frame.max())
    return ((frame.astype(np.float64) - low) * (255.0 / max(high - low, 1.0))).astype(np.uint8)


def _by_zxing(view: _View) -> Iterator[tuple[_Corners, float]]:
    formats = _IN_LINES if view.is_turned else _EVERY
    for binarizer in _BINARIZERS:
        for code in zxingcpp.read_barcodes(view.grey, formats, binarizer=binarizer, return_errors=not view.is_turned):
            if not code.valid and code.format == zxingcpp.BarcodeFormat.DataMatrix:
                continue  # seen in six of twenty pictures without one: its frame is two plain lines
            at = code.position
            corners = np.array(
                [(p.x, p.y) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)], np.float64
            )
            if code.format in _LINEAR:
                corners = along_bars(view.grey, corners)
            yield corners, 1.0 if code.valid else _UNREAD_SCORE


def _box(corners: _Corners, shape: tuple[Any, ...]) -> Box | None:
    (left, top), (right, bottom) = corners.min(0), corners.max(0)
    grow = max(_LEAST_GROWTH, _QUIET * max(right - left, bottom - top))
    edges = (
        max(0, int(left - grow)),
        max(0, int(top - grow)),
        min(int(shape[1]), int(right + grow) + 1),
        min(int(shape[0]), int(bottom + grow) + 1),
    )
    return Box(*edges) if edges[0] < edges[2] and edges[1] < edges[3] else None
